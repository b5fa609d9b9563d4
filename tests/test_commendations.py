"""Commendations: proposed by rule with reasons, ties never cut in silence, confirmed by people."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from databases import ON_SQLITE
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.cycle.lifecycle import State
from models.cycle.ranking import Candidate, rank
from models.errors import Refusal
from models.records import afterwards
from models.records.commendations import commendations_of
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.units import Unit
from tasks import clock
from tasks.database import reading
from tasks.sittings import Hand, Place, sit
from tests.after_builders import lived, supersede

PLACE = Place("96", 2024, trial=True)
HAND = Hand("Chủ tịch (minh họa)", clock.moment(date(2025, 4, 25)))


def field(*values: int) -> list[Candidate]:
    return [Candidate(unit, Fraction(value), f"điểm {value}") for unit, value in enumerate(values, start=1)]


def test_those_who_tie_for_the_last_place_are_all_left_to_a_person() -> None:
    found = rank(field(95, 90, 90, 80), 2, {})
    assert [(one.candidate.unit_id, one.place, one.chosen) for one in found] == [
        (1, 1, True),
        (2, 2, False),
        (3, 2, False),
    ]
    assert "đồng hạng 2, chỉ còn 1 suất" in found[1].why_not


def test_who_is_excluded_says_why_and_makes_room() -> None:
    found = rank(field(95, 90, 80), 2, {1: ["nộp hồ sơ muộn"]})
    assert [one.candidate.unit_id for one in found if one.chosen] == [2, 3]
    assert found[-1].why_not == "bị loại: nộp hồ sơ muộn"


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 6), st.sets(st.integers(1, 12)))
def test_a_quota_is_kept_and_nobody_better_is_passed_over_in_silence(
    values: list[int], at_most: int, barred: set[int]
) -> None:
    candidates = field(*values)
    found = rank(candidates, at_most, {unit: ["lý do"] for unit in barred})
    chosen = {one.candidate.unit_id for one in found if one.chosen}
    told = {one.candidate.unit_id for one in found}
    assert len(chosen) <= at_most
    assert not chosen & barred
    worst = min((one.value for one in candidates if one.unit_id in chosen), default=None)
    if worst is not None:
        assert {one.unit_id for one in candidates if one.value > worst} <= told
        assert all(one.unit_id in chosen for one in candidates if one.value > worst and one.unit_id not in barred)


@pytest.fixture
def proposed(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


def listed(cycle_id: int, *states: str):
    with reading() as session:
        return commendations_of(session, session.get_one(Cycle, cycle_id), states=states)


def test_a_proposal_awaits_a_person_before_any_award(proposed: int) -> None:
    waiting = listed(proposed, "proposed")
    assert waiting
    with pytest.raises(Refusal) as refused, sit(PLACE, HAND, "minh họa") as sitting:
        afterwards.award_commendations(sitting, "01/QĐ (minh họa)")
    assert refused.value.code == "proposals_undecided"
    with sit(PLACE, HAND, "minh họa") as sitting:
        assert afterwards.refuse_commendation(sitting, waiting[0].id, "đã khen thưởng năm trước")
        assert afterwards.confirm_all(sitting, "") == len(waiting) - 1
        units = afterwards.award_commendations(sitting, "01/QĐ (minh họa)")
        assert afterwards.award_commendations(sitting, "01/QĐ (minh họa)") == 0
    assert units == len({one.code for one in listed(proposed, "awarded")})
    assert [one.id for one in listed(proposed, "refused")] == [waiting[0].id]


@ON_SQLITE
def test_the_best_district_is_proposed_with_its_share(proposed: int) -> None:
    best = [one for one in listed(proposed) if one.rule == "best_district"]
    with reading() as session:
        rows = session.execute(select(Dossier.district_id, Dossier.state).where(Dossier.cycle_id == proposed)).tuples()
        shares: dict[str, list[bool]] = {}
        for district, state in rows.all():
            shares.setdefault(session.get_one(Unit, district).code, []).append(state == State.RECOGNISED)
    code = max(shares, key=lambda one: sum(shares[one]) / len(shares[one]))
    assert [(one.code, one.level) for one in best if one.state == "proposed"] == [(code, "district")]
    assert best[0].ground == f"{sum(shares[code])}/{len(shares[code])} đơn vị đạt chuẩn"


@ON_SQLITE
def test_a_refusal_or_a_word_against_the_rule_needs_a_reason(proposed: int) -> None:
    one = listed(proposed, "proposed")[0]
    with pytest.raises(Refusal) as refused, sit(PLACE, HAND, "minh họa") as sitting:
        afterwards.refuse_commendation(sitting, one.id, " ")
    assert refused.value.code == "commendation_without_ground"


@ON_SQLITE
def test_a_person_is_nominated_with_a_reason(proposed: int) -> None:
    with sit(PLACE, HAND, "minh họa") as sitting:
        unit = sitting.session.scalars(select(Unit).where(Unit.level == "commune").limit(1)).one()
        assert afterwards.nominate(sitting, unit, "Hòa giải viên (minh họa)", "nhiều năm hòa giải")
        assert not afterwards.nominate(sitting, unit, "Hòa giải viên (minh họa)", "nhiều năm hòa giải")
    assert [one.person for one in listed(proposed, "proposed") if one.rule == "nominated"] == [
        "Hòa giải viên (minh họa)"
    ]


def test_an_award_on_a_recognition_that_no_longer_stands_is_flagged(proposed: int) -> None:
    with sit(PLACE, HAND, "minh họa") as sitting:
        afterwards.confirm_all(sitting, "")
        afterwards.award_commendations(sitting, "01/QĐ (minh họa)")
    awarded = [one for one in listed(proposed, "awarded") if one.level == "commune"]
    assert not any(one.flagged for one in awarded)
    supersede(proposed, awarded[0].code)
    assert {one.code for one in listed(proposed, "awarded") if one.flagged} == {awarded[0].code}

"""Remedies: owner, task, day and proof; closed by the level above; carried into the next year; none lost."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.cycle.remediation import shared_task
from models.errors import Refusal
from models.records import afterwards
from models.records.afterwards import Edit
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.remedies import CLOSE, Remedy, followed_in, grouped
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading
from tasks.sittings import Hand, Place, sit
from tests.after_builders import lived

PLACE = Place("96", 2024, trial=True)
MARCH = date(2025, 3, 3)


def hand(day: date = MARCH, by: str = "Cán bộ (minh họa)", document: str | None = "12/CV (minh họa)") -> Hand:
    return Hand(by, clock.moment(day), document)


@pytest.fixture
def cycle_id(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A cycle whose remedies were opened, none of them mended yet."""
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


def ids(cycle_id: int) -> list[int]:
    with reading() as session:
        return list(session.scalars(select(Remedy.id).where(Remedy.cycle_id == cycle_id).order_by(Remedy.id)))


def deadline(cycle_id: int, remedy_id: int, occasion: str | None = None) -> Deadline | None:
    with reading() as session:
        remedy = session.get_one(Remedy, remedy_id)
        key = {"cycle_id": cycle_id, "unit_id": remedy.unit_id, "step": CLOSE}
        return session.get(Deadline, key | {"occasion": remedy.occasion if occasion is None else occasion})


def remedy(remedy_id: int) -> Remedy:
    with reading() as session:
        return session.get_one(Remedy, remedy_id)


def test_each_shortfall_is_a_remedy_with_a_suggestion_in_the_words_of_its_indicator(cycle_id: int) -> None:
    with reading() as session:
        seen = followed_in(session, session.get_one(Cycle, cycle_id))
    assert seen
    assert all(one.task and one.suggested and one.due == date(2025, 5, 30) for one in seen)
    share = next(one for one in seen if one.rule == "minimum_share")
    assert share.title in share.task
    groups = {group.subject: group for group in grouped(seen)}
    assert sum(len(group.codes) for group in groups.values()) == len(seen)
    assert groups["total"].suggestion == "", "no single course lifts the totals of several communes"


def test_what_several_communes_lack_may_be_done_once_for_all() -> None:
    told = shared_task("2.6.3", "Tuyên truyền viên được tập huấn", 17)
    assert told.startswith("17 đơn vị cùng thiếu “Tuyên truyền viên được tập huấn”")
    assert shared_task("2.6.3", "Tuyên truyền viên được tập huấn", 1) == ""


def test_a_day_of_its_own_is_a_deadline_of_its_own_and_moves_only_later(cycle_id: int) -> None:
    first = ids(cycle_id)[0]
    with sit(PLACE, hand(), "minh họa") as sitting:
        assert afterwards.edit_remedy(sitting, first, Edit(task="Mở lớp tập huấn", last_day=date(2025, 4, 10)))
        assert not afterwards.edit_remedy(sitting, first, Edit(task="Mở lớp tập huấn"))
    own = deadline(cycle_id, first)
    assert own is not None
    assert (own.occasion, own.due_day, own.done_on) == (f"remedy-{first}", date(2025, 4, 10), None)
    assert not remedy(first).suggested
    with pytest.raises(Refusal) as refused, sit(PLACE, hand(), "minh họa") as sitting:
        afterwards.edit_remedy(sitting, first, Edit(last_day=date(2025, 4, 9)))
    assert refused.value.code == "remedy_day_only_later"
    with sit(PLACE, hand(), "minh họa") as sitting:
        assert afterwards.edit_remedy(sitting, first, Edit(last_day=date(2025, 6, 11)))
    moved = deadline(cycle_id, first)
    assert moved is not None and moved.due_day == date(2025, 6, 11)


def test_no_remedy_closes_without_a_proof_nor_by_whoever_handed_it_in(cycle_id: int) -> None:
    first = ids(cycle_id)[0]
    with pytest.raises(Refusal) as refused, sit(PLACE, hand(), "minh họa") as sitting:
        afterwards.close_remedy(sitting, first)
    assert refused.value.code == "remedy_without_proof"
    with sit(PLACE, hand(by="Xã (minh họa)"), "minh họa") as sitting:
        assert afterwards.prove_remedy(sitting, first, "BC 01 (minh họa)")
        assert not afterwards.prove_remedy(sitting, first, "BC 01 (minh họa)")
    with pytest.raises(Refusal) as refused, sit(PLACE, hand(by="Xã (minh họa)"), "minh họa") as sitting:
        afterwards.close_remedy(sitting, first)
    assert refused.value.code == "remedy_closed_by_its_owner"
    with sit(PLACE, hand(by="Huyện (minh họa)"), "minh họa") as sitting:
        assert afterwards.close_remedy(sitting, first)
        assert not afterwards.close_remedy(sitting, first)


def test_the_commune_is_done_when_the_last_of_its_remedies_is_closed(cycle_id: int) -> None:
    dossier = remedy(ids(cycle_id)[0]).dossier_id
    of_one = [one for one in ids(cycle_id) if remedy(one).dossier_id == dossier]
    for place, one in enumerate(of_one):
        with sit(PLACE, hand(by="Xã (minh họa)"), "minh họa") as sitting:
            afterwards.prove_remedy(sitting, one, f"BC {one}")
        with sit(PLACE, hand(by="Huyện (minh họa)"), "minh họa") as sitting:
            afterwards.close_remedy(sitting, one)
        found = deadline(cycle_id, one, "")
        assert found is not None
        assert (found.done_on is not None) == (place == len(of_one) - 1)


def test_a_reopened_remedy_owes_a_new_day_and_a_new_proof(cycle_id: int) -> None:
    first = ids(cycle_id)[0]
    with sit(PLACE, hand(by="Xã (minh họa)"), "minh họa") as sitting:
        afterwards.prove_remedy(sitting, first, "BC 01")
    with sit(PLACE, hand(by="Huyện (minh họa)"), "minh họa") as sitting:
        afterwards.close_remedy(sitting, first)
        assert afterwards.reopen_remedy(sitting, first, date(2025, 6, 2))
        assert not afterwards.reopen_remedy(sitting, first, date(2025, 6, 2))
    found, owed = remedy(first), deadline(cycle_id, first)
    assert (found.closed_on, found.proof, found.reopened) == (None, None, 1)
    assert owed is not None
    assert (owed.due_day, owed.done_on) == (date(2025, 6, 2), None)
    with pytest.raises(Refusal), sit(PLACE, hand(by="Huyện (minh họa)"), "minh họa") as sitting:
        afterwards.close_remedy(sitting, first)


ACTS = st.lists(
    st.tuples(st.sampled_from(["edit", "prove", "close", "reopen", "mend"]), st.integers(0, 3), st.integers(0, 60)),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_no_remedy_is_lost_or_closed_without_a_proof(
    cycle_id: int, acts: list[tuple[str, int, int]]
) -> None:
    before = ids(cycle_id)
    for act, place, days in acts:
        with suppress(Refusal):  # a refusal changes nothing, which is what is looked at below
            _do(act, before[place % len(before)], MARCH + timedelta(days=days))
    assert ids(cycle_id) == before
    with reading() as session:
        for one in session.scalars(select(Remedy)):
            assert one.closed_on is None or one.proof
            owed = session.get(Deadline, (one.cycle_id, one.unit_id, CLOSE, one.occasion))
            assert owed is not None, "a remedy without a deadline is a remedy forgotten"
            assert owed.due_day is not None
            if one.closed_on is None:
                assert owed.done_on is None, "an open remedy whose deadline says done is a remedy lost"
    assert verify_journal()[1] is None


def _do(act: str, one: int, day: date) -> None:
    by = "Xã (minh họa)" if act == "prove" else "Huyện (minh họa)"
    with sit(PLACE, hand(by=by, document=None), "minh họa") as sitting:
        match act:
            case "edit":
                afterwards.edit_remedy(sitting, one, Edit(task=f"việc {day}", last_day=day))
            case "prove":
                afterwards.prove_remedy(sitting, one, f"BC {day}")
            case "close":
                afterwards.close_remedy(sitting, one)
            case "reopen":
                afterwards.reopen_remedy(sitting, one, day)
            case _:
                code = _code(sitting.session.get_one(Remedy, one).unit_id, sitting.session)
                afterwards.close_remedies(sitting, [afterwards.Mended(code, "BC chung")])


def _code(unit_id: int, session) -> str:
    from models.records.units import Unit

    return session.get_one(Unit, unit_id).code

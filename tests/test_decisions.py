"""The decision: by the rule or against it with a ground, in one list, superseded and readable, never a trial's."""

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cycle_builders import districts, everything, hand, hand_in, refused, states, trial_cycle
from databases import ON_SQLITE
from sqlalchemy import insert, select, update

from models.cycle.lifecycle import State
from models.errors import MoveRefusal
from models.records.deadlines import Deadline
from models.records.decisions import Decision, DecisionLine
from models.records.dossiers import Dossier
from models.records.journal import Line
from models.records.local_acts import Grounds
from models.records.notices import Kind, Notice
from models.records.units import Unit
from tasks import clock, deciding, local_acts
from tasks.database import reading, work
from tasks.deciding import Signed
from tasks.decision_papers import attach, paper_of
from tasks.previewing import preview
from tasks.reconciling import reconcile
from tasks.sittings import Place
from tasks.watching import watch_all

DAY = date(2025, 2, 6)
BY = hand("Văn thư (minh họa)", DAY)
District = tuple[Place, str, list[str]]


def signed(unit: str, number: str = "1/QĐ", **more: object) -> Signed:
    return Signed(unit, number, DAY, "C (minh họa)", **more)  # type: ignore[arg-type]


def test_each_commune_stands_where_the_rule_puts_it_and_a_repeat_changes_nothing(appraised: District) -> None:
    place, unit, codes = appraised
    assert deciding.sign(place, signed(unit), BY) == 3
    before = everything()
    assert deciding.sign(place, signed(unit), BY) == 0
    assert everything() == before
    assert states(place) == {codes[0]: "not_recognised", codes[1]: "recognised", codes[2]: "recognised"}


def test_against_the_verdict_only_with_a_ground_and_flagged_for_ever(appraised: District) -> None:
    place, unit, codes = appraised
    refused(lambda: deciding.sign(place, signed(unit, recognised={codes[0]: ""}), BY), "contrary_to_verdict")
    ground = "công văn 9/CV (minh họa)"
    deciding.sign(place, signed(unit, recognised={codes[0]: ground, codes[1]: "thừa"}), BY)
    lines = {line["code"]: line["contrary_ground"] for line in deciding.decisions_document(place)}
    assert lines == {codes[0]: ground, codes[1]: None, codes[2]: None}
    with reading() as session:
        texts = session.scalars(select(Line.text).where(Line.key == f"decide/{codes[0]}/1/QĐ")).all()
    assert ground in texts[0]


def test_another_decision_under_the_same_number_is_told(appraised: District) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    other = signed(unit, not_recognised={codes[1]: "căn cứ"})
    refused(lambda: deciding.sign(place, other, BY), "decision_number_taken")


def test_a_second_decision_on_the_same_commune_is_a_correction_or_nothing(appraised: District) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    again = signed(unit, "2/QĐ", recognised={codes[0]: ""}, only=[codes[0]])
    refused(lambda: deciding.sign(place, again, BY), "decided_already")


@ON_SQLITE
def test_a_commune_left_out_needs_a_ground(appraised: District) -> None:
    place, unit, codes = appraised
    some = signed(unit, only=codes[:2])
    left = refused(lambda: deciding.sign(place, some, BY), "commune_in_no_list")
    assert left.details["codes"] == codes[2:]
    assert deciding.sign(place, signed(unit, only=codes[:2], partial_ground="hồ sơ đang bổ sung"), BY) == 2
    assert deciding.sign(place, signed(unit, "2/QĐ"), BY) == 1


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_an_undetermined_verdict_is_never_guessed() -> None:
    place = trial_cycle(2024, most=2)
    ((unit, codes),) = districts(place).items()
    hand_in(place, codes, date(2025, 1, 8))
    found = deciding.proposal(place, unit)
    assert (found["met"], found["not_met"], found["undetermined"]) == (0, 0, 2)
    refused(lambda: deciding.sign(place, signed(unit), BY), "verdict_undetermined")


@ON_SQLITE
def test_a_decision_that_is_signed_tomorrow_is_not_recorded_today(appraised: District) -> None:
    place, unit, _ = appraised
    tomorrow = Signed(unit, "1/QĐ", DAY + timedelta(days=1), "C (minh họa)")
    refused(lambda: deciding.sign(place, tomorrow, BY), "signed_in_the_future")


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_a_district_signs_for_its_own_communes_only_and_the_province_not_at_all() -> None:
    place = trial_cycle(2024, most=20)
    (first, own), (_, other) = list(districts(place).items())[:2]
    hand_in(place, [*own, *other], date(2025, 1, 8), declares_not_met=True)
    lists = dict.fromkeys([*own, other[0]], "")
    refused(lambda: deciding.sign(place, signed(first, not_recognised=lists), BY), "commune_of_another_unit")
    refused(lambda: deciding.sign(place, signed("96"), BY), "not_the_authority")


@ON_SQLITE
def test_the_signed_file_is_kept_under_its_hash(appraised: District, home: Path, tmp_path: Path) -> None:
    place, unit, _ = appraised
    paper = tmp_path / "qd.pdf"
    paper.write_bytes(b"%PDF-1.7 a decision")
    deciding.sign(place, signed(unit, paper=paper), BY)
    (kept,) = (home / "evidence").rglob("*.pdf")
    assert kept.read_bytes() == paper.read_bytes()
    missing = signed(unit, "2/QĐ", paper=tmp_path / "nowhere.pdf")
    refused(lambda: deciding.sign(place, missing, BY), "unreadable_file")


@ON_SQLITE
def test_a_signed_file_may_follow_and_is_never_exchanged(appraised: District, tmp_path: Path) -> None:
    place, unit, _ = appraised
    deciding.sign(place, signed(unit), BY)
    paper, other = tmp_path / "qd.pdf", tmp_path / "khac.pdf"
    paper.write_bytes(b"%PDF-1.7 a decision")
    other.write_bytes(b"%PDF-1.7 another")
    assert attach(place, unit, "1/QĐ", paper, BY)
    assert not attach(place, unit, "1/QĐ", paper, BY)
    refused(lambda: attach(place, unit, "1/QĐ", other, BY), "decision_has_a_file")
    refused(lambda: attach(place, unit, "9/QĐ", paper, BY), "no_such_decision")
    found = paper_of(place, unit, "1/QĐ")
    assert found is not None
    assert found["file"] == "qd.pdf"
    assert "Tệp PDF hỏng" in found["signatures"][0].vi


@ON_SQLITE
def test_publication_has_two_working_days_from_the_signature(appraised: District) -> None:
    place, unit, _ = appraised
    deciding.sign(place, signed(unit), BY)
    (line, *_) = deciding.decisions_document(place)
    assert (line["publish_by"], line["published_on"]) == (date(2025, 2, 10), None)  # 08 and 09/02/2025: a weekend
    before_signed = lambda: deciding.publish(place, unit, "1/QĐ", date(2025, 2, 5), "cổng", BY)  # noqa: E731
    refused(before_signed, "published_before_signed")
    ahead = lambda: deciding.publish(place, unit, "1/QĐ", DAY + timedelta(days=9), "cổng", BY)  # noqa: E731
    refused(ahead, "published_in_the_future")
    friday = hand("Văn thư (minh họa)", date(2025, 2, 7))
    assert deciding.publish(place, unit, "1/QĐ", date(2025, 2, 7), "cổng", friday)
    assert not deciding.publish(place, unit, "1/QĐ", date(2025, 2, 7), "cổng", friday)


@ON_SQLITE
def test_a_trial_is_never_published_as_official(appraised: District) -> None:
    place, unit, _ = appraised
    deciding.sign(place, signed(unit), BY)
    unsaid = Place(place.province, place.year)
    refused(lambda: deciding.publish(unsaid, unit, "1/QĐ", DAY, "cổng", BY), "trial_not_official")
    refused(lambda: deciding.publish_list(unsaid, "1/TB", DAY, "cổng", BY), "trial_not_official")


def test_nothing_is_published_while_a_commune_is_missing_doubled_or_contradicted(appraised: District) -> None:
    place, unit, codes = appraised
    refused(lambda: deciding.publish_list(place, "1/TB", DAY, "cổng", BY), "lists_inconsistent")
    deciding.sign(place, signed(unit), BY)
    with work() as session:  # what no act can do, a faulty restore or a foreign hand may
        of = dict(session.execute(select(Unit.code, Dossier).join(Dossier, Dossier.unit_id == Unit.id)).tuples().all())
        first = session.scalars(select(Decision)).one()
        row = {"cycle_id": first.cycle_id, "unit_id": first.unit_id, "number": "x", "signed_on": DAY, "signer": "?"}
        other = session.scalars(insert(Decision).returning(Decision.id), [row | {"recorded_at": BY.at}]).one()
        lines = [
            {"decision_id": other, "dossier_id": of[codes[1]].id, "recognised": True},
            {"decision_id": other, "dossier_id": of[codes[2]].id, "recognised": False},
        ]
        session.execute(insert(DecisionLine), lines)
    stop = refused(lambda: deciding.publish_list(place, "1/TB", DAY, "cổng", BY), "lists_inconsistent")
    found = {name: [one["code"] for one in stop.details[name]] for name in ("missing", "doubled", "contradictory")}
    assert found == {"missing": [], "doubled": [codes[1]], "contradictory": [codes[2]]}


def test_a_superseding_decision_counts_and_the_earlier_stays_readable(appraised: District) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    new = signed(unit, "7/QĐ", recognised={codes[0]: "kết luận kỷ luật bị hủy (minh họa)"})
    assert deciding.correct(place, new, "đính chính", "Điều 6 (minh họa)", BY) == 1
    assert deciding.correct(place, new, "đính chính", "Điều 6 (minh họa)", BY) == 0
    lines = [line for line in deciding.decisions_document(place) if line["code"] == codes[0]]
    assert [(line["number"], line["recognised"], line["counts"]) for line in lines] == [
        ("1/QĐ", False, False),
        ("7/QĐ", True, True),
    ]
    assert lines[0]["replaced_by"] == "7/QĐ"
    assert states(place)[codes[0]] == "recognised"
    assert deciding.consolidate(place, BY)["clean"]


@ON_SQLITE
def test_those_who_are_told_of_a_correction_are_on_record(appraised: District, tcpl: Callable[..., Any]) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    new = signed(unit, "7/QĐ", recognised={codes[0]: "căn cứ (minh họa)"})
    deciding.correct(place, new, "ghi nhầm (minh họa)", "căn cứ (minh họa)", BY)
    with reading() as session:
        notices = session.scalars(select(Notice).where(Notice.key.contains("7/QĐ"))).all()
    assert {one.kind for one in notices} == {"correction"}
    assert {one.key.rpartition("/")[2] for one in notices} == {"commune", "district_justice", "province_justice"}
    first, later = tcpl("dossier", codes[0], "--year", "2024", "--json").json["decisions"]
    assert (first["counts"], first["replaced_by"], first["told"]) == (False, "7/QĐ", [])
    assert (later["counts"], later["replaces"], later["reason"]) == (True, "1/QĐ", "ghi nhầm (minh họa)")
    assert [one["actor"] for one in later["told"]] == ["commune", "district_justice", "province_justice"]
    until = clock.moment(DAY, time(23))
    found = reconcile(until)
    assert not {one["kind"] for one in found["missing"]} & {"result", "correction"}
    assert len(_keys("result", "correction")) == 3 + 3
    letter = preview(Kind.CORRECTION, codes[0], 2024, None, until, "vi")
    assert "thay thế kết quả tại quyết định số" in " ".join(letter.plain.split())


def _keys(*kinds: str) -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Notice.key).where(Notice.kind.in_(kinds))))


@ON_SQLITE
def test_what_supersedes_is_not_signed_before_what_it_supersedes(appraised: District) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    early = Signed(unit, "7/QĐ", DAY - timedelta(days=1), "C (minh họa)", {codes[0]: "căn cứ"})
    refused(lambda: deciding.correct(place, early, "x", "y", BY), "corrects_before_it_was_signed")


@ON_SQLITE
def test_a_decision_that_is_not_published_in_two_working_days_is_told(appraised: District) -> None:
    place, unit, _ = appraised
    deciding.sign(place, signed(unit), BY)

    def told(day: date) -> set[tuple[str, date | None]]:
        watch_all(day, clock.moment(day))
        with reading() as session:
            rows = session.execute(select(Notice.kind, Notice.due_day).where(Notice.step == "publish-decision"))
            return set(rows.tuples())

    last = date(2025, 2, 10)  # 08 and 09/02/2025: a weekend
    assert ("due_today", last) in told(last)
    assert ("overdue", last) in told(date(2025, 2, 11))
    deciding.publish(place, unit, "1/QĐ", date(2025, 2, 11), "cổng", hand("Văn thư (minh họa)", date(2025, 2, 11)))
    before = told(date(2025, 2, 12))
    assert told(date(2025, 2, 13)) == before


def test_a_commune_that_declared_itself_not_met_is_recognised_only_with_a_ground(appraised: District) -> None:
    place, unit, codes = appraised
    grounds = Grounds("nộp lại (minh họa)", "Chủ tịch UBND (minh họa)", "1/CV")
    local_acts.reopen(place, codes[2], State.SELF_ASSESSMENT, grounds, BY)
    hand_in(place, codes[2:], DAY, declares_not_met=True)
    proposed = {one["code"]: one for one in deciding.proposal(place, unit)["communes"]}
    assert (proposed[codes[2]]["verdict"], proposed[codes[2]]["declared"]) == (False, True)
    refused(lambda: deciding.sign(place, signed(unit, recognised={codes[2]: ""}), BY), "contrary_to_verdict")
    ground = "kết luận kiểm tra 5/KL (minh họa)"
    assert deciding.sign(place, signed(unit, recognised={codes[2]: ground}), BY) == 3
    assert states(place)[codes[2]] == "recognised"
    (line,) = [one for one in deciding.decisions_document(place) if one["code"] == codes[2]]
    assert line["contrary_ground"] == ground


def test_a_dossier_that_ended_by_a_merger_stands_in_no_list_and_holds_nothing_up(
    appraised: District, tcpl: Callable[..., Any]
) -> None:
    place, unit, codes = appraised
    with work() as session:
        gone = select(Unit.id).where(Unit.code == codes[2])
        session.execute(update(Dossier).where(Dossier.unit_id.in_(gone)).values(state="merged"))
    assert [one["code"] for one in deciding.proposal(place, unit)["communes"]] == codes[:2]
    assert deciding.sign(place, signed(unit), BY) == 2
    assert deciding.consolidate(place, BY)["clean"]
    assert tcpl("dossier", codes[2], "--year", "2024").status == 0


def test_a_correction_turns_the_remedies_too_and_back_again(appraised: District) -> None:
    place, unit, codes = appraised
    deciding.sign(place, signed(unit), BY)
    owed = select(Deadline.done_on, Deadline.document).where(Deadline.step == "close-remedies")
    with reading() as session:
        assert session.execute(owed).all() == [(None, "")]
    new = signed(unit, "7/QĐ", recognised={codes[0]: "căn cứ (minh họa)"})
    deciding.correct(place, new, "đính chính", "căn cứ (minh họa)", BY)
    with reading() as session:
        assert session.execute(owed).all() == [(DAY, "7/QĐ")]
    back = signed(unit, "8/QĐ", not_recognised={codes[0]: ""})
    deciding.correct(place, back, "đính chính lại", "căn cứ (minh họa)", BY)
    with reading() as session:
        assert session.execute(owed).all() == [(None, "")]


@ON_SQLITE
def test_what_was_never_decided_cannot_be_corrected(appraised: District) -> None:
    place, unit, codes = appraised
    new = signed(unit, "7/QĐ", recognised={codes[0]: ""})
    stop = refused(lambda: deciding.correct(place, new, "đính chính", "căn cứ", BY), "nothing_to_correct")
    assert isinstance(stop, MoveRefusal)
    deciding.sign(place, signed(unit), BY)
    refused(lambda: deciding.correct(place, new, " ", "căn cứ", BY), "correction_without_ground")

"""Amendments: a new version of the cycle's law, each moved date journalled and told; never the past."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_POSTGRESQL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.errors import Refusal
from models.law.marks import Mark
from models.law.resolve import marks_in_use
from models.records.cycles import Cycle, CycleLawVersion, law_of
from models.records.deadlines import Deadline
from models.records.journal import Entry, Line
from models.records.notices import Notice
from tasks import clock
from tasks.amending import Amending, amend_plan, as_confirmation, confirm_value
from tasks.anchors import verify_journal
from tasks.calendar_changes import Change, change_calendar
from tasks.database import reading
from tasks.opening import open_cycle
from tasks.sittings import Hand, Place
from tests.after_builders import PLAN, lose_and_mend, without_programme

pytestmark = pytest.mark.usefixtures("units")

PLACE = Place("96", 2024, trial=True)
BEGINNING = date(2024, 12, 3)


@pytest.fixture
def cycle_id(units: object, tmp_path: Path) -> Iterator[int]:  # noqa: ARG001
    at = clock.moment(date(2024, 12, 2))
    yield open_cycle("96", 2024, trial=True, plan_file=changed(tmp_path), at=at, most=6).cycle


def hand(day: date = BEGINNING, document: str = "99/KH-UBND (minh họa)") -> Hand:
    return Hand("Sở Tư pháp (minh họa)", clock.moment(day), document)


def changed(folder: Path, **days: str) -> Path:
    """The sample plan with other days for some steps; its programme has tests of its own."""
    text = without_programme(PLAN.read_text("utf-8"))
    for step, day in days.items():
        name = step.replace("_", "-")
        text = re.sub(rf"(  {name}:\n    deadline: {{kind: on_or_before, date: )[\d-]+", rf"\g<1>{day}", text)
    path = folder / "changed.yaml"
    path.write_text(text, "utf-8")
    return path


def due(cycle_id: int, step: str) -> set[date | None]:
    with reading() as session:
        query = select(Deadline.due_day).where(Deadline.cycle_id == cycle_id, Deadline.step == step)
        return set(session.scalars(query))


def rows(cycle_id: int) -> dict[str, int]:
    with reading() as session:
        tables: list[Any] = [Entry, Line, Notice, CycleLawVersion]
        counted = {one.__tablename__: select(func.count()).where(one.cycle_id == cycle_id) for one in tables}
        return {name: session.scalar(query) or 0 for name, query in counted.items()}


def test_a_changed_plan_moves_open_dates_with_a_line_and_a_notice_each(cycle_id: int, tmp_path: Path) -> None:
    before = rows(cycle_id)
    done = amend_plan(PLACE, changed(tmp_path, score_indicators="2024-12-30"), hand(), Amending())
    assert due(cycle_id, "score-indicators") == {date(2024, 12, 30)}
    assert [(one["was"], one["now"]) for one in done["moved"]] == [(date(2024, 12, 27), date(2024, 12, 30))] * 6
    after = rows(cycle_id)
    assert after["journal_lines"] == before["journal_lines"] + 7
    assert after["notices"] == before["notices"] + 6
    assert (done["law_version"], done["trial"]) == (2, True)
    assert lose_and_mend("date_moved", clock.moment(BEGINNING)) == 6
    again = amend_plan(PLACE, changed(tmp_path, score_indicators="2024-12-30"), hand(), Amending())
    assert not again["changed"]
    assert rows(cycle_id) == after
    assert verify_journal()[1] is None


def test_a_dry_run_shows_the_same_and_writes_nothing(cycle_id: int, tmp_path: Path) -> None:
    before, plan = rows(cycle_id), changed(tmp_path, score_indicators="2024-12-30")
    looked = amend_plan(PLACE, plan, hand(), Amending(dry_run=True))
    assert rows(cycle_id) == before
    assert due(cycle_id, "score-indicators") == {date(2024, 12, 27)}
    assert looked["moved"] == amend_plan(PLACE, plan, hand(), Amending())["moved"]


def test_a_date_that_has_passed_moves_only_when_the_act_says_so(cycle_id: int, tmp_path: Path) -> None:
    plan, later = changed(tmp_path, score_indicators="2025-01-06"), hand(date(2024, 12, 28))
    with pytest.raises(Refusal) as refused:
        amend_plan(PLACE, plan, later, Amending())
    assert refused.value.code == "would_move_the_past"
    assert due(cycle_id, "score-indicators") == {date(2024, 12, 27)}
    done = amend_plan(PLACE, plan, later, Amending(past_too=True))
    assert all(one["passed"] for one in done["moved"])
    assert due(cycle_id, "score-indicators") == {date(2025, 1, 6)}


def test_on_the_day_itself_a_date_has_not_passed(cycle_id: int, tmp_path: Path) -> None:  # noqa: ARG001
    plan = changed(tmp_path, score_indicators="2025-01-06")
    assert amend_plan(PLACE, plan, hand(date(2024, 12, 27)), Amending())["changed"]


def test_a_confirmed_value_carries_its_new_mark_and_the_trial_stays_a_trial(cycle_id: int) -> None:
    with reading() as session:
        before = marks_in_use(law_of(session, session.get_one(Cycle, cycle_id)))
    read = as_confirmation("criteria/2.1/maximum", None, "25/2021/QĐ-TTg", "7", "Người đọc (minh họa)", BEGINNING)
    done = confirm_value(PLACE, read, hand(), Amending())
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        after = marks_in_use(law)
        trial = cycle.trial
    maximum = next(one.maximum for one in law.regulation.indicators() if one.id == "2.1")
    assert maximum and maximum.mark is Mark.CONFIRMED and maximum.checked and maximum.checked.page == "7"
    assert after[Mark.CONFIRMED] == before[Mark.CONFIRMED] + 1
    assert (done["law_version"], trial) == (2, True)
    again = as_confirmation("criteria/2.1/maximum", None, "25/2021/QĐ-TTg", "7", "Người khác", date(2024, 12, 9))
    assert not confirm_value(PLACE, again, hand(), Amending())["changed"]


def test_a_confirmation_survives_the_next_amendment_of_the_plan(cycle_id: int, tmp_path: Path) -> None:
    read = as_confirmation("criteria/2.1/maximum", None, "25/2021/QĐ-TTg", "7", "Người đọc (minh họa)", BEGINNING)
    confirm_value(PLACE, read, hand(), Amending())
    amend_plan(PLACE, changed(tmp_path, score_indicators="2024-12-30"), hand(), Amending())
    with reading() as session:
        law = law_of(session, session.get_one(Cycle, cycle_id))
    maximum = next(one.maximum for one in law.regulation.indicators() if one.id == "2.1")
    assert maximum and maximum.mark is Mark.CONFIRMED


def test_what_nobody_has_read_is_confirmed_in_place_of_the_stand_in(units: object) -> None:  # noqa: ARG001
    at = clock.moment(date(2026, 12, 1))
    plan = Path("regulations/plans/ca-mau-2026.yaml")
    cycle = open_cycle("96", 2026, trial=True, plan_file=plan, at=at, most=3).cycle
    place = Place("96", 2026, trial=True)
    read = as_confirmation("steps/decide/deadline", None, "15/2025/TT-BTP", "4", "Người đọc (minh họa)", at.date())
    confirm_value(place, read, Hand("Sở (minh họa)", at, "15/2025/TT-BTP"), Amending())
    with reading() as session:
        law = law_of(session, session.get_one(Cycle, cycle))
    step = law.regulation.step("decide")
    assert step and step.deadline.mark is Mark.CONFIRMED
    assert "steps/decide/deadline" not in law.stand_ins
    assert due(cycle, "decide") == {date(2027, 2, 26)}


def test_an_address_that_does_not_exist_is_refused_and_changes_nothing(cycle_id: int) -> None:
    before = rows(cycle_id)
    read = as_confirmation("criteria/99/maximum", "points=3", "VB", "1", "Người đọc (minh họa)", BEGINNING)
    with pytest.raises(Refusal):
        confirm_value(PLACE, read, hand(), Amending())
    assert rows(cycle_id) == before


def test_a_day_off_moves_what_is_counted_in_working_days_and_the_calendar_shows_it(
    cycle_id: int, tcpl: Callable[..., Any]
) -> None:
    day = date(2025, 1, 10)
    change = Change(day, day, False, "01/CV (minh họa)", "nghỉ bù (minh họa)", "Sở Tư pháp (minh họa)")
    looked = change_calendar(change, hand(), Amending(dry_run=True))
    assert tcpl("calendar", "show", "2025-01-10", "--json").json["days"][0]["working"] is True
    done = change_calendar(change, hand(), Amending())
    assert [one["moved"] for one in looked["cycles"]] == [one["moved"] for one in done["cycles"]]
    assert done["cycles"][0]["changed"]
    shown = tcpl("calendar", "show", "2025-01-10", "--json").json["days"][0]
    assert (shown["working"], shown["document"]) == (False, "01/CV (minh họa)")
    assert not change_calendar(change, hand(), Amending())["cycles"][0]["changed"]
    other = Change(day, day, True, "02/CV (minh họa)", "", "Sở Tư pháp (minh họa)")
    with pytest.raises(Refusal) as refused:
        change_calendar(other, hand(), Amending())
    assert refused.value.code == "calendar_day_recorded"
    assert cycle_id


DAYS = st.dates(date(2024, 12, 4), date(2025, 2, 20))


@ON_POSTGRESQL
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=3), today=st.dates(BEGINNING, date(2025, 1, 20)))
def test_amending_is_idempotent_and_leaves_what_has_passed(
    cycle_id: int, tmp_path: Path, plans: list[tuple[date, date]], today: date
) -> None:
    for score, check in plans:
        before = {step: due(cycle_id, step) for step in ("score-indicators", "check-completeness")}
        plan = changed(tmp_path, score_indicators=str(score), check_completeness=str(check))
        try:
            amend_plan(PLACE, plan, hand(today), Amending())
        except Refusal as refusal:
            assert refusal.code == "would_move_the_past"
        once = rows(cycle_id)
        for step, days in before.items():
            if any(day is not None and day < today for day in days):
                assert due(cycle_id, step) == days
        try:
            amend_plan(PLACE, plan, hand(today), Amending())
        except Refusal as refusal:
            assert refusal.code == "would_move_the_past"
        assert rows(cycle_id) == once
    assert verify_journal()[1] is None

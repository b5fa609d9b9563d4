"""Deadlines: the day that each kind of rule makes of a calendar, and that every day says why."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from models.errors import Refusal
from models.law.calendar import ONE_DAY
from models.law.deadline_rules import DeadlineRule
from models.law.deadlines import Reckoned, known_events, reckon, reckon_all
from models.law.marks import LegalValue, Mark
from models.law.plan import LocalDay, StepPlan
from models.law.regulation import Actor, Regulation, Stage, StageSpec, Step
from tasks.calendar_days import shipped_calendar
from tasks.settings import CHECKOUT

CALENDAR = shipped_calendar(CHECKOUT / "regulations")
STAGE = Stage.DISTRICT_REVIEW
MADE_UP: dict[str, Any] = {"mark": "illustrative", "source": "a test"}
units = st.sampled_from(["working", "calendar"])
days = st.dates(date(2017, 1, 1), date(2030, 12, 31))


def a_step(id_: str = "a-step", **rule: Any) -> Step:
    deadline = TypeAdapter(DeadlineRule).validate_python(MADE_UP | rule)
    performed = LegalValue(**MADE_UP)
    return Step(id=id_, title="Bước", actor=Actor.COMMUNE, per="dossier", performed=performed, deadline=deadline)


def the_day(year: int = 2025, plan: StepPlan | None = None, on: date | None = None, **rule: Any) -> Reckoned:
    starts = {rule["event"]: on} if on else {}
    return reckon(STAGE, a_step(**rule), year, CALENDAR, starts=starts, plan=plan)


def a_regulation(*steps: Step) -> Regulation:
    stage = StageSpec(stage=STAGE, measured_by=steps[0].id, steps=steps)
    return Regulation.model_construct(id="a-text", stages=(stage,))


def test_before_the_tenth_means_the_ninth_is_the_last_day():
    reckoned = the_day(2025, kind="before", day=10, month=1)
    assert (reckoned.status, reckoned.unit, reckoned.last_day) == ("dated", "calendar", date(2026, 1, 9))
    assert reckoned.last_working_day == date(2026, 1, 9)
    assert (reckoned.counted, reckoned.skipped, reckoned.event, reckoned.start) == ((), (), None, None)


def test_before_the_first_of_a_month_means_the_last_of_the_month_before():
    assert the_day(2023, kind="before", day=1, month=3).last_day == date(2024, 2, 29)
    assert the_day(2025, kind="before", day=1, month=1, year_offset=1).last_day == date(2025, 12, 31)


def test_a_last_day_on_a_sunday_does_not_roll_and_the_friday_stands_beside_it():
    reckoned = the_day(2024, kind="before", day=10, month=2)
    assert reckoned.last_day == date(2025, 2, 9)
    assert reckoned.last_working_day == date(2025, 2, 7)
    assert [(off.date.day, off.reason.vi) for off in reckoned.days_off] == [(8, "nghỉ thứ Bảy"), (9, "nghỉ Chủ nhật")]


def test_three_working_days_after_the_thirtieth_of_december_2025_pass_over_the_swap_of_the_second_of_january():
    reckoned = the_day(kind="within", count=3, unit="working", event="request", on=date(2025, 12, 30))
    assert reckoned.last_day == reckoned.last_working_day == date(2026, 1, 6)
    assert reckoned.counted == (date(2025, 12, 31), date(2026, 1, 5), date(2026, 1, 6))
    assert [skipped.date.day for skipped in reckoned.skipped] == [1, 2, 3, 4]
    assert "12729/VPCP-KGVX" in reckoned.skipped[1].reason.vi


def test_seven_working_days_end_on_the_saturday_that_is_worked_instead():
    reckoned = the_day(kind="within", count=7, unit="working", event="request", on=date(2025, 12, 30))
    assert reckoned.last_day == date(2026, 1, 10)
    assert date(2026, 1, 10) in reckoned.counted


def test_calendar_days_count_weekends_and_holidays_too():
    reckoned = the_day(kind="within", count=5, unit="calendar", event="posting", on=date(2026, 2, 13))
    assert reckoned.last_day == date(2026, 2, 18)
    assert (len(reckoned.counted), reckoned.skipped) == (5, ())
    assert reckoned.last_working_day == date(2026, 2, 13)


def test_papers_three_working_days_ahead_of_a_meeting_count_backwards():
    reckoned = the_day(kind="ahead", count=3, unit="working", event="meeting", on=date(2025, 2, 4))
    assert reckoned.last_day == date(2025, 1, 23), "Tết lies between"
    assert reckoned.counted == (date(2025, 1, 23), date(2025, 1, 24), date(2025, 2, 3))
    assert len(reckoned.skipped) == 9


def test_a_posting_has_a_first_day_on_which_it_may_end_and_is_never_overdue():
    reckoned = the_day(kind="lasting", count=5, unit="calendar", event="posting", on=date(2025, 12, 20))
    assert (reckoned.last_day, reckoned.is_floor) == (date(2025, 12, 25), True)
    assert reckoned.last_working_day is None


def test_a_step_whose_event_has_not_happened_waits_for_it():
    reckoned = the_day(kind="within", count=3, unit="working", event="request")
    assert (reckoned.status, reckoned.event, reckoned.unit) == ("waits_for_event", "request", "working")
    assert (reckoned.last_day, reckoned.start) == (None, None)


def test_a_step_without_a_day_in_the_law_waits_for_the_plan():
    reckoned = the_day(kind="no_date")
    assert (reckoned.status, reckoned.event, reckoned.last_day) == ("waits_for_event", "provincial-plan", None)


def test_nothing_falls_due_from_a_rule_that_nobody_has_read():
    reckoned = the_day(kind="not_yet_read", mark="not_yet_read")
    assert (reckoned.status, reckoned.mark) == ("not_yet_read", Mark.NOT_YET_READ)
    assert (reckoned.last_day, reckoned.last_working_day, reckoned.unit, reckoned.event) == (None,) * 4


def a_plan(**fields: Any) -> StepPlan:
    return StepPlan.model_validate(fields)


def test_a_plan_gives_a_date_where_the_law_sets_none_and_nowhere_else():
    plan = a_plan(deadline=MADE_UP | {"kind": "on_or_before", "date": "2026-03-01"})
    assert the_day(plan=plan, kind="no_date").last_day == date(2026, 3, 1)
    assert the_day(plan=plan, kind="not_yet_read", mark="not_yet_read").last_day == date(2026, 3, 1)
    assert the_day(plan=plan, kind="before", day=10, month=1).last_day == date(2026, 1, 9)


def test_the_local_day_stands_beside_the_legal_one_and_never_moves_it():
    accepted = a_plan(accepted_until=LocalDay(on=date(2026, 1, 12), mark=Mark.LOCAL, source="the office"))
    reckoned = the_day(plan=accepted, kind="before", day=10, month=1)
    assert (reckoned.last_day, reckoned.local_last_day) == (date(2026, 1, 9), date(2026, 1, 12))
    tightened = a_plan(tightened_to=LocalDay(on=date(2026, 1, 5), mark=Mark.LOCAL, source="the plan"))
    reckoned = the_day(plan=tightened, kind="before", day=10, month=1)
    assert (reckoned.last_day, reckoned.local_last_day) == (date(2026, 1, 9), date(2026, 1, 5))


@given(days, st.integers(1, 40), units)
def test_counted_and_skipped_days_cover_every_day_after_the_event_once(on: date, count: int, unit: str):
    reckoned = the_day(kind="within", count=count, unit=unit, event="e", on=on)
    assert reckoned.last_day
    every_day = [on + timedelta(days=n) for n in range(1, (reckoned.last_day - on).days + 1)]
    assert sorted([*reckoned.counted, *(skipped.date for skipped in reckoned.skipped)]) == every_day
    assert len(reckoned.counted) == count


@given(days, st.integers(1, 40), units)
def test_counting_ahead_covers_every_day_before_the_event_once(on: date, count: int, unit: str):
    reckoned = the_day(kind="ahead", count=count, unit=unit, event="e", on=on)
    assert reckoned.last_day
    every_day = [on - timedelta(days=n) for n in range((on - reckoned.last_day).days, 0, -1)]
    assert sorted([*reckoned.counted, *(skipped.date for skipped in reckoned.skipped)]) == every_day
    assert len(reckoned.counted) == count


@given(days, st.integers(1, 30), units)
def test_a_later_event_never_gives_an_earlier_day(on: date, count: int, unit: str):
    def day(start: date) -> date:
        last = the_day(kind="within", count=count, unit=unit, event="e", on=start).last_day
        assert last
        return last

    assert day(on) <= day(on + ONE_DAY)


@given(st.integers(2016, 2030), st.integers(1, 28), st.integers(1, 12))
def test_between_the_last_working_day_and_the_last_day_there_are_only_days_off(year: int, day: int, month: int):
    reckoned = the_day(year, kind="before", day=day, month=month)
    assert reckoned.last_day and reckoned.last_working_day
    assert reckoned.last_working_day + timedelta(days=len(reckoned.days_off)) == reckoned.last_day


def test_an_event_that_no_step_waits_for_is_refused_with_the_known_ones():
    regulation = a_regulation(a_step(kind="within", count=2, unit="working", event="decision-signed"))
    assert known_events(regulation) == ["decision-signed"]
    with pytest.raises(Refusal) as refusal:
        reckon_all(regulation, None, 2024, CALENDAR, {"decision-sign": date(2025, 1, 1)})
    assert refusal.value.details == {"known": ["decision-signed"]}
    assert "decision-signed" in refusal.value.do.vi


def test_every_step_is_reckoned_in_the_order_of_the_text():
    steps = (a_step("b", kind="no_date"), a_step("a", kind="before", day=10, month=1))
    assert [r.step for r in reckon_all(a_regulation(*steps), None, 2024, CALENDAR, {})] == ["b", "a"]


def test_a_year_or_an_event_beyond_the_calendar_is_refused():
    with pytest.raises(Refusal):
        the_day(2040, kind="before", day=10, month=1)
    with pytest.raises(Refusal):
        the_day(kind="within", count=3, unit="calendar", event="e", on=date(2031, 12, 30))
    with pytest.raises(Refusal):
        the_day(kind="lasting", count=3, unit="calendar", event="e", on=date(9999, 12, 30))


def test_the_json_of_a_step_has_the_keys_of_the_contract():
    document = the_day(kind="within", count=1, unit="working", event="e", on=date(2025, 1, 3)).document("vi")
    assert set(document) >= {
        *("stage", "step", "actor", "last_day", "last_working_day", "local_last_day", "status", "unit", "event"),
        *("start", "counted", "skipped", "citation", "source", "mark", "reading"),
    }
    assert document["skipped"] == [
        {"date": date(2025, 1, 4), "reason": "nghỉ thứ Bảy"},
        {"date": date(2025, 1, 5), "reason": "nghỉ Chủ nhật"},
    ]

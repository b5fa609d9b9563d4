"""When a plan task falls due: the occasions of its rule, and the span of a stage to which it may be tied. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from models.law.deadline_rules import Before, OnOrBefore
from models.law.plan import Plan
from models.law.programme import Due, FixedDay, Monthly, PlanTask, Quarterly, StageDay, Yearly
from models.law.regulation import Regulation, Stage

MOST_YEARS = 10
"""A programme that runs on for longer than this is no yearly plan's."""


class Occasion(NamedTuple):
    """One time that a task is to be done; `name` is empty where it comes once ("2024-12", "2025-Q1", "2025")."""

    name: str
    starts_on: date
    last_day: date


class Span(NamedTuple):
    """From the opening of a stage to the latest day that law or plan sets in it; `ends` null: no day is known."""

    opens: date
    ends: date | None


def span_of(plan: Plan, regulation: Regulation, stage: Stage) -> Span:
    """The days of a stage; `regulation` carries the plan's own deadlines already."""
    opens = plan.stages[stage].on if stage in plan.stages else plan.opening.on
    days: list[date] = []
    for of, step in regulation.steps():
        match step.deadline:
            case Before() as rule if of is stage:
                days.append(date(plan.year + rule.year_offset, rule.month, rule.day) - timedelta(days=1))
            case OnOrBefore() as rule if of is stage:
                days.append(rule.date)
            case _:
                pass
    return Span(opens, max(days, default=None))


def occasions(task: PlanTask, plan: Plan, regulation: Regulation) -> list[Occasion]:
    """Every time that the task falls due, in order; none where its stage has no known end, or its recurrence no end."""
    return times(task.due, task.begins, plan, regulation)


def times(rule: Due, begins: date, plan: Plan, regulation: Regulation) -> list[Occasion]:
    """The occasions of a rule for what begins on that day."""
    match rule:
        case FixedDay() as due:
            return [Occasion("", begins, due.date)]
        case StageDay() as due:
            span = span_of(plan, regulation, due.stage)
            anchor = span.opens if due.anchor == "opening" else span.ends
            return [Occasion("", begins, anchor + timedelta(days=due.days))] if anchor else []
        case Monthly() | Quarterly() | Yearly() as due:
            return list(_recurring(due, begins))


def clamped(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _recurring(due: Monthly | Quarterly | Yearly, begins: date) -> Iterator[Occasion]:
    """Periods whose last day lies between the beginning and the end, both inclusive; each starts with its period."""
    if due.until is None:
        return
    for year in range(begins.year, min(due.until.year, begins.year + MOST_YEARS) + 1):
        for name, first, last in _periods(due, year):
            if begins <= last <= due.until:
                yield Occasion(name, max(begins, first), last)


def _periods(due: Due, year: int) -> Iterator[tuple[str, date, date]]:
    match due:
        case Monthly():
            for month in range(1, 13):
                yield f"{year}-{month:02d}", date(year, month, 1), clamped(year, month, due.day)
        case Quarterly():
            for quarter in range(1, 5):
                first, last = date(year, 3 * quarter - 2, 1), clamped(year, 3 * quarter, due.day)
                yield f"{year}-Q{quarter}", first, last
        case Yearly():
            yield f"{year}", date(year, 1, 1), clamped(year, due.month, due.day)
        case _:
            return

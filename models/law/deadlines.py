"""What a deadline rule makes of a calendar: the day, what was counted, what was skipped and why.

The legal last day is what the text says and never rolls; the last working day on or before it stands beside it.
Whether something is late is not decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, assert_never

from models.errors import Refusal
from models.law.calendar import ONE_DAY, Calendar, Day
from models.law.deadline_rules import (
    PLAN_SETS_THE_DATE,
    Ahead,
    Before,
    DeadlineRule,
    Lasting,
    NoDate,
    NotYetRead,
    OnOrBefore,
    Unit,
    Within,
)
from models.law.marks import Citation, Mark
from models.law.plan import Plan, StepPlan
from models.law.regulation import Actor, Regulation, Stage, Step
from models.words import Language, Words

Status = Literal["dated", "waits_for_event", "not_yet_read"]


class Skipped(NamedTuple):
    """A day that was not counted, and why: a weekend, a holiday's name, an exchange of days with its document."""

    date: date
    reason: Words


@dataclass(frozen=True)
class Reckoned:
    """The deadline of one step in one evaluation year, with its grounds.

    `days_off` are the days off between `last_working_day` and `last_day`. `is_floor`: the day is the first on which
    the step may end (a posting of at least five days), so nothing is ever overdue from it and no last working day
    is given. `unit` is null only where nobody has read the rule.
    """

    stage: Stage
    step: str
    actor: Actor
    status: Status
    source: str
    mark: Mark
    citation: Citation | None = None
    reading: str | None = None
    last_day: date | None = None
    last_working_day: date | None = None
    local_last_day: date | None = None
    unit: Unit | None = None
    event: str | None = None
    start: date | None = None
    counted: tuple[date, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    days_off: tuple[Skipped, ...] = ()
    is_floor: bool = False

    def document(self, language: Language) -> dict[str, Any]:
        """The JSON of one step, as the command line's contract has it; dates stay dates."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return plain | {
            "counted": list(self.counted),
            "skipped": _said(self.skipped, language),
            "days_off": _said(self.days_off, language),
            "citation": self.citation.model_dump() if self.citation else None,
        }


_PLAIN = (
    *("stage", "step", "actor", "last_day", "last_working_day", "local_last_day", "status", "unit", "event", "start"),
    *("source", "mark", "reading", "is_floor"),
)


def reckon(
    stage: Stage,
    step: Step,
    year: int,
    calendar: Calendar,
    *,
    starts: Mapping[str, date],
    plan: StepPlan | None = None,
) -> Reckoned:
    """The deadline of `step` for evaluation year `year`, once the events in `starts` have happened.

    A plan's own deadline takes effect only where the law sets none; what it tightens or accepts beyond the legal
    day is the local day. Raises Refusal where the calendar does not reach.
    """
    rule = rule_of(step, plan)
    blank = Reckoned(stage, step.id, step.actor, "dated", rule.source, rule.mark, rule.citation, rule.reading)
    dated = _dated(blank, rule, year, calendar, starts)
    return replace(_with_working_day(dated, calendar), local_last_day=_local_day(plan))


def reckon_all(
    regulation: Regulation, plan: Plan | None, year: int, calendar: Calendar, starts: Mapping[str, date]
) -> list[Reckoned]:
    """Every step of the regulation in its order. Raises Refusal for an event that no step waits for."""
    _refuse_unknown_events(regulation, plan, starts)
    steps = plan.steps if plan else {}
    return [
        reckon(stage, step, year, calendar, starts=starts, plan=steps.get(step.id))
        for stage, step in regulation.steps()
    ]


def known_events(regulation: Regulation, plan: Plan | None = None) -> list[str]:
    """The events from which some step of the regulation, or of the plan, counts its days."""
    steps = plan.steps if plan else {}
    rules = [rule_of(step, steps.get(step.id)) for _, step in regulation.steps()]
    return sorted({rule.event for rule in rules if isinstance(rule, Within | Ahead | Lasting)})


def rule_of(step: Step, plan: StepPlan | None) -> DeadlineRule:
    """The rule in effect: the law's, or the plan's where the law sets no day or nobody has read it."""
    if plan and plan.deadline and isinstance(step.deadline, NoDate | NotYetRead):
        return plan.deadline
    return step.deadline


def _dated(blank: Reckoned, rule: DeadlineRule, year: int, calendar: Calendar, starts: Mapping[str, date]) -> Reckoned:
    match rule:
        case Before():
            last = date(year + rule.year_offset, rule.month, rule.day) - ONE_DAY
            return replace(blank, unit="calendar", last_day=last)
        case OnOrBefore():
            return replace(blank, unit="calendar", last_day=rule.date)
        case Within() | Ahead() | Lasting():
            start = starts.get(rule.event)
            waiting = replace(blank, status="waits_for_event", unit=rule.unit, event=rule.event)
            waiting = replace(waiting, is_floor=isinstance(rule, Lasting))
            return waiting if start is None else _counted(waiting, rule, start, calendar)
        case NoDate():
            return replace(blank, status="waits_for_event", unit="calendar", event=PLAN_SETS_THE_DATE)
        case NotYetRead():
            return replace(blank, status="not_yet_read")
        case _:
            assert_never(rule)


def _counted(waiting: Reckoned, rule: Within | Ahead | Lasting, start: date, calendar: Calendar) -> Reckoned:
    """Count from the event's day, which is itself not counted, forwards or (`ahead`) backwards."""
    calendar.day(start)
    last = _nth_day(rule, start, calendar)
    span = (last, start - ONE_DAY) if isinstance(rule, Ahead) else (start + ONE_DAY, last)
    days = calendar.between(*span)
    counts = [day for day in days if rule.unit == "calendar" or day.working]
    return replace(
        waiting,
        status="dated",
        start=start,
        last_day=last,
        counted=tuple(day.date for day in counts),
        skipped=_skipped(day for day in days if rule.unit == "working" and not day.working),
    )


def _nth_day(rule: Within | Ahead | Lasting, start: date, calendar: Calendar) -> date:
    backwards = isinstance(rule, Ahead)
    if rule.unit == "calendar":
        return start - timedelta(days=rule.count) if backwards else start + timedelta(days=rule.count)
    nth = calendar.nth_working_before if backwards else calendar.nth_working_after
    return nth(start, rule.count)


def _with_working_day(dated: Reckoned, calendar: Calendar) -> Reckoned:
    if dated.last_day is None or dated.is_floor:
        return dated
    last = calendar.last_working_on_or_before(dated.last_day)
    return replace(dated, last_working_day=last, days_off=_skipped(calendar.between(last + ONE_DAY, dated.last_day)))


def _local_day(plan: StepPlan | None) -> date | None:
    """What the office accepts beyond the legal day wins over what it asks for before it."""
    own = plan and (plan.accepted_until or plan.tightened_to)
    return own.on if own else None


def _skipped(days: Iterable[Day]) -> tuple[Skipped, ...]:
    return tuple(Skipped(day.date, day.explained()) for day in days)


def _said(days: tuple[Skipped, ...], language: Language) -> list[dict[str, Any]]:
    return [{"date": day, "reason": reason.to(language)} for day, reason in days]


def _refuse_unknown_events(regulation: Regulation, plan: Plan | None, starts: Mapping[str, date]) -> None:
    known = known_events(regulation, plan)
    for event in starts:
        if event not in known:
            near = get_close_matches(event, known, n=1)
            raise _unknown_event(event, regulation, known, near[0] if near else None)


def _unknown_event(event: str, regulation: Regulation, known: list[str], near: str | None) -> Refusal:
    names = ", ".join(known) or "—"
    return Refusal(
        "unknown_event",
        Words(
            f"Không có bước nào của {regulation.id} tính hạn từ sự kiện “{event}”.",
            f"No step of {regulation.id} counts its days from the event '{event}'.",
        ),
        Words(f"Các sự kiện được dùng để tính hạn: {names}.", f"The events that days are counted from: {names}."),
        Words(f"Có phải là “{near}”?", f"Did you mean '{near}'?")
        if near
        else Words("Dùng đúng một trong các tên trên.", "Use one of those names."),
        known=known,
    )

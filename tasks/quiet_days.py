"""Which days of a rehearsal want nothing: the database is asked again only where something was done since.

What is owed follows from acts, and every act is a journal entry. So while the newest entry stays the same, and lies
before the day asked about, the answer of an earlier day holds: a quiet day of a whole country costs one question. Where
the journal is ahead of the day (a rehearsal that was killed and is run again) each day is asked about by itself.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from models.cycle.reminders import climbing_days
from models.records.owing import owed
from models.records.programme_reminders import task_climbs
from models.records.remembered import newest
from tasks import clock
from tasks.cast import Script
from tasks.database import reading
from tasks.reminding import ladder_of
from tasks.stages import laws_by_now, wanting_work

Answer = TypeVar("Answer")


def morning(
    scripts: Sequence[Script],
    day: date,
    tick: Callable[[], object],
    watch: Callable[[], object],
    *,
    tick_anyway: bool = False,
) -> None:
    """Have the day's tick run where it would open, note or close anything, then its watch where any rung is climbed.

    Both as of the morning. A quiet day is asked about once; a tick may open what climbs, so that it is asked about
    again after one.
    """
    with reading() as session:
        counted = _counted(session)
        ticks = tick_anyway or _stirs(session, counted, scripts, day)
        climbs = not ticks and _climbs(session, counted, scripts, day)
    if ticks:
        tick()
        with reading() as session:
            climbs = _climbs(session, _counted(session), scripts, day)
    if climbs:
        watch()


def _stirs(session: Session, counted: "_Counted", scripts: Sequence[Script], day: date) -> bool:
    """Whether the day's tick would open, note or close anything."""
    if any(day == min(script.openings) for script in scripts):
        return True
    ids, at = _ids_of(scripts), clock.moment(day)

    def stirs_on() -> date:
        """The first day from this one on which a tick finds work, if nobody does anything meanwhile."""
        if wanting_work(session, ids, at):
            return day
        openings = [on for script in scripts for on in script.openings if on > day]
        passed = [one.due_day + timedelta(days=1) for one in owed(session, ids, at) if one.due_day >= day]
        return min([*openings, *passed], default=date.max)

    return _while_nothing_is_done(session, counted, "stirs on", ids, at, stirs_on) <= day


def _climbs(session: Session, counted: "_Counted", scripts: Sequence[Script], day: date) -> bool:
    """Whether any deadline that is open as of the morning climbs a rung on the day."""
    ids, at = _ids_of(scripts), clock.moment(day)

    def days() -> frozenset[date]:
        laws = laws_by_now(session, ids)
        climbs = {(ladder_of(laws[one.cycle_id], one), one.due_day) for one in owed(session, ids, at)}
        found = {climbed for one in climbs for climbed in climbing_days(*one)}
        return frozenset(found | task_climbs(session, laws, at))

    return day in _while_nothing_is_done(session, counted, "climbing days", ids, at, days)


def _ids_of(scripts: Sequence[Script]) -> tuple[int, ...]:
    return tuple(script.cycle_id for script in scripts)


class _Counted(NamedTuple):
    """The newest entry with its moment, and the newest calendar, with which days change too."""

    entry: int | None
    done_at: datetime | None
    calendar: int | None


def _while_nothing_is_done(
    session: Session, counted: _Counted, name: str, given: Hashable, at: datetime, ask: Callable[[], Answer]
) -> Answer:
    if counted.done_at is None or counted.done_at > at:
        return ask()
    key = (session.get_bind().engine, name, given)
    if key not in _answers or _answers[key][0] != counted:
        if len(_answers) > MOST_ANSWERS:
            _answers.clear()
        _answers[key] = (counted, ask())
    return _answers[key][1]


MOST_ANSWERS = 64
_answers: dict[Hashable, tuple[Hashable, Any]] = {}
"""What was answered, and as of which entry and calendar."""


def _counted(session: Session) -> _Counted:
    rows = newest(session)
    return _Counted(rows.act, rows.acted_at, rows.calendar)

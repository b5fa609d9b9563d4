"""Which rungs of a ladder should have been climbed by a moment, from the facts of one deadline alone.

It says the same as the morning's set-based queries (`models.records.notices_ladder`), one deadline at a time; a test
holds the two against each other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.cycle.reminders import MOST_DAYS_AFTER, rungs_by_days_left
from models.law.plan import Ladder


@dataclass(frozen=True)
class Owed:
    """A deadline: when it falls due, on which day and at which moment it became known, and when it was done."""

    due: date
    known_on: date
    known_at: datetime
    done_at: datetime | None


def climbed(owed: Owed, ladder: Ladder, first: date, until: datetime, morning: Callable[[date], datetime]) -> list[int]:
    """The rungs that the mornings from `first` to `until` should have climbed, in their order."""
    found: dict[int, None] = {}  # in their order, each once
    in_force = rungs_by_days_left(ladder)
    for day in _mornings(owed, ladder, first, until, morning):
        rung = in_force.get((owed.due - day).days)
        if rung is not None and (owed.due < day or owed.known_on <= owed.due - timedelta(days=rung)):
            found[rung] = None
    return [*found]


def escalated(
    owed: Owed, ladder: Ladder, levels: int, first: date, until: datetime, morning: Callable[[date], datetime]
) -> list[tuple[int, int]]:
    """The (level from 0, rung) at which superiors should have been told."""
    if ladder.escalate_from is None or not levels:
        return []
    steps = [-rung for rung in climbed(owed, ladder, first, until, morning) if rung <= -ladder.escalate_from]
    all_steps = sorted({*(step for step in ladder.after if step >= ladder.escalate_from), *steps})
    if not steps:
        return []
    found = [
        (level, -all_steps[level]) for level in range(min(levels - 1, len(all_steps))) if all_steps[level] <= max(steps)
    ]
    top = all_steps[levels - 1] if len(all_steps) >= levels else None
    return found + [(levels - 1, -step) for step in steps if top is not None and step >= top]


def _mornings(
    owed: Owed, ladder: Ladder, first: date, until: datetime, morning: Callable[[date], datetime]
) -> Iterator[date]:
    """The mornings on which the deadline was known, not done, and near enough for a rung."""
    start = owed.due - timedelta(days=max([*ladder.before, 0]))
    day = max(first, start, owed.known_at.astimezone(until.tzinfo).date())
    while day <= min(until.date(), owed.due + timedelta(days=MOST_DAYS_AFTER)):
        at = morning(day)
        if at > until or (owed.done_at is not None and owed.done_at <= at):
            return
        if owed.known_at <= at:
            yield day
        day += timedelta(days=1)

"""When a holder is reminded: the rungs of a ladder as of a day. Missed rungs collapse into the one in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.law.plan import Ladder

WEEKS_AFTER = 52
"""How long after the last day the weekly rungs go on."""


@dataclass(frozen=True)
class Rung:
    """What a deadline that falls due from `first_due` to `last_due` gets on the day asked about.

    `days`: the rung (14: two weeks before; 0: the day; -3: three days after). `climbed_on`: the day on which the rung
    was due; a deadline that became known only after that day skips the rung, since it was told at its start.
    """

    days: int
    first_due: date
    last_due: date
    climbed_on: date


def rungs_on(ladder: Ladder, today: date) -> list[Rung]:
    """For each rung in force on `today`, the due days to which it applies; the due days do not overlap."""
    return [*_before(ladder, today), *_after(ladder, today)]


def climbing_days(ladder: Ladder, due: date) -> list[date]:
    """Every day on which a deadline due on `due` climbs a rung."""
    return sorted(due - timedelta(days=days) for days in (*_steps_before(ladder), *(-a for a in _steps_after(ladder))))


def _before(ladder: Ladder, today: date) -> list[Rung]:
    """For each number of days left, the nearest rung above it: the one that was climbed last."""
    steps = _steps_before(ladder)
    found = []
    for left in range(steps[-1] + 1 if steps else 0):
        rung = next(step for step in steps if step >= left)
        due = today + timedelta(days=left)
        found.append(Rung(rung, due, due, due - timedelta(days=rung)))
    return found


def _after(ladder: Ladder, today: date) -> list[Rung]:
    steps = _steps_after(ladder)
    ends: Sequence[int] = [*(step - 1 for step in steps[1:]), steps[-1] + 6] if steps else []
    return [
        Rung(-step, today - timedelta(days=end), today - timedelta(days=step), today)
        for step, end in zip(steps, ends, strict=True)
    ]


def _steps_before(ladder: Ladder) -> list[int]:
    return sorted({*ladder.before, *({0} if ladder.on_the_day else set())})


def _steps_after(ladder: Ladder) -> list[int]:
    steps = sorted(set(ladder.after))
    if steps and ladder.then_every:
        steps += [steps[-1] + ladder.then_every * week for week in range(1, WEEKS_AFTER + 1)]
    return steps

"""When a holder is reminded and its superiors are told: the rungs of a ladder as of a day, and the recipient's hours.

Missed rungs collapse into the one in force.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from models.law.plan import Ladder

MORNING = time(7, 0)
"""The moment of a day, in the offices' zone, as of which a watch looks at the facts."""

WEEKS_AFTER = 52
"""How long after the last day the weekly rungs go on."""

MOST_DAYS_AFTER = 400
"""How long after the last day the last rung is in force: whoever was not told in an outage is told after it, once."""


class Rung(NamedTuple):
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
    return [*_rungs_on(_steps_before(ladder), _steps_after(ladder), today)]


@lru_cache(maxsize=256)
def _rungs_on(before: tuple[int, ...], after: tuple[int, ...], today: date) -> tuple[Rung, ...]:
    """Kept, since the plans of a country's provinces share their ladders."""
    return (*_before(before, today), *_after(after, today))


def rungs_by_days_left(ladder: Ladder) -> Mapping[int, int]:
    """For each number of days left (below 0: days late) the rung in force: the same on every day."""
    return _by_days_left(_steps_before(ladder), _steps_after(ladder))


@cache
def _by_days_left(before: tuple[int, ...], after: tuple[int, ...]) -> Mapping[int, int]:
    today = date(2000, 1, 1)  # stands for any other
    found: dict[int, int] = {}
    for rung in (*_before(before, today), *_after(after, today)):
        first, last = ((due - today).days for due in (rung.first_due, rung.last_due))
        found |= dict.fromkeys(range(first, last + 1), rung.days)
    return found


def stood_on(rungs: Sequence[Rung], dues: Collection[date]) -> list[Rung]:
    """The rungs on which a deadline of these last days stands: the rest need not be asked about."""
    if not dues:
        return []
    first, last = min(dues), max(dues)
    near = (rung for rung in rungs if rung.first_due <= last and rung.last_due >= first)
    return [rung for rung in near if any(rung.first_due <= due <= rung.last_due for due in dues)]


def climbing_days(ladder: Ladder, due: date) -> frozenset[date]:
    """Every day on which a deadline due on `due` climbs a rung."""
    return _climbing_days(_steps_before(ladder), _steps_after(ladder), due)


@lru_cache(maxsize=4096)
def _climbing_days(before: tuple[int, ...], after: tuple[int, ...], due: date) -> frozenset[date]:
    return frozenset(due - timedelta(days=left) for left in (*before, *(-days for days in after)))


def _before(steps: Sequence[int], today: date) -> list[Rung]:
    """For each number of days left, the nearest rung above it: the one that was climbed last."""
    found = []
    for left in range(steps[-1] + 1 if steps else 0):
        rung = next(step for step in steps if step >= left)
        due = today + timedelta(days=left)
        found.append(Rung(rung, due, due, due - timedelta(days=rung)))
    return found


@lru_cache(maxsize=256)
def _after(steps: tuple[int, ...], today: date) -> tuple[Rung, ...]:
    """Kept: who reminds and who escalates climb the same ones."""
    ends: Sequence[int] = [*(step - 1 for step in steps[1:]), max(steps[-1] + 6, MOST_DAYS_AFTER)] if steps else []
    return tuple(
        Rung(-step, today - timedelta(days=end), today - timedelta(days=step), today)
        for step, end in zip(steps, ends, strict=True)
    )


def _steps_before(ladder: Ladder) -> tuple[int, ...]:
    return (*sorted({*ladder.before, *({0} if ladder.on_the_day else set())}),)


def _steps_after(ladder: Ladder) -> tuple[int, ...]:
    steps = sorted(set(ladder.after))
    if steps and ladder.then_every:
        steps += [steps[-1] + ladder.then_every * week for week in range(1, WEEKS_AFTER + 1)]
    return (*steps,)


def escalation_rungs(ladder: Ladder, today: date, levels: int) -> tuple[tuple[Rung, ...], ...]:
    """For each superior, nearest first, the rungs on which it is told as of today; none where nothing escalates.

    The first rung of escalation tells the nearest superior, the next rung the one above it, and so on; the highest
    goes on being told on each later rung. A level that was passed over (an outage) is told with the one above it.
    """
    return _escalation(_steps_after(ladder), ladder.escalate_from, today, levels)


@lru_cache(maxsize=256)
def _escalation(
    after: tuple[int, ...], escalate_from: int | None, today: date, levels: int
) -> tuple[tuple[Rung, ...], ...]:
    """Kept, since a country's laws differ in their provinces and share a ladder."""
    if escalate_from is None or not levels:
        return ((),) * levels
    steps = [step for step in after if step >= escalate_from]
    told: list[tuple[Rung, ...]] = []
    for level in range(levels):
        if level >= len(steps):
            told.append(())
        elif level < levels - 1:
            last = today - timedelta(days=steps[level])
            told.append((Rung(-steps[level], today - timedelta(days=MOST_DAYS_AFTER), last, today),))
        else:
            told.append(tuple(rung for rung in _after(after, today) if rung.days <= -steps[level]))
    return tuple(told)


@dataclass(frozen=True)
class Habits:
    """A recipient's hours: of the one daily message (null: each by itself), and from when to when nothing comes."""

    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None

    def without_digest(self) -> "Habits":
        return replace(self, digest_at=None)


NO_HABITS = Habits()
OFFICE_OPENS = time(7, 30)
"""`local`, of this product: when what waited for a working day goes out."""
MOST_DAYS_AHEAD = 60
"""No row of days off is longer; a calendar that never works would otherwise be walked for ever."""


def sending_moment(at: datetime, due: date | None, habits: Habits, works: Callable[[date], bool]) -> datetime:
    """When a letter made at `at` (in the offices' zone) goes out.

    On a working day, unless the deadline falls before the next one ends; outside the quiet hours; at the hour of the
    digest where there is one.
    """
    moment = at
    for _ in range(MOST_DAYS_AHEAD):
        wanted = _out_of_quiet(_at_digest(moment, habits.digest_at), habits)
        day = wanted.date()
        if works(day) or _is_near(due, day, works):
            return wanted
        moment = wanted.combine(day + timedelta(days=1), habits.digest_at or OFFICE_OPENS, tzinfo=at.tzinfo)
    return at


def _at_digest(at: datetime, hour: time | None) -> datetime:
    if hour is None or at.time() == hour:
        return at
    return at.combine(at.date() + timedelta(days=int(at.time() > hour)), hour, tzinfo=at.tzinfo)


def _out_of_quiet(at: datetime, habits: Habits) -> datetime:
    first, last, clock = habits.quiet_from, habits.quiet_to, at.time()
    if first is None or last is None or first == last:
        return at
    quiet = first <= clock < last if first < last else clock >= first or clock < last
    if not quiet:
        return at
    return at.combine(at.date() + timedelta(days=int(clock >= last)), last, tzinfo=at.tzinfo)


def _is_near(due: date | None, day: date, works: Callable[[date], bool]) -> bool:
    """Whether waiting for the next working day would leave no day after it."""
    if due is None or due < day:
        return False
    after = day + timedelta(days=1)
    while not works(after) and after < due:
        after += timedelta(days=1)
    return due <= after

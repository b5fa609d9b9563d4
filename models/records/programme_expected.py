"""What the plan's tasks should have made the watch say by a moment, recomputed from what is owed alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.cycle.expected import Owed, climbed
from models.law.cycle_law import CycleLaw
from models.law.plan import Reminders
from models.law.programme import PROGRAMME
from models.records.cycles import Cycle
from models.records.notices import Kind
from models.records.notices_owed import Expected, Offices
from models.records.programme_reminders import superiors
from models.records.programme_tables import Task, TaskDue
from models.records.units import Unit


@dataclass(frozen=True)
class _Due:
    """A task that a unit owes, with what a notice of it says."""

    owed: TaskDue
    code: str
    said: str

    def is_open(self, until: datetime) -> bool:
        ended = _ended(self.owed)
        return ended is None or ended > until


def expected_of_tasks(
    session: Session,
    cycle: Cycle,
    law: CycleLaw,
    offices: Offices,
    until: datetime,
    morning: Callable[[date], datetime],
) -> Iterator[Expected]:
    """The rungs to those who owe tasks, and from the day of escalation on the same rungs to the level above."""
    reminders, plan = law.plan.reminders if law.plan else Reminders(), law.plan
    above = superiors(law, plan.escalation) if plan else {}
    for one in _dues(session, cycle, until):
        due, ladder = one.owed, reminders.task_ladder(one.owed.task)
        first = max(cycle.opened_on, due.starts_on)
        rungs = climbed(Owed(due.due_day, due.known_on, due.known_at, _ended(due)), ladder, first, until, morning)
        if holder := offices.get((due.holder_id, due.actor)):
            for rung in rungs:
                kind = Kind.REMINDER if rung > 0 else Kind.OVERDUE if rung < 0 else Kind.DUE_TODAY
                yield _rung(cycle, one, kind, rung, due.actor, holder, until)
        superior = above.get(due.actor)
        if superior is None or ladder.escalate_from is None:
            continue
        place = due.district_id if superior.level == "district" else cycle.province_id
        if office := offices.get((place or 0, str(superior))):
            for rung in rungs:
                if rung <= -ladder.escalate_from:
                    yield _rung(cycle, one, Kind.ESCALATION, rung, str(superior), office, until)


def _dues(session: Session, cycle: Cycle, until: datetime) -> Iterator[_Due]:
    query = (
        select(TaskDue, Unit.code, Task.title, Task.ground)
        .join(Unit, Unit.id == TaskDue.unit_id)
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .where(TaskDue.cycle_id == cycle.id, TaskDue.known_at <= until)
    )
    for due, code, title, ground in session.execute(query).tuples():
        yield _Due(due, code, f"{title}\n{ground}")


def _ended(due: TaskDue) -> datetime | None:
    """When it was done or carried over, whichever came first."""
    return min((at for at in (due.done_at, due.carried_at) if at is not None), default=None)


def _rung(cycle: Cycle, one: _Due, kind: Kind, rung: int, actor: str, agency: int, until: datetime) -> Expected:
    due = one.owed
    parts = (cycle.id, kind, due.task, due.occasion, one.code, due.due_day, rung, actor)
    return Expected(
        "/".join(str(part) for part in parts),
        kind,
        due.unit_id,
        agency,
        PROGRAMME,
        due.task,
        due.occasion,
        due.due_day,
        rung,
        said=one.said,
        still_open=one.is_open(until),
    )

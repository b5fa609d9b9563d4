"""What is owed as of a moment, over many cycles in one question: the morning's tick and watch both begin with it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.records.deadlines import Deadline
from models.records.prepared import prepared
from models.records.remembered import remembered


class Owed(NamedTuple):
    """Deadlines of a cycle that have this step, holder and last day, at least one of them not done."""

    cycle_id: int
    stage: str
    step: str
    actor: str
    due_day: date


def owed(session: Session, cycle_ids: Collection[int], at: datetime) -> tuple[Owed, ...]:
    """Every kind of deadline that was known and not done as of the moment: a few rows, however many communes.

    Asked once while nothing is done meanwhile: tick and watch of one morning share it.
    """

    def ask() -> tuple[Owed, ...]:
        rows = session.execute(*_owed(list(cycle_ids), at)).tuples()
        return tuple(Owed(cycle_id, stage, step, actor, due) for cycle_id, stage, step, actor, due in rows if due)

    return remembered(session, "owed", (tuple(cycle_ids), at), ask)


@prepared
def _owed(cycle_ids: Collection[int], at: datetime):
    columns = (Deadline.cycle_id, Deadline.stage, Deadline.step, Deadline.actor, Deadline.due_day)
    return select(*columns).where(*is_owed(cycle_ids, at)).distinct()


def is_owed(cycle_ids: Any, at: Any) -> tuple[Any, ...]:
    """The conditions of it, for a statement over deadlines: of these cycles, as of the moment, or places for them."""
    not_done = or_(Deadline.done_at.is_(None), Deadline.done_at > at)
    return Deadline.cycle_id.in_(cycle_ids), Deadline.due_day.is_not(None), Deadline.known_at <= at, not_done

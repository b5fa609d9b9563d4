"""What is owed as of a moment, over many cycles in one question: the morning's tick and watch both begin with it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models.law.regulation import Stage
from models.records.cycles import CycleStage
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
        rows = session.execute(*_owed(list(cycle_ids), at))
        return tuple(dict.fromkeys(Owed(*row) for row in rows))

    return remembered(session, "owed", (tuple(cycle_ids), at), ask)


@prepared
def _owed(cycle_ids: Collection[int], at: datetime):
    columns = (Deadline.cycle_id, Deadline.stage, Deadline.step, Deadline.actor, Deadline.due_day)
    return union_all(*(select(*columns).where(*open_).distinct() for open_ in by_index(cycle_ids, at)))


def by_index(cycle_ids: Any, at: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What is owed, in two parts that have no row in common: not done at all, and done later than the moment.

    Each is one stretch of `ix_deadlines_open` for each stage: of a year that is nearly over it is a few rows, where
    an "or" of the two had to read every deadline. Of today nothing was done later.
    """
    known = (Deadline.cycle_id.in_(cycle_ids), IN_A_STAGE, *_stands(at))
    return (*known, Deadline.done_at.is_(None)), (*known, Deadline.done_at > at)


IN_A_STAGE = Deadline.stage.in_([literal(str(stage)) for stage in Stage])
"""True of every deadline, and names each stretch of the index. As literals: values are spelt out at each question."""


DUE = func.coalesce(Deadline.due_day, Deadline.due_day)
"""The day that reminders speak of, but so that SQLite does not take `ix_deadlines_due`: most days are past."""


def is_owed(cycle_ids: Any, at: Any) -> tuple[Any, ...]:
    """The conditions of it, for a statement over deadlines: of these cycles, as of the moment, or places for them."""
    not_done = or_(Deadline.done_at.is_(None), Deadline.done_at > at)
    return Deadline.cycle_id.in_(cycle_ids), Deadline.due_day.is_not(None), Deadline.known_at <= at, not_done


def stages_done(session: Session, cycle_ids: Collection[int], at: datetime) -> set[tuple[int, str]]:
    """(cycle, stage) of those opened in which something was owed by the moment and all of it was done by then."""
    return {(cycle_id, stage) for cycle_id, stage in session.execute(*_done(list(cycle_ids), at))}


@prepared
def _done(cycle_ids: Collection[int], at: datetime):
    ours = exists().where(Deadline.cycle_id == CycleStage.cycle_id, Deadline.stage == CycleStage.stage, *_stands(at))
    query = select(CycleStage.cycle_id, CycleStage.stage).where(CycleStage.cycle_id.in_(cycle_ids))
    return query.where(ours, ~ours.where(Deadline.done_at.is_(None)), ~ours.where(Deadline.done_at > at))


def _stands(at: Any) -> tuple[Any, ...]:
    return DUE.is_not(None), Deadline.known_at <= at

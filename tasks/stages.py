"""The stages of an open cycle as of a moment: which want something done, and the doing of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.law.regulation import Stage
from models.records import missed, opening
from models.records.acting import Sitting
from models.records.cycles import Cycle, law_of, stages_of
from models.records.journal import Signed
from tasks.anchors import anchor
from tasks.database import reading, work
from tasks.opening import BY


def stages_with_work(cycle_id: int, at: datetime) -> Sequence[Stage]:
    """Stages that are to be opened, in which a deadline was missed unseen, or in which nothing is owed any more.

    A stage opens on the plan's day, else with its cycle. On a quiet day there is none.
    """
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        planned = law.plan.stages if law.plan else {}
        known = stages_of(session, cycle_id)
        stirring = opening.stages_done(session, cycle_id, at) | missed.stages_with_missed(session, cycle_id, at)
        wanted = []
        for spec in law.regulation.stages:
            on = planned[spec.stage].on if spec.stage in planned else cycle.opened_on
            found = known.get(spec.stage)
            to_open = found is None and on <= at.date()
            if to_open or (found is not None and found.closed_on is None and spec.stage in stirring):
                wanted.append(spec.stage)
        return wanted


def open_stage(cycle_id: int, stage: Stage, at: datetime) -> bool:
    """Open a stage and tell those who act in it; False if it was open already."""
    with work() as session:
        opened = opening.open_stage(_clockwork(session, cycle_id, at), stage)
    return _anchored(opened)


def note_missed(cycle_id: int, stage: Stage, at: datetime) -> int:
    """Journal what has passed undone in the stage; returns how many deadlines."""
    with work() as session:
        noted = missed.note_missed(_clockwork(session, cycle_id, at), stage)
    _anchored(noted > 0)
    return noted


def close_stage(cycle_id: int, stage: Stage, at: datetime) -> bool:
    """Close a stage in which nothing is owed any more."""
    with work() as session:
        closed = opening.close_stage(_clockwork(session, cycle_id, at), stage)
    return _anchored(closed)


def close_cycle(cycle_id: int, at: datetime) -> bool:
    """Close a cycle in which nothing is owed any more."""
    with work() as session:
        closed = opening.close_cycle(_clockwork(session, cycle_id, at))
    return _anchored(closed)


def _clockwork(session: Session, cycle_id: int, at: datetime) -> Sitting:
    return Sitting.on(session, cycle_id, Signed(BY, at, "lịch của kỳ đánh giá"))


def _anchored(done: bool) -> bool:
    if done:
        anchor()
    return done

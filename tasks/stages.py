"""The stages of open cycles as of a moment: which want something done, and the doing of it, cycle by cycle."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.cycle_law import CycleLaw
from models.law.regulation import Stage
from models.records import missed, opening
from models.records.acting import Sitting
from models.records.cycles import Cycle, CycleStage, laws_of, stages_of_all
from models.records.journal import Signed
from models.records.owing import owed, stages_done
from models.records.prepared import prepared
from models.records.remembered import remembered
from tasks.anchors import anchor
from tasks.database import reading, work
from tasks.opening import BY


def stages_with_work(cycle_ids: Sequence[int], at: datetime) -> dict[Stage, list[int]]:
    """The cycles in which a stage is to be opened, has a deadline missed unseen, or owes nothing any more; in order.

    A stage opens on the plan's day, else with its cycle. On a quiet day there is none.
    """
    if not cycle_ids:
        return {}
    with reading() as session:
        return wanting_work(session, cycle_ids, at)


def wanting_work(session: Session, cycle_ids: Sequence[int], at: datetime) -> dict[Stage, list[int]]:
    """The same of a session that is open already; asked once while nothing is done meanwhile."""
    return remembered(session, "wanting work", (tuple(cycle_ids), at), lambda: _wanting(session, cycle_ids, at))


def laws_by_now(session: Session, cycle_ids: Sequence[int]) -> Mapping[int, CycleLaw]:
    """The laws in force, asked for once while nothing is done meanwhile: an amendment is an act."""
    return remembered(session, "laws", tuple(cycle_ids), lambda: laws_of(session, cycle_ids))


def _wanting(session: Session, cycle_ids: Sequence[int], at: datetime) -> dict[Stage, list[int]]:
    rows = session.execute(*_stages(list(cycle_ids))).all()
    opened_on = {cycle_id: opened for cycle_id, opened, _, _ in rows}
    closed_on = {(cycle_id, stage): closed for cycle_id, _, stage, closed in rows if stage}
    laws = laws_by_now(session, [*opened_on])
    owing = owed(session, cycle_ids, at)
    still = {(one.cycle_id, one.stage) for one in owing}
    late = {one.cycle_id for one in owing if one.due_day < at.date()}
    quiet = {cycle_id for (cycle_id, stage), day in closed_on.items() if not day and (cycle_id, stage) not in still}
    stirring = missed.stages_with_missed(session, late, at) if late else set()
    stirring |= stages_done(session, quiet, at) if quiet else set()
    wanted: dict[Stage, list[int]] = {stage: [] for stage in Stage}
    for cycle_id, law in laws.items():
        for spec in law.regulation.stages:
            key = (cycle_id, str(spec.stage))
            is_open = key in closed_on and closed_on[key] is None
            planned = law.plan.stages.get(spec.stage) if law.plan else None
            on = planned.on if planned else opened_on[cycle_id]
            if (key not in closed_on and on <= at.date()) or (is_open and key in stirring):
                wanted[spec.stage].append(cycle_id)
    return {stage: ids for stage, ids in wanted.items() if ids}


@prepared
def _stages(cycle_ids: Sequence[int]):
    """Of a cycle with no stage yet one row without one."""
    stages = select(Cycle.id, Cycle.opened_on, CycleStage.stage, CycleStage.closed_on)
    joined = stages.outerjoin(CycleStage, CycleStage.cycle_id == Cycle.id)
    return joined.where(Cycle.id.in_(cycle_ids)).order_by(Cycle.id)


def open_stage(cycle_ids: Collection[int], stage: Stage, at: datetime) -> list[int]:
    """Open a stage and tell those who act in it; returns the cycles in which it was not open already."""
    with reading() as session:
        known = {cycle_id for cycle_id, stages in stages_of_all(session, list(cycle_ids)).items() if stage in stages}
    new = [cycle_id for cycle_id in cycle_ids if cycle_id not in known]
    return _each(new, at, lambda sitting: opening.open_stage(sitting, stage))


def note_missed(cycle_ids: Collection[int], stage: Stage, at: datetime) -> list[int]:
    """Journal what has passed undone in the stage; returns the cycles in which something had."""
    with reading() as session:
        found = missed.stages_with_missed(session, cycle_ids, at)
    some = [cycle_id for cycle_id in cycle_ids if (cycle_id, str(stage)) in found]
    return _each(some, at, lambda sitting: missed.note_missed(sitting, stage) > 0)


def close_stage(cycle_ids: Collection[int], stage: Stage, at: datetime) -> list[int]:
    """Close a stage in which nothing is owed any more; returns the cycles in which that was so."""
    with reading() as session:
        found = stages_done(session, cycle_ids, at)
    done = [cycle_id for cycle_id in cycle_ids if (cycle_id, str(stage)) in found]
    return _each(done, at, lambda sitting: opening.close_stage(sitting, stage))


def close_cycles(cycle_ids: Collection[int], at: datetime) -> list[int]:
    """Close the cycles in which nothing is owed any more; returns those."""
    if not cycle_ids:
        return []
    with reading() as session:
        done = opening.with_nothing_owed(session, cycle_ids, at)
    return _each(done, at, opening.close_cycle)


def _each(cycle_ids: Collection[int], at: datetime, act: Callable[[Sitting], bool]) -> list[int]:
    """A transaction for each cycle, so that one's trouble is not another's; the journals' heads are anchored once.

    The caller asks for all cycles at once which of them want it; the act itself looks again, holding its cycle.
    """
    done = []
    for cycle_id in cycle_ids:
        with work() as session:
            if act(Sitting.on(session, cycle_id, Signed(BY, at, "lịch của kỳ đánh giá"))):
                done.append(cycle_id)
    if done:
        anchor()
    return done

"""Deadlines that passed undone, written into the journal once as what was seen on a day; 'overdue' is never stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, exists, literal, select, union_all
from sqlalchemy.orm import Session

from models.law.regulation import Stage
from models.records.acting import Sitting, Traces
from models.records.deadlines import Deadline
from models.records.journal import Line, Touched
from models.records.owing import DUE, by_index, is_owed
from models.records.prepared import prepared
from models.records.units import Unit

ORDER = (Unit.code, Deadline.step, Deadline.occasion)


@dataclass(frozen=True)
class Missed:
    """A deadline that was seen to have passed: whose, which, which day, and at which level the file lay."""

    unit_id: int
    key: str
    step: str
    due_day: date
    actor: str


def note_missed(sitting: Sitting, stage: Stage) -> int:
    """Journal each deadline of the stage that has passed undone and was not noted yet; returns how many."""
    found = newly_missed(sitting.session, sitting.cycle.id, stage, sitting.signed.at)
    lines = [
        Touched(one.unit_id, one.key, {"missed": one.step, "due": one.due_day, "holder": one.actor}) for one in found
    ]
    if lines:
        sitting.finish("note-missed", f"missed/{stage}/{sitting.signed.day}/{len(lines)}", lines, Traces())
    return len(lines)


def newly_missed(session: Session, cycle_id: int, stage: Stage, at: datetime) -> Sequence[Missed]:
    """Deadlines of the stage that were known and not done as of the moment, past their day, and not yet journalled."""
    rows = session.execute(*_in_stage([cycle_id], at, at.date(), str(stage)))
    return [Missed(*row) for row in rows.tuples()]


@prepared
def _in_stage(cycle_ids: Collection[int], at: datetime, day: date, stage: str):
    return _query(is_owed(cycle_ids, at), Deadline.due_day, day).where(Deadline.stage == stage).order_by(*ORDER)


def stages_with_missed(session: Session, cycle_ids: Collection[int], at: datetime) -> set[tuple[int, str]]:
    """(cycle, stage) in which a deadline has passed undone that the journal does not know of yet."""
    return {(cycle_id, stage) for cycle_id, stage in session.execute(*_stages(list(cycle_ids), at, at.date()))}


@prepared
def _stages(cycle_ids: Collection[int], at: datetime, day: date):
    late = (_query(owed, DUE, day) for owed in by_index(cycle_ids, at))
    return union_all(*(query.with_only_columns(Deadline.cycle_id, Deadline.stage).distinct() for query in late))


def _query(owed: tuple[Any, ...], due: Any, day: date) -> Select[tuple[int, str, str, date, str]]:
    slash = literal("/", String)
    key = (
        literal("missed/", String)
        + (Deadline.step + slash + Deadline.occasion + slash)
        + (cast(Deadline.due_day, String) + slash + Unit.code)
    )
    return (
        select(Deadline.unit_id, key, Deadline.step, Deadline.due_day, Deadline.actor)  # type: ignore[return-value]
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(
            *owed,
            due < day,
            ~exists().where(Line.cycle_id == Deadline.cycle_id, Line.key == key),
        )
    )

"""Who held what when: a draft for people who determine responsibility ("xác định trách nhiệm"); never a verdict.

Taken from deadlines and the journal. It names offices, not persons, and leaves the ground and the conclusion empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.records.cycles import Agency, Cycle, law_of
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.units import Unit


@dataclass(frozen=True)
class Held:
    """A step done late, or not done: whose file, who held it, from when to when, how many days beyond the last day."""

    code: str
    name: str
    why: str
    step: str
    holder: str
    last_day: date | None
    done_on: date | None
    days_late: int
    source: str


def held_late(session: Session, cycle: Cycle, on: date, unit_ids: Sequence[int] | None = None) -> list[Held]:
    """Every step of the cycle that was done after its last day, or is past it undone on the day."""
    steps = {step.id: step for _, step in law_of(session, cycle).regulation.steps()}
    query = (
        select(Deadline, Unit, Agency.name)
        .join(Unit, Unit.id == Deadline.unit_id)
        .outerjoin(Agency, (Agency.unit_id == Deadline.holder_id) & (Agency.actor == Deadline.actor))
        .where(
            Deadline.cycle_id == cycle.id,
            Deadline.last_day < on,
            or_(Deadline.done_on > Deadline.last_day, Deadline.done_on.is_(None)),
            Deadline.due_day.is_not(None),
        )
        .order_by(Unit.code, Deadline.last_day, Deadline.step)
    )
    if unit_ids is not None:
        query = query.where(Deadline.unit_id.in_(unit_ids))
    return [
        _held(
            deadline,
            unit,
            agency or deadline.actor,
            steps[deadline.step].title,
            steps[deadline.step].deadline.source,
            on,
        )
        for deadline, unit, agency in session.execute(query).all()
    ]


def _held(deadline: Deadline, unit: Unit, agency: str, title: str, source: str, on: date) -> Held:
    last = deadline.last_day or on
    until = deadline.done_on or on
    why = "làm sau hạn" if deadline.done_on else "chưa làm, đã quá hạn"
    days = (until - last).days
    return Held(unit.code, unit.name, why, title, agency, deadline.last_day, deadline.done_on, days, source)


def not_recognised(session: Session, cycle: Cycle) -> list[tuple[str, str]]:
    """The communes that were not recognised: code and name."""
    rows = session.execute(
        select(Unit.code, Unit.name)
        .join(Dossier, Dossier.unit_id == Unit.id)
        .where(Dossier.cycle_id == cycle.id, Dossier.state == State.NOT_RECOGNISED)
        .order_by(Unit.code)
    )
    return list(rows.tuples())

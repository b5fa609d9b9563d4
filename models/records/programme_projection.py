"""What each unit owes of a cycle's work programme: one statement projects all tasks over all units.

Running it again changes nothing.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Date,
    Insert,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    delete,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models.records.base import Moment, forget
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.places import CYCLE, PROVINCE
from models.records.programme_tables import Task, TaskDue, TaskFact, TaskOccasion
from models.records.units import Unit
from models.records.upserts import insert_or_change

DONE, EXTENDED, CARRIED = "done", "extended", "carried"
"""The kinds of fact about a due task."""
KEY = ("cycle_id", "unit_id", "task", "occasion")


def project(session: Session, cycle: Cycle, tasks: Collection[str] | None = None) -> None:
    """Bring what every unit owes of these tasks (null: of all) to what tasks, units and facts say: one statement."""
    given = {CYCLE.key: cycle.id, PROVINCE.key: cycle.province_id}
    some = {} if tasks is None else {TASKS.key: sorted(tasks)}
    postgres = session.get_bind().dialect.name == "postgresql"
    session.connection().execute(_projection(postgres, tasks is not None), given | some)
    forget(session, TaskDue)


TASKS = bindparam("of_tasks", type_=String(), expanding=True)


@lru_cache(maxsize=4)
def _projection(postgres: bool, narrowed: bool) -> Insert:
    """The statement, built once: building it costs more than its run."""
    units = _units(postgres)
    holder = case(
        (Task.lead_level == "commune", units.c.unit_id),
        (and_(Task.lead_level == "district", units.c.district_id.is_not(None)), units.c.district_id),
        else_=PROVINCE,
    )
    done, extended, carried = (_summary(kind) for kind in (DONE, EXTENDED, CARRIED))
    columns: dict[str, Any] = {
        "cycle_id": CYCLE,
        "unit_id": units.c.unit_id,
        "task": Task.task,
        "occasion": TaskOccasion.occasion,
        "actor": Task.lead,
        "holder_id": holder,
        "district_id": units.c.district_id,
        "starts_on": TaskOccasion.starts_on,
        "last_day": TaskOccasion.last_day,
        # the plan may have been amended to a later day than the one that was granted
        "due_day": case((extended.c.until > TaskOccasion.last_day, extended.c.until), else_=TaskOccasion.last_day),
        "known_on": TaskOccasion.known_on,
        "known_at": TaskOccasion.known_at,
        "done_on": done.c.on_day,
        "done_at": done.c.at,
        "carried_on": carried.c.on_day,
        "carried_at": carried.c.at,
        "carried_until": carried.c.until,
    }
    rows = _joined(select(*(value.label(name) for name, value in columns.items())), units)
    for facts in (done, extended, carried):
        same = (facts.c.unit_id == units.c.unit_id, facts.c.task == Task.task)
        rows = rows.outerjoin(facts, and_(*same, facts.c.occasion == TaskOccasion.occasion))
    if narrowed:
        rows = rows.where(Task.task.in_(TASKS))
    return insert_or_change(TaskDue, list(columns), rows, KEY)


def _joined(query: Select[Any], units: Subquery) -> Select[Any]:
    """Tasks beside their occasions and the units that owe them: what came up after a unit's end is not asked of it."""
    here = TaskOccasion.unit_id
    return (
        query.select_from(Task)
        .join(TaskOccasion, and_(TaskOccasion.cycle_id == Task.cycle_id, TaskOccasion.task == Task.task))
        .join(units, and_(units.c.level == Task.per, or_(here.is_(None), here == units.c.unit_id)))
        .where(
            Task.cycle_id == CYCLE,
            or_(here.is_not(None), units.c.guest.is_(False)),
            or_(units.c.until.is_(None), TaskOccasion.known_on <= units.c.until),
        )
    )


def _units(postgres: bool) -> Subquery:
    """level, unit_id, district_id, until, guest of every unit that may owe a task: those of the cycle's dossiers.

    A guest has no dossier here; it owes nothing but what was handed on to it by name.
    """
    nothing: Any = cast(null(), Integer) if postgres else null()
    no_day: Any = cast(null(), Date) if postgres else null()
    mine = Dossier.cycle_id == CYCLE
    commune = (
        select(
            literal("commune", String).label("level"),
            Dossier.unit_id.label("unit_id"),
            Dossier.district_id.label("district_id"),
            Unit.valid_to.label("until"),
            false().label("guest"),
        )
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(mine)
    )
    district = (
        select(literal("district", String), Dossier.district_id, Dossier.district_id, no_day, false())
        .where(mine, Dossier.district_id.is_not(None))
        .distinct()
    )
    province = select(literal("province", String), PROVINCE, nothing, no_day, false())
    with_dossier = select(Dossier.unit_id).where(mine)
    guests = (
        select(Unit.level, Unit.id, nothing, Unit.valid_to, true())
        .join(TaskOccasion, TaskOccasion.unit_id == Unit.id)
        .where(TaskOccasion.cycle_id == CYCLE, Unit.level == "commune", Unit.id.not_in(with_dossier))
        .distinct()
    )
    return union_all(commune, district, province, guests).subquery("units_owing")


def forget_twins(session: Session, cycle: Cycle) -> None:
    """An occasion of one unit goes where the same one holds for all and the unit is among them: it is owed once."""
    of_all, mine = aliased(TaskOccasion), Dossier.cycle_id == cycle.id
    twin = select(of_all.id).where(
        of_all.cycle_id == cycle.id,
        of_all.unit_id.is_(None),
        of_all.task == TaskOccasion.task,
        of_all.occasion == TaskOccasion.occasion,
    )
    session.execute(
        delete(TaskOccasion)
        .where(
            TaskOccasion.cycle_id == cycle.id,
            or_(
                TaskOccasion.unit_id == cycle.province_id,
                TaskOccasion.unit_id.in_(select(Dossier.unit_id).where(mine)),
                TaskOccasion.unit_id.in_(select(Dossier.district_id).where(mine, Dossier.district_id.is_not(None))),
            ),
            twin.exists(),
        )
        .execution_options(synchronize_session=False)
    )


def _summary(kind: str) -> Subquery:
    """The facts of a kind by due task: the first day on which it was done or carried, the latest day granted."""
    of = aliased(TaskFact)
    columns = (of.unit_id, of.task, of.occasion)
    return (
        select(
            *columns,
            func.min(of.on_day).label("on_day"),
            func.min(of.at, type_=Moment()).label("at"),
            func.max(of.until).label("until"),
        )
        .where(of.cycle_id == CYCLE, of.kind == kind)
        .group_by(*columns)
        .subquery()
    )

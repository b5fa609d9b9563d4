"""The work programme of a cycle: taken from the plan (or added later), and projected to what each unit owes.

One statement projects all tasks over all units; running it again changes nothing.
"""

import json
from collections.abc import Collection, Mapping, Sequence
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
    insert,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models.errors import Refusal
from models.law.flaws import Flaw, refusal
from models.law.plan import Plan
from models.law.programme import MoneySource, PlanTask
from models.law.programme_checks import programme_beside, programme_flaws
from models.law.programme_days import Occasion, occasions
from models.records.acting import Sitting, Traces
from models.records.base import Moment, count_rows, forget
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.places import CYCLE, PROVINCE
from models.records.programme_tables import Task, TaskDue, TaskFact, TaskOccasion
from models.records.units import Unit
from models.records.upserts import insert_or_change
from models.words import Words

DONE, EXTENDED, CARRIED = "done", "extended", "carried"
"""The kinds of fact about a due task."""
KEY = ("cycle_id", "unit_id", "task", "occasion")


def open_programme(sitting: Sitting) -> int:
    """Take in the tasks of the cycle's plan; returns how many were new."""
    return take_in(sitting, sitting.law.plan.programme, "plan") if sitting.law.plan else 0


def add_tasks(sitting: Sitting, tasks: Sequence[PlanTask]) -> int:
    """Add tasks to an open cycle's programme; one that stands there in the same words stays, in others is refused.

    Raises LawRefusal with what may not be, as for a plan's own; paths begin with ("programme", place in `tasks`).
    """
    plan = sitting.law.plan
    if plan is None:
        raise _without_plan(sitting.cycle)
    known = known_tasks(sitting)
    rows = {task.id: task_row(sitting.cycle, task, "added") for task in tasks}
    changed = [name for name, row in rows.items() if name in known and _words(known[name]) != _words(row)]
    if changed:
        raise _says_otherwise(changed)
    found = addition_flaws(sitting, tasks)
    if found:
        raise refusal("task_not_possible", found, Words("Chương trình công tác", "The work programme"))
    return take_in(sitting, [task for task in tasks if task.id not in known], "added")


def _words(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a task says; who brought it in and how far it was checked is not part of that, nor of its workbook."""
    return {name: value for name, value in row.items() if name not in ("origin", "mark")}


def addition_flaws(sitting: Sitting, tasks: Sequence[PlanTask]) -> list[Flaw]:
    """What may not be among tasks that are to be added under the cycle's plan."""
    plan = sitting.law.plan
    if plan is None:
        return []
    beside: Plan = plan.model_copy(update={"programme": tuple(tasks)})
    return [*programme_flaws(beside), *programme_beside(beside, sitting.law.regulation)]


def take_in(sitting: Sitting, tasks: Sequence[PlanTask], origin: str) -> int:
    """Put tasks into the programme with their days; returns how many were new."""
    law = sitting.law
    wanted = {f"task/{task.id}": task for task in tasks}
    new = sorted(sitting.fresh(wanted))
    if not new or law.plan is None:
        return 0
    chosen = [wanted[key] for key in new]
    sitting.session.execute(insert(Task), [task_row(sitting.cycle, task, origin) for task in chosen])
    rows = [occasion_row(sitting, task.id, one) for task in chosen for one in occasions(task, law.plan, law.regulation)]
    if rows:
        sitting.session.execute(insert(TaskOccasion), rows)
    place = sitting.cycle.province_id
    lines = [Touched(place, f"task/{task.id}", {"task": task.model_dump(mode="json")}) for task in chosen]
    sitting.finish("take-in-tasks", act_key("take-in-tasks", new), lines, Traces())
    count_rows(sitting.session, "plan_tasks, task_occasions, dossiers")
    project(sitting.session, sitting.cycle, {task.id for task in chosen})
    count_rows(sitting.session, "task_dues")
    return len(new)


def known_tasks(sitting: Sitting) -> dict[str, dict[str, Any]]:
    """The tasks of the cycle as they stand, by id."""
    names = [column.name for column in Task.__table__.columns]
    rows = sitting.session.execute(select(*Task.__table__.columns).where(Task.cycle_id == sitting.cycle.id))
    return {row.task: dict(zip(names, row, strict=True)) for row in rows}


def task_row(cycle: Cycle, task: PlanTask, origin: str) -> dict[str, Any]:
    citation = task.citation
    ground = ", ".join(part for part in (citation.text, citation.article) if part) if citation else task.source
    money = {str(source): task.estimate.of(source) if task.estimate else 0 for source in MoneySource}
    return {
        "cycle_id": cycle.id,
        "task": task.id,
        "kind": str(task.kind),
        "title": task.title,
        "lead": str(task.lead),
        "lead_level": task.lead.level,
        "per": task.owed_per,
        "cooperating": json.dumps(task.cooperating, ensure_ascii=False),
        "stage": str(task.stage) if task.stage else None,
        "rule": json.dumps(task.due.model_dump(mode="json"), sort_keys=True),
        "product": task.product,
        "indicator": task.indicator,
        "budget_line": task.budget_line,
        **money,
        "ground": ground[:300],
        "mark": str(task.mark),
        "origin": origin,
    }


def occasion_row(sitting: Sitting, task: str, one: Occasion, unit_id: int | None = None) -> dict[str, Any]:
    """An occasion that is known from the act on; `unit_id` null: of every unit that owes the task."""
    return {
        "cycle_id": sitting.cycle.id,
        "task": task,
        "occasion": one.name,
        "unit_id": unit_id,
        "starts_on": one.starts_on,
        "last_day": one.last_day,
        "known_on": sitting.signed.day,
        "known_at": sitting.signed.at,
    }


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


def _without_plan(cycle: Cycle) -> Refusal:
    return Refusal(
        "no_plan",
        Words(f"Kỳ năm {cycle.year} mở không có kế hoạch của tỉnh.", f"The cycle of {cycle.year} has no plan."),
        Words("Chương trình công tác là phần của kế hoạch.", "A work programme is part of a plan."),
        Words("Mở kỳ với `--plan`, hoặc bổ sung kế hoạch.", "Open the cycle with `--plan`, or amend it with one."),
    )


def _says_otherwise(tasks: Sequence[str]) -> Refusal:
    listed = ", ".join(tasks[:10])
    return Refusal(
        "task_says_otherwise",
        Words(f"Việc {listed} đã có với nội dung khác.", f"Task {listed} stands there already in other words."),
        Words(
            "Không việc nào bị ghi đè; thay đổi phải để lại dấu vết.",
            "Nothing is overwritten; a change leaves a trace.",
        ),
        Words(
            "Dùng mã khác cho việc mới; gia hạn bằng `tcpl task extend`.",
            "Give a new task another id; a later day is `tcpl task extend`.",
        ),
        tasks=list(tasks),
    )

"""The work programme of a cycle: its tasks are taken from the plan, or added later, with their days."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from models.errors import Refusal
from models.law.flaws import Flaw, refusal
from models.law.plan import Plan
from models.law.programme import MoneySource, PlanTask
from models.law.programme_checks import programme_beside, programme_flaws
from models.law.programme_days import Occasion, occasions
from models.records.acting import Sitting, Traces
from models.records.base import count_rows
from models.records.cycles import Cycle
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.programme_projection import project
from models.records.programme_tables import Task, TaskOccasion
from models.words import Words


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

"""The programme as of a day: every due task with its standing and reasons, and the figures for the board. Read only."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Bundle, Session, aliased

from models.cycle.programme import STANDING_WORDS, Days, Standing, days_late, reason, standing
from models.law.programme import KIND_WORDS, Due, TaskKind
from models.records.cycles import Agency
from models.records.programme import EXTENDED
from models.records.programme_tables import Task, TaskDue, TaskFact
from models.records.units import Unit
from models.words import Language

_DUE: TypeAdapter[Any] = TypeAdapter(Due)
_TASK: Any = Bundle(
    "task",
    *(Task.task, Task.kind, Task.title, Task.cooperating, Task.rule, Task.ground, Task.mark, Task.origin),
    *(Task.product, Task.indicator),
)
_DUE_COLUMNS: Any = Bundle(
    "due",
    *(TaskDue.unit_id, TaskDue.task, TaskDue.occasion, TaskDue.actor, TaskDue.starts_on, TaskDue.last_day),
    *(TaskDue.done_on, TaskDue.carried_on, TaskDue.carried_until),
)
"""Columns, not rows of the mapping: a country owes forty thousand tasks."""

_OVER = (Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.CARRIED_OVER)


def rows_on(
    session: Session, cycle_id: int, on: date, language: Language = "vi", *, unit: str | None = None
) -> list[dict[str, Any]]:
    """Every due task as of a day, nearest day first; one statement for the tasks, one for their facts.

    `unit_ended`: the last day of a unit that is no more and still owes it; a person says whose it is now (`local`).
    """
    facts = _facts(session, cycle_id)
    rules: dict[str, tuple[Any, Any]] = {}
    said: dict[tuple[str, bool, date], str] = {}
    found = []
    for task, due, code, name, ended, agency in _query(session, cycle_id, unit):
        if task.task not in rules:
            rules[task.task] = _DUE.validate_json(task.rule), json.loads(task.cooperating)
        rule, cooperating = rules[task.task]
        carried = due.occasion.startswith("carried-")
        if (task.task, carried, due.last_day) not in said:
            said[task.task, carried, due.last_day] = reason(None if carried else rule, due.last_day).to(language)
        extended = [fact for fact in facts.get((due.unit_id, due.task, due.occasion), ()) if fact["on_day"] <= on]
        days = _days_known(due, extended)
        stands = standing(days, on)
        late, late_granted = days_late(days, on)
        proofs = [fact for fact in extended if fact["kind"] == "done"]
        found.append(
            {
                "task": task.task,
                "kind": task.kind,
                "title": task.title,
                "unit": code,
                "unit_name": name,
                "unit_ended": ended if ended and ended < on and stands not in _OVER else None,
                "occasion": due.occasion,
                "lead": due.actor,
                "agency": agency,
                "cooperating": cooperating,
                "starts_on": due.starts_on,
                "last_day": due.last_day,
                "due_day": days.due_day,
                "why": said[task.task, carried, due.last_day],
                "ground": task.ground,
                "mark": task.mark,
                "origin": task.origin,
                "product": task.product,
                "indicator": task.indicator,
                "standing": str(stands),
                "done_on": due.done_on if due.done_on and due.done_on <= on else None,
                "days_late": late,
                "days_late_beyond_granted": late_granted,
                "late_holder": agency if late else None,
                "carried_until": due.carried_until if stands is Standing.CARRIED_OVER else None,
                "granted": [fact for fact in extended if fact["kind"] != "done"],
                "proof": proofs,
            }
        )
    return found


def _days_known(due: Any, facts: Sequence[dict[str, Any]]) -> Days:
    """Its days by the facts of the day asked about: what was granted later had not been granted then."""
    granted = [fact["until"] for fact in facts if fact["kind"] == EXTENDED and fact["until"]]
    return Days(due.starts_on, due.last_day, max([due.last_day, *granted]), due.done_on, due.carried_on)


def _query(session: Session, cycle_id: int, unit: str | None) -> Sequence[Any]:
    owner, agency = aliased(Unit), aliased(Agency)
    query = (
        select(_TASK, _DUE_COLUMNS, owner.code, owner.name, owner.valid_to, func.coalesce(agency.name, TaskDue.actor))
        .select_from(Task)
        .join(TaskDue, and_(TaskDue.cycle_id == Task.cycle_id, TaskDue.task == Task.task))
        .join(owner, owner.id == TaskDue.unit_id)
        .outerjoin(agency, and_(agency.unit_id == TaskDue.holder_id, agency.actor == TaskDue.actor))
        .where(Task.cycle_id == cycle_id)
        .order_by(TaskDue.due_day, Task.task, TaskDue.occasion, owner.code)
    )
    return session.execute(query if unit is None else query.where(owner.code == unit)).all()


def _facts(session: Session, cycle_id: int) -> dict[tuple[int, str, str], list[dict[str, Any]]]:
    names = ("kind", "on_day", "by", "until", "reason", "document", "file", "sha256")
    found: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    rows = session.execute(
        select(TaskFact.unit_id, TaskFact.task, TaskFact.occasion, *(getattr(TaskFact, name) for name in names))
        .where(TaskFact.cycle_id == cycle_id)
        .order_by(TaskFact.id)
    )
    for unit_id, task, occasion, *values in rows:
        found.setdefault((unit_id, task, occasion), []).append(dict(zip(names, values, strict=True)))
    return found


def figures_on(session: Session, cycle_id: int, on: date) -> dict[str, Any]:
    """How many due tasks stand where as of a day, in all and by kind of work: one statement.

    Grouped by its days, a programme of 40,000 due tasks is some hundreds of rows.
    """
    same = ("unit_id", "task", "occasion")
    granted = (
        select(*(getattr(TaskFact, name) for name in same), func.max(TaskFact.until).label("until"))
        .where(TaskFact.cycle_id == cycle_id, TaskFact.kind == EXTENDED, TaskFact.on_day <= on)
        .group_by(*(getattr(TaskFact, name) for name in same))
        .subquery()
    )
    due_day = case((granted.c.until > TaskDue.last_day, granted.c.until), else_=TaskDue.last_day)
    columns = (TaskDue.starts_on, TaskDue.last_day, due_day, TaskDue.done_on, TaskDue.carried_on)
    rows = session.execute(
        select(Task.kind, *columns, func.count(), func.count(granted.c.unit_id))
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .outerjoin(granted, and_(*(granted.c[name] == getattr(TaskDue, name) for name in same)))
        .where(TaskDue.cycle_id == cycle_id)
        .group_by(Task.kind, *columns)
    )
    by_kind: dict[str, Counter[str]] = {}
    extended = 0
    for kind, starts, last, due, done, carried, count, later in rows:
        stands = standing(Days(starts, last, due, done, carried), on)
        by_kind.setdefault(kind, Counter())[str(stands)] += count
        extended += later
    everything: Counter[str] = sum(by_kind.values(), Counter())
    return {
        **{str(name): everything[str(name)] for name in Standing},
        "total": everything.total(),
        "extended": extended,
        "by_kind": {
            str(kind): {str(name): by_kind[kind][str(name)] for name in Standing}
            for kind in TaskKind
            if kind in by_kind
        },
    }


def said_kind(kind: str, language: Language) -> str:
    return KIND_WORDS[TaskKind(kind)].to(language)


def said_standing(name: str, language: Language) -> str:
    return STANDING_WORDS[Standing(name)].to(language)

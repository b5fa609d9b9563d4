"""The programme as of a day: every due task with its standing and reasons, and the figures for the board. Read only."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, true
from sqlalchemy.orm import Bundle, Session, aliased

from models.cycle.programme import STANDING_WORDS, Days, Standing, days_late, reason, standing
from models.law.programme import KIND_WORDS, Due, TaskKind
from models.records.cycles import Agency
from models.records.prepared import prepared
from models.records.programme_projection import EXTENDED
from models.records.programme_tables import Task, TaskDue, TaskFact
from models.records.units import Unit
from models.records.until_acts import of_acts
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
    query = due_tasks(cycle_id)
    query = query if unit is None else query.where(OWNER.code == unit)
    return documents(session, cycle_id, session.execute(query).all(), on, language)


MOST_NAMED = 500
"""Of so many units the facts are asked for by name; of more, those of the whole cycle."""


def documents(
    session: Session, cycle_id: int, rows: Sequence[Any], on: date, language: Language
) -> list[dict[str, Any]]:
    """What is told of these rows of `due_tasks`, in their order."""
    units = {due.unit_id for _, due, *_ in rows}
    facts = _facts(session, cycle_id, units if len(units) <= MOST_NAMED else None)
    rules: dict[str, tuple[Any, Any]] = {}
    said: dict[tuple[str, bool, date], str] = {}
    found = []
    for task, due, code, name, ended, agency in rows:
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


OWNER, _AGENCY = aliased(Unit), aliased(Agency)


def due_tasks(cycle_id: int) -> Select[Any]:
    """The due tasks of a cycle, nearest day first, each with the unit that owes it (`OWNER`) and its agency."""
    return (
        select(_TASK, _DUE_COLUMNS, OWNER.code, OWNER.name, OWNER.valid_to, func.coalesce(_AGENCY.name, TaskDue.actor))
        .select_from(Task)
        .join(TaskDue, and_(TaskDue.cycle_id == Task.cycle_id, TaskDue.task == Task.task))
        .join(OWNER, OWNER.id == TaskDue.unit_id)
        .outerjoin(_AGENCY, and_(_AGENCY.unit_id == TaskDue.holder_id, _AGENCY.actor == TaskDue.actor))
        .where(Task.cycle_id == cycle_id)
        .order_by(TaskDue.due_day, Task.task, TaskDue.occasion, OWNER.code)
    )


def _facts(
    session: Session, cycle_id: int, units: Collection[int] | None
) -> dict[tuple[int, str, str], list[dict[str, Any]]]:
    """What was recorded of the due tasks of these units; null: of all."""
    found: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    for unit_id, task, occasion, *values in session.execute(*_recorded(cycle_id, units)):
        found.setdefault((unit_id, task, occasion), []).append(dict(zip(_RECORDED, values, strict=True)))
    return found


_RECORDED = ("kind", "on_day", "by", "until", "reason", "document", "file", "sha256")


@prepared
def _recorded(cycle_id: int, units: Collection[int] | None):
    return (
        select(TaskFact.unit_id, TaskFact.task, TaskFact.occasion, *(getattr(TaskFact, name) for name in _RECORDED))
        .where(TaskFact.cycle_id == cycle_id, true() if units is None else TaskFact.unit_id.in_(units))
        .order_by(TaskFact.id)
    )


SAME = ("unit_id", "task", "occasion")
"""What a due task and the facts about it have in common, beside their cycle."""


def granted_until(of_cycle: ColumnElement[bool], on: date) -> Subquery:
    """The latest day that was granted to each due task by the day; `of_cycle`: of which cycles, of `TaskFact`."""
    same = [getattr(TaskFact, name) for name in ("cycle_id", *SAME)]
    return (
        select(*same, func.max(TaskFact.until).label("until"))
        .where(of_cycle, TaskFact.kind == EXTENDED, TaskFact.on_day <= on)
        .group_by(*same)
        .subquery()
    )


def due_day_known(granted: Subquery) -> ColumnElement[date]:
    """The plan's last day, or the later one that was granted."""
    return case((granted.c.until > TaskDue.last_day, granted.c.until), else_=TaskDue.last_day)


@of_acts
def figures_on(session: Session, cycle_id: int, on: date) -> dict[str, Any]:
    """How many due tasks stand where as of a day, in all and by kind of work."""
    return figures_by_cycle(session, [cycle_id], on)[cycle_id]


def figures_by_cycle(session: Session, cycle_ids: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    """The same for many cycles, by cycle id: one statement, whatever their number.

    Grouped by its days, a programme of 40,000 due tasks is some hundreds of rows.
    """
    by_kind: dict[int, dict[str, Counter[str]]] = {cycle_id: {} for cycle_id in cycle_ids}
    extended: Counter[int] = Counter()
    for cycle_id, kind, starts, last, due, done, carried, count, later in session.execute(*_by_days(cycle_ids, on)):
        stands = standing(Days(starts, last, due, done, carried), on)
        by_kind[cycle_id].setdefault(kind, Counter())[str(stands)] += count
        extended[cycle_id] += later
    return {cycle_id: _figures(counted, extended[cycle_id]) for cycle_id, counted in by_kind.items()}


def _figures(by_kind: Mapping[str, Counter[str]], extended: int) -> dict[str, Any]:
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


@prepared
def _by_days(cycle_ids: Sequence[int], on: date):
    granted = granted_until(TaskFact.cycle_id.in_(cycle_ids), on)
    due_day = due_day_known(granted)
    columns = (TaskDue.starts_on, TaskDue.last_day, due_day, TaskDue.done_on, TaskDue.carried_on)
    return (
        select(TaskDue.cycle_id, Task.kind, *columns, func.count(), func.count(granted.c.unit_id))
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .outerjoin(granted, and_(*(granted.c[name] == getattr(TaskDue, name) for name in ("cycle_id", *SAME))))
        .where(TaskDue.cycle_id.in_(cycle_ids))
        .group_by(TaskDue.cycle_id, Task.kind, *columns)
    )


def said_kind(kind: str, language: Language) -> str:
    return KIND_WORDS[TaskKind(kind)].to(language)


def said_standing(name: str, language: Language) -> str:
    return STANDING_WORDS[Standing(name)].to(language)

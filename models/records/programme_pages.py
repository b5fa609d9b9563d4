"""A page of the work programme: which due tasks, in which order, and how many there are, all asked of the database.

The whole programme, for the command line and for reports, is `programme_board.rows_on`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from models.cycle.programme import AT_RISK_DAYS, Standing
from models.records import programme_board
from models.records.prepared import prepared
from models.records.programme_tables import Task, TaskDue, TaskFact
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Language


@dataclass(frozen=True)
class Wanted:
    """Which due tasks; what is None does not narrow. `units` are ids, `unit` is the code of one."""

    standing: str | None = None
    kind: str | None = None
    task: str | None = None
    unit: str | None = None
    units: Sequence[int] | None = None


@of_acts
def count_on(session: Session, cycle_id: int, wanted: Wanted, on: date) -> int:
    """How many due tasks the filter has as of a day."""
    return session.scalar(*_count(cycle_id, on, *_values(wanted))) or 0


@prepared
def _count(cycle_id: int, on: date, *wanted: Any):
    query, _ = _narrowed(cycle_id, on, *wanted)
    return select(func.count()).select_from(query.with_only_columns(Task.task).subquery())


@of_acts
def page_on(
    session: Session, cycle_id: int, wanted: Wanted, on: date, language: Language, *, most: int, skip: int,
    undone_first: bool = False,
) -> list[dict[str, Any]]:  # fmt: skip
    """`most` rows of the filter after the first `skip`, nearest day first. `undone_first`: what is over comes last."""
    rows = session.execute(*_page(most, skip, undone_first, cycle_id, on, *_values(wanted))).all()
    return programme_board.documents(session, cycle_id, rows, on, language)


@prepared
def _page(most: int, skip: int, undone_first: bool, cycle_id: int, on: date, *wanted: Any):
    query, due_day = _narrowed(cycle_id, on, *wanted)
    order: list[Any] = [TaskDue.due_day, Task.task, TaskDue.occasion, programme_board.OWNER.code]
    if undone_first:
        over = case((_over(on), 1), else_=0)
        order = [over, due_day, Task.task, programme_board.OWNER.code, TaskDue.occasion]
    return query.order_by(None).order_by(*order).limit(most).offset(skip)


@of_acts
def titles(session: Session, cycle_id: int) -> dict[str, str]:
    """The tasks that somebody owes, by name, in the order of their first day."""
    return dict(session.execute(*_titles(cycle_id)).tuples().all())


@prepared
def _titles(cycle_id: int):
    return (
        select(Task.task, Task.title)
        .join(TaskDue, and_(TaskDue.cycle_id == Task.cycle_id, TaskDue.task == Task.task))
        .where(Task.cycle_id == cycle_id)
        .group_by(Task.task, Task.title)
        .order_by(func.min(TaskDue.due_day), Task.task)
    )


@of_acts
def owing(session: Session, cycle_id: int) -> list[tuple[int, str, str]]:
    """Every unit that owes a task: id, code, name."""
    return [*session.execute(*_owing(cycle_id)).tuples()]


@prepared
def _owing(cycle_id: int):
    owes = select(TaskDue.unit_id).where(TaskDue.cycle_id == cycle_id)
    return select(Unit.id, Unit.code, Unit.name).where(Unit.id.in_(owes)).order_by(Unit.code)


def _values(wanted: Wanted) -> tuple[str | None, str | None, str | None, str | None, Collection[int] | None]:
    """What `_narrowed` is given."""
    return wanted.standing or None, wanted.kind or None, wanted.task or None, wanted.unit or None, wanted.units


def _narrowed(
    cycle_id: int,
    on: date,
    standing: str | None,
    kind: str | None,
    task: str | None,
    unit: str | None,
    units: Collection[int] | None,
) -> tuple[Select[Any], ColumnElement[date]]:
    """The due tasks under the filter, and the last day of each row as it was known on the day."""
    granted = programme_board.granted_until(TaskFact.cycle_id == cycle_id, on)
    due_day = programme_board.due_day_known(granted)
    query = programme_board.due_tasks(cycle_id).outerjoin(
        granted, and_(*(granted.c[name] == getattr(TaskDue, name) for name in programme_board.SAME))
    )
    if standing is not None:
        query = query.where(_standing(due_day, on) == standing)
    if kind is not None:
        query = query.where(Task.kind == kind)
    if task is not None:
        query = query.where(Task.task == task)
    if unit is not None:
        query = query.where(programme_board.OWNER.code == unit)
    if units is not None:
        query = query.where(TaskDue.unit_id.in_(units))
    return query, due_day


def _over(on: date) -> ColumnElement[bool]:
    return (TaskDue.done_on <= on) | (TaskDue.carried_on <= on)


def _standing(due_day: ColumnElement[date], on: date) -> ColumnElement[str]:
    """`models.cycle.programme.standing` in the words of the database."""
    done = case((TaskDue.done_on <= due_day, str(Standing.DONE_ON_TIME)), else_=str(Standing.DONE_LATE))
    return case(
        (TaskDue.done_on <= on, done),
        (TaskDue.carried_on <= on, str(Standing.CARRIED_OVER)),
        (due_day < on, str(Standing.OVERDUE)),
        (due_day <= on + timedelta(days=AT_RISK_DAYS), str(Standing.AT_RISK)),
        (TaskDue.starts_on > on, str(Standing.NOT_STARTED)),
        else_=str(Standing.IN_PROGRESS),
    )

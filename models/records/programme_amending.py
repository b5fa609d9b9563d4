"""An amended plan's work programme: tasks added, dropped or said otherwise, and their days moved, each told.

What a unit has done or carried over stays as it was; only what is still owed follows the plan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import and_, delete, exists, insert, or_, select, update

from models.errors import Refusal
from models.law.cycle_law import CycleLaw
from models.law.programme import Due, StageDay
from models.law.programme_days import Occasion, occasions, times
from models.records.acting import Sitting
from models.records.base import count_rows
from models.records.journal import Touched
from models.records.programme import known_tasks, occasion_row, task_row
from models.records.programme_projection import forget_twins, project
from models.records.programme_tables import Task, TaskDue, TaskMoney, TaskOccasion
from models.records.units import Unit
from models.words import Words

_DUE: TypeAdapter[Any] = TypeAdapter(Due)


@dataclass(frozen=True)
class TaskMoved:
    """What a unit owes of the programme that changed: its day, or who does it. `was` null: added; `now` null: dropped.

    `passed`: the former day lay behind already and would be another, or none.
    """

    unit_id: int
    code: str
    name: str
    step: str
    occasion: str
    title: str
    ground: str
    holders: tuple[tuple[int, str] | None, tuple[int, str] | None]
    was: date | None
    now: date | None
    legal_was: date | None
    legal_now: date | None
    done: bool
    passed: bool

    @property
    def only_said_otherwise(self) -> bool:
        """Its days and who does it stand; its title or its product is another."""
        return self.holders[0] == self.holders[1] and (self.was, self.legal_was) == (self.now, self.legal_now)


class _Named(NamedTuple):
    task: str
    occasion: str


@dataclass(frozen=True)
class _Changes:
    """What of the tables is to be written: rows of tasks by id, occasions by name."""

    rows: Mapping[str, dict[str, Any]]
    dropped: Collection[str]
    gone: Collection[_Named]
    come: Mapping[_Named, Occasion]
    moved: Mapping[_Named, Occasion]

    @property
    def tasks(self) -> set[str]:
        named = {one.task for each in (self.gone, self.come, self.moved) for one in each}
        return {*self.rows, *self.dropped, *named}


def amend_programme(sitting: Sitting, law: CycleLaw, version: int) -> tuple[list[TaskMoved], list[Touched]]:
    """Bring the cycle's programme to what the plan of `law` says; what changed for whom, and the journal's lines of it.

    Refused where another level would owe a task that somebody did already.
    """
    known = known_tasks(sitting)
    changes = _changes(sitting, law, known)
    if not changes.tasks:
        return [], []
    _refuse_other_level(sitting, known, changes.rows)
    before = _dues(sitting, changes.tasks)
    _write(sitting, known, changes)
    _write_occasions(sitting, changes, before)
    count_rows(sitting.session, "plan_tasks, task_occasions")
    still_owed = (TaskDue.done_on.is_(None), TaskDue.carried_on.is_(None))
    mine = (TaskDue.cycle_id == sitting.cycle.id, TaskDue.task.in_(changes.tasks))
    sitting.session.execute(delete(TaskDue).where(*mine, *still_owed))
    project(sitting.session, sitting.cycle, changes.tasks)
    _forget_empty(sitting, changes.dropped)
    moved = _compare(before, _dues(sitting, changes.tasks), sitting.signed.day)
    return moved, [*_task_lines(sitting, known, changes, version), *_due_lines(moved, version, sitting.signed.ground)]


def _changes(sitting: Sitting, law: CycleLaw, known: Mapping[str, dict[str, Any]]) -> _Changes:
    plan = law.plan
    tasks = plan.programme if plan else ()
    wanted = {task.id: task_row(sitting.cycle, task, "plan") for task in tasks}
    dropped = {name for name, row in known.items() if row["origin"] == "plan" and name not in wanted}
    days = (
        {_Named(task.id, one.name): one for task in tasks for one in occasions(task, plan, law.regulation)}
        if plan
        else {}
    )
    stand = _occasions(sitting)
    ruled = {*wanted, *dropped}
    if plan:  # a task that was added later and hangs on a stage follows the stage
        for named, one in stand.items():
            rule = None if named.task in ruled else _DUE.validate_json(known[named.task]["rule"])
            if isinstance(rule, StageDay):
                ruled.add(named.task)
                days |= {_Named(named.task, t.name): t for t in times(rule, one.starts_on, plan, law.regulation)}
    return _Changes(
        rows={name: row for name, row in wanted.items() if known.get(name) != row},
        dropped=dropped,
        gone={named for named in stand if named.task in ruled and named not in days},
        come={named: one for named, one in days.items() if named not in stand},
        moved={named: one for named, one in days.items() if named in stand and stand[named] != one},
    )


def _occasions(sitting: Sitting) -> dict[_Named, Occasion]:
    """The occasions that hold for every unit that owes the task."""
    rows = sitting.session.execute(
        select(TaskOccasion.task, TaskOccasion.occasion, TaskOccasion.starts_on, TaskOccasion.last_day).where(
            TaskOccasion.cycle_id == sitting.cycle.id, TaskOccasion.unit_id.is_(None)
        )
    ).tuples()
    return {_Named(task, name): Occasion(name, starts, last) for task, name, starts, last in rows}


def _write(sitting: Sitting, known: Mapping[str, dict[str, Any]], changes: _Changes) -> None:
    session, new = sitting.session, [row for name, row in changes.rows.items() if name not in known]
    if new:
        session.execute(insert(Task), new)
    changed = [row for name, row in changes.rows.items() if name in known]
    if changed:
        session.execute(update(Task), changed)
    mine = and_(Task.cycle_id == sitting.cycle.id, Task.task.in_(changes.dropped))
    session.execute(update(Task).where(mine).values(origin="dropped").execution_options(synchronize_session=False))


def _write_occasions(sitting: Sitting, changes: _Changes, before: "Dues") -> None:
    session, cycle = sitting.session, sitting.cycle
    of_all = and_(TaskOccasion.cycle_id == cycle.id, TaskOccasion.unit_id.is_(None))
    rows = [occasion_row(sitting, named.task, one) for named, one in changes.come.items()]
    for due in (each.due for each in before.values()):  # what was done or carried over is kept, for its unit alone
        if _Named(due.task, due.occasion) in changes.gone and (due.done_on or due.carried_on):
            kept = occasion_row(sitting, due.task, Occasion(due.occasion, due.starts_on, due.last_day), due.unit_id)
            rows.append(kept | {"known_on": due.known_on, "known_at": due.known_at})
    by_task: dict[str, list[str]] = {}
    for named in changes.gone:
        by_task.setdefault(named.task, []).append(named.occasion)
    for task, names in by_task.items():
        session.execute(delete(TaskOccasion).where(of_all, TaskOccasion.task == task, TaskOccasion.occasion.in_(names)))
    for named, one in changes.moved.items():
        same = (TaskOccasion.task == named.task, TaskOccasion.occasion == named.occasion)
        days = {"starts_on": one.starts_on, "last_day": one.last_day}
        session.execute(update(TaskOccasion).where(of_all, *same).values(**days))
    if rows:
        session.execute(insert(TaskOccasion), rows)
    forget_twins(session, cycle)


def _forget_empty(sitting: Sitting, dropped: Collection[str]) -> None:
    """A dropped task of which nothing is left goes; where something was done, carried or paid it stays, as dropped."""
    occasion, money = (
        exists().where(table.cycle_id == Task.cycle_id, table.task == Task.task) for table in (TaskOccasion, TaskMoney)
    )
    sitting.session.execute(
        delete(Task)
        .where(Task.cycle_id == sitting.cycle.id, Task.task.in_(dropped), ~occasion, ~money)
        .execution_options(synchronize_session=False)
    )


class _Owed(NamedTuple):
    due: TaskDue
    code: str
    name: str
    title: str
    product: str
    ground: str


Dues = Mapping[tuple[int, str, str], _Owed]


def _dues(sitting: Sitting, tasks: Collection[str]) -> Dues:
    """Copies: what a row said before cannot change with the row."""
    names = [column.name for column in TaskDue.__table__.columns]
    rows = sitting.session.execute(
        select(*TaskDue.__table__.columns, Unit.code, Unit.name, Task.title, Task.product, Task.ground)
        .join(Unit, Unit.id == TaskDue.unit_id)
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .where(TaskDue.cycle_id == sitting.cycle.id, TaskDue.task.in_(tasks))
        .order_by(TaskDue.task, TaskDue.occasion, Unit.code, Unit.id)
    ).all()
    found = {}
    for *values, code, name, title, product, ground in rows:
        due = TaskDue(**dict(zip(names, values, strict=True)))
        found[due.unit_id, due.task, due.occasion] = _Owed(due, code, name, title, product, ground)
    return found


def _compare(before: Dues, after: Dues, today: date) -> list[TaskMoved]:
    moved = []
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        said, old, new = now or was, was.due if was else None, now.due if now else None
        days = [(due.due_day, due.last_day) if due else (None, None) for due in (old, new)]
        holders = tuple((due.holder_id, due.actor) if due else None for due in (old, new))
        same_words = was is not None and now is not None and (was.title, was.product) == (now.title, now.product)
        if said is None or (days[0] == days[1] and holders[0] == holders[1] and same_words):
            continue
        done = bool(new and (new.done_on or new.carried_on))
        passed = bool(old and days[0] != days[1] and old.due_day < today)
        moved.append(
            TaskMoved(
                *(said.due.unit_id, said.code, said.name, said.due.task, said.due.occasion, said.title, said.ground),
                *((holders[0], holders[1]), days[0][0], days[1][0], days[0][1], days[1][1], done, passed),
            )
        )
    return moved


def _task_lines(
    sitting: Sitting, known: Mapping[str, dict[str, Any]], changes: _Changes, version: int
) -> list[Touched]:
    """One line for each task that came, went, or is said otherwise: every field that changed, from and to."""
    lines = []
    for name in sorted(changes.dropped):
        lines.append(Touched(sitting.cycle.province_id, f"drop-task/{version}/{name}", {"title": known[name]["title"]}))
    for name, row in sorted(changes.rows.items()):
        old = known.get(name, {})
        change = {
            field: {"from": old.get(field), "to": value}
            for field, value in row.items()
            if field not in ("cycle_id", "task") and old.get(field) != value
        }
        act = "change-task" if old else "add-task"
        lines.append(Touched(sitting.cycle.province_id, f"{act}/{version}/{name}", change))
    return lines


def _due_lines(moved: Sequence[TaskMoved], version: int, why: str) -> list[Touched]:
    return [
        Touched(
            one.unit_id,
            f"move-task/{version}/{one.step}/{one.occasion}/{one.unit_id}",
            {
                "task": one.step,
                "title": one.title,
                "ground": one.ground,
                "from": one.was,
                "to": one.now,
                "last_day": {"from": one.legal_was, "to": one.legal_now},
                "holder": {"from": one.holders[0], "to": one.holders[1]},
                "why": why,
                "passed": one.passed,
                "done": one.done,
            },
        )
        for one in moved
        if not one.only_said_otherwise  # the line of the task says what it says now
    ]


def _refuse_other_level(
    sitting: Sitting, known: Mapping[str, dict[str, Any]], rows: Mapping[str, dict[str, Any]]
) -> None:
    other = sorted(name for name, row in rows.items() if name in known and known[name]["per"] != row["per"])
    done = sitting.session.scalar(
        select(TaskDue.task)
        .where(
            TaskDue.cycle_id == sitting.cycle.id,
            TaskDue.task.in_(other),
            or_(TaskDue.done_on.is_not(None), TaskDue.carried_on.is_not(None)),
        )
        .limit(1)
    )
    if done:
        raise Refusal(
            "task_owed_by_another_level",
            Words(f"Việc “{done}” đã có đơn vị làm xong.", f"Somebody has done '{done}' already."),
            Words(
                "Đổi cấp thực hiện thì không còn biết việc đã làm thuộc về ai.",
                "If another level owed it, what was done would be nobody's.",
            ),
            Words("Bỏ việc này và thêm việc mới với mã khác.", "Drop it, and add a new task under another id."),
            task=done,
        )

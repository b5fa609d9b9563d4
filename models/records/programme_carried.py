"""Tasks that change hands: carried over from an earlier year, or left open by a unit that went into another.

What a unit that no longer exists still owed is its only successor's. Where there is none, or several, Sở Tư pháp has
it in hand until somebody says whose it is (`local`): nothing is lost for want of an owner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.orm import Session

from models.law.programme_days import Occasion
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.opening import add_commune_agencies
from models.records.programme import known_tasks, occasion_row
from models.records.programme_projection import CARRIED, forget_twins, project
from models.records.programme_tables import Task, TaskDue, TaskFact, TaskOccasion
from models.records.unit_queries import forebears, lineage
from models.records.units import Unit

HELD_FOR = "province_justice"
"""Who has in hand what has no owner any more."""


@dataclass
class _Taken:
    """What a taking over comes to, gathered task by task."""

    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    occasions: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Touched] = field(default_factory=list)
    words: dict[str, Word] = field(default_factory=dict)


def take_over(sitting: Sitting) -> int:
    """Take over what the province's cycles before this one carried to it, with its new day; how many were new."""
    rows = _carried_here(sitting)
    wanted = {
        f"task-taken-over/{row.year}/{row.TaskDue.task}/{row.TaskDue.occasion}/{row.Unit.code}": row for row in rows
    }
    new = sorted(sitting.fresh(wanted))
    if not new:
        return 0
    owners = _owners(sitting, {wanted[key].Unit.id: wanted[key].Unit for key in new}.values())
    known, taken = known_tasks(sitting), _Taken()
    for key in new:
        _take(sitting, key, wanted[key], owners[wanted[key].Unit.id], known, taken)
    if taken.tasks:
        sitting.session.execute(insert(Task), list(taken.tasks.values()))
    sitting.session.execute(insert(TaskOccasion), taken.occasions)
    traces = Traces(words=list(taken.words.values()))
    sitting.finish("take-over-tasks", act_key("take-over-tasks", new), taken.lines, traces)
    project(sitting.session, sitting.cycle, {str(row["task"]) for row in taken.occasions})
    return len(new)


def _take(
    sitting: Sitting, key: str, row: Any, owner: Unit | None, known: dict[str, dict[str, Any]], taken: _Taken
) -> None:
    """One carried task, for the unit that owes it now; `owner` null: for Sở Tư pháp."""
    due, task, unit = row.TaskDue, row.Task, row.Unit
    columns = {column.name: getattr(task, column.name) for column in Task.__table__.columns}
    columns |= {"cycle_id": sitting.cycle.id, "origin": "carried"}
    if owner is None:
        columns |= {"lead": HELD_FOR, "lead_level": "province", "per": "province"}
    there = taken.tasks.get(task.task) or known.get(task.task)
    if there and (there["per"], there["lead"]) != (columns["per"], columns["lead"]):
        columns["task"] = f"{task.task[:28]}-{row.year}-{unit.code}"  # the plan says otherwise under the same id
    if columns["task"] not in known:
        taken.tasks.setdefault(columns["task"], columns)
    new_hands = owner is None or owner.id != unit.id
    name = "/".join(part for part in (f"carried-{row.year}", due.occasion, unit.code if new_hands else "") if part)
    day = max(due.carried_until, sitting.signed.day)
    held_by = owner.id if owner else sitting.cycle.province_id
    taken.occasions.append(occasion_row(sitting, columns["task"], Occasion(name, sitting.signed.day, day), held_by))
    change = {"from": due.cycle_id, "until": due.carried_until, "owner": owner.code if owner else HELD_FOR}
    if new_hands:
        change |= {"owed_by": unit.id, "now_by": owner.id if owner else None}
    taken.lines.append(Touched(held_by, key, change))
    if new_hands:
        word = _told(unit, owner, sitting.cycle)
        taken.words[word.key] = word


def _told(unit: Unit, owner: Unit | None, cycle: Cycle) -> Word:
    said = f"{unit.code} {unit.name} → {owner.code} {owner.name}" if owner else f"{unit.code} {unit.name} → Sở Tư pháp"
    of_commune = owner is not None and owner.level == "commune"
    to = owner.id if owner else cycle.province_id
    actor = Actor.COMMUNE if of_commune else Actor.PROVINCE_JUSTICE
    return Word(Kind.UNIT_MERGED, unit.id, to, actor, key=f"unit_merged/{unit.id}/{to}", said=said)


def _owners(sitting: Sitting, units: Iterable[Unit]) -> dict[int, Unit | None]:
    """Who owes now what each of these units owed: itself, its only successor, or nobody (null)."""
    session, cycle = sitting.session, sitting.cycle
    mine = Dossier.cycle_id == cycle.id
    rows = session.execute(select(Dossier.unit_id, Dossier.district_id).where(mine)).tuples()
    here = {cycle.province_id, *(unit_id for pair in rows for unit_id in pair if unit_id)}
    return {unit.id: unit if unit.id in here else _successor(session, unit, here) for unit in units}


def _successor(session: Session, unit: Unit, here: set[int]) -> Unit | None:
    """The one unit that this one went into, however often, and that takes part; null: none, or several."""
    seen = {unit.id}
    while True:
        became = [kin.unit for kin in lineage(session, unit.id)[1] if kin.unit.level == unit.level]
        if len(became) != 1 or became[0].id in seen:
            return None
        unit = became[0]
        if unit.id in here:
            return unit
        seen.add(unit.id)


def _carried_here(sitting: Sitting) -> Sequence[Any]:
    """What was carried over in the nearest earlier cycle of the same sort: the province's own, else, where this is its
    first, those of the provinces that went into it.
    """
    own = [sitting.cycle.province_id]
    cycles = _nearest(sitting, own) or _nearest(sitting, forebears(sitting.session, own[0])[1:])
    return sitting.session.execute(
        select(TaskDue, Task, Cycle.year, Unit)
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .join(Cycle, Cycle.id == TaskDue.cycle_id)
        .join(Unit, Unit.id == TaskDue.unit_id)
        .where(TaskDue.cycle_id.in_(cycles), TaskDue.carried_until.is_not(None))
        .order_by(TaskDue.task, TaskDue.occasion, Unit.code)
    ).all()


def _nearest(sitting: Sitting, provinces: Sequence[int]) -> list[int]:
    """The last cycle of each of these provinces before this one."""
    rows = sitting.session.execute(
        select(Cycle.province_id, Cycle.id)
        .where(Cycle.province_id.in_(provinces), Cycle.trial == sitting.cycle.trial, Cycle.year < sitting.cycle.year)
        .order_by(Cycle.year)
    ).tuples()
    return sorted(dict(rows.all()).values())


def hand_on(sitting: Sitting, unit: Unit, successor: Unit, *, with_dossier: bool) -> list[str]:
    """In mid-cycle: what a unit still owes is its successor's from now on; the tasks (with occasions) that moved.

    `with_dossier`: the successor goes on with the unit's dossier, so that what was done counts for it. Otherwise the
    unit's open tasks end as handed on, and the successor owes each unless it does already.
    """
    if with_dossier:
        return _with_dossier(sitting, unit, successor)
    moved = _open_of(sitting, unit.id)
    if not moved:
        return []
    add_commune_agencies(sitting.session, sitting.law.regulation, [successor])
    owed = {(due.task, due.occasion) for due in _dues(sitting, successor.id)}
    reason = f"nhập vào {successor.code} {successor.name}"[:300]
    facts = [_ended(sitting, due, reason) for due in moved]
    occasions = [
        occasion_row(sitting, due.task, Occasion(due.occasion, due.starts_on, due.due_day), successor.id)
        for due in moved
        if (due.task, due.occasion) not in owed
    ]
    sitting.session.execute(insert(TaskFact), facts)
    if occasions:
        sitting.session.execute(insert(TaskOccasion), occasions)
    project(sitting.session, sitting.cycle, {due.task for due in moved})
    return ["/".join(filter(None, (due.task, due.occasion))) for due in moved]


def _with_dossier(sitting: Sitting, unit: Unit, successor: Unit) -> list[str]:
    session, mine = sitting.session, (TaskFact.cycle_id == sitting.cycle.id, TaskFact.unit_id == unit.id)
    names = [column.name for column in TaskFact.__table__.columns if column.name != "id"]
    rows = session.execute(select(*(getattr(TaskFact, name) for name in names)).where(*mine)).all()
    facts = [dict(zip(names, row, strict=True)) | {"unit_id": successor.id} for row in rows]
    if facts:
        session.execute(insert(TaskFact), facts)
    gone = session.execute(
        delete(TaskDue)
        .where(TaskDue.cycle_id == sitting.cycle.id, TaskDue.unit_id == unit.id)
        .returning(TaskDue.task, TaskDue.occasion)
        .execution_options(synchronize_session=False)
    ).all()
    forget_twins(session, sitting.cycle)  # a former unit may have handed on what this dossier owes by itself
    project(session, sitting.cycle, {task for task, _ in gone})
    return sorted("/".join(filter(None, row)) for row in gone)


def _dues(sitting: Sitting, unit_id: int) -> Sequence[TaskDue]:
    query = select(TaskDue).where(TaskDue.cycle_id == sitting.cycle.id, TaskDue.unit_id == unit_id)
    return sitting.session.scalars(query.order_by(TaskDue.task, TaskDue.occasion)).all()


def _open_of(sitting: Sitting, unit_id: int) -> list[TaskDue]:
    return [due for due in _dues(sitting, unit_id) if due.done_on is None and due.carried_on is None]


def _ended(sitting: Sitting, due: TaskDue, reason: str) -> dict[str, Any]:
    """Handed on within the year: no day in the next one, so that no later cycle takes it over again."""
    signed = sitting.signed
    return {
        "cycle_id": sitting.cycle.id,
        "unit_id": due.unit_id,
        "task": due.task,
        "occasion": due.occasion,
        "kind": CARRIED,
        "on_day": signed.day,
        "at": signed.at,
        "by": signed.by,
        "until": None,
        "reason": reason,
        "document": (signed.document or "")[:120],
        "file": "",
        "sha256": "",
    }

"""What the offices of a rehearsal do about the plan's work programme, by the same acts as people.

Each due task is done some days before its last, with a paper; one is late, one is extended and then done, one is
carried over. The days follow from the tasks alone, so that the same plan gives the same year.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.cycle_law import CycleLaw
from models.law.programme import MoneySource
from models.records import focal_points, inspections, programme_money, risks
from models.records.acting import Sitting
from models.records.cycles import Cycle
from models.records.focal_points import Appointed
from models.records.inspections import Found, Planned
from models.records.journal import Signed
from models.records.prepared import prepared
from models.records.programme_acts import Done, Granted, Proof, Which, carry_over, extend_tasks, finish_tasks
from models.records.programme_money import Amount
from models.records.programme_tables import Task, TaskDue
from models.records.units import Unit
from tasks.cast import Script
from tasks.database import work

LATE_TASK, EXTENDED_TASK, CARRIED_TASK = "agree-solutions", "fix-responsibility", "look-to-staffing"
"""The sample's tasks on which a rehearsal shows what lateness, an extension and a carrying over look like."""
LATE_BY, AHEAD, GRANTED = 5, 2, 14
VISITED = 3
OURS, _PAPER = "programme/", "văn bản minh họa"


def programme_days(session: Session, cycle: Cycle, law: CycleLaw) -> dict[str, date]:
    """Every day on which somebody acts on the programme, by names that no step of a regulation bears."""
    dues = _dues(session, cycle.id)
    if not dues:
        return {}
    days = {day for _, due in dues for day in (_finishes_on(due), *_grants_on(due)) if day}
    return {f"{OURS}{day}": day for day in sorted(days | {cycle.opened_on, _visits_on(law, cycle)})}


def play_programme(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    """The programme's acts of a day: grants before what is finished, since a day granted is kept."""
    if f"{OURS}{day}" not in script.days:
        return
    with work() as session:
        sitting = Sitting.on(session, script.cycle_id, Signed("cán bộ minh họa", at, "diễn tập", _PAPER))
        dues = _dues(session, script.cycle_id)
        _fund(sitting, dues, day)
        _grant(sitting, dues, day)
        _finish(sitting, dues, day)
        if day == _visits_on(law, sitting.cycle):
            _visit(sitting, day)


class _Due(NamedTuple):
    """What one unit owes of one task, as it stood before the day's acts."""

    task: str
    occasion: str
    unit_id: int
    starts_on: date
    last_day: date


def _dues(session: Session, cycle_id: int) -> list[tuple[str, _Due]]:
    rows = session.execute(*_owed(cycle_id)).tuples()
    return [(code, _Due(task, place, unit, begins, last)) for code, task, place, unit, begins, last in rows]


@prepared
def _owed(cycle_id: int):
    columns = (TaskDue.task, TaskDue.occasion, TaskDue.unit_id, TaskDue.starts_on, TaskDue.last_day)
    query = select(Unit.code, *columns).join(Unit, Unit.id == TaskDue.unit_id).where(TaskDue.cycle_id == cycle_id)
    return query.order_by(TaskDue.task, TaskDue.occasion, Unit.code)


def _finishes_on(due: _Due) -> date | None:
    """Most are done shortly before their last day. Reckoned from the plan's own day, so that it does not move."""
    if due.task == CARRIED_TASK:
        return None
    if due.task == LATE_TASK:
        return due.last_day + timedelta(days=LATE_BY)
    if due.task == EXTENDED_TASK:
        return due.last_day + timedelta(days=GRANTED - 1)
    return max(due.starts_on, due.last_day - timedelta(days=AHEAD))


def _grants_on(due: _Due) -> tuple[date, ...]:
    match due.task:
        case task if task == EXTENDED_TASK:
            return (due.last_day - timedelta(days=AHEAD),)
        case task if task == CARRIED_TASK:
            return (due.last_day + timedelta(days=LATE_BY),)
        case _:
            return ()


def _visits_on(law: CycleLaw, cycle: Cycle) -> date:
    """The opening of the last stage: by then the scores lie side by side."""
    return max(day.on for day in law.plan.stages.values()) if law.plan and law.plan.stages else cycle.opened_on


def _which(code: str, due: _Due) -> Which:
    return Which(due.task, code, due.occasion)


def _grant(sitting: Sitting, dues: list[tuple[str, _Due]], day: date) -> None:
    chosen = [(code, due) for code, due in dues if day in _grants_on(due)]
    later = [
        Granted(
            _which(code, due), due.last_day + timedelta(days=GRANTED), "chờ kết luận kiểm tra (minh họa)", "GH-minh họa"
        )
        for code, due in chosen
        if due.task == EXTENDED_TASK
    ]
    next_year = [
        Granted(
            _which(code, due), due.last_day + timedelta(days=365), "chờ đề án tổ chức bộ máy (minh họa)", "CN-minh họa"
        )
        for code, due in chosen
        if due.task == CARRIED_TASK
    ]
    extend_tasks(sitting, later)
    carry_over(sitting, next_year)


def _finish(sitting: Sitting, dues: list[tuple[str, _Due]], day: date) -> None:
    done = [
        Done(_which(code, due), day, Proof(document=f"{code}/{_PAPER}"))
        for code, due in dues
        if _finishes_on(due) == day
    ]
    if done:
        finish_tasks(sitting, done)


def _fund(sitting: Sitting, dues: list[tuple[str, _Due]], day: date) -> None:
    """On the opening day the Department names its people and its money; when a task is done, its money was spent."""
    code = next(code for code, due in dues if due.unit_id == sitting.cycle.province_id)
    if day == sitting.cycle.opened_on:
        person = Appointed(code, "province_justice", "responsible", "Người phụ trách (minh họa)", day, document=_PAPER)
        focal_points.appoint(sitting, [person])
    amounts = []
    tasks = {task.task: task for task in sitting.session.scalars(*_tasks(sitting.cycle.id))}
    for unit, due in dues:
        allocated, spent = day == sitting.cycle.opened_on, _finishes_on(due) == day
        for source in MoneySource if allocated or spent else ():
            amount: Decimal = getattr(tasks[due.task], source)
            paper = f"{due.occasion or 'KP'}-minh họa"
            if amount and allocated:
                amounts.append(Amount(due.task, unit, source, "allocated", amount, day, paper))
            if amount and spent:
                amounts.append(Amount(due.task, unit, source, "spent", amount, day, paper))
    if amounts:
        programme_money.record_amounts(sitting, amounts)


@prepared
def _tasks(cycle_id: int):
    return select(Task).where(Task.cycle_id == cycle_id)


def _visit(sitting: Sitting, day: date) -> None:
    chosen = risks.units_by_risk(sitting.session, sitting.cycle.id, "vi", VISITED)
    visits = [Planned(one["unit"], day, "đoàn kiểm tra (minh họa)", "; ".join(one["why"]), _PAPER) for one in chosen]
    if visits:
        inspections.plan_visits(sitting, visits)
    for one in chosen:
        finding = Found("minh chứng chưa đủ (minh họa)", "bổ sung minh chứng", day + timedelta(days=30))
        inspections.hold_visit(sitting, one["unit"], day, [finding], _PAPER)

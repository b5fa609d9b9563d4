"""Money of the programme: estimated by the plan, allocated and spent by the papers; per task, unit and source.

Never a payment: amounts are what documents say, whole đồng as Decimal, and every total is the sum of its rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import and_, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from models.cycle.programme import UNFUNDED_DAYS
from models.errors import Refusal
from models.law.programme import MoneySource
from models.records.acting import Sitting, Traces
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.money import WholeDong
from models.records.prepared import prepared
from models.records.programme_tables import Task, TaskDue, TaskMoney
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Words

Purpose = Literal["allocated", "spent"]
PURPOSES = ("estimated", "allocated", "spent")


@dataclass(frozen=True)
class Amount:
    """An amount that a paper allocates to, or shows as spent on, a unit's task; negative takes back an earlier one."""

    task: str
    unit: str
    source: MoneySource
    purpose: Purpose
    amount: Decimal
    on: date
    document: str

    @property
    def key(self) -> str:
        return f"money/{self.purpose}/{self.task}/{self.unit}/{self.source}/{self.document}"


def record_amounts(sitting: Sitting, amounts: Sequence[Amount]) -> int:
    """Record amounts, each under its document; the same document twice is one amount. Returns how many were new."""
    units = _units_owing(sitting, amounts)
    wanted = {one.key: one for one in amounts}
    new = sorted(sitting.fresh(wanted))
    if new:
        chosen = [wanted[key] for key in new]
        for one in chosen:
            _refuse_impossible(one)
        _refuse_less_than_nothing(sitting, chosen, units)
        rows = [
            {
                "cycle_id": sitting.cycle.id,
                "unit_id": units[one.task, one.unit],
                "task": one.task,
                "source": str(one.source),
                "purpose": one.purpose,
                "amount": one.amount,
                "on_day": one.on,
                "at": sitting.signed.at,
                "document": one.document,
            }
            for one in chosen
        ]
        sitting.session.connection().execute(insert(TaskMoney), rows)
        lines = [Touched(units[one.task, one.unit], one.key, {"amount": one.amount, "on": one.on}) for one in chosen]
        sitting.finish("record-money", act_key("record-money", new), lines, Traces())
    return len(new)


@of_acts
def money_on(session: Session, cycle_id: int, on: date) -> dict[str, Any]:
    """Estimated, allocated and spent as of a day: rows per task and unit, totals by source, and warnings."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    totals = {str(source): {purpose: Decimal(0) for purpose in PURPOSES} for source in MoneySource}
    for task, title, unit, source, purpose, amount in session.execute(*_query(cycle_id, on)):
        row = rows.setdefault((task, unit), {"task": task, "title": title, "unit": unit, **_nothing()})
        row["by_source"][source][purpose] += amount
        row[purpose] += amount
        totals[source][purpose] += amount
    whole = {purpose: sum((part[purpose] for part in totals.values()), Decimal(0)) for purpose in PURPOSES}
    needing = [row for row in rows.values() if any(row[purpose] for purpose in PURPOSES)]
    return {
        "tasks": needing,
        "by_source": totals,
        "total": whole,
        "warnings": [*_unfunded(session, cycle_id, rows, on), *_overspent(needing)],
    }


def _nothing() -> dict[str, Any]:
    by_source = {source: dict.fromkeys(PURPOSES, NO_MONEY) for source in SOURCES}
    return {"by_source": by_source, **dict.fromkeys(PURPOSES, NO_MONEY)}


NO_MONEY, SOURCES = Decimal(0), tuple(str(source) for source in MoneySource)


@prepared
def _query(cycle_id: int, on: date):
    """task, title, unit, source, purpose, amount: the plan's estimates by occasions, and the sums of the papers."""
    estimates = [
        select(
            TaskDue.task,
            TaskDue.unit_id,
            literal(str(source)).label("source"),
            literal("estimated").label("purpose"),
            func.sum(getattr(Task, source), type_=WholeDong()).label("amount"),
        )
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .where(TaskDue.cycle_id == cycle_id)
        .group_by(TaskDue.task, TaskDue.unit_id)
        for source in MoneySource
    ]
    papers = (
        select(
            TaskMoney.task,
            TaskMoney.unit_id,
            TaskMoney.source,
            TaskMoney.purpose,
            func.sum(TaskMoney.amount, type_=WholeDong()),
        )
        .where(TaskMoney.cycle_id == cycle_id, TaskMoney.on_day <= on)
        .group_by(TaskMoney.task, TaskMoney.unit_id, TaskMoney.source, TaskMoney.purpose)
    )
    found = union_all(*estimates, papers).subquery("found")
    return (
        select(found.c.task, Task.title, Unit.code, found.c.source, found.c.purpose, found.c.amount)
        .join(Unit, Unit.id == found.c.unit_id)
        .join(Task, and_(Task.cycle_id == cycle_id, Task.task == found.c.task))
        .order_by(found.c.task, Unit.code, found.c.source, found.c.purpose)
    )


def _unfunded(
    session: Session, cycle_id: int, rows: dict[tuple[str, str], dict[str, Any]], on: date
) -> list[dict[str, Any]]:
    """Tasks that start within days, or have started, whose estimate is not covered by what was allocated."""
    found = []
    for task, unit, starts in session.execute(*_starting(cycle_id, on)):
        row = rows.get((task, unit))
        if row and row["allocated"] < row["estimated"]:
            missing = row["estimated"] - row["allocated"]
            found.append({"warning": "unfunded", "task": task, "unit": unit, "starts_on": starts, "missing": missing})
    return found


@prepared
def _starting(cycle_id: int, on: date):
    return (
        select(TaskDue.task, Unit.code, func.min(TaskDue.starts_on))
        .join(Unit, Unit.id == TaskDue.unit_id)
        .where(TaskDue.cycle_id == cycle_id, TaskDue.done_on.is_(None), TaskDue.carried_on.is_(None))
        .group_by(TaskDue.task, Unit.code)
        .having(func.min(TaskDue.starts_on) <= on + timedelta(days=UNFUNDED_DAYS))
        .order_by(TaskDue.task, Unit.code)
    )


def _overspent(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"warning": "overspent", "task": row["task"], "unit": row["unit"], "missing": row["spent"] - row["allocated"]}
        for row in rows
        if row["spent"] > row["allocated"]
    ]


def _units_owing(sitting: Sitting, amounts: Sequence[Amount]) -> dict[tuple[str, str], int]:
    rows = sitting.session.execute(*_owing(sitting.cycle.id, sorted({one.task for one in amounts})))
    found = {(task, code): unit_id for task, code, unit_id in rows}
    for one in amounts:
        if (one.task, one.unit) not in found:
            raise _not_owed(one)
    return found


@prepared
def _owing(cycle_id: int, tasks: Collection[str]):
    query = select(TaskDue.task, Unit.code, Unit.id).join(Unit, Unit.id == TaskDue.unit_id)
    return query.where(TaskDue.cycle_id == cycle_id, TaskDue.task.in_(tasks)).distinct()


def _refuse_impossible(one: Amount) -> None:
    whole = one.amount.is_finite() and one.amount == one.amount.to_integral_value()
    if not whole or one.amount == 0 or abs(one.amount) >= 10**18 or not one.document.strip():
        raise Refusal(
            "money_impossible",
            Words(f"Số tiền {one.amount} không ghi được.", f"The amount {one.amount} cannot be recorded."),
            Words(
                "Số tiền là số đồng nguyên, khác không, có văn bản kèm theo.",
                "An amount is whole đồng, not nothing, and stands under a document.",
            ),
            Words("Ghi lại số tiền và `--document`.", "Write the amount again, with `--document`."),
        )


def _refuse_less_than_nothing(sitting: Sitting, amounts: Sequence[Amount], units: dict[tuple[str, str], int]) -> None:
    """What is taken back was there: no sum of a task, unit and source falls below nothing."""
    sums = {tuple(place): amount for *place, amount in sitting.session.execute(*_sums(sitting.cycle.id))}
    for one in amounts:
        place = (one.task, units[one.task, one.unit], str(one.source), one.purpose)
        sums[place] = sums.get(place, Decimal(0)) + one.amount
        if sums[place] < 0:
            raise Refusal(
                "money_does_not_add_up",
                Words(
                    f"Việc “{one.task}” của {one.unit} còn {sums[place]} đồng sau khi trừ.",
                    f"'{one.task}' of {one.unit} would be left with {sums[place]} đồng.",
                ),
                Words("Không thu hồi nhiều hơn số đã ghi.", "No more is taken back than was recorded."),
                Words("Xem `tcpl task money`, rồi ghi lại.", "See `tcpl task money`, then write it again."),
            )


@prepared
def _sums(cycle_id: int):
    columns = (TaskMoney.task, TaskMoney.unit_id, TaskMoney.source, TaskMoney.purpose)
    query = select(*columns, func.sum(TaskMoney.amount, type_=WholeDong())).group_by(*columns)
    return query.where(TaskMoney.cycle_id == cycle_id)


def _not_owed(one: Amount) -> Refusal:
    return Refusal(
        "task_not_owed",
        Words(f"Đơn vị {one.unit} không có việc “{one.task}”.", f"Unit {one.unit} does not owe '{one.task}'."),
        Words("Kinh phí ghi theo việc và đơn vị thực hiện.", "Money is recorded by task and unit."),
        Words("Xem `tcpl task list`.", "See `tcpl task list`."),
    )

"""The work programme's tables: tasks, their occasions, facts about them, what each unit owes, and money.

`task_facts` and `task_money` are the truth and are added to; `task_dues` is a projection that
`models.records.programme_projection.project` rebuilds.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Moment, Table
from models.records.money import WholeDong


class Task(Table):
    """A task of the cycle's programme; `rule` is the plan's rule of its day as JSON, `origin` plan, added or carried.

    The three estimates are what one unit needs on one occasion.
    """

    __tablename__ = "plan_tasks"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    lead: Mapped[str] = mapped_column(String(30))
    lead_level: Mapped[str] = mapped_column(String(10))
    per: Mapped[str] = mapped_column(String(10))
    cooperating: Mapped[str] = mapped_column(Text)
    stage: Mapped[str | None] = mapped_column(String(30))
    rule: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(String(300))
    indicator: Mapped[str | None] = mapped_column(String(12))
    budget_line: Mapped[str | None] = mapped_column(String(120))
    regular_budget: Mapped[Decimal] = mapped_column(WholeDong)
    support: Mapped[Decimal] = mapped_column(WholeDong)
    contribution: Mapped[Decimal] = mapped_column(WholeDong)
    ground: Mapped[str] = mapped_column(String(300))
    mark: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(12))


class TaskOccasion(Table):
    """A time that a task is to be done; `unit_id` null: by every unit that owes it, else by this one alone."""

    __tablename__ = "task_occasions"
    __table_args__ = (Index(None, "cycle_id", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    task: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    starts_on: Mapped[date]
    last_day: Mapped[date]
    known_on: Mapped[date]
    known_at: Mapped[datetime] = mapped_column(Moment)


class TaskFact(Table):
    """What was recorded of a due task: done, extended or carried; `until` is the day granted.

    The proof is a paper (`document`) or a file of the office, known by its SHA-256.
    """

    __tablename__ = "task_facts"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "task", "occasion", "kind", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    task: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    on_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))
    document: Mapped[str] = mapped_column(String(120))
    file: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))


class TaskDue(Table):
    """One task that one unit owes on one occasion. `last_day` is the plan's; `due_day` that, or the day granted."""

    __tablename__ = "task_dues"
    __table_args__ = (
        Index("ix_task_dues_due", "cycle_id", "due_day", "done_on"),
        Index("ix_task_dues_unit", "unit_id", "cycle_id"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(60), primary_key=True)
    actor: Mapped[str] = mapped_column(String(30))
    holder_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    starts_on: Mapped[date]
    last_day: Mapped[date]
    due_day: Mapped[date]
    known_on: Mapped[date]
    known_at: Mapped[datetime] = mapped_column(Moment)
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    carried_on: Mapped[date | None]
    carried_at: Mapped[datetime | None] = mapped_column(Moment)
    carried_until: Mapped[date | None]


class TaskMoney(Table):
    """An amount allocated to, or spent on, a unit's task from one source; a negative amount takes back an earlier one.

    Nothing is paid here: it is what the papers say.
    """

    __tablename__ = "task_money"
    __table_args__ = (Index(None, "cycle_id", "task", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    task: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal] = mapped_column(WholeDong)
    on_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    document: Mapped[str] = mapped_column(String(120))

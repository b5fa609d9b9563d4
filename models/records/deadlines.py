"""Deadlines: the facts that make them (events, extensions, suspensions, what was done), and the days they project to.

`deadline_facts` is the truth. `deadlines` is a projection of facts, law and calendar that `models.records.projection`
rebuilds; nothing in it is typed in by anybody, and "overdue" stands nowhere: it follows from the dates.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.calendar import Calendar, Day
from models.records.base import Moment, Table
from models.records.bulk import insert_rows
from models.records.prepared import prepared
from models.records.upserts import insert_new
from models.words import Words


class CalendarVersion(Table):
    """One state of the official calendar; a change makes a new version, so that a cycle's law can name its own."""

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))


class CalendarDay(Table):
    """A day of a calendar version. `number` counts all days, `ordinal` the working days up to and including it."""

    __tablename__ = "calendar_days"
    __table_args__ = (
        Index("ix_calendar_days_working", "version_id", "ordinal", "working"),
        Index("ix_calendar_days_number", "version_id", "number"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("calendar_versions.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]
    ordinal: Mapped[int]
    working: Mapped[bool]
    reason_vi: Mapped[str] = mapped_column(String(200))
    reason_en: Mapped[str] = mapped_column(String(200))
    source_vi: Mapped[str] = mapped_column(String(300))
    source_en: Mapped[str] = mapped_column(String(300))
    document: Mapped[str | None] = mapped_column(String(120))


class Fact(StrEnum):
    """What can be recorded about a step of a subject."""

    APPLIES = "applies"  # a step that not every subject owes is owed by this one
    STARTED = "started"  # the event from which, or before which, days are counted
    DONE = "done"
    EXTENDED = "extended"  # local: the office accepts it until `on_day`
    SUSPENDED = "suspended"  # local: the clock stood still for `days` calendar days
    REOPENED = "reopened"  # local: what was done before this moment is to be done again


class DeadlineFact(Table):
    """One fact about one step of one subject. `occasion` tells rounds of the same step apart ("", "1", "2" ...)."""

    __tablename__ = "deadline_facts"
    __table_args__ = (
        UniqueConstraint("cycle_id", "unit_id", "step", "occasion", "kind", "document"),
        Index(None, "cycle_id", "step", "kind", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    step: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(12))
    on_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    days: Mapped[int | None]
    document: Mapped[str] = mapped_column(String(120), default="")


class Deadline(Table):
    """One step that one subject owes: when it falls due, under which reading, and when it was done.

    `last_day` is the day of the rule (null: no day is known); `last_working_day` the last working day on or before it;
    `local_last_day` what the office accepts or asks beside it; `due_day` the one that reminders speak of.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_due", "cycle_id", "due_day", "done_on"),
        # What the morning asks first, answered from the index alone: `models.records.owing.by_index`.
        Index(
            "ix_deadlines_open",
            *("cycle_id", "stage", "done_at", "step", "actor", "due_day", "known_at", "last_day"),
        ),
        Index("ix_deadlines_unit", "unit_id", "cycle_id"),
        # Everything that the board counts, so that a country's two hundred thousand rows are not read for it.
        Index(
            "ix_deadlines_counted",
            *("cycle_id", "step", "occasion", "known_on", "district_id", "last_day", "due_day", "done_on"),
        ),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(60), primary_key=True)
    stage: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(30))
    holder_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    starts_on: Mapped[date | None]
    known_on: Mapped[date]
    known_at: Mapped[datetime] = mapped_column(Moment)
    last_day: Mapped[date | None]
    last_working_day: Mapped[date | None]
    local_last_day: Mapped[date | None]
    due_day: Mapped[date | None]
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    document: Mapped[str] = mapped_column(String(120))


class Happening(NamedTuple):
    """A fact to be recorded."""

    unit_id: int
    step: str
    kind: Fact
    on_day: date
    at: datetime
    occasion: str = ""
    days: int | None = None
    document: str = ""


def record(session: Session, cycle_id: int, happenings: Iterable[Happening]) -> None:
    """Record facts; one that is known already stays as it is."""
    names = ("cycle_id", "unit_id", "step", "kind", "on_day", "at", "occasion", "days", "document")
    rows = ((cycle_id, fact.unit_id, fact.step, str(fact.kind), *fact[3:]) for fact in happenings)
    insert_rows(session, DeadlineFact, names, rows, new_only=True)


def store_calendar(session: Session, calendar: Calendar) -> int:
    """The version that holds exactly this calendar, made now if it is new."""
    hashed = calendar.content_hash()
    session.execute(insert_new(CalendarVersion).values(hash=hashed))
    version = session.scalars(select(CalendarVersion.id).where(CalendarVersion.hash == hashed)).one()
    if not session.scalar(select(func.count()).select_from(CalendarDay).where(CalendarDay.version_id == version)):
        session.connection().execute(  # past the ORM, which would make an object's state of each of 5,844 days
            insert(CalendarDay),
            [
                {
                    "version_id": version,
                    "day": day.date,
                    "number": number,
                    "ordinal": calendar.ordinal(day.date),
                    "working": day.working,
                    "reason_vi": day.reason.vi,
                    "reason_en": day.reason.en,
                    "source_vi": day.source.vi,
                    "source_en": day.source.en,
                    "document": day.document,
                }
                for number, day in enumerate(calendar.days())
            ],
        )
    return version


_read_calendars: dict[str, Calendar] = {}


def load_calendar(session: Session, version: int) -> Calendar:
    """The calendar of a version, read once per process: a version never changes under its hash."""
    hashed = session.scalars(*_hash_of(version)).one()
    if hashed not in _read_calendars:
        rows = session.scalars(select(CalendarDay).where(CalendarDay.version_id == version))
        _read_calendars[hashed] = Calendar(
            Day(
                row.day,
                row.working,
                Words(row.reason_vi, row.reason_en),
                Words(row.source_vi, row.source_en),
                row.document,
            )
            for row in rows
        )
    return _read_calendars[hashed]


@prepared
def _hash_of(version: int):
    return select(CalendarVersion.hash).where(CalendarVersion.id == version)


def deadlines_of(session: Session, cycle_id: int, unit_id: int) -> Sequence[Deadline]:
    """Everything that one subject owes in a cycle, in the order of the days."""
    return session.scalars(*_owed(cycle_id, unit_id)).all()


@prepared
def _owed(cycle_id: int, unit_id: int):
    return (
        select(Deadline)
        .where(Deadline.cycle_id == cycle_id, Deadline.unit_id == unit_id)
        .order_by(Deadline.due_day.is_(None), Deadline.due_day, Deadline.step, Deadline.occasion)
    )

"""The cycle of one province and one evaluation year: its law in appended versions, its stages, the agencies in it."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.cycle_law import read_law
from models.law.regulation import Stage
from models.law.resolve import CycleLaw
from models.records.base import Moment, Table
from models.records.prepared import prepared
from models.records.units import Unit
from models.records.until_acts import of_acts


class Cycle(Table):
    """An evaluation year in a province: trial or official. `law_version` is the version in force now."""

    __tablename__ = "cycles"
    __table_args__ = (UniqueConstraint("province_id", "year", "trial"), Index(None, "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    year: Mapped[int]
    trial: Mapped[bool]
    regulation_id: Mapped[str] = mapped_column(String(40))
    law_version: Mapped[int] = mapped_column(default=1)
    opened_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_on: Mapped[date | None]


class CycleLawVersion(Table):
    """The resolved law of a cycle, as the exact text that was hashed; an amendment appends a version."""

    __tablename__ = "cycle_laws"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    calendar_version: Mapped[int] = mapped_column(ForeignKey("calendar_versions.id"))
    hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Moment)


class CycleStage(Table):
    """A stage of a cycle that was opened; `closed_on` null: still open."""

    __tablename__ = "cycle_stages"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(30), primary_key=True)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]


class Agency(Table):
    """An office of a unit that acts in the cycle: the actor it is, the name it has."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("unit_id", "actor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    actor: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(300))


def find_cycle(session: Session, province_code: str, year: int, trial: bool) -> Cycle | None:
    """The cycle of the province that bears this code in that year."""
    return session.scalar(*_found_cycle(province_code, year, trial))


@prepared
def _found_cycle(province_code: str, year: int, trial: bool):
    return (
        select(Cycle)
        .join(Unit, Unit.id == Cycle.province_id)
        .where(Unit.code == province_code, Cycle.year == year, Cycle.trial == trial)
    )


def open_cycles(session: Session, year: int | None = None) -> Sequence[Cycle]:
    """Cycles not yet closed, oldest year first, provinces in the order of their rows."""
    return session.scalars(*_open(Cycle, year)).all()


def open_cycle_ids(session: Session, year: int | None = None) -> Sequence[int]:
    """Their ids alone, in the same order: what comes every morning asks for no more."""
    return session.scalars(*_open(Cycle.id, year)).all()


@prepared
def _open(wanted: Any, year: int | None):
    query = select(wanted).where(Cycle.closed_on.is_(None)).order_by(Cycle.year, Cycle.id)
    return query if year is None else query.where(Cycle.year == year)


def cycles_of(session: Session, cycle_ids: Collection[int]) -> Sequence[Cycle]:
    """These cycles, in the order of their rows."""
    return session.scalars(*_cycles(list(cycle_ids))).all()


@prepared
def _cycles(cycle_ids: Collection[int]):
    return select(Cycle).where(Cycle.id.in_(cycle_ids)).order_by(Cycle.id)


@prepared
def _law_text(cycle_id: int, version: int):
    return select(CycleLawVersion.text).where(CycleLawVersion.cycle_id == cycle_id, CycleLawVersion.version == version)


MOST_LAWS = 500
"""The country has 63 provinces, each with two cycles open at once and the past ones beside them."""
_read_laws: OrderedDict[tuple[str, int], CycleLaw] = OrderedDict()
_shelf = Lock()


def law_of(session: Session, cycle: Cycle) -> CycleLaw:
    """The law in force in the cycle, read once per process: a version never changes under its hash."""
    return _law_under(session, cycle.id, cycle.law_version, law_hash(session, cycle))


def law_hash(session: Session, cycle: Cycle) -> str:
    """The content hash of the law in force in the cycle, as it was stored at its opening or amendment."""
    return _version_of(session, cycle.id, cycle.law_version)[0]


@of_acts
def laws_of(session: Session, cycles: Collection[Cycle] | Collection[int]) -> dict[int, CycleLaw]:
    """The law in force in each of these cycles (or of cycles with these ids), by the cycle's id, in their order."""
    ids = [one if isinstance(one, int) else one.id for one in cycles]
    rows = {row[0]: row for row in session.execute(*_in_force(ids)).tuples()}
    return {one: _law_under(session, *rows[one]) for one in ids}


def laws_open(session: Session, only: Collection[int] | None = None) -> dict[int, CycleLaw]:
    """The law in force in each cycle not yet closed (or in only these of them), in the order of `open_cycles`.

    One whose law is not there is an error, and not passed over.
    """
    rows = session.execute(*_in_force_open()).tuples()
    return {row[0]: _law_under(session, *row) for row in rows if only is None or row[0] in only}


_IS_IN_FORCE = (Cycle.id == CycleLawVersion.cycle_id) & (Cycle.law_version == CycleLawVersion.version)


@prepared
def _in_force(cycle_ids: Sequence[int]):
    versions = select(CycleLawVersion.cycle_id, CycleLawVersion.version, CycleLawVersion.hash)
    return versions.join(Cycle, _IS_IN_FORCE).where(CycleLawVersion.cycle_id.in_(cycle_ids))


@prepared
def _in_force_open():
    named = select(Cycle.id, Cycle.law_version, CycleLawVersion.hash).outerjoin(CycleLawVersion, _IS_IN_FORCE)
    return named.where(Cycle.closed_on.is_(None)).order_by(Cycle.year, Cycle.id)


def _law_under(session: Session, cycle_id: int, version: int, hashed: str) -> CycleLaw:
    """The law that was read under this hash. Of many, the one asked for longest ago is let go: pages of several threads
    ask at once, and none may find its law gone."""
    key = hashed, cycle_id
    found = _read_laws.get(key) or read_law(session.scalars(*_law_text(cycle_id, version)).one())
    with _shelf:
        _read_laws[key] = found
        _read_laws.move_to_end(key)
        while len(_read_laws) > MOST_LAWS:
            _read_laws.popitem(last=False)
    return found


def calendar_version_of(session: Session, cycle: Cycle) -> int:
    return _version_of(session, cycle.id, cycle.law_version)[1]


def calendar_versions(session: Session) -> dict[int, int]:
    """The calendar of the law in force in each cycle, by the cycle's id."""
    return dict(session.execute(*_calendar_versions()).tuples().all())


@prepared
def _calendar_versions():
    return select(CycleLawVersion.cycle_id, CycleLawVersion.calendar_version).join(Cycle, _IS_IN_FORCE)


@of_acts
def _version_of(session: Session, cycle_id: int, version: int) -> tuple[str, int]:
    """The hash and the calendar of the law in force. A version stays as it is: every act asks, the database once."""
    known: dict[tuple[int, int], tuple[str, int]] = session.info.setdefault("law versions", {})
    key = (cycle_id, version)
    if key not in known:
        known[key] = tuple(session.execute(*_version(cycle_id, version)).one())
    return known[key]


@prepared
def _version(cycle_id: int, version: int):
    return select(CycleLawVersion.hash, CycleLawVersion.calendar_version).where(
        CycleLawVersion.cycle_id == cycle_id, CycleLawVersion.version == version
    )


def stages_of(session: Session, cycle_id: int) -> dict[Stage, CycleStage]:
    """The stages that were opened, by name."""
    return {Stage(row.stage): row for row in session.scalars(*_stages([cycle_id]))}


def stages_of_all(session: Session, cycle_ids: Sequence[int]) -> dict[int, dict[Stage, CycleStage]]:
    """The stages that were opened in each of these cycles."""
    found: dict[int, dict[Stage, CycleStage]] = {}
    for row in session.scalars(*_stages(cycle_ids)):
        found.setdefault(row.cycle_id, {})[Stage(row.stage)] = row
    return found


@prepared
def _stages(cycle_ids: Sequence[int]):
    return select(CycleStage).where(CycleStage.cycle_id.in_(cycle_ids))

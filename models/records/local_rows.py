"""What an office granted of its own (`local`): time, a door opened, a file sent back a stage, a clock stopped.

Here is only what was recorded and the questions asked of it; the acts stand in `models.records.local_acts`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.records.base import Moment, Table
from models.records.dossiers import batched
from models.records.prepared import prepared

EXTEND, UNLOCK, REOPEN, SUSPEND = "extend", "unlock", "reopen", "suspend"


class LocalAct(Table):
    """One such act upon one unit, with its reason, the authority it was done by, and the document that says so.

    `step`: of which deadline (null: not of one). `until`: the new local day, or until when the door stands open.
    `days`: given back by a suspension. `places`: the indicators that an unlocking opens, separated by a space.
    """

    __tablename__ = "local_acts"
    __table_args__ = (
        UniqueConstraint("cycle_id", "unit_id", "kind", "step", "document"),
        Index(None, "unit_id", "cycle_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(12))
    step: Mapped[str] = mapped_column(String(40), default="")
    begun: Mapped[date]
    until: Mapped[date | None]
    days: Mapped[int | None]
    places: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(1000))
    authority: Mapped[str] = mapped_column(String(300))
    document: Mapped[str] = mapped_column(String(120))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)


def times_reopened(session: Session, cycle_id: int, unit_ids: Sequence[int]) -> Mapping[int, int]:
    """How often the file of each of these units was reopened; a unit whose file never was is absent."""
    found: dict[int, int] = {}
    for some in batched(unit_ids):
        found |= dict(session.execute(*_reopened(cycle_id, some)).tuples().all())
    return found


@prepared
def _reopened(cycle_id: int, unit_ids: Sequence[int]):
    query = select(LocalAct.unit_id, func.count()).group_by(LocalAct.unit_id)
    return query.where(LocalAct.cycle_id == cycle_id, LocalAct.kind == REOPEN, LocalAct.unit_id.in_(unit_ids))


def again(times: Mapping[int, int], unit_id: int) -> str:
    """What tells the key of an act done anew after a reopening from the one before: "" the first time, then "/2" ..."""
    done = times.get(unit_id, 0)
    return f"/{done + 1}" if done else ""


def open_doors(session: Session, cycle_id: int, unit_id: int, day: date) -> set[str]:
    """The indicators of a unit's file that are unlocked on the day; "*" stands for all."""
    rows = session.scalars(
        select(LocalAct.places).where(
            LocalAct.cycle_id == cycle_id,
            LocalAct.unit_id == unit_id,
            LocalAct.kind == UNLOCK,
            LocalAct.begun <= day,
            LocalAct.until >= day,
        )
    )
    return {place for places in rows for place in places.split()}


def local_acts_of(session: Session, cycle_id: int, unit_id: int | None = None) -> Sequence[LocalAct]:
    """The acts upon one unit (null: all) in the order in which they were recorded."""
    return session.scalars(*_acts(cycle_id, unit_id)).all()


@prepared
def _acts(cycle_id: int, unit_id: int | None):
    query = select(LocalAct).where(LocalAct.cycle_id == cycle_id).order_by(LocalAct.id)
    return query if unit_id is None else query.where(LocalAct.unit_id == unit_id)

"""What keeps runs apart and in order: expiring leases, and cursors that remember how far something was read."""

from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.records.asking import send
from models.records.base import Moment, Table
from models.records.prepared import prepared
from models.records.upserts import insert_new


class Lease(Table):
    """Who runs something now, and until when nobody else may; it expires by itself when its holder dies."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(Moment)


class Cursor(Table):
    """How far a reader of the journal has come: the id of the last entry it has dealt with."""

    __tablename__ = "cursors"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]


class Pulse(Table):
    """When a watch or a delivery last ran to its end: what `tcpl status` shows as the machine's health."""

    __tablename__ = "pulses"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


def take(session: Session, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take the lease if it is free, expired, or the holder's own already.

    One that ends later than any lease of the present could was taken by a clock that has been set back since: it is
    nobody's. Twice its length, so that clocks of two machines may differ by some minutes.
    """
    session.execute(insert_new(Lease).values(name=name, holder="", until=now))
    taken = session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.until <= now, Lease.until > now + 2 * length, Lease.holder == holder))
        .values(holder=holder, until=now + length)
        .returning(Lease.name)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None


def holder(session: Session, name: str) -> tuple[str, datetime] | None:
    """Who holds the lease, and until when."""
    row = session.execute(select(Lease.holder, Lease.until).where(Lease.name == name)).one_or_none()
    return (row[0], row[1]) if row else None


def give_back(session: Session, name: str, holder: str, now: datetime) -> None:
    """End the holder's lease; somebody else's stays."""
    session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.holder == holder)
        .values(until=now)
        .execution_options(synchronize_session=False)
    )


def position(session: Session, name: str) -> int:
    return session.scalar(select(Cursor.position).where(Cursor.name == name)) or 0


def advance(session: Session, name: str, to: int) -> None:
    """Remember how far the reader came; it never goes back."""
    session.execute(insert_new(Cursor).values(name=name, position=0))
    session.execute(
        update(Cursor)
        .where(Cursor.name == name, Cursor.position < to)
        .values(position=to)
        .execution_options(synchronize_session=False)
    )


def beat(session: Session, name: str, at: datetime) -> None:
    """Note that something ran to its end; a pulse never goes back."""
    given = {"of_name": name, "moment": at}
    if not send(session, _LATER, given).rowcount:  # the first of its name, or an older moment
        send(session, _FIRST, given)


_NAME, _AT = bindparam("of_name"), bindparam("moment", type_=Moment())
_LATER = update(Pulse).where(Pulse.name == _NAME, Pulse.at <= _AT).values(at=_AT)
_FIRST = insert_new(Pulse).values(name=_NAME, at=_AT)


def pulses(session: Session) -> dict[str, datetime]:
    return dict(session.execute(*_pulses()).tuples().all())


@prepared
def _pulses():
    return select(Pulse.name, Pulse.at)

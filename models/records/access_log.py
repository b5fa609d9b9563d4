"""The access log: who signed in, who failed to, who was refused what. And how long a door stays shut after failures.

It holds no password and no key. What was typed as a name is kept only where there is such an account: people type
their password into the wrong field. The same thing in the same hour is one row that counts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.records.base import Moment, Table


class Event(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LIMITED = "sign_in_limited"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"
    REFUSED = "refused"
    ACKNOWLEDGED = "acknowledged"
    LINK_REFUSED = "link_refused"


class AccessEvent(Table):
    """`account`: its name, or "#" and a digest for a name that nobody has. `times`: how often within the hour."""

    __tablename__ = "access_log"
    __table_args__ = (
        UniqueConstraint("hour", "event", "account", "address", "path", name="uq_access_log_hour"),
        Index("ix_access_log_event_last_at", "event", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(Moment)
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(45))
    path: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(String(200))
    times: Mapped[int]


@dataclass(frozen=True)
class Visit:
    """Who came for what: the account's name or its digest ("" : nobody said a name), the address, the path."""

    account: str
    address: str
    path: str


def digest_of_name(name: str) -> str:
    return f"#{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def note(session: Session, event: Event, visit: Visit, at: datetime, detail: str = "") -> None:
    """Keep it; the same within the hour is counted in the row that there is."""
    engine = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "hour": at.replace(minute=0, second=0, microsecond=0),
        "first_at": at,
        "last_at": at,
        "event": str(event),
        "account": printable(visit.account, 60),
        "address": printable(visit.address, 45),
        "path": printable(visit.path, 200),
        "detail": printable(detail, 200),
        "times": 1,
    }
    statement = engine.insert(AccessEvent).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["hour", "event", "account", "address", "path"],
            set_={"last_at": at, "times": AccessEvent.times + 1, "detail": values["detail"]},
        )
    )


def events(session: Session, since: datetime | None, most: int) -> Sequence[AccessEvent]:
    """The newest first."""
    query = select(AccessEvent).order_by(AccessEvent.last_at.desc(), AccessEvent.id.desc()).limit(most)
    return session.scalars(query.where(AccessEvent.last_at >= since) if since else query).all()


def forget_before(session: Session, moment: datetime) -> int:
    """Take away what was last seen before the moment; returns how many lines went."""
    gone = session.execute(delete(AccessEvent).where(AccessEvent.last_at < moment).returning(AccessEvent.id))
    return len(gone.all())


@dataclass(frozen=True)
class Limit:
    """After so many failures within the window each further one doubles the wait, from a second up to the longest."""

    free: int
    window: timedelta
    longest: timedelta


LIMITS = {
    "pair": Limit(5, timedelta(hours=1), timedelta(minutes=15)),
    "address": Limit(20, timedelta(hours=1), timedelta(minutes=15)),
    "account": Limit(50, timedelta(hours=1), timedelta(minutes=5)),
}
"""`local`, of this product: by name and address together; by address, whatever the name; by name, from anywhere: that
last one is loose, so that a stranger cannot keep an officer out for long."""


def wait(session: Session, visit: Visit, at: datetime) -> timedelta:
    """How long before this name may be tried again from this address; zero: now."""
    waits = [_wait(session, limit, _failures(name, visit), visit, at) for name, limit in LIMITS.items()]
    return max(waits)


def _failures(name: str, visit: Visit) -> list:
    of = {"account": AccessEvent.account == visit.account, "address": AccessEvent.address == visit.address}
    return list(of.values()) if name == "pair" else [of[name]]


def _wait(session: Session, limit: Limit, where: list, visit: Visit, at: datetime) -> timedelta:
    since = at - limit.window
    entered = session.scalar(
        select(func.max(AccessEvent.last_at)).where(
            AccessEvent.event == Event.SIGNED_IN,
            AccessEvent.account == visit.account,
            AccessEvent.address == visit.address,
        )
    )
    since = max(since, entered) if entered is not None else since
    count, last = session.execute(
        select(func.coalesce(func.sum(AccessEvent.times), 0), func.max(AccessEvent.last_at)).where(
            AccessEvent.event == Event.SIGN_IN_FAILED, AccessEvent.last_at > since, *where
        )
    ).one()
    if last is None or count < limit.free:
        return timedelta(0)
    pause = min(timedelta(seconds=2 ** min(int(count) - limit.free, 20)), limit.longest)
    return max(last + pause - at, timedelta(0))


def printable(text: str, most: int) -> str:
    """Cut, and without signs that a terminal or a log would act on, or that PostgreSQL does not take."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:most]).encode("utf-8", "replace").decode()

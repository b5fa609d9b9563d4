"""Claiming letters for sending: which are due, and how many a channel with a limit lets go; a claim expires."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Float, Select, String, and_, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.records.base import Moment, Table
from models.records.notices import NoticeState
from models.records.notices_addressed import Letter, one_at_a_time
from models.records.prepared import prepared
from models.records.upserts import insert_new


class Allowance(Table):
    """How many letters a channel with a limit may still send: `left` at the moment `at`; it grows with time."""

    __tablename__ = "channel_allowances"

    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    left: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(Moment)


def claim(
    session: Session, sender: str, at: datetime, most: int, lease: timedelta, rates: Mapping[str, int] | None = None
) -> Sequence[int]:
    """Take up to `most` letters that are due, also those whose earlier claim has expired; senders share the work.

    A recipient's letters go out in their order: while one is in another sender's hands, or waits to be tried again,
    those after it wait too. `rates`: letters per minute of channels that have a limit, shared by all senders.
    """
    one_at_a_time(session)
    _release_expired(session, at)
    rates = rates or {}
    ids = list(session.scalars(*_due(at, most, list(rates))))
    for channel, per_minute in rates.items():
        left = _refill(session, channel, per_minute, at)
        some = session.scalars(*_due_on(at, max(min(most - len(ids), int(left)), 0), [channel])).all()
        _spend(session, channel, len(some))
        ids += some
    if ids:
        session.execute(
            update(Letter)
            .where(Letter.id.in_(ids))
            .values(state=str(NoticeState.CLAIMED), claimed_by=sender, claimed_until=at + lease)
            .execution_options(synchronize_session=False)
        )
    return sorted(ids)


def _release_expired(session: Session, at: datetime) -> None:
    """What a sender that died had claimed stands in the queue again, in its old place."""
    session.execute(
        update(Letter)
        .where(Letter.state == NoticeState.CLAIMED, Letter.claimed_until <= at)
        .values(state=str(NoticeState.QUEUED), claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


def is_waiting(session: Session, at: datetime, channels: Sequence[str]) -> bool:
    """Whether letters on these channels are due that only their channel's limit holds back."""
    return session.scalar(*_due_on(at, 1, channels)) is not None


def how_many_wait(session: Session, at: datetime, most: int) -> int:
    """How many letters are queued and due at the moment; of more than `most`, `most`."""
    due = select(Letter.id).where(Letter.state == NoticeState.QUEUED, Letter.not_before <= at).limit(most)
    return session.scalar(select(func.count()).select_from(due.subquery())) or 0


def attempts_at(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How often each of these letters was tried."""
    return dict(session.execute(select(Letter.id, Letter.attempts).where(Letter.id.in_(ids))).tuples().all())


@prepared
def _due(at: datetime, most: int, beside: Sequence[str]):
    return _queued(at, most).where(Letter.channel.not_in(beside))


@prepared
def _due_on(at: datetime, most: int, channels: Sequence[str]):
    return _queued(at, most).where(Letter.channel.in_(channels))


def _queued(at: datetime, most: int) -> Select[tuple[int]]:
    earlier = aliased(Letter)
    held_up = exists().where(
        earlier.recipient == Letter.recipient,
        earlier.id < Letter.id,
        or_(
            and_(earlier.state == NoticeState.CLAIMED, earlier.claimed_until > at),
            and_(earlier.state == NoticeState.QUEUED, earlier.attempts > 0, earlier.not_before > at),
        ),
    )
    queued = Letter.state == NoticeState.QUEUED
    query = select(Letter.id).where(queued, Letter.not_before <= at, ~held_up).order_by(Letter.id).limit(most)
    return query.with_for_update(skip_locked=True)


def _refill(session: Session, channel: str, per_minute: int, at: datetime) -> float:
    """At most a minute's worth is saved up."""
    session.execute(insert_new(Allowance).values(channel=channel, left=float(per_minute), at=at))
    row = session.execute(
        select(Allowance.left, Allowance.at).where(Allowance.channel == channel).with_for_update()
    ).one()
    grown = row.left + max((at - row.at).total_seconds(), 0) * per_minute / 60
    left = min(grown, float(per_minute))
    session.execute(
        update(Allowance)
        .where(Allowance.channel == channel)
        .values(left=left, at=max(at, row.at))
        .execution_options(synchronize_session=False)
    )
    return left


def _spend(session: Session, channel: str, count: int) -> None:
    session.execute(
        update(Allowance)
        .where(Allowance.channel == channel)
        .values(left=Allowance.left - count)
        .execution_options(synchronize_session=False)
    )

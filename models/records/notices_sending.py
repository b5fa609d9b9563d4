"""Claiming letters and confirming what became of them: a claim expires, and each attempt is kept as proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Float, Select, String, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.records.base import Moment, Table
from models.records.bulk import Row, change_rows, insert_rows
from models.records.dossiers import batched
from models.records.notices import Attempt, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice, one_at_a_time
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


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt at a letter: sent, to be tried again at `again_at`, or (null) abandoned.

    `subjects`: the notices that stood in it, each with what it is called. None: it had nothing left to say, and is
    withdrawn.
    """

    letter_id: int
    subjects: Mapping[int, str]
    ok: bool
    channel: str
    recipient: str
    text_hash: str
    template: str
    detail: str | None = None
    again_at: datetime | None = None


def confirm(session: Session, sender: str, outcomes: Sequence[Outcome], at: datetime, *, again: bool = False) -> None:
    """Write what became of the attempts, for those letters that this sender still holds.

    What went out although the claim had passed to another sender is written down too: proof leaves nothing out.
    `again`: the first try broke off, perhaps after its commit; a letter that is not held any more was confirmed then.
    """
    at = at.astimezone(UTC)  # once, not for every row of a thousand
    held = _held(session, sender, outcomes)
    mine = [outcome for outcome in outcomes if outcome.letter_id in held or (outcome.ok and not again)]
    if not mine:
        return
    taken = [outcome.letter_id for outcome in mine if outcome.ok and outcome.subjects]
    for some in batched(taken):
        session.connection().execute(_TAKEN, {"letters": some, "sent": at})
    others = [_letter_after(outcome, at) for outcome in mine if not (outcome.ok and outcome.subjects)]
    if others:
        session.connection().execute(_LETTER_AFTER, others)
    _confirm_notices(session, [outcome for outcome in mine if outcome.subjects], at)


_TAKEN = (
    update(Letter)
    .where(Letter.id.in_(bindparam("letters", expanding=True)), Letter.state != str(NoticeState.SENT))
    .values(
        state=str(NoticeState.SENT),
        attempts=Letter.attempts + 1,
        sent_at=bindparam("sent", type_=Moment()),
        claimed_by=None,
        claimed_until=None,
    )
)
"""What most letters come to, in one statement for all of them."""

_LETTER_AFTER = (
    update(Letter)
    .where(Letter.id == bindparam("letter"), Letter.state != str(NoticeState.SENT))
    .values(
        state=bindparam("to_state"),
        attempts=Letter.attempts + bindparam("tried"),
        not_before=func.coalesce(bindparam("again", type_=Moment()), Letter.not_before),
        sent_at=bindparam("sent", type_=Moment()),
        claimed_by=None,
        claimed_until=None,
    )
)


def _held(session: Session, sender: str, outcomes: Sequence[Outcome]) -> set[int]:
    return set(
        session.scalars(
            select(Letter.id)
            .where(
                Letter.id.in_([outcome.letter_id for outcome in outcomes]),
                Letter.claimed_by == sender,
                Letter.state == NoticeState.CLAIMED,
            )
            .with_for_update()
        )
    )


def release(session: Session, sender: str, letter_ids: Sequence[int], not_before: datetime | None = None) -> None:
    """Give back letters that were claimed and not tried; at `not_before` (null: at once) they are due again."""
    if letter_ids:
        session.execute(
            update(Letter)
            .where(Letter.id.in_(letter_ids), Letter.claimed_by == sender, Letter.state == NoticeState.CLAIMED)
            .values(
                state=str(NoticeState.QUEUED),
                claimed_by=None,
                claimed_until=None,
                **({"not_before": not_before} if not_before else {}),
            )
            .execution_options(synchronize_session=False)
        )


def _letter_after(outcome: Outcome, at: datetime) -> dict[str, object]:
    if not outcome.subjects:
        state = NoticeState.WITHDRAWN
    else:
        state = NoticeState.SENT if outcome.ok else NoticeState.QUEUED if outcome.again_at else NoticeState.ABANDONED
    return {
        "letter": outcome.letter_id,
        "to_state": str(state),
        "tried": int(bool(outcome.subjects)),
        "again": outcome.again_at,
        "sent": at if outcome.ok else None,
    }


def _confirm_notices(session: Session, outcomes: Sequence[Outcome], at: datetime) -> None:
    if not outcomes:
        return
    ids = sorted({notice for outcome in outcomes for notice in outcome.subjects})
    rows = session.execute(
        select(Notice.id, Notice.attempts, Notice.sent_at)
        .where(Notice.id.in_(ids))
        .order_by(Notice.id)
        .with_for_update()
    )
    stood = {notice: (attempts, sent_at) for notice, attempts, sent_at in rows.tuples()}
    attempts: list[Row] = []
    changes: dict[int, Row] = {}
    for outcome in outcomes:
        detail = outcome.detail and outcome.detail[:300]
        for notice, subject in outcome.subjects.items():
            before, sent_at = stood.get(notice, (0, None))
            stood[notice] = tried, sent = before + 1, sent_at or (at if outcome.ok else None)
            what = (outcome.channel, outcome.ok, detail, outcome.letter_id, outcome.recipient)
            attempts.append((notice, tried, at, *what, outcome.text_hash, outcome.template))
            changes[notice] = (tried, sent, subject[:300], outcome.text_hash, detail, notice)
    insert_rows(session, Attempt, _ATTEMPT, attempts)
    change_rows(session, Notice, _NOTICE, changes.values())
    left = exists().where(
        LetterNotice.notice_id == Notice.id,
        Letter.id == LetterNotice.letter_id,
        Letter.state.in_([str(NoticeState.QUEUED), str(NoticeState.CLAIMED)]),
    )
    session.execute(
        update(Notice)
        .where(Notice.id.in_(ids), Notice.state != NoticeState.WITHDRAWN)
        .values(
            state=case(
                (left, str(NoticeState.QUEUED)),
                (Notice.sent_at.is_not(None), str(NoticeState.SENT)),
                else_=str(NoticeState.ABANDONED),
            )
        )
        .execution_options(synchronize_session=False)
    )


_ATTEMPT = (
    *("notice_id", "number", "at", "channel", "ok", "detail"),
    *("letter_id", "recipient", "text_hash", "template"),
)
_NOTICE = ("attempts", "sent_at", "subject", "text_hash", "reason", "id")

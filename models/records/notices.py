"""The outbox: what is to be said to whom, queued once under its key in the transaction of the act that causes it.

Here are the tables and the queue. The ladder stands in `notices_ladder`, who gets which letter in `notices_addressed`,
claiming in `notices_sending`, confirming in `notices_confirmed`. What a notice says is composed when it is sent, from
facts and law, so that it never speaks of a date that has moved.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, literal, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.regulation import Actor
from models.records.base import Moment, Table
from models.records.bulk import insert_rows
from models.records.cycles import Agency, Cycle
from models.records.dossiers import batched
from models.records.prepared import prepared
from models.records.remembered import remembered


class Kind(StrEnum):
    """What a notice is about; the templates bear these names."""

    STAGE_OPENED = "stage_opened"
    DOSSIER_RECEIVED = "dossier_received"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    RESULT = "result"
    CORRECTION = "correction"
    REMEDY_OPENED = "remedy_opened"
    COMMENDATION = "commendation"
    REMINDER = "reminder"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    OPENING_REFUSED = "opening_refused"
    DATE_MOVED = "date_moved"
    UNIT_MERGED = "unit_merged"
    TASK_ADDED = "task_added"
    TASK_DROPPED = "task_dropped"
    TASK_CHANGED = "task_changed"


LADDER_KINDS = (Kind.REMINDER, Kind.DUE_TODAY, Kind.OVERDUE, Kind.ESCALATION)


class NoticeState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    ABANDONED = "abandoned"
    WITHDRAWN = "withdrawn"


class Notice(Table):
    """One thing to be said to one agency. `unit_id` is the subject, `due_day` the day that a reminder speaks of.

    It goes out in letters, one to each recipient (`notices_addressed`), made when it is addressed. `sent_at`: when the
    first of them was taken; `state` is "sent" once none of them is left to be tried. PostgreSQL is not told of the
    foreign keys: it would look each row's up by itself, half of a country's morning (docs/decisions/0010).
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notices_addressed", "state", "addressed_at"),
        Index("ix_notices_rung", "cycle_id", "unit_id", "step", "occasion", "due_day", "rung"),
        Index("ix_notices_shown", "cycle_id", "queued_at", "kind", "state", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(250))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    kind: Mapped[str] = mapped_column(String(30))
    stage: Mapped[str | None] = mapped_column(String(30))
    step: Mapped[str | None] = mapped_column(String(40))
    occasion: Mapped[str] = mapped_column(String(60), default="")
    due_day: Mapped[date | None]
    rung: Mapped[int | None]
    said: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default=NoticeState.QUEUED)
    queued_at: Mapped[datetime] = mapped_column(Moment)
    not_before: Mapped[datetime] = mapped_column(Moment)
    addressed_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    subject: Mapped[str | None] = mapped_column(String(300))
    text_hash: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))


class Attempt(Table):
    """One attempt to send a notice in a letter, with its result: the proof of notice.

    `text_hash` is the SHA-256 of the text that went out, `template` the version of the wording it was made with.
    """

    __tablename__ = "notice_attempts"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str] = mapped_column(String(40))
    ok: Mapped[bool]
    detail: Mapped[str | None] = mapped_column(String(300))
    letter_id: Mapped[int | None]
    recipient: Mapped[str | None] = mapped_column(String(300))
    text_hash: Mapped[str | None] = mapped_column(String(64))
    template: Mapped[str | None] = mapped_column(String(40))


class Word(NamedTuple):
    """A notice to be queued: about which unit, to which actor of which unit. `said`: what only the act knew."""

    kind: Kind
    about_id: int
    to_unit_id: int
    to_actor: Actor
    key: str
    stage: str | None = None
    step: str | None = None
    occasion: str = ""
    due_day: date | None = None
    said: str | None = None


def queue(session: Session, cycle: Cycle, words: Sequence[Word], at: datetime) -> None:
    """Queue each once under its key; what is queued already stays as it is. An agency that is missing is an error."""
    if not words:
        return
    agencies = _agencies(session, {(word.to_unit_id, str(word.to_actor)) for word in words})
    state = str(NoticeState.QUEUED)
    rows = (
        (
            *(f"{cycle.id}/{word.key}/{word.to_actor}", cycle.id, word.about_id),
            *(agencies[word.to_unit_id, str(word.to_actor)], str(word.kind), word.stage, word.step, word.occasion),
            *(word.due_day, None, word.said, state, at, at, 0),
        )
        for word in words
    )
    insert_rows(session, Notice, _QUEUED, rows, new_only=True)


_QUEUED = (
    *("key", "cycle_id", "unit_id", "agency_id", "kind", "stage", "step", "occasion"),
    *("due_day", "rung", "said", "state", "queued_at", "not_before", "attempts"),
)


def _agencies(session: Session, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    actors = sorted({actor for _, actor in wanted})
    for chunk in batched(sorted({unit_id for unit_id, _ in wanted})):
        found |= {
            (unit_id, actor): agency_id for unit_id, actor, agency_id in session.execute(*_offices(chunk, actors))
        }
    return found


@prepared
def _offices(unit_ids: Sequence[int], actors: Sequence[str]):
    query = select(Agency.unit_id, Agency.actor, Agency.id).where(Agency.actor.in_(actors))
    return query.where(Agency.unit_id.in_(unit_ids))


def counts_by_kind(session: Session, cycle_id: int) -> dict[str, int]:
    """How many notices of each kind stand in the outbox of a cycle, withdrawn ones not counted."""
    rows = session.execute(
        select(Notice.kind, func.count())
        .where(Notice.cycle_id == cycle_id, Notice.state != NoticeState.WITHDRAWN)
        .group_by(Notice.kind)
        .order_by(Notice.kind)
    )
    return dict(rows.tuples().all())


def newest(session: Session) -> int:
    """The number of the newest notice; 0 where there is none."""
    return session.scalar(*_newest()) or 0


@prepared
def _newest():
    return select(func.max(Notice.id))


def queued_since(session: Session, number: int, at: datetime) -> dict[str, int]:
    """How many reminders and escalations of each kind were queued at the moment, after the notice of this number."""
    return dict(session.execute(*_queued_since(number, at)).tuples().all())


@prepared
def _queued_since(number: int, at: datetime):
    kinds = [literal(str(kind)) for kind in LADDER_KINDS]
    counted = select(Notice.kind, func.count()).group_by(Notice.kind).order_by(Notice.kind)
    return counted.where(Notice.id > number, Notice.queued_at == at, Notice.kind.in_(kinds))


SETTLED = (NoticeState.SENT, NoticeState.WITHDRAWN)
"""States of notices that nothing happens to any more, of which a country has millions: they are counted again when
there are new ones, or more or fewer of the others in some cycle, which is the only way in which their number changes.
"""


def counts_by_state(session: Session) -> dict[str, int]:
    """How many notices are in each state, over all cycles."""
    moving, given = _moving(session)
    settled = remembered(
        session, "settled", given, lambda: session.execute(*_in_states()).tuples().all(), acts=False, lasting=True
    )
    total: Counter[str] = Counter()
    for state, count in (*((state, count) for _, state, count in moving), *settled):
        total[state] += count
    return dict(total)


def notices_by_cycle(session: Session, cycle_ids: Sequence[int]) -> dict[int | None, dict[str, int]]:
    """How many notices are in each state in each of these cycles, and (under None) of those that belong to none."""
    moving, given = _moving(session)
    wanted = (*given, *cycle_ids)
    settled = remembered(
        session,
        "settled by cycle",
        wanted,
        lambda: session.execute(*_by_cycle(cycle_ids)).tuples().all(),
        acts=False,
        lasting=True,
    )
    asked = {*cycle_ids, None}
    found: dict[int | None, dict[str, int]] = {}
    for cycle_id, state, count in (*moving, *(row for row in settled if row[1] in SETTLED)):
        if cycle_id in asked:
            found.setdefault(cycle_id, {})[state] = count
    return found


def _moving(session: Session) -> tuple[Sequence[tuple[int | None, str, int]], tuple[Hashable, ...]]:
    """What is still under way, by cycle and state; and all on which the number of the settled depends."""
    rows = session.execute(*_under_way([state for state in NoticeState if state not in SETTLED])).tuples().all()
    others: Counter[int | None] = Counter()
    for cycle_id, _, count in rows:
        others[cycle_id] += count
    return rows, (session.scalar(*_newest()), frozenset(others.items()))


@prepared
def _under_way(states: Collection[NoticeState]):
    counted = select(Notice.cycle_id, Notice.state, func.count()).where(Notice.state.in_(states))
    return counted.group_by(Notice.cycle_id, Notice.state)


@prepared
def _in_states():
    return select(Notice.state, func.count()).where(Notice.state.in_(SETTLED)).group_by(Notice.state)


@prepared
def _by_cycle(cycle_ids: Collection[int]):
    """In every state: SQLite would go by the state, and look up the cycle of most notices there are."""
    counted = select(Notice.cycle_id, Notice.state, func.count()).group_by(Notice.cycle_id, Notice.state)
    return counted.where(or_(Notice.cycle_id.in_(cycle_ids), Notice.cycle_id.is_(None)))

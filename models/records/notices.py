"""The outbox: what is to be said to whom, queued once under its key in the transaction of the act that causes it.

A notice is queued, claimed, sent with no session open, and confirmed; each attempt is kept as proof. What it says is
composed when it is sent, from facts and law, so that it never speaks of a date that has moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.cycle.reminders import Rung
from models.law.programme import PROGRAMME
from models.law.regulation import Actor
from models.records.base import Moment, Table
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline, insert_new
from models.records.units import Unit


class Kind(StrEnum):
    """What a notice is about; the templates bear these names."""

    STAGE_OPENED = "stage_opened"
    DOSSIER_RECEIVED = "dossier_received"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    RESULT = "result"
    REMEDY_OPENED = "remedy_opened"
    COMMENDATION = "commendation"
    REMINDER = "reminder"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    OPENING_REFUSED = "opening_refused"


LADDER_KINDS = (Kind.REMINDER, Kind.DUE_TODAY, Kind.OVERDUE, Kind.ESCALATION)


class NoticeState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    ABANDONED = "abandoned"
    WITHDRAWN = "withdrawn"


class Notice(Table):
    """One thing to be said to one agency. `unit_id` is the subject, `due_day` the day that a reminder speaks of."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notices_queue", "state", "not_before"),
        Index(None, "cycle_id", "unit_id"),
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
    claimed_by: Mapped[str | None] = mapped_column(String(100))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    subject: Mapped[str | None] = mapped_column(String(300))
    text_hash: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))


class Attempt(Table):
    """One attempt to send a notice, with its result: the proof of notice."""

    __tablename__ = "notice_attempts"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str] = mapped_column(String(40))
    ok: Mapped[bool]
    detail: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True)
class Word:
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
    agencies = _agencies(session, {(word.to_unit_id, word.to_actor) for word in words})
    rows = [
        {
            "key": f"{cycle.id}/{word.key}/{word.to_actor}",
            "cycle_id": cycle.id,
            "unit_id": word.about_id,
            "agency_id": agencies[word.to_unit_id, word.to_actor],
            "kind": str(word.kind),
            "stage": word.stage,
            "step": word.step,
            "occasion": word.occasion,
            "due_day": word.due_day,
            "rung": None,
            "said": word.said,
            "state": str(NoticeState.QUEUED),
            "queued_at": at,
            "not_before": at,
            "attempts": 0,
        }
        for word in words
    ]
    session.execute(insert_new(session, Notice), rows)


def _agencies(session: Session, wanted: set[tuple[int, Actor]]) -> dict[tuple[int, Actor], int]:
    rows = session.execute(
        select(Agency.unit_id, Agency.actor, Agency.id).where(Agency.actor.in_({str(actor) for _, actor in wanted}))
    )
    return {(unit_id, Actor(actor)): agency_id for unit_id, actor, agency_id in rows}


def queue_ladder(
    session: Session, cycle: Cycle, steps: Sequence[str], rungs: Sequence[Rung], at: datetime, day: date
) -> None:
    """Remind the holders of open deadlines of these steps that stand on a rung today; one statement for all."""
    if not rungs or not steps:
        return
    rung, agency = _rungs(rungs), aliased(Agency)
    query = (
        _open_on_a_rung(cycle, steps, rung, at, day)
        .join(agency, and_(agency.unit_id == Deadline.holder_id, agency.actor == Deadline.actor))
        .join(Unit, Unit.id == Deadline.unit_id)
    )
    kind = _case_by_rung(rung)
    _insert_ladder(session, cycle, query, kind, agency, rung, at)


def queue_escalations(
    session: Session, cycle: Cycle, holder: Actor, superior: Actor, rungs: Sequence[Rung], at: datetime, day: date
) -> None:
    """Tell the superior about what its holders have not done; one statement for all."""
    if not rungs:
        return
    rung, agency = _rungs(rungs), aliased(Agency)
    place: Any = Deadline.district_id if superior.level == "district" else literal(cycle.province_id, Integer)
    query = (
        _open_on_a_rung(cycle, None, rung, at, day)
        .where(Deadline.actor == str(holder))
        .join(agency, and_(agency.unit_id == place, agency.actor == str(superior)))
        .join(Unit, Unit.id == Deadline.unit_id)
    )
    _insert_ladder(session, cycle, query, literal(str(Kind.ESCALATION), String), agency, rung, at)


def _rungs(rungs: Sequence[Rung]) -> Any:
    """The rungs as a common table expression: SQLite names the columns of VALUES nowhere else."""
    columns = (
        column("days", Integer),
        column("first_due", Date),
        column("last_due", Date),
        column("climbed_on", Date),
    )
    rows = [(rung.days, rung.first_due, rung.last_due, rung.climbed_on) for rung in rungs]
    return values(*columns, name="rungs").data(rows).cte("rungs")


def _open_on_a_rung(cycle: Cycle, steps: Sequence[str] | None, rung: Any, at: datetime, day: date) -> Any:
    """Deadlines that were known and not done as of the moment, and stand on a rung on that day."""
    query = (
        select()
        .select_from(Deadline)
        .join(rung, and_(Deadline.due_day >= rung.c.first_due, Deadline.due_day <= rung.c.last_due))
        .where(
            Deadline.cycle_id == cycle.id,
            Deadline.known_at <= at,
            or_(Deadline.done_at.is_(None), Deadline.done_at > at),
            # a rung that was due before the deadline was known is not climbed after the fact
            or_(Deadline.known_on <= rung.c.climbed_on, Deadline.due_day < literal(day, Date)),
        )
    )
    return query if steps is None else query.where(Deadline.step.in_(steps))


def _case_by_rung(rung: Any) -> Any:
    return case((rung.c.days > 0, str(Kind.REMINDER)), (rung.c.days == 0, str(Kind.DUE_TODAY)), else_=str(Kind.OVERDUE))


def _insert_ladder(session: Session, cycle: Cycle, query: Any, kind: Any, agency: Any, rung: Any, at: datetime) -> None:
    slash = literal("/", String)
    parts = (
        literal(str(cycle.id), String),
        kind,
        Deadline.step,
        Deadline.occasion,
        Unit.code,
        cast(Deadline.due_day, String),
        cast(rung.c.days, String),
        agency.actor,
    )
    key: Any = parts[0]
    for part in parts[1:]:
        key = key + slash + part
    chosen = {
        "key": key,
        "cycle_id": literal(cycle.id, Integer),
        "unit_id": Deadline.unit_id,
        "agency_id": agency.id,
        "kind": kind,
        "stage": Deadline.stage,
        "step": Deadline.step,
        "occasion": Deadline.occasion,
        "due_day": Deadline.due_day,
        "rung": rung.c.days,
        "state": literal(str(NoticeState.QUEUED), String),
        "queued_at": literal(at, Moment),
        "not_before": literal(at, Moment),
        "attempts": literal(0, Integer),
    }
    rows = query.add_columns(*(value.label(name) for name, value in chosen.items())).order_by(
        Deadline.due_day, Unit.code
    )
    session.execute(insert_new(session, Notice).from_select(list(chosen), rows))


def withdraw_outdated(session: Session, at: datetime) -> None:
    """Reminders whose deadline has been met or has moved are not sent; the reason is kept."""
    still_open = exists().where(
        Deadline.cycle_id == Notice.cycle_id,
        Deadline.unit_id == Notice.unit_id,
        Deadline.step == Notice.step,
        Deadline.occasion == Notice.occasion,
        Deadline.due_day == Notice.due_day,
        or_(Deadline.done_at.is_(None), Deadline.done_at > at),
    )
    session.execute(
        update(Notice)
        .where(
            Notice.state == NoticeState.QUEUED,
            Notice.kind.in_([str(kind) for kind in LADDER_KINDS]),
            Notice.stage != PROGRAMME,  # theirs are withdrawn by models.records.programme_reminders
            Notice.queued_at <= at,
            ~still_open,
        )
        .values(state=str(NoticeState.WITHDRAWN), reason="the deadline was met or has moved")
        .execution_options(synchronize_session=False)
    )


def claim(session: Session, sender: str, at: datetime, most: int, lease: timedelta) -> Sequence[int]:
    """Take up to `most` notices that are due for sending, also those whose earlier claim has expired."""
    due = (
        select(Notice.id)
        .where(
            Notice.not_before <= at,
            or_(
                Notice.state == NoticeState.QUEUED,
                and_(Notice.state == NoticeState.CLAIMED, Notice.claimed_until <= at),
            ),
        )
        .order_by(Notice.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(
            update(Notice)
            .where(Notice.id.in_(ids))
            .values(state=str(NoticeState.CLAIMED), claimed_by=sender, claimed_until=at + lease)
            .execution_options(synchronize_session=False)
        )
    return ids


def attempts_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How often each of these notices was tried."""
    return dict(session.execute(select(Notice.id, Notice.attempts).where(Notice.id.in_(ids))).tuples().all())


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: sent, to be tried again at `again_at`, or (null) abandoned."""

    notice_id: int
    ok: bool
    channel: str
    subject: str
    text_hash: str
    detail: str | None = None
    again_at: datetime | None = None


def confirm(session: Session, sender: str, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Write what became of the attempts, for those notices that this sender still holds."""
    ids = [outcome.notice_id for outcome in outcomes]
    held = dict(
        session.execute(
            select(Notice.id, Notice.attempts)
            .where(Notice.id.in_(ids), Notice.claimed_by == sender, Notice.state == NoticeState.CLAIMED)
            .with_for_update()
        )
        .tuples()
        .all()
    )
    mine = [outcome for outcome in outcomes if outcome.notice_id in held]
    if not mine:
        return
    session.execute(insert(Attempt), [_attempt(outcome, held[outcome.notice_id] + 1, at) for outcome in mine])
    session.connection().execute(
        update(Notice)
        .where(Notice.id == bindparam("notice"))
        .values(
            state=bindparam("to_state"),
            attempts=Notice.attempts + 1,
            not_before=func.coalesce(bindparam("again", type_=Moment()), Notice.not_before),
            sent_at=bindparam("sent", type_=Moment()),
            subject=bindparam("said_subject"),
            text_hash=bindparam("hash"),
            reason=bindparam("why"),
            claimed_by=None,
            claimed_until=None,
        ),
        [_after(outcome, at) for outcome in mine],
    )


def _attempt(outcome: Outcome, number: int, at: datetime) -> dict[str, object]:
    return {
        "notice_id": outcome.notice_id,
        "number": number,
        "at": at,
        "channel": outcome.channel,
        "ok": outcome.ok,
        "detail": outcome.detail,
    }


def _after(outcome: Outcome, at: datetime) -> dict[str, object]:
    state = NoticeState.SENT if outcome.ok else NoticeState.QUEUED if outcome.again_at else NoticeState.ABANDONED
    return {
        "notice": outcome.notice_id,
        "to_state": str(state),
        "again": outcome.again_at,
        "sent": at if outcome.ok else None,
        "said_subject": outcome.subject[:300],
        "hash": outcome.text_hash,
        "why": outcome.detail,
    }


def counts_by_kind(session: Session, cycle_id: int) -> dict[str, int]:
    """How many notices of each kind stand in the outbox of a cycle, withdrawn ones not counted."""
    rows = session.execute(
        select(Notice.kind, func.count())
        .where(Notice.cycle_id == cycle_id, Notice.state != NoticeState.WITHDRAWN)
        .group_by(Notice.kind)
        .order_by(Notice.kind)
    )
    return dict(rows.tuples().all())


def counts_by_state(session: Session) -> dict[str, int]:
    """How many notices are in each state, over all cycles."""
    return dict(session.execute(select(Notice.state, func.count()).group_by(Notice.state)).tuples().all())

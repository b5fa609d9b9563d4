"""Notices with their proof: to whom, which text (hash), each attempt; of one subject, or all by a filter."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.records.cycles import Agency
from models.records.notices import Attempt, Kind, Notice, NoticeState
from models.records.prepared import prepared
from models.records.units import Unit
from models.words import Words

KIND_WORDS = {
    Kind.STAGE_OPENED: Words("mở giai đoạn", "stage opened"),
    Kind.DOSSIER_RECEIVED: Words("đã nhận hồ sơ", "dossier received"),
    Kind.SUPPLEMENT_REQUESTED: Words("đề nghị bổ sung", "supplement requested"),
    Kind.RESULT: Words("kết quả", "result"),
    Kind.CORRECTION: Words("quyết định thay thế", "superseding decision"),
    Kind.REMEDY_OPENED: Words("mở khắc phục", "remedy opened"),
    Kind.COMMENDATION: Words("khen thưởng", "commendation"),
    Kind.REMINDER: Words("nhắc trước hạn", "reminder"),
    Kind.DUE_TODAY: Words("đến hạn hôm nay", "due today"),
    Kind.OVERDUE: Words("quá hạn", "overdue"),
    Kind.ESCALATION: Words("báo cấp trên", "escalation"),
    Kind.DATE_MOVED: Words("dời hạn", "day moved"),
    Kind.UNIT_MERGED: Words("sắp xếp đơn vị", "units rearranged"),
    Kind.TASK_ADDED: Words("giao việc", "task given"),
    Kind.TASK_DROPPED: Words("bỏ việc", "task dropped"),
    Kind.TASK_CHANGED: Words("sửa nội dung việc", "task said otherwise"),
    Kind.OPENING_REFUSED: Words("chưa mở được kỳ", "opening refused"),
}

STATE_WORDS = {
    NoticeState.QUEUED: Words("đang chờ gửi", "queued"),
    NoticeState.CLAIMED: Words("đang gửi", "being sent"),
    NoticeState.SENT: Words("đã gửi", "sent"),
    NoticeState.ABANDONED: Words("bỏ, không gửi được", "abandoned"),
    NoticeState.WITHDRAWN: Words("đã rút (hạn đã xong hoặc dời)", "withdrawn"),
}

_KINDS, _STATES = ({str(name): words for name, words in known.items()} for known in (KIND_WORDS, STATE_WORDS))


def kind_words(kind: str) -> Words:
    """What a kind of notice is called; one that this module does not know yet keeps its own name."""
    return _KINDS.get(kind) or Words(kind, kind)


def state_words(state: str) -> Words:
    return _STATES.get(state) or Words(state, state)


MOST_NOTICES = 500


class Asked(NamedTuple):
    """Which notices a list is about; null: all. `of_none`: those that belong to no cycle."""

    cycle_id: int | None = None
    of_none: bool = False
    units: Collection[int] | None = None
    state: str | None = None
    kind: str | None = None


def count_notices(session: Session, asked: Asked, at: datetime) -> int:
    """How many `with_proof` has in all."""
    return session.scalar(*_count(at, *asked)) or 0


@prepared
def _count(at: datetime, *asked: Any):
    return select(func.count()).select_from(Notice).where(*_where(at, Asked(*asked)))


def _where(at: datetime, asked: Asked) -> list[ColumnElement[bool]]:
    found = [Notice.queued_at <= at]
    if asked.of_none:
        found.append(Notice.cycle_id.is_(None))
    elif asked.cycle_id is not None:
        found.append(Notice.cycle_id == asked.cycle_id)
    if asked.units is not None:
        found.append(Notice.unit_id.in_(asked.units))
    if asked.state is not None:
        found.append(Notice.state == asked.state)
    return found if asked.kind is None else [*found, Notice.kind == asked.kind]


def with_proof(
    session: Session, asked: Asked, at: datetime, *, most: int = MOST_NOTICES, skip: int = 0
) -> list[dict[str, Any]]:
    """The notices under these conditions that were queued by the moment, newest first, each with its attempts."""
    rows = session.execute(*_newest_first(most, skip, at, *asked)).all()
    attempts = _attempts(session, [notice.id for notice, *_ in rows], at)
    return [_document(row, attempts.get(row[0].id, []), at) for row in rows]


@prepared
def _newest_first(most: int, skip: int, at: datetime, *asked: Any):
    return (
        select(Notice, Agency.name, Unit.code, Unit.name)
        .outerjoin(Agency, Agency.id == Notice.agency_id)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .where(*_where(at, Asked(*asked)))
        .order_by(Notice.queued_at.desc(), Notice.id.desc())
        .limit(most)
        .offset(skip)
    )


def _document(row: Any, attempts: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    notice, to, code, name = row
    sent = next((attempt["at"] for attempt in attempts if attempt["ok"]), None)
    # What became of it after the moment asked about has not happened yet then.
    state = notice.state if notice.sent_at is None or notice.sent_at <= at else str(NoticeState.QUEUED)
    return {
        "key": notice.key,
        "kind": notice.kind,
        "kind_words": kind_words(notice.kind),
        "to": to,
        "unit": code,
        "unit_name": name,
        "step": notice.step,
        "due_day": notice.due_day,
        "state": state,
        "state_words": state_words(state),
        "queued_at": notice.queued_at,
        "sent_at": sent,
        "subject": notice.subject,
        "text_hash": notice.text_hash,
        "reason": notice.reason,
        "attempts": attempts,
    }


def _attempts(session: Session, ids: Sequence[int], at: datetime) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for one in session.scalars(*_attempts_by(ids, at)):
        said = {"number": one.number, "at": one.at, "channel": one.channel, "ok": one.ok, "detail": one.detail}
        found.setdefault(one.notice_id, []).append(said)
    return found


@prepared
def _attempts_by(ids: Collection[int], at: datetime):
    wanted = select(Attempt).where(Attempt.notice_id.in_(ids), Attempt.at <= at)
    return wanted.order_by(Attempt.notice_id, Attempt.number)


def count_by_state_and_kind(session: Session, asked: Asked, at: datetime) -> dict[tuple[str, str], int]:
    """How many notices that were queued by the moment stand where, as they are now: (kind, state) -> count."""
    return {(kind, state): count for kind, state, count in session.execute(*_by_state_and_kind(at, *asked)).tuples()}


@prepared
def _by_state_and_kind(at: datetime, *asked: Any):
    counted = select(Notice.kind, Notice.state, func.count()).where(*_where(at, Asked(*asked)))
    return counted.group_by(Notice.kind, Notice.state)

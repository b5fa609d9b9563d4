"""Proof of notice: who was due what and why, each attempt with its result and the hash of its text, who has read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.records.cycles import Agency, Cycle
from models.records.dossiers import batched
from models.records.notices import Attempt, Notice
from models.records.notices_acknowledged import Acknowledgement
from models.records.units import Unit


@dataclass(frozen=True)
class Asked:
    """Which notices are asked for; null: any. `since` and `until` are moments of queueing, `until` excluded."""

    since: datetime | None = None
    until: datetime | None = None
    unit_code: str | None = None
    year: int | None = None
    step: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Proof:
    """One notice with everything that is known of it."""

    notice: Notice
    agency: str
    unit_code: str | None
    unit: str | None
    year: int | None
    attempts: tuple[Attempt, ...]
    acknowledged: Acknowledgement | None

    @property
    def due_day(self) -> date | None:
        return self.notice.due_day


def proofs(session: Session, asked: Asked, most: int | None = None, skip: int = 0) -> Iterator[Proof]:
    """The notices asked for in the order of queueing, read in batches; `most` of them after the first `skip`."""
    # A sum is in no index: of one year's or one commune's notices the first are not sought among those of all.
    order = Notice.id + 0 if asked.year or asked.unit_code else Notice.id
    wanted = _matching(session, asked).with_only_columns(Notice.id).order_by(order).limit(most).offset(skip)
    ids = session.scalars(wanted).all()
    for chunk in batched(ids):
        attempts: dict[int, list[Attempt]] = {}
        for attempt in session.scalars(
            select(Attempt).where(Attempt.notice_id.in_(chunk)).order_by(Attempt.notice_id, Attempt.number)
        ):
            attempts.setdefault(attempt.notice_id, []).append(attempt)
        read = {
            one.notice_id: one
            for one in session.scalars(select(Acknowledgement).where(Acknowledgement.notice_id.in_(chunk)))
        }
        rows = session.execute(
            select(Notice, Agency.name, Unit.code, Unit.name, Cycle.year)
            .outerjoin(Agency, Agency.id == Notice.agency_id)
            .outerjoin(Unit, Unit.id == Notice.unit_id)
            .outerjoin(Cycle, Cycle.id == Notice.cycle_id)
            .where(Notice.id.in_(chunk))
            .order_by(Notice.id)
        )
        for notice, agency, code, unit, year in rows.tuples():
            found = tuple(attempts.get(notice.id, ()))
            yield Proof(notice, agency or "", code, unit, year, found, read.get(notice.id))


def proof_document(proof: Proof) -> dict[str, Any]:
    """The JSON of one notice in `tcpl notices` and `/api/notices`."""
    notice, read = proof.notice, proof.acknowledged
    return {
        "id": notice.id,
        "key": notice.key,
        "kind": notice.kind,
        "to": proof.agency,
        "unit": proof.unit_code,
        "unit_name": proof.unit,
        "year": proof.year,
        "step": notice.step,
        "due": notice.due_day,
        "rung": notice.rung,
        "queued_at": notice.queued_at,
        "state": notice.state,
        "reason": notice.reason,
        "subject": notice.subject,
        "attempts": [
            {
                "number": attempt.number,
                "at": attempt.at,
                "channel": attempt.channel,
                "recipient": attempt.recipient,
                "ok": attempt.ok,
                "detail": attempt.detail,
                "text_hash": attempt.text_hash,
                "template": attempt.template,
                "letter": attempt.letter_id,
            }
            for attempt in proof.attempts
        ],
        "acknowledged": {"at": read.at, "by": read.by, "how": read.how} if read else None,
    }


def counts(session: Session, asked: Asked) -> dict[str, int]:
    """How many of the notices asked for are in each state."""
    query = _matching(session, asked).with_only_columns(Notice.state, func.count()).group_by(Notice.state)
    return dict(session.execute(query.order_by(Notice.state)).tuples().all())


def _matching(session: Session, asked: Asked) -> Select[tuple[Notice]]:
    query = select(Notice)
    if asked.since:
        query = query.where(Notice.queued_at >= asked.since)
    if asked.until:
        query = query.where(Notice.queued_at < asked.until)
    if asked.unit_code:
        query = query.join(Unit, Unit.id == Notice.unit_id).where(Unit.code == asked.unit_code)
    if asked.year:
        cycles = session.scalars(select(Cycle.id).where(Cycle.year == asked.year)).all()
        query = query.where(Notice.cycle_id.in_(cycles))  # few, and found by their index
    if asked.step:
        query = query.where(Notice.step == asked.step)
    return query.where(Notice.state == asked.state) if asked.state else query

"""Proof of notice: who was due what and why, each attempt with its result and the hash of its text, who has read it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.records.cycles import Agency, Cycle
from models.records.dossiers import batched
from models.records.notices import Attempt, Notice
from models.records.notices_acknowledged import Acknowledgement
from models.records.prepared import prepared
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
    ids = session.scalars(*_ids(most, skip, *_values(session, asked))).all()
    for chunk in batched(ids):
        attempts: dict[int, list[Attempt]] = {}
        for attempt in session.scalars(*_attempts(chunk)):
            attempts.setdefault(attempt.notice_id, []).append(attempt)
        read = {one.notice_id: one for one in session.scalars(*_acknowledgements(chunk))}
        for notice, agency, code, unit, year in session.execute(*_notices(chunk)).tuples():
            found = tuple(attempts.get(notice.id, ()))
            yield Proof(notice, agency or "", code, unit, year, found, read.get(notice.id))


@prepared
def _ids(most: int | None, skip: int, *asked: Any):
    _, _, unit_code, cycle_ids, _, _ = asked
    # A sum is in no index: of one year's or one commune's notices the first are not sought among those of all.
    order = Notice.id if cycle_ids is None and unit_code is None else Notice.id + 0
    wanted = _matching(*asked).with_only_columns(Notice.id)
    return wanted.order_by(order).limit(most).offset(skip)


@prepared
def _attempts(notice_ids: Collection[int]):
    wanted = select(Attempt).where(Attempt.notice_id.in_(notice_ids))
    return wanted.order_by(Attempt.notice_id, Attempt.number)


@prepared
def _acknowledgements(notice_ids: Collection[int]):
    return select(Acknowledgement).where(Acknowledgement.notice_id.in_(notice_ids))


@prepared
def _notices(ids: Collection[int]):
    return (
        select(Notice, Agency.name, Unit.code, Unit.name, Cycle.year)
        .outerjoin(Agency, Agency.id == Notice.agency_id)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Cycle, Cycle.id == Notice.cycle_id)
        .where(Notice.id.in_(ids))
        .order_by(Notice.id)
    )


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
    return dict(session.execute(*_by_state(*_values(session, asked))).tuples().all())


@prepared
def _by_state(*asked: Any):
    counted = _matching(*asked).with_only_columns(Notice.state, func.count())
    return counted.group_by(Notice.state).order_by(Notice.state)


_Values = tuple[datetime | None, datetime | None, str | None, Collection[int] | None, str | None, str | None]


def _values(session: Session, asked: Asked) -> _Values:
    """What `_matching` is given; the cycles of a year are few, and their notices are found by their index."""
    cycle_ids = session.scalars(*_cycles_of(asked.year)).all() if asked.year else None
    return asked.since, asked.until, asked.unit_code or None, cycle_ids, asked.step or None, asked.state or None


@prepared
def _cycles_of(year: int):
    return select(Cycle.id).where(Cycle.year == year)


def _matching(
    since: datetime | None,
    until: datetime | None,
    unit_code: str | None,
    cycle_ids: Collection[int] | None,
    step: str | None,
    state: str | None,
) -> Select[tuple[Notice]]:
    query = select(Notice)
    if since is not None:
        query = query.where(Notice.queued_at >= since)
    if until is not None:
        query = query.where(Notice.queued_at < until)
    if unit_code is not None:
        query = query.join(Unit, Unit.id == Notice.unit_id).where(Unit.code == unit_code)
    if cycle_ids is not None:
        query = query.where(Notice.cycle_id.in_(cycle_ids))
    if step is not None:
        query = query.where(Notice.step == step)
    return query if state is None else query.where(Notice.state == state)

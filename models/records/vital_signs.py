"""Whether the machine is well, as far as the database knows: last watch, last delivery, the queue, stuck claims."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records.notices import Notice, NoticeState, counts_by_state
from models.records.notices_addressed import Letter
from models.records.prepared import prepared
from models.records.running import Lease, pulses

EXPECTED_EVERY = {"watch": timedelta(hours=26), "delivery": timedelta(hours=1)}
"""How old a pulse may be: the watch runs each morning, delivery every few minutes (`local`, of this product)."""


def vital_signs(session: Session, now: datetime) -> dict[str, Any]:
    """Pulses with their age in seconds, notices by state, claims that have expired, leases held."""
    beats = pulses(session)
    return {
        "pulses": {name: _pulse(beats.get(name), limit, now) for name, limit in EXPECTED_EVERY.items()},
        "queue": {str(state): count for state, count in _all_states(counts_by_state(session)).items()},
        "oldest_queued": session.scalar(*_oldest_queued(now)),
        "stuck": session.scalar(*_stuck(now)),
        "leases": [
            {"name": lease.name, "holder": lease.holder, "until": lease.until}
            for lease in session.scalars(*_leases(now))
        ],
        "engine": session.get_bind().dialect.name,
    }


@prepared
def _oldest_queued(now: datetime):
    return select(func.min(Notice.queued_at)).where(Notice.state == NoticeState.QUEUED, Notice.not_before <= now)


@prepared
def _stuck(now: datetime):
    stuck = (Letter.state == NoticeState.CLAIMED, Letter.claimed_until <= now)
    return select(func.count()).select_from(Letter).where(*stuck)


@prepared
def _leases(now: datetime):
    return select(Lease).where(Lease.until > now).order_by(Lease.name)


def _all_states(counts: dict[str, int]) -> dict[NoticeState, int]:
    return {state: counts.get(str(state), 0) for state in NoticeState}


def _pulse(at: datetime | None, limit: timedelta, now: datetime) -> dict[str, Any]:
    age = None if at is None else max((now - at).total_seconds(), 0)
    return {
        "at": at,
        "age": age,
        "limit": limit.total_seconds(),
        "ok": age is not None and age <= limit.total_seconds(),
    }

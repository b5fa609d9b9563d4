"""Figures by which the sending of notices is judged well or not; what is too much is decided in `tasks.health`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records.contacts import reached
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import batched
from models.records.notices import NoticeState
from models.records.notices_addressed import Letter
from models.records.units import Unit


@dataclass(frozen=True)
class Sending:
    """Letters whose claim has run out, that wait since when, that were given up lately."""

    stuck: int
    oldest_waiting: datetime | None
    abandoned: int


def sending(session: Session, at: datetime, patience: timedelta, lately: timedelta) -> Sending:
    """`patience`: how long a claim that has run out may lie before it counts as stuck."""

    def count(*conditions) -> int:
        return session.scalar(select(func.count()).select_from(Letter).where(*conditions)) or 0

    return Sending(
        count(Letter.state == NoticeState.CLAIMED, Letter.claimed_until <= at - patience),
        session.scalar(
            select(func.min(Letter.made_at, type_=Letter.made_at.type)).where(
                Letter.state == NoticeState.QUEUED, Letter.not_before <= at
            )
        ),
        count(Letter.state == NoticeState.ABANDONED, Letter.made_at >= at - lately),
    )


def offices_without_contact(session: Session, cycles: Sequence[Cycle], at: datetime) -> int:
    """How many offices that owe something in these cycles nobody answers for."""
    return len(_unreached(session, cycles, at))


def offices_unreached(session: Session, cycles: Sequence[Cycle], at: datetime) -> list[tuple[str, str, str]]:
    """The same offices: (the unit's code, its name, the office's name), by code."""
    ids = _unreached(session, cycles, at)
    rows: list[tuple[str, str, str]] = []
    for chunk in batched(sorted(ids)):
        query = select(Unit.code, Unit.name, Agency.name).join(Agency, Agency.unit_id == Unit.id)
        rows += session.execute(query.where(Agency.id.in_(chunk))).tuples()
    return sorted(rows)


def _unreached(session: Session, cycles: Sequence[Cycle], at: datetime) -> set[int]:
    ids = set(
        session.scalars(
            select(Agency.id)
            .join(Deadline, (Deadline.holder_id == Agency.unit_id) & (Deadline.actor == Agency.actor))
            .where(Deadline.cycle_id.in_([cycle.id for cycle in cycles]))
            .distinct()
        )
    )
    return ids - reached(session, ids, at.date()).keys()

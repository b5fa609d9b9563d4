"""Figures by which the sending of notices is judged well or not; what is too much is decided in `tasks.health`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records.contacts import reached_ids
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import BATCH
from models.records.notices import NoticeState
from models.records.notices_addressed import Letter
from models.records.prepared import prepared
from models.records.remembered import remembered
from models.records.units import Unit
from models.records.until_acts import by_cycle

FEW = 3
"""Of more cycles than these, which a country has, who is not reached is asked once a minute."""


@dataclass(frozen=True)
class Sending:
    """Letters whose claim has run out, that wait since when, that were given up lately."""

    stuck: int
    oldest_waiting: datetime | None
    abandoned: int


def sending(session: Session, at: datetime, patience: timedelta, lately: timedelta) -> Sending:
    """`patience`: how long a claim that has run out may lie before it counts as stuck."""
    return Sending(
        session.scalar(*_stuck(at - patience)) or 0,
        session.scalar(*_oldest_waiting(at)),
        session.scalar(*_abandoned(at - lately)) or 0,
    )


@prepared
def _stuck(since: datetime):
    stuck = (Letter.state == NoticeState.CLAIMED, Letter.claimed_until <= since)
    return select(func.count()).select_from(Letter).where(*stuck)


@prepared
def _oldest_waiting(at: datetime):
    oldest = select(func.min(Letter.made_at, type_=Letter.made_at.type))
    return oldest.where(Letter.state == NoticeState.QUEUED, Letter.not_before <= at)


@prepared
def _abandoned(since: datetime):
    given_up = (Letter.state == NoticeState.ABANDONED, Letter.made_at >= since)
    return select(func.count()).select_from(Letter).where(*given_up)


def offices_without_contact(session: Session, cycles: Sequence[Cycle], at: datetime) -> int:
    """How many offices that owe something in these cycles nobody answers for."""
    return len(_unreached(session, cycles, at) if len(cycles) <= FEW else offices_unreached(session, cycles, at))


def offices_unreached(session: Session, cycles: Sequence[Cycle], at: datetime) -> list[tuple[str, str, str]]:
    """The same offices: (the unit's code, its name, the office's name), by code."""
    if len(cycles) <= FEW:
        return _offices(session, _unreached(session, cycles, at))
    given = (tuple(sorted(cycle.id for cycle in cycles)), at.date())
    return remembered(session, "offices", given, lambda: _offices(session, _unreached(session, cycles, at)), acts=False)


def _offices(session: Session, ids: set[int]) -> list[tuple[str, str, str]]:
    rows = session.execute(*_named(ids if len(ids) <= BATCH else None)).tuples()
    return sorted((code, unit, office) for agency_id, code, unit, office in rows if agency_id in ids)


@prepared
def _named(ids: Collection[int] | None):
    named = select(Agency.id, Unit.code, Unit.name, Agency.name).join(Unit, Unit.id == Agency.unit_id)
    return named if ids is None else named.where(Agency.id.in_(ids))


def _unreached(session: Session, cycles: Sequence[Cycle], at: datetime) -> set[int]:
    """Who owes something follows from acts; who answers for an office changes without one."""
    ids = tuple(sorted(cycle.id for cycle in cycles))
    owing = by_cycle(session, ids, ("owing",), lambda missing: _owing_in(session, missing))
    return _not_reached(session, set(chain.from_iterable(owing.values())), at)


def _owing_in(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {one: [] for one in ids}
    for cycle_id, agency_id in session.execute(*_owing(ids)).tuples():
        found[cycle_id].append(agency_id)
    return found


def _not_reached(session: Session, agencies: set[int], at: datetime) -> set[int]:
    return agencies - reached_ids(session, agencies, at.date())


@prepared
def _owing(cycle_ids: Collection[int]):
    of = (Deadline.cycle_id, Deadline.holder_id, Deadline.actor)
    owing = select(*of).where(Deadline.cycle_id.in_(cycle_ids)).distinct().subquery()
    held = (owing.c.holder_id == Agency.unit_id) & (owing.c.actor == Agency.actor)
    return select(owing.c.cycle_id, Agency.id).join(owing, held)

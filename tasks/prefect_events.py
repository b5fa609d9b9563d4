"""Prefect events (`tcpl.*`) from the journal, after commit, so that an operator can hang automations on them.

A cursor per cycle remembers how far they went; an event's id follows from its line, so that one sent again after a
crash is recognised. Prefect is imported here: only `tasks.engine` uses this module.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import emit_event
from prefect.events.worker import EventsWorker
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import journal, running
from models.records.cycles import Cycle
from models.records.units import Unit
from tasks.database import reading, work

EVENTS = {
    "open-stage": "tcpl.stage.opened",
    "submit": "tcpl.dossier.submitted",
    "note-missed": "tcpl.deadline.missed",
    "decide": "tcpl.decision.recorded",
}
"""Which act of the journal is which event; one event for each line of the act."""

MOST = 200
"""So many acts are told in one run; the rest by the next one."""


@dataclass(frozen=True)
class Told:
    """One event to be emitted."""

    id: UUID
    name: str
    occurred: datetime
    cycle: str
    unit: str
    payload: dict[str, str]


def emit_events() -> int:
    """Emit what the journal has that was not emitted yet; returns how many events."""
    with reading() as session:
        cycles = session.execute(select(Cycle.id, Unit.code, Cycle.year).join(Unit, Unit.id == Cycle.province_id)).all()
    return sum(_emit_of(cycle_id, f"tcpl.cycle.{province}.{year}") for cycle_id, province, year in cycles)


def _emit_of(cycle_id: int, cycle: str) -> int:
    cursor = f"events/{cycle_id}"
    with reading() as session:
        found = journal.since(session, cycle_id, running.position(session, cursor), EVENTS, MOST)
        told = _told(session, cycle, found)
        last = found[-1][0].number if found else 0
    for one in told:
        _emit(one)
    if told:
        EventsWorker.instance().wait_until_empty()
        with work() as session:
            running.advance(session, cursor, last)
    return len(told)


def _told(session: Session, cycle: str, found: object) -> list[Told]:
    pairs = list(found)  # type: ignore[call-overload]
    ids = {line.unit_id for _, line in pairs}
    codes = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids))).tuples().all())
    return [
        Told(
            uuid5(NAMESPACE_URL, f"{cycle}/{entry.number}/{line.number}"),
            EVENTS[entry.act],
            entry.at,
            cycle,
            f"tcpl.unit.{codes[line.unit_id]}",
            {"key": line.key, "by": entry.by},
        )
        for entry, line in pairs
    ]


def _emit(told: Told) -> None:
    emit_event(
        told.name,
        resource={"prefect.resource.id": told.unit},
        related=[{"prefect.resource.id": told.cycle, "prefect.resource.role": "cycle"}],
        occurred=told.occurred,
        payload=told.payload,
        id=told.id,
    )

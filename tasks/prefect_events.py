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
    """Emit what the journal has that was not emitted yet; returns how many events.

    The server takes what was emitted while the next cycle's is read; it is waited for once.
    """
    with reading() as session:
        cycles = session.execute(select(Cycle.id, Unit.code, Cycle.year).join(Unit, Unit.id == Cycle.province_id)).all()
    count, come_to = 0, {}
    for cycle_id, province, year in cycles:
        told, last = _not_emitted(cycle_id, f"tcpl.cycle.{province}.{year}")
        for one in told:
            _emit(one)
        if told:
            count, come_to[cycle_id] = count + len(told), last
    if come_to:
        EventsWorker.instance().wait_until_empty()
        with work() as session:
            for cycle_id, last in come_to.items():
                running.advance(session, _cursor(cycle_id), last)
    return count


def _cursor(cycle_id: int) -> str:
    return f"events/{cycle_id}"


def _not_emitted(cycle_id: int, cycle: str) -> tuple[list[Told], int]:
    """What is to be told of a cycle, and the number of the last entry that it comes from."""
    with reading() as session:
        found = journal.since(session, cycle_id, running.position(session, _cursor(cycle_id)), EVENTS, MOST)
        return _told(session, cycle, found), found[-1][0].number if found else 0


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

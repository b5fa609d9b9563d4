"""Where the year stands, as the JSON of `tcpl status` and of `/api/status`: one document for a person and a machine."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.records import board, contacts, programme_board
from models.records.cycles import Cycle, laws_of
from models.records.prepared import prepared
from models.records.remembered import remembered
from models.records.units import Unit
from models.records.until_acts import by_cycle

FEW = 3
"""Of more cycles than these, which a country has, whom nobody reaches is counted once a minute."""


def cycles_on_board(
    session: Session, province: str | None, year: int | None, day: date, *, most: int | None = None, skip: int = 0
) -> list[dict[str, Any]]:
    """The board of each cycle asked for, as of a day."""
    rows = session.execute(*_page(province or None, year or None, most, skip)).tuples().all()
    known = {cycle.id: (cycle, unit) for cycle, unit in rows}
    boards = by_cycle(
        session, list(known), ("status", day), lambda ids: _boards(session, [known[one] for one in ids], day)
    )
    unreached = _unreached(session, tuple(known), day)
    return [{**boards[one], "units_without_contact": unreached[one]} for one in known]


def _unreached(session: Session, ids: tuple[int, ...], day: date) -> Mapping[int, int]:
    if len(ids) <= FEW:
        return contacts.count_units_unreached(session, ids, day)
    return remembered(
        session, "status", (ids, day), lambda: contacts.count_units_unreached(session, ids, day), acts=False
    )


def count_cycles(session: Session, province: str | None, year: int | None) -> int:
    return session.scalar(*_count(province or None, year or None)) or 0


@prepared
def _page(province: str | None, year: int | None, most: int | None, skip: int):
    return _asked(province, year).order_by(Cycle.year, Unit.code, Cycle.trial).limit(most).offset(skip)


@prepared
def _count(province: str | None, year: int | None):
    return _asked(province, year).with_only_columns(func.count(Cycle.id))


def _asked(province: str | None, year: int | None) -> Select[Any]:
    query = select(Cycle, Unit).join(Unit, Unit.id == Cycle.province_id)
    query = query if province is None else query.where(Unit.code == province)
    return query if year is None else query.where(Cycle.year == year)


def _boards(session: Session, rows: Sequence[tuple[Cycle, Unit]], day: date) -> dict[int, dict[str, Any]]:
    """What follows from the acts of each cycle; what the many have in common is asked for all of them at once."""
    cycles = [cycle for cycle, _ in rows]
    ids = [cycle.id for cycle in cycles]
    outcomes, overdue = board.outcomes_by_cycle(session, ids, day), board.overdue_of(session, ids, day)
    figures = board.figures_by_cycle(session, laws_of(session, cycles), day)
    districts = board.districts_by_cycle(session, ids)
    programmes = programme_board.figures_by_cycle(session, ids, day)
    return {
        cycle.id: {
            "province": unit.code,
            "name": unit.name,
            "year": cycle.year,
            "trial": cycle.trial,
            "opened_on": cycle.opened_on,
            "closed_on": cycle.closed_on,
            "outcomes": outcomes[cycle.id],
            "overdue": overdue.get(cycle.id, 0),
            "stages": [_stage(found) for found in figures[cycle.id]],
            "districts": districts[cycle.id],
            "programme": programmes[cycle.id],
        }
        for cycle, unit in rows
    }


def _stage(found: board.StageFigures) -> dict[str, Any]:
    return {
        "stage": str(found.stage),
        "opened_on": found.opened_on,
        "closed_on": found.closed_on,
        "last_day": found.last_day,
        **found.all.__dict__,
        "by_district": {code or "": counts.__dict__ for code, counts in found.by_district.items()},
    }

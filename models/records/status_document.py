"""Where the year stands, as the JSON of `tcpl status` and of `/api/status`: one document for a person and a machine."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.records import board, contacts, programme_board
from models.records.cycles import Cycle, law_of
from models.records.remembered import remembered
from models.records.units import Unit

FEW = 3
"""Of more cycles than these, which a country has, the board is counted once a minute."""


def cycles_on_board(
    session: Session, province: str | None, year: int | None, day: date, *, most: int | None = None, skip: int = 0
) -> list[dict[str, Any]]:
    """The board of each cycle asked for, as of a day."""
    query = _asked(province, year).order_by(Cycle.year, Unit.code, Cycle.trial).limit(most).offset(skip)
    rows = session.execute(query).tuples().all()
    if len(rows) <= FEW:
        return [_cycle(session, cycle, unit, day) for cycle, unit in rows]
    given = (tuple(cycle.id for cycle, _ in rows), day)
    return remembered(session, "status", given, lambda: [_cycle(session, cycle, unit, day) for cycle, unit in rows])


def count_cycles(session: Session, province: str | None, year: int | None) -> int:
    query = _asked(province, year).with_only_columns(func.count(Cycle.id))
    return session.scalar(query) or 0


def _asked(province: str | None, year: int | None) -> Select[Any]:
    query = select(Cycle, Unit).join(Unit, Unit.id == Cycle.province_id)
    query = query.where(Unit.code == province) if province else query
    return query.where(Cycle.year == year) if year else query


def _cycle(session: Session, cycle: Cycle, unit: Unit, day: date) -> dict[str, Any]:
    return {
        "province": unit.code,
        "name": unit.name,
        "year": cycle.year,
        "trial": cycle.trial,
        "opened_on": cycle.opened_on,
        "closed_on": cycle.closed_on,
        "outcomes": board.outcomes(session, cycle.id, day),
        "overdue": board.overdue_on(session, [cycle.id], day),
        "stages": [_stage(found) for found in board.figures(session, cycle, law_of(session, cycle), day)],
        "districts": board.district_names(session, cycle.id),
        "units_without_contact": contacts.count_units_unreached(session, cycle, day),
        "programme": programme_board.figures_on(session, cycle.id, day),
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

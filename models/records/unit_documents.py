"""Units as the JSON of `tcpl units show` and `lineage`, and of `/api/units`: those of a day, and what one came from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.records.unit_queries import Kin, lineage, parent_codes, units_on
from models.records.unit_rows import START_NOT_KNOWN
from models.records.unit_search import unit_or_refusal
from models.records.units import Unit


def units_of_province(
    session: Session, province: str, day: date, *, most: int | None = None, skip: int = 0
) -> list[Unit]:
    """The province and the units under it on a day, or a page of them. Raises Refusal `unknown_unit`."""
    unit_or_refusal(session, province, day, "province")
    return units_on(session, province, day, most, skip)


def units_document(session: Session, province: str, day: date, units: Sequence[Unit]) -> dict[str, Any]:
    parents = parent_codes(session, units)
    return {
        "province": province,
        "on": day,
        "units": [_described(unit, parents) for unit in units],
        "sources": sorted({unit.source for unit in units}),
    }


def kindred(session: Session, code: str, day: date) -> tuple[Unit, list[Kin], list[Kin]]:
    """The unit of that code on the day, what it came from, and what it became. Raises Refusal `unknown_unit`."""
    unit = unit_or_refusal(session, code, day)
    return (unit, *lineage(session, unit.id))


def lineage_document(session: Session, unit: Unit, came_from: Sequence[Kin], became: Sequence[Kin]) -> dict[str, Any]:
    parents = parent_codes(session, [unit, *(kin.unit for kin in (*came_from, *became))])
    return {
        "unit": _described(unit, parents),
        "from": [_related(kin, parents) for kin in came_from],
        "to": [_related(kin, parents) for kin in became],
    }


def _described(unit: Unit, parents: dict[int, str]) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level,
        "kind": unit.kind,
        "parent": parents.get(unit.parent_id) if unit.parent_id else None,
        "valid_from": unit.valid_from,
        "valid_from_known": unit.valid_from != START_NOT_KNOWN,
        "valid_to": unit.valid_to,
    }


def _related(kin: Kin, parents: dict[int, str]) -> dict[str, Any]:
    return {**_described(kin.unit, parents), "whole": kin.whole, "on": kin.on, "source": kin.source}

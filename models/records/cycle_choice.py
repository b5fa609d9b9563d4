"""Which cycle a page is about: those there are, those open on a day, and the one that an address names."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle
from models.records.prepared import prepared
from models.records.remembered import name_of_database, while_unchanged
from models.records.units import Unit
from models.words import Words

NAME = re.compile(r"(\d{2})-(\d{4})(-trial)?")
MOST_TERRITORIES = 200
MOST_OFFERED = 40


class Named(NamedTuple):
    """A cycle with its province, and the name that addresses give it: "96-2024", "96-2024-trial".

    The rest is the cycle's too: every page looks through all cycles, and a mapped class is slow to be asked.
    """

    cycle: Cycle
    province: Unit
    name: str
    province_id: int
    opened_on: date
    closed_on: date | None


_named: dict[Any, tuple[Sequence[Any], list[Named]]] = {}
"""Per database and territory what the rows were, and what was made of them: a country has hundreds of cycles, every
page asks for them, and making objects of them costs more than reading them."""


def cycles_known(session: Session) -> list[Named]:
    """Every cycle, the youngest year first, official ones before trials. For reading: the rows belong to no session."""
    return while_unchanged(session, "cycles", None, lambda: _all(session))


def _all(session: Session) -> list[Named]:
    key = (name_of_database(session), session.info.get("territory"))
    rows = session.execute(*_token()).all()
    before, found = _named.get(key, ((), []))
    if rows != before or len(found) != len(rows):
        found = _read(session)
        if len(_named) >= MOST_TERRITORIES:
            _named.clear()
        _named[key] = rows, found
    return found


@prepared
def _token():
    """All that can change of a cycle, and what a page says of its province."""
    shown = (Cycle.id, Cycle.law_version, Cycle.closed_on, Unit.code, Unit.name)
    return select(*shown).join(Unit, Unit.id == Cycle.province_id)


def _read(session: Session) -> list[Named]:
    rows = session.execute(*_cycles()).tuples().all()
    units = {unit.id: _apart(unit) for _, unit in rows}
    return [
        Named(_apart(one), units[unit.id], name_of(one, unit.code), unit.id, one.opened_on, one.closed_on)
        for one, unit in rows
    ]


@prepared
def _cycles():
    order = (Cycle.year.desc(), Unit.code, Cycle.trial)
    return select(Cycle, Unit).join(Unit, Unit.id == Cycle.province_id).order_by(*order)


def _apart(row: Any) -> Any:
    """The same row as an object of no session, so that it outlives this one."""
    return type(row)(**{column.name: getattr(row, column.name) for column in row.__table__.columns})


def offered(known: Sequence[Named], named: Named | None) -> Sequence[Named]:
    """The cycles that a page lets one choose from: all of them, or of many those of the same province."""
    if len(known) <= MOST_OFFERED:
        return known
    return [one for one in known if named and one.province_id == named.province_id]


def name_of(cycle: Cycle, province: str) -> str:
    return f"{province}-{cycle.year}{'-trial' if cycle.trial else ''}"


def open_on(known: Sequence[Named], on: date) -> list[Named]:
    """Those open on the day, oldest year first; where none is, the youngest that was opened by then."""
    begun = [one for one in known if one.opened_on <= on]
    found = [one for one in begun if one.closed_on is None or one.closed_on > on]
    return sorted(found or begun[:1], key=lambda one: (one.cycle.year, one.province.code, one.cycle.trial))


def chosen(known: Sequence[Named], name: str | None, on: date) -> Named | None:
    """The cycle of that name, else the oldest open on the day; None where there is none at all. Raises Refusal."""
    if name is None:
        return next(iter(open_on(known, on) or known), None)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise _no_cycle(name, known)
    return found


def _no_cycle(name: str, known: Sequence[Named]) -> Refusal:
    names = ", ".join(one.name for one in known[:MOST_OFFERED]) or "—"
    names += ", …" if len(known) > MOST_OFFERED else ""
    shown = name[:40] if NAME.fullmatch(name) else "?"
    return Refusal(
        "no_such_cycle",
        Words(f"Không có kỳ đánh giá “{shown}”.", f"There is no cycle “{shown}”."),
        Words(f"Các kỳ đã mở: {names}.", f"The cycles that were opened: {names}."),
        Words("Chọn một kỳ trong danh sách.", "Choose one of them."),
    )

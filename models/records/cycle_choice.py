"""Which cycle a page is about: those there are, those open on a day, and the one that an address names."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle
from models.records.units import Unit
from models.words import Words

NAME = re.compile(r"(\d{2})-(\d{4})(-trial)?")


class Named(NamedTuple):
    """A cycle with its province, and the name that addresses give it: "96-2024", "96-2024-trial"."""

    cycle: Cycle
    province: Unit
    name: str


def cycles_known(session: Session) -> list[Named]:
    """Every cycle, the youngest year first, official ones before trials."""
    rows = session.execute(
        select(Cycle, Unit).join(Unit, Unit.id == Cycle.province_id).order_by(Cycle.year.desc(), Unit.code, Cycle.trial)
    ).tuples()
    return [Named(cycle, unit, name_of(cycle, unit.code)) for cycle, unit in rows]


def name_of(cycle: Cycle, province: str) -> str:
    return f"{province}-{cycle.year}{'-trial' if cycle.trial else ''}"


def open_on(known: Sequence[Named], on: date) -> list[Named]:
    """Those open on the day, oldest year first; where none is, the youngest that was opened by then."""
    begun = [one for one in known if one.cycle.opened_on <= on]
    found = [one for one in begun if one.cycle.closed_on is None or one.cycle.closed_on > on]
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
    names = ", ".join(one.name for one in known) or "—"
    shown = name[:40] if NAME.fullmatch(name) else "?"
    return Refusal(
        "no_such_cycle",
        Words(f"Không có kỳ đánh giá “{shown}”.", f"There is no cycle “{shown}”."),
        Words(f"Các kỳ đã mở: {names}.", f"The cycles that were opened: {names}."),
        Words("Chọn một kỳ trong danh sách.", "Choose one of them."),
    )

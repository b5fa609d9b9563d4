"""The unit that must be there: finds it by code and day, or refuses and names those that may have been meant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from heapq import nlargest
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from models.errors import HomeRefusal, Refusal
from models.records.dossiers import Dossier
from models.records.prepared import prepared
from models.records.unit_names import plain, spelt
from models.records.unit_queries import count_units, find_unit, in_force, lineage
from models.records.unit_rows import CODE_DIGITS, LEVEL_WORDS, Level
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Words

MOST_DIGITS = 10
"""A longer number is no code, and no whole number of the database either."""
HOW_MANY, COMPARED = 3, 60


class Near(NamedTuple):
    """A unit that may have been meant."""

    code: str
    name: str


def unit_or_refusal(session: Session, code: str, on: date, level: Level | None = None) -> Unit:
    """The unit of this code on this day; refuses with `no_units`, `unit_not_in_force` or `unknown_unit`."""
    found = find_unit(session, code, on, level)
    if found is not None:
        return found
    if not any(count_units(session).values()):
        raise _no_units()
    other_time = _at_another_time(session, code, on, level)
    raise _not_in_force(session, other_time, on) if other_time else _unknown(session, code, on, level)


def near_units(session: Session, text: str, on: date, level: Level | None = None) -> list[Near]:
    """The units in force whose code is nearest to a number, or whose name is nearest to words, at most three."""
    level = level or next((one for one, digits in CODE_DIGITS.items() if digits == len(text)), None)
    if text.isdecimal() and len(text) <= MOST_DIGITS:
        nearest = session.execute(*_nearest(int(text), on, level)).tuples()
        return sorted(Near(code, name) for code, name in nearest)
    return _near_name(text, _by_name(session, (), on, level))


@prepared
def _nearest(number: int, on: date, level: Level | None):
    away = func.abs(cast(Unit.code, BigInteger) - number)
    return select(Unit.code, Unit.name).where(*_here(on, level)).order_by(away, Unit.code).limit(HOW_MANY)


@of_acts
def _by_name(session: Session, _: tuple[()], on: date, level: Level | None) -> Mapping[str, Near]:
    """Of units of the same name the one with the highest code, by the name as it is typed. It follows from no act."""
    found: dict[str, Near] = {}
    for one in spelt(session):
        if level in (None, one.level) and one.lasts(on):
            found.pop(one.plain, None)  # so that the order is that of the highest codes
            found[one.plain] = Near(one.code, one.name)
    return found


def _here(on: date, level: Level | None) -> tuple[ColumnElement[bool], ...]:
    return (in_force(on), *([] if level is None else [Unit.level == level]))


def _near_name(text: str, by_name: Mapping[str, Near]) -> list[Near]:
    asked = plain(text)
    within = [near for name, near in by_name.items() if asked and asked in name]
    close = [] if within else get_close_matches(asked, _alike(asked, by_name), n=HOW_MANY, cutoff=0.7)
    return (within or [by_name[name] for name in close])[:HOW_MANY]


def _alike(asked: str, names: Iterable[str]) -> list[str]:
    """The names that share most pairs of letters with what was asked: a country's names are too many to compare."""
    pairs = [asked[place : place + 2] for place in range(len(asked) - 1)]
    near = [name for name in names if abs(len(name) - len(asked)) <= len(asked)]
    return nlargest(COMPARED, near, key=lambda name: sum(map(name.__contains__, pairs)))


def _at_another_time(session: Session, code: str, on: date, level: Level | None) -> Unit | None:
    """The one in force last before the day, else the first after it."""
    wanted = select(Unit).where(Unit.code == code)
    wanted = wanted.where(Unit.level == level) if level else wanted
    known = list(session.scalars(wanted.order_by(Unit.valid_from)))
    before = [unit for unit in known if unit.valid_from <= on]
    return before[-1] if before else next(iter(known), None)


def _not_in_force(session: Session, unit: Unit, on: date) -> Refusal:
    is_past = unit.valid_to is not None and unit.valid_to < on
    became = ", ".join(f"{kin.unit.code} {kin.unit.name}" for kin in lineage(session, unit.id)[1] if is_past)
    into = Words(f"; sau đó thành {became}", f"; it then became {became}") if became else Words("", "")
    since, until = unit.valid_from, unit.valid_to
    lasting = Words(
        f"từ {since:%d/%m/%Y}" + (f" đến hết {until:%d/%m/%Y}" if until else ""),
        f"from {since}" + (f" through {until}" if until else ""),
    )
    return Refusal(
        "unit_not_in_force",
        Words(
            f"Ngày {on:%d/%m/%Y} không có đơn vị hành chính nào mang mã {unit.code}.",
            f"On {on} no unit bears the code {unit.code}.",
        ),
        Words(
            f"Trong danh mục, mã này là của {unit.name}, {lasting.vi}{into.vi}.",
            f"In our list that code is {unit.name}'s, {lasting.en}{into.en}.",
        ),
        Words(
            "Dùng mã của đơn vị có vào ngày đó, hoặc hỏi về ngày khác.",
            "Use a code of that day, or ask for another day.",
        ),
        unit={"code": unit.code, "name": unit.name, "valid_from": since, "valid_to": until},
    )


def _unknown(session: Session, code: str, on: date, level: Level | None) -> Refusal:
    near = near_units(session, code, on, level)
    named = "; ".join(f"{one.code} {one.name}" for one in near)
    which = LEVEL_WORDS[level] if level else Words("hành chính", "unit")
    return Refusal(
        "unknown_unit",
        Words(f"Không có đơn vị {which.vi} mã “{code}”.", f"There is no {which.en} with code “{code}”."),
        Words(
            f"Mã gồm 2 chữ số (tỉnh), 3 (huyện) hoặc 5 (xã), và phải có trong danh mục của ngày {on:%d/%m/%Y}.",
            f"A code has 2 digits (province), 3 (district) or 5 (commune), and must be in the list of {on}.",
        ),
        Words(f"Có phải: {named}?", f"Did you mean: {named}?") if near else _look_it_up(on),
        near=[one._asdict() for one in near],
    )


def _look_it_up(on: date) -> Words:
    show = f"`tcpl units show --province 96 --on {on}`"
    return Words(
        f"Xem danh mục bằng {show}, hoặc chọn ngày khác.", f"Look at the list with {show}, or take another day."
    )


def _no_units() -> HomeRefusal:
    return HomeRefusal(
        "no_units",
        Words("Chưa có đơn vị hành chính nào.", "There are no administrative units yet."),
        Words(
            "Cơ sở dữ liệu đã khởi tạo nhưng danh mục còn trống.", "The database is initialised, but the list is empty."
        ),
        Words("Chạy `tcpl units import`.", "Run `tcpl units import`."),
    )


def communes_like(session: Session, text: str, on: date, most: int = 50, cycle_id: int | None = None) -> list[Unit]:
    """Communes in force whose code begins with the number, or whose name has the words, with diacritics or without.

    Those of the cycle come first: many names are found in most provinces.
    """
    return communes_on(session, text, [on], most, cycle_id)[0]


def communes_on(
    session: Session, text: str, days: Sequence[date], most: int, cycle_id: int | None = None
) -> tuple[list[Unit], bool]:
    """The same for two days, those of the first before what the second adds; and whether a day may have more."""
    asked = plain(text)
    if not asked:
        return [], False
    if asked.isdecimal():
        lists = [list(session.scalars(*_of_code(asked, on, most, cycle_id))) for on in days]
        return list({unit.id: unit for units in lists for unit in units}.values()), any(
            len(one) == most for one in lists
        )
    named = [one for one in spelt(session) if asked in one.plain and one.level == "commune"]
    own = set(session.scalars(*_of_cycle(cycle_id))) if named and cycle_id is not None else set()
    named.sort(key=lambda one: one.id not in own)  # the order of codes stays
    ids = [[one.id for one in islice((one for one in named if one.lasts(on)), most)] for on in days]
    units = {unit.id: unit for unit in session.scalars(*_of_ids({one for of_day in ids for one in of_day}))}
    ordered = dict.fromkeys(one for of_day in ids for one in of_day)
    return [units[one] for one in ordered], any(len(of_day) == most for of_day in ids)


@prepared
def _of_cycle(cycle_id: int):
    return select(Dossier.unit_id).where(Dossier.cycle_id == cycle_id)


@prepared
def _of_code(beginning: str, on: date, most: int, cycle_id: int | None):
    found = select(Unit).where(in_force(on), Unit.level == "commune", Unit.code.startswith(beginning))
    return found.order_by(*_own_first(cycle_id)).limit(most)


@prepared
def _of_ids(ids: Collection[int]):
    return select(Unit).where(Unit.id.in_(ids))


def _own_first(cycle_id: int | None) -> tuple[Any, ...]:
    own = Unit.id.in_(select(Dossier.unit_id).where(Dossier.cycle_id == cycle_id))
    return case((own, 0), else_=1), Unit.code

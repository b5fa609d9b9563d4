"""Units written and asked for: those in force on a day, one by code and day, what became of it. Handed a session."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from models.errors import Refusal
from models.records.prepared import prepared
from models.records.unit_rows import CODE_DIGITS, LEVELS, DescentRow, Level, UnitRow
from models.records.units import Descent, Unit
from models.words import Words


@dataclass(frozen=True, slots=True)
class Kin:
    """A unit on the other side of a merger; `whole`: all of the older of the two went into the newer."""

    unit: Unit
    whole: bool
    on: date
    source: str


def add_units(session: Session, rows: Iterable[UnitRow], descents: Iterable[DescentRow] = ()) -> int:
    """Write what is not there yet and say how many units that were; a known (code, level, valid_from) stays as it is.

    Level by level, so that parents are there before their children: a handful of statements for the whole country.
    Raises Refusal `unknown_parent` or `unknown_kin` when a row speaks of a unit that does not exist.
    """
    by_level: dict[Level, list[UnitRow]] = defaultdict(list)
    for row in rows:
        by_level[row.level].append(row)
    written = sum(_add_level(session, by_level[level]) for level in LEVELS)
    _add_descents(session, list(descents))
    return written


def count_units(session: Session) -> dict[Level, int]:
    """How many rows there are of each level, of all times together."""
    found = dict(session.execute(select(Unit.level, func.count()).group_by(Unit.level)).tuples().all())
    return {level: found.get(level, 0) for level in LEVELS}


def count_descents(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Descent)) or 0


def in_force(on: date, unit: type[Unit] = Unit) -> ColumnElement[bool]:
    """The condition that a unit is in force on a day, both ends included; for the queries of others too."""
    return (unit.valid_from <= on) & (unit.valid_to.is_(None) | (unit.valid_to >= on))


def find_unit(session: Session, code: str, on: date, level: Level | None = None) -> Unit | None:
    """The unit that bears this code on this day, or none; `unit_search.unit_or_refusal` is the one that insists."""
    return session.scalars(*_bearing(code, on, level)).first()


@prepared
def _bearing(code: str, on: date, level: Level | None):
    wanted = select(Unit).where(Unit.code == code, in_force(on)).order_by(Unit.valid_from.desc())
    return wanted if level is None else wanted.where(Unit.level == level)


def units_on(session: Session, province_code: str, on: date, most: int | None = None, skip: int = 0) -> list[Unit]:
    """The province, its districts where there are any, its communes, each level by code; empty if there is no such.

    `most`: a page of them, after the first `skip`.
    """
    province = find_unit(session, province_code, on, "province")
    if province is None:
        return []
    rank = case({level: place for place, level in enumerate(LEVELS)}, value=Unit.level)
    whole = (Unit.id == province.id) | _below(province.id, on)
    return list(session.scalars(select(Unit).where(whole).order_by(rank, Unit.code).limit(most).offset(skip)))


def count_units_on(session: Session, province_code: str, on: date) -> int:
    """How many `units_on` has in all."""
    province = find_unit(session, province_code, on, "province")
    if province is None:
        return 0
    return (session.scalar(select(func.count()).select_from(Unit).where(_below(province.id, on))) or 0) + 1


def provinces_in_force(session: Session, on: date) -> list[Unit]:
    """The provinces in force on a day, by code."""
    query = select(Unit).where(Unit.level == "province", in_force(on)).order_by(Unit.code)
    return list(session.scalars(query))


def communes_of(session: Session, province_id: int, on: date, most: int | None = None, skip: int = 0) -> list[Unit]:
    """The communes of a province on a day, by code, whether districts stand between them or not."""
    wanted = select(Unit).where(_below(province_id, on), Unit.level == "commune").order_by(Unit.code)
    return list(session.scalars(wanted.limit(most).offset(skip)))


def count_communes(session: Session, province_code: str, on: date) -> int:
    """How many communes a province has on a day."""
    province = find_unit(session, province_code, on, "province")
    if province is None:
        return 0
    here = (_below(province.id, on), Unit.level == "commune")
    return session.scalar(select(func.count()).select_from(Unit).where(*here)) or 0


def parent_codes(session: Session, units: Collection[Unit]) -> dict[int, str]:
    """Code of each parent by its id, in one question."""
    wanted = {unit.parent_id for unit in units if unit.parent_id is not None}
    known = {unit.id: unit.code for unit in units if unit.id in wanted}
    rest = wanted - known.keys()
    return known | dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(rest))).tuples().all())


def lineage(session: Session, unit_id: int) -> tuple[list[Kin], list[Kin]]:
    """What the unit came from, and what it became."""
    return _kin(session, _came_from(unit_id)), _kin(session, _became(unit_id))


@prepared
def _came_from(unit_id: int):
    found = select(Unit, Descent).join(Descent, Descent.from_id == Unit.id).where(Descent.to_id == unit_id)
    return found.order_by(Descent.on, Unit.code)


@prepared
def _became(unit_id: int):
    found = select(Unit, Descent).join(Descent, Descent.to_id == Unit.id).where(Descent.from_id == unit_id)
    return found.order_by(Descent.on, Unit.code)


def forebears(session: Session, unit_id: int) -> list[int]:
    """The unit and everything that it came from, however far back, by id; the unit itself first."""
    return _along(session, unit_id, _came_from)


def heirs(session: Session, unit_id: int) -> list[int]:
    """The unit and everything that it became, however far on, by id; the unit itself first."""
    return _along(session, unit_id, _became)


def _along(session: Session, unit_id: int, ask: Callable[[int], Any]) -> list[int]:
    seen, todo = [], [unit_id]
    while todo:
        current = todo.pop(0)
        if current not in seen:
            seen.append(current)
            todo += [kin.unit.id for kin in _kin(session, ask(current))]
    return seen


def _kin(session: Session, wanted: tuple[Any, dict[str, Any]]) -> list[Kin]:
    found = session.execute(*wanted).tuples()
    return [Kin(unit, descent.whole, descent.on, descent.source) for unit, descent in found]


def _below(province_id: int, on: date) -> ColumnElement[bool]:
    district = aliased(Unit)
    districts = select(district.id).where(
        district.parent_id == province_id, district.level == "district", in_force(on, district)
    )
    return in_force(on) & or_(Unit.parent_id == province_id, Unit.parent_id.in_(districts))


class _Known:
    """The ids of all units by code, to resolve thousands of references without thousands of questions."""

    def __init__(self, session: Session) -> None:
        self._of: dict[tuple[str, str], list[tuple[date, date, int]]] = defaultdict(list)
        found = session.execute(select(Unit.code, Unit.level, Unit.valid_from, Unit.valid_to, Unit.id)).tuples()
        for code, level, valid_from, valid_to, unit_id in found:
            self._of[code, level].append((valid_from, valid_to or date.max, unit_id))

    def find(self, code: str, levels: Iterable[Level], first: date, last: date) -> int | None:
        """The unit of this code in force from `first` through `last`."""
        for level in levels:
            for valid_from, valid_to, unit_id in self._of.get((code, level), ()):
                if valid_from <= first and last <= valid_to:
                    return unit_id
        return None


def _levels_of(code: str) -> list[Level]:
    return [level for level in LEVELS if CODE_DIGITS[level] == len(code)]


def _columns(row: UnitRow, known: _Known) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    return columns | {"parent_id": None if row.parent is None else _parent(row, row.parent, known)}


_COLUMNS = ("code", "name", "level", "kind", "valid_from", "valid_to", "latitude", "longitude", "source")


def _parent(row: UnitRow, code: str, known: _Known) -> int:
    found = known.find(code, _levels_of(code), row.valid_from, row.valid_to or date.max)
    if found is not None:
        return found
    raise Refusal(
        "unknown_parent",
        Words(f"Không ghi được {row.name} (mã {row.code}).", f"{row.name} (code {row.code}) cannot be written."),
        Words(
            f"Không có đơn vị cấp trên mã {code} tồn tại suốt thời gian hiệu lực của đơn vị này.",
            f"There is no unit above it with code {code} that lasts through all of its validity.",
        ),
        Words(
            "Ghi đơn vị cấp trên trước, hoặc sửa mã cấp trên và ngày hiệu lực.",
            "Write the unit above it first, or correct the parent's code and the dates.",
        ),
    )


def _add_level(session: Session, rows: Sequence[UnitRow]) -> int:
    if not rows:
        return 0
    known = _Known(session)
    return _insert(session, Unit, [_columns(row, known) for row in rows], ("code", "level", "valid_from"))


def _add_descents(session: Session, descents: Sequence[DescentRow]) -> None:
    if descents:
        known = _Known(session)
        _insert(session, Descent, [_descent_columns(row, known) for row in descents], ("from_id", "to_id"))


def _descent_columns(row: DescentRow, known: _Known) -> dict[str, Any]:
    day_before = row.on - timedelta(days=1)
    from_id = known.find(row.from_code, _levels_of(row.from_code), day_before, day_before)
    to_id = known.find(row.to_code, _levels_of(row.to_code), row.on, row.on)
    if from_id is None or to_id is None:
        raise _unknown_kin(row, row.from_code if from_id is None else row.to_code)
    return {"from_id": from_id, "to_id": to_id, "on": row.on, "whole": row.whole, "source": row.source}


def _unknown_kin(row: DescentRow, missing: str) -> Refusal:
    return Refusal(
        "unknown_kin",
        Words(
            f"Không ghi được việc sắp xếp {row.from_code} thành {row.to_code} ngày {row.on:%d/%m/%Y}.",
            f"The change of {row.from_code} into {row.to_code} on {row.on} cannot be written.",
        ),
        Words(f"Vào lúc đó không có đơn vị mã {missing}.", f"There is no unit {missing} at that time."),
        Words("Ghi đơn vị đó trước.", "Write that unit first."),
    )


def _insert(session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> int:
    """INSERT ... ON CONFLICT (key) DO NOTHING, in the words of the engine at hand; how many rows it wrote.

    RETURNING says which rows were new, and makes SQLAlchemy send a thousand rows at a time: without it psycopg2 sends
    each on its own, and the country takes twelve seconds instead of one.
    """
    engine = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = engine.insert(table).on_conflict_do_nothing(index_elements=list(key))
    return len(session.connection().execute(statement.returning(getattr(table, key[0])), rows).all())

"""Whether rows of a file may join the units already there: `code + date` must go on finding exactly one."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.unit_rows import LEVELS, Level, RowFault, UnitRow, bad_unit_file
from models.records.units import Unit
from models.words import Words


def check_file_rows(session: Session, file: str, rows: Sequence[UnitRow]) -> None:
    """Refuse the whole file (`bad_unit_file`) when a row has no parent, or meets another unit of the same code."""
    known = _known(session, rows) + [(row.line or 0, row) for row in rows]
    faults = [fault for row in rows for fault in _faults(row, known)]
    if faults:
        raise bad_unit_file(file, faults)


_Known = list[tuple[int, UnitRow]]
"""Units with the line that they stand on, 0 for those of the database."""


def _known(session: Session, rows: Sequence[UnitRow]) -> _Known:
    codes = {row.code for row in rows} | {row.parent for row in rows if row.parent}
    codes |= {code for row in rows for code in row.into}
    found = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    return [(0, _as_row(session, unit)) for unit in found]


def _as_row(session: Session, unit: Unit) -> UnitRow:
    parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
    level: Level = next(level for level in LEVELS if level == unit.level)
    code = parent.code if parent else None
    return UnitRow(unit.code, unit.name, level, unit.kind, code, unit.valid_from, unit.valid_to, source=unit.source)


def _faults(row: UnitRow, known: _Known) -> Iterator[RowFault]:
    if row.parent and not any(_is_parent(other, row) for _, other in known):
        yield _no_parent(row, row.parent)
    for code in row.into:
        if not any(_is_heir(other, row, code) for _, other in known):
            yield _no_heir(row, code)
    for line, other in known:
        if line != row.line and _meets(row, other) and not (line == 0 and _same(row, other)):
            yield _taken(row, other, line)


def _is_parent(other: UnitRow, row: UnitRow) -> bool:
    lasts = other.valid_from <= row.valid_from and _end(row) <= _end(other)
    return other.code == row.parent and other.level != row.level and lasts


def _is_heir(other: UnitRow, row: UnitRow, code: str) -> bool:
    if row.valid_to is None or other.code != code:
        return False
    return other.valid_from <= row.valid_to + timedelta(days=1) <= _end(other)


def _no_heir(row: UnitRow, code: str) -> RowFault:
    return RowFault(
        row.line or 0,
        Words(
            f"Không có đơn vị mã {code} để {row.name} nhập vào.", f"There is no unit {code} for {row.name} to go into."
        ),
        Words(
            "Đơn vị nhận phải tồn tại vào ngày sau ngày kết thúc của dòng này.",
            "What it went into has to be in force on the day after this line's last.",
        ),
        Words("Sửa cột into hoặc ngày valid_to.", "Correct the column into or the date valid_to."),
    )


def _meets(row: UnitRow, other: UnitRow) -> bool:
    apart = _end(row) < other.valid_from or _end(other) < row.valid_from
    return (row.code, row.level) == (other.code, other.level) and not apart


def _same(row: UnitRow, other: UnitRow) -> bool:
    return all(
        getattr(row, part) == getattr(other, part) for part in ("name", "kind", "parent", "valid_from", "valid_to")
    )


def _end(row: UnitRow) -> date:
    return row.valid_to or date.max


def _no_parent(row: UnitRow, parent: str) -> RowFault:
    return RowFault(
        row.line or 0,
        Words(f"{row.name} không có cấp trên mã {parent}.", f"{row.name} has no unit {parent} above it."),
        Words(
            "Không có đơn vị nào mang mã ấy suốt thời gian hiệu lực của dòng này.",
            "No unit bears that code through all of the validity on this line.",
        ),
        Words(
            "Sửa cột parent hoặc các ngày; cấp huyện chỉ tồn tại đến 30/06/2025.",
            "Correct the column parent or the dates; districts last until 2025-06-30.",
        ),
    )


def _taken(row: UnitRow, other: UnitRow, line: int) -> RowFault:
    first, last = other.valid_from, other.valid_to
    where = Words(f"ở dòng {line}", f"on line {line}") if line else Words("trong cơ sở dữ liệu", "in the database")
    return RowFault(
        row.line or 0,
        Words(f"Mã {row.code} đang là của đơn vị khác.", f"The code {row.code} belongs to another unit."),
        Words(
            f"{other.name} {where.vi} mang mã này từ {first:%d/%m/%Y} đến {f'{last:%d/%m/%Y}' if last else 'nay'}.",
            f"{other.name} {where.en} bears it from {first} to {last or 'now'}.",
        ),
        Words(
            "Sửa mã hoặc ngày để hai thời gian hiệu lực không chồng nhau.",
            "Correct the code or the dates so that the two validities do not overlap.",
        ),
    )

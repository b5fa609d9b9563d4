"""Reads a province's own file of units: what the shipped list lacks, for instance a commune merged before 2025.

CSV in UTF-8, comma or semicolon between columns (Excel writes either), the first line naming them in any order:

    code,name,level,kind,parent,valid_from,valid_to,into
    99901,Xã Ví Dụ,commune,Xã,964,,2024-10-31,32002

`level` is province, district or commune; `name` begins with `kind`; `parent` is the code of the unit above (the
district, or since 01/07/2025 the province); dates are ISO and inclusive. An empty `valid_from` means not known, an
empty `valid_to` still in force. `into` may be left out: the code of the unit that this one went into on the day after
its last, or several codes with a space between them where it was divided. Codes keep their leading zeros: 2, 3 and 5
digits. Every fault is told with its line (`bad_unit_file`), and a file with a fault gives nothing.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeGuard

from models.errors import Refusal
from models.records.unit_rows import (
    CODE_DIGITS,
    KINDS,
    LEVELS,
    START_NOT_KNOWN,
    Level,
    RowFault,
    UnitRow,
    bad_unit_file,
)
from models.words import Words

COLUMNS = ("code", "name", "level", "kind", "parent", "valid_from", "valid_to")
INTO = "into"
"""The one column that a file may leave out."""

Cells = dict[str, str]


def read_unit_file(path: Path) -> list[UnitRow]:
    """The units of the file, parents not yet looked up. Refuses with every fault that can be seen in the file alone."""
    lines = list(_lines(path))
    faults = [fault for line, cells in lines for fault in _faults(line, cells)] + list(_repeats(lines))
    if faults:
        raise bad_unit_file(path.name, faults)
    return [_unit(line, cells, path.name) for line, cells in lines]


def iso_date(text: str) -> date | None:
    """The day of `2024-12-31`, or none: no other way of writing it is taken, and there is no 31 June."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(path: Path) -> Iterator[tuple[int, Cells]]:
    text = _text(path)
    heading = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in heading else ",", restkey="", restval="")
    named = tuple(name.strip() for name in reader.fieldnames or ())
    if sorted(named) not in (sorted(COLUMNS), sorted((*COLUMNS, INTO))):
        raise bad_unit_file(path.name, [_bad_heading(named)])
    reader.fieldnames = named
    for cells in reader:
        yield reader.line_num, {name: _stripped(cell) for name, cell in cells.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        why = Words("Tệp không phải văn bản UTF-8.", "It is not UTF-8 text.")
    except FileNotFoundError:
        why = Words("Không có tệp nào ở đó.", "There is no file there.")
    except OSError as error:
        why = Words(
            f"Máy không cho đọc ({error.strerror}).", f"The machine does not let us read it ({error.strerror})."
        )
    raise Refusal(
        "unreadable_file",
        Words(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."),
        why,
        Words(
            "Kiểm tra đường dẫn; từ Excel hãy lưu dạng “CSV UTF-8 (Comma delimited)”.",
            "Check the path; from Excel save it as “CSV UTF-8 (Comma delimited)”.",
        ),
    )


def _stripped(cell: str | list[str]) -> str:
    return cell.strip() if isinstance(cell, str) else ",".join(cell)


def _bad_heading(named: tuple[str, ...]) -> RowFault:
    found = ", ".join(named) or "(trống · empty)"
    return RowFault(
        1,
        Words("Dòng tiêu đề không đúng.", "The heading is not as it must be."),
        Words(f"Tệp có các cột: {found}.", f"The file has the columns: {found}."),
        Words(f"Ghi dòng đầu là: {','.join(COLUMNS)}", f"Make the first line: {','.join(COLUMNS)}"),
    )


def _faults(line: int, cells: Cells) -> Iterator[RowFault]:
    if cells.get(""):
        yield RowFault(
            line,
            Words("Dòng có nhiều ô hơn số cột.", "The line has more cells than there are columns."),
            Words(f"Thừa: {cells['']}.", f"Too many: {cells['']}."),
            Words("Đặt ô có dấu phẩy trong dấu ngoặc kép.", "Put a cell that holds a comma in quotation marks."),
        )
    level = cells["level"]
    if _is_level(level):
        yield from _faults_of_level(line, cells, level)
    else:
        yield RowFault(
            line,
            Words(f"Không có cấp “{level}”.", f"There is no level “{level}”."),
            Words("Cột level ghi một trong ba cấp.", "The column level takes one of three."),
            Words(f"Ghi một trong: {', '.join(LEVELS)}.", f"Write one of: {', '.join(LEVELS)}."),
        )
    yield from _faults_of_dates(line, cells)
    yield from _faults_of_into(line, cells)


def _faults_of_into(line: int, cells: Cells) -> Iterator[RowFault]:
    into, digits = cells.get(INTO, ""), "|".join(rf"\d{{{count}}}" for count in CODE_DIGITS.values())
    if not into:
        return
    if not re.fullmatch(rf"({digits})( +({digits}))*", into, re.ASCII):
        yield RowFault(
            line,
            Words(f"Cột into ghi “{into}”.", f"The column into says “{into}”."),
            Words("Cột này ghi mã đơn vị nhận.", "It takes codes of the units that this one went into."),
            Words("Ghi một mã, hoặc nhiều mã cách nhau bằng dấu cách.", "Write one code, or several with spaces."),
        )
    if not cells["valid_to"]:
        yield RowFault(
            line,
            Words("Đơn vị nhập vào đơn vị khác nhưng chưa có ngày kết thúc.", "It went into another and has no end."),
            Words("Việc sắp xếp tính từ ngày sau valid_to.", "It went there on the day after valid_to."),
            Words("Ghi valid_to.", "Fill in valid_to."),
        )


def _is_level(text: str) -> TypeGuard[Level]:
    return text in LEVELS


def _faults_of_level(line: int, cells: Cells, level: Level) -> Iterator[RowFault]:
    digits, kind = CODE_DIGITS[level], cells["kind"]
    if not re.fullmatch(rf"\d{{{digits}}}", cells["code"], re.ASCII):
        yield RowFault(
            line,
            Words(f"Mã “{cells['code']}” không đúng.", f"The code “{cells['code']}” is not right."),
            Words(f"Mã của cấp này có đúng {digits} chữ số.", f"A code of this level has exactly {digits} digits."),
            Words(
                "Ghi đủ các số 0 ở đầu (Excel hay bỏ mất: định dạng cột là Text).",
                "Write the leading zeros too (Excel drops them: format the column as Text).",
            ),
        )
    if kind not in KINDS[level]:
        kinds = ", ".join(KINDS[level])
        yield RowFault(
            line,
            Words(f"Không có loại đơn vị “{kind}” ở cấp này.", f"There is no kind “{kind}” at this level."),
            Words(f"Cấp này có các loại: {kinds}.", f"This level has the kinds: {kinds}."),
            Words("Sửa cột kind hoặc cột level.", "Correct the column kind or the column level."),
        )
    elif not cells["name"].startswith(kind + " "):
        yield RowFault(
            line,
            Words(
                f"Tên “{cells['name']}” không bắt đầu bằng “{kind}”.",
                f"“{cells['name']}” does not begin with “{kind}”.",
            ),
            Words("Tên đơn vị gồm cả loại đơn vị.", "A unit's name includes its kind."),
            Words(f"Ghi ví dụ: {kind} An Xuyên.", f"Write for instance: {kind} An Xuyên."),
        )
    yield from _faults_of_parent(line, cells["parent"], level)


PARENT_CODE: dict[Level, str] = {"province": "", "district": r"\d{2}", "commune": r"\d{2,3}"}
"""A commune stands under a district (3 digits), since 01/07/2025 under a province (2 digits)."""


def _faults_of_parent(line: int, parent: str, level: Level) -> Iterator[RowFault]:
    if not re.fullmatch(PARENT_CODE[level], parent, re.ASCII):
        yield RowFault(
            line,
            Words(f"Mã cấp trên “{parent}” không đúng.", f"The parent's code “{parent}” is not right."),
            Words(
                "Cấp tỉnh không có cấp trên; cấp huyện thuộc tỉnh (2 số); cấp xã thuộc huyện (3 số) hoặc tỉnh (2 số).",
                "A province has none, a district a province (2 digits), a commune a district (3) or a province (2).",
            ),
            Words("Sửa cột parent.", "Correct the column parent."),
        )


def _faults_of_dates(line: int, cells: Cells) -> Iterator[RowFault]:
    for column in ("valid_from", "valid_to"):
        if cells[column] and iso_date(cells[column]) is None:
            yield RowFault(
                line,
                Words(f"Ngày “{cells[column]}” không đọc được.", f"The date “{cells[column]}” cannot be read."),
                Words(f"Cột {column} ghi ngày theo dạng năm-tháng-ngày.", f"The column {column} takes year-month-day."),
                Words("Ghi ví dụ 2024-10-31, hoặc để trống.", "Write for instance 2024-10-31, or leave it empty."),
            )
    first, last = iso_date(cells["valid_from"]) or START_NOT_KNOWN, iso_date(cells["valid_to"])
    if last and last < first:
        yield RowFault(
            line,
            Words("Hiệu lực kết thúc trước khi bắt đầu.", "The validity ends before it begins."),
            Words(f"Từ {first} đến {last}.", f"From {first} to {last}."),
            Words("Sửa valid_from hoặc valid_to.", "Correct valid_from or valid_to."),
        )


def _repeats(lines: list[tuple[int, Cells]]) -> Iterator[RowFault]:
    first_line: dict[tuple[str, ...], int] = {}
    for line, cells in lines:
        key = (cells["code"], cells["level"], cells["valid_from"])
        first = first_line.setdefault(key, line)
        if first != line:
            yield RowFault(
                line,
                Words(
                    f"Mã {cells['code']} đã có ở dòng {first}.", f"The code {cells['code']} stands on line {first} too."
                ),
                Words("Hai dòng nói về cùng một đơn vị.", "Both lines speak of the same unit."),
                Words("Giữ lại một dòng.", "Keep one of the two."),
            )


def _unit(line: int, cells: Cells, file: str) -> UnitRow:
    level = cells["level"]
    assert _is_level(level)
    first = iso_date(cells["valid_from"]) or START_NOT_KNOWN
    return UnitRow(
        code=cells["code"], name=cells["name"], level=level, kind=cells["kind"], parent=cells["parent"] or None,
        valid_from=first, valid_to=iso_date(cells["valid_to"]), source=f"{file[:150]}, dòng {line}", line=line,
        into=tuple(cells.get(INTO, "").split()),
    )  # fmt: skip

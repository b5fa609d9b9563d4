"""Contacts as a workbook: what its columns are, reading it with an error for each cell, writing it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from models.errors import Refusal
from models.law.regulation import ACTOR_WORDS, Actor
from models.records.contacts import Contact, Entered
from models.words import Words
from tasks.folders import writing_into

SHEET = "Đầu mối"


class Column(NamedTuple):
    """A column: its name in the code, its heading, its width."""

    name: str
    heading: str
    width: int


COLUMNS = (
    *(Column("unit_code", "Mã đơn vị", 11), Column("unit_name", "Tên đơn vị", 24), Column("actor", "Cơ quan", 24)),
    *(Column("name", "Họ tên", 26), Column("role", "Chức danh", 24), Column("channel", "Kênh", 11)),
    *(Column("address", "Địa chỉ", 30), Column("language", "Ngôn ngữ", 10), Column("digest_at", "Giờ bản tin", 12)),
    *(Column("quiet_from", "Yên lặng từ", 12), Column("quiet_to", "Yên lặng đến", 12)),
    *(
        Column("deputy_of", "Trực thay cho", 26),
        Column("absent_from", "Vắng từ", 12),
        Column("absent_to", "Vắng đến", 12),
    ),
    *(Column("valid_from", "Hiệu lực từ", 12), Column("valid_to", "Hiệu lực đến", 12)),
)
REQUIRED = ("unit_code", "actor", "name", "channel", "address")


class CellFault(NamedTuple):
    """What is wrong with one cell."""

    sheet: str
    cell: str
    what: Words
    why: Words
    do: Words


class Row(NamedTuple):
    """A contact of the file, and where it stands: its sheet, its line, the cell of each column."""

    sheet: str
    line: int
    entered: Entered
    cells: Mapping[str, str]


def read_contacts(path: Path) -> tuple[list[Row], list[CellFault]]:
    """The contacts of a workbook, and every fault in it. Raises Refusal where it is no workbook, or lacks a column."""
    sheet, rows = _rows_of(path)
    columns = _columns(path, rows[0] if rows else [])
    found: list[Row] = []
    faults: list[CellFault] = []
    for line, cells in enumerate(rows[1:], start=2):
        values = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        if all(value in ("", None) for value in values.values()):
            continue
        row, wrong = _row(values)
        places = {name: f"{letter(place)}{line}" for name, place in columns.items()}
        faults += [CellFault(sheet, places[name], *said) for name, said in wrong]
        if row is not None:
            found.append(Row(sheet, line, row, places))
    return found, faults


def letter(place: int) -> str:
    """The letter of a column, counted from 0."""
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"


def place_of(name: str) -> int:
    """Where a column stands in a workbook of ours."""
    return next(place for place, column in enumerate(COLUMNS) if column.name == name)


def _rows_of(path: Path) -> tuple[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        name = SHEET if SHEET in workbook.sheet_names else workbook.sheet_names[0]
        return name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError):
        raise Refusal(
            "not_a_workbook",
            Words(f"Không đọc được tệp {path.name}.", f"The file {path.name} cannot be read."),
            Words("Tệp không có, hoặc không phải bảng tính .xlsx/.ods.", "It is missing, or no workbook."),
            Words(
                "Lấy mẫu bằng `tcpl contacts export FILE.xlsx` rồi điền.",
                "Get one with `tcpl contacts export FILE.xlsx` and fill it in.",
            ),
        ) from None


def _columns(path: Path, heads: Sequence[Any]) -> Mapping[str, int]:
    """Where each column stands: by its heading or its name in the code, in any order."""
    named = {str(head).strip().casefold(): place for place, head in enumerate(heads)}
    columns = {
        column.name: named[key]
        for column in COLUMNS
        for key in (column.heading.casefold(), column.name)
        if key in named
    }
    missing = [column.heading for column in COLUMNS if column.name in REQUIRED and column.name not in columns]
    if missing:
        listed = ", ".join(missing)
        raise Refusal(
            "bad_contacts_file",
            Words(f"Tệp {path.name} thiếu cột: {listed}.", f"{path.name} lacks columns: {listed}."),
            Words("Dòng đầu phải là tên cột.", "The first line must name the columns."),
            Words("Lấy mẫu bằng `tcpl contacts export FILE.xlsx`.", "Get one with `tcpl contacts export FILE.xlsx`."),
        )
    return columns


Said = tuple[Words, Words, Words]


def _row(values: Mapping[str, Any]) -> tuple[Entered | None, list[tuple[str, Said]]]:
    read: dict[str, Any] = {}
    wrong: list[tuple[str, Said]] = []
    for name, reader in _READERS.items():
        value = values.get(name)
        value = value.strip() if isinstance(value, str) else value
        if value in ("", None):
            if name in REQUIRED:
                wrong.append((name, _wanting(name)))
            continue
        try:
            read[name] = reader(value)
        except ValueError as fault:
            wrong.append((name, _unreadable(name, value, str(fault))))
    return (None if wrong else Entered(**read)), wrong


def _code(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if not text.isdecimal():
        raise ValueError("32002")
    return text if len(text) in (2, 3, 5) else text.zfill(5)


def _actor(value: Any) -> Actor:
    said = str(value).strip().casefold()
    for actor, words in ACTOR_WORDS.items():
        if said in (actor, words.vi.casefold(), words.en.casefold()):
            return actor
    raise ValueError("; ".join(words.vi for words in ACTOR_WORDS.values()))


def _address(value: Any) -> str:
    text = f"{value:.0f}" if isinstance(value, float) else str(value).strip()
    if "://" in text:
        raise ValueError("ten@camau.gov.vn")
    return text if not isinstance(value, float) or text.startswith("84") else f"0{text}"


def _language(value: Any) -> str:
    said = str(value).strip().casefold()
    languages = {"vi": "vi", "tiếng việt": "vi", "en": "en", "tiếng anh": "en", "english": "en"}
    if said not in languages:
        raise ValueError("vi, en")
    return languages[said]


def _time(value: Any) -> time:
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 1440)
        return time(minutes // 60, minutes % 60)
    hours, _, minutes = str(value).replace("h", ":").replace("g", ":").partition(":")
    if not hours.isdecimal() or not (minutes or "0").isdecimal():
        raise ValueError("07:30")
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError:
        raise ValueError("07:30") from None


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(value), pattern).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise ValueError("31/12/2024")


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "unit_code": _code,
    "actor": _actor,
    "name": str,
    "role": str,
    "channel": str,
    "address": _address,
    "language": _language,
    "digest_at": _time,
    "quiet_from": _time,
    "quiet_to": _time,
    "deputy_of": str,
    "absent_from": _day,
    "absent_to": _day,
    "valid_from": _day,
    "valid_to": _day,
}


def _heading(name: str) -> str:
    return next(column.heading for column in COLUMNS if column.name == name)


def _wanting(name: str) -> Said:
    return (
        Words(f"Thiếu “{_heading(name)}”.", f"{_heading(name)} ({name}) is wanting."),
        Words("Cột này bắt buộc.", "This column is required."),
        Words("Điền ô này, hoặc xóa cả dòng.", "Fill the cell, or delete the whole line."),
    )


def _unreadable(name: str, value: Any, example: str) -> Said:
    shown = str(value)[:40] if name != "address" else "…"
    if name == "address":
        why = Words(
            "Địa chỉ kênh (có ://) có thể chứa mật khẩu và chỉ được để trong TCPL_CHANNELS.",
            "A channel's address (with ://) may hold a password; it belongs into TCPL_CHANNELS only.",
        )
    else:
        why = Words(f"Cần dạng: {example}.", f"It must look like: {example}.")
    return (
        Words(f"“{_heading(name)}” không đọc được: {shown}.", f"{_heading(name)} ({name}) cannot be read: {shown}."),
        why,
        Words(f"Ghi lại, ví dụ: {example}.", f"Write it again, for instance: {example}."),
    )


def write_contacts(path: Path, rows: Sequence[tuple[str, str, str, Contact | None]]) -> None:
    """Write (unit code, unit name, actor, contact or null for an office that has none) as a workbook to be filled."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append([column.heading for column in COLUMNS])
    for place, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, place)
        head.font, head.alignment = Font(bold=True, color="FFFFFF"), Alignment(wrap_text=True, vertical="center")
        head.fill = PatternFill("solid", fgColor="1F6F4A")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for code, unit, actor, contact in rows:
        given = {"unit_code": code, "unit_name": unit, "actor": ACTOR_WORDS[Actor(actor)].vi}
        cells = [given.get(column.name) or (getattr(contact, column.name) if contact else None) for column in COLUMNS]
        sheet.append(cells)
    for place in (place_of("unit_code") + 1, place_of("address") + 1):
        for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place):
            cell.number_format = "@"
    actors = DataValidation(type="list", formula1=f'"{",".join(words.vi for words in ACTOR_WORDS.values())}"')
    sheet.add_data_validation(actors)
    actors.add(f"{letter(place_of('actor'))}2:{letter(place_of('actor'))}5000")
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{max(sheet.max_row, 2)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing_into(path.parent):
        workbook.save(path)

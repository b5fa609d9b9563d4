"""Documented results of earlier years: read from a workbook strictly, all or none, each unit found by code and year."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.errors import AnswerRefusal, Refusal
from models.records.earlier_results import Documented, take_results
from models.records.journal import Signed
from models.records.known_results import known_of_province
from models.records.unit_search import unit_or_refusal
from models.words import Words
from tasks import clock
from tasks.database import reading, work
from tasks.folders import writing_into
from tasks.papers import hash_of, keep_paper

HEADINGS = ("Mã đơn vị", "Tên đơn vị", "Năm", "Kết quả", "Số quyết định", "Ngày quyết định", "Nguồn")
OUTCOMES = {"đạt": True, "đạt chuẩn": True, "chưa đạt": False, "chưa đạt chuẩn": False}
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell."""

    sheet: str
    cell: str
    what: Words
    do: Words


def import_results(path: Path, by: str, at: datetime | None = None) -> dict[str, Any]:
    """Take a workbook of results in: {"file", "rows", "new"}. Raises AnswerRefusal with every faulty cell."""
    signed = Signed(by, at or clock.now(), "kết quả có tài liệu")
    hashed = hash_of(path)
    sheet, rows = _rows(path)
    with work() as session:
        results, faults = _read(session, sheet, rows)
        if faults:
            raise _faulty(path, faults)
        new = take_results(session, results, path.name[:300], hashed, signed.by, signed.at)
    keep_paper(path)
    return {"file": path.name, "rows": len(results), "new": new}


def write_template(path: Path) -> None:
    """An empty workbook with the columns that `import_results` takes."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page = book.worksheets[0]
    page.title = "Kết quả"
    for column, heading in enumerate(HEADINGS, start=1):
        page.cell(1, column, heading).font = Font(bold=True)
    for letter, width in zip("ABCDEFG", (12, 34, 8, 16, 22, 18, 50), strict=True):
        page.column_dimensions[letter].width = width
    with writing_into(path.parent):
        book.save(path)


def known_results(province: str, year: int, trial: bool = False) -> list[dict[str, Any]]:
    """What is known of each commune of a province up to a year, and for how many years running it was recognised."""
    with reading() as session:
        return known_of_province(session, province, year, trial)


def _rows(path: Path) -> tuple[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        name = book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise _unreadable(path, Words("không phải bảng tính đọc được", "it is not a readable workbook")) from error
    if len(rows) > MOST_ROWS:
        raise _unreadable(path, Words("quá 200.000 dòng", "it has more than 200,000 rows"))
    found = tuple(str(cell).strip() for cell in (rows[0] if rows else []))[: len(HEADINGS)]
    if found != HEADINGS:
        wanted = ", ".join(HEADINGS)
        raise _unreadable(path, Words(f"dòng đầu phải là: {wanted}", f"its first row has to be: {wanted}"))
    return name, [[*row, *[""] * (len(HEADINGS) - len(row))] for row in rows[1:]]


def _read(session: Session, sheet: str, rows: list[list[Any]]) -> tuple[list[Documented], list[Fault]]:
    results: list[Documented] = []
    faults: list[Fault] = []
    seen: dict[tuple[int, int], int] = {}
    for number, row in enumerate(rows, start=2):
        if not any(str(cell).strip() for cell in row):
            continue
        found = _result(session, sheet, number, row)
        if isinstance(found, list):
            faults += found
            continue
        first = seen.setdefault((found.unit_id, found.year), number)
        if first != number:
            what = Words(f"đơn vị và năm này đã có ở dòng {first}", f"row {first} is of this unit and year too")
            faults.append(Fault(sheet, f"A{number}", what, Words("Giữ một dòng.", "Keep one of them.")))
        results.append(found)
    return results, faults


def _result(session: Session, sheet: str, number: int, row: list[Any]) -> Documented | list[Fault]:
    faults: list[Fault] = []

    def fault(column: str, vi: str, en: str, do: Words) -> None:
        faults.append(Fault(sheet, f"{column}{number}", Words(vi, en), do))

    code, name = _text(row[0]).removesuffix(".0").zfill(5), _text(row[1])
    year = _year(row[2])
    if year is None:
        fault("C", "không phải một năm", "it is not a year", Words("Ghi năm đánh giá, ví dụ 2023.", "E.g. 2023."))
    recognised = OUTCOMES.get(_text(row[3]).casefold())
    if recognised is None:
        fault("D", "phải là Đạt hoặc Chưa đạt", "it says Đạt or Chưa đạt", Words("Sửa ô này.", "Mend this cell."))
    decision, source, decided_on = _text(row[4]), _text(row[6]), _day(row[5])
    if not decision:
        fault("E", "thiếu số quyết định", "the decision has no number", Words("Ghi số quyết định.", "Give it."))
    if decided_on is None:
        do = Words("Ghi ngày dạng 2024-02-05 hoặc 05/02/2024.", "Write 2024-02-05 or 05/02/2024.")
        fault("F", "không phải một ngày", "it is not a day", do)
    if not source:
        fault("G", "thiếu nguồn", "it has no source", Words("Ghi nguồn của kết quả.", "Say where it comes from."))
    if year is not None and decided_on is not None and decided_on < date(year, 1, 1):
        fault("F", "trước năm đánh giá", "it is before the year", Words("Kiểm tra ngày hoặc năm.", "Check both."))
    unit_id = _unit(session, code, name, year, fault) if year is not None else None
    if faults or unit_id is None or year is None or recognised is None or decided_on is None:
        return faults
    return Documented(unit_id, code, year, recognised, decision[:60], decided_on, source[:300], f"{sheet}!A{number}")


def _unit(session: Session, code: str, name: str, year: int, fault: Any) -> int | None:
    """The commune of that code on the last day of that year; where a name is given, it has to be that one's."""
    try:
        unit = unit_or_refusal(session, code, date(year, 12, 31), "commune")
    except Refusal as refusal:
        fault("A", f"{refusal.what.vi} {refusal.why.vi}", f"{refusal.what.en} {refusal.why.en}", refusal.do)
        return None
    if name and name.casefold() != unit.name.casefold():
        do = Words("Một mã có thể đổi chủ theo thời gian: kiểm tra mã và năm.", "A code changes hands: check both.")
        fault("B", f"mã {code} năm {year} là {unit.name}", f"in {year} {code} is {unit.name}", do)
        return None
    return unit.id


def _text(cell: Any) -> str:
    return str(cell).strip() if cell is not None else ""


def _year(cell: Any) -> int | None:
    text = _text(cell).removesuffix(".0")
    return int(text) if text.isascii() and text.isdecimal() and 1990 <= int(text) <= 2200 else None


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unreadable(path: Path, why: Words) -> AnswerRefusal:
    return AnswerRefusal(
        "results_file",
        Words(f"Không đọc được tệp kết quả {path.name}.", f"The file of results {path.name} is not taken."),
        Words(f"Vì {why.vi}.", f"Because {why.en}."),
        Words("Lấy mẫu bằng `tcpl results template`.", "Take the template: `tcpl results template`."),
    )


def _faulty(path: Path, faults: list[Fault]) -> AnswerRefusal:
    first = faults[0]
    return AnswerRefusal(
        "results_refused",
        Words(
            f"Tệp {path.name} có {len(faults)} lỗi; chưa nhập gì. Ô {first.cell}: {first.what.vi}.",
            f"The file {path.name} has {len(faults)} faults; nothing is taken. Cell {first.cell}: {first.what.en}.",
        ),
        Words(
            "Kết quả các năm trước phải có đơn vị, năm, kết quả, quyết định và nguồn.",
            "A result of an earlier year has its unit, year, outcome, decision and source.",
        ),
        Words(f"{first.do.vi} (Danh sách đầy đủ: --json.)", f"{first.do.en} (The whole list: --json.)"),
        errors=[{"sheet": one.sheet, "cell": one.cell, "what": one.what, "do": one.do} for one in faults],
    )

"""The programme as a workbook: written for people to fill, read back with a remark for each cell that cannot be taken.

One sheet, one row a task; the headings are Vietnamese, the row under them says what may stand in a column.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.errors import Refusal
from models.law.flaws import Flaw
from models.law.programme import KIND_WORDS, PlanTask, TaskKind
from models.law.regulation import Actor, Stage
from models.law.spoken_errors import spoken
from models.words import Words
from tasks.folders import writing_into

SHEET = "Chương trình"
HEAD_ROWS = 2
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("Mã việc", "chữ thường, số, gạch nối"),
    "kind": ("Loại việc", ", ".join(TaskKind)),
    "title": ("Tên việc", ""),
    "lead": ("Cơ quan chủ trì", ", ".join(Actor)),
    "cooperating": ("Cơ quan phối hợp", "cách nhau bằng dấu phẩy"),
    "per": ("Giao theo cấp", "province, district, commune; trống: cấp của cơ quan chủ trì"),
    "stage": ("Phục vụ giai đoạn", ", ".join(Stage)),
    "begins": ("Bắt đầu", "ngày"),
    "due.kind": ("Cách đặt hạn", "fixed, of_stage, monthly, quarterly, yearly"),
    "due.date": ("Hạn: ngày cố định", "với fixed"),
    "due.day": ("Hạn: ngày trong tháng", "với monthly, quarterly, yearly"),
    "due.month": ("Hạn: tháng", "với yearly"),
    "due.until": ("Lặp đến ngày", "với monthly, quarterly, yearly"),
    "due.stage": ("Hạn theo giai đoạn", "với of_stage"),
    "due.anchor": ("Mốc của giai đoạn", "opening, end"),
    "due.days": ("Số ngày so với mốc", "âm: trước mốc"),
    "product": ("Sản phẩm", ""),
    "indicator": ("Chỉ tiêu", ""),
    "budget_line": ("Mục chi", ""),
    "estimate.total": ("Dự toán: tổng", "đồng"),
    "estimate.regular_budget": ("Ngân sách thường xuyên", "đồng"),
    "estimate.support": ("Hỗ trợ", "đồng"),
    "estimate.contribution": ("Đóng góp", "đồng"),
    "source": ("Căn cứ (mục của kế hoạch)", ""),
}
"""Where each part of a task stands: heading, and what may be written."""


def write_programme(file: Path, tasks: Sequence[PlanTask]) -> int:
    """Write tasks (none: an empty form) as a workbook; returns how many rows."""
    from openpyxl import Workbook  # a third of a second, which other commands need not spend
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append([head for head, _ in COLUMNS.values()])
    sheet.append([hint for _, hint in COLUMNS.values()])
    for task in tasks:
        sheet.append([_cell(task, name) for name in COLUMNS])
    for column, (head, _) in enumerate(COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = max(12, min(44, len(head) + 6))
        first, second = sheet.cell(1, column), sheet.cell(2, column)
        first.font, first.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
        second.font = Font(italic=True, color="666666")
        first.alignment = second.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "D3"
    with writing_into(file.parent):
        book.save(file)
    return len(tasks)


def _cell(task: PlanTask, name: str) -> object:
    document: Any = task.model_dump(mode="json")
    if name == "source":
        citation = task.citation
        return ", ".join(p for p in (citation.text, citation.article) if p) if citation else task.source
    for key in name.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    if isinstance(document, list):
        return ", ".join(document)
    if name.startswith("estimate.") and document is not None:
        return int(document)
    return document


def read_programme(file: Path) -> list[PlanTask]:
    """The tasks of a workbook. Refusal `workbook_refused` with a remark for each cell, and then nothing is taken."""
    rows = _rows(file)
    tasks: list[PlanTask] = []
    errors: list[dict[str, object]] = []
    for number, row in rows:
        try:
            tasks.append(PlanTask.model_validate(row))
        except ValidationError as error:
            errors += [remark(flaw, number) for flaw in spoken(error)]
    if errors:
        raise refused(file, errors)
    return tasks


def row_of(place: int, file: Path) -> int:
    """The row in which the task at this place of the workbook stands."""
    return _rows(file)[place][0]


def remark(flaw: Flaw, row: int) -> dict[str, object]:
    """A flaw as what is wrong with a cell."""
    return {
        "sheet": SHEET,
        "cell": f"{_letter(flaw.path)}{row}",
        "what": flaw.what,
        "why": flaw.why,
        "do": flaw.do,
    }


def refused(file: Path, errors: Sequence[dict[str, object]]) -> Refusal:
    first = errors[0]
    what, why, do = (
        part if isinstance(part, Words) else Words("", "") for part in map(first.get, ("what", "why", "do"))
    )
    at = f"{file.name}, {first['sheet']}!{first['cell']}"
    return Refusal(
        "workbook_refused",
        Words(f"{at}: {what.vi} (tất cả {len(errors)} lỗi)", f"{at}: {what.en} ({len(errors)} faults in all)"),
        why,
        do,
        file=file.name,
        errors=list(errors),
    )


def _letter(path: Sequence[str | int]) -> str:
    """The column of a path: the longest name that it begins with (pydantic puts the kind of a union between)."""
    from openpyxl.utils import get_column_letter

    keys = [str(key) for key in path if isinstance(key, str)]
    joined = [name for name in COLUMNS if name.split(".")[0] == (keys or [""])[0]]
    exact = [name for name in joined if name.split(".")[-1] == keys[-1]] if keys else []
    name = (exact or joined or ["id"])[0]
    return get_column_letter([*COLUMNS].index(name) + 1)


def _rows(file: Path) -> list[tuple[int, dict[str, Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(file)
        cells = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(file) from error
    heads = [str(cell).strip() for cell in cells[0]] if cells else []
    missing = [head for head, _ in COLUMNS.values() if head not in heads]
    if missing:
        raise _other_form(file, missing)
    places = {name: heads.index(head) for name, (head, _) in COLUMNS.items()}
    found = []
    for number, row in enumerate(cells[HEAD_ROWS:], start=HEAD_ROWS + 1):
        given = {name: _plain(row[place]) for name, place in places.items() if place < len(row)}
        if any(value is not None for value in given.values()):
            found.append((number, _nested(given)))
    return found


def _nested(given: dict[str, str | None]) -> dict[str, Any]:
    """Flat cells as the document that a plan would hold; empty cells are left out."""
    found: dict[str, Any] = {"mark": "local"}
    for name, value in given.items():
        if value is None:
            continue
        first, dot, second = name.partition(".")
        if dot:
            found.setdefault(first, {})[second] = value
        else:
            found[name] = value
    found["cooperating"] = [part.strip() for part in found.get("cooperating", "").split(",") if part.strip()]
    kind = str(found.get("kind", "")).strip().lower()
    found["kind"] = next((str(known) for known, words in KIND_WORDS.items() if words.vi == kind), kind)
    return found


def _plain(value: object) -> str | None:
    """A cell as text: a day in ISO, a whole number without its ".0"."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return _number(value)
        case None:
            return None
        case _:
            return str(value).strip() or None


def _number(value: float) -> str:
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        return repr(value)
    return str(int(exact)) if exact.is_finite() and exact == exact.to_integral_value() else str(exact)


def _unreadable(file: Path) -> Refusal:
    return Refusal(
        "workbook_unreadable",
        Words(f"Không đọc được sổ {file.name}.", f"The workbook {file.name} cannot be read."),
        Words(f"Không phải tệp Excel có trang “{SHEET}”.", f"It is no Excel file with a sheet “{SHEET}”."),
        Words("Dùng sổ do `tcpl task export` lập.", "Use a workbook made by `tcpl task export`."),
    )


def _other_form(file: Path, missing: Sequence[str]) -> Refusal:
    listed = ", ".join(missing)
    return Refusal(
        "workbook_of_another_form",
        Words(f"Sổ {file.name} thiếu cột: {listed}.", f"The workbook {file.name} lacks columns: {listed}."),
        Words("Tiêu đề cột đã bị đổi hoặc xóa.", "A heading was changed or removed."),
        Words("Chép nội dung sang sổ do `tcpl task export` lập.", "Copy it into a workbook of `tcpl task export`."),
    )

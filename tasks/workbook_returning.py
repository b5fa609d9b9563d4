"""A refused file goes back to its sender: a marked-up copy where it can be opened, and always the reasons as text.

The copy is made only of files that were looked over; formulas in cells that were to be filled in become text in it.
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from models.words import Language, Words
from tasks.settings import Settings
from tasks.workbook_flaws import Flaw
from tasks.workbook_styles import BOLD, LEFT, PLAIN, TITLE, WRONG, put, set_text

SHEET = "Cần sửa"


def give_back(
    settings: Settings, name: str, sha256: str, content: bytes | None, flaws: Sequence[Flaw], language: Language
) -> Path:
    """Write the answer to the sender into `returned/`; returns the file to be sent. `content` null: text only."""
    folder = settings.home / "returned"
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{_safe(name)}.{sha256[:8]}"
    text = folder / f"{stem}.ly-do.txt"
    text.write_text(_as_text(name, flaws, language), "utf-8")
    if content is None:
        return text
    try:
        copy = folder / f"{stem}.tra-lai.xlsx"
        copy.write_bytes(marked_up(content, flaws, language))
    except Exception:  # openpyxl meets what calamine tolerated in many ways; the reasons stand in the text
        return text
    return copy


def marked_up(content: bytes, flaws: Sequence[Flaw], language: Language) -> bytes:
    """The workbook with a first sheet that lists what is wrong, and each wrong cell coloured, with a note."""
    workbook = load_workbook(io.BytesIO(content), keep_links=False)
    for sheet in workbook.worksheets:
        _make_text(sheet)
    for flaw in flaws:
        if flaw.sheet in workbook.sheetnames and flaw.cell:
            _mark(workbook[flaw.sheet][flaw.cell], flaw, language)
    if SHEET in workbook.sheetnames:
        del workbook[SHEET]
    workbook.security = None  # type: ignore[assignment]  # so that its first sheet can be deleted again
    _list(workbook.create_sheet(SHEET, 0), flaws, language)
    workbook.active = 0
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def _make_text(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.data_type == "f" and not cell.protection.locked:
                set_text(cell, str(cell.value))


def _mark(cell: object, flaw: Flaw, language: Language) -> None:
    if isinstance(cell, Cell):
        cell.fill = WRONG
        said = "\n".join(part.to(language) for part in (flaw.what, flaw.why, flaw.do))
        cell.comment = Comment(said, "TCPL Cycle", height=140, width=320)


def _list(sheet: Worksheet, flaws: Sequence[Flaw], language: Language) -> None:
    title = Words("CẦN SỬA TRƯỚC KHI GỬI LẠI", "TO BE MENDED BEFORE IT IS SENT AGAIN")
    put(sheet, "A1", title.to(language), TITLE)
    heads = (
        (Words("Trang", "Sheet"), 22),
        (Words("Ô", "Cell"), 8),
        (Words("Việc gì", "What"), 48),
        (Words("Vì sao", "Why"), 52),
        (Words("Cách sửa", "What to do"), 52),
    )
    for letter, (head, width) in zip("ABCDE", heads, strict=True):
        put(sheet, f"{letter}3", head.to(language), BOLD)
        sheet.column_dimensions[letter].width = width
    for row, flaw in enumerate(flaws, start=4):
        said = (flaw.sheet, flaw.cell, *(part.to(language) for part in (flaw.what, flaw.why, flaw.do)))
        for letter, text in zip("ABCDE", said, strict=True):
            put(sheet, f"{letter}{row}", text, PLAIN, LEFT)


def _as_text(name: str, flaws: Sequence[Flaw], language: Language) -> str:
    head = Words("Tệp không được nhận", "The file was not taken").to(language)
    lines = [f"{head}: {name}", ""]
    for number, flaw in enumerate(flaws, start=1):
        place = " ".join(part for part in (flaw.sheet, flaw.cell) if part)
        lines += [f"{number}. {place + ': ' if place else ''}{flaw.what.to(language)}"]
        lines += [f"   {flaw.why.to(language)}", f"   → {flaw.do.to(language)}", ""]
    return "\n".join(lines)


def _safe(name: str) -> str:
    """A sender's file name, good for a file of ours: no folders, no odd signs, not too long."""
    return re.sub(r"[^\w.-]+", "_", Path(name).stem, flags=re.UNICODE).strip("._")[:80] or "tep"

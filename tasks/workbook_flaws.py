"""What can be wrong with a workbook, each with its place: sheet and cell, what, why, what to do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import Refusal
from models.words import Language, Words
from tasks.workbook_cells import harmless
from tasks.workbook_layout import GUIDE_SHEET, UNIT_CELL, Part

Grid = list[list[Any]]
"""A sheet as rows of plain values, from its first cell on."""


@dataclass(frozen=True)
class Flaw:
    """One thing wrong in a file: where, what, why, what to do. An empty sheet: the file as a whole."""

    sheet: str
    cell: str
    what: Words
    why: Words
    do: Words

    def document(self, language: Language) -> dict[str, str]:
        """The JSON of one error: {"sheet", "cell", "what", "why", "do"}."""
        said = {name: getattr(self, name).to(language) for name in ("what", "why", "do")}
        return {"sheet": self.sheet, "cell": self.cell, **said}


class Flawed(Exception):
    """The file cannot be read further; `flaws` say why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = list(flaws)
        super().__init__("; ".join(flaw.what.en for flaw in flaws))


def cell_at(grid: Grid, row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def text_at(grid: Grid, row: int, column: int) -> str:
    cell = cell_at(grid, row, column)
    return "" if cell is None else str(cell).strip()


def cell_name(row: int, column: int) -> str:
    """ "B7" for row 6 and column 1, counted from 0."""
    return f"{chr(ord('A') + column)}{row + 1}"


def flaw_of(refusal: Refusal) -> Flaw:
    """A refusal of the whole file as a flaw without a place."""
    return Flaw("", "", refusal.what, refusal.why, refusal.do)


def formula_error(sheet: str, cell: str) -> Flaw:
    return Flaw(
        sheet,
        cell,
        Words(
            f"Ô {cell} trang “{sheet}” có công thức không ra giá trị.",
            f"The formula in {cell} of '{sheet}' has no value.",
        ),
        Words("Ô báo lỗi (#DIV/0!, #REF! …) hoặc chưa được tính.", "It shows an error, or was never computed."),
        Words("Xóa công thức và nhập giá trị.", "Delete the formula and enter the value."),
    )


def missing_sheet(name: str, names: Sequence[str], known: Collection[str]) -> Flaw:
    strange = ", ".join(harmless(other[:40]) for other in names if other not in known) or "–"
    return Flaw(
        name,
        "",
        Words(f"Thiếu trang “{name}”.", f"The sheet '{name}' is missing."),
        Words(
            f"Trang bị đổi tên hoặc bị xóa; tên lạ trong tệp: {strange}.", f"Renamed or deleted; strange: {strange}."
        ),
        Words(f"Đặt lại tên trang là “{name}”.", f"Name it '{name}' again."),
    )


def other_commune(shown: str, named: str) -> Flaw:
    return Flaw(
        GUIDE_SHEET,
        cell_name(*UNIT_CELL),
        Words("Tên đơn vị trong tệp không khớp mã của tệp.", "The commune's name does not fit the file's code."),
        Words(f"Tệp ghi “{shown[:80]}”, mã là của “{named}”.", f"It says '{shown[:80]}'; the code is of '{named}'."),
        Words("Dùng đúng tệp đã phát cho đơn vị mình.", "Use the workbook that was given to your commune."),
    )


def moved(part: Part, cell: str, head: Words, said: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Đầu cột ở ô {cell} không còn là “{head.vi}”.", f"The heading in {cell} is no longer '{head.en}'."),
        Words(f"Ô đang ghi “{said[:60]}”: cột đã bị chèn, xóa hoặc sửa.", f"It says '{said[:60]}': the columns moved."),
        Words("Khôi phục bố cục, hoặc chép câu trả lời sang tệp đã phát.", "Restore the columns, or use a fresh file."),
    )


def merged(part: Part, cell: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Ô {cell} trang “{part.sheet}” bị gộp.", f"Cell {cell} of '{part.sheet}' is merged."),
        Words("Ô gộp che mất câu trả lời của các ô khác.", "A merged cell hides the answers of the others."),
        Words("Bỏ gộp ô và điền từng ô.", "Unmerge it and fill in each cell."),
    )


def needed(part: Part, cell: str, head: Words) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Chưa điền “{head.vi}” (ô {cell}).", f"'{head.en}' is not filled in ({cell})."),
        Words("Thông tin này bắt buộc.", "It is needed."),
        Words("Điền ô này.", "Fill in the cell."),
    )


def unknown_place(part: Part, cell: str, said: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Không có chỉ tiêu “{said[:20]}” (ô {cell}).", f"There is no indicator '{said[:20]}' ({cell})."),
        Words("Mã phải là một chỉ tiêu hoặc nội dung của văn bản.", "It must be an indicator or content."),
        Words("Chọn mã trong danh sách.", "Choose it from the list."),
    )

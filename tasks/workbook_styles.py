"""How a workbook looks: one set of fonts, fills and borders, made once; good on paper (A4) and on a screen."""

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
_LINE = Side(style="thin", color="8C8C8C")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)

PLAIN = Font(name=FONT, size=11)
BOLD = Font(name=FONT, size=11, bold=True)
SMALL = Font(name=FONT, size=9, italic=True, color="595959")
TITLE = Font(name=FONT, size=14, bold=True)
ALARM = Font(name=FONT, size=12, bold=True, color="C00000")

INPUT = PatternFill("solid", fgColor="FFF8D6")
HEAD = PatternFill("solid", fgColor="D9E2EC")
GROUP = PatternFill("solid", fgColor="EEF2F6")
WRONG = PatternFill("solid", fgColor="F8C9C4")

LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
CENTER = Alignment(horizontal="center", vertical="top", wrap_text=True)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)


def put(sheet: Worksheet, place: str, value: object, font: Font = PLAIN, align: Alignment = LEFT) -> Cell:
    """Write a value; text that looks like a formula stays text."""
    cell = sheet[place]
    assert isinstance(cell, Cell)
    set_text(cell, value)
    cell.font, cell.alignment = font, align
    return cell


def set_text(cell: Cell, value: object) -> None:
    """A value as data, never as a formula, whatever it begins with."""
    cell.value = value  # type: ignore[assignment]  # openpyxl names no union of what a cell takes
    if isinstance(value, str):
        cell.data_type = "s"


def boxed(cell: Cell, *, fill: PatternFill | None = None, open_: bool = False) -> Cell:
    """A cell of a table; open ones are those to be filled in."""
    cell.border = BOX
    cell.protection = OPEN if open_ else LOCKED
    if fill or open_:
        cell.fill = fill or INPUT
    return cell


def for_paper(sheet: Worksheet, footer: str, head_row: int | None, *, landscape: bool = True) -> None:
    """A4, one page wide, headings repeated, page numbers, and protected without a password."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # a new sheet has it
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.3
    sheet.print_options.horizontalCentered = True
    if head_row:
        sheet.print_title_rows = f"{head_row}:{head_row}"
        sheet.freeze_panes = f"A{head_row + 1}"
    below = sheet.oddFooter
    assert below is not None  # openpyxl makes it with the sheet
    for corner, text in ((below.left, footer.replace("&", "&&")), (below.right, "Trang &P/&N")):
        corner.text, corner.size = text, 8
    sheet.sheet_view.showGridLines = False
    guard = sheet.protection
    guard.sheet, guard.formatColumns, guard.formatRows, guard.formatCells = True, False, False, True


def lines_in(text: str, width: float, size: float = 11) -> int:
    """About how many lines the text takes in so many columns' width of type."""
    across = max(1.0, width * 11 / size * 1.2)
    return sum(max(1, -(-len(line) // int(across))) for line in text.split("\n"))

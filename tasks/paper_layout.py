"""How official papers look: A4, Times New Roman, tables whose heading is repeated; a trial says so on every page."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Times New Roman"
TRIAL = "THỬ NGHIỆM — không phải kết quả chính thức"


def blank(trial: bool, *, landscape: bool = False) -> Paper:
    """An empty paper with its margins and its type."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)  # type: ignore[attr-defined]
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)  # type: ignore[union-attr]
    section = paper.sections[0]
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if landscape else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = (Cm(2), Cm(1.5)) if landscape else (Cm(3), Cm(2))
    section.top_margin = section.bottom_margin = Cm(2)
    if trial:
        run = section.header.paragraphs[0].add_run(TRIAL)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(10), RGBColor(0xB0, 0x3A, 0x00)
        section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paper


def table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    last_bold: bool = False,
) -> None:
    """A table with widths in centimetres; numbers stand in the middle, a last row may be the sum."""
    grid = paper.add_table(rows=1, cols=len(heads))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
    for place, head in zip(grid.rows[0].cells, heads, strict=True):
        cell(place, head, bold=True, centre=True, size=11)
    _repeat(grid.rows[0])
    for number, row in enumerate(rows):
        for place, text in zip(grid.add_row().cells, row, strict=True):
            is_number = text.replace(",", "").replace(".", "").isdecimal()
            cell(place, text, size=11, bold=last_bold and number == len(rows) - 1, centre=is_number)
    for row in grid.rows:
        for place, width in zip(row.cells, widths, strict=True):
            place.width = Cm(width)
    paper.add_paragraph().paragraph_format.space_after = Pt(2)


def _repeat(row: Any) -> None:
    """The heading stands on every page over which the table runs."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def cell(cell: Any, text: str, *, bold: bool = False, centre: bool = False, size: float = 13) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.space_after = Pt(0)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def more(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.add_paragraph()
    paragraph.add_run(text).bold = bold
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)


def line(
    paper: Paper, text: str, *, bold: bool = False, centre: bool = False, italic: bool = False, size: float = 13
) -> None:
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = bold
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def caption(paper: Paper, text: str) -> None:
    line(paper, text, italic=True, size=12)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True


def paragraph(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if text.startswith("["):
        paragraph.runs[0].font.color.rgb = RGBColor(0x80, 0x60, 0x00)


def save(paper: Paper, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    paper.save(str(path))
    return path


def day(day: date | str | None) -> str:
    if day is None:
        return "—"
    return f"{date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"


def comma(points: str | None) -> str:
    return "—" if points is None else points.replace(".", ",")

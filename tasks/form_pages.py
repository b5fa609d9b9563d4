"""A page of an official form while its Word template is made: the head with both rules, tables, signatures, notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FOLDER = Path(__file__).resolve().parent / "templates" / "forms"
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(0xB0, 0x00, 0x20)
Column = tuple[str, str, float]
"""A table's column: its heading, the field of a row, its width in centimetres."""

NUMBERS = frozenset(
    {"number", "code", "id", "total", "own", "maximum", "found", "appraised", "value", "ratio", "share"}
    | {"asked", "collected", "effective", "all", "recognised", "not_recognised", "undecided", "on", "received_on"}
)
"""Fields that stand in the middle of their cell."""


class Page:
    """One template being made."""

    def __init__(self, *, wide: bool = False) -> None:
        self.paper: Any = Document()
        section = self.paper.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        if wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        section.left_margin, section.right_margin = Cm(2.5 if wide else 3), Cm(1.5 if wide else 2)
        section.top_margin = section.bottom_margin = Cm(2)
        self.width = (section.page_width - section.left_margin - section.right_margin) / Cm(1)
        style = self.paper.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(13)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
        style.paragraph_format.space_after = Pt(4)
        header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
        header.alignment = footer.alignment = CENTRE
        self._write(header, "{{ banner }}", bold=True, size=12, colour=RED)
        self._write(footer, "{{ layout_note }} Trang ", size=8, italic=True)
        _field(footer, "PAGE")
        self._write(footer, "/", size=8, italic=True)
        _field(footer, "NUMPAGES")

    @staticmethod
    def _write(
        line: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = 13, colour: Any = None
    ) -> None:
        run = line.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
        if colour is not None:
            run.font.color.rgb = colour

    def say(self, text: str, *, align: Any = JUSTIFY, indent: bool = False, follow: bool = False, **manner: Any) -> Any:
        """A paragraph; `follow`: it stays on the page of what comes next."""
        line = self.paper.add_paragraph()
        line.alignment = align
        line.paragraph_format.keep_with_next = follow
        if indent:
            line.paragraph_format.first_line_indent = Cm(1)
        self._write(line, text, **manner)
        return line

    def head(self, *titles: str) -> None:
        """The two columns that open an official paper, the form's name, then the title (null: the form's own)."""
        table = self.paper.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        _set_widths(table, [Cm(self.width * 0.41), Cm(self.width * 0.59)])
        self._cell(left, [("{{ above }}", {}), ("{{ issuer }}", {"bold": True})])
        _rule(left.paragraphs[-1], self.width * 0.41)
        self._more(left, "Số: {{ number }}")
        self._cell(right, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {"bold": True})])
        self._more(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
        _rule(right.paragraphs[-1], self.width * 0.59)
        self._more(right, "{{ place_and_day }}", italic=True)
        self.say("{{ form_name }}", align=RIGHT, italic=True, size=10)
        first, *others = titles or ("{{ title }}",)
        self.say(first, align=CENTRE, bold=True, size=14)
        for title in others:
            self.say(title, align=CENTRE, bold=True)
        if not titles:
            self.say("Năm đánh giá {{ year }} · {{ about }}", align=CENTRE, italic=True)

    def _cell(self, cell: Any, lines: Sequence[tuple[str, dict[str, Any]]]) -> None:
        first = True
        for text, manner in lines:
            self._put(cell.paragraphs[0] if first else cell.add_paragraph(), text, manner)
            first = False

    def _more(self, cell: Any, text: str, **manner: Any) -> None:
        self._put(cell.add_paragraph(), text, manner)

    def _put(self, line: Any, text: str, manner: dict[str, Any]) -> None:
        line.alignment = manner.pop("align", CENTRE)
        line.paragraph_format.space_after = Pt(0)
        self._write(line, text, **{"size": 11.5, **manner})

    def rows(
        self, columns: Sequence[Column], source: str, *, blank: int = 0, strong: str = "", nothing: str = ""
    ) -> None:
        """A table with one row for each of `source`, then so many empty rows to be written in.

        `strong`: the condition on which a row is in bold; `nothing`: what stands in a row where there is none.
        """
        table = self.paper.add_table(rows=1, cols=len(columns))
        table.style = "Table Grid"
        table.autofit = False
        whole = sum(width for _, _, width in columns)
        widths = [Cm(self.width * width / whole) for _, _, width in columns]
        _set_widths(table, widths)
        self._fill(table.rows[0], [heading for heading, _, _ in columns], widths, bold=True)
        _mark(table.rows[0], "w:tblHeader")
        fields = [f"{{{{ line.{field} }}}}" for _, field, _ in columns]
        centred = [field in NUMBERS for _, field, _ in columns]
        if source:
            self._control(table, f"for line in {source}", widths)
            if strong:
                self._control(table, f"if {strong}", widths)
                self._fill(table.add_row(), fields, widths, bold=True, centred=centred)
                self._control(table, "else", widths)
            self._fill(table.add_row(), fields, widths, centred=centred)
            for word in ("endif", "endfor") if strong else ("endfor",):
                self._control(table, word, widths)
        if nothing:
            self._control(table, f"if not {source}", widths)
            said = [""] * len(columns)
            named = [field in ("name", "model", "member") for _, field, _ in columns]
            said[named.index(True) if True in named else 0] = nothing
            self._fill(table.add_row(), said, widths)
            self._control(table, "endif", widths)
        for _ in range(blank):
            self._fill(table.add_row(), [""] * len(columns), widths)
        self.paper.add_paragraph().paragraph_format.space_after = Pt(0)

    def _control(self, table: Any, words: str, widths: Sequence[Any]) -> None:
        self._fill(table.add_row(), [f"{{%tr {words} %}}", *[""] * (len(widths) - 1)], widths)

    def _fill(
        self,
        row: Any,
        texts: Sequence[str],
        widths: Sequence[Any],
        *,
        bold: bool = False,
        centred: Sequence[bool] | None = None,
    ) -> None:
        _mark(row, "w:cantSplit")
        middle = centred or [bold] * len(texts)
        for cell, text, width, is_middle in zip(row.cells, texts, widths, middle, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(1)
            line.alignment = CENTRE if is_middle else LEFT
            self._write(line, text, bold=bold, size=11)

    def each(self, source: str, text: str, otherwise: str | None = None) -> None:
        """A paragraph for each of `source`; where there is none, what is said otherwise."""
        self.say(f"{{%p for line in {source} %}}")
        self.say(text, indent=True)
        self.say("{%p endfor %}")
        if otherwise:
            self.when(f"not {source}", otherwise)

    def when(self, condition: str, text: str, **manner: Any) -> None:
        self.say(f"{{%p if {condition} %}}")
        self.say(text, indent=True, **manner)
        self.say("{%p endif %}")

    def write_in(self, heading: str, lines: int = 2) -> None:
        """A heading, and lines to be filled in by hand."""
        self.say(heading, align=LEFT, indent=True, follow=True)
        for _ in range(lines):
            line = self.say("\t", align=LEFT)
            line.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def turn(self) -> None:
        """What follows begins a new page."""
        self.paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def signatures(self, *names: tuple[str, str]) -> None:
        """Side by side, kept together; the first may be "Nơi nhận:" with its lines."""
        table = self.paper.add_table(rows=1, cols=len(names))
        _mark(table.rows[0], "w:cantSplit")
        _set_widths(table, [Cm(self.width * share) for share in ((0.44, 0.56) if len(names) == 2 else (1,))])
        for cell, (office, name) in zip(table.rows[0].cells, names, strict=True):
            if office.startswith("Nơi nhận"):
                first, *others = office.split("\n")
                lines = [(first, {"bold": True, "italic": True, "size": 11, "align": LEFT})]
                self._cell(cell, [*lines, *((one, {"size": 10, "align": LEFT}) for one in others)])
            elif office:
                below = [("(Ký, ghi rõ họ tên)", {"italic": True}), *[("", {})] * 3, (name, {"bold": True})]
                self._cell(cell, [(office, {"bold": True}), *below])
        self.paper.add_paragraph()

    def notes(self) -> None:
        """What is not confirmed, at the end of the paper."""
        self.say("{%p if notes %}")
        self.say("Giá trị chưa đối chiếu với văn bản, hoặc là của địa phương:", size=10, bold=True, follow=True)
        self.say("{%p endif %}")
        self.say("{%p for note in notes %}")
        self.say("{{ note.sign }} {{ note.words }}", size=10)
        self.say("{%p endfor %}")

    def save(self, name: str) -> None:
        self.notes()
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.paper.core_properties.author = "TCPL Cycle"
        self.paper.save(str(FOLDER / f"{name}.docx"))


def _set_widths(table: Any, widths: Sequence[Any]) -> None:
    """In the grid and in the cells: Word reads the one, LibreOffice the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _mark(row: Any, name: str) -> None:
    """`w:tblHeader`: the row is repeated on each page; `w:cantSplit`: it is not broken over two."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _rule(after: Any, width: float) -> None:
    """The short rule that stands under the issuer's name, and under the motto, a third of the column wide."""
    after._p.addnext(line := OxmlElement("w:p"))
    properties, border, bottom = OxmlElement("w:pPr"), OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    spacing, indent, size = OxmlElement("w:spacing"), OxmlElement("w:ind"), OxmlElement("w:rPr")
    for name, value in (("after", "60"), ("line", "60"), ("lineRule", "exact")):
        spacing.set(qn(f"w:{name}"), value)
    for side in ("left", "right"):
        indent.set(qn(f"w:{side}"), str(int(width / 3 * 567)))  # in twentieths of a point
    for part in (border, spacing, indent, size):
        properties.append(part)
    line.append(properties)


def _field(line: Any, name: str) -> None:
    """A number that Word counts itself: the page, or how many there are. Each part is a run with its own size."""
    for kind, text in (("begin", ""), ("", f" {name} "), ("separate", ""), ("result", "1"), ("end", "")):
        run = line.add_run(text if kind == "result" else "")
        run.italic, run.font.size = True, Pt(8)
        if kind == "result":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)

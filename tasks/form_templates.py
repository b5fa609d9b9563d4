"""Makes the Word templates of the official forms: `python -m tasks.form_templates`.

An office may edit the templates in Word instead; this is how they began. Titles come from the regulation's data when a
form is filled, never from here. The layouts are ours: Phụ lục II of TT 09/2021 was not read, and each form says so.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FOLDER = Path(__file__).resolve().parent / "templates" / "forms"
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(0xB0, 0x00, 0x20)
DOTS = "…………………………………………………………………"
Column = tuple[str, str, float]
"""A table's column: its heading, the field of a row, its width in centimetres."""


class _Page:
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
        self._header(section)
        self._footer(section)

    def _header(self, section: Any) -> None:
        line = section.header.paragraphs[0]
        line.alignment = CENTRE
        self._write(line, "{{ banner }}", bold=True, size=12, colour=RED)

    def _footer(self, section: Any) -> None:
        line = section.footer.paragraphs[0]
        line.alignment = CENTRE
        self._write(line, "{{ layout_note }}", size=8, italic=True)

    @staticmethod
    def _write(
        line: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = 13, colour: Any = None
    ) -> None:
        run = line.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
        if colour is not None:
            run.font.color.rgb = colour

    def say(self, text: str, *, align: Any = JUSTIFY, indent: bool = False, **manner: Any) -> None:
        line = self.paper.add_paragraph()
        line.alignment = align
        if indent:
            line.paragraph_format.first_line_indent = Cm(1)
        self._write(line, text, **manner)

    def head(self) -> None:
        """The two columns that open an official paper, then the form's name and title."""
        table = self.paper.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        _set_widths(table, [Cm(self.width * 0.4), Cm(self.width * 0.6)])
        self._cell(left, [("{{ above }}", {}), ("{{ issuer }}", {"bold": True}), ("Số: {{ number }}", {})])
        motto = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {"bold": True})]
        motto += [("Độc lập - Tự do - Hạnh phúc", {"bold": True}), ("{{ place_and_day }}", {"italic": True})]
        self._cell(right, motto)
        self.say("{{ form_name }}", align=RIGHT, italic=True, size=11)
        self.say("{{ title }}", align=CENTRE, bold=True, size=14)
        self.say("Năm đánh giá {{ year }} · {{ about }}", align=CENTRE, italic=True)

    def _cell(self, cell: Any, lines: Sequence[tuple[str, dict[str, Any]]]) -> None:
        for number, (text, manner) in enumerate(lines):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            line.alignment = CENTRE
            line.paragraph_format.space_after = Pt(0)
            self._write(line, text, size=11.5, **manner)

    def rows(self, columns: Sequence[Column], source: str, *, blank: int = 0) -> None:
        """A table with one row for each of `source`, or (without one) so many empty rows to be written in."""
        table = self.paper.add_table(rows=1, cols=len(columns))
        table.style = "Table Grid"
        table.autofit = False
        whole = sum(width for _, _, width in columns)
        widths = [Cm(self.width * width / whole) for _, _, width in columns]
        _set_widths(table, widths)
        self._fill(table.rows[0], [heading for heading, _, _ in columns], widths, bold=True)
        _repeat_at_each_page(table.rows[0])
        if source:
            self._fill(table.add_row(), [f"{{%tr for line in {source} %}}", *[""] * (len(columns) - 1)], widths)
            self._fill(table.add_row(), [f"{{{{ line.{field} }}}}" for _, field, _ in columns], widths)
            self._fill(table.add_row(), ["{%tr endfor %}", *[""] * (len(columns) - 1)], widths)
        for _ in range(blank):
            self._fill(table.add_row(), [""] * len(columns), widths)
        self.paper.add_paragraph()

    def _fill(self, row: Any, texts: Sequence[str], widths: Sequence[Any], *, bold: bool = False) -> None:
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(1)
            line.alignment = CENTRE if bold else LEFT
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

    def signatures(self, *names: tuple[str, str]) -> None:
        table = self.paper.add_table(rows=1, cols=len(names))
        for cell, (office, name) in zip(table.rows[0].cells, names, strict=True):
            signs = office and not office.startswith("Nơi nhận")
            below = [("(Ký, ghi rõ họ tên)", {"italic": True}), ("", {}), ("", {}), (name, {"bold": True})]
            self._cell(cell, [(office, {"bold": True}), *(below if signs else [])])
        self.paper.add_paragraph()

    def notes(self) -> None:
        """What is not confirmed, at the end of the paper."""
        self.say("{%p if notes %}")
        self.say("Giá trị chưa đối chiếu với văn bản, hoặc là của địa phương:", size=10, bold=True)
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


def _repeat_at_each_page(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


CRITERIA: Sequence[Column] = (
    ("Tiêu chí", "id", 1.6),
    ("Nội dung", "title", 8),
    ("Tối đa", "maximum", 2),
    ("Kết quả", "found", 2.2),
    ("Đáp ứng", "meets", 2.2),
)
COMMUNES: Sequence[Column] = (
    ("TT", "number", 1),
    ("Mã", "code", 1.8),
    ("Đơn vị", "name", 5),
    ("{{ result_heading }}", "total", 2),
    ("Ghi chú", "remark", 6),
)


def _report_of_a_commune() -> None:
    page = _Page()
    page.head()
    page.say("1. Căn cứ: {{ regulation }}.", indent=True)
    page.say("2. Kết quả tự đánh giá: {{ total_words }}.", indent=True)
    page.rows(CRITERIA, "criteria")
    page.say("3. Điều kiện về người đứng đầu cấp ủy, chính quyền cấp xã: {{ leader }}.", indent=True)
    page.say("4. Nội dung chưa đạt:", indent=True)
    page.each("shortfalls", "- {{ line }}", "- Không có.")
    page.when("undetermined", "5. Chưa xác định được: {{ undetermined }}.")
    page.say("Tồn tại, hạn chế và biện pháp khắc phục (đơn vị ghi): ……………………", align=LEFT, indent=True)
    page.when("not declares_not_met", "Đề nghị công nhận đạt chuẩn tiếp cận pháp luật.", bold=True)
    page.when("declares_not_met", "Đơn vị tự nhận chưa đạt chuẩn; gửi báo cáo và bản tổng hợp điểm số.", bold=True)
    page.signatures(("", ""), ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", ""))
    page.save("mau-01")


def _scorecard() -> None:
    page = _Page(wide=True)
    page.head()
    columns = (("Mã", "id", 1.4), ("Tiêu chí, chỉ tiêu, nội dung", "title", 10), ("Tối đa", "maximum", 1.8))
    columns += (("Số liệu thực hiện", "basis", 3), ("Tỷ lệ đạt", "ratio", 2), ("Tự chấm", "own", 2.2))
    page.rows((*columns, ("Chữ ký công chức phụ trách", "blank", 3)), "lines")
    page.say("{{ total_words }}.", bold=True)
    page.signatures(("CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", ""), ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", ""))
    page.save("mau-02")


def _opinions_on_the_drafts() -> None:
    page = _Page()
    page.head()
    page.say("1. Niêm yết công khai: {{ posting }}.", indent=True)
    page.say("2. Tổng hợp, tiếp thu, giải trình ý kiến (phần mềm chưa lưu ý kiến; đơn vị ghi):", indent=True)
    columns = (("TT", "x", 1), ("Ý kiến", "x", 6), ("Của ai, ngày", "x", 4), ("Tiếp thu, giải trình", "x", 6))
    page.rows(columns, "", blank=6)
    page.signatures(("NGƯỜI TỔNG HỢP", ""), ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", ""))
    page.save("mau-03")


def _opinions_on_forms_and_models() -> None:
    page = _Page()
    page.head()
    page.say("Phiếu lấy ý kiến", bold=True)
    for line in ("Họ tên, đơn vị (không bắt buộc): ", "Hình thức, mô hình được hỏi ý kiến: "):
        page.say(line + DOTS, align=LEFT, indent=True)
    page.say("Đánh giá:   ☐ Hiệu quả     ☐ Chưa hiệu quả     ☐ Ý kiến khác: ……………………", indent=True)
    page.say("Bản tổng hợp (đơn vị ghi)", bold=True)
    columns = (("TT", "x", 1), ("Hình thức, mô hình", "x", 6), ("Số phiếu", "x", 2), ("Hiệu quả", "x", 2))
    page.rows((*columns, ("Chưa hiệu quả", "x", 2.4), ("Ý kiến khác", "x", 4)), "", blank=5)
    page.signatures(("NGƯỜI TỔNG HỢP", ""), ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", ""))
    page.save("mau-04")


def _minutes() -> None:
    page = _Page()
    page.head()
    page.say("1. Ngày họp: {{ held_on }}. Tài liệu gửi ngày {{ papers_sent_on }}{{ late_papers }}.", indent=True)
    page.say(
        "2. Thành phần: {{ attended }}/{{ members }} thành viên dự; cần ít nhất {{ needed }} ({{ quorum_article }}).",
        indent=True,
    )
    page.say("3. Chủ trì: {{ chair }}. Thư ký: {{ secretary }}.", indent=True)
    page.say("4. Ý kiến bằng văn bản của thành viên vắng mặt:", indent=True)
    page.each(
        "opinions", "- {{ line.member }}: {{ line.document }}, ngày {{ line.received_on }}{{ line.why }}", "- Không có."
    )
    page.say("5. Kết quả thẩm định (văn bản không quy định tỷ lệ biểu quyết):", indent=True)
    columns = (("TT", "number", 1), ("Mã", "code", 1.8), ("Đơn vị", "name", 5), ("Tự chấm", "own", 2.2))
    page.rows((*columns, ("Thẩm định", "total", 2.2), ("Kết luận", "verdict", 3)), "communes")
    page.signatures(("THƯ KÝ", "{{ secretary }}"), ("NGƯỜI CHỦ TRÌ", "{{ chair }}"))
    page.save("mau-05")


def _members_opinions() -> None:
    page = _Page()
    page.head()
    page.say("Phiếu lấy ý kiến thẩm định của thành viên Hội đồng", bold=True)
    page.say("Thành viên: ………………………………  Lĩnh vực: ………………………………", align=LEFT, indent=True)
    columns = (("TT", "number", 1), ("Mã", "code", 1.8), ("Đơn vị", "name", 5), ("Điểm thẩm định", "blank", 3))
    page.rows((*columns, ("Ý kiến", "blank", 6)), "communes")
    page.say("Bản tổng hợp ý kiến thẩm định", bold=True)
    columns = (
        ("TT", "number", 1),
        ("Thành viên", "member", 5),
        ("Văn bản", "document", 4),
        ("Ngày nhận", "received_on", 3),
    )
    page.rows(columns, "opinions")
    page.when("not opinions", "Chưa ghi nhận ý kiến bằng văn bản nào.")
    page.signatures(("NGƯỜI TỔNG HỢP", ""), ("TRƯỞNG PHÒNG TƯ PHÁP", ""))
    page.save("mau-06")


def _appraised_scorecard() -> None:
    page = _Page(wide=True)
    page.head()
    columns = (("Mã", "id", 1.4), ("Tiêu chí, chỉ tiêu, nội dung", "title", 10), ("Tối đa", "maximum", 1.8))
    columns += (("Tự chấm", "own", 2.2), ("Thẩm định", "appraised", 2.2), ("Lý do khi khác", "reason", 6))
    page.rows(columns, "lines")
    page.say("{{ total_words }}. Kết luận theo quy định: {{ verdict }}.", bold=True)
    page.each("shortfalls", "- {{ line }}")
    page.signatures(("THƯ KÝ HỘI ĐỒNG", ""), ("TM. HỘI ĐỒNG\nCHỦ TỊCH HỘI ĐỒNG", ""))
    page.save("mau-07")


def _decision() -> None:
    page = _Page()
    page.head()
    page.say("{{ authority }}", align=CENTRE, bold=True)
    page.say("Căn cứ {{ regulation }};", italic=True, indent=True)
    page.say("Thẩm quyền: {{ authority_article }}.", italic=True, indent=True)
    page.when("replaces", "Quyết định này thay thế kết quả tại: {{ replaces }}. Lý do: {{ reason }}.")
    page.say("QUYẾT ĐỊNH:", align=CENTRE, bold=True)
    page.say(
        "Điều 1. Công nhận {{ recognised|length }} đơn vị đạt chuẩn tiếp cận pháp luật năm {{ year }}.", indent=True
    )
    page.say(
        "Điều 2. {{ not_recognised|length }} đơn vị chưa đạt chuẩn tiếp cận pháp luật năm {{ year }}.", indent=True
    )
    page.when("replaced", "Kết quả của {{ replaced }} đã được quyết định sau thay thế.", italic=True)
    page.signatures(("Nơi nhận: …", ""), ("{{ position }}", "{{ signer }}"))
    page.say("DANH SÁCH ĐẠT CHUẨN", align=CENTRE, bold=True)
    page.rows(COMMUNES, "recognised")
    page.say("DANH SÁCH CHƯA ĐẠT CHUẨN", align=CENTRE, bold=True)
    page.rows(COMMUNES, "not_recognised")
    page.save("mau-08")


def _figures() -> None:
    page = _Page()
    page.head()
    page.rows((("TT", "number", 1), ("Chỉ tiêu thống kê", "name", 10), ("Số liệu", "value", 4)), "figures")
    page.say("Nội dung chưa đạt, theo số đơn vị:", bold=True)
    page.rows((("Nội dung", "name", 11), ("Số đơn vị", "value", 4)), "reasons")
    page.when("by_unit", "Theo đơn vị:", bold=True)
    columns = (("Đơn vị", "name", 6), ("Đánh giá", "all", 2.2), ("Đạt", "recognised", 2.2))
    page.rows((*columns, ("Chưa đạt", "not_recognised", 2.2), ("Chưa quyết định", "undecided", 2.6)), "by_unit")
    page.signatures(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", ""))
    page.save("mau-09")


def _report() -> None:
    page = _Page()
    page.head()
    page.say("Thực hiện {{ regulation }}, {{ issuer_plain }} báo cáo:", indent=True)
    page.say("1. Kết quả: {{ result_words }}.", indent=True)
    page.say("2. Danh sách đạt chuẩn:", indent=True)
    page.rows(COMMUNES, "recognised")
    page.say("3. Danh sách chưa đạt chuẩn:", indent=True)
    page.rows(COMMUNES, "not_recognised")
    page.when("undecided", "Chưa có quyết định: {{ undecided }}.")
    page.when("contrary", "Quyết định khác kết luận theo quy định: {{ contrary }}.")
    page.say("4. Thời hạn: {{ punctuality }}.", indent=True)
    page.say("5. Kiến nghị, phản ánh, khiếu nại: {{ complaints }}.", indent=True)
    page.say("6. Khó khăn, vướng mắc; đề xuất (cơ quan ghi): ……………………", align=LEFT, indent=True)
    page.signatures(("Nơi nhận: …", ""), ("{{ signs_for }}", ""))
    page.save("mau-10")


def _lists() -> None:
    page = _Page()
    page.head()
    page.say("{{ result_words }}.", indent=True)
    page.say("DANH SÁCH ĐẠT CHUẨN", align=CENTRE, bold=True)
    page.rows(COMMUNES, "recognised")
    page.say("DANH SÁCH CHƯA ĐẠT CHUẨN", align=CENTRE, bold=True)
    page.rows(COMMUNES, "not_recognised")
    page.when("undecided", "Chưa có quyết định: {{ undecided }}.")
    page.save("danh-sach")


TEMPLATES = (
    *(_report_of_a_commune, _scorecard, _opinions_on_the_drafts, _opinions_on_forms_and_models, _minutes),
    *(_members_opinions, _appraised_scorecard, _decision, _figures, _report, _lists),
)


def make_all() -> None:
    """Write every template anew; what an office changed in them is lost."""
    for make in TEMPLATES:
        make()


if __name__ == "__main__":
    make_all()

"""Reports as Word files: figures, pictures and drafted paragraphs that people edit; addenda; responsibility drafts.

Everything is laid out on A4 in Times New Roman, as offices do. What a trial made says THỬ NGHIỆM on every page.
"""

import io
from collections.abc import Mapping, Sequence
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

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.regulation import STAGE_WORDS, Stage
from models.records.reporting import Change
from models.records.responsibility import Held
from tasks import report_charts
from tasks.report_words import HEADINGS, drafted, share

FONT = "Times New Roman"
TRIAL = "THỬ NGHIỆM — không phải kết quả chính thức"


def report_paper(path: Path, figures: Mapping[str, Any], document: str | None) -> Path:
    """The report: results in words, tables and pictures, then causes, difficulties, solutions, and the two lists."""
    paper = _blank(figures["trial"])
    _head(paper, figures, "BÁO CÁO", f"Kết quả đánh giá, công nhận chuẩn tiếp cận pháp luật năm {figures['year']}", document)
    words = drafted(figures)
    _section(paper, "1", HEADINGS["results"], words["results"])
    _tables_of_results(paper, figures)
    _pictures(paper, figures)
    _section(paper, "2", HEADINGS["causes"], words["causes"])
    _section(paper, "3", HEADINGS["difficulties"], words["difficulties"])
    _stages(paper, figures)
    _section(paper, "4", HEADINGS["measures"], words["measures"])
    _section(paper, "5", HEADINGS["solutions"], words["solutions"])
    _lists(paper, figures)
    _sources(paper, figures)
    return _save(paper, path)


def addendum_paper(
    path: Path, figures: Mapping[str, Any], document: str, amends: str, changes: Sequence[Change]
) -> Path:
    """What changed since a report was sent, number by number."""
    paper = _blank(figures["trial"])
    title = f"Bổ sung Báo cáo số {amends}, năm đánh giá {figures['year']}"
    _head(paper, figures, "BÁO CÁO BỔ SUNG", title, document)
    _paragraph(paper, f"Báo cáo số {amends} giữ nguyên như đã gửi. Đến ngày {_day(figures['as_of'])}, số liệu sau đã khác:")
    named = {one["code"]: one["name"] for one in (*figures["communes_listed"], *figures["by_district"])}
    _table(
        paper,
        ("Số liệu", "Đã báo cáo", "Nay là"),
        [(_said_path(one.what, named), _said_value(one.was), _said_value(one.now)) for one in changes],
        widths=(9, 3.5, 3.5),
    )
    _paragraph(paper, "[Bổ sung: lý do thay đổi, quyết định làm căn cứ]")
    _sources(paper, figures)
    return _save(paper, path)


def responsibility_paper(
    path: Path, year: int, unit: str, trial: bool, held: Sequence[Held], failing: Sequence[tuple[str, str]]
) -> Path:
    """A draft for people who determine responsibility: who held what when; ground and conclusion are theirs."""
    paper = _blank(trial, landscape=True)
    _line(paper, "BẢN NHÁP XÁC ĐỊNH TRÁCH NHIỆM", bold=True, centre=True, size=14)
    _line(paper, f"{unit}, năm đánh giá {year}", bold=True, centre=True)
    _paragraph(
        paper,
        "Bản này chỉ tổng hợp thời gian giữ hồ sơ từ nhật ký và thời hạn. Không kết luận về cá nhân, tổ chức nào; "
        "căn cứ, ý kiến giải trình và kết luận do người có thẩm quyền ghi.",
    )
    _line(paper, "1. Việc làm sau hạn hoặc quá hạn", bold=True)
    _table(
        paper,
        ("Đơn vị", "Việc", "Cơ quan giữ", "Hạn", "Xong", "Ngày trễ", "Căn cứ của hạn", "Giải trình", "Kết luận"),
        [
            (
                *(f"{one.code} {one.name}", one.step, one.holder, _day(one.last_day), _day(one.done_on)),
                *(str(one.days_late), one.source, "", ""),
            )
            for one in held
        ],
        widths=(3.2, 4, 3.2, 2.1, 2.1, 1.3, 3.6, 2.8, 2.8),
    )
    _line(paper, "2. Đơn vị chưa đạt chuẩn", bold=True)
    _table(
        paper,
        ("Đơn vị", "Nguyên nhân", "Trách nhiệm của tập thể, cá nhân", "Căn cứ", "Kết luận"),
        [(f"{code} {name}", "", "", "", "") for code, name in failing],
        widths=(5, 5.5, 5.5, 4.5, 4.5),
    )
    return _save(paper, path)


def _blank(trial: bool, *, landscape: bool = False) -> Paper:
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


def _head(paper: Paper, figures: Mapping[str, Any], kind: str, title: str, document: str | None) -> None:
    table = paper.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _cell(left, "UBND " + figures["unit"]["name"].upper(), bold=True, centre=True)
    _more(left, f"Số: {document or '…/BC-…'}")
    _cell(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centre=True, size=12)
    _more(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    paper.add_paragraph()
    _line(paper, kind, bold=True, centre=True, size=14)
    _line(paper, title, bold=True, centre=True)
    if document is None:
        _line(paper, f"(Dự thảo, số liệu đến ngày {_day(figures['as_of'])})", centre=True, italic=True)


def _section(paper: Paper, number: str, heading: str, paragraphs: Sequence[str]) -> None:
    _line(paper, f"{number}. {heading}", bold=True)
    for text in paragraphs:
        _paragraph(paper, text)


def _tables_of_results(paper: Paper, figures: Mapping[str, Any]) -> None:
    rows = [
        (one["name"], str(one["communes"]), str(one["recognised"]), str(one["not_recognised"]))
        for one in figures["by_district"]
    ]
    if len(rows) > 1:
        total = ("Cộng", *(str(figures[key]) for key in ("communes", "recognised", "not_recognised")))
        _caption(paper, "Kết quả theo huyện")
        _table(paper, ("Huyện", "Đơn vị", "Đạt chuẩn", "Chưa đạt"), [*rows, total], widths=(7, 3, 3, 3), last_bold=True)
    if any(one["mean"] for one in figures["criteria"]):
        _caption(paper, "Điểm bình quân theo tiêu chí")
        points = [
            (f"{one['id']}. {one['title']}", _comma(one["mean"]), _comma(one["maximum"])) for one in figures["criteria"]
        ]
        _table(paper, ("Tiêu chí", "Bình quân", "Tối đa"), points, widths=(11, 2.5, 2.5))


def _pictures(paper: Paper, figures: Mapping[str, Any]) -> None:
    for caption, draw in (
        ("Kết quả theo huyện", report_charts.by_district),
        ("Điểm bình quân so với điểm tối đa", report_charts.by_criterion),
        ("Các đơn vị này qua các năm", report_charts.over_years),
    ):
        picture = draw(figures)
        if picture is not None:
            paper.add_picture(io.BytesIO(picture), width=Cm(14))
            paper.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            paper.paragraphs[-1].paragraph_format.keep_with_next = True
            _line(paper, f"Biểu đồ: {caption}", centre=True, italic=True, size=11)


def _stages(paper: Paper, figures: Mapping[str, Any]) -> None:
    _caption(paper, "Tiến độ theo giai đoạn")
    rows = [
        (
            *(STAGE_WORDS[Stage(one["stage"])].vi, _day(one["last_day"])),
            *(str(one["on_time"]), str(one["late"]), str(one["outstanding"])),
        )
        for one in figures["stages"]
    ]
    _table(paper, ("Giai đoạn", "Hạn cuối", "Đúng hạn", "Trễ hạn", "Chưa xong"), rows, widths=(6, 3, 2.3, 2.3, 2.4))


def _lists(paper: Paper, figures: Mapping[str, Any]) -> None:
    _line(paper, f"Danh sách kèm theo ({figures['communes']} đơn vị)", bold=True)
    rows = [
        (
            *(str(place), one["code"], one["name"], one["district_name"] or "—"),
            *(_comma(one["total"]), STATE_WORDS[State(one["state"])].vi),
        )
        for place, one in enumerate(figures["communes_listed"], start=1)
    ]
    _table(paper, ("TT", "Mã", "Đơn vị", "Huyện", "Điểm", "Kết quả"), rows, widths=(1, 1.8, 4.6, 3.9, 1.6, 3.1))


def _sources(paper: Paper, figures: Mapping[str, Any]) -> None:
    note = f"Theo {figures['regulation']}, bản {figures['law_version']} của kỳ; số liệu đến ngày {_day(figures['as_of'])}."
    if figures["unconfirmed"]:
        note += f" Có {figures['unconfirmed']} giá trị của văn bản chưa được đối chiếu."
    _line(paper, note, italic=True, size=11)


def _table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    last_bold: bool = False,
) -> None:
    table = paper.add_table(rows=1, cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, head, bold=True, centre=True, size=11)
    _repeat(table.rows[0])
    for place, row in enumerate(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _cell(cell, text, size=11, bold=last_bold and place == len(rows) - 1)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    paper.add_paragraph().paragraph_format.space_after = Pt(2)


def _repeat(row: Any) -> None:
    """The heading stands on every page over which the table runs."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _cell(cell: Any, text: str, *, bold: bool = False, centre: bool = False, size: float = 13) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.space_after = Pt(0)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _more(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.add_paragraph()
    paragraph.add_run(text).bold = bold
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)


def _line(
    paper: Paper, text: str, *, bold: bool = False, centre: bool = False, italic: bool = False, size: float = 13
) -> None:
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = bold
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _caption(paper: Paper, text: str) -> None:
    _line(paper, text, italic=True, size=12)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True


def _paragraph(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if text.startswith("["):
        paragraph.runs[0].font.color.rgb = RGBColor(0x80, 0x60, 0x00)


def _save(paper: Paper, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    paper.save(str(path))
    return path


_NAMES = {
    "recognised": "đạt chuẩn",
    "not_recognised": "chưa đạt",
    "undecided": "chưa có quyết định",
    "communes": "số đơn vị",
    "by_district": "huyện",
    "communes_listed": "đơn vị",
    "state": "kết quả",
    "total": "điểm",
    "totals": "tổng điểm",
    "mean": "bình quân",
    "lowest": "thấp nhất",
    "highest": "cao nhất",
    "scored": "số đơn vị có điểm",
    "criteria": "tiêu chí",
    "met": "số đơn vị đạt",
    "shortfalls": "nội dung chưa đạt",
    "codes": "đơn vị",
    "stages": "giai đoạn",
    "on_time": "đúng hạn",
    "late": "trễ hạn",
    "outstanding": "chưa xong",
    "last_day": "hạn cuối",
    "remedies": "việc khắc phục",
    "opened": "đã giao",
    "closed": "đã xong",
    "repeated": "lặp lại",
    "commendations": "khen thưởng",
    "awarded": "đã khen",
    "flagged": "cần xem lại",
    "years": "năm",
    "unconfirmed": "giá trị chưa đối chiếu",
    "title": "tên",
    "rule": "điều kiện",
    "subject": "mã",
}


def _said_path(path: str, named: Mapping[str, str]) -> str:
    parts = [named.get(part) or _NAMES.get(part) or _stage(part) for part in path.split("/")]
    said = " · ".join(parts)
    return said[:1].upper() + said[1:]


def _stage(part: str) -> str:
    return STAGE_WORDS[Stage(part)].vi if part in {*Stage} else part


def _said_value(value: str | None) -> str:
    if value is None:
        return "—"
    return STATE_WORDS[State(value)].vi if value in {*State} else value


def _day(day: date | str | None) -> str:
    if day is None:
        return "—"
    return f"{date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"


def _comma(points: str | None) -> str:
    return "—" if points is None else points.replace(".", ",")


__all__ = ("addendum_paper", "report_paper", "responsibility_paper", "share")

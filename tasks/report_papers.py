"""Reports as Word files: figures, tables, pictures, and drafted paragraphs that people edit."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.regulation import STAGE_WORDS, Stage
from tasks import report_charts
from tasks.paper_layout import blank, caption, cell, comma, day, line, more, paragraph, save, table
from tasks.report_words import HEADINGS, drafted


def report_paper(path: Path, figures: Mapping[str, Any], document: str | None) -> Path:
    """The report: results in words, tables and pictures, then causes, difficulties, solutions, and the two lists."""
    paper = blank(figures["trial"])
    head(
        paper,
        figures,
        "BÁO CÁO",
        f"Kết quả đánh giá, công nhận chuẩn tiếp cận pháp luật năm {figures['year']}",
        document,
    )
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
    sources(paper, figures)
    return save(paper, path)


def head(paper: Paper, figures: Mapping[str, Any], kind: str, title: str, document: str | None) -> None:
    """The two columns at the head of every official paper, then what it is."""
    grid = paper.add_table(rows=1, cols=2)
    grid.autofit = False
    for column, width in zip(grid.columns, (6.2, 9.8), strict=True):
        column.width = Cm(width)
    left, right = grid.rows[0].cells
    left.width, right.width = Cm(6.2), Cm(9.8)
    cell(left, "UBND " + figures["unit"]["name"].upper(), bold=True, centre=True)
    more(left, f"Số: {document or '…/BC-…'}")
    cell(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centre=True, size=12)
    more(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    paper.add_paragraph()
    line(paper, kind, bold=True, centre=True, size=14)
    line(paper, title, bold=True, centre=True)
    if document is None:
        line(paper, f"(Dự thảo, số liệu đến ngày {day(figures['as_of'])})", centre=True, italic=True)


def _section(paper: Paper, number: str, heading: str, paragraphs: Sequence[str]) -> None:
    line(paper, f"{number}. {heading}", bold=True)
    for text in paragraphs:
        paragraph(paper, text)


def _tables_of_results(paper: Paper, figures: Mapping[str, Any]) -> None:
    rows = [
        (one["name"], str(one["communes"]), str(one["recognised"]), str(one["not_recognised"]))
        for one in figures["by_district"]
    ]
    if len(rows) > 1:
        total = ("Cộng", *(str(figures[key]) for key in ("communes", "recognised", "not_recognised")))
        caption(paper, "Kết quả theo huyện")
        table(paper, ("Huyện", "Đơn vị", "Đạt chuẩn", "Chưa đạt"), [*rows, total], widths=(7, 3, 3, 3), last_bold=True)
    if any(one["mean"] for one in figures["criteria"]):
        caption(paper, "Điểm bình quân theo tiêu chí")
        points = [
            (f"{one['id']}. {one['title']}", comma(one["mean"]), comma(one["maximum"])) for one in figures["criteria"]
        ]
        table(paper, ("Tiêu chí", "Bình quân", "Tối đa"), points, widths=(11, 2.5, 2.5))


def _pictures(paper: Paper, figures: Mapping[str, Any]) -> None:
    for told, draw in (
        ("Kết quả theo huyện", report_charts.by_district),
        ("Điểm bình quân so với điểm tối đa", report_charts.by_criterion),
        ("Các đơn vị này qua các năm", report_charts.over_years),
    ):
        picture = draw(figures)
        if picture is not None:
            paper.add_picture(io.BytesIO(picture), width=Cm(14))
            paper.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            paper.paragraphs[-1].paragraph_format.keep_with_next = True
            line(paper, f"Biểu đồ: {told}", centre=True, italic=True, size=11)


def _stages(paper: Paper, figures: Mapping[str, Any]) -> None:
    caption(paper, "Tiến độ theo giai đoạn")
    rows = [
        (
            *(STAGE_WORDS[Stage(one["stage"])].vi, day(one["last_day"])),
            *(str(one["on_time"]), str(one["late"]), str(one["outstanding"])),
        )
        for one in figures["stages"]
    ]
    table(paper, ("Giai đoạn", "Hạn cuối", "Đúng hạn", "Trễ hạn", "Chưa xong"), rows, widths=(6, 3, 2.3, 2.3, 2.4))


def _lists(paper: Paper, figures: Mapping[str, Any]) -> None:
    line(paper, f"Danh sách kèm theo ({figures['communes']} đơn vị)", bold=True)
    rows = [
        (
            *(str(place), one["code"], one["name"], one["district_name"] or "—"),
            *(comma(one["total"]), STATE_WORDS[State(one["state"])].vi),
        )
        for place, one in enumerate(figures["communes_listed"], start=1)
    ]
    table(paper, ("TT", "Mã", "Đơn vị", "Huyện", "Điểm", "Kết quả"), rows, widths=(1, 1.8, 4.6, 3.9, 1.6, 3.1))


def sources(paper: Paper, figures: Mapping[str, Any]) -> None:
    """By which law, as of which day, and how much of it nobody has confirmed."""
    note = (
        f"Theo {figures['regulation']}, bản {figures['law_version']} của kỳ; số liệu đến ngày {day(figures['as_of'])}."
    )
    if figures["unconfirmed"]:
        note += f" Có {figures['unconfirmed']} giá trị của văn bản chưa được đối chiếu."
    line(paper, note, italic=True, size=11)

"""Drafts of the periodic reviews (sơ kết, tổng kết) as Word documents: the facts stand, the lessons are left open.

A draft says what was done, what is late and at whose hands, the money, the findings; people write what follows from it.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from models.cycle.programme import STANDING_WORDS, Standing
from models.law.calendar import spoken
from models.law.programme import KIND_WORDS, SOURCE_WORDS, MoneySource, TaskKind
from models.records import inspections, programme_board, programme_money
from models.records.cycles import law_of
from models.records.units import Unit
from tasks.database import reading
from tasks.programme import cycle_or_refusal

LATE = (str(Standing.OVERDUE), str(Standing.DONE_LATE))
TO_FILL = "[Người soạn điền]"
WIDTH = 16.0
"""Of a table, in centimetres."""


def write_review(province: str, year: int, day: date, file: Path, *, final: bool) -> dict[str, Any]:
    """Write the draft as of a day; returns the facts that stand in it: {"file", "on", "figures", "late", ...}."""
    facts = facts_of(province, year, day)
    _write(facts, file, final)
    return {"file": file, "kind": "final_review" if final else "interim_review", **facts}


def facts_of(province: str, year: int, day: date) -> dict[str, Any]:
    """Everything that a review says, in three set-based reads."""
    with reading() as session:
        cycle = cycle_or_refusal(session, province, year)
        law = law_of(session, cycle)
        rows = programme_board.rows_on(session, cycle.id, day)
        return {
            "on": day,
            "province": session.get_one(Unit, cycle.province_id).name,
            "year": year,
            "trial": cycle.trial,
            "plan": law.plan.title if law.plan else "",
            "figures": programme_board.figures_on(session, cycle.id, day),
            "late": [row for row in rows if row["standing"] in LATE],
            "carried": [row for row in rows if row["standing"] == str(Standing.CARRIED_OVER)],
            "money": programme_money.money_on(session, cycle.id, day),
            "visits": [one for one in inspections.visits_of(session, cycle.id) if one["planned_on"] <= day],
        }


def _write(facts: dict[str, Any], file: Path, final: bool) -> None:
    from docx import Document  # a quarter of a second, which other commands need not spend
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paper = Document()
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    heading: Any = paper.styles["Heading 2"]
    heading.font.size, heading.font.color.rgb = Pt(13), RGBColor(0, 0, 0)
    heading.element.rPr.rFonts.attrib.clear()  # the theme's own fonts would win over the name
    heading.font.name = "Times New Roman"
    if facts["trial"]:
        paper.add_paragraph("THỬ NGHIỆM — không dùng làm văn bản chính thức")
    title = paper.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    kind = "TỔNG KẾT" if final else "SƠ KẾT"
    title.add_run(f"DỰ THẢO BÁO CÁO {kind}\n").bold = True
    title.add_run(f"Việc thực hiện {facts['plan'] or 'kế hoạch'}").bold = True
    paper.add_paragraph(
        f"{facts['province']}, năm đánh giá {facts['year']}. Số liệu tính đến ngày {spoken(facts['on'])}."
    )
    _results(paper, facts)
    _late(paper, facts)
    _money(paper, facts["money"])
    _visits(paper, facts["visits"])
    paper.add_heading("V. Bài học, kiến nghị", 2)
    for head in ("Kết quả nổi bật", "Hạn chế và nguyên nhân", "Bài học kinh nghiệm", "Kiến nghị, nhiệm vụ tiếp theo"):
        paper.add_paragraph(f"{head}: {TO_FILL}")
    paper.save(str(file))


def _results(paper: Any, facts: dict[str, Any]) -> None:
    paper.add_heading("I. Kết quả thực hiện nhiệm vụ", 2)
    figures = facts["figures"]
    done = figures[Standing.DONE_ON_TIME] + figures[Standing.DONE_LATE]
    paper.add_paragraph(
        f"Chương trình có {figures['total']} lượt việc theo đơn vị và kỳ hạn; đã xong {done}, trong đó đúng hạn "
        f"{figures[Standing.DONE_ON_TIME]}, trễ hạn {figures[Standing.DONE_LATE]}; quá hạn chưa xong "
        f"{figures[Standing.OVERDUE]}; được gia hạn {figures['extended']}; "
        f"chuyển năm sau {figures[Standing.CARRIED_OVER]}."
    )
    shown = (Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.OVERDUE, Standing.CARRIED_OVER)
    rows = [
        [KIND_WORDS[TaskKind(kind)].vi, str(sum(counts.values())), *(str(counts[str(name)]) for name in shown)]
        for kind, counts in figures["by_kind"].items()
    ]
    _table(paper, ["Loại việc", "Tổng", *(STANDING_WORDS[name].vi for name in shown)], rows)


def _late(paper: Any, facts: dict[str, Any]) -> None:
    paper.add_heading("II. Việc trễ hạn, chuyển năm sau", 2)
    rows = [
        [row["title"], row["agency"], spoken(row["due_day"]), str(row["days_late"]), STANDING_WORDS[row["standing"]].vi]
        for row in (*facts["late"], *facts["carried"])
    ]
    if rows:
        _table(paper, ["Việc", "Cơ quan giữ việc", "Hạn", "Số ngày trễ", "Tình trạng"], rows)
    else:
        paper.add_paragraph("Không có.")


def _money(paper: Any, money: dict[str, Any]) -> None:
    paper.add_heading("III. Kinh phí (đồng)", 2)
    lines = [(SOURCE_WORDS[MoneySource(source)].vi, part) for source, part in money["by_source"].items()]
    rows = [
        [name, *(f"{part[purpose]:,}".replace(",", ".") for purpose in programme_money.PURPOSES)]
        for name, part in (*lines, ("Tổng", money["total"]))
    ]
    _table(paper, ["Nguồn", "Dự toán", "Phân bổ", "Đã chi"], rows)


def _visits(paper: Any, visits: Sequence[dict[str, Any]]) -> None:
    paper.add_heading("IV. Kiểm tra", 2)
    held = [one for one in visits if one["held_on"]]
    findings = [(one, finding) for one in held for finding in one["findings"]]
    mended = sum(finding["mended_on"] is not None for _, finding in findings)
    paper.add_paragraph(
        f"Đã kiểm tra {len(held)} trên {len(visits)} cuộc đến hạn; "
        f"phát hiện {len(findings)} tồn tại, đã khắc phục {mended}."
    )
    if findings:
        rows = [
            [one["name"], finding["found"], finding["remedy"], spoken(finding["mend_by"])] for one, finding in findings
        ]
        _table(paper, ["Đơn vị", "Tồn tại", "Biện pháp", "Hạn khắc phục"], rows)


def _table(paper: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A grid whose first column, which holds the names, is the widest."""
    from docx.shared import Cm

    table = paper.add_table(rows=1, cols=len(heads))
    table.style, table.autofit = "Table Grid", False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for place, column in enumerate(table.columns):
        share = 0.3 if place == 0 else 0.7 / (len(heads) - 1)
        column.width = Cm(WIDTH * share)
        for cell in column.cells:
            cell.width = column.width

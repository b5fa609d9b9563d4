"""Drafts of the periodic reviews (sơ kết, tổng kết) as Word documents: the facts stand, the lessons are left open.

A draft says what was done, what is late and at whose hands, the money, the findings; people write what follows from it.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from docx.document import Document as Paper
from docx.shared import Cm

from models.cycle.programme import STANDING_WORDS, Standing
from models.law.calendar import spoken
from models.law.programme import KIND_WORDS, SOURCE_WORDS, MoneySource, TaskKind
from models.records import inspections, programme_board, programme_money
from models.records.cycles import law_of
from models.records.units import Unit
from tasks.database import reading
from tasks.paper_layout import blank, cell, line, more, paragraph, save, table
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
    paper = blank(facts["trial"])
    _head(paper, facts, "TỔNG KẾT" if final else "SƠ KẾT")
    _results(paper, facts)
    _late(paper, facts)
    _money(paper, facts["money"])
    _visits(paper, facts["visits"])
    line(paper, "V. Bài học, kiến nghị", bold=True)
    for head in ("Kết quả nổi bật", "Hạn chế và nguyên nhân", "Bài học kinh nghiệm", "Kiến nghị, nhiệm vụ tiếp theo"):
        paragraph(paper, f"{head}: {TO_FILL}")
    save(paper, file)


def _head(paper: Paper, facts: dict[str, Any], kind: str) -> None:
    """The two columns of an official paper, of the office that the plan has write it, then what it is."""
    grid = paper.add_table(rows=1, cols=2)
    grid.autofit = False
    for column, width in zip(grid.columns, (6.2, 9.8), strict=True):
        column.width = Cm(width)
    left, right = grid.rows[0].cells
    left.width, right.width = Cm(6.2), Cm(9.8)
    cell(left, f"UBND {facts['province']}".upper(), centre=True, size=12)
    more(left, "SỞ TƯ PHÁP", bold=True)
    more(left, "Số: …/BC-STP")
    cell(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centre=True, size=12)
    more(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    paper.add_paragraph()
    line(paper, f"BÁO CÁO {kind}", bold=True, centre=True, size=14)
    line(paper, f"Việc thực hiện {facts['plan'] or 'kế hoạch'}", bold=True, centre=True)
    line(paper, f"(Dự thảo, số liệu đến ngày {spoken(facts['on'])})", centre=True, italic=True)


def _results(paper: Paper, facts: dict[str, Any]) -> None:
    line(paper, "I. Kết quả thực hiện nhiệm vụ", bold=True)
    figures = facts["figures"]
    done = figures[Standing.DONE_ON_TIME] + figures[Standing.DONE_LATE]
    paragraph(
        paper,
        f"Chương trình có {figures['total']} lượt việc theo đơn vị và kỳ hạn; đã xong {done}, trong đó đúng hạn "
        f"{figures[Standing.DONE_ON_TIME]}, trễ hạn {figures[Standing.DONE_LATE]}; quá hạn chưa xong "
        f"{figures[Standing.OVERDUE]}; được gia hạn {figures['extended']}; "
        f"chuyển năm sau {figures[Standing.CARRIED_OVER]}.",
    )
    shown = (Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.OVERDUE, Standing.CARRIED_OVER)
    rows = [
        [KIND_WORDS[TaskKind(kind)].vi, str(sum(counts.values())), *(str(counts[str(name)]) for name in shown)]
        for kind, counts in figures["by_kind"].items()
    ]
    _table(paper, ["Loại việc", "Tổng", *(STANDING_WORDS[name].vi for name in shown)], rows)


def _late(paper: Paper, facts: dict[str, Any]) -> None:
    line(paper, "II. Việc trễ hạn, chuyển năm sau", bold=True)
    rows = [
        [row["title"], row["agency"], spoken(row["due_day"]), str(row["days_late"]), STANDING_WORDS[row["standing"]].vi]
        for row in (*facts["late"], *facts["carried"])
    ]
    if rows:
        _table(paper, ["Việc", "Cơ quan giữ việc", "Hạn", "Số ngày trễ", "Tình trạng"], rows)
    else:
        paragraph(paper, "Không có.")


def _money(paper: Paper, money: dict[str, Any]) -> None:
    line(paper, "III. Kinh phí (đồng)", bold=True)
    lines = [(SOURCE_WORDS[MoneySource(source)].vi, part) for source, part in money["by_source"].items()]
    rows = [
        [name, *(f"{part[purpose]:,}".replace(",", ".") for purpose in programme_money.PURPOSES)]
        for name, part in (*lines, ("Tổng", money["total"]))
    ]
    _table(paper, ["Nguồn", "Dự toán", "Phân bổ", "Đã chi"], rows, last_bold=True)


def _visits(paper: Paper, visits: Sequence[dict[str, Any]]) -> None:
    line(paper, "IV. Kiểm tra", bold=True)
    held = [one for one in visits if one["held_on"]]
    findings = [(one, finding) for one in held for finding in one["findings"]]
    mended = sum(finding["mended_on"] is not None for _, finding in findings)
    paragraph(
        paper,
        f"Đã kiểm tra {len(held)} trên {len(visits)} cuộc đến hạn; "
        f"phát hiện {len(findings)} tồn tại, đã khắc phục {mended}.",
    )
    if findings:
        rows = [
            [one["name"], finding["found"], finding["remedy"], spoken(finding["mend_by"])] for one, finding in findings
        ]
        _table(paper, ["Đơn vị", "Tồn tại", "Biện pháp", "Hạn khắc phục"], rows)


def _table(paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], *, last_bold: bool = False) -> None:
    """A grid whose first column, which holds the names, is the widest; what stands in a cell begins with a capital."""
    widths = [WIDTH * 0.3, *([WIDTH * 0.7 / (len(heads) - 1)] * (len(heads) - 1))]
    said = [[text[:1].upper() + text[1:] for text in row] for row in (heads, *rows)]
    table(paper, said[0], said[1:], widths=widths, last_bold=last_bold)

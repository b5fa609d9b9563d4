"""The lists, scores and decisions of a cycle as one workbook, with the same notes as the papers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.cycle.lifecycle import STATE_WORDS, State
from tasks import form_contents as contents
from tasks.appraisal_sheets import said
from tasks.form_facts import CycleFacts
from tasks.form_notes import notes_on

TRIAL = "THỬ NGHIỆM · KHÔNG CÓ GIÁ TRỊ CHÍNH THỨC"


def write_tables(facts: CycleFacts, path: Path) -> Path:
    """Write the workbook: recognised, not recognised, scores side by side, decisions, notes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    listed = contents.lists(facts, facts.province)
    heads = ("TT", "Mã", "Đơn vị", "Tổng điểm", "Ghi chú")
    for title, key in (("Đạt chuẩn", "recognised"), ("Chưa đạt chuẩn", "not_recognised")):
        rows = [[line[name] for name in ("number", "code", "name", "total", "remark")] for line in listed[key]]
        _sheet(facts, book, title, heads, rows, (6, 10, 34, 12, 70))
    _sheet(facts, book, "Điểm", *_scores(facts))
    heads = ("Mã", "Đơn vị", "Kết quả", "Quyết định", "Ngày ký", "Người ký", "Bị thay thế bởi", "Căn cứ khác kết luận")
    rows = [
        [
            *(line.code, line.name, "Đạt" if line.recognised else "Chưa đạt", line.number, line.signed_on, line.signer),
            *(line.replaced_by or "", line.contrary_ground or ""),
        ]
        for line in facts.lines
    ]
    _sheet(facts, book, "Quyết định", heads, rows, (10, 34, 12, 22, 12, 26, 22, 50))
    notes = [[note["sign"], note["words"]] for note in notes_on(facts.law).lines]
    _sheet(facts, book, "Ghi chú", ("Dấu", "Giá trị chưa đối chiếu với văn bản"), notes, (8, 120))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _scores(facts: CycleFacts) -> tuple[Sequence[str], list[list[Any]], Sequence[float]]:
    """One row a commune; per indicator the self-score and the appraised one side by side."""
    indicators = facts.law.regulation.indicators()
    notes = notes_on(facts.law)
    signs = [
        notes.beside(f"criteria/{one.id}/maximum") or notes.beside(f"criteria/{one.id}/measure") for one in indicators
    ]
    heads = ["Mã", "Đơn vị", "Trạng thái", "Tổng tự chấm", "Tổng thẩm định"]
    for one, sign in zip(indicators, signs, strict=True):
        heads += [f"{one.id}{sign} tự chấm", f"{one.id}{sign} thẩm định"]
    rows = []
    for one in facts.communes:
        row: list[Any] = [one.unit.code, one.unit.name, STATE_WORDS[State(one.dossier.state)].vi]
        row += [card.total if card else None for card in (one.own, one.appraised)]
        for indicator in indicators:
            row += [_cell(indicator, one.own_rows), _cell(indicator, one.appraised_rows)]
        rows.append(row)
    return heads, rows, [10, 34, 18, 12, 12] + [9] * (2 * len(indicators))


def _cell(indicator: Any, rows: Any) -> Any:
    """Points as a number; what is no number, as it is written; an indicator answered by contents, as its parts."""
    if indicator.id in rows:
        row = rows[indicator.id]
        return row["points"] if row["points"] is not None else said(dict(row))
    parts = [said(dict(rows[one.id])) for one in indicator.contents if one.id in rows]
    return " · ".join(part for part in parts if part) or None


def _sheet(
    facts: CycleFacts, book: Any, title: str, heads: Sequence[str], rows: list[list[Any]], widths: Sequence[float]
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(title)
    page["A1"] = f"{facts.province.name} · năm đánh giá {facts.cycle.year} · {title}"
    page["A1"].font = Font(bold=True, size=13)
    page["A2"] = TRIAL if facts.cycle.trial else ""
    page["A2"].font = Font(bold=True, color="B00020")
    for column, head in enumerate(heads, start=1):
        cell = page.cell(4, column, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DDE6F0")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, start=5):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str) and value[:1] in "=+-@":
                cell.data_type = "s"  # a name that looks like a formula stays a name
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = "C5"

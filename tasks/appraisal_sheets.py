"""The reviewer's sheet of one dossier: self-score and what is noted side by side, out to a workbook and in again.

The workbook carries the version of each place that the reviewer saw, so that nobody's note is written over unseen.
"""

import re
from pathlib import Path
from typing import Any

from models.errors import AnswerRefusal
from models.law.regulation import Regulation, whole
from models.records import appraisal_notes
from models.records.absent import not_in_cycle
from models.records.cycles import law_of
from models.records.dossiers import dossiers_by_code, latest_cards, rows_of_cards
from models.records.units import Unit
from models.words import Words
from tasks.folders import writing_into
from tasks.sittings import Place, look

LEADER = appraisal_notes.LEADER
SHEET = "Thẩm định"
HEADINGS = ("Mã", "Nội dung", "Điểm tối đa", "Tự chấm", "Thẩm định", "Lý do (khi khác tự chấm)", "Người ghi", "Bản")
FIRST_ROW = 6


def sheet(place: Place, code: str) -> dict[str, Any]:
    """What a reviewer looks at: per place the self-score, what is noted, by whom, and the version that was seen."""
    with look(place) as (session, cycle):
        regulation = law_of(session, cycle).regulation
        dossier = dossiers_by_code(session, cycle.id, [code]).get(code)
        if dossier is None:
            raise not_in_cycle(session, [code], cycle)
        cards = {side: latest_cards(session, [dossier.id], side).get(dossier.id) for side in ("self", "appraised")}
        answers = rows_of_cards(session, [card.id for card in cards.values() if card])
        own = {_place_of(row): row for row in answers[cards["self"].id]} if cards["self"] else {}
        notes = appraisal_notes.current_notes(session, dossier.id)
        lines = [_line(item, own, notes, level) for item, level in _items(regulation, own)]
        leader = notes.get(LEADER)
        return {
            "commune": code,
            "name": session.get_one(Unit, dossier.unit_id).name,
            "year": cycle.year,
            "trial": cycle.trial,
            "state": dossier.state,
            "round": dossier.round,
            "scoring": regulation.scoring,
            "places": lines,
            "leader_disciplined": {
                "self": cards["self"].leader_disciplined if cards["self"] else None,
                "noted": leader.met if leader and not leader.returned else None,
                "version": leader.version if leader else 0,
            },
            "returned": appraisal_notes.returned_places(session, dossier.id, dossier.round),
        }


def _items(regulation: Regulation, own: dict[str, Any]) -> list[tuple[Any, str]]:
    """Indicators, and their contents where the commune answered by contents (or nothing yet under levels)."""
    found: list[tuple[Any, str]] = []
    for indicator in regulation.indicators():
        by_contents = indicator.contents and indicator.id not in own
        found.append((indicator, "group" if by_contents else "indicator"))
        if by_contents:
            found += [(content, "content") for content in indicator.contents]
    return found


def _line(item: Any, own: dict[str, Any], notes: dict[str, Any], level: str) -> dict[str, Any]:
    note = notes.get(item.id)
    maximum = getattr(item, "maximum", None)
    return {
        "place": item.id,
        "level": level,
        "title": item.title,
        "maximum": whole(maximum.points) if maximum is not None and maximum.points is not None else None,
        "self": said(own.get(item.id)),
        "noted": said(_answer_of(note)) if note and not note.returned else None,
        "reason": note.reason if note else None,
        "by": note.by if note else None,
        "version": note.version if note else 0,
        "returned": bool(note and note.returned),
    }


def _answer_of(note: Any) -> dict[str, Any]:
    return {name: getattr(note, name) for name in ("points", "met", "part", "whole", "count", "not_arisen")}


def _place_of(row: dict[str, Any]) -> str:
    return str(row["content"] or row["indicator"])


def said(row: dict[str, Any] | None) -> str | None:
    """An answer as it is written in a cell: "2.50", "Đạt", "8/10", "3", "Không phát sinh"."""
    if row is None:
        return None
    if row["points"] is not None:
        return whole(row["points"])
    if row["met"] is not None:
        return "Đạt" if row["met"] else "Chưa đạt"
    if row["part"] is not None:
        return f"{row['part']}/{row['whole']}"
    if row["count"] is not None:
        return str(row["count"])
    return "Không phát sinh" if row["not_arisen"] else None


def write_sheet(found: dict[str, Any], folder: Path) -> Path:
    """The sheet as a workbook that a reviewer fills in; only the columns of the appraisal are open."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(SHEET)
    trial = "THỬ NGHIỆM · " if found["trial"] else ""
    page["A1"] = f"{trial}Phiếu thẩm định · {found['name']} ({found['commune']}) · năm {found['year']}"
    page["A1"].font = Font(bold=True, size=14, color="B00020" if trial else "000000")
    page["A2"] = "Chỉ ghi vào hai cột màu vàng. Chỗ khác điểm tự chấm phải có lý do. Không sửa cột “Bản”."
    page["A3"], page["B3"] = "Đơn vị", found["commune"]
    for column, heading in enumerate(HEADINGS, start=1):
        cell = page.cell(FIRST_ROW - 1, column, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DDE6F0")
    leader = found["leader_disciplined"]
    rows = [*found["places"], _leader_line(leader)]
    for number, line in enumerate(rows, start=FIRST_ROW):
        values = (line["place"], line["title"], line["maximum"], line["self"], line["noted"], line["reason"])
        for column, value in enumerate((*values, line["by"], line["version"]), start=1):
            cell = page.cell(number, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if line["level"] == "group":
                cell.font = Font(bold=True)
            elif column in (5, 6):
                cell.fill = PatternFill("solid", start_color="FFF7CC")
                cell.protection = Protection(locked=False)
                cell.number_format = "@"
    for letter, width in zip("ABCDEFGH", (12, 70, 10, 14, 14, 40, 22, 6), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"C{FIRST_ROW}"
    page.protection.enable()
    path = folder / f"tham-dinh-{found['commune']}-{found['year']}.xlsx"
    with writing_into(folder):
        book.save(path)
    return path


def _leader_line(leader: dict[str, Any]) -> dict[str, Any]:
    words = {True: "Có", False: "Không", None: None}
    return {
        "place": LEADER,
        "level": "indicator",
        "title": "Người đứng đầu cấp ủy, chính quyền cấp xã bị kỷ luật hoặc truy cứu trách nhiệm hình sự? (Có/Không)",
        "maximum": None,
        "self": words[leader["self"]],
        "noted": words[leader["noted"]],
        "reason": None,
        "by": None,
        "version": leader["version"],
    }


def read_sheet(path: Path, regulation: Regulation) -> dict[str, Any]:
    """The document of a filled sheet: {"commune", "answers", "reasons", "versions", "leader_disciplined"}.

    Raises AnswerRefusal, naming the cell. What stands empty is not noted.
    """
    rows = _cells(path)
    document: dict[str, Any] = {"answers": {}, "reasons": {}, "versions": {}}
    commune = next((str(row[1]).strip() for row in rows[:4] if row and str(row[0]).strip() == "Đơn vị"), "")
    if not commune:
        raise _refused(path, "B3", Words("không có mã đơn vị", "there is no unit code"))
    document["commune"] = commune
    contents = {one.id: indicator.id for indicator in regulation.indicators() for one in indicator.contents}
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        place, written = str(row[0]).strip(), str(row[4]).strip()
        if not place or not written:
            continue
        document["versions"][place] = _version(path, f"H{number}", row[7])
        if str(row[5]).strip():
            document["reasons"][place] = str(row[5]).strip()
        if place == LEADER:
            document["leader_disciplined"] = _yes_or_no(path, f"E{number}", written)
        elif place in contents:
            group = document["answers"].setdefault(contents[place], {"contents": {}})
            group["contents"][place] = _answer(path, f"E{number}", written, regulation)
        else:
            document["answers"][place] = _answer(path, f"E{number}", written, regulation)
    return document


def _cells(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        if SHEET not in book.sheet_names:
            raise _refused(path, "—", Words(f"không có trang “{SHEET}”", f"there is no sheet “{SHEET}”"))
        rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise _refused(path, "—", Words("không phải bảng tính đọc được", "it is not a readable workbook")) from error
    return [[*row, *[""] * (8 - len(row))] for row in rows]


def _answer(path: Path, cell: str, written: str, regulation: Regulation) -> dict[str, Any]:
    plain = written.casefold()
    if plain in ("không phát sinh", "kps"):
        return {"not_arisen": True}
    if plain in ("đạt", "chưa đạt"):
        return {"met": plain == "đạt"}
    if ratio := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*/\s*(\d+(?:[.,]\d+)?)", written):
        return {"ratio": [ratio[1].replace(",", "."), ratio[2].replace(",", ".")]}
    number = written.replace(",", ".")
    if re.fullmatch(r"\d+(\.\d+)?", number):
        return {"points": number} if regulation.scoring == "points" else {"count": number.removesuffix(".0")}
    raise _refused(path, cell, Words(f"“{written[:40]}” không phải câu trả lời", f"“{written[:40]}” is no answer"))


def _yes_or_no(path: Path, cell: str, written: str) -> bool:
    if written.casefold() in ("có", "không"):
        return written.casefold() == "có"
    raise _refused(path, cell, Words("phải ghi Có hoặc Không", "it says Có or Không"))


def _version(path: Path, cell: str, written: Any) -> int:
    try:
        return int(written or 0)
    except (TypeError, ValueError):
        raise _refused(path, cell, Words("cột “Bản” đã bị sửa", "the column “Bản” was changed")) from None


def _refused(path: Path, cell: str, why: Words) -> AnswerRefusal:
    return AnswerRefusal(
        "appraisal_sheet",
        Words(f"Không đọc được phiếu {path.name}, ô {cell}.", f"The sheet {path.name} is not taken, cell {cell}."),
        Words(f"Vì {why.vi}.", f"Because {why.en}."),
        Words(
            "Lấy phiếu mới bằng `tcpl appraise sheet`, ghi lại ô đó.",
            "Take a new sheet with `tcpl appraise sheet` and mend that cell.",
        ),
        cell=cell,
        file=path.name,
    )

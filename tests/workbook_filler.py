"""Fills workbooks in as a commune officer would, for tests, benchmarks and soak runs; names are plainly generated."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from models.law.regulation import Regulation
from tasks.workbook_layout import FIRST_ROW, Part
from tasks.workbook_parts import parts_of
from tasks.workbook_rows import ScoreRow, rows_of

Cells = Mapping[tuple[str, str], Any]
"""(sheet, cell) -> what is typed there, after everything else was filled in; null empties it."""


def filled(
    path: Path, regulation: Regulation, to: Path, *, outcome: str = "proposes", cells: Cells | None = None
) -> Path:
    """The workbook at `path`, filled in wholly and in order, saved at `to`."""
    workbook = load_workbook(path)
    fill(workbook, regulation, outcome)
    for (sheet, cell), value in (cells or {}).items():
        workbook[sheet][cell] = value
    workbook.save(to)
    return to


def fill(workbook: Workbook, regulation: Regulation, outcome: str = "proposes") -> None:
    """Full points or everything met, a posting that is enough, a meeting, officers, one piece of evidence, no case."""
    parts = {part.key: part for part in parts_of(regulation)}
    _fields(workbook, parts["outcome"], _outcome(parts["outcome"], outcome))
    for number, row in enumerate(rows_of(regulation), start=FIRST_ROW):
        _score(workbook, parts["scores"], row, number)
    year = _year(workbook)
    office = ("Trụ sở UBND cấp xã", "Trụ sở (minh họa)", date(year + 1, 1, 2), date(year + 1, 1, 8))
    portal = ("Cổng/trang thông tin điện tử", "trang minh họa", date(year + 1, 1, 2), date(year + 1, 1, 8))
    keys = ("channel", "place_of", "began", "ended")
    for number, posted in enumerate((office, portal), start=FIRST_ROW):
        _put(
            workbook, parts["posting"], number, dict(zip(keys, posted, strict=True)) | {"proof": "biên bản (minh họa)"}
        )
    opinion = {
        "from": "Người dân (minh họa)",
        "opinion": "Đề nghị niêm yết rõ hơn",
        "how": "Tiếp thu",
        "answer": "Đã bổ sung",
    }
    _put(workbook, parts["opinions"], FIRST_ROW, opinion)
    if "models" in parts:
        model = {"model": "Câu lạc bộ pháp luật (minh họa)", "asked": 30, "collected": 28, "effective": 25}
        _put(workbook, parts["models"], FIRST_ROW, model)
    meeting = {
        "held_on": date(year + 1, 1, 7),
        "chaired_by": "Chủ tịch (minh họa)",
        "attended": 21,
        "minutes": "01/BB (minh họa)",
    }
    _fields(workbook, parts["meeting"], meeting)
    for number, _ in enumerate(regulation.indicators(), start=FIRST_ROW):
        _put(workbook, parts["officers"], number, {"officer": "Công chức A (minh họa)"})
    evidence = {"place": regulation.indicators()[0].id, "title": "Báo cáo (minh họa)", "dated": date(year, 12, 20)}
    _put(workbook, parts["evidence"], FIRST_ROW, evidence)
    if "leaders" in parts:
        _put(workbook, parts["leaders"], FIRST_ROW, {"any": "Không"})


def another(content: bytes, old: tuple[str, str], new: tuple[str, str], note: str = "") -> bytes:
    """A filled workbook made into that of another commune: (code, name) for (code, name), without opening it.

    `note` is appended to one text, so that two files of one commune can differ.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename.endswith(".xml"):
                for before, after in (*zip(old, new, strict=True), ("Đã bổ sung", f"Đã bổ sung{note}")):
                    text = text.replace(before.encode(), after.encode())
                    text = text.replace(before.encode("ascii", "xmlcharrefreplace"), after.encode())
            copy.writestr(entry, text)
    return made.getvalue()


def _outcome(part: Part, outcome: str) -> dict[str, Any]:
    choices = part.fields[0].choices or {}
    explanation = "Thiếu điểm (minh họa); sẽ khắc phục trong quý II" if outcome == "not_met" else None
    return {"outcome": choices[outcome].vi, "document": "12/TTr-UBND (minh họa)", "explanation": explanation}


def _score(workbook: Workbook, part: Part, row: ScoreRow, number: int) -> None:
    if row.form == "points":
        _put(workbook, part, number, {"answer": float(row.maximum or 0)})
    elif row.form == "judged":
        _put(workbook, part, number, {"answer": "Đạt"})
    elif row.form == "ratio":
        _put(workbook, part, number, {"part": 5, "whole": 5})
    elif row.form == "count":
        _put(workbook, part, number, {"part": 3})


def _fields(workbook: Workbook, part: Part, values: Mapping[str, Any]) -> None:
    for number, column in enumerate(part.fields, start=FIRST_ROW):
        if values.get(column.key) is not None:
            workbook[part.sheet][f"B{number}"] = values[column.key]


def _put(workbook: Workbook, part: Part, number: int, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        workbook[part.sheet][f"{part.letter(key)}{number}"] = value


def _year(workbook: Workbook) -> int:
    return next(int(row[1].value) for row in workbook["_tcpl"].iter_rows(max_row=12) if row[0].value == "year")  # type: ignore[arg-type]

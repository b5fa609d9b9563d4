"""The figures of a report as a workbook: one sheet per table, numbers as numbers, so that people can reckon on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.regulation import STAGE_WORDS, Stage
from tasks.folders import writing_into


def report_sheets(path: Path, figures: Mapping[str, Any]) -> Path:
    """Write the workbook: Tổng hợp, Huyện, Tiêu chí, Chưa đạt, Tiến độ, Các năm, Danh sách."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, heads, rows in _tables(figures):
        _sheet(book, name, heads, rows, figures["trial"])
    with writing_into(path.parent):
        book.save(path)
    return path


Table = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def _tables(figures: Mapping[str, Any]) -> list[Table]:
    remedies = figures["remedies"]
    summary = [
        ("Đơn vị báo cáo", figures["unit"]["name"]),
        ("Năm đánh giá", figures["year"]),
        ("Số liệu đến ngày", figures["as_of"]),
        ("Đơn vị cấp xã", figures["communes"]),
        ("Đạt chuẩn", figures["recognised"]),
        ("Chưa đạt", figures["not_recognised"]),
        ("Chưa có quyết định", figures["undecided"]),
        ("Việc khắc phục đã giao", remedies["opened"]),
        ("Việc khắc phục đã xong", remedies["closed"]),
        ("Việc khắc phục quá hạn", remedies["late"]),
        ("Giá trị của văn bản chưa đối chiếu", figures["unconfirmed"]),
    ]
    return [
        ("Tổng hợp", ("Số liệu", "Giá trị"), summary),
        (
            "Huyện",
            ("Mã", "Huyện", "Đơn vị", "Đạt", "Chưa đạt"),
            [tuple(one.values()) for one in figures["by_district"]],
        ),
        (
            "Tiêu chí",
            ("Mã", "Tiêu chí", "Bình quân", "Tối đa", "Số đơn vị đạt"),
            [
                (one["id"], one["title"], _number(one["mean"]), _number(one["maximum"]), one["met"])
                for one in figures["criteria"]
            ],
        ),
        (
            "Chưa đạt",
            ("Mã", "Nội dung", "Số đơn vị", "Mã các đơn vị"),
            [
                (one["subject"], one["title"], len(one["codes"]), ", ".join(one["codes"]))
                for one in figures["shortfalls"]
            ],
        ),
        (
            "Tiến độ",
            ("Giai đoạn", "Hạn cuối", "Đúng hạn", "Trễ hạn", "Chưa xong"),
            [
                (STAGE_WORDS[Stage(one["stage"])].vi, one["last_day"], one["on_time"], one["late"], one["outstanding"])
                for one in figures["stages"]
            ],
        ),
        ("Các năm", ("Năm", "Đạt", "Chưa đạt"), [tuple(one.values()) for one in figures["years"]]),
        (
            "Danh sách",
            ("Mã", "Đơn vị", "Mã huyện", "Huyện", "Điểm", "Kết quả"),
            [
                (
                    *(one["code"], one["name"], one["district"], one["district_name"]),
                    *(_number(one["total"]), STATE_WORDS[State(one["state"])].vi),
                )
                for one in figures["communes_listed"]
            ],
        ),
    ]


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], trial: bool) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    if trial:
        sheet.oddHeader.center.text = "THỬ NGHIỆM"
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    for place, head in enumerate(heads, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        widest = max([len(head), *(len(str(row[place - 1] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(place)].width = min(60, widest + 3)
    sheet.freeze_panes = "A2"


def _number(points: str | None) -> float | None:
    """Only for people's spreadsheets; nothing of ours reckons with it."""
    return None if points is None else float(points)

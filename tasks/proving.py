"""Proof of notice handed out: as plain values, and as a workbook that an office can print and sign."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from models.records import journal
from models.records.notices_proof import Asked, counts, proof_document, proofs
from tasks.database import reading
from tasks.settings import Settings

HEADS = (
    *("Số", "Mã thông báo", "Loại", "Gửi đến", "Đơn vị", "Tên đơn vị", "Năm", "Việc", "Hạn", "Bậc", "Đưa vào hàng"),
    *("Trạng thái", "Lý do", "Tiêu đề", "Lần", "Lúc", "Kênh", "Người nhận", "Kết quả", "Chi tiết", "Mã băm nội dung"),
    *("Mẫu", "Xác nhận lúc", "Xác nhận bởi"),
)


def prove(asked: Asked) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The notices asked for as plain values, and how many are in each state."""
    with reading() as session:
        return [proof_document(one) for one in proofs(session, asked)], counts(session, asked)


def export_proof(path: Path, asked: Asked, at: datetime) -> int:
    """Write the proof as a workbook: a line for each attempt, and a page to be signed; returns how many notices."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    settings = Settings()
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Thông báo")
    sheet.freeze_panes = "C2"
    for place, width in enumerate((7, 44, 15, 34, 9, 22, 7, 20, 12, 6, 18, 12, 28, 50, 5, 18, 10, 30, 9, 34, 20), 1):
        sheet.column_dimensions[_column(place)].width = width
    heads = [WriteOnlyCell(sheet, head) for head in HEADS]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    digest, count = hashlib.sha256(), 0
    with reading() as session:
        for proof in proofs(session, asked):
            count += 1
            for line in _lines(proof_document(proof), settings):
                digest.update(repr(line).encode())
                sheet.append(line)
        heads_of_journals = journal.heads(session)
    _page_to_sign(workbook, count, digest.hexdigest(), at.astimezone(settings.zone), heads_of_journals)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return count


def _column(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


def _lines(proof: dict[str, Any], settings: Settings) -> list[list[Any]]:
    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(settings.zone):%d/%m/%Y %H:%M:%S}" if moment else ""

    start = [proof[name] for name in ("id", "key", "kind", "to", "unit", "unit_name", "year", "step")]
    start += [f"{proof['due']:%d/%m/%Y}" if proof["due"] else "", proof["rung"], local(proof["queued_at"])]
    start += [proof["state"], proof["reason"] or "", proof["subject"] or ""]
    read = proof["acknowledged"]
    end = [local(read["at"]), read["by"]] if read else ["", ""]
    attempts: Sequence[dict[str, Any]] = proof["attempts"]
    if not attempts:
        return [[*start, *[""] * 8, *end]]
    return [
        [
            *start,
            *(one["number"], local(one["at"]), one["channel"], one["recipient"]),
            *("gửi được" if one["ok"] else "không được", one["detail"] or "", one["text_hash"] or "", one["template"]),
            *end,
        ]
        for one in attempts
    ]


def _page_to_sign(workbook: Any, count: int, digest: str, at: datetime, heads: dict[int, tuple[int, str]]) -> None:
    sheet = workbook.create_sheet("Trang ký")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 70
    for line in (
        ("BẢNG CHỨNG MINH VIỆC THÔNG BÁO", ""),
        ("Lập lúc", f"{at:%d/%m/%Y %H:%M}"),
        ("Số thông báo", count),
        ("Mã băm các dòng (SHA-256)", digest),
        *((f"Đầu nhật ký, kỳ số {cycle}", f"mục {number}: {head}") for cycle, (number, head) in sorted(heads.items())),
        ("", ""),
        ("Người lập", ""),
        ("Người xác nhận", ""),
    ):
        sheet.append(line)

"""Proof of notice handed out: as plain values, and as a workbook that an office can print and sign."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from models.records import journal
from models.records.cycles import open_cycles
from models.records.notice_pages import state_words
from models.records.notices_proof import Asked, counts, proof_document, proofs
from tasks.database import reading
from tasks.folders import writing_into
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
    """Write the proof: `.docx` as a paper to be signed, else as a workbook; returns how many notices."""
    return _export_paper(path, asked, at) if path.suffix.lower() == ".docx" else _export_workbook(path, asked, at)


def _export_paper(path: Path, asked: Asked, at: datetime) -> int:
    from tasks.proof_paper import write_proof

    settings, digest = Settings(), hashlib.sha256()
    with reading(settings) as session:
        found = [proof_document(one) for one in proofs(session, asked)]
        heads, trial = journal.heads(session), any(cycle.trial for cycle in open_cycles(session))
    for one in found:
        for line in _lines(one, settings):
            digest.update(repr(line).encode())
    with writing_into(path.parent):
        write_proof(path, _asked_in_words(asked, settings), found, digest.hexdigest(), heads, _local(at), trial)
    return len(found)


def _asked_in_words(asked: Asked, settings: Settings) -> str:
    parts = [
        f"hồ sơ của đơn vị {asked.unit_code}" if asked.unit_code else "",
        f"năm đánh giá {asked.year}" if asked.year else "",
        f"bước {asked.step}" if asked.step else "",
        f"từ ngày {asked.since.astimezone(settings.zone):%d/%m/%Y}" if asked.since else "",
        f"trạng thái: {state_words(asked.state).vi}" if asked.state else "",
    ]
    return ", ".join(part for part in parts if part) or "mọi thông báo"


def _local(at: datetime) -> datetime:
    return at.astimezone(Settings().zone)


def _export_workbook(path: Path, asked: Asked, at: datetime) -> int:
    """A line for each attempt, and a page to be signed."""
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
    _page_to_sign(workbook, count, digest.hexdigest(), _local(at), heads_of_journals)
    with writing_into(path.parent):
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

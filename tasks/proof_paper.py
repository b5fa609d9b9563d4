"""Proof of notice as a paper to be signed: each notice with when it went to whom, and by what text; sums and hashes.

The workbook of the same question holds every attempt; both bear the same hash, so that one vouches for the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from models.records.notice_pages import kind_words, state_words
from tasks.paper_layout import blank, cell, line, more, paragraph, save, table
from tasks.settings import Settings

MOST = 400
"""Notices on one paper; of more, the workbook is the annex."""
HEADS = ("TT", "Gửi đến", "Nội dung", "Hạn", "Gửi được lúc, đến đâu", "Mã băm nội dung", "Đã đọc")
WIDTHS = (1, 4.4, 6.6, 2.3, 5.2, 3.2, 3.3)


def write_proof(
    path: Path,
    asked: str,
    found: Sequence[Mapping[str, Any]],
    digest: str,
    heads: Mapping[int, tuple[int, str]],
    at: datetime,
    trial: bool,
) -> None:
    """`asked`: in words, of what this is the proof; `digest`: the hash of the workbook's lines."""
    paper = blank(trial, landscape=True)
    line(paper, "CHỨNG MINH VIỆC THÔNG BÁO", bold=True, centre=True, size=16)
    line(paper, f"{asked}; lập lúc {at:%H:%M} ngày {at:%d/%m/%Y}", centre=True, italic=True)
    states = Counter(one["state"] for one in found)
    said = "; ".join(f"{count} {state_words(state).vi}" for state, count in sorted(states.items()))
    paragraph(paper, f"Tổng số {len(found)} thông báo" + (f": {said}." if said else "."))
    table(paper, HEADS, [_row(place, one) for place, one in enumerate(found[:MOST], 1)], widths=WIDTHS)
    if len(found) > MOST:
        paragraph(
            paper, f"Còn {len(found) - MOST} thông báo trong bảng tính kèm theo (`tcpl notices --out FILE.xlsx`)."
        )
    paragraph(paper, f"Mã băm SHA-256 của các dòng trong bảng tính: {digest}.")
    for cycle, (number, head) in sorted(heads.items()):
        paragraph(paper, f"Đầu nhật ký kỳ số {cycle}: mục {number}, {head}.")
    _to_sign(paper)
    save(paper, path)


def _row(place: int, one: Mapping[str, Any]) -> tuple[str, ...]:
    zone, read = Settings().zone, one["acknowledged"]
    good = [attempt for attempt in one["attempts"] if attempt["ok"]]
    went = "; ".join(f"{each['at'].astimezone(zone):%d/%m/%Y %H:%M}, {_whither(each)}" for each in good)
    why_not = ": ".join(part for part in (state_words(one["state"]).vi, one["reason"]) if part)
    return (
        str(place),
        one["to"],
        one["subject"] or f"{kind_words(one['kind']).vi}, {one['unit_name'] or ''}".strip(", "),
        f"{one['due']:%d/%m/%Y}" if one["due"] else "—",
        went or why_not,
        " ".join(dict.fromkeys((each["text_hash"] or "")[:12] for each in good)) or "—",
        f"{read['by']}, {read['at'].astimezone(zone):%d/%m/%Y %H:%M}" if read else "—",
    )


def _whither(attempt: Mapping[str, Any]) -> str:
    """An office that nobody answers for is reached through the common channel."""
    recipient = str(attempt["recipient"])
    return f"kênh chung ({attempt['channel']})" if recipient.startswith("agency:") else recipient


def _to_sign(paper: Any) -> None:
    grid = paper.add_table(rows=1, cols=2)
    for place, office in zip(grid.rows[0].cells, ("NGƯỜI LẬP", "NGƯỜI XÁC NHẬN"), strict=True):
        cell(place, office, bold=True, centre=True)
        more(place, "(ký, ghi rõ họ tên)")

"""Commendations as Word files: the list with every reason, and a certificate to be signed for each award."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.shared import Pt

from models.records.commendations import RULE_WORDS, STATE_WORDS
from tasks.paper_layout import blank, line, save, table


def write_list(found: Mapping[str, Any], out: str) -> list[Path]:
    """The list of a cycle, and the certificates of what was awarded and still stands: the files written."""
    stem = f"{found['province']}-{found['year']}"
    files = [_list(Path(out) / f"khen-thuong-{stem}.docx", found)]
    awarded = [one for one in found["commendations"] if one["state"] == "awarded" and not one["flagged"]]
    return [*files, _certificates(Path(out) / f"giay-khen-{stem}.docx", found, awarded)] if awarded else files


def _list(path: Path, found: Mapping[str, Any]) -> Path:
    paper = blank(found["trial"], landscape=True)
    line(paper, f"DANH SÁCH ĐỀ XUẤT BIỂU DƯƠNG, KHEN THƯỞNG NĂM {found['year']}", bold=True, centre=True, size=14)
    rows = [
        (
            *(str(place), _whom(one), RULE_WORDS[one["rule"]].vi, str(one["place"] or "—"), one["ground"]),
            *(STATE_WORDS[one["state"]].vi + (" — công nhận đã bị thay thế" if one["flagged"] else ""),),
            *(one["decision_ground"] or "", one["document"] or ""),
        )
        for place, one in enumerate(found["commendations"], start=1)
    ]
    heads = ("TT", "Đơn vị, cá nhân", "Quy tắc", "Hạng", "Lý do", "Trạng thái", "Ý kiến", "Văn bản")
    table(paper, heads, rows, widths=(1, 4.2, 3.6, 1.3, 6.6, 3.2, 3.1, 3))
    return save(paper, path)


def _certificates(path: Path, found: Mapping[str, Any], awarded: Sequence[Mapping[str, Any]]) -> Path:
    """One page each; the signature is a person's."""
    paper = blank(found["trial"], landscape=True)
    for place, one in enumerate(awarded):
        if place:
            paper.add_page_break()
        line(paper, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centre=True)
        line(paper, "Độc lập - Tự do - Hạnh phúc", bold=True, centre=True)
        paper.paragraphs[-1].paragraph_format.space_after = Pt(48)
        line(paper, "BIỂU DƯƠNG, KHEN THƯỞNG", bold=True, centre=True, size=26)
        line(paper, _whom(one), bold=True, centre=True, size=20)
        about = f"{RULE_WORDS[one['rule']].vi}, năm đánh giá {found['year']}: {one['ground']}"
        line(paper, f"Đã có thành tích: {about}", centre=True, size=14)
        line(paper, f"Theo văn bản số {one['document']}", centre=True, italic=True)
        paper.paragraphs[-1].paragraph_format.space_after = Pt(36)
        line(paper, "[Người có thẩm quyền ký, đóng dấu]", centre=True)
    return save(paper, path)


def _whom(one: Mapping[str, Any]) -> str:
    return f"{one['person']}, {one['name']}" if one["person"] else str(one["name"])

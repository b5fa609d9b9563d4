"""Commendations as Word files: the list with every reason, and a certificate to be signed for each award."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.document import Document as Paper
from docx.shared import Cm, Pt

from models.records.commendations import RULE_WORDS, STATE_WORDS
from tasks.paper_layout import blank, framed, line, save, table


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
    table(paper, heads, rows, widths=(1, 4, 3.6, 1.7, 6.6, 3, 3.1, 3))
    return save(paper, path)


def _certificates(path: Path, found: Mapping[str, Any], awarded: Sequence[Mapping[str, Any]]) -> Path:
    """One framed page each; day, number and signature are a person's."""
    paper = blank(found["trial"], landscape=True)
    framed(paper)
    for place, one in enumerate(awarded):
        _words(paper, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, before=30)
        paper.paragraphs[-1].paragraph_format.page_break_before = place > 0
        _words(paper, "Độc lập - Tự do - Hạnh phúc", bold=True)
        _words(paper, "BIỂU DƯƠNG, KHEN THƯỞNG", bold=True, size=28, before=48)
        _words(paper, _whom(one), bold=True, size=22, before=18)
        about = f"{RULE_WORDS[one['rule']].vi}, năm đánh giá {found['year']}: {one['ground']}"
        _words(paper, f"Đã có thành tích: {about}", size=15, before=12)
        _words(paper, f"Theo văn bản số {one['document']}", italic=True, before=12)
        _words(paper, "………………, ngày … tháng … năm ……", italic=True, before=36, indent=13)
        _words(paper, "[Người có thẩm quyền ký, đóng dấu]", before=4, indent=13)
    return save(paper, path)


def _words(
    paper: Paper,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 14,
    before: float = 0,
    indent: float = 0,
) -> None:
    """A line in the middle of the page, or of what lies right of `indent` centimetres; `before` it so many points."""
    line(paper, text, bold=bold, italic=italic, centre=True, size=size)
    shape = paper.paragraphs[-1].paragraph_format
    shape.space_before, shape.left_indent, shape.keep_with_next = Pt(before), Cm(indent), False


def _whom(one: Mapping[str, Any]) -> str:
    return f"{one['person']}, {one['name']}" if one["person"] else str(one["name"])

"""Addenda and responsibility drafts as Word files: what changed since a report, and who held what when."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.regulation import STAGE_WORDS, Stage
from models.records.reporting import Change
from models.records.responsibility import Held
from tasks.paper_layout import blank, day, line, paragraph, save, table
from tasks.report_papers import head, sources


def addendum_paper(
    path: Path, figures: Mapping[str, Any], document: str, amends: str, changes: Sequence[Change]
) -> Path:
    """What changed since a report was sent, number by number."""
    paper = blank(figures["trial"])
    title = f"Bổ sung Báo cáo số {amends}, năm đánh giá {figures['year']}"
    head(paper, figures, "BÁO CÁO BỔ SUNG", title, document)
    paragraph(
        paper, f"Báo cáo số {amends} giữ nguyên như đã gửi. Đến ngày {day(figures['as_of'])}, số liệu sau đã khác:"
    )
    named = {one["code"]: one["name"] for one in (*figures["communes_listed"], *figures["by_district"])}
    table(
        paper,
        ("Số liệu", "Đã báo cáo", "Nay là"),
        [(_said_path(one.what, named), _said_value(one.was), _said_value(one.now)) for one in changes],
        widths=(9, 3.5, 3.5),
    )
    paragraph(paper, "[Bổ sung: lý do thay đổi, quyết định làm căn cứ]")
    sources(paper, figures)
    return save(paper, path)


def responsibility_paper(
    path: Path, year: int, unit: str, trial: bool, held: Sequence[Held], failing: Sequence[tuple[str, str]]
) -> Path:
    """A draft for people who determine responsibility: who held what when; ground and conclusion are theirs."""
    paper = blank(trial, landscape=True)
    line(paper, "BẢN NHÁP XÁC ĐỊNH TRÁCH NHIỆM", bold=True, centre=True, size=14)
    line(paper, f"{unit}, năm đánh giá {year}", bold=True, centre=True)
    paragraph(
        paper,
        "Bản này chỉ tổng hợp thời gian giữ hồ sơ từ nhật ký và thời hạn. Không kết luận về cá nhân, tổ chức nào; "
        "căn cứ, ý kiến giải trình và kết luận do người có thẩm quyền ghi.",
    )
    line(paper, "1. Việc làm sau hạn hoặc quá hạn", bold=True)
    table(
        paper,
        ("Đơn vị", "Việc", "Cơ quan giữ", "Hạn", "Xong", "Ngày trễ", "Căn cứ của hạn", "Giải trình", "Kết luận"),
        [
            (
                *(f"{one.code} {one.name}", one.step, one.holder, day(one.last_day), day(one.done_on)),
                *(str(one.days_late), one.source, "", ""),
            )
            for one in held
        ],
        widths=(3.2, 3.8, 3.2, 2.5, 2.5, 1.3, 3.4, 2.8, 2.8),
    )
    line(paper, "2. Đơn vị chưa đạt chuẩn", bold=True)
    table(
        paper,
        ("Đơn vị", "Nguyên nhân", "Trách nhiệm của tập thể, cá nhân", "Căn cứ", "Kết luận"),
        [(f"{code} {name}", "", "", "", "") for code, name in failing],
        widths=(5, 5.5, 5.5, 4.5, 4.5),
    )
    return save(paper, path)


_NAMES = {
    "recognised": "đạt chuẩn",
    "not_recognised": "chưa đạt",
    "undecided": "chưa có quyết định",
    "communes": "số đơn vị",
    "by_district": "huyện",
    "communes_listed": "đơn vị",
    "state": "kết quả",
    "total": "điểm",
    "totals": "tổng điểm",
    "mean": "bình quân",
    "lowest": "thấp nhất",
    "highest": "cao nhất",
    "scored": "số đơn vị có điểm",
    "criteria": "tiêu chí",
    "met": "số đơn vị đạt",
    "shortfalls": "nội dung chưa đạt",
    "codes": "đơn vị",
    "stages": "giai đoạn",
    "on_time": "đúng hạn",
    "late": "trễ hạn",
    "outstanding": "chưa xong",
    "last_day": "hạn cuối",
    "remedies": "việc khắc phục",
    "opened": "đã giao",
    "closed": "đã xong",
    "repeated": "lặp lại",
    "commendations": "khen thưởng",
    "awarded": "đã khen",
    "flagged": "cần xem lại",
    "years": "năm",
    "unconfirmed": "giá trị chưa đối chiếu",
    "title": "tên",
    "rule": "điều kiện",
    "subject": "mã",
}


def _said_path(path: str, named: Mapping[str, str]) -> str:
    parts = [named.get(part) or _NAMES.get(part) or _stage(part) for part in path.split("/")]
    said = " · ".join(parts)
    return said[:1].upper() + said[1:]


def _stage(part: str) -> str:
    return STAGE_WORDS[Stage(part)].vi if part in {*Stage} else part


def _said_value(value: str | None) -> str:
    if value is None:
        return "—"
    return STATE_WORDS[State(value)].vi if value in {*State} else value

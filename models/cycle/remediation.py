"""What a shortfall asks for: a suggestion of what to do, drawn from the regulation's own words, for people to edit.

No text says how a shortfall is mended; every word here is a draft (`local`).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from models.law.regulation import Content, Criterion, Indicator, Regulation, whole

LOST_POINTS = "lost_points"
"""The rule of a remedy that the plan asks for where an indicator passed and still lost points."""


class Lost(NamedTuple):
    """An indicator that did not reach its maximum."""

    indicator: str
    points: Decimal
    maximum: Decimal


def suggested(regulation: Regulation, rule: str, subject: str) -> str:
    """What to do about a shortfall, in Vietnamese: names the indicator by its own title."""
    match rule:
        case "minimum_total":
            worst = "Rà soát các chỉ tiêu bị mất điểm, ưu tiên chỉ tiêu mất nhiều nhất"
            return f"{worst}; bổ sung hoạt động và minh chứng."
        case "minimum_share":
            return f"Nâng điểm tiêu chí {subject} “{title_of(regulation, subject)}”: thực hiện các chỉ tiêu còn thiếu."
        case "leaders_clear":
            return "Báo cáo việc xử lý kỷ luật và biện pháp củng cố; điều kiện này xét lại theo năm."
        case "declared":
            return "Giải trình lý do tự nhận chưa đạt, nêu từng chỉ tiêu cần khắc phục."
        case _:
            return f"Thực hiện đủ “{title_of(regulation, subject)}” ({subject}) và lưu minh chứng."


def lost_points(regulation: Regulation, points: dict[str, Decimal]) -> Iterator[Lost]:
    """The indicators below their maximum, in the regulation's order; an unread maximum is passed over."""
    for indicator in regulation.indicators():
        limit = indicator.maximum.points if indicator.maximum else None
        found = points.get(indicator.id)
        if limit is not None and found is not None and found < limit:
            yield Lost(indicator.id, found, limit)


def title_of(regulation: Regulation, subject: str) -> str:
    """The words of the criterion, indicator or content with this id; of anything else, the id itself."""
    named = _CONDITIONS | {part.id: part.title for part in _parts(regulation)}
    return named.get(subject, subject)


_CONDITIONS = {
    "total": "Tổng số điểm",
    "leader_disciplined": "Điều kiện về người đứng đầu",
    "dossier": "Hồ sơ tự nhận chưa đạt",
}
"""What a shortfall is about where it is about no part of the text."""


def may_be_shared(subject: str) -> bool:
    """Whether one event could mend it for several communes: an indicator or criterion, not a total or a leader."""
    return subject not in _CONDITIONS


def shared_task(subject: str, title: str, communes: int) -> str:
    """What may be done once for several communes that lack the same; nothing where that makes no sense."""
    if communes < 2 or not may_be_shared(subject):
        return ""
    return f"{communes} đơn vị cùng thiếu “{title}” ({subject}): có thể tổ chức một lần cho tất cả."


def years_words(years: int) -> str:
    """ "năm thứ hai" for an indicator that is wanting for the second year running; nothing for the first."""
    names = {2: "hai", 3: "ba", 4: "tư", 5: "năm"}
    return f"năm thứ {names.get(years, str(years))}" if years > 1 else ""


def points_words(lost: Lost) -> tuple[str, str]:
    """Found and required, as a shortfall says them."""
    return whole(lost.points), whole(lost.maximum)


def _parts(regulation: Regulation) -> Iterator[Criterion | Indicator | Content]:
    for criterion in regulation.criteria:
        yield criterion
        for indicator in criterion.indicators:
            yield indicator
            yield from indicator.contents

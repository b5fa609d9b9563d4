"""Whether drafts were posted as the regulation asks: at the office, and on the portal or over the commune's radio.

The numbers are data of the regulation (`PostingRule`); what is checked here is only their grouping and the counting.
Days are counted as every other deadline counts them: the day on which a posting begins is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.law.marks import LegalValue
from models.words import Words


class Channel(StrEnum):
    """Where drafts are posted."""

    OFFICE = "office"
    PORTAL = "portal"
    RADIO = "radio"


CHANNEL_WORDS = {
    Channel.OFFICE: Words("Trụ sở UBND cấp xã", "Office of the commune's People's Committee"),
    Channel.PORTAL: Words("Cổng/trang thông tin điện tử", "Portal"),
    Channel.RADIO: Words("Đài truyền thanh cấp xã", "Commune radio"),
}

Count = Annotated[int, Field(ge=1)]


class PostingRule(LegalValue):
    """At the office so many days; and on the portal so many days, or on the radio so often within so many days."""

    office_days: Count
    portal_days: Count
    radio_times: Count
    radio_days: Count


@dataclass(frozen=True)
class Posted:
    """One posting: from a day to a day; `times` counts broadcasts; `ended` null: it still hangs."""

    channel: Channel
    began: date
    ended: date | None
    times: int | None = None
    place: str = ""
    proof: str = ""


@dataclass(frozen=True)
class PostingFound:
    """What the rule says of the postings. `satisfied` null: nobody has read the rule.

    `satisfied_on`: the first day on which they were enough. `wanting`: what is missing; `warnings` forbid nothing.
    """

    satisfied: bool | None
    satisfied_on: date | None
    wanting: tuple[Words, ...]
    warnings: tuple[Words, ...]


def check_posting(rule: PostingRule | None, posted: Sequence[Posted], year: int) -> PostingFound:
    """Hold the postings of one commune against the rule for the evaluation year."""
    warnings = tuple(_early(posted, year))
    if rule is None:
        unread = Words("Quy định về niêm yết chưa đọc được.", "Nobody has read the rule on posting.")
        return PostingFound(None, None, (), (unread, *warnings))
    office = _enough(posted, Channel.OFFICE, rule.office_days)
    portal = _enough(posted, Channel.PORTAL, rule.portal_days)
    radio = _enough(posted, Channel.RADIO, rule.radio_days, rule.radio_times)
    elsewhere = min((day for day in (portal, radio) if day), default=None)
    if office and elsewhere:
        return PostingFound(True, max(office, elsewhere), (), warnings)
    wanting = [] if office else [_office_wanting(rule, posted)]
    wanting += [] if elsewhere else [_elsewhere_wanting(rule, posted)]
    return PostingFound(False, None, tuple(wanting), warnings)


def spoken_posting(rule: PostingRule) -> Words:
    """The rule as a person would say it."""
    return Words(
        f"tại trụ sở UBND cấp xã ít nhất {rule.office_days:02} ngày; và trên cổng/trang thông tin điện tử ít nhất "
        f"{rule.portal_days:02} ngày, hoặc trên đài truyền thanh ít nhất {rule.radio_times:02} lần trong thời gian "
        f"ít nhất {rule.radio_days:02} ngày",
        f"at the office at least {rule.office_days} days; and on the portal at least {rule.portal_days} days, or on "
        f"the radio at least {rule.radio_times} times within at least {rule.radio_days} days",
    )


def lasted(one: Posted) -> int:
    """How many days a posting lasted; the day on which it began is not counted."""
    return (one.ended - one.began).days if one.ended else 0


def _enough(posted: Sequence[Posted], channel: Channel, days: int, times: int = 0) -> date | None:
    """The first day on which a posting of the channel had lasted long enough."""
    found = (
        one.began + timedelta(days=days)
        for one in posted
        if one.channel is channel and lasted(one) >= days and (one.times or 0) >= times
    )
    return min(found, default=None)


def _longest(posted: Sequence[Posted], channel: Channel) -> Posted | None:
    return max((one for one in posted if one.channel is channel), key=lasted, default=None)


def _office_wanting(rule: PostingRule, posted: Sequence[Posted]) -> Words:
    found = _found(_longest(posted, Channel.OFFICE))
    return Words(
        f"Niêm yết tại trụ sở: {found.vi}; cần ít nhất {rule.office_days:02} ngày.",
        f"Posting at the office: {found.en}; at least {rule.office_days} days are needed.",
    )


def _elsewhere_wanting(rule: PostingRule, posted: Sequence[Posted]) -> Words:
    portal, radio = _found(_longest(posted, Channel.PORTAL)), _found(_longest(posted, Channel.RADIO))
    return Words(
        f"Cổng/trang thông tin điện tử: {portal.vi}; đài truyền thanh: {radio.vi}. Cần một trong hai: đăng ít nhất "
        f"{rule.portal_days:02} ngày, hoặc phát ít nhất {rule.radio_times:02} lần trong ít nhất "
        f"{rule.radio_days:02} ngày.",
        f"Portal: {portal.en}; radio: {radio.en}. One of them is needed: at least {rule.portal_days} days, or at least "
        f"{rule.radio_times} broadcasts within at least {rule.radio_days} days.",
    )


def _found(one: Posted | None) -> Words:
    if one is None:
        return Words("không có", "none")
    if one.ended is None:
        return Words(f"từ {one.began:%d/%m/%Y}, chưa ghi ngày kết thúc", f"from {one.began}, no end recorded")
    times = "" if one.times is None else f", {one.times} lần"
    times_en = "" if one.times is None else f", {one.times} times"
    return Words(
        f"từ {one.began:%d/%m/%Y} đến {one.ended:%d/%m/%Y} ({lasted(one)} ngày{times})",
        f"{one.began} to {one.ended} ({lasted(one)} days{times_en})",
    )


def _early(posted: Sequence[Posted], year: int) -> list[Words]:
    """Offices do begin before the year's figures are complete: warned of, not forbidden."""
    first = min((one.began for one in posted), default=None)
    if first is None or first >= date(year, 12, 31):
        return []
    return [
        Words(
            f"Niêm yết bắt đầu ngày {first:%d/%m/%Y}, trước khi hết kỳ số liệu 31/12/{year}: rà lại số liệu.",
            f"The posting began on {first}, before the year's figures were complete (31/12/{year}): check them again.",
        )
    ]

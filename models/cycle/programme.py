"""What a plan's work programme comes to: how a due task stands on a day, why its day is that day, who held it. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.law.calendar import spoken
from models.law.programme import Due, FixedDay, Monthly, Quarterly, StageDay, Yearly
from models.law.regulation import STAGE_WORDS
from models.words import Words

AT_RISK_DAYS = 3
"""`local`, of this product: so close before its day, what is not done is at risk."""
UNFUNDED_DAYS = 14
"""`local`, of this product: so close before its start, a task without its money is warned of."""


class Standing(StrEnum):
    """Where one due task stands on a day; derived from its dates, never stored."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    CARRIED_OVER = "carried_over"


STANDING_WORDS = {
    Standing.NOT_STARTED: Words("chưa đến ngày bắt đầu", "not started"),
    Standing.IN_PROGRESS: Words("đang làm", "in progress"),
    Standing.AT_RISK: Words("sắp đến hạn", "at risk"),
    Standing.OVERDUE: Words("quá hạn", "overdue"),
    Standing.DONE_ON_TIME: Words("xong đúng hạn", "done on time"),
    Standing.DONE_LATE: Words("xong trễ hạn", "done late"),
    Standing.CARRIED_OVER: Words("chuyển sang năm sau", "carried over"),
}


@dataclass(frozen=True)
class Days:
    """The days of one due task: `due_day` is the plan's last day, or the one to which it was extended."""

    starts_on: date
    last_day: date
    due_day: date
    done_on: date | None = None
    carried_on: date | None = None


def standing(days: Days, on: date) -> Standing:
    """How it stands on a day; what was done or carried over later than that day is not known yet."""
    if days.done_on is not None and days.done_on <= on:
        return Standing.DONE_ON_TIME if days.done_on <= days.due_day else Standing.DONE_LATE
    if days.carried_on is not None and days.carried_on <= on:
        return Standing.CARRIED_OVER
    if on > days.due_day:
        return Standing.OVERDUE
    if days.due_day - on <= timedelta(days=AT_RISK_DAYS):
        return Standing.AT_RISK
    return Standing.NOT_STARTED if on < days.starts_on else Standing.IN_PROGRESS


def days_late(days: Days, on: date) -> tuple[int, int]:
    """Days beyond (the plan's own last day, the day granted); both are the lead's, who held the task (`local`)."""
    until = min(filter(None, (days.done_on, days.carried_on, on)))
    return max(0, (until - days.last_day).days), max(0, (until - days.due_day).days)


def reason(due: Due | None, last_day: date) -> Words:
    """Why the last day is that day, from the plan's rule."""
    day = spoken(last_day)
    match due:
        case FixedDay():
            return Words(f"kế hoạch ấn định ngày {day}", f"the plan names {day}")
        case StageDay():
            name, count = STAGE_WORDS[due.stage], abs(due.days)
            anchor = Words("ngày mở", "the opening of") if due.anchor == "opening" else Words("ngày cuối", "the end of")
            if not count:
                return Words(f"{anchor.vi} giai đoạn {name.vi}", f"{anchor.en} {name.en}")
            side = Words("sau", "after") if due.days > 0 else Words("trước", "before")
            return Words(
                f"{count} ngày {side.vi} {anchor.vi} giai đoạn {name.vi}",
                f"{count} days {side.en} {anchor.en} {name.en}",
            )
        case Monthly():
            return Words(f"hằng tháng, chậm nhất ngày {due.day}", f"each month, by day {due.day}")
        case Quarterly():
            return Words(
                f"hằng quý, chậm nhất ngày {due.day} của tháng cuối quý", f"each quarter, by day {due.day} of its end"
            )
        case Yearly():
            return Words(f"hằng năm, chậm nhất ngày {due.day}/{due.month}", f"each year, by {due.day}/{due.month}")
        case None:
            return Words(f"người phụ trách ấn định ngày {day}", f"named by the person in charge: {day}")


def occasion_said(occasion: str) -> Words:
    """Which time of a task that comes round it is, as people say it: "2025-Q1" is the first quarter of 2025."""
    said = [_part_said(part) for part in occasion.split("/")]
    return Words(" · ".join(one.vi for one in said), " · ".join(one.en for one in said))


def _part_said(part: str) -> Words:
    if found := re.fullmatch(r"(\d{4})-(\d\d)", part):
        return Words(f"tháng {found[2]}/{found[1]}", f"{found[2]}/{found[1]}")
    if found := re.fullmatch(r"(\d{4})-Q(\d)", part):
        return Words(f"quý {found[2]}/{found[1]}", f"quarter {found[2]} of {found[1]}")
    if found := re.fullmatch(r"carried-(\d{4})", part):
        return Words(f"chuyển từ năm {found[1]}", f"carried over from {found[1]}")
    return Words(f"năm {part}", part) if re.fullmatch(r"\d{4}", part) else Words(part, part)

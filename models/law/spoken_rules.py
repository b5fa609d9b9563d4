"""A deadline rule in words, without a year and without a calendar: "trước ngày 10/01 của năm sau"."""

from typing import assert_never

from models.law.deadline_rules import (
    Ahead,
    Before,
    DeadlineRule,
    Lasting,
    NoDate,
    NotYetRead,
    OnOrBefore,
    Unit,
    Within,
)
from models.law.events import EVENT_WORDS
from models.law.marks import Mark
from models.words import Words

_YEARS = (
    Words("của năm đánh giá", "of the evaluation year"),
    Words("của năm sau", "of the year after"),
    Words("của hai năm sau", "of the second year after"),
)
_UNITS: dict[Unit, Words] = {
    "calendar": Words("ngày", "days"),
    "working": Words("ngày làm việc", "working days"),
}


def spoken_rule(rule: DeadlineRule) -> Words:
    """The rule as a person would say it."""
    match rule:
        case Before():
            year, day = _YEARS[rule.year_offset], f"{rule.day:02}/{rule.month:02}"
            return Words(f"trước ngày {day} {year.vi}", f"before {day} {year.en}")
        case OnOrBefore():
            return Words(f"chậm nhất ngày {rule.date:%d/%m/%Y}", f"on or before {rule.date:%d/%m/%Y}")
        case Within() | Ahead() | Lasting():
            return _counted(rule)
        case NoDate(mark=Mark.LOCAL):  # a step of the province's own: what the text says of it may be unread
            return Words("do kế hoạch của tỉnh ấn định", "set by the provincial plan")
        case NoDate():
            return Words("văn bản không đặt ngày", "the text sets no day")
        case NotYetRead():
            return Words("chưa đọc được", "not yet read")
        case _:
            assert_never(rule)


def _counted(rule: Within | Ahead | Lasting) -> Words:
    unit, event = _UNITS[rule.unit], EVENT_WORDS.get(rule.event, Words(rule.event, rule.event))
    count = f"{rule.count:02}"
    match rule:
        case Within():
            return Words(f"trong {count} {unit.vi} kể từ {event.vi}", f"within {rule.count} {unit.en} after {event.en}")
        case Ahead():
            return Words(
                f"ít nhất {count} {unit.vi} trước {event.vi}", f"at least {rule.count} {unit.en} before {event.en}"
            )
        case Lasting():
            return Words(
                f"ít nhất {count} {unit.vi} kể từ {event.vi}", f"at least {rule.count} {unit.en} from {event.en}"
            )

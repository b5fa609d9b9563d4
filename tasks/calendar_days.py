"""The shipped calendar: weekends, the `holidays` library, and over both our own dated records.

The library is not an official document and says so in every day that rests on it; a record in
`regulations/calendar/*.yaml` names its document and overrules it.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from models.law.calendar import Calendar, Day, spoken
from models.words import Words
from tasks.calendar_records import recorded_days
from tasks.settings import Settings

FIRST, LAST = date(2016, 1, 1), date(2031, 12, 31)

ANNOUNCED_TO = 2026
"""The last year for which the pinned library knows an announced exchange of days; later years it predicts."""

_WEEK = Words("tuần làm việc từ thứ Hai đến thứ Sáu của cơ quan nhà nước", "the Monday to Friday week of state bodies")
_WORKING = Words("ngày làm việc", "working day")
_WEEKEND = {5: Words("nghỉ thứ Bảy", "Saturday"), 6: Words("nghỉ Chủ nhật", "Sunday")}
_LIBRARY = Words(
    "thư viện holidays 0.109, không phải văn bản chính thức", "the library holidays 0.109, not an official document"
)
_PREDICTED = Words(
    "dự báo của thư viện holidays 0.109; chưa có thông báo chính thức nào được cập nhật cho năm này",
    "predicted by the library holidays 0.109; no official announcement for this year has been taken in",
)
_SUBSTITUTED = re.compile(r"Ngày nghỉ \(thay cho ngày (\d\d)/(\d\d)/(\d{4})\)")


def shipped_calendar(regulations: Path) -> Calendar:
    """Every day from 2016 to 2031; raises LawRefusal for a record that is not as it must be.

    What the office has recorded itself (`tcpl calendar add`) overrules what was shipped.
    """
    shipped = recorded_days(regulations / "calendar", FIRST, LAST)
    return _overruled(tuple({**shipped, **home_records()}.values()))


@lru_cache(maxsize=4)
def _overruled(recorded: tuple[Day, ...]) -> Calendar:
    return _library_calendar().overruled_by({day.date: day for day in recorded})


def home_records() -> dict[date, Day]:
    """The days that the office has recorded itself, in `calendar/` of the home."""
    return recorded_days(Settings().home / "calendar", FIRST, LAST)


@lru_cache(maxsize=1)
def _library_calendar() -> Calendar:
    """Without our records: the same for the whole life of the process, since the library is pinned."""
    named, made_up = _from_library()
    length = (LAST - FIRST).days + 1
    return Calendar(_ordinary(FIRST + timedelta(days=n), named, made_up) for n in range(length))


def _ordinary(on: date, named: Mapping[date, Words], made_up: Mapping[date, Words]) -> Day:
    predicted = on.year > ANNOUNCED_TO
    if on in made_up:
        return Day(on, True, made_up[on], _PREDICTED if predicted else _LIBRARY)
    if on in named:
        return Day(on, False, named[on], _PREDICTED if predicted else _LIBRARY)
    if on.weekday() in _WEEKEND:
        return Day(on, False, _WEEKEND[on.weekday()], _WEEK)
    return Day(on, True, _WORKING, _PREDICTED if predicted else _WEEK)


def _from_library() -> tuple[dict[date, Words], dict[date, Words]]:
    """Days off with their names, and the Saturdays worked in exchange for one of them."""
    import holidays  # half a second: only for whoever asks for a day

    years = range(FIRST.year, LAST.year + 1)
    vietnamese = holidays.country_holidays("VN", language="vi", years=years)
    english = holidays.country_holidays("VN", language="en_US", years=years)
    named: dict[date, Words] = {}
    made_up = {day: Words("làm bù", "worked in exchange for a day off") for day in vietnamese.weekend_workdays}
    for on, name in vietnamese.items():
        exchanged = _SUBSTITUTED.fullmatch(name)
        if exchanged is None:
            named[on] = Words(name, english[on])
            continue
        day, month, year = map(int, exchanged.groups())
        instead = date(year, month, day)
        # the library's English writes this date month first, which nobody here reads so
        named[on] = Words(f"nghỉ hoán đổi, làm bù ngày {spoken(instead)}", f"day off for working on {spoken(instead)}")
        made_up[instead] = Words(f"làm bù cho ngày nghỉ {spoken(on)}", f"worked in exchange for {spoken(on)}")
    return named, made_up

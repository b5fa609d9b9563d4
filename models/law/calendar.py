"""The office's calendar: which days are working days, why, and how many lie between two dates.

Where the days come from (the library, our own records) is the business of `tasks.calendar_days`; here is counting only.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise

from models.errors import LawRefusal, Refusal
from models.words import Words

ONE_DAY = timedelta(days=1)


def spoken(day: date) -> str:
    """A date as offices write it: 09/01/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: works or rests, why, who says so, and the document where there is one."""

    date: date
    working: bool
    reason: Words
    source: Words
    document: str | None = None

    def explained(self) -> Words:
        """The reason, with the document's number behind it where there is one."""
        if self.document is None:
            return self.reason
        return Words(f"{self.reason.vi} ({self.document})", f"{self.reason.en} ({self.document})")


class Calendar:
    """Every day of a range without a gap, numbered by the working days in it; all questions are O(1).

    Raises LawRefusal if the days are none, doubled, or leave a gap. A question about a day outside the range, or
    whose answer would lie outside it, is a Refusal that names the range: no day is ever assumed to be a working day.
    """

    def __init__(self, days: Iterable[Day]) -> None:
        self._days = tuple(sorted(days, key=lambda day: day.date))
        _refuse_gaps(self._days)
        self.first, self.last = self._days[0].date, self._days[-1].date
        self._ordinals = list(accumulate(int(day.working) for day in self._days))
        self._working = [day.date for day in self._days if day.working]

    def days(self) -> tuple[Day, ...]:
        return self._days

    def day(self, on: date) -> Day:
        return self._days[self._place(on)]

    def works(self, on: date) -> bool:
        return self.day(on).working

    def ordinal(self, on: date) -> int:
        """The number of working days from the start of the range up to and including `on`."""
        return self._ordinals[self._place(on)]

    def nth_working_after(self, on: date, count: int) -> date:
        """The `count`-th (from 1) working day after `on`, which is itself not counted."""
        return self._working_day(self.ordinal(on) + count, count, on, "after")

    def nth_working_before(self, on: date, count: int) -> date:
        """The `count`-th (from 1) working day before `on`, which is itself not counted."""
        earlier = self.ordinal(on) - int(self.works(on))
        return self._working_day(earlier + 1 - count, count, on, "before")

    def last_working_on_or_before(self, on: date) -> date:
        return self._working_day(self.ordinal(on), 1, on, "before")

    def between(self, first: date, last: date) -> tuple[Day, ...]:
        """The days from `first` to `last`, both inclusive; none if `last` is the earlier."""
        return self._days[self._place(first) : self._place(last) + 1] if first <= last else ()

    def overruled_by(self, days: Mapping[date, Day]) -> "Calendar":
        """The same range, with these days in the place of its own."""
        for on in days:
            self._place(on)
        return Calendar(days.get(day.date, day) for day in self._days)

    def content_hash(self) -> str:
        """SHA-256 over the text of every day, in order: two calendars with one hash say the same."""
        return self._content_hash

    @cached_property
    def _content_hash(self) -> str:
        digest = hashlib.sha256()
        for day in self._days:
            parts = (day.date.isoformat(), "works" if day.working else "rests", *day.reason, *day.source)
            digest.update(("\x1f".join((*parts, day.document or "")) + "\n").encode())
        return digest.hexdigest()

    def _place(self, on: date) -> int:
        if not self.first <= on <= self.last:
            raise self._outside(Words(f"Ngày {spoken(on)}", f"The day {spoken(on)}"))
        return (on - self.first).days

    def _working_day(self, ordinal: int, count: int, on: date, side: str) -> date:
        if count < 1:
            raise ValueError("working days are counted from 1")
        if 1 <= ordinal <= len(self._working):
            return self._working[ordinal - 1]
        vi = "sau" if side == "after" else "trước"
        subject = Words(f"Ngày làm việc thứ {count} {vi} ngày {spoken(on)}", f"Working day {count} {side} {spoken(on)}")
        raise self._outside(subject)

    def _outside(self, subject: Words) -> Refusal:
        first, last = spoken(self.first), spoken(self.last)
        return Refusal(
            "outside_calendar",
            Words(f"{subject.vi} nằm ngoài lịch làm việc.", f"{subject.en} is outside the calendar."),
            Words(
                f"Lịch làm việc hiện có từ ngày {first} đến ngày {last}; ngoài khoảng đó chưa biết ngày nào nghỉ.",
                f"The calendar runs from {first} to {last}; beyond it nobody knows which days are off.",
            ),
            Words(
                "Kiểm tra lại ngày, năm đã nhập; nếu đúng thì phải kéo dài lịch làm việc trước khi tính hạn.",
                "Check the date or year given; if it is right, the calendar has to be lengthened first.",
            ),
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )


def _refuse_gaps(days: tuple[Day, ...]) -> None:
    if not days:
        raise _broken(Words("Lịch làm việc không có ngày nào.", "The calendar has no days."))
    for earlier, later in pairwise(days):
        if later.date != earlier.date + ONE_DAY:
            here, then = spoken(earlier.date), spoken(later.date)
            raise _broken(
                Words(
                    f"Lịch làm việc không liên tục: sau ngày {here} là ngày {then}.",
                    f"The calendar is not continuous: {here} is followed by {then}.",
                )
            )


def _broken(what: Words) -> LawRefusal:
    return LawRefusal(
        "broken_calendar",
        what,
        Words(
            "Mỗi ngày trong khoảng phải có đúng một dòng, nếu không thì đếm ngày làm việc sẽ sai.",
            "Each day of the range needs exactly one line, or counting working days goes wrong.",
        ),
        Words("Bổ sung ngày thiếu hoặc bỏ ngày trùng.", "Add the missing day or remove the doubled one."),
    )

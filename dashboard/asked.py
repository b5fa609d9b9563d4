"""What an address asks for: language, day, cycle, filters. Whatever it says wrongly is refused in three sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from dashboard.viewer import NOBODY, Viewer
from models.errors import Refusal
from models.law.regulation import Stage
from models.records.standing import Standing
from models.records.worklist import Urgency
from models.words import Language, Words

KEPT = ("lang", "on", "cycle")
"""What a link carries along from page to page."""

MOST_PAGES = 100_000


@dataclass(frozen=True)
class Asked:
    """One request, read. `at` is the moment as of which the page looks, in the office's zone; `on` is its day."""

    path: str
    parameters: Mapping[str, str]
    language: Language
    now: datetime
    at: datetime
    viewer: Viewer = NOBODY
    form_token: str = ""
    request: Any = None

    @classmethod
    def read(
        cls,
        path: str,
        parameters: Mapping[str, str],
        now: datetime,
        language: Language,
        viewer: Viewer = NOBODY,
        form_token: str = "",
        request: Any = None,
    ) -> "Asked":
        given = parameters.get("lang")
        spoken: Language = "en" if given == "en" else "vi" if given == "vi" else language
        on = day_of(parameters.get("on"))
        return cls(path, parameters, spoken, now, _moment(on, now), viewer, form_token, request)

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def another_day(self) -> bool:
        """Whether the page shows another day than the present one."""
        return self.on != self.now.date()

    def text(self, name: str) -> str | None:
        """A parameter without the space around it; null: not given, or empty, as forms send it."""
        return self.parameters.get(name, "").strip()[:100] or None

    def stage(self) -> Stage | None:
        return _one_of(Stage, "stage", self.text("stage"))

    def standing(self) -> Standing | None:
        return _one_of(Standing, "standing", self.text("standing"))

    def urgency(self) -> Urgency | None:
        return _one_of(Urgency, "urgency", self.text("urgency"))

    def one_of(self, kind: Any, name: str) -> Any:
        """A parameter that names a member of an enumeration; null: not given. Raises Refusal `unknown_filter`."""
        return _one_of(kind, name, self.text(name))

    def day(self, name: str) -> date | None:
        return day_of(self.text(name))

    def page(self, name: str = "page") -> int:
        """The page of a long list, from 1; a page with several lists has a name for each."""
        given = self.text(name) or "1"
        return min(max(int(given), 1), MOST_PAGES) if given.isascii() and given.isdecimal() and len(given) < 9 else 1

    def link(self, path: str, **changes: Any) -> str:
        """Another page's address, with what is carried along; a change to None takes a parameter away."""
        return _address(path, self.carried() | changes)

    def carried(self) -> dict[str, str]:
        """The parameters that every link takes along, as they were understood: parts of pages are kept under them, and
        are not to grow with what somebody types."""
        found = {name: text for name in KEPT if (text := self.text(name))}
        return found if found.get("lang", "vi") in ("vi", "en") else found | {"lang": self.language}

    def same(self, **changes: Any) -> str:
        """This page's own address with some parameters changed."""
        return _address(self.path, {**self.parameters, "page": None, **changes})


def _address(path: str, parameters: Mapping[str, Any]) -> str:
    return _written(path, tuple((name, str(value)) for name, value in parameters.items() if value not in (None, "")))


@lru_cache(maxsize=8192)
def _written(path: str, given: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(given)}" if given else path


def _moment(on: date | None, now: datetime) -> datetime:
    """The present on the present day; any other day as it ends."""
    if on is None or on == now.date():
        return now
    return datetime.combine(on, time(23, 59, 59), tzinfo=now.tzinfo)


def day_of(text: str | None) -> date | None:
    """The day of an ISO date; null for nothing. Raises Refusal `impossible_date`."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _impossible(text) from None
    if not 1990 <= day.year <= 2200:
        raise _impossible(text)
    return day


def _impossible(text: str) -> Refusal:
    return Refusal(
        "impossible_date",
        Words(f"“{text[:40]}” không phải là một ngày có thật.", f"“{text[:40]}” is not a day."),
        Words("Ngày được ghi dạng năm-tháng-ngày.", "A day is written year-month-day."),
        Words("Ghi lại, ví dụ: 2025-01-09.", "Write it again, for instance: 2025-01-09."),
    )


def _one_of(kind: Any, name: str, text: str | None) -> Any:
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise Refusal(
            "unknown_filter",
            Words(f"Bộ lọc {name} không có giá trị “{text[:40]}”.", f"The filter {name} has no value “{text[:40]}”."),
            Words(f"Các giá trị: {known}.", f"Its values: {known}."),
            Words("Chọn một giá trị trong danh sách.", "Choose one of them."),
        ) from None

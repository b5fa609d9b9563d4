"""The parameters of the API's calls: each is said once, described from that and read from that; and pages of lists."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from dashboard.asked import Asked
from models.errors import Refusal
from models.words import Words

PER_PAGE, MOST_PER_PAGE, BOARDS = 100, 500, 20
Kind = Literal["string", "integer", "date", "boolean"]


class Parameter(NamedTuple):
    """One parameter of a call; `needed`: without it the call is refused."""

    name: str
    kind: Kind
    about: str
    needed: bool = False


ON = Parameter("on", "date", "as of this day; default: today")
PAGING = (
    Parameter("page", "integer", "which page, from 1"),
    Parameter("per_page", "integer", f"how many of the list on a page; default {PER_PAGE}, at most {MOST_PER_PAGE}"),
)
PAGING_BOARDS = (
    PAGING[0],
    Parameter("per_page", "integer", f"how many boards on a page; default {BOARDS}, at most {MOST_PER_PAGE}"),
)
OF_DOSSIER = (
    Parameter("page", "integer", "which page of its journal and of its notices, from 1"),
    Parameter("per_page", "integer", f"how many of either on a page; default and most {MOST_PER_PAGE}"),
)
CYCLE = Parameter("cycle", "string", "the cycle, such as 96-2024 or 96-2024-trial; default: the oldest that is open")
PROVINCE = Parameter("province", "string", "code of the province")
YEAR = Parameter("year", "integer", "evaluation year")
FILTER = (
    Parameter("stage", "string", "a stage"),
    Parameter("step", "string", "a step"),
    Parameter("standing", "string", "how it stands: overdue, at_risk, open, done_on_time, done_late, undated"),
    Parameter("urgency", "string", "overdue, today, at_risk, week"),
    Parameter("district", "string", "code of a district"),
    Parameter("due", "date", "the day it is due"),
    Parameter("q", "string", "a commune by name or code"),
)
PROOF = (
    Parameter("since", "date", "queued from this day on"),
    Parameter("dossier", "string", "code of a commune"),
    YEAR,
    Parameter("step", "string", "a step"),
    Parameter("state", "string", "queued, claimed, sent, abandoned, withdrawn"),
)
IN_PROVINCE = Parameter("province", "string", "code of the province", True)
KNOWN = (IN_PROVINCE, Parameter("year", "integer", "up to this evaluation year", True),
          Parameter("trial", "boolean", "count trials too"))  # fmt: skip
TASK = (Parameter("unit", "string", "code of a unit"), Parameter("task_standing", "string", "such as overdue"))


class Page(NamedTuple):
    """A part of a list."""

    number: int
    size: int

    @property
    def skip(self) -> int:
        return (self.number - 1) * self.size

    def of(self, total: int) -> dict[str, int]:
        return {
            "page": self.number,
            "per_page": self.size,
            "total": total,
            "pages": max(-(-total // self.size), 1),
        }

    def cut(self, rows: Sequence[Any]) -> list[Any]:
        return list(rows[self.skip : self.skip + self.size])


def page_of(asked: Asked, size: int = PER_PAGE) -> Page:
    return Page(asked.page(), min(max(number_of(asked, "per_page") or size, 1), MOST_PER_PAGE))


def number_of(asked: Asked, name: str, needed: bool = False) -> int | None:
    text = asked.text(name)
    if text is None:
        if needed:
            raise _needed(name)
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise Refusal(
            "not_a_number",
            Words(f"{name}: “{text[:40]}” không phải số.", f"{name}: “{text[:40]}” is not a number."),
            Words("Tham số này là một số nguyên không âm.", "This parameter is a whole number."),
            Words("Ghi lại bằng chữ số.", "Write it in digits."),
        )
    return int(text)


def text_of(asked: Asked, name: str) -> str:
    text = asked.text(name)
    if text is None:
        raise _needed(name)
    return text


def _needed(name: str) -> Refusal:
    return Refusal(
        "parameter_missing",
        Words(f"Thiếu tham số {name}.", f"The parameter {name} is missing."),
        Words("Câu hỏi này không có giá trị mặc định cho nó.", "This call has no default for it."),
        Words(f"Thêm {name}=… vào địa chỉ.", f"Add {name}=… to the address."),
    )


def impossible_year(year: int) -> Refusal:
    return Refusal(
        "impossible_year",
        Words(f"{year} không phải là một năm đánh giá.", f"{year} is no evaluation year."),
        Words("Năm đánh giá gồm bốn chữ số.", "An evaluation year has four digits."),
        Words("Ghi lại, ví dụ 2024.", "Write it again, such as 2024."),
    )

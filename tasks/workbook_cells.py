"""One cell as a value: what a person typed, read strictly; text made harmless for whoever exports it later."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from models.words import Words
from tasks.workbook_layout import Column

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,4})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class Unfit(Exception):
    """A cell does not hold what it should: what is wrong, and what to do."""

    def __init__(self, why: Words, do: Words) -> None:
        self.why, self.do = why, do
        super().__init__(why.en)


def value_of(cell: object, column: Column) -> object:
    """The cell's value in the column's own type, null where it is empty. Raises Unfit."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    match column.kind:
        case "day":
            return day_in(cell)
        case "whole":
            return whole_in(cell)
        case "choice":
            return choice_in(cell, column.choices or {})
        case _:
            return text_in(cell, column.longest)


def text_in(cell: object, longest: int) -> str:
    """Text, trimmed, without control characters; what a spreadsheet would take for a formula is made text."""
    if isinstance(cell, bool):
        text = "TRUE" if cell else "FALSE"
    elif isinstance(cell, datetime | date):
        text = f"{cell:%d/%m/%Y}"
    elif isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        text = str(int(cell))
    else:
        text = str(cell)
    if not text.isprintable():  # most texts have nothing to be taken out
        text = _CONTROL.sub("", text).encode("utf-8", "replace").decode()
    text = text.strip()
    if len(text) > longest:
        raise Unfit(
            Words(
                f"Nội dung dài {len(text)} ký tự, quá {longest}.",
                f"The text has {len(text)} characters, over {longest}.",
            ),
            Words("Rút gọn; phần chi tiết gửi kèm thành tài liệu.", "Shorten it; send the details as a document."),
        )
    return harmless(text)


def harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe before it; "- a list item" stays as it is."""
    risky = text[:1] in ("=", "@") or (text[:1] in ("+", "-") and any(sign in text for sign in "=|!("))
    return f"'{text}" if risky else text


def day_in(cell: object) -> date:
    """A day: a date cell, or text as day/month/year or ISO. Raises Unfit."""
    found: date | None = None
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, str):
        found = _day_in_text(cell.strip())
    if found is None or not EARLIEST <= found <= LATEST:
        raise Unfit(
            Words(f"“{_shown(cell)}” không phải là ngày.", f"'{_shown(cell)}' is not a date."),
            Words("Ghi ngày/tháng/năm, ví dụ 05/01/2025.", "Write day/month/year, for instance 05/01/2025."),
        )
    return found


def _day_in_text(text: str) -> date | None:
    try:
        if match := _DAY.fullmatch(text):
            day, month, year = map(int, match.groups())
            return date(year, month, day)
        if match := _ISO.fullmatch(text):
            return date(*map(int, match.groups()))
    except ValueError:
        return None  # 30 February
    return None


def whole_in(cell: object) -> int:
    """A whole number that is not negative. Raises Unfit."""
    number = number_in(cell)
    if number != number.to_integral_value() or number >= 10**9:
        raise Unfit(
            Words(f"“{_shown(cell)}” không phải số nguyên.", f"'{_shown(cell)}' is not a whole number."),
            Words("Nhập số nguyên không âm.", "Enter a whole number, not negative."),
        )
    return int(number)


def number_in(cell: object) -> Decimal:
    """A number that is not negative, with at most four decimals; a comma may stand for the point. Raises Unfit."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and 0 <= cell < 10**15:
        if cell == int(cell):
            return Decimal(int(cell))
        number = Decimal(f"{cell:.8f}")  # a sum of decimals in a double is off by far less than this
        if number == number.quantize(Decimal("0.0001")):
            return number.quantize(Decimal("0.0001")).normalize() + 0
    elif isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()):
        return Decimal(cell.strip().replace(",", "."))
    raise Unfit(
        Words(f"“{_shown(cell)}” không phải số không âm hợp lệ.", f"'{_shown(cell)}' is not a number that is taken."),
        Words(
            "Nhập số không âm, nhiều nhất bốn chữ số thập phân, không kèm chữ.",
            "Enter a number, not negative, with at most four decimals and no words.",
        ),
    )


def choice_in(cell: object, choices: Mapping[str, Words]) -> str:
    """The key of a choice, in either language. Raises Unfit."""
    text = str(cell).strip().casefold()
    for key, words in choices.items():
        if text in (words.vi.casefold(), words.en.casefold()):
            return key
    listed_vi, listed_en = (" / ".join(getattr(words, name) for words in choices.values()) for name in ("vi", "en"))
    raise Unfit(
        Words(f"“{_shown(cell)}” không có trong danh sách.", f"'{_shown(cell)}' is not in the list."),
        Words(f"Chọn: {listed_vi}.", f"Choose: {listed_en}."),
    )


def _shown(cell: object) -> str:
    text = _CONTROL.sub("?", str(cell)).encode("utf-8", "replace").decode()
    return text if len(text) <= 60 else text[:60] + "…"

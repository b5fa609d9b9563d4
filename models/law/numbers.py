"""Numbers as answers have them: exact decimals, never floats, at most four decimal places, never negative."""

import re
from collections.abc import Sequence
from decimal import Decimal

from models.errors import AnswerRefusal
from models.law.answer_refusals import cut, must_be, refused
from models.words import Words

DECIMALS = 4
WHOLE_DIGITS = 15
"""More than any budget of a commune in đồng; a longer number is a slip, and arithmetic on it need not be bounded."""

_WRITTEN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")

_FORM = Words(
    "một số không âm, dùng dấu chấm thập phân, nhiều nhất bốn chữ số thập phân",
    "a number that is not negative, with a decimal point and at most four decimal places",
)


def points_of(at: str, value: object) -> Decimal:
    """Points from a JSON string or number ("79.50", 3). Raises AnswerRefusal."""
    return _number(at, value)


def count_of(at: str, value: object) -> int:
    """A whole number from a JSON number or string. Raises AnswerRefusal."""
    number = _number(at, value)
    if number != number.to_integral_value():
        raise must_be(at, value, Words("một số nguyên không âm", "a whole number that is not negative"))
    return int(number)


def ratio_of(at: str, value: object) -> tuple[Decimal, Decimal]:
    """Part and whole from [n, d], d above zero and n not above d. Raises AnswerRefusal."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise must_be(at, value, Words("hai số [tử số, mẫu số]", "two numbers [part, whole]"))
    part, whole = (_number(at, number) for number in value)
    if whole == 0:
        raise _nothing_to_divide(at)
    if part > whole:
        raise must_be(
            at,
            f"[{part}, {whole}]",
            Words("[tử số, mẫu số] với tử số không lớn hơn mẫu số", "[part, whole] with the part not above the whole"),
        )
    return part, whole


def _number(at: str, value: object) -> Decimal:
    match value:
        case bool():
            pass
        case str() if _WRITTEN.fullmatch(value):
            return Decimal(value)
        case int() if 0 <= value < 10**WHOLE_DIGITS:
            return Decimal(value)
        case Decimal() if _fits(value):
            return abs(value)  # abs: "-0" is a zero
        case _:
            pass
    raise must_be(at, value, _FORM)


def _fits(value: Decimal) -> bool:
    """Finite, not negative, not too long either way; looked at by its exponent, before any arithmetic."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and value >= 0 and exponent >= -DECIMALS and value.adjusted() < WHOLE_DIGITS


def _nothing_to_divide(at: str) -> AnswerRefusal:
    return refused(
        "empty_whole",
        at,
        Words(f"Tỷ lệ tại {cut(at)} có mẫu số bằng 0.", f"The ratio at {cut(at)} has a whole of 0."),
        Words("Không có gì phát sinh thì không tính được tỷ lệ.", "Where nothing arose there is no ratio."),
        Words(
            'Nếu không phát sinh, ghi {"not_arisen": true} ở nơi văn bản cho phép; nếu có, nhập đúng tổng số.',
            'If nothing arose, answer {"not_arisen": true} where the law allows it; otherwise give the true whole.',
        ),
    )

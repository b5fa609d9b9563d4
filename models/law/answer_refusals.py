"""How an answer is refused: the sentences that several of its checks share."""

from collections.abc import Iterable
from difflib import get_close_matches

from models.errors import AnswerRefusal
from models.words import Words

SHOWN = 60
"""Characters of a wrong value that are repeated to whoever gave it."""


def refused(code: str, at: str, what: Words, why: Words, do: Words) -> AnswerRefusal:
    """A refusal that names its place, an indicator's or content's id, as `subject`."""
    return AnswerRefusal(code, what, why, do, subject=cut(at))


def must_be(at: str, value: object, form: Words) -> AnswerRefusal:
    """`value` at `at` has not the form that it must have."""
    shown, place = _shown(value), cut(at)
    return refused(
        "answer_form",
        at,
        Words(
            f"Giá trị {shown} tại {place} không đúng dạng.", f"The value {shown} at {place} is not of the right form."
        ),
        Words(f"Giá trị ở đây phải là {form.vi}.", f"The value here must be {form.en}."),
        Words("Sửa giá trị này rồi chạy lại.", "Correct this value and run again."),
    )


def unknown_key(key: str, at: str, known: Iterable[str]) -> AnswerRefusal:
    """A key that an answer does not have."""
    here = Words(f" tại {cut(at)}", f" at {cut(at)}") if at else Words("", "")
    return unknown(
        "unknown_key",
        key,
        Words(f"Không có khóa “{cut(key)}”{here.vi}.", f"There is no key '{cut(key)}'{here.en}."),
        known,
    )


def unknown(code: str, name: str, what: Words, known: Iterable[str]) -> AnswerRefusal:
    """A name that is not among the known ones: the near ones are offered, else all."""
    names = list(known)
    near = get_close_matches(name, names, n=3)
    listed = ", ".join(names) or "—"
    return refused(
        code,
        name,
        what,
        Words(
            f"Ở đây chỉ có: {listed}." if names else "Ở đây không có gì để trả lời.", f"Known here: {listed or '—'}."
        ),
        Words(f"Có phải là {', '.join(near)}?", f"Did you mean {', '.join(near)}?")
        if near
        else Words("Sửa lại tên này hoặc bỏ đi.", "Correct this name or leave it out."),
    )


def _shown(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f"“{cut(value)}”"
        case dict():
            return "{…}"
        case list() | tuple():
            return "[…]"
        case _:
            return cut(str(value))


def cut(text: str) -> str:
    """What was given, short enough to be repeated in a sentence; half a character (JSON's "\\ud800") becomes "?"."""
    printable = text.encode(errors="replace").decode()
    return printable if len(printable) <= SHOWN else printable[:SHOWN] + "…"

"""Reads a file of answers (JSON) exactly: numbers as written, no key twice, nothing that JSON does not have."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from models.errors import AnswerRefusal
from models.words import Words

MOST_BYTES = 5 * 1024 * 1024


def read_answer_file(path: Path) -> dict[str, Any]:
    """The JSON object in the file; every number is a Decimal of its own digits. Raises AnswerRefusal."""
    text = _text(path)
    try:
        document = json.loads(
            text, parse_float=_exact, parse_int=_exact, parse_constant=Decimal, object_pairs_hook=_no_key_twice
        )
    except json.JSONDecodeError as error:
        raise _refused(path, *_not_json(error)) from error
    except _Unfit as error:
        raise _refused(path, error.what, error.why) from error
    except RecursionError as error:
        why = Words("Tệp trả lời chỉ có bốn cấp.", "A file of answers has four levels.")
        raise _refused(path, Words("các mục lồng nhau quá sâu", "it is nested too deeply"), why) from error
    if not isinstance(document, dict):
        why = Words(
            'Tệp phải là một đối tượng {"answers": {…}, "leader_disciplined": …}.',
            'It has to be an object {"answers": {…}, "leader_disciplined": …}.',
        )
        raise _refused(path, Words("nội dung không phải là một đối tượng JSON", "it is not a JSON object"), why)
    return document


class _Unfit(Exception):
    """What `json` itself would let pass."""

    def __init__(self, what: Words, why: Words) -> None:
        self.what, self.why = what, why
        super().__init__(what.en)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    group: dict[str, Any] = {}
    for key, value in pairs:
        if key in group:
            shown = key.encode(errors="replace").decode()[:60]
            raise _Unfit(
                Words(f"khóa “{shown}” có hai lần", f"the key '{shown}' stands twice"),
                Words("Không biết phải lấy giá trị nào.", "There is no telling which value is meant."),
            )
        group[key] = value
    return group


def _exact(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        shown = digits if len(digits) <= 60 else digits[:60] + "…"
        raise _Unfit(
            Words(f"số {shown} lớn hoặc nhỏ quá mức", f"the number {shown} is beyond measure"),
            Words("Số điểm và số lượng không thể như vậy.", "Neither points nor counts can be so."),
        ) from error


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise _refused(path, Words("đó là một thư mục", "it is a folder"), _NEEDS_FILE)
        if path.stat().st_size > MOST_BYTES:
            why = Words("Tệp trả lời không quá 5 MB.", "A file of answers has at most 5 MB.")
            raise _refused(path, Words("tệp quá lớn", "it is too large"), why)
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise _refused(path, Words("không có tệp này", "there is no such file"), _NEEDS_FILE) from error
    except (OSError, ValueError) as error:
        raise _refused(path, *_unreadable(error)) from error


_NEEDS_FILE = Words(
    "Lệnh này chấm theo câu trả lời ghi trong một tệp JSON.", "This command judges the answers in a JSON file."
)


def _unreadable(error: OSError | ValueError) -> tuple[Words, Words]:
    if isinstance(error, UnicodeDecodeError):
        what = Words("tệp không phải văn bản UTF-8", "it is not UTF-8 text")
        return what, Words(f"Byte thứ {error.start + 1} không đọc được.", f"Byte {error.start + 1} cannot be read.")
    said = getattr(error, "strerror", None) or str(error)
    what = Words("không mở được tệp", "it cannot be opened")
    return what, Words(f"Hệ điều hành báo: {said}.", f"The system says: {said}.")


def _not_json(error: json.JSONDecodeError) -> tuple[Words, Words]:
    what = Words(
        f"sai cú pháp JSON ở dòng {error.lineno}, cột {error.colno}",
        f"it is not JSON at line {error.lineno}, column {error.colno}",
    )
    return what, Words(f"Bộ đọc JSON báo: {error.msg}.", f"The JSON reader says: {error.msg}.")


def _refused(path: Path, what: Words, why: Words) -> AnswerRefusal:
    name = str(path).encode(errors="replace").decode()
    return AnswerRefusal(
        "answer_file",
        Words(f"Không đọc được tệp trả lời {name}: {what.vi}.", f"The file of answers {name} is not taken: {what.en}."),
        why,
        Words("Kiểm tra lại tệp rồi chạy lại.", "Check the file and run again."),
        file=name,
    )

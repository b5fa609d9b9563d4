"""What pydantic finds wrong, said in words: one flaw for each of its errors, with the path where it stands."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.law.addresses import Path, near
from models.law.flaws import Flaw
from models.law.plan import Plan
from models.law.regulation import Pause, Regulation
from models.words import Words

SHOWN = 60
"""How many characters of a wrong value are repeated."""


def spoken(error: ValidationError) -> list[Flaw]:
    """Each error of a validation as a flaw; unknown keys first, since a misspelt key is also a missing one."""
    errors = sorted(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
    return [_flaw(each) for each in errors]


def _flaw(each: ErrorDetails) -> Flaw:
    path: Path = each["loc"]
    name = str(path[-1]) if path else ""
    value = _shown(each["input"])
    match each["type"]:
        case "missing":
            return _missing(path, name)
        case "extra_forbidden":
            return _unknown_key(path, name)
        case "value_error":
            return _disagrees(path, each, value)
        case "union_tag_not_found":
            return _missing((*path, "kind"), "kind")
        case _:
            return _wrong_value(path, name, each, value)


def _missing(path: Path, name: str) -> Flaw:
    return Flaw(
        path,
        Words(f"Thiếu khóa `{name}`.", f"The key `{name}` is missing."),
        Words(
            "Giá trị pháp luật phải đi kèm dấu và nguồn; mục nào cũng phải có đủ các khóa bắt buộc.",
            "A legal value stands beside its mark and its source; every item has its required keys.",
        ),
        Words(f"Thêm `{name}` vào mục này.", f"Add `{name}` to this item."),
    )


def _unknown_key(path: Path, name: str) -> Flaw:
    close = [word for word in near(name, sorted(_known_keys())) if word != name]
    hint = Words(f" (gần giống: {', '.join(close)})", f" (near: {', '.join(close)})") if close else Words("", "")
    return Flaw(
        path,
        Words(f"Khóa `{name}` không có ở mục này.", f"The key `{name}` does not exist here."),
        Words(
            "Khóa lạ bị từ chối, để lỗi gõ không bị bỏ qua trong im lặng.",
            "An unknown key is refused, so that a slip of the pen is not passed over in silence.",
        ),
        Words(f"Sửa tên khóa{hint.vi} hoặc bỏ đi.", f"Mend the key's name{hint.en} or remove it."),
        name,
    )


_VALIDATORS = {
    "is null exactly where": Words(
        "Giá trị bỏ trống và dấu `not_yet_read` phải đi cùng nhau.",
        "An empty value and the mark `not_yet_read` go together.",
    ),
    "a deadline of kind not_yet_read": Words(
        "Thời hạn loại `not_yet_read` phải mang dấu `not_yet_read`.",
        "A deadline of kind `not_yet_read` carries the mark `not_yet_read`.",
    ),
    "day is out of range": Words("Ngày này không có trong tháng đó.", "The month does not have that day."),
}
"""The validators of our own models, by a part of what they say."""


def _disagrees(path: Path, each: ErrorDetails, value: str | None) -> Flaw:
    said = each["msg"].removeprefix("Value error, ")
    known = next((words for part, words in _VALIDATORS.items() if part in said), None)
    return Flaw(
        path,
        known or Words(f"Mục này không hợp lệ: {said}.", f"This item is not valid: {said}."),
        Words(f"Quy tắc của mẫu: {said}.", f"The model's rule: {said}."),
        Words("Sửa giá trị hoặc sửa dấu cho khớp nhau.", "Mend the value or the mark so that they agree."),
        value,
    )


def _wrong_value(path: Path, name: str, each: ErrorDetails, value: str | None) -> Flaw:
    wanted = _wanted(each)
    shown = "" if value is None else f" “{value}”"
    return Flaw(
        path,
        Words(f"Giá trị{shown} của `{name}` không dùng được.", f"The value{shown} of `{name}` cannot be used."),
        Words(f"Ở đây phải là {wanted.vi}.", f"Here stands {wanted.en}."),
        Words("Sửa giá trị cho đúng.", "Mend the value."),
        value,
    )


_TYPES = {
    "bool": Words("`true` hoặc `false`", "`true` or `false`"),
    "int": Words("một số nguyên", "a whole number"),
    "decimal": Words("một số thập phân, tối đa 4 chữ số sau dấu chấm", "a decimal of at most four places"),
    "finite": Words("một số hữu hạn", "a finite number"),
    "date": Words("một ngày dạng “2025-01-10”", "a day such as '2025-01-10'"),
    "string_type": Words("một dòng chữ", "a text"),
    "string_too": Words("một dòng chữ không rỗng", "a text that is not empty"),
    "tuple": Words("một danh sách", "a list"),
    "list": Words("một danh sách", "a list"),
    "dict": Words("một nhóm khóa - giá trị", "a group of keys and values"),
    "model": Words("một nhóm khóa - giá trị", "a group of keys and values"),
    "too_short": Words("một danh sách có ít nhất một mục", "a list with at least one item"),
}
"""What was wanted, by the beginning of pydantic's name of the error."""


def _wanted(each: ErrorDetails) -> Words:
    context: dict[str, Any] = each.get("ctx", {})
    kind = each["type"]
    if "expected_tags" in context:
        return Words(f"một trong {context['expected_tags']}", f"one of {context['expected_tags']}")
    if "expected" in context:
        expected = str(context["expected"]).replace(" or ", ", ")
        return Words(f"một trong {expected}", f"one of {expected}")
    if kind == "string_pattern_mismatch":
        return Words(f"chữ theo mẫu {context['pattern']}", f"a text of the form {context['pattern']}")
    for bound, vi, en in (("ge", "không nhỏ hơn", "at least"), ("le", "không lớn hơn", "at most")):
        if bound in context:
            return Words(f"một số {vi} {context[bound]}", f"a number of {en} {context[bound]}")
    found = next((words for begin, words in _TYPES.items() if kind.startswith(begin)), None)
    return found or Words(f"giá trị hợp lệ ({each['msg']})", f"a valid value ({each['msg']})")


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, dict | list | tuple | BaseModel):
        return None
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


@cache
def _known_keys() -> frozenset[str]:
    """Every key of the models, for the near ones of an unknown key."""
    names: set[str] = set()
    for model in (Regulation, Plan, Pause):
        schema = model.model_json_schema()
        for part in (schema, *schema.get("$defs", {}).values()):
            names.update(part.get("properties", {}))
    return frozenset(names)

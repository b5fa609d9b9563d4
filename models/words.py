"""A thing said to a person: in Vietnamese, with English one switch away."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Language = Literal["vi", "en"]


class Words(NamedTuple):
    """The same sentence in both languages."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        return self.en if language == "en" else self.vi


_DAY = re.compile(r"(`[^`]*`|“[^”]*”|--[\w-]+[ =]\S+)|(?<![\w./-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])")
_TELLS_HOW_TO_WRITE = ("ví dụ", "dạng")


def in_office_form(words: Words) -> Words:
    """Days in the Vietnamese as offices write them, 09/01/2026: a sentence made around a `date` holds 2026-01-09.

    What a person typed (in quotation marks) and what is to be typed (in a command, after "ví dụ") stays as it is.
    """
    if any(said in words.vi for said in _TELLS_HOW_TO_WRITE):
        return words
    return Words(_DAY.sub(lambda found: found[1] or f"{found[4]}/{found[3]}/{found[2]}", words.vi), words.en)


def said(thing: Any, language: Language) -> Any:
    """The same document with the words in it, at any depth, in the language asked for."""
    match thing:
        case Words():
            return thing.to(language)
        case Mapping():
            return {key: said(part, language) for key, part in thing.items()}
        case list() | tuple():
            return [said(part, language) for part in thing]
        case _:
            return thing

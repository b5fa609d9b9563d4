"""A thing said to a person: in Vietnamese, with English one switch away."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Language = Literal["vi", "en"]


class Words(NamedTuple):
    """The same sentence in both languages."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        return self.en if language == "en" else self.vi


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

"""A thing said to a person: in Vietnamese, with English one switch away."""

from typing import Literal, NamedTuple

Language = Literal["vi", "en"]


class Words(NamedTuple):
    """The same sentence in both languages."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        return self.en if language == "en" else self.vi

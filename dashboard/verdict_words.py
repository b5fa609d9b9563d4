"""A verdict in words: what a shortfall is about, what was found and required, numbers as they are said."""

import re

from models.law.scoring import KEPT_WORDS
from models.words import Language, Words


def subject_said(subject: object) -> Words:
    """What a shortfall is about: a criterion, an indicator, the total, the heads, the file itself."""
    name = str(subject)
    if name[:1].isdigit():
        return (
            Words(f"chỉ tiêu {name}", f"indicator {name}")
            if "." in name
            else Words(f"tiêu chí {name}", f"criterion {name}")
        )
    return _SUBJECTS.get(name, Words(name, name))


_SUBJECTS = {
    "total": Words("tổng điểm", "total"),
    "leader_disciplined": Words("người đứng đầu", "leaders"),
    "dossier": Words("hồ sơ", "dossier"),
}


def verdict_said(text: str, language: Language) -> str:
    """A verdict's "found" or "required", which is kept in Vietnamese, in the language asked for."""
    kept = KEPT_WORDS.get(text)
    return number_said(kept.to(language) if kept else text, language)


def number_said(text: str, language: Language) -> str:
    """79,50 in Vietnamese, 79.50 in English; what is no number stays as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    signed = text.replace("-", "\N{MINUS SIGN}")
    return signed if language == "en" else signed.replace(".", ",")


_NUMBER = re.compile(r"(≥ )?-?\d+\.\d+( %)?")

"""Every way in which the system says no, drawn as a tree; each says what, why, and what to do now.

    Stop
    ├── Refusal              exit 1: a rule or the data forbids it; nothing was changed
    │   ├── LawRefusal       a regulation, plan, pause or calendar file is not as it must be
    │   ├── AnswerRefusal    an answer to an indicator cannot be taken
    │   ├── OpeningRefusal   a cycle cannot be opened
    │   ├── MoveRefusal      a dossier cannot go where an act would send it
    │   └── HomeRefusal      the home is not initialised, or not of this version
    └── Fault                exit 3: a fault of ours or of a device; nothing was changed

A message is part of the interface: change it as carefully as a function's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from models.words import Language, Words, in_office_form


class Stop(Exception):
    """The common shape: a stable code and three sentences, each in both languages.

    `details` are further English keys for the JSON answer (for instance the list of missing values).
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, code: str, what: Words, why: Words, do: Words, **details: Any) -> None:
        self.code = code
        self.what, self.why, self.do = in_office_form(what), in_office_form(why), in_office_form(do)
        self.details: Mapping[str, Any] = details
        super().__init__(" ".join(part.en for part in (what, why, do)))

    def sentences(self, language: Language) -> Sequence[str]:
        return [part.to(language) for part in (self.what, self.why, self.do)]

    def document(self, language: Language) -> dict[str, Any]:
        """The JSON answer of `interface`: {"error": {"code", "what", "why", "do", ...}}."""
        what, why, do = self.sentences(language)
        return {"error": {"code": self.code, "what": what, "why": why, "do": do, **_spoken(self.details, language)}}


def _spoken(detail: Any, language: Language) -> Any:
    """Details may hold words at any depth (a list of faults, of obstacles): each is said in the language asked for."""
    match detail:
        case Words():
            return detail.to(language)
        case Mapping():
            return {key: _spoken(part, language) for key, part in detail.items()}
        case list() | tuple():
            return [_spoken(part, language) for part in detail]
        case _:
            return detail


class Refusal(Stop):
    """Refused by a rule or by the data."""


class LawRefusal(Refusal):
    """A regulation, plan, pause or calendar file is not as it must be."""


class AnswerRefusal(Refusal):
    """An answer to an indicator cannot be taken."""


class OpeningRefusal(Refusal):
    """A cycle cannot be opened."""


class MoveRefusal(Refusal):
    """A dossier cannot go where an act would send it."""


class HomeRefusal(Refusal):
    """The home is not initialised, or its database is not of this version."""


class Fault(Stop):
    """A fault of ours or of a device: the database locked or unreachable, the disk full."""

    exit_status: ClassVar[int] = 3

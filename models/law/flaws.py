"""A fault found in a regulation or a plan: where it is in the document, what it is, why it is one, what to do."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from models.errors import LawRefusal
from models.law.addresses import Path
from models.words import Words


class Flaw(NamedTuple):
    """One fault; `path` leads to it inside the document, from which a loader finds the line."""

    path: Path
    what: Words
    why: Words
    do: Words
    value: str | None = None

    def document(self) -> dict[str, Any]:
        at = "/".join(str(key) for key in self.path)
        return {"at": at, "value": self.value, "what": self.what, "why": self.why, "do": self.do}


def refusal(code: str, flaws: Sequence[Flaw], where: Words) -> LawRefusal:
    """All the flaws in one refusal: the first in its sentences, all of them in `faults`."""
    first = flaws[0]
    more = and_more(len(flaws) - 1)
    return LawRefusal(
        code,
        Words(f"{where.vi}: {first.what.vi}{more.vi}", f"{where.en}: {first.what.en}{more.en}"),
        first.why,
        first.do,
        faults=[flaw.document() for flaw in flaws],
    )


def and_more(count: int) -> Words:
    """What follows the first fault when there are others."""
    if count == 0:
        return Words("", "")
    return Words(f" (và {count} lỗi khác)", f" (and {count} more)")

"""The law of one cycle: regulation and plan as resolved at its opening, pinned by a content hash."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from models.law.marks import Frozen
from models.law.plan import Plan
from models.law.regulation import Regulation


class CycleLaw(Frozen):
    """A version of a cycle's law. `regulation` carries the plan's values already, each with its own mark.

    `stand_ins`: addresses whose value in the text nobody has read; what stands there is the plan's, good for a trial.
    `calendar`: content hash of the calendar by which its days are counted.
    """

    regulation: Regulation
    plan: Plan | None
    province: str
    year: int
    calendar: str
    stand_ins: tuple[str, ...] = ()

    def text(self) -> str:
        """Canonical JSON: sorted keys, no spaces, Vietnamese as it is. `read_law` reads it back."""
        document = self.model_dump(mode="json")
        return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def content_hash(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def read_law(text: str) -> CycleLaw:
    """The law that `CycleLaw.text` wrote. Laws with the same regulation have it in common: a country's provinces do."""
    document = json.loads(text)
    regulation, plan = (_canonical(document.pop(name)) for name in ("regulation", "plan"))
    document["stand_ins"] = tuple(document.get("stand_ins", ()))
    return CycleLaw(regulation=_regulation(regulation), plan=_plan(plan), **document)


@lru_cache(maxsize=64)
def _regulation(text: str) -> Regulation:
    return Regulation.model_validate_json(text)


def _plan(text: str) -> Plan | None:
    return None if text == "null" else Plan.model_validate_json(text)


def _canonical(part: Any) -> str:
    return json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

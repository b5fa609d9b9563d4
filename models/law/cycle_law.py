"""The law of one cycle: regulation and plan as resolved at its opening, pinned by a content hash."""

import hashlib
import json

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
        """Canonical JSON: sorted keys, no spaces, Vietnamese as it is. `CycleLaw.model_validate_json` reads it back."""
        document = self.model_dump(mode="json")
        return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def content_hash(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text().encode()).hexdigest()

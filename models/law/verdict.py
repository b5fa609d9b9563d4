"""What a judgement says: total, criteria, shortfalls, and what could not be determined; each with its ground."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from models.law.marks import Mark
from models.law.regulation import whole
from models.words import Language, Words

NO_ANSWER = Words("chưa có câu trả lời", "no answer")

_STRENGTH = (
    *(Mark.CONFIRMED, Mark.INFERRED, Mark.LOCAL, Mark.SECONDARY),
    *(Mark.RECALLED, Mark.PEER, Mark.ILLUSTRATIVE, Mark.NOT_YET_READ),
)


def weakest(*marks: Mark) -> Mark:
    """The mark of a conclusion that rests on all of these."""
    return max(marks, key=_STRENGTH.index)


class Gap(NamedTuple):
    """What is missing before the subject (an indicator, a content, a criterion) can be judged."""

    subject: str
    why: Words


@dataclass(frozen=True)
class Undetermined:
    """A condition that cannot be judged: `rule` is its kind, `subject` what it is about, `why` what is missing."""

    rule: str
    subject: str
    why: Words


@dataclass(frozen=True)
class Shortfall:
    """A condition that is not met: article, found, required, and the mark of the values that say so."""

    rule: str
    article: str | None
    subject: str
    found: Words
    required: Words
    mark: Mark


@dataclass(frozen=True)
class CriterionVerdict:
    """One criterion; points and maximum are null under levels, or where they cannot be known."""

    id: str
    points: Decimal | None
    maximum: Decimal | None
    meets: bool | None


@dataclass(frozen=True)
class Verdict:
    """The judgement of one card.

    `meets_standard`: False where any condition is certainly not met, null where none is but something is
    undetermined, else True. `marks`: those of every legal value that the judgement rests on, surest first.
    """

    total: Decimal | None
    maximum: Decimal | None
    criteria: tuple[CriterionVerdict, ...]
    meets_standard: bool | None
    undetermined: tuple[Undetermined, ...]
    shortfalls: tuple[Shortfall, ...]
    marks: tuple[Mark, ...]

    def document(self, language: Language) -> dict[str, Any]:
        """The JSON of `tcpl score`."""
        return {
            "total": _points(self.total),
            "maximum": _points(self.maximum),
            "criteria": [
                {"id": c.id, "points": _points(c.points), "maximum": _points(c.maximum), "meets": c.meets}
                for c in self.criteria
            ],
            "meets_standard": self.meets_standard,
            "undetermined": [
                {"rule": u.rule, "subject": u.subject, "why": u.why.to(language)} for u in self.undetermined
            ],
            "shortfalls": [
                {
                    "rule": s.rule,
                    "article": s.article,
                    "subject": s.subject,
                    "found": s.found.to(language),
                    "required": s.required.to(language),
                    "mark": s.mark.value,
                }
                for s in self.shortfalls
            ],
            "marks": [mark.value for mark in self.marks],
        }


def by_strength(marks: set[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=_STRENGTH.index))


def same(text: str) -> Words:
    """A number or a sign: the same in both languages."""
    return Words(text, text)


def percent(share: Fraction) -> str:
    """A share in per cent, cut and never rounded up, so that what falls short never reads as if it reached."""
    ten_thousandths = share.numerator * 100 * 10_000 // share.denominator
    return f"{_trimmed(Decimal(ten_thousandths).scaleb(-4))} %"


def at_least_percent(threshold: Decimal) -> str:
    return f"≥ {_trimmed(threshold)} %"


def _trimmed(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _points(points: Decimal | None) -> str | None:
    return None if points is None else whole(points)

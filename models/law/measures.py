"""How a content or an indicator is measured: a closed set of kinds, each a legal value.

Under a regulation of points an answer is points; under one of levels it is met, a ratio or a count.
A kind with a null threshold is `not_yet_read`: nothing can be judged by it.
"""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from models.law.marks import Frozen, LegalValue, Mark

V = TypeVar("V", bound=LegalValue)

Points = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=4)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class Maximum(LegalValue):
    """The most points that can be given; null exactly where nobody has read it."""

    points: Points | None

    @model_validator(mode="after")
    def _unknown_is_unread(self) -> "Maximum":
        return _null_means_unread(self, self.points, "points")


class PointsMeasure(LegalValue):
    """Any number of points up to the maximum."""

    kind: Literal["points"]
    maximum: Points | None = None


class AllOrNothing(LegalValue):
    """Full points, or none where there is any defect."""

    kind: Literal["all_or_nothing"]
    maximum: Points


class Band(Frozen):
    """From `at_least` (inclusive) to `below` (exclusive, null: no upper end) per cent: so many points."""

    at_least: Percent
    below: Percent | None = None
    points: Points


class Bands(LegalValue):
    """Descending bands of a percentage; `complete` is false where only some steps were seen."""

    kind: Literal["bands"]
    ratio: str
    bands: tuple[Band, ...]
    complete: bool = True


class Judged(LegalValue):
    """Met or not met, as a person judges; `requirement` says what must be there."""

    kind: Literal["judged"]
    requirement: str | None = None


class RatioAtLeast(LegalValue):
    """Part over whole, in per cent, at least so much."""

    kind: Literal["ratio"]
    part: str | None = None
    whole: str | None = None
    at_least: Percent | None

    @model_validator(mode="after")
    def _unknown_is_unread(self) -> "RatioAtLeast":
        return _null_means_unread(self, self.at_least, "at_least")


class CountAtLeast(LegalValue):
    """So many of something, at least."""

    kind: Literal["count"]
    of: str
    at_least: Annotated[int, Field(ge=0)] | None

    @model_validator(mode="after")
    def _unknown_is_unread(self) -> "CountAtLeast":
        return _null_means_unread(self, self.at_least, "at_least")


class Unread(LegalValue):
    """Nobody has read how it is measured."""

    kind: Literal["unread"]

    @model_validator(mode="after")
    def _is_unread(self) -> "Unread":
        return _null_means_unread(self, None, "kind")


Measure = Annotated[
    PointsMeasure | AllOrNothing | Bands | Judged | RatioAtLeast | CountAtLeast | Unread, Field(discriminator="kind")
]


class NotArisen(LegalValue):
    """What it means when nothing arose: full points, or met. Kept apart from "met" in every record."""

    gives: Literal["full_points", "met"]


def _null_means_unread(value: V, threshold: object, name: str) -> V:
    if (threshold is None) != (value.mark is Mark.NOT_YET_READ):
        raise ValueError(f"{name} is null exactly where the mark is not_yet_read, and here it is not so")
    return value

"""Who is proposed when a quota is smaller than the field: places, ties, and the reason of everyone left out.

Pure. A tie is never cut in silence: those who share the last place that fits are all left out and say so, and a person
chooses among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Candidate:
    """A unit in a field, the higher `value` the better; `ground` says what the value is."""

    unit_id: int
    value: Fraction
    ground: str


@dataclass(frozen=True)
class Ranked:
    """What the rule makes of one candidate: its place among those not excluded (null: excluded), chosen or why not."""

    candidate: Candidate
    place: int | None
    chosen: bool
    why_not: str = ""


def rank(field: Sequence[Candidate], at_most: int, excluded: Mapping[int, Sequence[str]]) -> list[Ranked]:
    """The chosen, best first; then those who would have been, had they not been excluded or tied; nobody else."""
    ordered = sorted(field, key=lambda one: (-one.value, one.unit_id))
    running = [one for one in ordered if one.unit_id not in excluded]
    first: dict[Fraction, int] = {}
    places = [first.setdefault(one.value, number) for number, one in enumerate(running, start=1)]
    fits = _fitting(running, at_most)
    chosen = [Ranked(one, place, True) for one, place in zip(running[:fits], places, strict=False)]
    border = running[fits].value if fits < min(at_most, len(running)) else None
    tied = [
        Ranked(one, place, False, _tie_words(place, at_most - fits))
        for one, place in zip(running, places, strict=True)
        if border is not None and one.value == border
    ]
    last = min((one.candidate.value for one in [*chosen, *tied]), default=Fraction(0))
    full = len(chosen) + len(tied) >= at_most
    barred = [
        Ranked(one, None, False, "bị loại: " + "; ".join(excluded[one.unit_id]))
        for one in ordered
        if one.unit_id in excluded and (not full or one.value >= last)
    ]
    return [*chosen, *tied, *barred]


def _fitting(running: Sequence[Candidate], at_most: int) -> int:
    """How many fit without cutting a tie."""
    if len(running) <= at_most:
        return len(running)
    border = running[at_most - 1].value
    if running[at_most].value != border:
        return at_most
    return next(place for place, one in enumerate(running) if one.value == border)


def _tie_words(place: int, left: int) -> str:
    return f"đồng hạng {place}, chỉ còn {left} chỉ tiêu: người có thẩm quyền chọn"

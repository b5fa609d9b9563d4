"""Maxima that must add up: contents to their indicator, indicators to their criterion, criteria to the total.

Where some parts are unknown, the known ones must at least not exceed the whole.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from models.law.addresses import Path
from models.law.flaws import Flaw
from models.law.measures import AllOrNothing, Bands, Maximum, Measure, PointsMeasure
from models.law.regulation import Criterion, Indicator, Regulation
from models.words import Words


class _Sum(NamedTuple):
    path: Path
    name: Words
    whole: Decimal | None
    parts: Sequence[Decimal | None]


def check_sums(regulation: Regulation) -> Iterator[Flaw]:
    """Faults of addition; nothing for a regulation of levels, which has no maxima."""
    for each in _sums(regulation):
        known = [part for part in each.parts if part is not None]
        if each.whole is None or not known:
            continue
        complete = len(known) == len(each.parts)
        if sum(known) > each.whole or (complete and sum(known) != each.whole):
            yield _does_not_add_up(each, sum(known, Decimal(0)))


def _sums(regulation: Regulation) -> Iterator[_Sum]:
    whole = Words("toàn văn bản", "the whole")
    yield _Sum(("total",), whole, _points(regulation.total), [_points(c.maximum) for c in regulation.criteria])
    for i, criterion in enumerate(regulation.criteria):
        yield _of_criterion(("criteria", i), criterion)
        for j, indicator in enumerate(criterion.indicators):
            yield _of_indicator(("criteria", i, "indicators", j), indicator)


def _of_criterion(at: Path, criterion: Criterion) -> _Sum:
    name = Words(f"tiêu chí {criterion.id}", f"criterion {criterion.id}")
    parts = [_points(indicator.maximum) for indicator in criterion.indicators]
    return _Sum((*at, "maximum"), name, _points(criterion.maximum), parts)


def _of_indicator(at: Path, indicator: Indicator) -> _Sum:
    name = Words(f"chỉ tiêu {indicator.id}", f"indicator {indicator.id}")
    measures = [content.measure for content in indicator.contents] or [indicator.measure]
    return _Sum((*at, "maximum"), name, _points(indicator.maximum), [most(measure) for measure in measures])


def _points(maximum: Maximum | None) -> Decimal | None:
    return maximum.points if maximum else None


def most(measure: Measure | None) -> Decimal | None:
    """The most points that a measure can give; None where it does not say."""
    match measure:
        case PointsMeasure() | AllOrNothing():
            return measure.maximum
        case Bands() if measure.complete and measure.bands:
            return max(band.points for band in measure.bands)
        case _:
            return None


def _does_not_add_up(each: _Sum, total: Decimal) -> Flaw:
    return Flaw(
        each.path,
        Words(
            f"Điểm tối đa của {each.name.vi} là {each.whole}, nhưng các phần cộng lại là {total}.",
            f"The maximum of {each.name.en} is {each.whole}, but its parts add up to {total}.",
        ),
        Words(
            "Điểm tối đa phải bằng tổng điểm tối đa của các phần; sai lệch làm sai mọi tỷ lệ và kết luận.",
            "A maximum is the sum of its parts; otherwise every share and every verdict is wrong.",
        ),
        Words(
            "Đối chiếu với phụ lục điểm của văn bản rồi sửa, có thể phải sửa nhiều giá trị cùng lúc.",
            "Compare with the text's annex of points and mend; several values may have to change together.",
        ),
        str(each.whole),
    )

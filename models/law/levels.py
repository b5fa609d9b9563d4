"""Judging under levels: whether an indicator is met, through itself or through all of its contents."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, assert_never

from models.law.answers import (
    Answer,
    ContentsGiven,
    CountGiven,
    MetGiven,
    NotArisenGiven,
    PointsGiven,
    RatioGiven,
    SimpleAnswer,
)
from models.law.marks import Mark
from models.law.measures import CountAtLeast, Judged, RatioAtLeast
from models.law.regulation import Content, Indicator
from models.law.verdict import NO_ANSWER, Gap, at_least_percent, percent, same
from models.words import Words

_MEASURE_UNREAD = Words(
    "chưa đọc được mức đạt trong văn bản; tỉnh có thể bổ sung trong kế hoạch",
    "nobody has read the level in the text; the provincial plan may supply it",
)
_ANSWER_UNFIT = Words("câu trả lời không đúng dạng của cách đo", "the answer does not have the form of the measure")
_MET, _NOT_MET = Words("đạt", "met"), Words("chưa đạt", "not met")


class Failure(NamedTuple):
    """An indicator or content that is certainly not met; `mark` is that of its threshold."""

    subject: str
    found: Words
    required: Words
    mark: Mark


@dataclass(frozen=True)
class Weighed:
    """An indicator weighed; it is met where nothing failed and nothing is missing."""

    failures: tuple[Failure, ...]
    gaps: tuple[Gap, ...]
    marks: frozenset[Mark]

    @property
    def met(self) -> bool | None:
        return False if self.failures else None if self.gaps else True


def weigh(indicator: Indicator, answer: Answer | None) -> Weighed:
    """Weigh one indicator. A measure nobody has read leaves it open, whatever was answered to it."""
    outcomes = list(_outcomes(indicator, answer))
    return Weighed(
        tuple(outcome for outcome in outcomes if isinstance(outcome, Failure)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Gap)),
        frozenset(mark for outcome in outcomes for mark in _rests_on(outcome)),
    )


class _Passed(NamedTuple):
    mark: Mark


_Outcome = Failure | Gap | _Passed


def _rests_on(outcome: _Outcome) -> Iterator[Mark]:
    if not isinstance(outcome, Gap):
        yield outcome.mark


def _outcomes(indicator: Indicator, answer: Answer | None) -> Iterator[_Outcome]:
    if isinstance(answer, ContentsGiven):
        yield from _unread(indicator)
        for content in indicator.contents:
            yield from _of_content(content, answer.contents.get(content.id))
        return
    unread = [gap for subject in (indicator, *indicator.contents) for gap in _unread(subject)]
    yield from unread
    if answer is None:
        yield Gap(indicator.id, NO_ANSWER)
    elif not unread:
        yield _weigh_one(indicator, answer)


def _of_content(content: Content, answer: SimpleAnswer | None) -> Iterator[_Outcome]:
    unread = list(_unread(content))
    yield from unread
    if answer is None:
        yield Gap(content.id, NO_ANSWER)
    elif not unread:
        yield _weigh_one(content, answer)


def _unread(subject: Indicator | Content) -> Iterator[Gap]:
    if subject.measure is not None and subject.measure.mark is Mark.NOT_YET_READ:
        yield Gap(subject.id, _MEASURE_UNREAD)


def _weigh_one(subject: Indicator | Content, answer: SimpleAnswer) -> _Outcome:
    measure, mark = subject.measure, _threshold_mark(subject)
    match answer:
        case MetGiven(met):
            return _Passed(mark) if met else Failure(subject.id, _NOT_MET, _required(subject), mark)
        case RatioGiven(part, whole) if isinstance(measure, RatioAtLeast) and measure.at_least is not None:
            share = Fraction(part) / Fraction(whole)
            enough = share * 100 >= Fraction(measure.at_least)
            return _Passed(mark) if enough else Failure(subject.id, same(percent(share)), _required(subject), mark)
        case CountGiven(count) if isinstance(measure, CountAtLeast) and measure.at_least is not None:
            enough = count >= measure.at_least
            return _Passed(mark) if enough else Failure(subject.id, same(str(count)), _required(subject), mark)
        case NotArisenGiven() if subject.not_arisen and subject.not_arisen.mark is not Mark.NOT_YET_READ:
            return _Passed(subject.not_arisen.mark)
        case RatioGiven() | CountGiven() | PointsGiven() | NotArisenGiven():
            return Gap(subject.id, _ANSWER_UNFIT)
        case _:
            assert_never(answer)


def _threshold_mark(subject: Indicator | Content) -> Mark:
    return subject.measure.mark if subject.measure else subject.wording.mark


def _required(subject: Indicator | Content) -> Words:
    match subject.measure:
        case RatioAtLeast(at_least=threshold) if threshold is not None:
            return same(at_least_percent(threshold))
        case CountAtLeast(at_least=threshold, of=of) if threshold is not None:
            return same(f"≥ {threshold} {of}")
        case Judged(requirement=requirement) if requirement:
            return same(requirement)
        case _:
            return _MET

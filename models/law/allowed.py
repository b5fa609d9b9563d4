"""Which answers a regulation takes: known indicators and contents only, in the form and within the limits it sets.

Under "points" an answer is points; under "levels" it is met, a ratio, a count. A limit nobody has read is no limit.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from models.errors import AnswerRefusal
from models.law.answer_refusals import cut, refused, unknown
from models.law.answers import (
    Answer,
    Answers,
    ContentsGiven,
    CountGiven,
    MetGiven,
    NotArisenGiven,
    PointsGiven,
    RatioGiven,
    SimpleAnswer,
    Submission,
    read_answers,
)
from models.law.marks import MARK_WORDS, Mark
from models.law.measures import AllOrNothing, Bands, CountAtLeast, Maximum, Measure, PointsMeasure, RatioAtLeast, Unread
from models.law.regulation import Content, Indicator, Regulation, spoken_points
from models.words import Words


class Limit(NamedTuple):
    """The most points there can be, and how sure we are of it."""

    points: Decimal
    mark: Mark


def submission(regulation: Regulation, document: object) -> Submission:
    """The answers in parsed JSON, read strictly and held against the regulation. Raises AnswerRefusal."""
    given = read_answers(document)
    refuse_what_the_law_does_not_take(regulation, given.answers)
    return given


def refuse_what_the_law_does_not_take(regulation: Regulation, answers: Answers) -> None:
    """Raises AnswerRefusal for the first answer that this regulation does not take."""
    indicators = {indicator.id: indicator for indicator in regulation.indicators()}
    for name, answer in answers.items():
        if name not in indicators:
            raise _unknown_indicator(regulation, name, list(indicators))
        for subject, simple in _parts(indicators[name], answer):
            _refuse_form(regulation, subject, simple)
            _refuse_points(subject, simple)
    if regulation.scoring == "points":
        _refuse_sums(regulation, answers)


def points_limit(subject: Indicator | Content) -> Limit | None:
    """The most points the subject can have; null where nobody has read it."""
    if isinstance(subject, Indicator) and subject.maximum and subject.maximum.points is not None:
        return Limit(subject.maximum.points, subject.maximum.mark)
    match subject.measure:
        case PointsMeasure() | AllOrNothing() as measure if measure.maximum is not None:
            return Limit(measure.maximum, measure.mark)
        case Bands(complete=True) as measure if measure.bands:
            return Limit(max(band.points for band in measure.bands), measure.mark)
        case _:
            return None


def _parts(indicator: Indicator, answer: Answer) -> Iterator[tuple[Indicator | Content, SimpleAnswer]]:
    if not isinstance(answer, ContentsGiven):
        yield indicator, answer
        return
    contents = {content.id: content for content in indicator.contents}
    for name, given in answer.contents.items():
        if name not in contents:
            what = Words(
                f"Chỉ tiêu {indicator.id} không có nội dung “{cut(name)}”.",
                f"{indicator.id} has no content '{cut(name)}'.",
            )
            raise unknown("unknown-content", name, what, contents)
        yield contents[name], given


def forms_taken(regulation: Regulation, subject: Indicator | Content) -> list[str]:
    """The JSON keys by which the subject may be answered. A measure nobody has read takes every form of levels."""
    if regulation.scoring == "points":
        forms = ["points"]
    else:
        forms = ["met"]
        forms += ["ratio"] if isinstance(subject.measure, RatioAtLeast | Unread) else []
        forms += ["count"] if isinstance(subject.measure, CountAtLeast | Unread) else []
    forms += ["not_arisen"] if subject.not_arisen else []
    forms += ["contents"] if isinstance(subject, Indicator) and subject.contents else []
    return forms


def _refuse_form(regulation: Regulation, subject: Indicator | Content, answer: SimpleAnswer) -> None:
    forms = forms_taken(regulation, subject)
    form = _FORMS[type(answer)]
    if form not in forms:
        listed = ", ".join(forms)
        raise refused(
            "answer_not_taken",
            subject.id,
            Words(f"{subject.id} không nhận câu trả lời dạng “{form}”.", f"{subject.id} takes no answer '{form}'."),
            Words(
                f"Theo {regulation.id}, {subject.id} được trả lời bằng: {listed}.",
                f"Under {regulation.id}, {subject.id} is answered by: {listed}.",
            ),
            Words("Trả lời lại bằng một trong các dạng đó.", "Answer it in one of those forms."),
        )


def _refuse_points(subject: Indicator | Content, answer: SimpleAnswer) -> None:
    if not isinstance(answer, PointsGiven):
        return
    _refuse_above(subject.id, answer.points, points_limit(subject))
    steps = _steps(subject.measure)
    if steps and answer.points not in steps:
        given = [spoken_points(step) for step in sorted(steps)]
        listed, listed_en = "; ".join(one.vi for one in given), ", ".join(one.en for one in given)
        raise refused(
            "not_a_step",
            subject.id,
            Words(
                f"{subject.id} không thể có {spoken_points(answer.points).vi} điểm.",
                f"{subject.id} cannot have these points.",
            ),
            Words(f"Văn bản chỉ cho các mức điểm: {listed}.", f"The law gives only these points: {listed_en}."),
            Words("Nhập lại một trong các mức điểm đó.", "Give one of those."),
        )


def _steps(measure: Measure | None) -> set[Decimal]:
    """The only points that there are, where the law gives steps; else none."""
    match measure:
        case AllOrNothing():
            return {Decimal(0), measure.maximum}
        case Bands(complete=True):
            return {Decimal(0), *(band.points for band in measure.bands)}
        case _:
            return set()


def _refuse_sums(regulation: Regulation, answers: Answers) -> None:
    """The parts may not exceed their whole, wherever the whole is known."""
    total = Decimal(0)
    for criterion in regulation.criteria:
        of_criterion = Decimal(0)
        for indicator in criterion.indicators:
            points = _given_points(answers.get(indicator.id))
            _refuse_above(indicator.id, points, points_limit(indicator))
            of_criterion += points
        _refuse_above(criterion.id, of_criterion, _limit(criterion.maximum))
        total += of_criterion
    _refuse_above("total", total, _limit(regulation.total))


def _given_points(answer: Answer | None) -> Decimal:
    """The points that were written down; what was not answered or has not arisen adds none here."""
    parts: Mapping[str, SimpleAnswer | Answer | None]
    parts = answer.contents if isinstance(answer, ContentsGiven) else {"": answer}
    return sum((part.points for part in parts.values() if isinstance(part, PointsGiven)), Decimal(0))


def _limit(maximum: Maximum | None) -> Limit | None:
    return None if maximum is None or maximum.points is None else Limit(maximum.points, maximum.mark)


def _refuse_above(at: str, points: Decimal, limit: Limit | None) -> None:
    if limit is None or points <= limit.points:
        return
    sure, given, most = MARK_WORDS[limit.mark], spoken_points(points), spoken_points(limit.points)
    raise refused(
        "above_maximum",
        at,
        Words(f"{at} có {given.vi} điểm, vượt điểm tối đa.", f"{at}: {given.en} points exceed the maximum."),
        Words(f"Điểm tối đa là {most.vi} ({sure.vi}).", f"The maximum is {most.en} ({sure.en})."),
        Words("Sửa lại điểm hoặc kiểm tra điểm tối đa.", "Correct the points, or check the maximum."),
    )


_FORMS = {
    PointsGiven: "points",
    MetGiven: "met",
    RatioGiven: "ratio",
    CountGiven: "count",
    NotArisenGiven: "not_arisen",
}


def _unknown_indicator(regulation: Regulation, name: str, known: list[str]) -> AnswerRefusal:
    what = Words(
        f"{regulation.id} không có chỉ tiêu “{cut(name)}”.", f"{regulation.id} has no indicator '{cut(name)}'."
    )
    return unknown("unknown-indicator", name, what, known)

"""What a commune or a reviewer answers to indicators: the forms an answer may take, and their strict reading.

`read_answers` takes parsed JSON (numbers as Decimal, never float). Whether the law allows an answer is the business
of `models.law.allowed`; what follows from the answers, of `models.law.scoring`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, assert_never

from models.errors import AnswerRefusal
from models.law.answer_refusals import cut, must_be, refused, unknown_key
from models.law.numbers import count_of, points_of, ratio_of
from models.words import Words


@dataclass(frozen=True)
class PointsGiven:
    """So many points."""

    points: Decimal


@dataclass(frozen=True)
class MetGiven:
    """Met or not met, as a person judges."""

    met: bool


@dataclass(frozen=True)
class RatioGiven:
    """`part` of `whole`; the whole is above zero and the part not above the whole."""

    part: Decimal
    whole: Decimal


@dataclass(frozen=True)
class CountGiven:
    """So many of something."""

    count: int


@dataclass(frozen=True)
class NotArisenGiven:
    """Nothing arose in the year: kept apart from "met" and from full points."""


SimpleAnswer = PointsGiven | MetGiven | RatioGiven | CountGiven | NotArisenGiven


@dataclass(frozen=True)
class ContentsGiven:
    """An indicator answered through its contents, by content id; at least one."""

    contents: Mapping[str, SimpleAnswer]


Answer = SimpleAnswer | ContentsGiven
Answers = Mapping[str, Answer]
"""Indicator id -> its answer; an indicator without an answer is absent, never zero."""


@dataclass(frozen=True)
class Submission:
    """The answers of one card; `leader_disciplined` null: nobody has said."""

    answers: Answers = field(default_factory=dict)
    leader_disciplined: bool | None = None


FORMS = ("points", "met", "ratio", "count", "not_arisen")


def read_answers(document: object) -> Submission:
    """A submission from {"answers": {...}, "leader_disciplined": bool}. Raises AnswerRefusal, naming the place."""
    whole = _object(document, "answers")
    for key in whole:
        if key not in ("answers", "leader_disciplined"):
            raise unknown_key(key, "", ("answers", "leader_disciplined"))
    if "answers" not in whole:
        raise must_be("answers", None, Words('một đối tượng {"1.1": {...}}', 'an object {"1.1": {...}}'))
    answers = _object(whole["answers"], "answers")
    disciplined = whole.get("leader_disciplined")
    if disciplined is not None and not isinstance(disciplined, bool):
        raise must_be("leader_disciplined", disciplined, Words("true hoặc false", "true or false"))
    return Submission({name: _answer(name, given) for name, given in answers.items()}, disciplined)


def _answer(at: str, given: object) -> Answer:
    fields = _object(given, at)
    _one_form(at, fields, (*FORMS, "contents"))
    if "contents" not in fields:
        return _simple(at, fields)
    contents = _object(fields["contents"], at)
    if not contents:
        raise must_be(at, "{}", Words("có ít nhất một nội dung", "at least one content"))
    return ContentsGiven({name: _content(name, content) for name, content in contents.items()})


def _content(at: str, given: object) -> SimpleAnswer:
    fields = _object(given, at)
    _one_form(at, fields, FORMS)
    return _simple(at, fields)


def _simple(at: str, fields: Mapping[str, object]) -> SimpleAnswer:
    ((form, value),) = fields.items()
    match form:
        case "points":
            return PointsGiven(points_of(at, value))
        case "ratio":
            return RatioGiven(*ratio_of(at, value))
        case "count":
            return CountGiven(count_of(at, value))
        case "met" if isinstance(value, bool):
            return MetGiven(value)
        case "not_arisen" if value is True:
            return NotArisenGiven()
        case "met":
            raise must_be(at, value, Words("true hoặc false", "true or false"))
        case _:
            raise must_be(at, value, Words("true; nếu có phát sinh thì bỏ khóa này", "true; leave it out otherwise"))


def _one_form(at: str, fields: Mapping[str, object], forms: tuple[str, ...]) -> None:
    for key in fields:
        if key not in forms:
            raise unknown_key(key, at, forms)
    if len(fields) != 1:
        names = ", ".join(forms)
        raise refused(
            "one_answer",
            at,
            Words(f"{cut(at)} có {len(fields)} câu trả lời.", f"{cut(at)} has {len(fields)} answers."),
            Words(
                "Mỗi chỉ tiêu, nội dung có đúng một câu trả lời; chưa trả lời thì không ghi.",
                "Each indicator or content has exactly one answer; what is not answered is left out.",
            ),
            Words(f"Giữ lại đúng một trong các khóa: {names}.", f"Keep exactly one of the keys: {names}."),
        )


def _object(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise must_be(at, value, Words("một đối tượng {...}", "an object {...}"))
    return value


class AnswerRow(NamedTuple):
    """One answer as a flat row; `content` is "" for the indicator itself, what was not answered is null."""

    indicator: str
    content: str = ""
    points: Decimal | None = None
    met: bool | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    count: int | None = None  # pyright: ignore[reportIncompatibleMethodOverride]
    not_arisen: bool = False


def rows(answers: Answers) -> list[AnswerRow]:
    """The answers as rows, in their own order; `from_rows` is the way back."""
    return [row_of(*each) for each in one_by_one(answers)]


def one_by_one(answers: Answers) -> Iterator[tuple[str, str, SimpleAnswer]]:
    """Each with its indicator and its content, which is "" for the indicator itself; in their own order."""
    for indicator, answer in answers.items():
        if isinstance(answer, ContentsGiven):
            yield from ((indicator, content, given) for content, given in answer.contents.items())
        else:
            yield indicator, "", answer


def from_rows(flat: Iterable[AnswerRow]) -> dict[str, Answer]:
    """The answers of these rows. Raises AnswerRefusal for a row with no answer, or with more than one."""
    answers: dict[str, Answer] = {}
    contents: dict[str, dict[str, SimpleAnswer]] = {}
    for row in flat:
        of_indicator = contents.get(row.indicator, {})
        if row.indicator in answers or row.content in of_indicator or (of_indicator and not row.content):
            raise _row_refused(row)
        if row.content:
            contents.setdefault(row.indicator, of_indicator)[row.content] = _from_row(row)
        else:
            answers[row.indicator] = _from_row(row)
    return answers | {indicator: ContentsGiven(given) for indicator, given in contents.items()}


def row_of(indicator: str, content: str, answer: SimpleAnswer) -> AnswerRow:
    """One answer as its row."""
    match answer:
        case PointsGiven(points):
            return AnswerRow(indicator, content, points=points)
        case MetGiven(met):
            return AnswerRow(indicator, content, met=met)
        case RatioGiven(part, whole):
            return AnswerRow(indicator, content, part=part, whole=whole)
        case CountGiven(count):
            return AnswerRow(indicator, content, count=count)
        case NotArisenGiven():
            return AnswerRow(indicator, content, not_arisen=True)
        case _:
            assert_never(answer)


def _from_row(row: AnswerRow) -> SimpleAnswer:
    found: list[SimpleAnswer] = []
    if row.points is not None:
        found.append(PointsGiven(row.points))
    if row.met is not None:
        found.append(MetGiven(row.met))
    if row.part is not None and row.whole is not None:
        found.append(RatioGiven(row.part, row.whole))
    if row.count is not None:
        found.append(CountGiven(row.count))
    if row.not_arisen:
        found.append(NotArisenGiven())
    if len(found) != 1:
        raise _row_refused(row)
    return found[0]


def _row_refused(row: AnswerRow) -> AnswerRefusal:
    at = row.content or row.indicator
    return refused(
        "one_answer",
        at,
        Words(f"{at} không có đúng một câu trả lời.", f"{at} does not have exactly one answer."),
        Words("Mỗi chỉ tiêu, nội dung có đúng một câu trả lời.", "Each indicator or content has exactly one answer."),
        Words("Nhập lại câu trả lời này.", "Give this answer again."),
    )

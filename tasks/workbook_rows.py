"""The rows of the score sheet, from the regulation: which can be answered, in which form, under which sum."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.law.allowed import points_limit
from models.law.marks import MARK_WORDS, LegalValue, Mark
from models.law.measures import AllOrNothing, Bands, CountAtLeast, Judged, Maximum, RatioAtLeast, Unread
from models.law.regulation import Content, Criterion, Indicator, Regulation, whole
from models.law.verdict import at_least_percent
from models.records.canonical import canonical, digest_of
from models.words import Words

Form = Literal["points", "judged", "ratio", "count", "sum"]
Level = Literal["criterion", "indicator", "content"]


@dataclass(frozen=True)
class ScoreRow:
    """One row. `form` "sum": computed from the rows under it. `not_arisen`: the law knows "nothing arose" here."""

    id: str
    level: Level
    title: str
    form: Form
    indicator: str
    not_arisen: bool
    maximum: Decimal | None
    required: Words
    mark: Mark | None
    steps: tuple[Decimal, ...] = ()
    how: str = ""
    """How points are given, as far as it was read."""

    @property
    def content(self) -> str:
        """The id of the content, empty for the indicator itself."""
        return self.id if self.level == "content" else ""


def rows_of(regulation: Regulation) -> list[ScoreRow]:
    """Every row of the score sheet, in the order of the text."""
    return [row for criterion in regulation.criteria for row in _criterion(regulation, criterion)]


def fingerprint(regulation: Regulation) -> str:
    """Equal for regulations whose criteria and conditions are equal: a workbook of another version does not fit."""
    judged = regulation.model_dump(mode="json", include={"id", "scoring", "criteria", "pass_rules", "total"})
    return digest_of(canonical(judged))[:24]


def _criterion(regulation: Regulation, criterion: Criterion) -> Iterator[ScoreRow]:
    points, mark = _of_maximum(criterion.maximum)
    yield ScoreRow(criterion.id, "criterion", criterion.title, "sum", "", False, points, _points_words(points), mark)
    for indicator in criterion.indicators:
        yield _row(regulation, indicator, "indicator", indicator.id)
        for content in indicator.contents:
            yield _row(regulation, content, "content", indicator.id)


def _row(regulation: Regulation, subject: Indicator | Content, level: Level, indicator: str) -> ScoreRow:
    limit = points_limit(subject)
    under_points = regulation.scoring == "points"
    required = _points_words(limit.points if limit else None) if under_points else _required(subject)
    measure: LegalValue | None = subject.measure
    mark = limit.mark if under_points and limit else measure.mark if measure and not under_points else None
    return ScoreRow(
        subject.id,
        level,
        subject.title,
        _form(regulation, subject),
        indicator,
        subject.not_arisen is not None,
        limit.points if limit else None,
        required,
        mark,
        _steps(subject) if under_points else (),
        _how(subject, measure) if under_points else "",
    )


def _form(regulation: Regulation, subject: Indicator | Content) -> Form:
    if isinstance(subject, Indicator) and subject.contents:
        return "sum"
    if regulation.scoring == "points":
        return "points"
    match subject.measure:
        case RatioAtLeast():
            return "ratio"
        case CountAtLeast():
            return "count"
        case _:
            return "judged"


def _how(subject: Indicator | Content, measure: LegalValue | None) -> str:
    """The steps that there are and the words of the text beside them; nothing where nobody has read it."""
    steps = " hoặc ".join(f"{step.normalize():f}" for step in _steps(subject))
    said = (f"{steps} điểm" if steps else "", (measure.note or "") if measure else "")
    return ". ".join(part for part in said if part)


def _steps(subject: Indicator | Content) -> tuple[Decimal, ...]:
    match subject.measure:
        case AllOrNothing() as measure:
            return (Decimal(0), measure.maximum)
        case Bands(complete=True) as measure:
            return tuple(sorted({Decimal(0), *(band.points for band in measure.bands)}))
        case _:
            return ()


def _required(subject: Indicator | Content) -> Words:
    """What has to be there for "met", as far as it was read."""
    match subject.measure:
        case RatioAtLeast() as measure:
            level = at_least_percent(measure.at_least) if measure.at_least is not None else "chưa đọc được mức đạt"
            part, of = measure.part or "số thực hiện", measure.whole or "tổng số"
            text = f"{part} / {of}: {level}"
        case CountAtLeast() as measure:
            text = f"{measure.of}: ≥ {'?' if measure.at_least is None else measure.at_least}"
        case Judged() as measure:
            text = measure.requirement or "Đạt"
        case Unread():
            text = "chưa đọc được cách đo"
        case _:
            text = "đạt tất cả các nội dung dưới đây"
    return Words(text, text)


def _of_maximum(maximum: Maximum | None) -> tuple[Decimal | None, Mark | None]:
    return (maximum.points, maximum.mark) if maximum else (None, None)


def _points_words(points: Decimal | None) -> Words:
    text = "" if points is None else whole(points)
    return Words(text, text)


def mark_words(mark: Mark | None) -> Words:
    """How sure a number is, in words; nothing where the row has no number of its own."""
    return MARK_WORDS[mark] if mark else Words("", "")

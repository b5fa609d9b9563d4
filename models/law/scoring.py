"""The verdict on a card: the law's conditions for recognition held against its answers.

Nothing is guessed: what is not answered or not read leaves its condition undetermined, and the total null.
Refusing answers that the law does not take is the business of `models.law.allowed`.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, assert_never

from models.law.allowed import points_limit
from models.law.answers import Answer, Answers, ContentsGiven, NotArisenGiven, PointsGiven
from models.law.levels import Weighed, weigh
from models.law.marks import Mark
from models.law.regulation import (
    AllMet,
    Content,
    Criterion,
    Indicator,
    LeadersClear,
    MinimumShare,
    MinimumTotal,
    PassRule,
    Regulation,
    UnreadCondition,
    whole,
)
from models.law.verdict import (
    NO_ANSWER,
    CriterionVerdict,
    Gap,
    Shortfall,
    Undetermined,
    Verdict,
    at_least_percent,
    by_strength,
    percent,
    same,
    weakest,
)
from models.words import Words

_Finding = Shortfall | Undetermined

_MAXIMUM_UNREAD = Words("chưa đọc được điểm tối đa trong văn bản", "nobody has read the maximum in the text")
_CONDITION_UNREAD = Words("chưa đọc được điều kiện này trong văn bản", "nobody has read this condition in the text")
_INDICATORS_UNREAD = Words(
    "chưa đọc được chỉ tiêu, điểm số của phần này", "nobody has read the indicators or points of this part"
)
_NO_CONDITIONS = Words("chưa đọc được điều kiện công nhận", "nobody has read the conditions for recognition")
_LEADERS_UNSAID = Words(
    "chưa cho biết người đứng đầu cấp ủy, chính quyền cấp xã có bị kỷ luật hoặc truy cứu trách nhiệm hình sự không",
    "nobody has said whether a head of the commune's Party committee or government was disciplined or prosecuted",
)
_LEADERS_FOUND = Words(
    "có người đứng đầu cấp ủy, chính quyền cấp xã bị xử lý kỷ luật hoặc truy cứu trách nhiệm hình sự",
    "a head of the commune's Party committee or government was disciplined or prosecuted",
)
_LEADERS_REQUIRED = Words("không có trường hợp nào trong năm đánh giá", "none in the evaluation year")
KEPT_WORDS = {words.vi: words for words in (_LEADERS_FOUND, _LEADERS_REQUIRED)}
"""Verdicts are kept in Vietnamese; whoever shows many of them without judging again finds these in English here."""


class _Tally(NamedTuple):
    """The points of an indicator or a criterion; null where something is missing."""

    points: Decimal | None
    gaps: tuple[Gap, ...] = ()
    marks: frozenset[Mark] = frozenset()


class _Card(NamedTuple):
    """A card as the rules look at it: criteria with their points, indicators with their levels."""

    regulation: Regulation
    tallies: dict[str, _Tally]
    total: _Tally
    weighed: dict[str, Weighed]
    leader_disciplined: bool | None


def judge(regulation: Regulation, answers: Answers, leader_disciplined: bool | None) -> Verdict:
    """The verdict by every pass rule of the regulation; `leader_disciplined` null: nobody has said."""
    card = _card(regulation, answers, leader_disciplined)
    findings = [finding for rule in regulation.pass_rules for finding in _findings(rule, card)]
    if not regulation.pass_rules:
        findings.append(Undetermined("unread", regulation.id, _NO_CONDITIONS))
    shortfalls = tuple(finding for finding in findings if isinstance(finding, Shortfall))
    undetermined = tuple(finding for finding in findings if isinstance(finding, Undetermined))
    return Verdict(
        total=card.total.points,
        maximum=_known(regulation),
        criteria=tuple(_criterion(criterion, card, findings) for criterion in regulation.criteria),
        meets_standard=False if shortfalls else None if undetermined else True,
        undetermined=undetermined,
        shortfalls=shortfalls,
        marks=_marks(card),
    )


def _card(regulation: Regulation, answers: Answers, leader_disciplined: bool | None) -> _Card:
    tallies: dict[str, _Tally] = {}
    weighed: dict[str, Weighed] = {}
    if regulation.scoring == "points":
        tallies = {criterion.id: _criterion_tally(criterion, answers) for criterion in regulation.criteria}
    else:
        weighed = {i.id: weigh(i, answers.get(i.id)) for i in regulation.indicators()}
    total = _sum(list(tallies.values())) if tallies else _unread(regulation.id)
    return _Card(regulation, tallies, total, weighed, leader_disciplined)


def _criterion_tally(criterion: Criterion, answers: Answers) -> _Tally:
    parts = [_tally(indicator, answers.get(indicator.id)) for indicator in criterion.indicators]
    return _sum(parts) if parts else _unread(criterion.id)


def _unread(subject: str) -> _Tally:
    return _Tally(None, (Gap(subject, _INDICATORS_UNREAD),))


def _sum(parts: list[_Tally]) -> _Tally:
    gaps: list[Gap] = []
    marks: set[Mark] = set()
    total = Decimal(0)
    for points, missing, own in parts:
        gaps += missing
        marks |= own
        total = total if points is None else total + points
    return _Tally(None if gaps else total, tuple(gaps), frozenset(marks))


def _tally(subject: Indicator | Content, answer: Answer | None) -> _Tally:
    match answer:
        case PointsGiven(points):
            return _Tally(points)
        case NotArisenGiven() if subject.not_arisen:
            limit = points_limit(subject)
            if limit is None:
                return _Tally(None, (Gap(subject.id, _MAXIMUM_UNREAD),))
            return _Tally(limit.points, marks=frozenset({limit.mark, subject.not_arisen.mark}))
        case ContentsGiven(contents) if isinstance(subject, Indicator):
            return _sum([_tally(content, contents.get(content.id)) for content in subject.contents])
        case _:
            return _Tally(None, (Gap(subject.id, NO_ANSWER),))


def _findings(rule: PassRule, card: _Card) -> Iterator[_Finding]:
    """What speaks against recognition, or leaves it open, by this rule; nothing where it is satisfied."""
    if rule.mark is Mark.NOT_YET_READ:
        yield Undetermined(rule.kind, rule.id, _CONDITION_UNREAD)
        return
    match rule:
        case MinimumTotal():
            yield from _minimum_total(rule, card)
        case MinimumShare():
            for criterion in card.regulation.criteria:
                yield from _minimum_share(rule, criterion, card)
        case AllMet():
            yield from _all_met(rule, card)
        case LeadersClear():
            yield from _leaders_clear(rule, card.leader_disciplined)
        case UnreadCondition():
            yield Undetermined(rule.kind, rule.id, _CONDITION_UNREAD)
        case _:
            assert_never(rule)


def _minimum_total(rule: MinimumTotal, card: _Card) -> Iterator[_Finding]:
    total = card.total.points
    if total is None:
        yield from (Undetermined(rule.kind, gap.subject, gap.why) for gap in card.total.gaps)
    elif total < rule.points:
        yield _short(rule, "total", same(whole(total)), same(f"≥ {whole(rule.points)}"), rule.mark)


def _minimum_share(rule: MinimumShare, criterion: Criterion, card: _Card) -> Iterator[_Finding]:
    tally, maximum = card.tallies.get(criterion.id, _unread(criterion.id)), criterion.maximum
    if tally.points is None:
        missing = ", ".join(gap.subject for gap in tally.gaps)
        why = Words(f"chưa đủ điểm của tiêu chí (thiếu {missing})", f"its points are incomplete ({missing})")
        yield Undetermined(rule.kind, criterion.id, why)
    elif maximum is None or maximum.points is None:
        yield Undetermined(rule.kind, criterion.id, _MAXIMUM_UNREAD)
    elif tally.points * 100 < rule.percent * maximum.points:
        share = Fraction(tally.points) / Fraction(maximum.points)
        required = same(at_least_percent(rule.percent))
        yield _short(rule, criterion.id, same(percent(share)), required, weakest(rule.mark, maximum.mark))


def _all_met(rule: AllMet, card: _Card) -> Iterator[_Finding]:
    unread = [criterion.id for criterion in card.regulation.criteria if not criterion.indicators]
    if not card.weighed:
        unread = unread or [card.regulation.id]
    yield from (Undetermined(rule.kind, subject, _INDICATORS_UNREAD) for subject in unread)
    for weighed in card.weighed.values():
        for failure in weighed.failures:
            yield _short(rule, failure.subject, failure.found, failure.required, weakest(rule.mark, failure.mark))
        yield from (Undetermined(rule.kind, gap.subject, gap.why) for gap in weighed.gaps)


def _leaders_clear(rule: LeadersClear, disciplined: bool | None) -> Iterator[_Finding]:
    if disciplined is None:
        yield Undetermined(rule.kind, "leader_disciplined", _LEADERS_UNSAID)
    elif disciplined:
        yield _short(rule, "leader_disciplined", _LEADERS_FOUND, _LEADERS_REQUIRED, rule.mark)


def _short(rule: PassRule, subject: str, found: Words, required: Words, mark: Mark) -> Shortfall:
    article = rule.citation.article if rule.citation else None
    return Shortfall(rule.kind, article, subject, found, required, mark)


def _criterion(criterion: Criterion, card: _Card, findings: list[_Finding]) -> CriterionVerdict:
    if card.regulation.scoring == "levels":
        return CriterionVerdict(criterion.id, None, None, _all([card.weighed[i.id].met for i in criterion.indicators]))
    maximum = criterion.maximum.points if criterion.maximum else None
    return CriterionVerdict(criterion.id, card.tallies[criterion.id].points, maximum, _share(criterion, card, findings))


def _share(criterion: Criterion, card: _Card, findings: list[_Finding]) -> bool | None:
    """Whether the criterion reaches its share; null where that is open, or where the text asks for no share."""
    shares = [rule for rule in card.regulation.pass_rules if isinstance(rule, MinimumShare)]
    own = [f for f in findings if f.rule == "minimum_share" and f.subject in (criterion.id, *(r.id for r in shares))]
    if not shares or any(isinstance(finding, Undetermined) for finding in own):
        return None
    return not own


def _all(levels: list[bool | None]) -> bool | None:
    return False if False in levels else None if None in levels or not levels else True


def _known(regulation: Regulation) -> Decimal | None:
    return regulation.total.points if regulation.total else None


def _marks(card: _Card) -> tuple[Mark, ...]:
    """Every mark that had an effect: of the rules, of the maxima that shares are taken of, of the measures."""
    rules = card.regulation.pass_rules
    marks = {rule.mark for rule in rules} | card.total.marks
    marks |= {mark for weighed in card.weighed.values() for mark in weighed.marks}
    if any(isinstance(rule, MinimumShare) for rule in rules):
        marks |= {criterion.maximum.mark for criterion in card.regulation.criteria if criterion.maximum}
    return by_strength(marks)

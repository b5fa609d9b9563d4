"""The people of a rehearsal: seeded communes and reviewers who do what people do, some late, some wanting.

They use the same acts as people; nothing here writes to the database by itself. Points are generated, never real.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache

from models.law.answers import Answer, ContentsGiven, MetGiven, PointsGiven, Submission
from models.law.regulation import Indicator, Regulation

PROFILES = (
    ("ordinary", 80),
    ("late", 7),
    ("declares_not_met", 4),
    ("fails_total", 3),
    ("fails_criterion", 3),
    ("fails_leader", 3),
)
"""What kinds of communes there are, in per cent: enough of each that every path of the year is walked."""


@dataclass(frozen=True)
class Commune:
    """What one commune will do."""

    code: str
    profile: str
    files_on: date
    supplemented: bool
    mends_on: date | None
    seed: int


@dataclass(frozen=True)
class Script:
    """Who plays, and the days on which the offices act."""

    cycle_id: int
    province: tuple[int, str]
    districts: tuple[tuple[int, str], ...]
    people: tuple[Commune, ...]
    district_of: dict[str, str]
    days: dict[str, date]
    year: int
    openings: frozenset[date]

    def day(self, step: str, more: int = 0) -> date:
        """The legal last day of a step, or so many days after it (before, if negative)."""
        return self.days[step] + timedelta(days=more)

    @cached_property
    def communes_of(self) -> dict[str, list[str]]:
        """The communes of each district, by its code."""
        found: dict[str, list[str]] = {}
        for person in self.people:
            found.setdefault(self.district_of[person.code], []).append(person.code)
        return found

    @cached_property
    def acting(self) -> frozenset[date]:
        """Every day on which somebody acts."""
        days = {person.files_on for person in self.people} | {*self.days.values()}
        days |= {self.day("submit-dossier", 3), self.day("submit-dossier", 6), self.day("decide", -5)}
        days |= {self.day("decide", -3), self.day("decide", 1), *(p.mends_on for p in self.people if p.mends_on)}
        return frozenset(days)


def cast(codes: list[str], seed: int, last_day: date, mend_by: date) -> list[Commune]:
    """The communes of a rehearsal: the same seed gives the same people, whatever the order of the codes."""
    profiles = _deal(sorted(codes), seed)
    communes = []
    for code, profile in profiles.items():
        chance = random.Random(f"{seed}/{code}")
        days_before = -chance.randint(1, 3) if profile == "late" else chance.randint(0, 6)
        mends = mend_by + timedelta(days=chance.choice((-20, -9, -3, 2)))
        supplemented = profile in ("ordinary", "late") and chance.random() < 0.12
        communes.append(
            Commune(code, profile, last_day - timedelta(days=days_before), supplemented, mends, chance.randrange(10**9))
        )
    return communes


def _deal(codes: list[str], seed: int) -> dict[str, str]:
    """A profile for each commune, in the shares of PROFILES; each kind at least once where there are enough."""
    dealt = dict.fromkeys(codes, PROFILES[0][0])
    shuffled = random.Random(seed).sample(codes, len(codes))
    for profile, percent in PROFILES[1:]:
        for _ in range(max(1, round(len(codes) * percent / 100))):
            if shuffled:
                dealt[shuffled.pop()] = profile
    return dealt


def answers_of(commune: Commune, regulation: Regulation, *, appraised: bool) -> Submission:
    """The commune's answers, or the reviewers' of them."""
    return _both(commune, regulation, with_appraised=appraised)[1]


def both_answers(commune: Commune, regulation: Regulation) -> tuple[Submission, Submission]:
    """The commune's answers and the reviewers': they find a quarter point less here and there."""
    return _both(commune, regulation, with_appraised=True)


def _both(commune: Commune, regulation: Regulation, *, with_appraised: bool) -> tuple[Submission, Submission]:
    chance = random.Random(commune.seed)
    weak = f"{chance.choice(regulation.criteria).id}."
    own: dict[str, Answer] = {
        indicator.id: _answer(indicator, commune.profile, indicator.id.startswith(weak), chance)
        for indicator in regulation.indicators()
    }
    found = own
    if with_appraised and commune.profile == "ordinary":
        found = own.copy()
        _take_a_quarter(found, chance)
    disciplined = commune.profile == "fails_leader"
    return Submission(own, disciplined), Submission(found, disciplined)


def differences(own: Submission, appraised: Submission) -> dict[str, str]:
    """A reason for each place where the reviewers differ from the commune."""
    return {
        place: "Minh chứng chưa đủ cho mức điểm tự chấm"
        for place, answer in appraised.answers.items()
        if (before := own.answers.get(place)) is not answer and before != answer
    }


def _answer(indicator: Indicator, profile: str, in_weak: bool, chance: random.Random) -> Answer:
    if indicator.maximum is not None and indicator.maximum.points is not None:
        return _points(indicator.maximum.points, _share(profile, in_weak, chance))
    bad = profile in ("fails_total", "fails_criterion", "declares_not_met") and in_weak
    if indicator.contents:
        return ContentsGiven({content.id: MetGiven(not bad) for content in indicator.contents})
    return MetGiven(not bad)


_QUARTER, _WHOLE = Decimal("0.25"), Decimal(1)
_MOSTLY = (_WHOLE, _WHOLE, Decimal("0.875"))


def _share(profile: str, in_weak: bool, chance: random.Random) -> Decimal:
    if profile == "fails_criterion":
        return _QUARTER if in_weak else _WHOLE
    return Decimal("0.75") if profile in ("fails_total", "declares_not_met") else chance.choice(_MOSTLY)


@lru_cache(maxsize=256)
def _points(maximum: Decimal, share: Decimal) -> PointsGiven:
    return PointsGiven((maximum * share / _QUARTER).to_integral_value() * _QUARTER)


def _take_a_quarter(answers: dict[str, Answer], chance: random.Random) -> None:
    for place in chance.sample(sorted(answers), 2):
        answer = answers[place]
        if isinstance(answer, PointsGiven) and answer.points >= 1:
            answers[place] = PointsGiven(answer.points - _QUARTER)

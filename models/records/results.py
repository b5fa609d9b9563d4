"""What came of a cycle: who is recognised and who is not, which indicators fail most, how scores lie, year by year."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, and_, case, func, select, true
from sqlalchemy.orm import Session, aliased

from models.law.regulation import Regulation, whole
from models.records.cycles import Cycle
from models.records.deciding import Decision, DecisionLine
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.prepared import prepared
from models.records.units import Unit
from models.records.until_acts import of_acts

BAND = 5
"""Width of a band of the distribution, in points."""
_SCORES, _CARDS = Score.__table__.c, Scorecard.__table__.c
_LINES, _DECISIONS = DecisionLine.__table__.c, Decision.__table__.c
"""Rows that are joined to the dossier that they are of: who may see it is asked once a dossier, and not again for each
card, score, line and decision. Such a statement begins with `Dossier`, whose rule it keeps."""


def latest_rounds(cycle_id: int, side: str, at: datetime) -> Subquery:
    """dossier_id and round of the last card of a side that was made by the moment, for every dossier of the cycle."""
    return (
        select(_CARDS.dossier_id, func.max(_CARDS.round).label("round"))
        .select_from(Dossier)
        .join(Scorecard.__table__, _CARDS.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == cycle_id, _CARDS.side == side, _CARDS.made_at <= at)
        .group_by(_CARDS.dossier_id)
        .subquery()
    )


def _card_of(card: Any, rounds: Subquery, side: str) -> Any:
    return and_(card.dossier_id == rounds.c.dossier_id, card.round == rounds.c.round, card.side == side)


@of_acts
def results(
    session: Session,
    cycle: Cycle,
    at: datetime,
    *,
    most: int | None = None,
    skip: int = 0,
    dossiers: Collection[int] | None = None,
) -> list[dict[str, Any]]:
    """One row per commune by code: both totals, the verdict of the rule, and what was decided, as of the moment.

    `most`: of a page's communes alone, after the first `skip`; `dossiers`: of these alone.
    """
    rows = session.execute(*_rows(cycle.id, dossiers, most, skip)).all()
    some = [row.id for row in rows] if most is not None or dossiers is not None else None
    cards, decided = _last_cards(session, cycle, at, some, whole=True), _decided(session, cycle, at, some)
    return [
        _result(row, cards.get((row.id, "self")), cards.get((row.id, "appraised")), decided.get(row.id)) for row in rows
    ]


@prepared
def _rows(cycle_id: int, dossiers: Collection[int] | None, most: int | None, skip: int) -> Any:
    district = aliased(Unit)
    query = (
        select(Dossier.id, Unit.code, Unit.name, district.code.label("district"), district.name.label("district_name"))
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(district, district.id == Dossier.district_id)
        .where(Dossier.cycle_id == cycle_id, true() if dossiers is None else Dossier.id.in_(dossiers))
        .order_by(Unit.code)
    )
    return query if most is None else query.limit(most).offset(skip)


def _last_cards(
    session: Session, cycle: Cycle, at: datetime, dossiers: Collection[int] | None, *, whole: bool
) -> dict[tuple[int, str], Any]:
    """The last card of each side that was made by the moment, by dossier and side; `whole`: with its verdict."""
    return {(row.dossier_id, row.side): row for row in session.execute(*_cards(cycle.id, at, dossiers, whole))}


@prepared
def _cards(cycle_id: int, at: datetime, dossiers: Collection[int] | None, whole: bool):
    """Oldest round first: there are few, and to leave the older ones out costs more than to read them."""
    verdict = (_CARDS.meets, _CARDS.verdict) if whole else ()
    return (
        select(_CARDS.dossier_id, _CARDS.side, _CARDS.total, *verdict)
        .select_from(Dossier)
        .join(Scorecard.__table__, _CARDS.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == cycle_id, _CARDS.made_at <= at)
        .where(true() if dossiers is None else Dossier.id.in_(dossiers))
        .order_by(_CARDS.round)
    )


@of_acts
def totals(session: Session, cycle: Cycle, at: datetime) -> list[dict[str, Any]]:
    """Every commune by code in few columns: {"id","code","name","self","appraised","gap","recognised"}.

    What lists are counted and cut by: `results` tells the rest of those that are shown.
    """
    cards, decided = _last_cards(session, cycle, at, None, whole=False), _decided(session, cycle, at, None)
    return [
        {
            **{"id": row.id, "code": row.code, "name": row.name, **points},
            "gap": _gap(points),
            "recognised": decided[row.id].recognised if row.id in decided else None,
        }
        for row in session.execute(*_rows(cycle.id, None, None, 0))
        for points in [_points(cards.get((row.id, "self")), cards.get((row.id, "appraised")))]
    ]


def _points(own: Any, appraised: Any) -> dict[str, Decimal | None]:
    return {"self": own.total if own else None, "appraised": appraised.total if appraised else None}


def _gap(points: dict[str, Decimal | None]) -> Decimal | None:
    before, after = points["self"], points["appraised"]
    return after - before if before is not None and after is not None else None


def _decided(session: Session, cycle: Cycle, at: datetime, dossiers: Collection[int] | None) -> dict[int, Any]:
    """The last decision of each of these dossiers (null: of all) that was recorded by the moment."""
    return {row.dossier_id: row for row in session.execute(*_lines(cycle.id, at, dossiers))}


@prepared
def _lines(cycle_id: int, at: datetime, dossiers: Collection[int] | None):
    return (
        select(
            *(_LINES.dossier_id, _LINES.recognised, _LINES.contrary_ground),
            *(_DECISIONS.number, _DECISIONS.signed_on),
        )
        .select_from(Dossier)
        .join(DecisionLine.__table__, _LINES.dossier_id == Dossier.id)
        .join(Decision.__table__, _DECISIONS.id == _LINES.decision_id)
        .where(_DECISIONS.cycle_id == cycle_id, _DECISIONS.recorded_at <= at)
        .where(true() if dossiers is None else Dossier.id.in_(dossiers))
        .order_by(_DECISIONS.recorded_at, _DECISIONS.id)
    )


def _result(row: Any, own: Any, appraised: Any, decided: Any) -> dict[str, Any]:
    points, last = _points(own, appraised), appraised or own
    return {
        **{name: getattr(row, name) for name in ("code", "name", "district", "district_name")},
        **points,
        "gap": _gap(points),
        "meets": last.meets if last else None,
        "shortfalls": _shortfalls(last.verdict) if last and last.verdict else [],
        "recognised": decided.recognised if decided else None,
        "contrary_ground": decided.contrary_ground if decided else None,
        "decision": decided.number if decided else None,
        "signed_on": decided.signed_on if decided else None,
    }


def _shortfalls(verdict: str) -> list[dict[str, Any]]:
    return [] if '"shortfalls":[]' in verdict else json.loads(verdict)["shortfalls"]


@of_acts
def indicators(session: Session, cycle: Cycle, regulation: Regulation, side: str, at: datetime) -> list[dict[str, Any]]:
    """For each indicator how many communes answered it and how many fell short; those failing most come first.

    Falling short is: fewer points than the maximum, or "not met". Grouped in the database by distinct answers, so that
    a nation's answers come back as a few hundred rows.
    """
    rows = session.execute(*_answers(cycle.id, side, at)).tuples()
    answers: dict[str, list[tuple[Any, ...]]] = {}
    for indicator, *answer in (*rows, *_through_contents(session, cycle, side, at)):
        answers.setdefault(indicator, []).append(tuple(answer))
    found = [
        _indicator(criterion.id, indicator, answers.get(indicator.id, []))
        for criterion in regulation.criteria
        for indicator in criterion.indicators
    ]
    return sorted(found, key=lambda one: (-one["short"], one["id"]))


@prepared
def _answers(cycle_id: int, side: str, at: datetime):
    rounds = latest_rounds(cycle_id, side, at)
    return (
        select(_SCORES.indicator, _SCORES.points, _SCORES.met, _SCORES.not_arisen, func.count())
        .select_from(rounds)
        .join(Scorecard.__table__, _card_of(_CARDS, rounds, side))
        .join(Score.__table__, _SCORES.scorecard_id == _CARDS.id)
        .where(_SCORES.content == "")
        .group_by(_SCORES.indicator, _SCORES.points, _SCORES.met, _SCORES.not_arisen)
    )


def _through_contents(session: Session, cycle: Cycle, side: str, at: datetime) -> list[tuple[Any, ...]]:
    """Indicators answered through their contents, all of which count: met where no content is "not met"."""
    return [
        (indicator, None, met, False, count)
        for indicator, all_of_them, short in session.execute(*_contents(cycle.id, side, at)).tuples()
        for met, count in ((False, short), (True, all_of_them - short))
    ]


@prepared
def _contents(cycle_id: int, side: str, at: datetime):
    rounds = latest_rounds(cycle_id, side, at)
    return (
        select(
            _SCORES.indicator,
            func.count(_SCORES.scorecard_id.distinct()),
            func.count(case((_SCORES.met.is_(False), _SCORES.scorecard_id)).distinct()),
        )
        .select_from(rounds)
        .join(Scorecard.__table__, _card_of(_CARDS, rounds, side))
        .join(Score.__table__, _SCORES.scorecard_id == _CARDS.id)
        .where(_SCORES.content != "")
        .group_by(_SCORES.indicator)
    )


def _indicator(criterion: str, indicator: Any, answers: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    maximum = indicator.maximum.points if indicator.maximum else None
    short, lost = 0, Decimal(0)
    for points, met, not_arisen, count in answers:
        if not not_arisen and (met is False or (points is not None and maximum is not None and points < maximum)):
            short += count
            lost += (maximum - points) * count if points is not None and maximum is not None else 0
    return {
        "criterion": criterion,
        "id": indicator.id,
        "title": indicator.title,
        "maximum": None if maximum is None else whole(maximum),
        "mark": str(indicator.maximum.mark if indicator.maximum else indicator.wording.mark),
        "answered": sum(answer[-1] for answer in answers),
        "short": short,
        "lost": whole(lost),
    }


def distribution(rows: Sequence[dict[str, Any]], side: str) -> list[dict[str, Any]]:
    """How many communes have a total in each band of five points: from inclusive, to exclusive."""
    totals = [row[side] for row in rows if row[side] is not None]
    bands = Counter(int(total // BAND) * BAND for total in totals)
    if not bands:
        return []
    return [
        {"from": start, "to": start + BAND, "communes": bands.get(start, 0)}
        for start in range(min(bands), max(bands) + BAND, BAND)
    ]

"""What came of a cycle: who is recognised and who is not, which indicators fail most, how scores lie, year by year."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, and_, case, func, select, true
from sqlalchemy.orm import Session, aliased

from models.law.regulation import Regulation, whole
from models.records.cycles import Cycle, laws_of
from models.records.deciding import Decision, DecisionLine
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.prepared import prepared
from models.records.unit_queries import forebears
from models.records.units import Unit

BAND = 5
"""Width of a band of the distribution, in points."""
_SCORES = Score.__table__.c
"""Scores that are only counted, joined to their cards: who may see a card is asked once a card, not once a score."""


def latest_rounds(cycle_id: int, side: str, at: datetime) -> Subquery:
    """dossier_id and round of the last card of a side that was made by the moment, for every dossier of the cycle."""
    return (
        select(Scorecard.dossier_id, func.max(Scorecard.round).label("round"))
        .join(Dossier, Dossier.id == Scorecard.dossier_id)
        .where(Dossier.cycle_id == cycle_id, Scorecard.side == side, Scorecard.made_at <= at)
        .group_by(Scorecard.dossier_id)
        .subquery()
    )


def _card_of(card: Any, rounds: Subquery, side: str) -> Any:
    return and_(card.dossier_id == rounds.c.dossier_id, card.round == rounds.c.round, card.side == side)


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
    rows = session.execute(*_rows(cycle.id, at, dossiers, most, skip)).all()
    few = most is not None or dossiers is not None
    decided = _decided(session, cycle, at, [row.id for row in rows] if few else None)
    return [_result(row, decided.get(row.id)) for row in rows]


@prepared
def _rows(cycle_id: int, at: datetime, dossiers: Collection[int] | None, most: int | None, skip: int) -> Any:
    own, appraised, district = aliased(Scorecard), aliased(Scorecard), aliased(Unit)
    rounds = {side: latest_rounds(cycle_id, side, at) for side in ("self", "appraised")}
    appraised_is_last = appraised.id.is_not(None)
    query = (
        select(
            *(Dossier.id, Unit.code, Unit.name, district.code.label("district")),
            district.name.label("district_name"),
            *(own.total.label("self"), appraised.total.label("appraised")),
            case((appraised_is_last, appraised.meets), else_=own.meets).label("meets"),
            case((appraised_is_last, appraised.verdict), else_=own.verdict).label("verdict"),
        )
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(district, district.id == Dossier.district_id)
        .outerjoin(rounds["self"], rounds["self"].c.dossier_id == Dossier.id)
        .outerjoin(own, _card_of(own, rounds["self"], "self"))
        .outerjoin(rounds["appraised"], rounds["appraised"].c.dossier_id == Dossier.id)
        .outerjoin(appraised, _card_of(appraised, rounds["appraised"], "appraised"))
        .where(Dossier.cycle_id == cycle_id, true() if dossiers is None else Dossier.id.in_(dossiers))
        .order_by(Unit.code)
    )
    return query if most is None else query.limit(most).offset(skip)


def totals(session: Session, cycle: Cycle, at: datetime) -> list[dict[str, Any]]:
    """Every commune by code in few columns: {"id","code","name","self","appraised","gap","recognised"}.

    What lists are counted and cut by: `results` tells the rest of those that are shown.
    """
    rows = session.execute(*_totals(cycle.id, at)).tuples()
    decided = _decided(session, cycle, at, None)
    return [
        {
            **{"id": dossier_id, "code": code, "name": name, "self": before, "appraised": after},
            "gap": after - before if before is not None and after is not None else None,
            "recognised": decided[dossier_id].recognised if dossier_id in decided else None,
        }
        for dossier_id, code, name, before, after in rows
    ]


@prepared
def _totals(cycle_id: int, at: datetime):
    own, appraised = aliased(Scorecard), aliased(Scorecard)
    rounds = {side: latest_rounds(cycle_id, side, at) for side in ("self", "appraised")}
    return (
        select(Dossier.id, Unit.code, Unit.name, own.total, appraised.total)
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(rounds["self"], rounds["self"].c.dossier_id == Dossier.id)
        .outerjoin(own, _card_of(own, rounds["self"], "self"))
        .outerjoin(rounds["appraised"], rounds["appraised"].c.dossier_id == Dossier.id)
        .outerjoin(appraised, _card_of(appraised, rounds["appraised"], "appraised"))
        .where(Dossier.cycle_id == cycle_id)
        .order_by(Unit.code)
    )


def _decided(session: Session, cycle: Cycle, at: datetime, dossiers: Collection[int] | None) -> dict[int, Any]:
    """The last decision of each of these dossiers (null: of all) that was recorded by the moment."""
    return {row.dossier_id: row for row in session.execute(*_lines(cycle.id, at, dossiers))}


@prepared
def _lines(cycle_id: int, at: datetime, dossiers: Collection[int] | None):
    return (
        select(
            *(DecisionLine.dossier_id, DecisionLine.recognised, DecisionLine.contrary_ground),
            *(Decision.number, Decision.signed_on),
        )
        .join(Decision, DecisionLine.decision_id == Decision.id)
        .where(Decision.cycle_id == cycle_id, Decision.recorded_at <= at)
        .where(true() if dossiers is None else DecisionLine.dossier_id.in_(dossiers))
        .order_by(Decision.recorded_at, Decision.id)
    )


def _result(row: Any, decided: Any) -> dict[str, Any]:
    before, after = row.self, row.appraised
    return {
        **{name: getattr(row, name) for name in ("code", "name", "district", "district_name", "self", "appraised")},
        "gap": after - before if before is not None and after is not None else None,
        "meets": row.meets,
        "shortfalls": _shortfalls(row.verdict) if row.verdict else [],
        "recognised": decided.recognised if decided else None,
        "contrary_ground": decided.contrary_ground if decided else None,
        "decision": decided.number if decided else None,
        "signed_on": decided.signed_on if decided else None,
    }


def _shortfalls(verdict: str) -> list[dict[str, Any]]:
    return [] if '"shortfalls":[]' in verdict else json.loads(verdict)["shortfalls"]


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
        .select_from(Scorecard)
        .join(rounds, _card_of(Scorecard, rounds, side))
        .join(Score.__table__, _SCORES.scorecard_id == Scorecard.id)
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
        .select_from(Scorecard)
        .join(rounds, _card_of(Scorecard, rounds, side))
        .join(Score.__table__, _SCORES.scorecard_id == Scorecard.id)
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


def years(session: Session, cycle: Cycle, at: datetime) -> list[dict[str, Any]]:
    """The province's cycles of the same kind side by side: communes, recognised, not recognised.

    Those of the provinces that went into it are among them, each under its own name.
    """
    line = forebears(session, cycle.province_id)
    known = session.execute(*_cycles_of(line, cycle.trial, at.date())).tuples().all()
    cycles = [one for one, _ in known]
    outcomes, laws = outcomes_of(session, cycles, at), laws_of(session, cycles)
    return [
        {
            "year": one.year,
            "province": province.name,
            "code": province.code,
            "regulation": one.regulation_id,
            "text": laws[one.id].regulation.texts[0].number,
            **outcomes[one.id],
        }
        for one, province in known
    ]


@prepared
def _cycles_of(provinces: Collection[int], trial: bool, on: date):
    return (
        select(Cycle, Unit)
        .join(Unit, Unit.id == Cycle.province_id)
        .where(Cycle.province_id.in_(provinces), Cycle.trial == trial, Cycle.opened_on <= on)
        .order_by(Cycle.year, Unit.code)
    )


def outcomes_at(session: Session, cycle: Cycle, at: datetime) -> dict[str, int]:
    """How many communes there are, and how they had been decided by the moment: the last decision of each counts."""
    return outcomes_of(session, [cycle], at)[cycle.id]


def outcomes_of(session: Session, cycles: Sequence[Cycle], at: datetime) -> dict[int, dict[str, int]]:
    """The same for many cycles, by cycle id: two statements, whatever their number."""
    ids = [cycle.id for cycle in cycles]
    communes = dict(session.execute(*_dossiers_in(ids)).tuples().all())
    rows = session.execute(*_last_verdicts(ids, at)).tuples()
    decided = {(cycle_id, recognised): count for cycle_id, recognised, count in rows}
    return {cycle_id: _outcome(cycle_id, communes.get(cycle_id, 0), decided) for cycle_id in ids}


@prepared
def _dossiers_in(cycle_ids: Sequence[int]):
    query = select(Dossier.cycle_id, func.count()).where(Dossier.cycle_id.in_(cycle_ids))
    return query.group_by(Dossier.cycle_id)


@prepared
def _last_verdicts(cycle_ids: Sequence[int], at: datetime):
    place = func.row_number().over(
        partition_by=DecisionLine.dossier_id, order_by=(Decision.recorded_at.desc(), Decision.id.desc())
    )
    last = (
        select(Decision.cycle_id, DecisionLine.recognised, place.label("place"))
        .join(DecisionLine, DecisionLine.decision_id == Decision.id)
        .where(Decision.cycle_id.in_(cycle_ids), Decision.recorded_at <= at)
        .subquery()
    )
    return (
        select(last.c.cycle_id, last.c.recognised, func.count())
        .where(last.c.place == 1)
        .group_by(last.c.cycle_id, last.c.recognised)
    )


def _outcome(cycle_id: int, communes: int, decided: dict[tuple[int, bool], int]) -> dict[str, int]:
    yes, no = decided.get((cycle_id, True), 0), decided.get((cycle_id, False), 0)
    return {"communes": communes, "recognised": yes, "not_recognised": no, "undecided": communes - yes - no}

"""What a report upward says in numbers: counted from dossiers, cards, deadlines, remedies and earlier years."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.cycle.lifecycle import DECIDED, State
from models.cycle.remediation import title_of
from models.law.marks import OFFICIAL
from models.law.regulation import Regulation, whole
from models.law.resolve import CycleLaw, marks_in_use
from models.records import board
from models.records.commendations import commendations_of
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier, Scorecard, latest_cards
from models.records.earlier_results import recognised_years
from models.records.remedies import followed_in
from models.records.units import Unit


def step_of(cycle: Cycle, unit: Unit) -> str:
    """The step that a report of this unit is: a district's to the province, the province's to the Ministry."""
    return "report-to-ministry" if unit.id == cycle.province_id else "report-to-province"


def figures(session: Session, cycle: Cycle, unit: Unit, on: date) -> dict[str, Any]:
    """Everything that a report says in numbers, as plain JSON values, counted as of a day; the keys are stable."""
    law = law_of(session, cycle)
    rows = _dossiers(session, cycle, unit)
    cards = latest_cards(session, [dossier.id for dossier, *_ in rows], "self")
    cards |= latest_cards(session, [dossier.id for dossier, *_ in rows], "appraised")
    states = [State(dossier.state) for dossier, *_ in rows]
    ids = {dossier.unit_id for dossier, *_ in rows}
    seen = [
        one
        for one in followed_in(session, cycle)
        if one.unit_id in ids and one.year == cycle.year and one.opened_on <= on
    ]
    named = [one for one in commendations_of(session, cycle) if unit.id == cycle.province_id]
    return {
        "unit": {"code": unit.code, "name": unit.name},
        "year": cycle.year,
        "trial": cycle.trial,
        "regulation": law.regulation.title,
        "law_version": cycle.law_version,
        "as_of": on.isoformat(),
        "communes": len(rows),
        "recognised": states.count(State.RECOGNISED),
        "not_recognised": states.count(State.NOT_RECOGNISED),
        "undecided": sum(state not in (*DECIDED, State.MERGED) for state in states),
        "by_district": _by_district(rows),
        "totals": _totals(cards),
        "criteria": _criteria(law.regulation, cards),
        "shortfalls": _shortfalls(law.regulation, rows, cards),
        "stages": _stages(session, cycle, law, unit, on),
        "remedies": {
            "opened": len(seen),
            "closed": sum(one.closed_on is not None and one.closed_on <= on for one in seen),
            "late": sum(one.is_late(on) for one in seen),
            "repeated": sum(one.years > 1 for one in seen),
        },
        "commendations": {
            "awarded": sum(one.awarded_on is not None and one.awarded_on <= on for one in named),
            "flagged": sum(one.flagged for one in named),
        },
        "years": _years(session, cycle, sorted(ids)),
        "unconfirmed": sum(n for mark, n in marks_in_use(law).items() if mark not in OFFICIAL),
        "communes_listed": [_listed(*row, cards=cards) for row in rows],
    }


Row = tuple[Dossier, Unit, str | None, str | None]


def _dossiers(session: Session, cycle: Cycle, unit: Unit) -> list[Row]:
    """The dossiers of the unit, each with its commune and its district's code and name, by the commune's code."""
    district = aliased(Unit)
    query = (
        select(Dossier, Unit, district.code, district.name)
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(district, district.id == Dossier.district_id)
        .where(Dossier.cycle_id == cycle.id)
        .order_by(Unit.code)
        .execution_options(populate_existing=True)
    )
    if unit.id != cycle.province_id:
        query = query.where(Dossier.district_id == unit.id)
    return list(session.execute(query).tuples())


def _by_district(rows: Sequence[Row]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for dossier, _, code, name in rows:
        if code is None:
            continue
        one = found.setdefault(code, {"code": code, "name": name, "communes": 0, "recognised": 0, "not_recognised": 0})
        one["communes"] += 1
        if State(dossier.state) in DECIDED:
            one[dossier.state] += 1
    return [found[code] for code in sorted(found)]


def _totals(cards: Mapping[int, Scorecard]) -> dict[str, str] | None:
    points = sorted(card.total for card in cards.values() if card.total is not None)
    if not points:
        return None
    mean = (sum(points, Decimal(0)) / len(points)).quantize(Decimal("0.01"))
    return {"scored": str(len(points)), "lowest": whole(points[0]), "mean": whole(mean), "highest": whole(points[-1])}


def _criteria(regulation: Regulation, cards: Mapping[int, Scorecard]) -> list[dict[str, Any]]:
    """Of each criterion: the mean of its points, or how many meet it where there are none."""
    verdicts = [json.loads(card.verdict)["criteria"] for card in cards.values()]
    found = []
    for criterion in regulation.criteria:
        own = [one for verdict in verdicts for one in verdict if one["id"] == criterion.id]
        points = [Decimal(one["points"]) for one in own if one["points"] is not None]
        limit = criterion.maximum.points if criterion.maximum else None
        mean = (sum(points, Decimal(0)) / len(points)).quantize(Decimal("0.01")) if points else None
        found.append(
            {
                "id": criterion.id,
                "title": criterion.title,
                "mean": whole(mean) if mean is not None else None,
                "maximum": whole(limit) if limit is not None else None,
                "met": sum(one["meets"] is True for one in own),
            }
        )
    return found


def _shortfalls(regulation: Regulation, rows: Sequence[Row], cards: Mapping[int, Scorecard]) -> list[dict[str, Any]]:
    """What was wanting in communes not recognised, the widest first, with their codes."""
    groups: dict[tuple[str, str], list[str]] = {}
    for dossier, unit, *_ in rows:
        if State(dossier.state) is State.NOT_RECOGNISED and dossier.id in cards:
            for one in json.loads(cards[dossier.id].verdict)["shortfalls"]:
                groups.setdefault((one["rule"], one["subject"]), []).append(unit.code)
    found = [
        {"rule": rule, "subject": subject, "title": title_of(regulation, subject), "codes": sorted(set(codes))}
        for (rule, subject), codes in groups.items()
    ]
    return sorted(found, key=lambda one: (-len(one["codes"]), one["rule"], one["subject"]))


def _stages(session: Session, cycle: Cycle, law: CycleLaw, unit: Unit, on: date) -> list[dict[str, Any]]:
    found = []
    for stage in board.figures(session, cycle, law, on):
        counts = stage.all if unit.id == cycle.province_id else stage.by_district.get(unit.code, board.Counts())
        found.append(
            {
                "stage": str(stage.stage),
                "last_day": stage.last_day.isoformat() if stage.last_day else None,
                "on_time": counts.done_on_time,
                "late": counts.done_late,
                "outstanding": counts.outstanding,
                "overdue": counts.overdue,
            }
        )
    return found


def _years(session: Session, cycle: Cycle, unit_ids: Sequence[int]) -> list[dict[str, int]]:
    """The same communes over the years, as far as they are the same: no result crosses a merger."""
    counted: dict[int, Counter[bool]] = {}
    for known in recognised_years(session, unit_ids, cycle.trial).values():
        for year, good in known.items():
            counted.setdefault(year, Counter())[good] += 1
    return [
        {"year": year, "recognised": counted[year][True], "not_recognised": counted[year][False]}
        for year in sorted(counted)
        if year <= cycle.year
    ]


def _listed(
    dossier: Dossier, unit: Unit, district: str | None, name: str | None, *, cards: Mapping[int, Scorecard]
) -> dict[str, Any]:
    total = cards[dossier.id].total if dossier.id in cards else None
    return {
        "code": unit.code,
        "name": unit.name,
        "district": district,
        "district_name": name,
        "state": dossier.state,
        "total": whole(total) if total is not None else None,
    }

"""How the dossiers of cycles were decided: counts as of a moment, and a province's years side by side."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records.cycles import Cycle, laws_of
from models.records.deciding import Decision, DecisionLine
from models.records.dossiers import Dossier
from models.records.prepared import prepared
from models.records.unit_queries import forebears
from models.records.units import Unit
from models.records.until_acts import by_cycle


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
    return by_cycle(session, ids, ("outcomes", at), lambda missing: _counted(session, missing, at))


def _counted(session: Session, ids: Sequence[int], at: datetime) -> dict[int, dict[str, int]]:
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
    """Who may see a dossier is asked once, and not again of its lines and their decisions, which are joined to it."""
    lines, decisions = DecisionLine.__table__.c, Decision.__table__.c
    place = func.row_number().over(
        partition_by=lines.dossier_id, order_by=(decisions.recorded_at.desc(), decisions.id.desc())
    )
    last = (
        select(decisions.cycle_id, lines.recognised, place.label("place"))
        .select_from(Dossier)
        .join(DecisionLine.__table__, lines.dossier_id == Dossier.id)
        .join(Decision.__table__, decisions.id == lines.decision_id)
        .where(decisions.cycle_id.in_(cycle_ids), decisions.recorded_at <= at)
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

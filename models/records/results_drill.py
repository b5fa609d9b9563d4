"""Behind the counts of the results: who fell short of an indicator. The same rule as `results.indicators`."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.law.regulation import Regulation
from models.records.cycles import Cycle
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.results import latest_rounds
from models.records.units import Unit


def short_of(
    session: Session, cycle: Cycle, regulation: Regulation, side: str, indicator: str, at: datetime
) -> set[str]:
    """The codes of the communes whose last card of that side has less than the indicator's maximum, or "not met"."""
    known = {one.id: one for criterion in regulation.criteria for one in criterion.indicators}
    rule = known[indicator].maximum if indicator in known else None
    maximum = rule.points if rule else None
    rounds = latest_rounds(cycle.id, side, at)
    card = and_(Scorecard.dossier_id == rounds.c.dossier_id, Scorecard.round == rounds.c.round, Scorecard.side == side)
    rows = session.execute(
        select(Unit.code, Score.points, Score.met, Score.not_arisen, Score.content)
        .join(Scorecard, Scorecard.id == Score.scorecard_id)
        .join(rounds, card)
        .join(Dossier, Dossier.id == Scorecard.dossier_id)
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(Score.indicator == indicator)
    ).tuples()
    return {
        code
        for code, points, met, not_arisen, content in rows
        if not not_arisen
        and (met is False or (not content and points is not None and maximum is not None and points < maximum))
    }

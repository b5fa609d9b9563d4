"""Commendations: who is proposed by which rule of the plan and why, who is left out and why, what people made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.lifecycle import State
from models.records.base import Table
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.units import Unit
from models.words import Words

NOMINATED = "nominated"
"""Not by a rule: a person or unit that somebody nominates with a reason."""

STATE_WORDS = {
    "proposed": Words("đề xuất, chờ quyết", "proposed, to be decided"),
    "left_out": Words("không đề xuất", "left out"),
    "confirmed": Words("đã đồng ý", "confirmed"),
    "refused": Words("không đồng ý", "refused"),
    "awarded": Words("đã khen thưởng", "awarded"),
}

RULE_WORDS = {
    "highest_total": Words("điểm cao nhất", "highest total"),
    "first_on_time": Words("nộp hồ sơ đúng hạn sớm nhất", "first on time"),
    "recognised_years_running": Words("đạt chuẩn nhiều năm liên tục", "recognised years running"),
    "largest_improvement": Words("tiến bộ nhất so với năm trước", "largest improvement"),
    "best_district": Words("huyện có tỷ lệ đạt chuẩn cao nhất", "best district"),
    NOMINATED: Words("giới thiệu", "nominated"),
}


class Commendation(Table):
    """A unit (or a person of it) under one rule; `state` is one of STATE_WORDS. `ground` is the rule's;
    `decision_ground` the person's who confirmed or refused. `place`: the place by the rule, ties share one.
    """

    __tablename__ = "commendations"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "rule", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    rule: Mapped[str] = mapped_column(String(40))
    ground: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    document: Mapped[str | None] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[int | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_on: Mapped[date | None]
    decision_ground: Mapped[str | None] = mapped_column(String(500))
    awarded_on: Mapped[date | None]


@dataclass(frozen=True)
class Named:
    """A commendation as people see it. `flagged`: awarded on a recognition that no longer stands."""

    id: int
    code: str
    name: str
    level: str
    rule: str
    person: str
    place: int | None
    ground: str
    state: str
    decided_by: str | None
    decision_ground: str | None
    document: str | None
    awarded_on: date | None
    flagged: bool


def commendations_of(session: Session, cycle: Cycle, *, states: Sequence[str] = ()) -> list[Named]:
    """The commendations of a cycle by rule and place; an award whose decision was superseded is flagged."""
    query = (
        select(Commendation, Unit, Dossier.state)
        .join(Unit, Unit.id == Commendation.unit_id)
        .outerjoin(Dossier, (Dossier.unit_id == Unit.id) & (Dossier.cycle_id == Commendation.cycle_id))
        .where(Commendation.cycle_id == cycle.id)
        .order_by(Commendation.rule, Commendation.place.is_(None), Commendation.place, Unit.code, Commendation.person)
        .execution_options(populate_existing=True)
    )
    if states:
        query = query.where(Commendation.state.in_(list(states)))
    return [_named(one, unit, state) for one, unit, state in session.execute(query).all()]


def _named(one: Commendation, unit: Unit, state: str | None) -> Named:
    plain = {name: getattr(one, name) for name in _PLAIN}
    # a nomination does not rest on the recognition, and a district has none
    rests_on_it = one.rule != NOMINATED and state is not None
    flagged = one.state == "awarded" and rests_on_it and state != State.RECOGNISED
    return Named(code=unit.code, name=unit.name, level=unit.level, flagged=flagged, **plain)


_PLAIN = (
    *("id", "rule", "person", "place", "ground", "state", "decided_by", "decision_ground", "document", "awarded_on"),
)

"""Decisions on recognition as documents: their lists, the papers kept of them, and which line of a dossier counts.

Nothing is erased: a superseding decision adds lines of its own and names those that it replaces. Of a dossier's lines
the one counts that no other replaces; there is at most one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, exists, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.records.base import Moment, Table
from models.records.dossiers import Dossier
from models.records.prepared import prepared
from models.records.units import Unit


class Decision(Table):
    """A decision on recognition as a document: number, day, signer; and when it was published."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    signer: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class DecisionLine(Table):
    """One commune on one of the two lists; `contrary_ground`: decided against the rule's verdict, and why."""

    __tablename__ = "decision_lines"
    __table_args__ = (Index(None, "dossier_id"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    recognised: Mapped[bool]
    contrary_ground: Mapped[str | None] = mapped_column(String(500))


class DecisionPaper(Table):
    """What else is known of a decision: the signer's office, the file with its SHA-256, why it leaves communes out.

    `reason` and `authority` stand on a superseding decision: why it corrects, and on which ground.
    """

    __tablename__ = "decision_papers"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    position: Mapped[str | None] = mapped_column(String(300))
    file_name: Mapped[str | None] = mapped_column(String(300))
    file_hash: Mapped[str | None] = mapped_column(String(64))
    partial_ground: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str | None] = mapped_column(String(1000))
    authority: Mapped[str | None] = mapped_column(String(300))


class Replacement(Table):
    """A line of an earlier decision that a superseding one replaces; both stay readable."""

    __tablename__ = "decision_replacements"
    __table_args__ = (UniqueConstraint("replaced_id", "dossier_id"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    replaced_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))


def counts() -> ColumnElement[bool]:
    """The condition that a decision line counts: no later decision replaces it."""
    return ~exists().where(
        Replacement.replaced_id == DecisionLine.decision_id, Replacement.dossier_id == DecisionLine.dossier_id
    )


class Decided(NamedTuple):
    """One commune's line of one decision; `counts` is false where a later decision replaces it."""

    code: str
    name: str
    unit_id: int
    district_id: int | None
    dossier_id: int
    decision_id: int
    decided_by_id: int
    number: str
    signed_on: date
    signer: str
    recognised: bool
    contrary_ground: str | None
    counts: bool
    replaced_by: str | None


def lines_of(session: Session, cycle_id: int, *, dossier_ids: Sequence[int] | None = None) -> list[Decided]:
    """Every line of every decision of a cycle, in the order of communes and then of time."""
    return [Decided(*row) for row in session.execute(*_lines(cycle_id, dossier_ids))]


@prepared
def _lines(cycle_id: int, dossier_ids: Sequence[int] | None):
    later, place = aliased(Decision), aliased(Replacement)
    columns = (Unit.code, Unit.name, Unit.id, Dossier.district_id, Dossier.id, Decision.id, Decision.unit_id)
    signed = (Decision.number, Decision.signed_on, Decision.signer)
    said = (DecisionLine.recognised, DecisionLine.contrary_ground, later.number.is_(None), later.number)
    query = (
        select(*columns, *signed, *said)
        .select_from(Unit)
        .join(Dossier, Dossier.unit_id == Unit.id)
        .join(DecisionLine, DecisionLine.dossier_id == Dossier.id)
        .join(Decision, Decision.id == DecisionLine.decision_id)
        .outerjoin(
            place, and_(place.replaced_id == DecisionLine.decision_id, place.dossier_id == DecisionLine.dossier_id)
        )
        .outerjoin(later, later.id == place.decision_id)
        .where(Decision.cycle_id == cycle_id)
        .order_by(Unit.code, Decision.id)
    )
    return query if dossier_ids is None else query.where(Dossier.id.in_(dossier_ids))


class Known(NamedTuple):
    """What acts ask of a decision that stands: who signed it when."""

    id: int
    signed_on: date
    signer: str


def find_decision(session: Session, cycle_id: int, unit_id: int, number: str) -> Known | None:
    """The decision of this number that this unit's authority signed in the cycle."""
    row = session.execute(*_found(cycle_id, unit_id, number)).one_or_none()
    return Known(*row) if row else None


@prepared
def _found(cycle_id: int, unit_id: int, number: str):
    query = select(*(getattr(Decision, name) for name in Known._fields))
    return query.where(Decision.cycle_id == cycle_id, Decision.unit_id == unit_id, Decision.number == number)

"""Who answers for an agency's part: the responsible person and the deputy, from day to day; and where nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, and_, case, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.cycles import Agency
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.programme_tables import TaskDue
from models.records.units import Unit
from models.words import Words

Role = Literal["responsible", "deputy"]


class FocalPoint(Table):
    """A person who answers for an agency from a day to a day, both inclusive; `valid_to` null: still."""

    __tablename__ = "focal_points"
    __table_args__ = (Index(None, "agency_id", "role", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    role: Mapped[str] = mapped_column(String(12))
    person: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(120))


@dataclass(frozen=True)
class Appointed:
    """Somebody answers for the agency (unit and actor) from a day on; `to` null: until somebody else does."""

    unit: str
    actor: str
    role: Role
    person: str
    since: date
    to: date | None = None
    document: str = ""

    @property
    def key(self) -> str:
        return f"focal/{self.unit}/{self.actor}/{self.role}/{self.since}"


def appoint(sitting: Sitting, people: Sequence[Appointed]) -> int:
    """Record who answers from when; whoever did before ends the day before. Returns how many were new."""
    agencies = _agencies(sitting, people)
    wanted = {one.key: one for one in people}
    new = sorted(sitting.fresh(wanted), key=lambda key: (wanted[key].since, key))
    lines = []
    for key in new:
        one, (agency_id, unit_id) = wanted[key], agencies[wanted[key].unit, wanted[key].actor]
        if one.to is not None and one.to < one.since:
            raise _ends_before(one)
        _end_before(sitting.session, agency_id, one)
        sitting.session.execute(
            insert(FocalPoint).values(
                agency_id=agency_id,
                role=one.role,
                person=one.person,
                valid_from=one.since,
                valid_to=one.to,
                document=one.document,
            )
        )
        lines.append(Touched(unit_id, key, {"person": one.person, "to": one.to, "document": one.document}))
    if new:
        sitting.finish("appoint-focal-points", f"appoint/{new[0]}/{len(new)}", lines, Traces())
    return len(new)


def _end_before(session: Session, agency_id: int, one: Appointed) -> None:
    session.execute(
        update(FocalPoint)
        .where(
            FocalPoint.agency_id == agency_id,
            FocalPoint.role == one.role,
            FocalPoint.valid_from < one.since,
            or_(FocalPoint.valid_to.is_(None), FocalPoint.valid_to >= one.since),
        )
        .values(valid_to=one.since - timedelta(days=1))
        .execution_options(synchronize_session=False)
    )


def focal_points_on(session: Session, cycle_id: int, on: date) -> list[dict[str, Any]]:
    """Each agency that owes a task of the cycle, with who answers on a day; `vacant` where nobody does.

    A deputy stands in for a vacancy in notices, yet the vacancy is shown.
    """
    return [
        {
            "unit": code,
            "name": name,
            "actor": actor,
            "agency": agency,
            "responsible": responsible,
            "deputy": deputy,
            "vacant": responsible is None,
        }
        for code, name, actor, agency, responsible, deputy in session.execute(*_owing(cycle_id, on))
    ]


@prepared
def _owing(cycle_id: int, on: date):
    owing = (
        select(TaskDue.holder_id, TaskDue.actor)
        .where(TaskDue.cycle_id == cycle_id)
        .distinct()
        .subquery("agencies_owing")
    )
    return (
        select(
            Unit.code,
            Unit.name,
            Agency.actor,
            Agency.name,
            func.max(case((FocalPoint.role == "responsible", FocalPoint.person))),
            func.max(case((FocalPoint.role == "deputy", FocalPoint.person))),
        )
        .select_from(owing)
        .join(Agency, and_(Agency.unit_id == owing.c.holder_id, Agency.actor == owing.c.actor))
        .join(Unit, Unit.id == Agency.unit_id)
        .outerjoin(
            FocalPoint,
            and_(
                FocalPoint.agency_id == Agency.id,
                FocalPoint.valid_from <= on,
                or_(FocalPoint.valid_to.is_(None), FocalPoint.valid_to >= on),
            ),
        )
        .group_by(Unit.code, Unit.name, Agency.actor, Agency.name)
        .order_by(Unit.code, Agency.actor)
    )


def _agencies(sitting: Sitting, people: Sequence[Appointed]) -> dict[tuple[str, str], tuple[int, int]]:
    rows = sitting.session.execute(
        select(Unit.code, Agency.actor, Agency.id, Unit.id)
        .join(Agency, Agency.unit_id == Unit.id)
        .where(Unit.code.in_(sorted({one.unit for one in people})))
    )
    found = {(code, actor): (agency_id, unit_id) for code, actor, agency_id, unit_id in rows}
    for one in people:
        if (one.unit, one.actor) not in found:
            raise _no_agency(one, sorted(actor for code, actor in found if code == one.unit))
    return found


def _no_agency(one: Appointed, actors: Sequence[str]) -> Refusal:
    listed = ", ".join(actors) or "—"
    return Refusal(
        "agency_not_found",
        Words(f"Đơn vị {one.unit} không có cơ quan `{one.actor}`.", f"Unit {one.unit} has no agency `{one.actor}`."),
        Words(f"Cơ quan của đơn vị này: {listed}.", f"The unit's agencies: {listed}."),
        Words("Chọn một cơ quan đã có.", "Choose one of them."),
    )


def _ends_before(one: Appointed) -> Refusal:
    return Refusal(
        "focal_days_reversed",
        Words(f"Ngày thôi {one.to} đứng trước ngày nhận {one.since}.", f"{one.to} is before {one.since}."),
        Words("Một người phụ trách từ ngày nhận đến ngày thôi.", "A person answers from the first day to the last."),
        Words("Sửa một trong hai ngày.", "Mend one of the two days."),
    )

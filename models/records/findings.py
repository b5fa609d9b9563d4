"""Findings about leaders as records, never a box to tick: the condition about heads follows from them, with reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.leaders import Bearing, LeaderFinding, Measure, Role, bearing
from models.records.base import Moment, Table
from models.records.cycles import Cycle
from models.records.dossiers import batched
from models.records.prepared import prepared


class FindingRecord(Table):
    """One finding. `handed_in_id` null: recorded by an office. `until_at`: withdrawn then, on `withdrawn_ground`."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "cycle_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    handed_in_id: Mapped[int | None] = mapped_column(ForeignKey("handed_in_files.id"))
    person: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(String(1000))
    on_day: Mapped[date]
    document: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(String(20))
    duty_related: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    until_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_ground: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True)
class Weighed:
    """A recorded finding, and whether it bears on the condition."""

    id: int
    finding: LeaderFinding
    bearing: Bearing
    by: str


def finding_row(
    cycle_id: int, unit_id: int, finding: LeaderFinding, at: datetime, by: str, handed_in_id: int | None = None
) -> dict[str, object]:
    """The finding as a row of `findings`."""
    return {
        "cycle_id": cycle_id,
        "unit_id": unit_id,
        "handed_in_id": handed_in_id,
        "person": finding.person,
        "role": str(finding.role),
        "act": finding.act,
        "on_day": finding.on,
        "document": finding.document,
        "measure": str(finding.measure),
        "duty_related": finding.duty_related,
        "recorded_at": at,
        "by": by,
    }


def findings_of(session: Session, cycle: Cycle, unit_ids: Iterable[int]) -> dict[int, list[Weighed]]:
    """The findings in force about leaders of these communes, weighed for the cycle's year."""
    found: dict[int, list[Weighed]] = {}
    for chunk in batched(sorted(set(unit_ids))):
        for row in session.scalars(*_in_force(cycle.id, chunk)):
            finding = _of(row)
            found.setdefault(row.unit_id, []).append(Weighed(row.id, finding, bearing(finding, cycle.year), row.by))
    return found


@prepared
def _in_force(cycle_id: int, unit_ids: Sequence[int]):
    query = select(FindingRecord).where(
        FindingRecord.cycle_id == cycle_id, FindingRecord.unit_id.in_(unit_ids), FindingRecord.until_at.is_(None)
    )
    return query.order_by(FindingRecord.id)


def units_with_a_bearing_finding(session: Session, cycle: Cycle, unit_ids: Sequence[int]) -> set[int]:
    """Those communes in which the condition about heads is not met."""
    found = findings_of(session, cycle, unit_ids)
    return {unit_id for unit_id, weighed in found.items() if any(one.bearing.counts for one in weighed)}


def _of(row: FindingRecord) -> LeaderFinding:
    return LeaderFinding(
        row.person, Role(row.role), row.act, row.on_day, row.document, Measure(row.measure), row.duty_related
    )

"""Inspection: visits to units with a team and a day, what was found there, and until when it is to be mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Words


class Visit(Table):
    """A visit to one unit: planned for a day, with a team, under a decision; `held_on` null: not held yet."""

    __tablename__ = "inspection_visits"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "planned_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    team: Mapped[str] = mapped_column(String(300))
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    ground: Mapped[str] = mapped_column(String(600))
    document: Mapped[str] = mapped_column(String(120))


class VisitFinding(Table):
    """What a visit found wanting, what is to be done about it and until when; closed with a proof."""

    __tablename__ = "inspection_findings"
    __table_args__ = (UniqueConstraint("visit_id", "number"), Index(None, "mend_by"))

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("inspection_visits.id"))
    number: Mapped[int]
    found: Mapped[str] = mapped_column(String(600))
    remedy: Mapped[str] = mapped_column(String(600))
    mend_by: Mapped[date]
    mended_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True)
class Planned:
    """A visit to be made; `ground` says why this unit (the reasons of its risk, or a person's)."""

    unit: str
    on: date
    team: str
    ground: str = ""
    document: str = ""


@dataclass(frozen=True)
class Found:
    """One thing found on a visit, its remedy, and the remedy's day."""

    found: str
    remedy: str
    mend_by: date


def plan_visits(sitting: Sitting, planned: Sequence[Planned]) -> int:
    """Put visits into the programme; returns how many were new."""
    dossiers = sitting.dossiers([one.unit for one in planned])
    wanted = {f"visit/{one.unit}/{one.on}": one for one in planned}
    new = sorted(sitting.fresh(wanted))
    if new:
        rows = [
            {
                "cycle_id": sitting.cycle.id,
                "unit_id": dossiers[one.unit].unit_id,
                "team": one.team,
                "planned_on": one.on,
                "ground": one.ground[:600],
                "document": one.document,
            }
            for one in map(wanted.__getitem__, new)
        ]
        sitting.session.execute(insert(Visit), rows)
        lines = [
            Touched(dossiers[wanted[key].unit].unit_id, key, {"on": wanted[key].on, "team": wanted[key].team})
            for key in new
        ]
        sitting.finish("plan-visits", f"plan-visits/{new[0]}/{len(new)}", lines, Traces())
    return len(new)


def hold_visit(sitting: Sitting, unit: str, on: date, findings: Sequence[Found], document: str) -> bool:
    """Record that the unit's next planned visit was made on a day, and what was found; False if it is recorded."""
    key = f"visit-held/{unit}/{on}"
    if not sitting.fresh([key]):
        return False
    visit = sitting.session.scalars(
        select(Visit)
        .join(Unit, Unit.id == Visit.unit_id)
        .where(Visit.cycle_id == sitting.cycle.id, Unit.code == unit, Visit.held_on.is_(None))
        .order_by(Visit.planned_on)
        .limit(1)
    ).one_or_none()
    if visit is None:
        raise _no_visit(unit)
    for one in findings:
        if one.mend_by < on:
            raise _mended_before(one, on)
    sitting.session.execute(
        update(Visit).where(Visit.id == visit.id).values(held_on=on, document=document or visit.document)
    )
    rows = [{"visit_id": visit.id, "number": place, **one.__dict__} for place, one in enumerate(findings, start=1)]
    if rows:
        sitting.session.execute(insert(VisitFinding), rows)
    line = Touched(visit.unit_id, key, {"findings": [one.__dict__ for one in findings], "document": document})
    sitting.finish("hold-visit", key, [line], Traces())
    return True


def mend_finding(sitting: Sitting, unit: str, number: int, proof: str) -> bool:
    """Record that the unit mended a finding of its latest visit, with the proof; False if that is recorded."""
    row = sitting.session.execute(
        select(VisitFinding, Visit.unit_id)
        .join(Visit, Visit.id == VisitFinding.visit_id)
        .join(Unit, Unit.id == Visit.unit_id)
        .where(Visit.cycle_id == sitting.cycle.id, Unit.code == unit, VisitFinding.number == number)
        .order_by(Visit.held_on.desc())
        .limit(1)
    ).one_or_none()
    if row is None or not proof.strip():
        raise _no_finding(unit, number, bool(proof.strip()))
    finding, unit_id = row
    key = f"finding-mended/{unit}/{finding.id}"
    if not sitting.fresh([key]):
        return False
    sitting.session.execute(
        update(VisitFinding).where(VisitFinding.id == finding.id).values(mended_on=sitting.signed.day, proof=proof)
    )
    sitting.finish("mend-finding", key, [Touched(unit_id, key, {"proof": proof})], Traces())
    return True


@of_acts
def visits_of(session: Session, cycle_id: int, unit: str | None = None) -> list[dict[str, Any]]:
    """The visits of a cycle with their findings, by day; narrowed to a unit for the page of its dossier."""
    rows = session.execute(*_visits(cycle_id, unit)).all()
    findings: dict[int, list[dict[str, Any]]] = {}
    for one in session.scalars(*_findings(cycle_id)):
        names = ("number", "found", "remedy", "mend_by", "mended_on", "proof")
        findings.setdefault(one.visit_id, []).append({name: getattr(one, name) for name in names})
    names = ("planned_on", "held_on", "team", "ground", "document")
    return [
        {
            "unit": code,
            "name": name,
            **{column: getattr(visit, column) for column in names},
            "findings": findings.get(visit.id, []),
        }
        for code, name, visit in rows
    ]


@prepared
def _visits(cycle_id: int, unit: str | None):
    query = (
        select(Unit.code, Unit.name, Visit)
        .join(Unit, Unit.id == Visit.unit_id)
        .where(Visit.cycle_id == cycle_id)
        .order_by(Visit.planned_on, Unit.code)
    )
    return query if unit is None else query.where(Unit.code == unit)


@prepared
def _findings(cycle_id: int):
    of = select(Visit.id).where(Visit.cycle_id == cycle_id)
    query = select(VisitFinding).where(VisitFinding.visit_id.in_(of))
    return query.order_by(VisitFinding.visit_id, VisitFinding.number)


def _no_visit(unit: str) -> Refusal:
    return Refusal(
        "visit_not_planned",
        Words(f"Không có cuộc kiểm tra nào đang chờ ở đơn vị {unit}.", f"No visit to {unit} is waiting."),
        Words(
            "Kết quả ghi vào cuộc kiểm tra đã có trong chương trình.", "A result belongs to a visit that was planned."
        ),
        Words("Thêm bằng `tcpl task inspect plan`.", "Plan it with `tcpl task inspect plan`."),
    )


def _mended_before(one: Found, on: date) -> Refusal:
    return Refusal(
        "finding_day_impossible",
        Words(
            f"Hạn khắc phục {one.mend_by} đứng trước ngày kiểm tra {on}.", f"{one.mend_by} is before the visit of {on}."
        ),
        Words("Tồn tại được khắc phục sau khi phát hiện.", "What was found is mended after it was found."),
        Words("Sửa ngày.", "Mend the day."),
    )


def _no_finding(unit: str, number: int, has_proof: bool) -> Refusal:
    return Refusal(
        "finding_not_found" if has_proof else "finding_without_proof",
        Words(
            f"Không đóng được tồn tại số {number} của đơn vị {unit}.", f"Finding {number} of {unit} cannot be closed."
        ),
        Words("Không có tồn tại mang số này.", "There is none of that number.")
        if has_proof
        else Words("Chưa có minh chứng.", "There is no proof."),
        Words("Xem `tcpl task inspect list`.", "See `tcpl task inspect list`."),
    )

"""The figures behind the board's pictures: submissions day by day, and how each commune stands, with its place."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from models.law.resolve import CycleLaw
from models.records.board import known_by
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.prepared import prepared
from models.records.standing import STANDING_WORDS, standing_of
from models.records.units import Unit
from models.records.until_acts import of_acts


@of_acts
def submissions(session: Session, cycle: Cycle, law: CycleLaw, on: date) -> dict[str, Any]:
    """How many communes had done the first stage's measured step by each day, until `on`.

    {"step", "total", "last_day", "days": [(day, cumulative)]}: `days` holds only those on which it grew, and `on`.
    """
    step = law.regulation.stages[0].measured_by
    total, last = session.execute(*_owing(cycle.id, step)).one()
    done, days = 0, []
    for day, count in session.execute(*_done_by(cycle.id, step, on)).tuples():
        done += count
        days.append((day, done))
    return {"step": step, "total": total, "last_day": last, "days": days, "done": done}


@prepared
def _owing(cycle_id: int, step: str):
    return select(func.count(), func.max(Deadline.last_day)).where(*_of_step(cycle_id, step))


@prepared
def _done_by(cycle_id: int, step: str, on: date) -> Any:
    return (
        select(Deadline.done_on, func.count())
        .where(*_of_step(cycle_id, step), Deadline.done_on.is_not(None), Deadline.done_on <= on)
        .group_by(Deadline.done_on)
        .order_by(Deadline.done_on)
    )


def _of_step(cycle_id: int, step: str) -> tuple[ColumnElement[bool], ...]:
    return Deadline.cycle_id == cycle_id, Deadline.step == step, Deadline.occasion == ""


def year_before(session: Session, cycle: Cycle) -> Cycle | None:
    """The same province's cycle of the year before, of the same kind."""
    return session.scalar(*_cycle_of(cycle.province_id, cycle.year - 1, cycle.trial))


@prepared
def _cycle_of(province_id: int, year: int, trial: bool):
    return select(Cycle).where(Cycle.province_id == province_id, Cycle.year == year, Cycle.trial == trial)


def moved_a_year_on(
    days: Sequence[tuple[date, int]], last: date | None, now_last: date | None
) -> list[tuple[date, int]]:
    """Last year's days laid over this year's: as far from the last day, so that 29 February needs no rule."""
    by = now_last - last if last and now_last else timedelta(days=365)
    return [(day + by, count) for day, count in days]


@of_acts
def communes_standing(session: Session, cycle: Cycle, step: str, on: date) -> list[dict[str, Any]]:
    """Every commune of the cycle with its place and how it stands at the step; not owing it, `standing` is null."""
    return [_commune(row, on) for row in session.execute(*_communes(cycle.id, step, on))]


@prepared
def _communes(cycle_id: int, step: str, on: date):
    district = aliased(Unit)
    return (
        select(
            *(Unit.code, Unit.name, Unit.latitude, Unit.longitude, district.code.label("district")),
            *(
                district.name.label("district_name"),
                Deadline.step,
                Deadline.last_day,
                Deadline.due_day,
                Deadline.done_on,
            ),
        )
        .select_from(Dossier)
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(district, district.id == Dossier.district_id)
        .outerjoin(
            Deadline,
            (Deadline.cycle_id == Dossier.cycle_id)
            & (Deadline.unit_id == Dossier.unit_id)
            & (Deadline.step == step)
            & (Deadline.occasion == "")
            & known_by(on),
        )
        .where(Dossier.cycle_id == cycle_id)
        .order_by(Unit.code)
    )


def _commune(row: Any, on: date) -> dict[str, Any]:
    standing = standing_of(row, on) if row.step else None
    return {
        **{name: getattr(row, name) for name in ("code", "name", "district", "district_name", "latitude", "longitude")},
        "standing": str(standing) if standing else None,
        "standing_words": STANDING_WORDS[standing] if standing else None,
        "done_on": row.done_on if row.done_on and row.done_on <= on else None,
        "last_day": row.last_day,
    }

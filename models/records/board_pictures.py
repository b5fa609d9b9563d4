"""The figures behind the board's pictures: submissions day by day, and how each commune stands, with its place."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.law.resolve import CycleLaw
from models.records.board import known_by
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.standing import STANDING_WORDS, standing_of
from models.records.units import Unit


def submissions(session: Session, cycle: Cycle, law: CycleLaw, on: date) -> dict[str, Any]:
    """How many communes had done the first stage's measured step by each day, until `on`.

    {"step", "total", "last_day", "days": [(day, cumulative)]}: `days` holds only those on which it grew, and `on`.
    """
    step = law.regulation.stages[0].measured_by
    here = (Deadline.cycle_id == cycle.id, Deadline.step == step, Deadline.occasion == "")
    total, last = session.execute(select(func.count(), func.max(Deadline.last_day)).where(*here)).one()
    rows = session.execute(
        select(Deadline.done_on, func.count())
        .where(*here, Deadline.done_on.is_not(None), Deadline.done_on <= on)
        .group_by(Deadline.done_on)
        .order_by(Deadline.done_on)
    ).tuples()
    done, days = 0, []
    for day, count in rows:
        done += count
        days.append((day, done))
    return {"step": step, "total": total, "last_day": last, "days": days, "done": done}


def year_before(session: Session, cycle: Cycle) -> Cycle | None:
    """The same province's cycle of the year before, of the same kind."""
    return session.scalar(
        select(Cycle).where(
            Cycle.province_id == cycle.province_id, Cycle.year == cycle.year - 1, Cycle.trial == cycle.trial
        )
    )


def moved_a_year_on(
    days: Sequence[tuple[date, int]], last: date | None, now_last: date | None
) -> list[tuple[date, int]]:
    """Last year's days laid over this year's: as far from the last day, so that 29 February needs no rule."""
    by = now_last - last if last and now_last else timedelta(days=365)
    return [(day + by, count) for day, count in days]


def communes_standing(session: Session, cycle: Cycle, step: str, on: date) -> list[dict[str, Any]]:
    """Every commune of the cycle with its place and how it stands at the step; not owing it, `standing` is null."""
    district = aliased(Unit)
    rows = session.execute(
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
        .where(Dossier.cycle_id == cycle.id)
        .order_by(Unit.code)
    )
    return [_commune(row, on) for row in rows]


def _commune(row: Any, on: date) -> dict[str, Any]:
    standing = standing_of(row, on) if row.step else None
    return {
        **{name: getattr(row, name) for name in ("code", "name", "district", "district_name", "latitude", "longitude")},
        "standing": str(standing) if standing else None,
        "standing_words": STANDING_WORDS[standing] if standing else None,
        "done_on": row.done_on if row.done_on and row.done_on <= on else None,
        "last_day": row.last_day,
    }

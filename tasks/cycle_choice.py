"""Which cycle somebody means: by province and year, or by commune and year; the official one unless told otherwise."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle, find_cycle
from models.records.dossiers import Dossier
from models.records.units import Unit
from models.words import Words


def cycle_of_province(session: Session, province: str, year: int, trial: bool | None = None) -> Cycle:
    """The province's cycle of a year. `trial` null: the official one, else the trial. Raises Refusal."""
    kinds = (False, True) if trial is None else (trial,)
    found = next((cycle for kind in kinds if (cycle := find_cycle(session, province, year, kind))), None)
    if found is None:
        raise _no_cycle(Words(f"tỉnh {province}", f"province {province}"), year)
    return found


def cycle_of_commune(session: Session, code: str, year: int, trial: bool | None = None) -> Cycle:
    """The cycle of a year in which the commune has its dossier. Raises Refusal."""
    query = (
        select(Cycle)
        .join(Dossier, Dossier.cycle_id == Cycle.id)
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(Unit.code == code, Cycle.year == year)
        .order_by(Cycle.trial)
    )
    found = session.scalars(query if trial is None else query.where(Cycle.trial == trial)).first()
    if found is None:
        raise _no_cycle(Words(f"đơn vị {code}", f"unit {code}"), year)
    return found


def _no_cycle(whose: Words, year: int) -> Refusal:
    return Refusal(
        "no_such_cycle",
        Words(f"Chưa có kỳ đánh giá năm {year} của {whose.vi}.", f"There is no cycle of {year} for {whose.en}."),
        Words(
            "Kỳ chưa được mở, hoặc mã đơn vị không thuộc kỳ đó.",
            "It was not opened, or the unit has no dossier in it.",
        ),
        Words(
            "Xem `tcpl status`; mở kỳ bằng `tcpl open --province MÃ --year NĂM`.",
            "See `tcpl status`; open it with `tcpl open --province CODE --year YEAR`.",
        ),
    )

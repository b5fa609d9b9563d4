"""Whose authority decides in a cycle: its districts, or its province; who acts for another unit is told so."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier
from models.records.units import Unit
from models.words import Words


def deciding_units(session: Session, cycle: Cycle) -> list[Unit]:
    """The units whose authority decides in the cycle, by code: a district without communes has nothing to decide."""
    if law_of(session, cycle).regulation.authority.decides.level == "province":
        return [session.get_one(Unit, cycle.province_id)]
    ids = select(Dossier.district_id).where(Dossier.cycle_id == cycle.id, Dossier.district_id.is_not(None))
    return list(session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.code)))


def refuse_no_deciding_unit(session: Session, cycle: Cycle, unit: Unit) -> None:
    """Raises Refusal `not_a_deciding_unit` for a commune, or a district of somewhere else."""
    units = deciding_units(session, cycle)
    if unit.id in {one.id for one in units}:
        return
    listed = ", ".join(f"{one.code} {one.name}" for one in units)
    raise Refusal(
        "not_a_deciding_unit",
        Words(
            f"{unit.name} ({unit.code}) không có thẩm quyền quyết định trong kỳ này.",
            f"{unit.name} ({unit.code}) does not decide in this cycle.",
        ),
        Words("Việc này là của đơn vị mà văn bản giao quyết định.", "This is done by the unit that the text names."),
        Words(f"Ghi một trong các đơn vị: {listed}.", f"Name one of: {listed}."),
        units=[one.code for one in units],
    )

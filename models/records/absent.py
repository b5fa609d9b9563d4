"""A commune that has no dossier in a cycle: the refusal, and whose the dossier is if the commune was merged."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.unit_queries import heirs
from models.records.units import Unit
from models.words import Words

MOST_NAMED = 10


class Heir(NamedTuple):
    """The unit that has the dossier of a merged one."""

    old: str
    code: str
    name: str


def heirs_of(session: Session, codes: Sequence[str], year: int) -> list[Heir]:
    """The units with a dossier of that year that the communes of these codes went into, however far on."""
    merged = session.scalars(select(Unit).where(Unit.code.in_(codes), Unit.valid_to.is_not(None)).order_by(Unit.code))
    found: dict[Heir, None] = {}
    for unit in merged.all():
        dossiers = select(Dossier.unit_id).join(Cycle, Cycle.id == Dossier.cycle_id).where(Cycle.year == year)
        later = select(Unit).where(Unit.id.in_(heirs(session, unit.id)), Unit.id.in_(dossiers)).order_by(Unit.code)
        found |= {Heir(unit.code, one.code, one.name): None for one in session.scalars(later) if one.id != unit.id}
    return [*found]


def ask_the_heirs(found: Sequence[Heir]) -> Words:
    """What to do where there are heirs."""
    listed = "; ".join(f"{one.old} → {one.code} {one.name}" for one in found[:MOST_NAMED])
    return Words(
        f"Đơn vị đã sắp xếp lại; dùng mã của đơn vị kế thừa: {listed}.",
        f"The unit was merged; use the code of its successor: {listed}.",
    )


def not_in_cycle(session: Session, codes: Sequence[str], cycle: Cycle) -> Refusal:
    """Refusal `unit_not_in_cycle` for codes without a dossier in the cycle."""
    listed, found = ", ".join(codes[:MOST_NAMED]), heirs_of(session, codes, cycle.year)
    return Refusal(
        "unit_not_in_cycle",
        Words(
            f"Không có hồ sơ của đơn vị {listed} trong kỳ đánh giá năm {cycle.year}.",
            f"There is no dossier of unit {listed} in the cycle of {cycle.year}.",
        ),
        Words(
            "Mã này không phải đơn vị cấp xã có hồ sơ trong kỳ.",
            "The code is not that of a commune with a dossier in the cycle.",
        ),
        ask_the_heirs(found)
        if found
        else Words("Xem danh mục bằng `tcpl units show`.", "See the list with `tcpl units show`."),
        codes=list(codes),
        successors=[one._asdict() for one in found],
    )

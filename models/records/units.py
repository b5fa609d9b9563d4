"""Administrative units: rows with their own id, since codes are reused; `code + date` finds one. And their lineage."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Table


class Unit(Table):
    """A province, district or commune with its validity, both days inclusive; `valid_to` null: still in force.

    `level` is "province", "district" or "commune"; `kind` is the word of its name (Xã, Phường, Thị trấn, Huyện ...).
    """

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("code", "level", "valid_from"),
        Index(None, "parent_id", "level"),
        Index(None, "level", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(200))


class Descent(Table):
    """What a unit came from: `whole` says whether all of the older unit went into the newer one."""

    __tablename__ = "unit_lineage"
    __table_args__ = (Index(None, "to_id"),)

    from_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    on: Mapped[date]
    whole: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))

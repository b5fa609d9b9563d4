"""Reports upward: figures counted once, frozen with the report's number; later corrections make an addendum."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.records.base import Table


class ReportFigures(Table):
    """The figures of a report as they stood on `as_of`. `amends`: the report that this addendum corrects, and how."""

    __tablename__ = "report_figures"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "step", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    step: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120))
    as_of: Mapped[date]
    law_version: Mapped[int]
    figures: Mapped[str] = mapped_column(Text)
    amends: Mapped[str | None] = mapped_column(String(120))
    changes: Mapped[str | None] = mapped_column(Text)

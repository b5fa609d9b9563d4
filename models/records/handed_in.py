"""What communes handed in: each file as it came, its rows beside the scores; nothing is erased by a newer one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.leaders import LeaderFinding
from models.law.posting import Posted
from models.records.base import Moment, Table
from models.records.cycles import Cycle
from models.records.dossiers import batched
from models.records.filing import Filing


class HandedIn(Table):
    """One file that was accepted. `round`: the round of the dossier that it made."""

    __tablename__ = "handed_in_files"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "sha256"), Index(None, "unit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    round: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    declares_not_met: Mapped[bool]
    document: Mapped[str] = mapped_column(String(200))
    explanation: Mapped[str] = mapped_column(Text)


class HandedInLine(Table):
    """One row of one part of a file (opinions, meeting, officers, evidence, ...) as canonical JSON in `text`."""

    __tablename__ = "handed_in_lines"

    handed_in_id: Mapped[int] = mapped_column(ForeignKey("handed_in_files.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)


class Line(NamedTuple):
    """One row of one part of a file, with the indicator or content that it is about, as canonical JSON."""

    part: str
    number: int
    place: str
    text: str


@dataclass(frozen=True)
class Paper:
    """A commune's file as it was read: the filing, and what stands beside it."""

    filing: Filing
    sha256: str
    name: str
    size: int
    explanation: str = ""
    postings: tuple[Posted, ...] = ()
    findings: tuple[LeaderFinding, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def key(self) -> str:
        return f"handed-in/{self.filing.code}/{self.sha256[:32]}"


def handed_in(session: Session, cycle: Cycle, unit_id: int) -> list[HandedIn]:
    """Every file of a commune in the cycle, oldest first."""
    query = select(HandedIn).where(HandedIn.cycle_id == cycle.id, HandedIn.unit_id == unit_id)
    return list(session.scalars(query.order_by(HandedIn.id)))


def newest_files(session: Session, cycle_id: int, unit_ids: Sequence[int]) -> dict[int, HandedIn]:
    """The newest file of each of these communes; one that handed none in is absent."""
    found: dict[int, HandedIn] = {}
    for chunk in batched(list(unit_ids)):
        query = select(HandedIn).where(HandedIn.cycle_id == cycle_id, HandedIn.unit_id.in_(chunk))
        found |= {file.unit_id: file for file in session.scalars(query.order_by(HandedIn.id))}
    return found


def lines_of(session: Session, handed_in_id: int) -> list[HandedInLine]:
    """What stands beside the answers in one file, part by part."""
    query = select(HandedInLine).where(HandedInLine.handed_in_id == handed_in_id)
    return list(session.scalars(query.order_by(HandedInLine.part, HandedInLine.number)))

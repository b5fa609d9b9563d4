"""Documented results of earlier years: recognised or not, by which decision, from which source.

A unit is a row and not a code: a result belongs to the unit that bore the code on the last day of its year, and no unit
that was merged inherits one (law file of 2025, part 8.7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.records.base import Moment, Table
from models.records.cycles import Cycle
from models.records.dossiers import Dossier, batched
from models.records.prepared import prepared
from models.words import Words


class ResultImport(Table):
    """One file of results that was taken in: its name, its SHA-256, who did it and when."""

    __tablename__ = "result_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(300))
    file_hash: Mapped[str] = mapped_column(String(64), unique=True)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    results: Mapped[int]


class EarlierResult(Table):
    """What a unit was found to be in a year, as a document says."""

    __tablename__ = "earlier_results"
    __table_args__ = (Index(None, "year"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    recognised: Mapped[bool]
    decision: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
    import_id: Mapped[int] = mapped_column(ForeignKey("result_imports.id"))


@dataclass(frozen=True)
class Documented:
    """One row to be taken in; `place` says where it stands in its file ("Sheet1!A5"), `code` and `name` the unit's."""

    unit_id: int
    code: str
    year: int
    recognised: bool
    decision: str
    decided_on: date
    source: str
    place: str


def take_results(
    session: Session, results: Sequence[Documented], file_name: str, file_hash: str, by: str, at: datetime
) -> int:
    """Take a file's results in, all or none; returns how many were new. The same file twice changes nothing.

    Refused: a result that says otherwise than what is documented already, or than the official cycle of that year.
    """
    if session.scalar(select(ResultImport.id).where(ResultImport.file_hash == file_hash)) is not None:
        return 0
    known = documented(session, [one.unit_id for one in results])
    contradicted = [one for one in results if (one.unit_id, one.year) in known and _otherwise(known, one)]
    if contradicted:
        raise _contradicts(contradicted)
    new = [one for one in results if (one.unit_id, one.year) not in known]
    import_id = session.scalars(
        insert(ResultImport).returning(ResultImport.id),
        [{"file_name": file_name, "file_hash": file_hash, "by": by, "at": at, "results": len(new)}],
    ).one()
    if new:
        names = ("unit_id", "year", "recognised", "decision", "decided_on", "source")
        session.execute(
            insert(EarlierResult),
            [{"import_id": import_id, **{name: getattr(one, name) for name in names}} for one in new],
        )
    return len(new)


def _otherwise(known: Mapping[tuple[int, int], EarlierResult], one: Documented) -> bool:
    found = known[one.unit_id, one.year]
    return (found.recognised, found.decision, found.decided_on) != (one.recognised, one.decision, one.decided_on)


def documented(session: Session, unit_ids: Sequence[int]) -> dict[tuple[int, int], EarlierResult]:
    """The documented results of these units, by (unit, year)."""
    found: dict[tuple[int, int], EarlierResult] = {}
    for chunk in batched(sorted(set(unit_ids))):
        rows = session.scalars(*_documented(chunk))
        found |= {(row.unit_id, row.year): row for row in rows}
    return found


@prepared
def _documented(unit_ids: Sequence[int]):
    return select(EarlierResult).where(EarlierResult.unit_id.in_(unit_ids))


def recognised_years(session: Session, unit_ids: Sequence[int], trial: bool) -> dict[int, dict[int, bool]]:
    """What is known of each unit by year: documented results, and this product's own decided cycles.

    Trial cycles count for a trial only: nothing official rests on what was tried.
    """
    found: dict[int, dict[int, bool]] = {unit_id: {} for unit_id in unit_ids}
    for chunk in batched(sorted(set(unit_ids))):
        rows = session.execute(
            select(Dossier.unit_id, Cycle.year, Dossier.state)
            .join(Cycle, Cycle.id == Dossier.cycle_id)
            .where(Dossier.unit_id.in_(chunk), Dossier.state.in_([str(state) for state in DECIDED]))
            .where(Cycle.trial.is_(False) if not trial else Cycle.id.is_not(None))
            .order_by(Cycle.trial.desc())  # an official result overrules a trial's
        )
        for unit_id, year, state in rows.tuples():
            found[unit_id][year] = State(state) is State.RECOGNISED
    for (unit_id, year), row in documented(session, unit_ids).items():
        found[unit_id].setdefault(year, row.recognised)
    return found


def years_running(known: Mapping[int, bool], year: int) -> int:
    """For how many years, back from this one without a gap, the unit was recognised.

    A year that nobody knows anything of ends the row: what is not documented is not claimed.
    """
    count = 0
    while known.get(year - count):
        count += 1
    return count


def _contradicts(results: Sequence[Documented]) -> Refusal:
    listed = ", ".join(f"{one.place} ({one.code}/{one.year})" for one in results[:5])
    return Refusal(
        "result_contradicts",
        Words(
            f"{len(results)} kết quả khác với kết quả đã có tài liệu: {listed}.",
            f"{len(results)} results say otherwise than what is documented: {listed}.",
        ),
        Words("Kết quả đã có tài liệu không bị ghi đè.", "A documented result is not overwritten."),
        Words("Đối chiếu hai tài liệu rồi sửa tệp.", "Compare both documents and mend the file."),
        places=[one.place for one in results],
    )

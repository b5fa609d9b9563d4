"""Evidence: each file once under its SHA-256, listed per indicator, with what was found of its signatures."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.records.acting import Sitting, Traces
from models.records.base import Moment, Table
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.upserts import insert_new


class EvidenceFile(Table):
    """A file as it was stored: what it is by its content, never by its name."""

    __tablename__ = "evidence_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    stored_at: Mapped[datetime] = mapped_column(Moment)


class EvidenceLink(Table):
    """A file as evidence for one indicator or content of one commune."""

    __tablename__ = "evidence_links"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "place", "sha256"), Index(None, "cycle_id", "unit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    place: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(ForeignKey("evidence_files.sha256"))
    name: Mapped[str] = mapped_column(String(255))
    number: Mapped[str] = mapped_column(String(120))
    dated: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))


class EvidenceSignature(Table):
    """What was found of one signature of a PDF file. `number` 0 and no signer: the file is not signed, or broken."""

    __tablename__ = "evidence_signatures"

    sha256: Mapped[str] = mapped_column(ForeignKey("evidence_files.sha256"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    signer: Mapped[str | None] = mapped_column(String(300))
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    intact: Mapped[bool]
    valid: Mapped[bool]
    trusted: Mapped[bool]
    whole_file: Mapped[bool]
    finding_vi: Mapped[str] = mapped_column(String(500))
    finding_en: Mapped[str] = mapped_column(String(500))


def add_evidence(
    sitting: Sitting,
    code: str,
    place: str,
    stored: dict[str, object],
    signatures: Sequence[dict[str, object]],
    said: dict[str, object],
) -> bool:
    """Link a stored file to an indicator of a commune; False if that was known.

    `stored` is a row of `evidence_files`, `signatures` rows of `evidence_signatures`, `said` {"name", "number",
    "dated"} of the link.
    """
    dossier = sitting.dossiers([code])[code]
    key = f"evidence/{code}/{place}/{str(stored['sha256'])[:32]}"
    if not sitting.fresh([key]):
        return False
    session, signed = sitting.session, sitting.signed
    session.execute(insert_new(EvidenceFile).values(**stored))
    if signatures:
        session.execute(insert_new(EvidenceSignature), list(signatures))
    link = {"cycle_id": sitting.cycle.id, "unit_id": dossier.unit_id, "place": place, "sha256": stored["sha256"]}
    session.execute(insert(EvidenceLink).values(**link, **said, added_at=signed.at, by=signed.by))
    line = Touched(dossier.unit_id, key, {"place": place, "sha256": stored["sha256"], **said})
    sitting.finish("add-evidence", key, [line], Traces())
    return True


def evidence_of(session: Session, cycle_id: int, unit_id: int) -> list[tuple[EvidenceLink, EvidenceFile]]:
    """The evidence of a commune, indicator by indicator."""
    return list(session.execute(*_evidence(cycle_id, unit_id)).tuples())


@prepared
def _evidence(cycle_id: int, unit_id: int):
    return (
        select(EvidenceLink, EvidenceFile)
        .join(EvidenceFile, EvidenceFile.sha256 == EvidenceLink.sha256)
        .where(EvidenceLink.cycle_id == cycle_id, EvidenceLink.unit_id == unit_id)
        .order_by(EvidenceLink.place, EvidenceLink.id)
    )


def signatures_of(session: Session, sha256: str) -> list[EvidenceSignature]:
    query = select(EvidenceSignature).where(EvidenceSignature.sha256 == sha256)
    return list(session.scalars(query.order_by(EvidenceSignature.number)))

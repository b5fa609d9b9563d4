"""The signed file of a decision: kept under its SHA-256, with what was found of its signatures; never replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import update

from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.decisions import DecisionPaper, find_decision
from models.records.evidence import EvidenceFile, EvidenceSignature
from models.records.journal import Touched
from models.records.publishing import no_such_decision
from models.records.upserts import insert_new
from models.words import Words


@dataclass(frozen=True)
class Paper:
    """A file that was kept: its name, SHA-256, what it is by its content, and rows of `evidence_signatures`."""

    name: str
    hash: str
    size: int = 0
    kind: str = ""
    signatures: Sequence[Mapping[str, object]] = field(default=(), compare=False)


def keep_file(sitting: Sitting, paper: Paper) -> None:
    """Put the file and what was found of its signatures on record; what is there stays as it was found first."""
    row = {"sha256": paper.hash, "size": paper.size, "kind": paper.kind, "stored_at": sitting.signed.at}
    sitting.session.execute(insert_new(EvidenceFile).values(**row))
    if paper.signatures:
        sitting.session.execute(insert_new(EvidenceSignature), [dict(one) for one in paper.signatures])


def attach(sitting: Sitting, unit_id: int, unit_code: str, number: str, paper: Paper) -> bool:
    """Add the signed file to a decision that was recorded without one; False if it is there. It is never exchanged."""
    known = find_decision(sitting.session, sitting.cycle.id, unit_id, number)
    if known is None:
        raise no_such_decision(number, unit_code)
    kept = sitting.session.get_one(DecisionPaper, known.id)
    if kept.file_hash not in (None, paper.hash):
        raise _has_a_file(number, kept.file_name or "?")
    key = f"attach/{unit_code}/{number}"
    if kept.file_hash or not sitting.fresh([key]):
        return False
    keep_file(sitting, paper)
    sitting.session.execute(
        update(DecisionPaper)
        .where(DecisionPaper.decision_id == known.id)
        .values(file_name=paper.name, file_hash=paper.hash)
    )
    said = {"number": number, "file": paper.name, "sha256": paper.hash}
    sitting.finish("attach-decision-file", key, [Touched(unit_id, key, said)], Traces())
    return True


def _has_a_file(number: str, name: str) -> Refusal:
    return Refusal(
        "decision_has_a_file",
        Words(f"Quyết định {number} đã có tệp {name}.", f"Decision {number} has its file {name}."),
        Words("Tệp đã ghi thì không thay tệp khác.", "A file on record is not exchanged for another."),
        Words(
            "Kiểm tra lại tệp; nếu nội dung quyết định khác, ghi quyết định thay thế bằng `tcpl correct`.",
            "Check the file; if the decision itself differs, record a superseding one with `tcpl correct`.",
        ),
    )

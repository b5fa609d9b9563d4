"""The signed file of a decision: taken by its content, kept once, its signatures verified; what was found is told."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.records import decision_files
from models.records.decision_files import Paper
from models.records.decisions import DecisionPaper, find_decision
from models.records.evidence import EvidenceSignature, signatures_of
from models.words import Words
from tasks import clock
from tasks.evidence import read_evidence, store
from tasks.papers import hash_of
from tasks.settings import Settings
from tasks.signatures import look_into
from tasks.sittings import Hand, Place, look, sit, unit_of


def keep_decision(path: Path | None, at: datetime) -> Paper | None:
    """Keep a file under its SHA-256 and look into its signatures. Raises Refusal for what is not taken."""
    if path is None:
        return None
    hash_of(path)
    settings = Settings()
    content, kind = read_evidence(path)
    sha256 = hashlib.sha256(content).hexdigest()
    store(settings, sha256, kind, content)
    found = look_into(content, settings.home / "trust", at) if kind == "pdf" else ()
    rows = tuple(one.row(sha256, order) for order, one in enumerate(found))
    return Paper(path.name[:300], sha256, len(content), kind, rows)


def attach(place: Place, unit_code: str, number: str, file: Path, hand: Hand) -> bool:
    """Add the signed file to a decision that was recorded without one; False if it is there."""
    paper = keep_decision(file, clock.in_office(hand.at))
    assert paper is not None
    with sit(place, hand, "bổ sung tệp quyết định") as sitting:
        unit = unit_of(sitting.session, sitting.cycle, unit_code)
        return decision_files.attach(sitting, unit.id, unit.code, number, paper)


def paper_of(place: Place, unit_code: str, number: str) -> dict[str, Any] | None:
    """The file of a decision and what was found of its signatures, null: none was handed in."""
    with look(place) as (session, cycle):
        found = find_decision(session, cycle.id, unit_of(session, cycle, unit_code).id, number)
        return paper_document(session, session.get(DecisionPaper, found.id), found.signed_on) if found else None


def paper_document(session: Session, paper: DecisionPaper | None, signed_on: date) -> dict[str, Any] | None:
    """{"file","sha256","signatures","remarks"} with `Words`; null where no file was handed in."""
    if paper is None or paper.file_hash is None:
        return None
    found = signatures_of(session, paper.file_hash)
    return {
        "file": paper.file_name,
        "sha256": paper.file_hash,
        "signatures": [Words(one.finding_vi, one.finding_en) for one in found],
        "remarks": _remarks(found, signed_on),
    }


def _remarks(found: Sequence[EvidenceSignature], signed_on: date) -> list[Words]:
    """What a person has to look at: nothing is refused for it, since paper is signed by hand as well."""
    signed = [one for one in found if one.signer]
    if not signed:
        return [Words("Tệp không có chữ ký số nào kiểm tra được.", "No signature of the file can be verified.")]
    remarks = []
    if not any(one.valid and one.intact for one in signed):
        remarks.append(Words("Không chữ ký nào còn nguyên vẹn và hợp lệ.", "No signature is intact and valid."))
    days = {one.signed_at.astimezone(Settings().zone).date() for one in signed if one.signed_at}
    if days and signed_on not in days:
        listed = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))
        remarks.append(
            Words(
                f"Ký số ngày {listed}, quyết định ghi ngày {signed_on:%d/%m/%Y}.",
                f"Signed electronically on {listed}; the decision is dated {signed_on:%d/%m/%Y}.",
            )
        )
    return remarks

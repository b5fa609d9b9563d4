"""What lies beside the scores of a dossier: evidence with its signatures, supplements, leaders, inspection visits.

Plain values and `Words`, as of a moment.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.leaders import MEASURE_WORDS, ROLE_WORDS
from models.records.cycles import Cycle
from models.records.evidence import EvidenceFile, EvidenceLink, EvidenceSignature, evidence_of
from models.records.findings import findings_of
from models.records.inspections import visits_of
from models.records.prepared import prepared
from models.records.supplements import SupplementRound, items_of, rounds_of
from models.records.units import Unit
from models.words import Words


def papers_of(session: Session, cycle: Cycle, unit: Unit, at: datetime) -> dict[str, Any]:
    """All of it for one dossier; what came after the moment is not there yet."""
    on = at.date()
    return {
        "evidence": _evidence(session, cycle.id, unit.id, at),
        "supplements": [
            _round(session, one, at) for one in rounds_of(session, cycle.id, unit.id) if one.asked_at <= at
        ],
        "leaders": _leaders(session, cycle, unit.id, on),
        "visits": [_visit(one, on) for one in visits_of(session, cycle.id, unit.code)],
    }


def _evidence(session: Session, cycle_id: int, unit_id: int, at: datetime) -> list[dict[str, Any]]:
    rows = [(link, file) for link, file in evidence_of(session, cycle_id, unit_id) if link.added_at <= at]
    hashes = {file.sha256 for _, file in rows}
    signed: dict[str, list[EvidenceSignature]] = {}
    for one in session.scalars(*_signatures(hashes)):
        signed.setdefault(one.sha256, []).append(one)
    return [_file(link, file, signed.get(file.sha256, [])) for link, file in rows]


@prepared
def _signatures(hashes: Collection[str]):
    query = select(EvidenceSignature).where(EvidenceSignature.sha256.in_(hashes))
    return query.order_by(EvidenceSignature.sha256, EvidenceSignature.number)


def _file(link: EvidenceLink, file: EvidenceFile, signatures: Sequence[EvidenceSignature]) -> dict[str, Any]:
    return {
        "place": link.place,
        "name": link.name,
        "number": link.number,
        "dated": link.dated,
        "added_at": link.added_at,
        "by": link.by,
        "sha256": file.sha256,
        "size": file.size,
        "kind": file.kind,
        "signatures": [
            {
                "signer": one.signer,
                "signed_at": one.signed_at,
                "good": one.intact and one.valid and one.trusted and one.whole_file,
                "finding": Words(one.finding_vi, one.finding_en),
            }
            for one in signatures
        ],
    }


def _round(session: Session, one: SupplementRound, at: datetime) -> dict[str, Any]:
    answered = one.answered_at is not None and one.answered_at <= at
    return {
        "number": one.number,
        "notes": one.notes,
        "asked_at": one.asked_at,
        "asked_by": one.asked_by,
        "received_on": one.received_on,
        "answered_at": one.answered_at if answered else None,
        "answered_by": one.answered_by if answered else None,
        "items": items_of(session, one.id),
    }


def _leaders(session: Session, cycle: Cycle, unit_id: int, on: date) -> list[dict[str, Any]]:
    """Only the role and the document: a page for many eyes does not name the person."""
    return [
        {
            "role": ROLE_WORDS[one.finding.role],
            "measure": MEASURE_WORDS[one.finding.measure],
            "act": one.finding.act,
            "on": one.finding.on,
            "document": one.finding.document,
            "counts": one.bearing.counts,
            "why": one.bearing.why,
        }
        for one in findings_of(session, cycle, [unit_id]).get(unit_id, [])
        if one.finding.on <= on
    ]


def _visit(one: dict[str, Any], on: date) -> dict[str, Any]:
    held = one["held_on"] if one["held_on"] and one["held_on"] <= on else None
    names = ("number", "found", "remedy", "mend_by")
    findings = [
        {name: finding[name] for name in names}
        | ({"mended_on": day, "proof": finding["proof"]} if (day := finding["mended_on"]) and day <= on else {})
        | {"late": not (day and day <= on) and finding["mend_by"] < on}
        for finding in (one["findings"] if held else ())
    ]
    return {**one, "held_on": held, "findings": findings}

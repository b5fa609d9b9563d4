"""What a commune handed in and what was said of it, as part of the dossier's page: files, postings, supplements, cases.

As of a moment: what came later is not shown, what was withdrawn later still is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.leaders import MEASURE_WORDS, ROLE_WORDS, LeaderFinding, Measure, Role, bearing
from models.law.posting import CHANNEL_WORDS, Channel, Posted, check_posting
from models.law.regulation import ACTOR_WORDS
from models.records.cycles import Cycle, law_of
from models.records.evidence import evidence_of, signatures_of
from models.records.findings import FindingRecord
from models.records.handed_in import HandedIn
from models.records.holding import held, lateness
from models.records.last_file import POSTING, last_said
from models.records.postings import PostingRecord, rule_in
from models.records.supplements import LEADERS, PART_WORDS, items_of, rounds_of
from models.words import Words


def papers(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> dict[str, Any]:
    """{"files", "beside", "posting", "supplements", "held", "late_days", "findings", "evidence"}."""
    zone = at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    return {
        "files": _files(session, cycle, unit_id, at),
        "beside": _beside(session, cycle, unit_id),
        "posting": _posting(session, cycle, unit_id, at),
        "supplements": _supplements(session, cycle, unit_id, at),
        "held": [
            {"holder": str(one.holder), "holder_words": ACTOR_WORDS[one.holder], "since": one.since, "until": one.until}
            for one in held(session, cycle, unit_id, zone)
            if one.since <= at.date()
        ],
        "late_days": _late_days(session, cycle, unit_id, at, zone),
        "findings": _findings(session, cycle, unit_id, at),
        "evidence": _evidence(session, cycle, unit_id, at),
    }


def _files(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> list[dict[str, Any]]:
    query = select(HandedIn).where(HandedIn.cycle_id == cycle.id, HandedIn.unit_id == unit_id, HandedIn.at <= at)
    return [
        {
            "round": one.round,
            "name": one.name,
            "sha256": one.sha256,
            "size": one.size,
            "at": one.at,
            "by": one.by,
            "declares_not_met": one.declares_not_met,
            "document": one.document,
            "explanation": one.explanation,
        }
        for one in session.scalars(query.order_by(HandedIn.id))
    ]


def _beside(session: Session, cycle: Cycle, unit_id: int) -> list[dict[str, Any]]:
    """The rows of the last file beside its scores: opinions, meeting, officers, evidence list."""
    said: Mapping[str, Sequence[Mapping[str, Any]]] = last_said(session, cycle.id, [unit_id]).get(unit_id, {})
    parts = [part for part in PART_WORDS if part not in (POSTING, LEADERS) and said.get(part)]
    return [{"part": part, "title": PART_WORDS[part], "rows": [dict(row) for row in said[part]]} for part in parts]


def _posting(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> dict[str, Any]:
    query = select(PostingRecord).where(PostingRecord.cycle_id == cycle.id, PostingRecord.unit_id == unit_id)
    rows = [
        row
        for row in session.scalars(query.order_by(PostingRecord.began, PostingRecord.id))
        if row.recorded_at <= at and (row.until_at is None or row.until_at > at)
    ]
    posted = [Posted(Channel(row.channel), row.began, row.ended, row.times, row.place, row.proof) for row in rows]
    found = check_posting(rule_in(law_of(session, cycle).regulation), posted, cycle.year)
    return {
        "satisfied": found.satisfied if posted else None,
        "satisfied_on": found.satisfied_on,
        "wanting": list(found.wanting) if posted else [],
        "warnings": list(found.warnings),
        "postings": [
            {
                "channel": str(one.channel),
                "channel_words": CHANNEL_WORDS[one.channel],
                "place": one.place,
                "from": one.began,
                "to": one.ended,
                "times": one.times,
                "proof": one.proof,
            }
            for one in posted
        ],
    }


def _supplements(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "asked_at": one.asked_at,
            "asked_by": one.asked_by,
            "received_on": one.received_on,
            "answered_at": one.answered_at if one.answered_at and one.answered_at <= at else None,
            "notes": one.notes,
            "items": [
                {"item": place, "title": PART_WORDS.get(place, Words(place, place)), "note": note}
                for place, note in items_of(session, one.id).items()
            ],
        }
        for one in rounds_of(session, cycle.id, unit_id)
        if one.asked_at <= at
    ]


def _late_days(session: Session, cycle: Cycle, unit_id: int, at: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Whose the late days of each late step are."""
    titles = {step.id: step.title for _, step in law_of(session, cycle).regulation.steps()}
    found = lateness(session, cycle, unit_id, at.date(), zone)
    return [
        {
            "step": step,
            "title": titles.get(step.partition("/")[0], step),
            "holders": [
                {"holder": str(holder), "holder_words": ACTOR_WORDS[holder], "days": days}
                for holder, days in by_holder.items()
            ],
        }
        for step, by_holder in found.items()
    ]


def _findings(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> list[dict[str, Any]]:
    query = select(FindingRecord).where(FindingRecord.cycle_id == cycle.id, FindingRecord.unit_id == unit_id)
    rows = [row for row in session.scalars(query.order_by(FindingRecord.id)) if row.recorded_at <= at]
    return [_finding(row, cycle, row.until_at is not None and row.until_at <= at) for row in rows]


def _finding(row: FindingRecord, cycle: Cycle, withdrawn: bool) -> dict[str, Any]:
    role, measure = Role(row.role), Measure(row.measure)
    weighed = bearing(
        LeaderFinding(row.person, role, row.act, row.on_day, row.document, measure, row.duty_related), cycle.year
    )
    return {
        "id": row.id,
        "person": row.person,
        "role": row.role,
        "role_words": ROLE_WORDS[role],
        "act": row.act,
        "on": row.on_day,
        "document": row.document,
        "measure": row.measure,
        "measure_words": MEASURE_WORDS[measure],
        "duty_related": row.duty_related,
        "counts": weighed.counts and not withdrawn,
        "why": weighed.why,
        "withdrawn_ground": row.withdrawn_ground if withdrawn else None,
        "by": row.by,
    }


def _evidence(session: Session, cycle: Cycle, unit_id: int, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "indicator": link.place,
            "name": link.name,
            "number": link.number,
            "dated": link.dated,
            "sha256": file.sha256,
            "kind": file.kind,
            "size": file.size,
            "signatures": [
                {
                    "signer": one.signer,
                    "signed_at": one.signed_at,
                    "intact": one.intact,
                    "valid": one.valid,
                    "trusted": one.trusted,
                    "finding": Words(one.finding_vi, one.finding_en),
                }
                for one in signatures_of(session, file.sha256)
            ],
        }
        for link, file in evidence_of(session, cycle.id, unit_id)
        if link.added_at <= at
    ]

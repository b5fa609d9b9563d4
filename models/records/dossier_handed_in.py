"""What a commune handed in, as part of the dossier's page: files, what the last one says, postings, whose late days.

As of a moment: what came later is not shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.holding import Held
from models.law.posting import CHANNEL_WORDS, check_posting
from models.law.regulation import ACTOR_WORDS
from models.records.cycles import Cycle, law_of
from models.records.handed_in import HandedIn
from models.records.holding import held, lateness
from models.records.last_file import POSTING, last_said
from models.records.postings import PostingRecord, posted_in, rule_in
from models.records.prepared import prepared
from models.records.supplements import LEADERS, PART_WORDS


def handed_in_by(session: Session, cycle: Cycle, bearers: Sequence[int], at: datetime) -> dict[str, Any]:
    """{"files", "beside", "posting", "held", "late_days"} of a file; `bearers`: whose it is and was, in that order."""
    zone = at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    stretches = held(session, cycle, bearers, zone)
    return {
        "files": _files(session, cycle, bearers, at),
        "beside": _beside(session, cycle, bearers),
        "posting": _posting(session, cycle, bearers, at),
        "held": [
            {"holder": str(one.holder), "holder_words": ACTOR_WORDS[one.holder], "since": one.since, "until": one.until}
            for one in stretches
            if one.since <= at.date()
        ],
        "late_days": _late_days(session, cycle, bearers[0], stretches, at.date()),
    }


def _files(session: Session, cycle: Cycle, bearers: Sequence[int], at: datetime) -> list[dict[str, Any]]:
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
        for one in session.scalars(*_handed_in(cycle.id, bearers, at))
    ]


@prepared
def _handed_in(cycle_id: int, unit_ids: Sequence[int], at: datetime):
    query = select(HandedIn).where(HandedIn.cycle_id == cycle_id, HandedIn.unit_id.in_(unit_ids), HandedIn.at <= at)
    return query.order_by(HandedIn.id)


def _beside(session: Session, cycle: Cycle, bearers: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of the last file beside its scores: opinions, meeting, officers, evidence list."""
    by_unit = last_said(session, cycle.id, bearers)
    said: Mapping[str, Sequence[Mapping[str, Any]]] = next((by_unit[one] for one in bearers if one in by_unit), {})
    parts = [part for part in PART_WORDS if part not in (POSTING, LEADERS) and said.get(part)]
    return [{"part": part, "title": PART_WORDS[part], "rows": [dict(row) for row in said[part]]} for part in parts]


def _posting(session: Session, cycle: Cycle, bearers: Sequence[int], at: datetime) -> dict[str, Any]:
    rows = [
        row
        for row in session.scalars(*_posted(cycle.id, bearers))
        if row.recorded_at <= at and (row.until_at is None or row.until_at > at)
    ]
    posted = [posted_in(row) for row in rows]
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


@prepared
def _posted(cycle_id: int, unit_ids: Sequence[int]):
    query = select(PostingRecord).where(PostingRecord.cycle_id == cycle_id, PostingRecord.unit_id.in_(unit_ids))
    return query.order_by(PostingRecord.began, PostingRecord.id)


def _late_days(
    session: Session, cycle: Cycle, unit_id: int, stretches: Sequence[Held], on: date
) -> list[dict[str, Any]]:
    """Whose the late days of each late step are."""
    titles = {step.id: step.title for _, step in law_of(session, cycle).regulation.steps()}
    found = lateness(session, cycle, unit_id, stretches, on)
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

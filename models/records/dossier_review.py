"""What review and decision left on one dossier: Council, notes, returns, decisions, grants, complaints, past results.

Each part is as of a moment: what was recorded later is not in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.regulation import ACTOR_WORDS, Actor, whole
from models.records.appraisal_notes import AppraisalNote, ReturnedPlace
from models.records.complaints import COMPLAINT_WORDS, Complaint, ComplaintKind, complaints_of
from models.records.councils import Held, councils_held
from models.records.cycles import Cycle
from models.records.decisions import Decided, Decision, DecisionPaper, lines_of
from models.records.dossiers import Dossier
from models.records.earlier_results import documented
from models.records.evidence import signatures_of
from models.records.local_rows import LocalAct, local_acts_of
from models.records.prepared import prepared
from models.records.publishing import publications
from models.records.units import Unit
from models.words import Words

GRANTED_WORDS = {
    "extend": Words("gia hạn", "extended"),
    "unlock": Words("mở khóa chỉ tiêu", "unlocked"),
    "reopen": Words("mở lại hồ sơ", "reopened"),
    "suspend": Words("tạm dừng", "suspended"),
}


def review_of(
    session: Session,
    cycle: Cycle,
    dossier: Dossier,
    bearers: Sequence[int],
    journal: Sequence[Mapping[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """{"council","noted","returned","decisions","granted","complaints"}.

    `journal`: the lines of its corrections.
    `bearers`: the units that bore the file; what was granted to one, or sent in about it, goes with the file.
    """
    sessions = [one for one in councils_held(session, cycle.id) if one.meeting.district_id == dossier.district_id]
    return {
        "council": [_council(one) for one in sessions if one.meeting.held_on <= at.date()],
        "noted": _noted(session, dossier.id, at),
        "returned": _returned(session, dossier.id, at),
        "decisions": _decisions(session, cycle, dossier, journal, at),
        "granted": [
            _granted(one) for unit in bearers for one in local_acts_of(session, cycle.id, unit) if one.at <= at
        ],
        "complaints": [
            _complaint(one, at.date())
            for unit in bearers
            for one in complaints_of(session, cycle.id, unit)
            if one.recorded_at <= at
        ],
    }


def _council(held: Held) -> dict[str, Any]:
    meeting, record = held.meeting, held.record
    names = ("held_on", "members", "attended", "papers_sent_on", "minutes")
    beside = ("track", "chair", "secretary", "late_papers_ground")
    return {name: getattr(meeting, name) for name in names} | {
        **{name: getattr(record, name, None) for name in beside},
        "opinions": [
            {name: getattr(one, name) for name in ("member", "received_on", "document", "reason")}
            for one in held.opinions
        ],
        "opinions_missing": held.opinions_missing,
    }


def _noted(session: Session, dossier_id: int, at: datetime) -> list[dict[str, Any]]:
    """The last note at each place by the moment, with its version; a place that is open again says so."""
    last: dict[str, AppraisalNote] = {}
    for note in session.scalars(*_notes(dossier_id, at)):
        last[note.place] = note
    names = ("place", "version", "met", "part", "whole", "count", "not_arisen", "reason", "returned", "by", "at")
    return [
        {name: getattr(note, name) for name in names} | {"points": None if note.points is None else whole(note.points)}
        for note in last.values()
    ]


@prepared
def _notes(dossier_id: int, at: datetime):
    query = select(AppraisalNote).where(AppraisalNote.dossier_id == dossier_id, AppraisalNote.at <= at)
    return query.order_by(AppraisalNote.place, AppraisalNote.version)


def _returned(session: Session, dossier_id: int, at: datetime) -> list[dict[str, Any]]:
    rows = session.scalars(*_returned_places(dossier_id, at))
    names = ("round", "indicator", "reason", "by", "at")
    return [{name: getattr(row, name) for name in names} for row in rows]


@prepared
def _returned_places(dossier_id: int, at: datetime):
    query = select(ReturnedPlace).where(ReturnedPlace.dossier_id == dossier_id, ReturnedPlace.at <= at)
    return query.order_by(ReturnedPlace.round, ReturnedPlace.indicator)


def _decisions(
    session: Session, cycle: Cycle, dossier: Dossier, journal: Sequence[Mapping[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    """Every decision on the dossier, the superseded ones too; the one that counted at the moment says so."""
    there = [
        line
        for line in lines_of(session, cycle.id, dossier_ids=[dossier.id])
        if session.get_one(Decision, line.decision_id).recorded_at <= at
    ]
    numbers = {line.number for line in there}
    published = publications(session, cycle.id) if there else {}
    told = _told(session, journal)
    found = []
    for line in sorted(there, key=lambda line: (line.signed_on, line.decision_id)):
        replaced_by = line.replaced_by if line.replaced_by in numbers else None
        made = published.get((line.decided_by_id, line.number))
        done = made.done_on if made and made.done_on and made.done_on <= at.date() else None
        found.append(
            {
                **{name: getattr(line, name) for name in ("number", "signed_on", "signer", "recognised")},
                "contrary_ground": line.contrary_ground,
                "counts": replaced_by is None,
                "replaced_by": replaced_by,
                "replaces": next((one.number for one in there if one.replaced_by == line.number), None),
                "told": told.get(line.number, []),
                "publish_by": made.last_day if made else None,
                "published_on": done,
                **_paper(session, line),
            }
        )
    return found


def _paper(session: Session, line: Decided) -> dict[str, Any]:
    paper = session.get(DecisionPaper, line.decision_id)
    found = signatures_of(session, paper.file_hash) if paper and paper.file_hash else []
    names = ("position", "reason", "authority", "file_name", "file_hash")
    return {name: getattr(paper, name, None) for name in names} | {
        "signatures": [Words(one.finding_vi, one.finding_en) for one in found]
    }


def _told(session: Session, journal: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Who was told of each correction, by its number, as the journal has it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in journal:
        if line["act"] == "correct":
            change = line["change"]
            found[change["to"]["decision"]] = [
                {
                    "unit": session.get_one(Unit, one["unit"]).name,
                    "actor": one["actor"],
                    "actor_words": ACTOR_WORDS[Actor(one["actor"])],
                }
                for one in change["told"]
            ]
    return found


def _granted(act: LocalAct) -> dict[str, Any]:
    names = ("kind", "step", "begun", "until", "days", "places", "reason", "authority", "document", "by", "at")
    return {name: getattr(act, name) for name in names} | {"kind_words": GRANTED_WORDS[act.kind]}


def _complaint(one: Complaint, on: date) -> dict[str, Any]:
    """The sender stays with the office that took it in."""

    def by(day: date | None, value: Any) -> Any:
        return value if day is not None and day <= on else None

    return {
        "number": one.number,
        "kind": one.kind,
        "kind_words": COMPLAINT_WORDS[ComplaintKind(one.kind)],
        "received_on": one.received_on,
        "about": one.about,
        "level": by(one.assigned_on, one.level),
        "reported_on": by(one.reported_on, one.reported_on),
        "reported_to": by(one.reported_on, one.reported_to),
        "reported_to_words": by(one.reported_on, ACTOR_WORDS[Actor(one.reported_to)] if one.reported_to else None),
        "report": by(one.reported_on, one.report),
        "settled_on": by(one.settled_on, one.settled_on),
        "settlement": by(one.settled_on, one.settlement),
        "outcome": by(one.settled_on, one.outcome),
    }


def earlier_of(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The documented results of earlier years, oldest first."""
    names = ("year", "recognised", "decision", "decided_on", "source")
    rows = documented(session, [unit_id])
    return [{name: getattr(rows[key], name) for name in names} for key in sorted(rows, key=lambda key: key[1])]

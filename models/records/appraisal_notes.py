"""Notes of an appraisal by several people in their own fields at once, place by place, and the places sent back.

A place is an indicator, a content, or LEADER. Each note bears a version; who saves says which version was seen, and is
told when somebody else has saved since. Earlier versions stay. Nothing here moves a dossier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, and_, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.lifecycle import State
from models.law.answers import Submission, rows
from models.records import appraising_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.base import ExactPoints, Moment, Table
from models.records.canonical import canonical, digest_of
from models.records.dossiers import SMALLEST, InHand
from models.records.filing import Filing
from models.records.journal import Touched
from models.records.reviewing import LEADER, refuse_unexplained


class AppraisalNote(Table):
    """One version of what a reviewer noted at one place; `returned`: the place was sent back, and is open again."""

    __tablename__ = "appraisal_notes"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(30), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(30))
    points: Mapped[Decimal | None] = mapped_column(ExactPoints)
    met: Mapped[bool | None]
    part: Mapped[str | None] = mapped_column(String(40))
    whole: Mapped[str | None] = mapped_column(String(40))
    count: Mapped[int | None]
    not_arisen: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(1000))
    returned: Mapped[bool]
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)


class ReturnedPlace(Table):
    """An indicator sent back to the commune in a round of its file, with the reason; only those are open to it."""

    __tablename__ = "returned_places"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(30), primary_key=True)
    reason: Mapped[str] = mapped_column(String(1000))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Notes:
    """What one reviewer saves of one dossier.

    `seen`: the version of each place that the reviewer looked at (absent: 0, nothing noted yet).
    """

    code: str
    submission: Submission
    reasons: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """Places newly noted, with the version that they have now; places that stand so already are left out."""

    versions: Mapping[str, int]


def current_notes(session: Session, dossier_id: int) -> dict[str, AppraisalNote]:
    """The last version at each place of a dossier."""
    last = (
        select(AppraisalNote.place, func.max(AppraisalNote.version).label("version"))
        .where(AppraisalNote.dossier_id == dossier_id)
        .group_by(AppraisalNote.place)
        .subquery()
    )
    found = session.scalars(
        select(AppraisalNote)
        .join(last, and_(last.c.place == AppraisalNote.place, last.c.version == AppraisalNote.version))
        .where(AppraisalNote.dossier_id == dossier_id)
    )
    return {note.place: note for note in found}


def save_notes(sitting: Sitting, notes: Notes) -> Saved:
    """Save what one reviewer noted; the same again changes nothing.

    Refused: a place that somebody else has saved since the version that was seen (none of them is saved then), a
    difference from the self-score without its reason, a dossier that is not being appraised.
    """
    dossier = sitting.dossiers([notes.code])[notes.code]
    if State(dossier.state) is not State.COMPLETE:
        raise refusals.not_under_appraisal(notes.code, State(dossier.state))
    current = current_notes(sitting.session, dossier.id)
    wanted = {str(row["place"]): row for row in _note_rows(notes)}
    changed = {place: row for place, row in wanted.items() if place not in current or _differs(current[place], row)}
    overtaken = [current[place] for place in sorted(changed) if place in current and _overtaken(current[place], notes)]
    if overtaken:
        raise refusals.changed_meanwhile(notes.code, [_told(note) for note in overtaken])
    if not changed:
        return Saved({})
    _refuse_unexplained(sitting, notes)
    versions = {place: current[place].version + 1 if place in current else 1 for place in changed}
    _write(sitting, dossier, changed, versions)
    lines = [
        Touched(
            dossier.unit_id, f"note/{notes.code}/{place}/{versions[place]}", {"reason": row["reason"], **_said(row)}
        )
        for place, row in sorted(changed.items())
    ]
    key = f"note/{notes.code}/{digest_of(canonical(versions))[:16]}"
    sitting.finish("note-appraisal", key, lines, Traces())
    return Saved(versions)


def _told(note: AppraisalNote) -> refusals.Noted:
    return refusals.Noted(note.place, note.version, note.by, note.at)


def _overtaken(note: AppraisalNote, notes: Notes) -> bool:
    return notes.seen.get(note.place, 0) != note.version


def _note_rows(notes: Notes) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        _blank(row.content or row.indicator, row.indicator)
        | {
            "points": None if row.points is None else row.points.quantize(SMALLEST),
            "met": row.met,
            "part": None if row.part is None else str(row.part),
            "whole": None if row.whole is None else str(row.whole),
            "count": row.count,
            "not_arisen": row.not_arisen,
            "reason": notes.reasons.get(row.content or row.indicator),
        }
        for row in rows(notes.submission.answers)
    ]
    if notes.submission.leader_disciplined is not None:
        said = {"met": notes.submission.leader_disciplined, "reason": notes.reasons.get(LEADER)}
        found.append(_blank(LEADER, LEADER) | said)
    return found


ANSWER = ("points", "met", "part", "whole", "count", "not_arisen")


def _blank(place: str, indicator: str) -> dict[str, object]:
    nothing = dict.fromkeys(ANSWER) | {"not_arisen": False, "reason": None, "returned": False}
    return {"place": place, "indicator": indicator, **nothing}


def _differs(note: AppraisalNote, row: Mapping[str, object]) -> bool:
    return any(getattr(note, name) != row[name] for name in (*ANSWER, "reason", "returned"))


def _said(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in ANSWER if row[name] not in (None, False) or name == "met"}


def _write(
    sitting: Sitting, dossier: InHand, noted: Mapping[str, Mapping[str, object]], versions: Mapping[str, int]
) -> None:
    who = {"dossier_id": dossier.id, "by": sitting.signed.by, "at": sitting.signed.at}
    sitting.session.execute(
        insert(AppraisalNote), [{**who, **row, "version": versions[place]} for place, row in sorted(noted.items())]
    )


def _refuse_unexplained(sitting: Sitting, notes: Notes) -> None:
    """Of the places noted only: those that nobody has noted yet need no reason."""
    refuse_unexplained(sitting, {notes.code: Filing(notes.code, notes.submission, reasons=notes.reasons)}, partly=True)


def reopen_notes(sitting: Sitting, dossier: InHand, indicators: Sequence[str]) -> None:
    """What was noted at these indicators is open again; the earlier versions stay readable."""
    current = current_notes(sitting.session, dossier.id)
    mine = {place: note for place, note in current.items() if note.indicator in indicators and not note.returned}
    if mine:
        opened = {place: _blank(place, note.indicator) | {"returned": True} for place, note in mine.items()}
        _write(sitting, dossier, opened, {place: note.version + 1 for place, note in mine.items()})


def returned_places(session: Session, dossier_id: int, number: int) -> dict[str, str]:
    """The indicators sent back in a round of a file, with the reason of each."""
    query = select(ReturnedPlace.indicator, ReturnedPlace.reason).where(
        ReturnedPlace.dossier_id == dossier_id, ReturnedPlace.round == number
    )
    return dict(session.execute(query).tuples().all())

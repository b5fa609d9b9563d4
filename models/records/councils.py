"""The Council: a session with its quorum, or opinions in writing; the numbers are the regulation's, not ours.

No voting majority is held to: the text has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.law.deadline_rules import Ahead
from models.law.regulation import Council, Regulation
from models.records import council_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.deadlines import Fact, Happening
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.units import Unit

Track = Literal["meeting", "written"]
PAPERS, HOLD = "send-council-papers", "hold-council"


class CouncilMeeting(Table):
    """A Council's session, or its written opinions, for a district: when, how many of how many, which minutes."""

    __tablename__ = "council_meetings"
    __table_args__ = (UniqueConstraint("cycle_id", "district_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    held_on: Mapped[date]
    papers_sent_on: Mapped[date]
    members: Mapped[int]
    attended: Mapped[int]
    minutes: Mapped[str] = mapped_column(String(120))


class CouncilRecord(Table):
    """Beside a meeting: which track, who chaired and who was secretary, why papers went out late."""

    __tablename__ = "council_records"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("council_meetings.id"), primary_key=True)
    track: Mapped[str] = mapped_column(String(10))
    chair: Mapped[str | None] = mapped_column(String(200))
    secretary: Mapped[str | None] = mapped_column(String(200))
    late_papers_ground: Mapped[str | None] = mapped_column(String(500))


class CouncilOpinion(Table):
    """A member's written opinion: of one who was absent with a proper reason, or of each in the written track."""

    __tablename__ = "council_opinions"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("council_meetings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(500))


@dataclass(frozen=True)
class Opinion:
    """One member's written opinion; `reason`: why the member was absent from a meeting."""

    member: str
    received_on: date
    document: str
    reason: str | None = None


@dataclass(frozen=True)
class Meeting:
    """A Council's session for a district; in the written track `attended` is 0 and `held_on` the day it was summed up.

    `minutes` names the minutes, or the summary of written opinions; `papers_sent_on` the day the papers went out.
    """

    district_id: int
    district_code: str
    held_on: date
    papers_sent_on: date
    members: int
    attended: int
    minutes: str
    track: Track = "meeting"
    chair: str | None = None
    secretary: str | None = None
    opinions: tuple[Opinion, ...] = ()
    late_papers_ground: str | None = None


def hold_council(sitting: Sitting, meetings: Sequence[Meeting]) -> int:
    """Record Council sessions with the day their papers went out; returns how many were new.

    Refused: too many members, too few who attended, papers too late without a ground, a second record of one day that
    differs, and any session under a regulation that has no Council.
    """
    council = _council_of(sitting.law.regulation)
    keys = {f"{HOLD}/{meeting.district_code}/{meeting.held_on}": meeting for meeting in meetings}
    new = sorted(sitting.fresh(keys))
    for key in sorted(keys.keys() - set(new)):
        _refuse_another(sitting, keys[key])
    traces, lines = Traces(), []
    for key in new:
        meeting, at = keys[key], sitting.signed.at
        refuse_invalid(sitting, council, meeting)
        unit, occasion = meeting.district_id, meeting.held_on.isoformat()
        lines.append(Touched(unit, key, _change(meeting)))
        traces.happenings.append(Happening(unit, HOLD, Fact.DONE, meeting.held_on, at, document=meeting.minutes[:120]))
        if meeting.track == "meeting":
            traces.happenings += [
                Happening(unit, PAPERS, Fact.STARTED, meeting.held_on, at, occasion=occasion),
                Happening(unit, PAPERS, Fact.DONE, meeting.papers_sent_on, at, occasion=occasion),
            ]
    if new:
        _keep(sitting, [keys[key] for key in new])
        sitting.finish(HOLD, act_key(HOLD, new), lines, traces)
    return len(new)


def _council_of(regulation: Regulation) -> Council:
    if regulation.council is None:
        raise refusals.no_council(regulation.title)
    return regulation.council


def refuse_invalid(sitting: Sitting, council: Council, meeting: Meeting) -> None:
    """Hold a session against the numbers of the regulation. Raises Refusal."""
    if not 0 < meeting.members <= council.members.number:
        raise refusals.too_many_members(meeting.members, council.members)
    if meeting.held_on > sitting.signed.day:
        raise refusals.not_held_yet(meeting.held_on)
    members = [opinion.member for opinion in meeting.opinions]
    if len(set(members)) < len(members):
        raise refusals.doubled_opinion(members)
    if meeting.track == "written":
        _refuse_written(council, meeting)
        return
    needed = council.quorum.attendance(meeting.members)
    if meeting.attended < needed:
        raise refusals.no_quorum(meeting.attended, meeting.members, needed, council.quorum)
    if meeting.attended + len(meeting.opinions) > meeting.members:
        raise refusals.more_than_all(meeting.attended, len(meeting.opinions), meeting.members)
    latest = _papers_latest(sitting, meeting.held_on)
    if latest and meeting.papers_sent_on > latest and not (meeting.late_papers_ground or "").strip():
        raise refusals.papers_late(meeting.papers_sent_on, latest)


def _refuse_written(council: Council, meeting: Meeting) -> None:
    if council.written is None:
        raise refusals.no_written_track()
    if not meeting.opinions or len(meeting.opinions) > meeting.members:
        raise refusals.opinions_wanted(len(meeting.opinions), meeting.members)


def _papers_latest(sitting: Sitting, held_on: date) -> date | None:
    """The last day on which the papers of that meeting could go out, by the regulation's own rule."""
    step = sitting.law.regulation.step(PAPERS)
    if step is None or not isinstance(step.deadline, Ahead):
        return None
    return sitting.calendar.nth_working_before(held_on, step.deadline.count)


def _refuse_another(sitting: Sitting, meeting: Meeting) -> None:
    """The same session again is nothing new; another account of it is told."""
    found = sitting.session.scalars(
        select(CouncilMeeting).where(
            CouncilMeeting.cycle_id == sitting.cycle.id,
            CouncilMeeting.district_id == meeting.district_id,
            CouncilMeeting.held_on == meeting.held_on,
        )
    ).one()
    record = sitting.session.get(CouncilRecord, found.id)
    query = select(CouncilOpinion).where(CouncilOpinion.meeting_id == found.id).order_by(CouncilOpinion.number)
    opinions = tuple(_said(one) for one in sitting.session.scalars(query))
    names, beside = ("papers_sent_on", "members", "attended", "minutes"), ("track", "chair", "secretary")
    same = all(getattr(found, name) == getattr(meeting, name) for name in names)
    same = same and all(getattr(record, name, None) == getattr(meeting, name) for name in beside)
    if not same or opinions != meeting.opinions:
        raise refusals.recorded_otherwise(meeting.district_code, meeting.held_on)


def _said(opinion: CouncilOpinion) -> Opinion:
    return Opinion(opinion.member, opinion.received_on, opinion.document, opinion.reason)


def _change(meeting: Meeting) -> dict[str, object]:
    change: dict[str, object] = {
        "held_on": meeting.held_on,
        "track": meeting.track,
        "members": meeting.members,
        "attended": meeting.attended,
        "chair": meeting.chair,
        "secretary": meeting.secretary,
        "opinions": [opinion.member for opinion in meeting.opinions],
    }
    return change | ({"late_papers_ground": meeting.late_papers_ground} if meeting.late_papers_ground else {})


def _keep(sitting: Sitting, meetings: Sequence[Meeting]) -> None:
    own = ("district_id", "held_on", "papers_sent_on", "members", "attended", "minutes")
    ids = sitting.session.scalars(
        insert(CouncilMeeting).returning(CouncilMeeting.id, sort_by_parameter_order=True),
        [{"cycle_id": sitting.cycle.id, **{name: getattr(one, name) for name in own}} for one in meetings],
    ).all()
    beside = ("track", "chair", "secretary", "late_papers_ground")
    sitting.session.execute(
        insert(CouncilRecord),
        [
            {"meeting_id": meeting_id, **{name: getattr(one, name) for name in beside}}
            for meeting_id, one in zip(ids, meetings, strict=True)
        ],
    )
    opinions = [
        {"meeting_id": meeting_id, "number": number, **opinion.__dict__}
        for meeting_id, one in zip(ids, meetings, strict=True)
        for number, opinion in enumerate(one.opinions, start=1)
    ]
    if opinions:
        sitting.session.execute(insert(CouncilOpinion), opinions)


@dataclass(frozen=True)
class Held:
    """A session that was held, with its record and the opinions in writing."""

    meeting: CouncilMeeting
    record: CouncilRecord | None
    opinions: tuple[CouncilOpinion, ...]

    @property
    def opinions_missing(self) -> int:
        """Members neither present nor heard in writing (only those absent with a proper reason owe an opinion)."""
        return self.meeting.members - self.meeting.attended - len(self.opinions)


def councils_held(session: Session, cycle_id: int) -> list[Held]:
    """Every session of a cycle's Councils, by district and day."""
    rows = session.execute(*_meetings(cycle_id)).tuples()
    opinions: dict[int, list[CouncilOpinion]] = {}
    for opinion in session.scalars(*_opinions(cycle_id)):
        opinions.setdefault(opinion.meeting_id, []).append(opinion)
    return [Held(meeting, record, tuple(opinions.get(meeting.id, ()))) for meeting, record in rows]


@prepared
def _meetings(cycle_id: int):
    return (
        select(CouncilMeeting, CouncilRecord)
        .outerjoin(CouncilRecord, CouncilRecord.meeting_id == CouncilMeeting.id)
        .where(CouncilMeeting.cycle_id == cycle_id)
        .order_by(CouncilMeeting.district_id, CouncilMeeting.held_on)
    )


@prepared
def _opinions(cycle_id: int):
    mine = select(CouncilMeeting.id).where(CouncilMeeting.cycle_id == cycle_id)
    return (
        select(CouncilOpinion)
        .where(CouncilOpinion.meeting_id.in_(mine))
        .order_by(CouncilOpinion.meeting_id, CouncilOpinion.number)
    )


def refuse_without_council(sitting: Sitting, district_ids: Sequence[int]) -> None:
    """Where the regulation has a Council, its session comes before the appraised score. Raises Refusal."""
    if sitting.law.regulation.council is None:
        return
    held = sitting.session.scalars(
        select(CouncilMeeting.district_id).where(CouncilMeeting.cycle_id == sitting.cycle.id).distinct()
    ).all()
    waiting = sorted(set(district_ids) - set(held))
    if waiting:
        raise _without(sitting, waiting)


def _without(sitting: Sitting, district_ids: Sequence[int]) -> Refusal:
    names = [sitting.session.get_one(Unit, unit_id).name for unit_id in district_ids]
    return refusals.not_met_yet(names)

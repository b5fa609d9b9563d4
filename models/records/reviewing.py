"""The reviewer's acts: supplements asked for and answered, files found complete, the Council, appraised scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert
from sqlalchemy.orm import Mapped, mapped_column

from models.cycle.lifecycle import Act
from models.errors import AnswerRefusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.deadlines import Fact, Happening
from models.records.dossiers import latest_cards, rows_of_cards, score_rows
from models.records.filing import Filing, act_key, done_now, keep_cards, received
from models.records.journal import Touched, canonical
from models.records.notices import Kind, Word
from models.records.supplements import close_rounds, keep_rounds, locked_changes, refuse_unknown_items
from models.words import Words

COMPLETE = "check-completeness"
SUPPLEMENT = "answer-supplement"


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


@dataclass(frozen=True)
class SupplementRequest:
    """The reviewer's `number`-th request (from 1) to a commune; the clock starts when it was received.

    `items`: what is returned (an indicator, a content, a part of the file) and the note on it; empty: all is open.
    """

    code: str
    number: int
    received_on: date
    notes: str
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SupplementAnswer:
    """The commune's answer to the `number`-th request: its whole self-assessment anew."""

    number: int
    filing: Filing


@dataclass(frozen=True)
class Meeting:
    """A Council's session for a district."""

    district_id: int
    district_code: str
    held_on: date
    papers_sent_on: date
    members: int
    attended: int
    minutes: str


def request_supplements(sitting: Sitting, requests: Sequence[SupplementRequest]) -> int:
    """Send dossiers back for supplement; returns how many requests were new."""
    dossiers = sitting.dossiers([request.code for request in requests])
    keys = {f"request-supplement/{request.code}/{request.number}": request for request in requests}
    new = sorted(sitting.fresh(keys))
    traces, lines = Traces(), []
    for key in new:
        request, occasion = keys[key], str(keys[key].number)
        dossier = dossiers[request.code]
        refuse_unknown_items(sitting.law.regulation, request.items)
        to = traces.move(sitting, request.code, dossier, Act.REQUEST_SUPPLEMENT)
        change = {"from": dossier.state, "to": to, "notes": request.notes, "items": dict(request.items)}
        lines.append(Touched(dossier.unit_id, key, change))
        started = Happening(
            dossier.unit_id, SUPPLEMENT, Fact.STARTED, request.received_on, sitting.signed.at, occasion=occasion
        )
        traces.happenings.append(started)
        traces.words.append(_asked(dossier.unit_id, occasion, request.notes))
    if new:
        asked = [(dossiers[keys[key].code].unit_id, keys[key]) for key in new]
        keep_rounds(sitting, [(unit, one.number, one.received_on, one.notes, one.items) for unit, one in asked])
        sitting.finish("request-supplement", act_key("request-supplement", new), lines, traces)
    return len(new)


def _asked(unit_id: int, occasion: str, notes: str) -> Word:
    return Word(
        Kind.SUPPLEMENT_REQUESTED,
        about_id=unit_id,
        to_unit_id=unit_id,
        to_actor=Actor.COMMUNE,
        key=f"supplement_requested/{unit_id}/{occasion}",
        step=SUPPLEMENT,
        occasion=occasion,
        said=notes,
    )


def answer_supplements(sitting: Sitting, answers: Sequence[SupplementAnswer]) -> int:
    """Take answers to supplement requests in: a new round of the self-assessment, the earlier one kept."""
    dossiers = sitting.dossiers([answer.filing.code for answer in answers])
    keys = {f"{SUPPLEMENT}/{answer.filing.code}/{answer.number}/{answer.filing.digest()}": answer for answer in answers}
    new = sorted(sitting.fresh(keys))
    locked = locked_changes(sitting, [(dossiers[keys[key].filing.code], keys[key].filing) for key in new])
    traces, lines, cards = Traces(), [], []
    for key in new:
        answer = keys[key]
        dossier = dossiers[answer.filing.code]
        if dossier.id in locked:
            raise locked[dossier.id]
        to = traces.move(sitting, answer.filing.code, dossier, Act.ANSWER_SUPPLEMENT, new_round=True)
        cards.append((dossier, answer.filing, "self", dossier.round + 1))
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to, "round": dossier.round + 1}))
        traces.happenings.append(done_now(sitting, dossier, SUPPLEMENT, occasion=str(answer.number)))
        traces.words.append(received(sitting, dossier, SUPPLEMENT, str(answer.number)))
    if new:
        keep_cards(sitting, cards)
        close_rounds(sitting, [(dossiers[keys[key].filing.code].unit_id, keys[key].number) for key in new])
        sitting.finish(SUPPLEMENT, act_key(SUPPLEMENT, new), lines, traces)
    return len(new)


def find_complete(sitting: Sitting, codes: Sequence[str]) -> int:
    """Find dossiers complete, so that they can be appraised; returns how many were new."""
    dossiers = sitting.dossiers(codes)
    new = sorted(sitting.fresh(f"find-complete/{code}" for code in codes))
    traces, lines = Traces(), []
    for key in new:
        code = key.rpartition("/")[2]
        dossier = dossiers[code]
        to = traces.move(sitting, code, dossier, Act.FIND_COMPLETE)
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to}))
        traces.happenings.append(done_now(sitting, dossier, COMPLETE))
    if new:
        sitting.finish("find-complete", act_key("find-complete", new), lines, traces)
    return len(new)


def hold_council(sitting: Sitting, meetings: Sequence[Meeting]) -> int:
    """Record Council sessions with the day their papers went out; returns how many were new."""
    keys = {f"hold-council/{meeting.district_code}/{meeting.held_on}": meeting for meeting in meetings}
    new = sorted(sitting.fresh(keys))
    traces, lines = Traces(), []
    for key in new:
        meeting, at = keys[key], sitting.signed.at
        unit, occasion = meeting.district_id, meeting.held_on.isoformat()
        lines.append(
            Touched(unit, key, {"held_on": meeting.held_on, "members": meeting.members, "attended": meeting.attended})
        )
        traces.happenings += [
            Happening(unit, "send-council-papers", Fact.STARTED, meeting.held_on, at, occasion=occasion),
            Happening(unit, "send-council-papers", Fact.DONE, meeting.papers_sent_on, at, occasion=occasion),
            Happening(unit, "hold-council", Fact.DONE, meeting.held_on, at, document=meeting.minutes),
        ]
    if new:
        sitting.session.execute(insert(CouncilMeeting), [_meeting_row(sitting, keys[key]) for key in new])
        sitting.finish("hold-council", act_key("hold-council", new), lines, traces)
    return len(new)


def _meeting_row(sitting: Sitting, meeting: Meeting) -> dict[str, object]:
    row = {name: getattr(meeting, name) for name in ("district_id", "held_on", "papers_sent_on", "members", "attended")}
    return {"cycle_id": sitting.cycle.id, "minutes": meeting.minutes, **row}


def appraise(sitting: Sitting, appraisals: Sequence[Filing]) -> int:
    """Record appraised scores beside the self-scores, with a reason where they differ. They are the ones that count."""
    dossiers = sitting.dossiers([appraisal.code for appraisal in appraisals])
    keys = {f"appraise/{appraisal.code}/{appraisal.digest()}": appraisal for appraisal in appraisals}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    _refuse_unexplained(sitting, {keys[key].code: keys[key] for key in new})
    traces, lines, cards = Traces(), [], []
    for key in new:
        appraisal = keys[key]
        dossier = dossiers[appraisal.code]
        to = traces.move(sitting, appraisal.code, dossier, Act.APPRAISE)
        cards.append((dossier, appraisal, "appraised", dossier.round))
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to}))
        if sitting.law.regulation.has_step("appraise"):
            traces.happenings.append(done_now(sitting, dossier, "appraise"))
    keep_cards(sitting, cards)
    sitting.finish("appraise", act_key("appraise", new), lines, traces)
    return len(new)


def _refuse_unexplained(sitting: Sitting, appraisals: dict[str, Filing]) -> None:
    """Both scores are kept and the difference is explained, or the appraisal is not taken."""
    dossiers = sitting.dossiers(list(appraisals))
    own = latest_cards(sitting.session, [dossier.id for dossier in dossiers.values()], "self")
    answers = rows_of_cards(sitting.session, [card.id for card in own.values()])
    for code, appraisal in sorted(appraisals.items()):
        card = own.get(dossiers[code].id)
        before = _by_place(answers[card.id] if card else [])
        after = _by_place(score_rows(appraisal.submission))
        differing = sorted(place for place in before.keys() | after.keys() if before.get(place) != after.get(place))
        missing = [place for place in differing if not appraisal.reasons.get(place)]
        if card and missing:
            raise _unexplained(code, missing)


def _by_place(rows: Sequence[dict[str, object]]) -> dict[str, str]:
    return {str(row["content"] or row["indicator"]): canonical(row) for row in rows}


def _unexplained(code: str, places: Sequence[str]) -> AnswerRefusal:
    listed = ", ".join(places)
    return AnswerRefusal(
        "difference_unexplained",
        Words(
            f"Điểm thẩm định của đơn vị {code} khác điểm tự chấm ở {listed} mà chưa nêu lý do.",
            f"The appraisal of {code} differs from the self-score at {listed} and gives no reason.",
        ),
        Words(
            "Hai mức điểm được lưu song song, chỗ khác nhau phải được giải thích.",
            "Both scores are kept side by side, and each difference is explained.",
        ),
        Words("Ghi lý do cho từng chỉ tiêu, nội dung nêu trên.", "Give a reason for each of these."),
        places=list(places),
    )

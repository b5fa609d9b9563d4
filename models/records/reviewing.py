"""The reviewer's acts: supplements asked for and answered, files found complete, appraised scores recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.cycle.lifecycle import Act
from models.errors import AnswerRefusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.councils import CouncilMeeting, Meeting, Opinion, hold_council, refuse_without_council
from models.records.deadlines import Fact, Happening
from models.records.dossiers import Judged, KeptAnswer, answers_on, batched, latest_judged
from models.records.filing import Filing, act_key, done_now, keep_cards, received
from models.records.journal import Touched
from models.records.local_rows import again, times_reopened
from models.records.notices import Kind, Word
from models.records.supplements import close_rounds, keep_rounds, locked_changes, refuse_unknown_items
from models.words import Words

__all__ = (  # the Council stands in its own module and is reached from here too
    "CouncilMeeting",
    "Meeting",
    "Opinion",
    "hold_council",
)

COMPLETE = "check-completeness"
SUPPLEMENT = "answer-supplement"
LEADER = "leader_disciplined"
"""The condition on leaders, as a place of a scorecard beside its indicators."""


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
    times = times_reopened(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier in dossiers.values()])
    keys = {f"find-complete/{code}{again(times, dossiers[code].unit_id)}": code for code in codes}
    new = sorted(sitting.fresh(keys))
    traces, lines = Traces(), []
    for key in new:
        code = keys[key]
        dossier = dossiers[code]
        to = traces.move(sitting, code, dossier, Act.FIND_COMPLETE)
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to}))
        traces.happenings.append(done_now(sitting, dossier, COMPLETE, document=_time(times, dossier.unit_id)))
    if new:
        sitting.finish("find-complete", act_key("find-complete", new), lines, traces)
    return len(new)


def appraise(sitting: Sitting, appraisals: Sequence[Filing]) -> int:
    """Record appraised scores beside the self-scores, with a reason where they differ. They are the ones that count."""
    dossiers = sitting.dossiers([appraisal.code for appraisal in appraisals])
    times = times_reopened(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier in dossiers.values()])
    keys = {f"appraise/{one.code}/{one.digest()}{again(times, dossiers[one.code].unit_id)}": one for one in appraisals}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    districts = {dossiers[keys[key].code].district_id for key in new}
    refuse_without_council(sitting, [unit_id for unit_id in districts if unit_id is not None])
    refuse_unexplained(sitting, {keys[key].code: keys[key] for key in new})
    traces, lines, cards = Traces(), [], []
    for key in new:
        appraisal = keys[key]
        dossier = dossiers[appraisal.code]
        to = traces.move(sitting, appraisal.code, dossier, Act.APPRAISE)
        cards.append((dossier, appraisal, "appraised", dossier.round))
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to}))
        if sitting.law.regulation.has_step("appraise"):
            traces.happenings.append(done_now(sitting, dossier, "appraise", document=_time(times, dossier.unit_id)))
    keep_cards(sitting, cards)
    sitting.finish("appraise", act_key("appraise", new), lines, traces)
    return len(new)


def _time(times: Mapping[int, int], unit_id: int) -> str:
    """Beside a step done anew after a reopening: which time it is; the first time nothing is said."""
    done = times.get(unit_id, 0)
    return f"lần {done + 1}" if done else ""


def refuse_unexplained(sitting: Sitting, appraisals: dict[str, Filing], *, partly: bool = False) -> None:
    """Both scores are kept and the difference is explained, or the appraisal is not taken.

    `partly`: the appraisal is not finished; what it does not answer yet is no difference.
    """
    dossiers = sitting.dossiers(list(appraisals))
    for codes in batched(sorted(appraisals)):
        own = latest_judged(sitting.session, [dossiers[code].id for code in codes], "self")
        answers = answers_on(sitting.session, [card.id for card in own.values()])
        for code in codes:
            card = own.get(dossiers[code].id)
            missing = _unexplained_places(card, answers[card.id], appraisals[code], partly) if card else []
            if missing:
                raise _unexplained(code, missing)


def _unexplained_places(card: Judged, own: Sequence[KeptAnswer], appraisal: Filing, partly: bool) -> list[str]:
    """Where the two differ and no reason stands, at the place itself or at its indicator."""
    before, after = _by_place(own), _by_place(appraisal.answers)
    places = after.keys() if partly else before.keys() | after.keys()
    differing = sorted(place for place in places if before.get(place) != after.get(place))
    reasons = appraisal.reasons
    missing = [
        place for place in differing if not (reasons.get(place) or reasons.get((after | before)[place].indicator))
    ]
    leader = appraisal.submission.leader_disciplined
    if leader is not card.leader_disciplined and not (partly and leader is None) and not reasons.get(LEADER):
        missing.append(LEADER)
    return missing


def _by_place(answers: Sequence[KeptAnswer]) -> dict[str, KeptAnswer]:
    return {answer.place: answer for answer in answers}


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

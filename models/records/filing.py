"""The commune's acts: steps done, the self-assessment handed in or "not met" declared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from sqlalchemy import select

from models.cycle.lifecycle import Act, State
from models.errors import MoveRefusal
from models.law.answers import Submission
from models.law.regulation import Step
from models.law.scoring import Verdict, judge
from models.records.acting import Sitting, Traces
from models.records.bulk import insert_rows, next_numbers
from models.records.canonical import canonical, digest_of
from models.records.deadlines import Deadline, Fact, Happening
from models.records.dossiers import InHand, KeptAnswer, Score, Scorecard, batched, kept_answers
from models.records.findings import units_with_a_bearing_finding
from models.records.journal import Touched
from models.records.local_rows import again, times_reopened
from models.records.notices import Kind, Word
from models.words import Words

SUBMIT = "submit-dossier"
REPLACEABLE = frozenset({State.SUBMITTED, State.DECLARED_NOT_MET})
"""Handed in, and nobody has gone on with it yet."""


@dataclass(frozen=True)
class StepDone:
    """A unit did a step of the procedure on a day; `document` is the paper that shows it."""

    unit_id: int
    code: str
    on: date
    document: str = ""


@dataclass(frozen=True)
class Filing:
    """What a commune hands in: its answers, and whether it proposes recognition or declares itself not met.

    `reasons` are words beside an indicator's answer; an appraisal needs them where it differs. `papers` tells one
    file from another, where it came as a file.
    """

    code: str
    submission: Submission
    declares_not_met: bool = False
    document: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    papers: str = ""

    def digest(self) -> str:
        """Equal for equal content: the same paper twice is one act."""
        rest = {
            "leader": self.submission.leader_disciplined,
            "not_met": self.declares_not_met,
            "reasons": dict(self.reasons),
            **({"papers": self.papers} if self.papers else {}),
        }
        # the canonical text of both together: "answers" sorts before the rest
        answers = ",".join(map(_text_of, self.answers))
        return digest_of(f'{{"answers":[{answers}],{canonical(rest)[1:]}')[:16]

    @cached_property
    def answers(self) -> list[KeptAnswer]:
        """Its answers as they are kept: asked for by its digest, its comparison and its card."""
        return kept_answers(self.submission)


@lru_cache(maxsize=4096)
def _text_of(answer: KeptAnswer) -> str:
    return canonical(answer._asdict())


def record_steps_done(sitting: Sitting, step: Step, done: Sequence[StepDone]) -> int:
    """Record that units did a step that moves no dossier; returns how many were new."""
    keys = {f"{step.id}/{one.code}": one for one in done}
    new = sitting.fresh(keys)
    if new:
        lines = [Touched(keys[key].unit_id, key, {"on": keys[key].on}) for key in sorted(new)]
        facts = [
            Happening(one.unit_id, step.id, Fact.DONE, one.on, sitting.signed.at, document=one.document)
            for one in (keys[key] for key in sorted(new))
        ]
        sitting.finish(step.id, act_key(step.id, new), lines, Traces(happenings=facts))
    return len(new)


def take_in(sitting: Sitting, filings: Sequence[Filing]) -> int:
    """Take self-assessments in: dossier or, where a commune declares itself not met, report and score sheet.

    Returns how many were new. Raises AnswerRefusal or MoveRefusal, and then none of them is taken.
    """
    dossiers = sitting.dossiers([filing.code for filing in filings])
    times = times_reopened(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier in dossiers.values()])
    keys = {f"submit/{one.code}/{one.digest()}{again(times, dossiers[one.code].unit_id)}": one for one in filings}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    late = too_late_to_replace(sitting, [dossiers[keys[key].code] for key in new])
    traces, lines, cards = Traces(), [], []
    for key in new:
        filing = keys[key]
        dossier = dossiers[filing.code]
        if dossier.id in late:
            raise late[dossier.id]
        replaces = State(dossier.state) in REPLACEABLE
        number = dossier.round + int(replaces)
        to = traces.move(sitting, filing.code, dossier, _submission(filing, replaces), new_round=replaces)
        cards.append((dossier, filing, "self", number))
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to, "document": filing.document}))
        time = times.get(dossier.unit_id, 0) + 1
        document = filing.document if time == 1 else f"{filing.document} (lần {time})".strip()
        traces.happenings.append(done_now(sitting, dossier, SUBMIT, document=document))
        if filing.declares_not_met and sitting.law.regulation.has_step("check-completeness"):
            # report and score sheet go to the list "chưa đạt" unchecked (TT 09/2021, Điều 3 khoản 1 điểm e)
            traces.happenings.append(done_now(sitting, dossier, "check-completeness"))
        traces.words.append(received(sitting, dossier, SUBMIT, str(number if time == 1 else f"{number}-{time}")))
    keep_cards(sitting, cards)
    sitting.finish("submit", act_key("submit", new), lines, traces)
    return len(new)


def _submission(filing: Filing, replaces: bool) -> Act:
    if filing.declares_not_met:
        return Act.REPLACE_NOT_MET if replaces else Act.DECLARE_NOT_MET
    return Act.REPLACE if replaces else Act.SUBMIT


def too_late_to_replace(sitting: Sitting, dossiers: Sequence[InHand]) -> dict[int, MoveRefusal]:
    """Those dossiers (ids) that were handed in and can no longer be replaced, each with the refusal.

    A newer version counts until the last day that the law or the office gives, an extension included.
    """
    again = [dossier for dossier in dossiers if State(dossier.state) in REPLACEABLE]
    days = last_days(sitting, [dossier.unit_id for dossier in again])
    limits = ((dossier.id, days.get(dossier.unit_id)) for dossier in again)
    return {id: _too_late(sitting, limit) for id, limit in limits if limit and sitting.signed.day > limit}


def last_days(sitting: Sitting, unit_ids: Sequence[int]) -> dict[int, date]:
    """The last day on which each commune's file is accepted, the office's own days included; unknown: absent."""
    found: dict[int, date] = {}
    for chunk in batched(list(unit_ids)):
        rows = sitting.session.execute(
            select(Deadline.unit_id, Deadline.last_day, Deadline.local_last_day).where(
                Deadline.cycle_id == sitting.cycle.id, Deadline.unit_id.in_(chunk), Deadline.step == SUBMIT
            )
        )
        for unit_id, *days in rows:
            known = [day for day in days if day]
            if known:
                found[unit_id] = max(known)
    return found


def _too_late(sitting: Sitting, limit: date) -> MoveRefusal:
    return MoveRefusal(
        "replaced_too_late",
        Words(
            "Hồ sơ đã nộp, không thay được bằng bản mới nữa.", "The file was handed in and can no longer be replaced."
        ),
        Words(
            f"Bản mới thay được bản cũ đến hết ngày {limit:%d/%m/%Y}; bản này đến ngày {sitting.signed.day:%d/%m/%Y}.",
            f"A newer version counts until {limit}; this one came on {sitting.signed.day}.",
        ),
        Words(
            "Chờ yêu cầu bổ sung, hoặc đề nghị cơ quan tiếp nhận gia hạn.",
            "Wait for a request for supplement, or ask the office for an extension.",
        ),
    )


Card = tuple[InHand, Filing, str, int]
"""What is kept of one dossier: its filing, the side that answers, the round."""


def keep_cards(sitting: Sitting, cards: Sequence[Card]) -> list[Verdict]:
    """Judge and keep scorecards. Earlier rounds stay as they are.

    A finding about a head of the commune decides the condition about heads, whatever the filing says of it. In
    portions: of a country's cards at once, the rows of scores alone would fill the memory.
    """
    found = units_with_a_bearing_finding(sitting.session, sitting.cycle, [dossier.unit_id for dossier, *_ in cards])
    return [verdict for portion in batched(cards) for verdict in _keep_some(sitting, portion, found)]


def _keep_some(sitting: Sitting, cards: Sequence[Card], found: Collection[int]) -> list[Verdict]:
    law = sitting.law.regulation
    leaders = [dossier.unit_id in found or filing.submission.leader_disciplined for dossier, filing, _, _ in cards]
    verdicts = [
        judge(law, filing.submission.answers, disciplined)
        for (_, filing, _, _), disciplined in zip(cards, leaders, strict=True)
    ]
    ids = next_numbers(sitting.session, Scorecard, len(cards))
    signed, version = sitting.signed, sitting.cycle.law_version
    rows = (
        (
            *(card_id, dossier.id, side, number, signed.at, signed.by, version),
            *(disciplined, verdict.total, verdict.meets_standard, canonical(verdict.document("vi"))),
        )
        for card_id, (dossier, _, side, number), verdict, disciplined in zip(ids, cards, verdicts, leaders, strict=True)
    )
    insert_rows(sitting.session, Scorecard, _CARD, rows)
    scores = (
        (card_id, *answer, filing.reasons.get(answer.place) if filing.reasons else None)
        for card_id, (_, filing, _, _) in zip(ids, cards, strict=True)
        for answer in filing.answers
    )
    insert_rows(sitting.session, Score, _SCORE, scores)
    return verdicts


_CARD = (
    *("id", "dossier_id", "side", "round", "made_at", "by", "law_version"),
    *("leader_disciplined", "total", "meets", "verdict"),
)
_SCORE = ("scorecard_id", *KeptAnswer._fields, "reason")


def done_now(sitting: Sitting, dossier: InHand, step: str, *, occasion: str = "", document: str = "") -> Happening:
    """The dossier's step is done on the day of the act."""
    signed = sitting.signed
    return Happening(dossier.unit_id, step, Fact.DONE, signed.day, signed.at, occasion=occasion, document=document)


def received(sitting: Sitting, dossier: InHand, step: str, occasion: str) -> Word:
    """The notice to the commune that its papers have come."""
    actor = sitting.law.regulation.steps()[0][1].actor
    return Word(
        Kind.DOSSIER_RECEIVED,
        about_id=dossier.unit_id,
        to_unit_id=dossier.unit_id,
        to_actor=actor,
        key=f"dossier_received/{step}/{occasion}/{dossier.unit_id}",
        step=step,
    )


def act_key(act: str, new: Sequence[str] | set[str]) -> str:
    """The entry's own key: the act and what it newly touched."""
    return f"{act}/{digest_of(' '.join(sorted(new)))[:24]}"

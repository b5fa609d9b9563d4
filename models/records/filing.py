"""The commune's acts: steps done, drafts posted, the self-assessment handed in or "not met" declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import insert

from models.cycle.lifecycle import Act
from models.law.answers import Submission
from models.law.regulation import Step
from models.law.scoring import Verdict, judge
from models.records.acting import Sitting, Traces
from models.records.deadlines import Fact, Happening
from models.records.dossiers import Dossier, Score, Scorecard, score_rows
from models.records.journal import Touched, canonical, digest_of
from models.records.local_rows import again, times_reopened
from models.records.notices import Kind, Word


@dataclass(frozen=True)
class StepDone:
    """A unit did a step of the procedure on a day; `document` is the paper that shows it."""

    unit_id: int
    code: str
    on: date
    document: str = ""


@dataclass(frozen=True)
class Posting:
    """Drafts posted publicly from a day (inclusive) to a day (inclusive), and where."""

    code: str
    began: date
    ended: date
    places: tuple[str, ...]


@dataclass(frozen=True)
class Filing:
    """What a commune hands in: its answers, and whether it proposes recognition or declares itself not met.

    `reasons` are words beside an indicator's answer; an appraisal needs them where it differs.
    """

    code: str
    submission: Submission
    declares_not_met: bool = False
    document: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """Equal for equal content: the same paper twice is one act."""
        content = {
            "answers": score_rows(self.submission),
            "leader": self.submission.leader_disciplined,
            "not_met": self.declares_not_met,
            "reasons": dict(self.reasons),
        }
        return digest_of(canonical(content))[:16]


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


def record_postings(sitting: Sitting, postings: Sequence[Posting]) -> int:
    """Record where and when drafts were posted; returns how many were new."""
    dossiers = sitting.dossiers([posting.code for posting in postings])
    keys = {f"post-drafts/{posting.code}": posting for posting in postings}
    new = sorted(sitting.fresh(keys))
    if new:
        traces, lines = Traces(), []
        for key in new:
            posting = keys[key]
            unit_id = dossiers[posting.code].unit_id
            lines.append(
                Touched(unit_id, key, {"from": posting.began, "to": posting.ended, "places": list(posting.places)})
            )
            for kind, day in ((Fact.STARTED, posting.began), (Fact.DONE, posting.ended)):
                traces.happenings.append(Happening(unit_id, "post-drafts", kind, day, sitting.signed.at))
        sitting.finish("post-drafts", act_key("post-drafts", new), lines, traces)
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
    traces, lines, cards = Traces(), [], []
    for key in new:
        filing = keys[key]
        dossier = dossiers[filing.code]
        act = Act.DECLARE_NOT_MET if filing.declares_not_met else Act.SUBMIT
        to = traces.move(sitting, filing.code, dossier, act)
        cards.append((dossier, filing, "self", dossier.round))
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to, "document": filing.document}))
        number = times.get(dossier.unit_id, 0) + 1
        document = filing.document if number == 1 else f"{filing.document} (lần {number})".strip()
        traces.happenings.append(done_now(sitting, dossier, "submit-dossier", document=document))
        if filing.declares_not_met and sitting.law.regulation.has_step("check-completeness"):
            # report and score sheet go to the list "chưa đạt" unchecked (TT 09/2021, Điều 3 khoản 1 điểm e)
            traces.happenings.append(done_now(sitting, dossier, "check-completeness"))
        traces.words.append(received(sitting, dossier, "submit-dossier", str(number)))
    keep_cards(sitting, cards)
    sitting.finish("submit", act_key("submit", new), lines, traces)
    return len(new)


def keep_cards(sitting: Sitting, cards: Sequence[tuple[Dossier, Filing, str, int]]) -> list[Verdict]:
    """Judge and keep scorecards: (dossier, filing, side, round). Earlier rounds stay as they are."""
    law = sitting.law.regulation
    verdicts = [
        judge(law, filing.submission.answers, filing.submission.leader_disciplined) for _, filing, _, _ in cards
    ]
    ids = sitting.session.scalars(
        insert(Scorecard).returning(Scorecard.id, sort_by_parameter_order=True),
        [
            {
                "dossier_id": dossier.id,
                "side": side,
                "round": number,
                "made_at": sitting.signed.at,
                "by": sitting.signed.by,
                "law_version": sitting.cycle.law_version,
                "leader_disciplined": filing.submission.leader_disciplined,
                "total": verdict.total,
                "meets": verdict.meets_standard,
                "verdict": canonical(verdict.document("vi")),
            }
            for (dossier, filing, side, number), verdict in zip(cards, verdicts, strict=True)
        ],
    ).all()
    sitting.session.execute(
        insert(Score),
        [
            {"scorecard_id": card_id, **row, "reason": filing.reasons.get(str(row["content"] or row["indicator"]))}
            for card_id, (_, filing, _, _) in zip(ids, cards, strict=True)
            for row in score_rows(filing.submission)
        ],
    )
    return verdicts


def done_now(sitting: Sitting, dossier: Dossier, step: str, *, occasion: str = "", document: str = "") -> Happening:
    """The dossier's step is done on the day of the act."""
    signed = sitting.signed
    return Happening(dossier.unit_id, step, Fact.DONE, signed.day, signed.at, occasion=occasion, document=document)


def received(sitting: Sitting, dossier: Dossier, step: str, occasion: str) -> Word:
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

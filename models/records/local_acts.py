"""Four different acts of an office, none of them the law's: extend, unlock, reopen, suspend.

Extending moves a date and nothing else. Unlocking lets a commune change named indicators of a file that was handed in.
Reopening takes a file back a stage. Suspending stops the clock and gives the days back. Each has a reason, the
authority that it is done by, and a document; the legal last day never moves, the office's own stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert, select

from models.cycle.lifecycle import Act, State
from models.errors import MoveRefusal
from models.law.deadline_rules import Lasting
from models.records import local_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.appraisal_notes import reopen_notes
from models.records.appraising_refusals import unknown_places
from models.records.canonical import digest_of
from models.records.deadlines import Deadline, Fact, Happening
from models.records.dossiers import InHand
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.local_rows import EXTEND, REOPEN, SUSPEND, UNLOCK, LocalAct
from models.records.revising import ALL


@dataclass(frozen=True)
class Grounds:
    """Why, on which authority, and by which document (its number) an office does it."""

    reason: str
    authority: str
    document: str


def extend(sitting: Sitting, step: str, codes: Sequence[str], until: date, grounds: Grounds) -> int:
    """Accept a step of these communes until a later day; returns how many were new. The legal day stays as it is."""
    _refuse_groundless(grounds)
    dossiers = sitting.dossiers(codes)
    new = _fresh(sitting, EXTEND, step, codes, grounds)
    owed = _owed(sitting, [dossiers[code] for code in new.values()], step)
    traces, lines = Traces(), []
    for key, code in sorted(new.items()):
        unit_id = dossiers[code].unit_id
        deadlines = owed.get(unit_id, [])
        if not deadlines:
            raise refusals.nothing_owed(code, step)
        for deadline in deadlines:
            now = deadline.local_last_day or deadline.due_day
            if now is None or until <= now:
                raise refusals.not_later(code, step, until, now)
            traces.happenings.append(_fact(sitting, deadline, Fact.EXTENDED, until, grounds))
        was = max(filter(None, (one.local_last_day or one.due_day for one in deadlines)), default=None)
        lines.append(Touched(unit_id, key, {"step": step, "from": was, "until": until, "reason": grounds.reason}))
    _finish(sitting, EXTEND, new, lines, traces, grounds, step=step, until=until)
    return len(new)


def suspend(
    sitting: Sitting, codes: Sequence[str], begun: date, ended: date, grounds: Grounds, step: str | None = None
) -> int:
    """Stop the clock of what these communes owe, both days included, and give the days back; returns how many were new.

    Without a step: everything that was still open on the first day and has a last day on or after it.
    """
    _refuse_groundless(grounds)
    if ended < begun:
        raise refusals.ends_before_it_begins(begun, ended)
    days = (ended - begun).days + 1
    dossiers = sitting.dossiers(codes)
    new = _fresh(sitting, SUSPEND, step or "", codes, grounds)
    owed = _owed(sitting, [dossiers[code] for code in new.values()], step)
    traces, lines = Traces(), []
    for key, code in sorted(new.items()):
        unit_id = dossiers[code].unit_id
        still = [one for one in owed.get(unit_id, []) if (one.local_last_day or one.due_day or begun) >= begun]
        if not still:
            raise refusals.nothing_owed(code, step or "")
        for deadline in still:
            happening = _fact(sitting, deadline, Fact.SUSPENDED, begun, grounds)
            traces.happenings.append(happening._replace(days=days))
        steps = sorted({one.step for one in still})
        change = {"from": begun, "to": ended, "days": days, "steps": steps, "reason": grounds.reason}
        lines.append(Touched(unit_id, key, change))
    _finish(sitting, SUSPEND, new, lines, traces, grounds, step=step or "", begun=begun, until=ended, days=days)
    return len(new)


def unlock(sitting: Sitting, code: str, places: Sequence[str], until: date, grounds: Grounds) -> bool:
    """Let a commune change these indicators ("*": all) of the file it handed in, until a day; False if that was known.

    The file stays where it is. One that is appraised or decided is not unlocked: reopen it, or correct the decision.
    """
    _refuse_groundless(grounds)
    dossiers = sitting.dossiers([code])
    state = State(dossiers[code].state)
    wanted = sorted(set(places))
    known = [one.id for one in sitting.law.regulation.indicators()]
    unknown = [place for place in wanted if place not in (*known, ALL, "leader_disciplined")]
    if unknown or not wanted:
        raise unknown_places(unknown, known)
    new = _fresh(sitting, UNLOCK, "", [code], grounds)
    if not new:
        return False
    if state not in (State.SUBMITTED, State.COMPLETE, State.DECLARED_NOT_MET, State.RETURNED):
        raise refusals.not_to_be_unlocked(code, state)
    if until < sitting.signed.day:
        raise refusals.ends_before_it_begins(sitting.signed.day, until)
    change = {"places": wanted, "until": until, "reason": grounds.reason}
    lines = [Touched(dossiers[code].unit_id, key, change) for key in new]
    _finish(sitting, UNLOCK, new, lines, Traces(), grounds, until=until, places=" ".join(wanted))
    return True


def reopen(sitting: Sitting, code: str, to: State, grounds: Grounds, until: date | None = None) -> bool:
    """Take a file back: to the commune (self_assessment), or from appraised to its appraisal (complete).

    What was done there counts as open again; `until`: by when it is accepted anew. False if that was known.
    """
    _refuse_groundless(grounds)
    dossiers = sitting.dossiers([code])
    dossier = dossiers[code]
    new = _fresh(sitting, REOPEN, "", [code], grounds)
    if not new:
        return False
    acts = {State.SELF_ASSESSMENT: Act.REOPEN_FILING, State.COMPLETE: Act.REOPEN_APPRAISAL}
    if to not in acts:
        raise refusals.not_a_way_back(to)
    traces = Traces()
    _move_back(sitting, traces, code, dossier, acts[to])
    day, at = sitting.signed.day, sitting.signed.at
    for step in _steps_open_again(sitting, to):
        traces.happenings.append(Happening(dossier.unit_id, step, Fact.REOPENED, day, at, document=grounds.document))
    if until is not None:
        step = "submit-dossier" if to is State.SELF_ASSESSMENT else "appraise"
        traces.happenings.append(Happening(dossier.unit_id, step, Fact.EXTENDED, until, at, document=grounds.document))
    if to is State.SELF_ASSESSMENT:
        reopen_notes(sitting, dossier, [one.id for one in sitting.law.regulation.indicators()])
    change = {"from": dossier.state, "to": to, "until": until, "reason": grounds.reason}
    lines = [Touched(dossier.unit_id, key, change) for key in new]
    _finish(sitting, REOPEN, new, lines, traces, grounds, until=until)
    return True


def _move_back(sitting: Sitting, traces: Traces, code: str, dossier: InHand, act: Act) -> None:
    try:
        traces.move(sitting, code, dossier, act, new_round=True)
    except MoveRefusal as refused:
        if State(dossier.state) in (State.RECOGNISED, State.NOT_RECOGNISED):
            raise refusals.decided(code) from refused
        raise


def _steps_open_again(sitting: Sitting, to: State) -> list[str]:
    steps = ["appraise"] if to is State.COMPLETE else ["submit-dossier", "check-completeness", "appraise"]
    return [step for step in steps if sitting.law.regulation.has_step(step)]


def _fresh(sitting: Sitting, kind: str, step: str, codes: Sequence[str], grounds: Grounds) -> dict[str, str]:
    """The keys that are new, with their communes: one document does one such act upon one step of a commune once."""
    mark = digest_of(grounds.document)[:12]
    keys = {f"{kind}/{step}/{code}/{mark}": code for code in codes}
    new = sitting.fresh(keys)
    return {key: code for key, code in keys.items() if key in new}


def _owed(sitting: Sitting, dossiers: Sequence[InHand], step: str | None) -> dict[int, list[Deadline]]:
    """What these dossiers still owe and has a day; a posting's end is a floor and not a day to be extended."""
    floors = [one.id for _, one in sitting.law.regulation.steps() if isinstance(one.deadline, Lasting)]
    query = select(Deadline).where(
        Deadline.cycle_id == sitting.cycle.id,
        Deadline.unit_id.in_([dossier.unit_id for dossier in dossiers]),
        Deadline.done_on.is_(None),
        Deadline.due_day.is_not(None),
        Deadline.step.not_in(floors),
    )
    found: dict[int, list[Deadline]] = {}
    for deadline in sitting.session.scalars(query if step is None else query.where(Deadline.step == step)):
        found.setdefault(deadline.unit_id, []).append(deadline)
    return found


def _fact(sitting: Sitting, deadline: Deadline, kind: Fact, on: date, grounds: Grounds) -> Happening:
    return Happening(
        deadline.unit_id,
        deadline.step,
        kind,
        on,
        sitting.signed.at,
        occasion=deadline.occasion,
        document=grounds.document,
    )


def _finish(
    sitting: Sitting,
    kind: str,
    new: dict[str, str],
    lines: Sequence[Touched],
    traces: Traces,
    grounds: Grounds,
    **given: object,
) -> None:
    if not new:
        return
    blank = {"step": "", "begun": sitting.signed.day, "until": None, "days": None, "places": ""}
    who = {"cycle_id": sitting.cycle.id, "kind": kind, "by": sitting.signed.by, "at": sitting.signed.at}
    sitting.session.execute(
        insert(LocalAct), [{**blank, **who, **grounds.__dict__, **given, "unit_id": line.unit_id} for line in lines]
    )
    sitting.finish(kind, act_key(f"{kind}/{given.get('step', '')}", list(new)), lines, traces)


@dataclass(frozen=True)
class Lateness:
    """How late something was, or is, on a day: against the legal last day, and against the office's own; 0: not late.

    Null where there is no such day.
    """

    legal: int | None
    local: int | None


def lateness(deadline: Deadline, on: date) -> Lateness:
    """Lateness shown against both days, as of a day."""
    end = deadline.done_on if deadline.done_on and deadline.done_on <= on else on
    return Lateness(_late(end, deadline.last_day), _late(end, deadline.local_last_day))


def _late(end: date, last: date | None) -> int | None:
    return None if last is None else max((end - last) // timedelta(days=1), 0)


def _refuse_groundless(grounds: Grounds) -> None:
    missing = [name for name, said in grounds.__dict__.items() if not said.strip()]
    if missing:
        raise refusals.groundless(missing)

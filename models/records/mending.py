"""The acts on remedies: edited, proved, closed by the level above, reopened, carried on, moved to a successor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from models.records import mending_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.cycles import Cycle
from models.records.deadlines import Fact, Happening
from models.records.dossiers import Dossier
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.mending_begun import remedy_word
from models.records.remedies import CLOSE, Remedy, find_remedy, open_in


@dataclass(frozen=True)
class Mended:
    """A commune shows that its shortfalls are mended."""

    code: str
    proof: str


@dataclass(frozen=True)
class Edit:
    """What a person changes of a remedy; null: stays as it is. `last_day` is the remedy's own, `local` day."""

    owner: str | None = None
    task: str | None = None
    last_day: date | None = None


def close_remedies(sitting: Sitting, mended: Sequence[Mended]) -> int:
    """Close all open remedies of these communes with their proof; returns how many communes were new."""
    dossiers = sitting.dossiers([one.code for one in mended])
    for one in mended:
        if not one.proof.strip():
            raise refusals.no_proof(one.code)
    keys = {f"{CLOSE}/{one.code}": one for one in mended}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    proofs = {dossiers[keys[key].code].id: keys[key].proof for key in new}
    traces = Traces()
    lines = [Touched(dossiers[keys[key].code].unit_id, key, {"proof": keys[key].proof}) for key in new]
    mending = [remedy for remedy in open_in(sitting.session, sitting.cycle.id) if remedy.dossier_id in proofs]
    for remedy in mending:
        remedy.proof, remedy.proved_on = proofs[remedy.dossier_id], sitting.signed.day
        _mark_closed(sitting, remedy, traces)
    for key in new:
        dossier = dossiers[keys[key].code]
        traces.happenings.append(_done(sitting, dossier.unit_id, "", keys[key].proof))
    sitting.session.flush()
    sitting.finish(CLOSE, act_key(CLOSE, new), lines, traces)
    return len(new)


def edit_remedy(sitting: Sitting, remedy_id: int, edit: Edit) -> bool:
    """Change owner, task or last day of an open remedy; False where it says so already.

    A day of its own gives it a deadline of its own, with reminders and lateness; later it moves only further on.
    """
    remedy = _open(sitting, remedy_id)
    change = {
        name: {"from": getattr(remedy, name), "to": value}
        for name, value in (("owner", edit.owner), ("task", edit.task), ("last_day", edit.last_day))
        if value is not None and value != getattr(remedy, name)
    }
    key = f"edit-remedy/{remedy_id}/{remedy.edits + 1}"
    if not change or not sitting.fresh([key]):
        return False
    traces = Traces()
    if edit.last_day is not None and "last_day" in change:
        _give_own_day(sitting, remedy, edit.last_day, traces)
    remedy.owner = edit.owner or remedy.owner
    if edit.task is not None:
        remedy.task, remedy.suggested = edit.task, False
    remedy.edits += 1
    sitting.session.flush()
    sitting.finish("edit-remedy", key, [Touched(remedy.unit_id, key, change)], traces)
    return True


def _give_own_day(sitting: Sitting, remedy: Remedy, last_day: date, traces: Traces) -> None:
    signed, unit_id = sitting.signed, _owing(sitting, remedy)
    if last_day < signed.day:
        raise refusals.day_passed(remedy.id, last_day)
    if remedy.last_day is not None and last_day < remedy.last_day:
        raise refusals.earlier_day(remedy.id, remedy.last_day)
    if not remedy.occasion:
        remedy.occasion = _occasion(remedy)
        applies = Happening(unit_id, CLOSE, Fact.APPLIES, signed.day, signed.at, remedy.occasion)
        traces.happenings.append(applies)
    remedy.last_day = last_day
    document = f"{(signed.document or signed.by)[:100]} · {last_day}"
    extended = Happening(unit_id, CLOSE, Fact.EXTENDED, last_day, signed.at, remedy.occasion, document=document)
    traces.happenings.append(extended)
    traces.happenings += _riders_day(sitting, remedy, document)


def _riders_day(sitting: Sitting, remedy: Remedy, document: str) -> list[Happening]:
    """Where no open remedy rides on the dossier's own deadline any more, that one lies where the last of them does."""
    own = [one for one in open_in(sitting.session, sitting.cycle.id) if one.dossier_id == remedy.dossier_id]
    days = [remedy.last_day if one.id == remedy.id else one.last_day for one in own]
    if _is_guest(sitting, remedy) or any(day is None for day in days):
        return []
    last = max(day for day in days if day is not None)
    return [Happening(_owing(sitting, remedy), CLOSE, Fact.EXTENDED, last, sitting.signed.at, document=document)]


def prove_remedy(sitting: Sitting, remedy_id: int, document: str) -> bool:
    """Hand in the proof that a remedy is done; the level above looks at it and closes. False if it was handed in."""
    remedy = _open(sitting, remedy_id)
    key = f"prove-remedy/{remedy_id}/{remedy.reopened}/{document}"
    if not sitting.fresh([key]):
        return False
    remedy.proof, remedy.proved_on, remedy.proved_by = document[:300], sitting.signed.day, sitting.signed.by
    sitting.session.flush()
    sitting.finish("prove-remedy", key, [Touched(remedy.unit_id, key, {"proof": document})], Traces())
    return True


def close_remedy(sitting: Sitting, remedy_id: int) -> bool:
    """The level above closes a remedy whose proof it has seen; False if it is closed already.

    Refused without a proof, and by the person who handed it in.
    """
    remedy = _followed(sitting, remedy_id)
    key = f"close-remedy/{remedy_id}/{remedy.reopened}"
    if remedy.closed_on is not None or not sitting.fresh([key]):
        return False
    if not (remedy.proof or "").strip():
        raise refusals.no_proof(str(remedy_id))
    if remedy.proved_by == sitting.signed.by:
        raise refusals.closed_by_its_owner(remedy_id, sitting.signed.by)
    traces = Traces()
    _close(sitting, remedy, traces)
    sitting.session.flush()
    sitting.finish("close-remedy", key, [Touched(remedy.unit_id, key, {"proof": remedy.proof})], traces)
    return True


def reopen_remedy(sitting: Sitting, remedy_id: int, last_day: date) -> bool:
    """Open a closed remedy again, by a ground (`sitting.signed`), with a new last day; False if it is open."""
    remedy = _followed(sitting, remedy_id)
    key = f"reopen-remedy/{remedy_id}/{remedy.reopened + 1}"
    if remedy.closed_on is None or not sitting.fresh([key]):
        return False
    was = {"proof": remedy.proof, "closed_on": remedy.closed_on, "closed_by": remedy.closed_by}
    remedy.reopened += 1
    remedy.closed_on = remedy.closed_by = remedy.proof = remedy.proved_on = remedy.proved_by = None
    remedy.last_day, remedy.occasion = None, ""
    traces = Traces(words=[remedy_word(remedy.unit_id, f"remedy_reopened/{remedy_id}/{remedy.reopened}")])
    _give_own_day(sitting, remedy, last_day, traces)
    sitting.session.flush()
    sitting.finish("reopen-remedy", key, [Touched(remedy.unit_id, key, was | {"last_day": last_day})], traces)
    return True


def carry_remedies(sitting: Sitting) -> int:
    """Follow in this cycle the open remedies of earlier ones that its communes owe; returns how many were new.

    The deadline is the plan's day for this cycle, or the remedy's own where that lies ahead. Scores are not carried.
    """
    session, cycle = sitting.session, sitting.cycle
    former = select(Cycle.id).where(Cycle.trial == cycle.trial, Cycle.year < cycle.year)
    taking_part = select(Dossier.unit_id).where(Dossier.cycle_id == cycle.id)
    found = session.scalars(
        select(Remedy)
        .where(Remedy.cycle_id.in_(former), Remedy.unit_id.in_(taking_part), Remedy.closed_on.is_(None))
        .order_by(Remedy.id)
        .execution_options(populate_existing=True)
    ).all()
    keys = {f"carry-remedy/{remedy.id}": remedy for remedy in found}
    new = sorted(sitting.fresh(keys))
    traces, lines = Traces(), []
    for key in new:
        remedy = keys[key]
        lines.append(Touched(remedy.unit_id, key, {"from_cycle": remedy.cycle_id, "subject": remedy.subject}))
        _follow_here(sitting, remedy, traces)
    if new:
        session.flush()
        sitting.finish("carry-remedies", act_key("carry-remedies", new), lines, traces)
    return len(new)


def _follow_here(sitting: Sitting, remedy: Remedy, traces: Traces) -> None:
    signed = sitting.signed
    remedy.cycle_id, remedy.occasion = sitting.cycle.id, _occasion(remedy)
    traces.happenings.append(Happening(remedy.unit_id, CLOSE, Fact.APPLIES, signed.day, signed.at, remedy.occasion))
    if remedy.last_day is not None and remedy.last_day >= signed.day:
        day = Happening(remedy.unit_id, CLOSE, Fact.EXTENDED, remedy.last_day, signed.at, remedy.occasion)
        traces.happenings.append(day)
    traces.words.append(remedy_word(remedy.unit_id, f"remedy_carried/{remedy.id}/{sitting.cycle.id}"))


def _occasion(remedy: Remedy) -> str:
    return f"remedy-{remedy.id}" + (f"-{remedy.reopened}" if remedy.reopened else "")


def _close(sitting: Sitting, remedy: Remedy, traces: Traces) -> None:
    """Mark it closed; its own deadline is done, and the dossier's once nothing rides on that any more."""
    _mark_closed(sitting, remedy, traces)
    if not _is_guest(sitting, remedy) and _nothing_rides(sitting, remedy):
        traces.happenings.append(_done(sitting, _owing(sitting, remedy), "", remedy.proof or ""))


def _mark_closed(sitting: Sitting, remedy: Remedy, traces: Traces) -> None:
    remedy.closed_on, remedy.closed_by = sitting.signed.day, sitting.signed.by
    if remedy.occasion:
        traces.happenings.append(_done(sitting, _owing(sitting, remedy), remedy.occasion, remedy.proof or ""))


def _nothing_rides(sitting: Sitting, closing: Remedy) -> bool:
    """Whether, once this one is closed, the dossier's own deadline has nothing left to wait for."""
    rest = [one for one in open_in(sitting.session, sitting.cycle.id, closing.dossier_id) if one.id != closing.id]
    riders = sitting.session.scalar(
        select(func.count())
        .select_from(Remedy)
        .where(Remedy.dossier_id == closing.dossier_id, Remedy.occasion == "", Remedy.cycle_id == sitting.cycle.id)
    )
    return not any(one.occasion == "" for one in rest) if riders else not rest


def _is_guest(sitting: Sitting, remedy: Remedy) -> bool:
    """Whether the remedy is followed here and was made by another cycle's verdict."""
    return sitting.session.get_one(Dossier, remedy.dossier_id).cycle_id != sitting.cycle.id


def _owing(sitting: Sitting, remedy: Remedy) -> int:
    """The unit under which its deadline stands: the dossier's in its own cycle, though a successor owes it by now."""
    dossier = sitting.session.get_one(Dossier, remedy.dossier_id)
    return dossier.unit_id if dossier.cycle_id == sitting.cycle.id else remedy.unit_id


def _done(sitting: Sitting, unit_id: int, occasion: str, proof: str) -> Happening:
    signed = sitting.signed
    return Happening(unit_id, CLOSE, Fact.DONE, signed.day, signed.at, occasion, document=proof[:120])


def _followed(sitting: Sitting, remedy_id: int) -> Remedy:
    remedy = find_remedy(sitting.session, remedy_id)
    if remedy is None or remedy.cycle_id != sitting.cycle.id:
        raise refusals.no_such_remedy(remedy_id)
    return remedy


def _open(sitting: Sitting, remedy_id: int) -> Remedy:
    remedy = _followed(sitting, remedy_id)
    if remedy.closed_on is not None:
        raise refusals.is_closed(remedy_id, remedy.closed_on)
    return remedy


def move_remedies(sitting: Sitting, from_id: int, to_id: int) -> list[int]:
    """Hand the open remedies of a unit to its successor, whatever cycle follows them; their ids."""
    return list(
        sitting.session.scalars(
            update(Remedy)
            .where(Remedy.unit_id == from_id, Remedy.closed_on.is_(None))
            .values(unit_id=to_id)
            .returning(Remedy.id)
            .execution_options(synchronize_session=False)
        )
    )

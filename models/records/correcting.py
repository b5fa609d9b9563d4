"""A superseding decision: it replaces lines of earlier ones, both stay readable, the later counts, the told are named.

Neither text has a way to correct a decision; this is a `local` act of the authority, with reason and ground.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from models.cycle.lifecycle import DECIDED, Act, State
from models.errors import MoveRefusal, Refusal
from models.law.regulation import Actor
from models.records import deciding_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.deadlines import Fact, Happening
from models.records.deciding import (
    PUBLISH,
    REMEDY_STEPS,
    Signature,
    contrary_ground,
    keep,
    refuse_foreign,
    refuse_level,
    result_word,
    verdict_on,
)
from models.records.decisions import Decided, Replacement, find_decision, lines_of
from models.records.dossiers import Dossier, latest_cards
from models.records.filing import act_key
from models.records.journal import Touched, canonical
from models.words import Words


@dataclass(frozen=True)
class Told:
    """An agency that was told of a correction."""

    unit_id: int
    actor: Actor


def correct(sitting: Sitting, signature: Signature, reason: str, authority: str) -> int:
    """Record a superseding decision over communes that are decided already; returns how many lines it replaced."""
    refuse_level(sitting, signature.unit_id)
    refusals.refuse_doubles([listed.code for listed in signature.lists])
    dossiers = sitting.dossiers([listed.code for listed in signature.lists])
    keys = {f"correct/{listed.code}/{signature.number}": listed for listed in signature.lists}
    new = sorted(sitting.fresh(keys))
    known = find_decision(sitting.session, sitting.cycle.id, signature.unit_id, signature.number)
    if known and (new or not _same(sitting, known.id, signature, dossiers)):
        raise refusals.number_taken(signature.number, known.signed_on)
    if not new:
        return 0
    _refuse_unreasoned(reason, authority)
    refuse_foreign(sitting, signature.unit_id, signature.unit_code, dossiers)
    if signature.signed_on > sitting.signed.day:
        raise refusals.signed_in_the_future(signature.number, signature.signed_on)
    standing = _standing(sitting, dossiers)
    cards = latest_cards(sitting.session, [dossier.id for dossier in dossiers.values()], "appraised")
    traces, lines, rows, told = Traces(), [], [], _told(sitting, dossiers)
    for key in new:
        listed, dossier = keys[key], dossiers[keys[key].code]
        before = standing[dossier.id]
        _turn(sitting, traces, listed.code, dossier, before.recognised, listed.recognised, signature)
        ground = contrary_ground(listed, verdict_on(dossier, cards.get(dossier.id)))
        rows.append({"dossier_id": dossier.id, "recognised": listed.recognised, "contrary_ground": ground})
        lines.append(Touched(dossier.unit_id, key, _change(before, listed.recognised, signature, reason, told, ground)))
        said = {"recognised": listed.recognised, "number": signature.number, "on": signature.signed_on}
        said |= {"replaces": before.number, "reason": reason}
        for one in told[dossier.id]:
            words = result_word(dossier.unit_id, one.unit_id, one.actor, signature.number, canonical(said))
            traces.words.append(words)
    decision = keep(sitting, signature, rows, reason=reason, authority=authority)
    replaced = [
        {
            "decision_id": decision,
            "dossier_id": row["dossier_id"],
            "replaced_id": standing[row["dossier_id"]].decision_id,
        }
        for row in rows
    ]
    sitting.session.execute(insert(Replacement), replaced)
    started = Happening(
        signature.unit_id, PUBLISH, Fact.STARTED, signature.signed_on, sitting.signed.at, occasion=signature.number
    )
    traces.happenings.append(started)
    sitting.finish("correct", act_key(f"correct/{signature.unit_code}", new), lines, traces)
    return len(new)


def _same(sitting: Sitting, decision_id: int, signature: Signature, dossiers: Mapping[str, Dossier]) -> bool:
    lines = lines_of(sitting.session, sitting.cycle.id, dossier_ids=[dossier.id for dossier in dossiers.values()])
    recorded = {line.code: line.recognised for line in lines if line.decision_id == decision_id}
    return recorded == {listed.code: listed.recognised for listed in signature.lists}


def _standing(sitting: Sitting, dossiers: Mapping[str, Dossier]) -> dict[int, Decided]:
    """The line that counts of each of these dossiers; one that was never decided cannot be corrected."""
    undecided = sorted(code for code, dossier in dossiers.items() if State(dossier.state) not in DECIDED)
    if undecided:
        raise _nothing_to_correct(undecided)
    ids = [dossier.id for dossier in dossiers.values()]
    return {
        line.dossier_id: line for line in lines_of(sitting.session, sitting.cycle.id, dossier_ids=ids) if line.counts
    }


def _turn(
    sitting: Sitting, traces: Traces, code: str, dossier: Dossier, was: bool, is_now: bool, signature: Signature
) -> None:
    """Send the dossier to the other list where the correction turns it, and its remedies with it."""
    if was is is_now:
        return
    traces.move(sitting, code, dossier, Act.CORRECT_TO_RECOGNISED if is_now else Act.CORRECT_TO_NOT_RECOGNISED)
    day, at = sitting.signed.day, sitting.signed.at
    # Nothing is erased: remedies that a commune no longer owes end by the superseding decision, whose number they bear.
    kind, document = (Fact.DONE, signature.number) if is_now else (Fact.APPLIES, "")
    for step in REMEDY_STEPS:
        if not is_now:
            traces.happenings.append(
                Happening(dossier.unit_id, step, Fact.REOPENED, day, at, document=signature.number)
            )
        traces.happenings.append(Happening(dossier.unit_id, step, kind, day, at, document=document))


def _told(sitting: Sitting, dossiers: Mapping[str, Dossier]) -> dict[int, list[Told]]:
    """Who is told: the commune, the office that received its file, Sở Tư pháp."""
    province = sitting.cycle.province_id
    checks = sitting.law.regulation.step("check-completeness")
    found = {}
    for dossier in dossiers.values():
        told = [Told(dossier.unit_id, Actor.COMMUNE), Told(province, Actor.PROVINCE_JUSTICE)]
        if checks and checks.actor.level == "district" and dossier.district_id:
            told.insert(1, Told(dossier.district_id, checks.actor))
        found[dossier.id] = told
    return found


def _change(
    before: Decided,
    recognised: bool,
    signature: Signature,
    reason: str,
    told: Mapping[int, Sequence[Told]],
    ground: str | None,
) -> dict[str, object]:
    return {
        "from": {"decision": before.number, "recognised": before.recognised},
        "to": {"decision": signature.number, "recognised": recognised},
        "reason": reason,
        "told": [{"unit": one.unit_id, "actor": one.actor} for one in told[before.dossier_id]],
        **({"contrary_ground": ground} if ground else {}),
    }


def _refuse_unreasoned(reason: str, authority: str) -> None:
    if not reason.strip() or not authority.strip():
        raise Refusal(
            "correction_without_ground",
            Words("Đính chính chưa có lý do hoặc căn cứ.", "The correction has no reason or no authority."),
            Words(
                "Quyết định thay thế phải nói vì sao và theo thẩm quyền nào.",
                "A superseding decision says why, and on which authority.",
            ),
            Words("Ghi --reason và --authority.", "Give --reason and --authority."),
        )


def _nothing_to_correct(codes: Sequence[str]) -> MoveRefusal:
    listed = ", ".join(codes[:10])
    return MoveRefusal(
        "nothing_to_correct",
        Words(f"Đơn vị {listed} chưa có quyết định để đính chính.", f"Unit {listed} has no decision to correct."),
        Words("Quyết định thay thế chỉ thay quyết định đã ghi.", "A superseding decision replaces a recorded one."),
        Words("Ghi quyết định bằng `tcpl decide sign`.", "Record the decision with `tcpl decide sign`."),
        codes=list(codes),
    )

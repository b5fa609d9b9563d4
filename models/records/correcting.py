"""A superseding decision: it replaces lines of earlier ones, both stay readable, the later counts, the told are named.

Neither text has a way to correct a decision; this is a `local` act of the authority, with reason and ground.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from models.cycle.lifecycle import DECIDED, Act, State
from models.errors import MoveRefusal, Refusal
from models.law.regulation import Actor, Regulation
from models.records import deciding_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.canonical import canonical
from models.records.deadlines import Fact, Happening
from models.records.deciding import (
    PUBLISH,
    REMEDY_STEPS,
    Signature,
    contrary_ground,
    keep,
    refuse_foreign,
    refuse_level,
)
from models.records.decisions import Decided, Replacement, find_decision, lines_of
from models.records.dossiers import Dossier, InHand, latest_cards
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.proposing import verdict_on
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
    _refuse_before(signature, standing.values())
    cards = latest_cards(sitting.session, [dossier.id for dossier in dossiers.values()], "appraised")
    traces, lines, rows = Traces(), [], []
    told = {
        dossier.id: told_of(sitting.law.regulation, sitting.cycle.province_id, dossier) for dossier in dossiers.values()
    }
    for key in new:
        listed, dossier = keys[key], dossiers[keys[key].code]
        before = standing[dossier.id]
        _turn(sitting, traces, listed.code, dossier, before.recognised, listed.recognised, signature)
        ground = contrary_ground(listed, verdict_on(dossier, cards.get(dossier.id)))
        rows.append({"dossier_id": dossier.id, "recognised": listed.recognised, "contrary_ground": ground})
        lines.append(Touched(dossier.unit_id, key, _change(before, listed.recognised, signature, reason, told, ground)))
        said = correction_said(listed.recognised, signature.number, signature.signed_on, before.number, reason)
        traces.words += [_word(dossier.unit_id, one, signature.number, said) for one in told[dossier.id]]
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


def _same(sitting: Sitting, decision_id: int, signature: Signature, dossiers: Mapping[str, InHand]) -> bool:
    lines = lines_of(sitting.session, sitting.cycle.id, dossier_ids=[dossier.id for dossier in dossiers.values()])
    recorded = {line.code: line.recognised for line in lines if line.decision_id == decision_id}
    return recorded == {listed.code: listed.recognised for listed in signature.lists}


def _standing(sitting: Sitting, dossiers: Mapping[str, InHand]) -> dict[int, Decided]:
    """The line that counts of each of these dossiers; one that was never decided cannot be corrected."""
    undecided = sorted(code for code, dossier in dossiers.items() if State(dossier.state) not in DECIDED)
    if undecided:
        raise _nothing_to_correct(undecided)
    ids = [dossier.id for dossier in dossiers.values()]
    return {
        line.dossier_id: line for line in lines_of(sitting.session, sitting.cycle.id, dossier_ids=ids) if line.counts
    }


def _turn(
    sitting: Sitting, traces: Traces, code: str, dossier: InHand, was: bool, is_now: bool, signature: Signature
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


def told_of(regulation: Regulation, province_id: int, dossier: Dossier | InHand) -> list[Told]:
    """Who is told of a correction: the commune, the office that received its file, Sở Tư pháp."""
    told = [Told(dossier.unit_id, Actor.COMMUNE), Told(province_id, Actor.PROVINCE_JUSTICE)]
    checks = regulation.step("check-completeness")
    if checks and checks.actor.level == "district" and dossier.district_id:
        told.insert(1, Told(dossier.district_id, checks.actor))
    return told


def correction_said(recognised: bool, number: str, signed_on: date, replaces: str, reason: str | None) -> str:
    """What a notice of a correction knows beside its own columns."""
    said = {"recognised": recognised, "number": number, "on": signed_on, "replaces": replaces, "reason": reason}
    return canonical(said)


def correction_key(about_id: int, number: str) -> str:
    return f"correction/{about_id}/{number}"


def _word(about_id: int, one: Told, number: str, said: str) -> Word:
    return Word(
        Kind.CORRECTION,
        about_id=about_id,
        to_unit_id=one.unit_id,
        to_actor=one.actor,
        key=correction_key(about_id, number),
        step="decide",
        said=said,
    )


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


def _refuse_before(signature: Signature, replaced: Iterable[Decided]) -> None:
    """What supersedes a decision is not signed before it."""
    later = next((line for line in replaced if line.signed_on > signature.signed_on), None)
    if later is not None:
        raise Refusal(
            "corrects_before_it_was_signed",
            Words(
                f"Quyết định {signature.number} ký ngày {signature.signed_on:%d/%m/%Y}, trước quyết định bị thay thế "
                f"{later.number} ({later.signed_on:%d/%m/%Y}).",
                f"Decision {signature.number} was signed on {signature.signed_on}, before {later.number} "
                f"({later.signed_on}), which it would supersede.",
            ),
            Words("Chỉ quyết định ký sau mới thay thế được.", "Only a later decision supersedes an earlier one."),
            Words("Kiểm tra lại --signed-on.", "Check --signed-on."),
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

"""The decision: a signed one recorded with its two lists, by the rule's verdict or against it with a ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.cycle.agencies import agency_name
from models.cycle.lifecycle import DECIDED, Act, State
from models.law.regulation import Actor
from models.records import deciding_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.bulk import insert_rows, next_numbers
from models.records.canonical import canonical
from models.records.deadlines import Fact, Happening
from models.records.decision_files import Paper, keep_file
from models.records.decisions import Decision, DecisionLine, DecisionPaper, find_decision, lines_of
from models.records.dossiers import Dossier, InHand, latest_judged
from models.records.filing import act_key, done_now
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.prepared import prepared
from models.records.proposing import verdict_on
from models.records.publishing import PUBLISH, consolidate, find_inconsistencies, publish, send_report
from models.records.units import Unit

__all__ = (  # what follows the signature stands in its own module and is reached from here too
    "consolidate",
    "find_inconsistencies",
    "publish",
    "send_report",
)

REMEDY_STEPS = ("open-remedies", "close-remedies")


@dataclass(frozen=True)
class Listed:
    """One commune on a decision's list."""

    code: str
    recognised: bool
    contrary_ground: str | None = None


@dataclass(frozen=True)
class Signature:
    """A signed decision of the authority's unit (district or province) over communes.

    `position`: the signer's office, null: the authority's own. `partial_ground`: why communes of the unit are left out.
    """

    unit_id: int
    unit_code: str
    number: str
    signed_on: date
    signer: str
    lists: tuple[Listed, ...]
    position: str | None = None
    paper: Paper | None = None
    partial_ground: str | None = None


def decide(sitting: Sitting, signature: Signature) -> int:
    """Record a decision; returns how many communes were newly decided.

    Refused: another level than the regulation names, a commune of another unit, twice in the lists or left out without
    a ground, against the rule's verdict (or where it is undetermined) without a written ground, another decision under
    the same number. Recording it again changes nothing.
    """
    refuse_level(sitting, signature.unit_id)
    refusals.refuse_doubles([listed.code for listed in signature.lists])
    dossiers = sitting.dossiers([listed.code for listed in signature.lists])
    if _is_known(sitting, signature, dossiers):
        return 0
    refuse_foreign(sitting, signature.unit_id, signature.unit_code, dossiers)
    _refuse_left_out(sitting, signature, dossiers)
    if signature.signed_on > sitting.signed.day:
        raise refusals.signed_in_the_future(signature.number, signature.signed_on)
    _refuse_decided(sitting, dossiers)
    keys = {f"decide/{listed.code}/{signature.number}": listed for listed in signature.lists}
    new = sorted(sitting.fresh(keys))
    cards = latest_judged(sitting.session, [dossier.id for dossier in dossiers.values()], "appraised")
    traces, lines, rows = Traces(), [], []
    for key in new:
        listed, dossier = keys[key], dossiers[keys[key].code]
        to = traces.move(sitting, listed.code, dossier, Act.RECOGNISE if listed.recognised else Act.NOT_RECOGNISE)
        ground = contrary_ground(listed, verdict_on(dossier, cards.get(dossier.id)))
        rows.append({"dossier_id": dossier.id, "recognised": listed.recognised, "contrary_ground": ground})
        change = {"from": dossier.state, "to": to, "decision": signature.number}
        lines.append(Touched(dossier.unit_id, key, change | ({"contrary_ground": ground} if ground else {})))
        leave_traces(sitting, traces, dossier, listed.recognised, signature)
    keep(sitting, signature, rows)
    started = Happening(
        signature.unit_id, PUBLISH, Fact.STARTED, signature.signed_on, sitting.signed.at, occasion=signature.number
    )
    traces.happenings.append(started)
    sitting.finish("decide", act_key(f"decide/{signature.unit_code}", new), lines, traces)
    return len(new)


def contrary_ground(listed: Listed, verdict: bool | None) -> str | None:
    """People sign, and may sign against the rule; but never silently, and never where the rule could not be applied."""
    if verdict is listed.recognised:
        return None
    ground = (listed.contrary_ground or "").strip()
    if not ground:
        raise refusals.contrary(listed.code, verdict)
    return ground


def _is_known(sitting: Sitting, signature: Signature, dossiers: Mapping[str, InHand]) -> bool:
    """Whether exactly this decision stands already; another one under its number is refused."""
    known = find_decision(sitting.session, sitting.cycle.id, signature.unit_id, signature.number)
    if known is None:
        return False
    lines = sitting.session.execute(
        select(DecisionLine.dossier_id, DecisionLine.recognised).where(DecisionLine.decision_id == known.id)
    ).tuples()
    asked = {dossiers[listed.code].id: listed.recognised for listed in signature.lists}
    same = (known.signed_on, known.signer) == (signature.signed_on, signature.signer)
    if same and dict(lines.all()) == asked:
        return True
    raise refusals.number_taken(signature.number, known.signed_on)


def _refuse_decided(sitting: Sitting, dossiers: Mapping[str, InHand]) -> None:
    ids = [dossier.id for dossier in dossiers.values() if State(dossier.state) in DECIDED]
    for line in lines_of(sitting.session, sitting.cycle.id, dossier_ids=ids) if ids else ():
        if line.counts:
            raise refusals.already_decided(line.code, line.number)


def refuse_level(sitting: Sitting, unit_id: int) -> None:
    unit = sitting.session.get_one(Unit, unit_id)
    authority = sitting.law.regulation.authority
    if unit.level != authority.decides.level:
        raise refusals.not_the_authority(unit.name, authority)


def refuse_foreign(sitting: Sitting, unit_id: int, unit_code: str, dossiers: Mapping[str, InHand]) -> None:
    """A district signs for its own communes, the province for its own."""
    province = sitting.cycle.province_id
    foreign = sorted(
        code for code, dossier in dossiers.items() if unit_id not in (dossier.district_id or province, province)
    )
    if foreign:
        raise refusals.of_another_unit(foreign, unit_code)


def _refuse_left_out(sitting: Sitting, signature: Signature, dossiers: Mapping[str, InHand]) -> None:
    """Every commune of the unit that is not decided yet stands in one of the two lists, or the ground is written."""
    whole = signature.unit_id == sitting.cycle.province_id
    waiting = sitting.session.scalars(*_undecided(sitting.cycle.id, None if whole else signature.unit_id))
    left_out = [code for code in waiting if code not in dossiers]
    if left_out and not (signature.partial_ground or "").strip():
        raise refusals.left_out(left_out)
    if not signature.lists:
        raise refusals.empty_decision(signature.number)


@prepared
def _undecided(cycle_id: int, district_id: int | None):
    query = select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id).order_by(Unit.code)
    query = query.where(Dossier.cycle_id == cycle_id, Dossier.state.not_in([*DECIDED, State.MERGED]))
    return query if district_id is None else query.where(Dossier.district_id == district_id)


def leave_traces(sitting: Sitting, traces: Traces, dossier: InHand, recognised: bool, signature: Signature) -> None:
    """The step done, the remedies that a commune not recognised owes, the result told to the commune."""
    traces.happenings.append(done_now(sitting, dossier, "decide", document=signature.number))
    if not recognised:
        traces.happenings += [
            Happening(dossier.unit_id, step, Fact.APPLIES, sitting.signed.day, sitting.signed.at)
            for step in REMEDY_STEPS
        ]
    said = canonical({"recognised": recognised, "number": signature.number, "on": signature.signed_on})
    traces.words.append(result_word(dossier.unit_id, dossier.unit_id, Actor.COMMUNE, signature.number, said))


def result_word(about_id: int, to_unit_id: int, actor: Actor, number: str, said: str) -> Word:
    """The notice of a result to one agency."""
    key = f"result/{about_id}/{number}"
    return Word(
        Kind.RESULT, about_id=about_id, to_unit_id=to_unit_id, to_actor=actor, key=key, step="decide", said=said
    )


def keep(
    sitting: Sitting,
    signature: Signature,
    rows: Sequence[dict[str, object]],
    *,
    reason: str | None = None,
    authority: str | None = None,
) -> int:
    """Keep the decision, its lines and its paper; returns the decision's id."""
    unit = sitting.session.get_one(Unit, signature.unit_id)
    decides = sitting.law.regulation.authority.decides
    (decision,) = next_numbers(sitting.session, Decision, 1)
    signed = (signature.number, signature.signed_on, signature.signer, sitting.signed.at)
    insert_rows(sitting.session, Decision, _DECISION, [(decision, sitting.cycle.id, signature.unit_id, *signed)])
    position, file = signature.position or agency_name(decides, unit.name), signature.paper
    named = (file.name, file.hash) if file else (None, None)
    paper = (decision, position, *named, signature.partial_ground, reason, authority)
    insert_rows(sitting.session, DecisionPaper, _PAPER, [paper])
    if file:
        keep_file(sitting, file)
    insert_rows(sitting.session, DecisionLine, _LINE, ((decision, *(row[name] for name in _LINE[1:])) for row in rows))
    return decision


_DECISION = ("id", "cycle_id", "unit_id", "number", "signed_on", "signer", "recorded_at")
_PAPER = ("decision_id", "position", "file_name", "file_hash", "partial_ground", "reason", "authority")
_LINE = ("decision_id", "dossier_id", "recognised", "contrary_ground")

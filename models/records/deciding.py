"""The deciding acts: the decision with its two lists, its publication, the province's consolidation, the reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.cycle.lifecycle import DECIDED, Act, State
from models.errors import Refusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.base import Moment, Table
from models.records.deadlines import Fact, Happening
from models.records.dossiers import Dossier, Scorecard, latest_cards
from models.records.filing import act_key, done_now
from models.records.journal import Touched, canonical
from models.records.notices import Kind, Word
from models.words import Words

PUBLISH = "publish-decision"
REMEDY_STEPS = ("open-remedies", "close-remedies")


class Decision(Table):
    """A decision on recognition as a document: number, day, signer; and when it was published."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    signer: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class DecisionLine(Table):
    """One commune on one of the two lists; `contrary_ground`: decided against the rule's verdict, and why."""

    __tablename__ = "decision_lines"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    recognised: Mapped[bool]
    contrary_ground: Mapped[str | None] = mapped_column(String(500))


class Report(Table):
    """A report upward, with its figures as they stood when it was sent."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "step", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    step: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120))
    sent_on: Mapped[date]
    figures: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Listed:
    """One commune on a decision's list."""

    code: str
    recognised: bool
    contrary_ground: str | None = None


@dataclass(frozen=True)
class Signature:
    """A signed decision of the authority's unit (district or province) over communes."""

    unit_id: int
    unit_code: str
    number: str
    signed_on: date
    signer: str
    lists: tuple[Listed, ...]


def decide(sitting: Sitting, signature: Signature) -> int:
    """Record a decision; returns how many communes were newly decided.

    Refused: a commune twice in the lists, or against the rule's verdict without a written ground, or whose verdict is
    undetermined without one. Recording it again changes nothing.
    """
    _refuse_doubles(signature)
    dossiers = sitting.dossiers([listed.code for listed in signature.lists])
    keys = {f"decide/{listed.code}/{signature.number}": listed for listed in signature.lists}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    cards = latest_cards(sitting.session, [dossier.id for dossier in dossiers.values()], "appraised")
    traces, lines, rows = Traces(), [], []
    for key in new:
        listed, dossier = keys[key], dossiers[keys[key].code]
        _refuse_contrary(listed, dossier, cards.get(dossier.id))
        act = Act.RECOGNISE if listed.recognised else Act.NOT_RECOGNISE
        to = traces.move(sitting, listed.code, dossier, act)
        rows.append(
            {
                "dossier_id": dossier.id,
                "recognised": listed.recognised,
                "contrary_ground": listed.contrary_ground,
            }
        )
        lines.append(Touched(dossier.unit_id, key, {"from": dossier.state, "to": to, "decision": signature.number}))
        _leave_traces(sitting, traces, dossier, listed, signature)
    _keep(sitting, signature, rows)
    started = Happening(
        signature.unit_id, PUBLISH, Fact.STARTED, signature.signed_on, sitting.signed.at, occasion=signature.number
    )
    traces.happenings.append(started)
    sitting.finish("decide", act_key(f"decide/{signature.unit_code}", new), lines, traces)
    return len(new)


def _leave_traces(sitting: Sitting, traces: Traces, dossier: Dossier, listed: Listed, signature: Signature) -> None:
    traces.happenings.append(done_now(sitting, dossier, "decide", document=signature.number))
    if not listed.recognised:
        traces.happenings += [
            Happening(dossier.unit_id, step, Fact.APPLIES, sitting.signed.day, sitting.signed.at)
            for step in REMEDY_STEPS
        ]
    traces.words.append(
        Word(
            Kind.RESULT,
            about_id=dossier.unit_id,
            to_unit_id=dossier.unit_id,
            to_actor=Actor.COMMUNE,
            key=f"result/{dossier.unit_id}/{signature.number}",
            step="decide",
            said=canonical({"recognised": listed.recognised, "number": signature.number, "on": signature.signed_on}),
        )
    )


def _keep(sitting: Sitting, signature: Signature, rows: Sequence[dict[str, object]]) -> None:
    decision = sitting.session.scalars(
        insert(Decision).returning(Decision.id),
        [
            {
                "cycle_id": sitting.cycle.id,
                "unit_id": signature.unit_id,
                "number": signature.number,
                "signed_on": signature.signed_on,
                "signer": signature.signer,
                "recorded_at": sitting.signed.at,
            }
        ],
    ).one()
    sitting.session.execute(insert(DecisionLine), [{"decision_id": decision, **row} for row in rows])


def publish(sitting: Sitting, unit_id: int, unit_code: str, number: str, on: date, where: str) -> bool:
    """Record that a decision was published; False if that was known."""
    known = sitting.session.scalar(
        select(Decision.id).where(
            Decision.cycle_id == sitting.cycle.id, Decision.unit_id == unit_id, Decision.number == number
        )
    )
    if known is None:
        raise _no_such_decision(number, unit_code)
    key = f"publish/{unit_code}/{number}"
    if not sitting.fresh([key]):
        return False
    done = Happening(unit_id, PUBLISH, Fact.DONE, on, sitting.signed.at, occasion=number, document=where)
    line = Touched(unit_id, key, {"number": number, "on": on, "where": where})
    sitting.finish("publish", key, [line], Traces(happenings=[done]))
    return True


@dataclass(frozen=True)
class Consolidation:
    """What the province found: communes in exactly one list, in none, in more than one."""

    consistent: tuple[int, ...]
    undecided: tuple[int, ...]
    doubled: tuple[int, ...]


def find_inconsistencies(sitting: Sitting) -> Consolidation:
    """Check that each commune of the cycle stands in exactly one list of one decision (unit ids)."""
    rows = sitting.session.execute(
        select(Dossier.unit_id, func.count(DecisionLine.decision_id))
        .outerjoin(DecisionLine, DecisionLine.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == sitting.cycle.id)
        .group_by(Dossier.unit_id)
        .order_by(Dossier.unit_id)
    ).tuples()
    by_count: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for unit_id, lists in rows:
        by_count[min(lists, 2)].append(unit_id)
    return Consolidation(tuple(by_count[1]), tuple(by_count[0]), tuple(by_count[2]))


def consolidate(sitting: Sitting) -> Consolidation:
    """Consolidate what the deciding levels have decided so far; those in exactly one list are done."""
    found = find_inconsistencies(sitting)
    keys = {f"consolidate/{unit_id}": unit_id for unit_id in found.consistent}
    new = sorted(sitting.fresh(keys))
    if new:
        signed = sitting.signed
        lines = [Touched(keys[key], key, {"consolidated": True}) for key in new]
        facts = [Happening(keys[key], "consolidate", Fact.DONE, signed.day, signed.at) for key in new]
        sitting.finish("consolidate", act_key("consolidate", new), lines, Traces(happenings=facts))
    return found


def send_report(sitting: Sitting, step: str, unit_id: int, unit_code: str, document: str, on: date) -> bool:
    """Record a report upward with its figures frozen; False if it was known."""
    key = f"{step}/{unit_code}/{document}"
    if not sitting.fresh([key]):
        return False
    figures = _figures(sitting, unit_id)
    row = {"cycle_id": sitting.cycle.id, "unit_id": unit_id, "step": step, "document": document, "sent_on": on}
    sitting.session.execute(insert(Report).values(**row, figures=canonical(figures)))
    done = Happening(unit_id, step, Fact.DONE, on, sitting.signed.at, document=document)
    sitting.finish(step, key, [Touched(unit_id, key, {"figures": figures})], Traces(happenings=[done]))
    return True


def _figures(sitting: Sitting, unit_id: int) -> dict[str, int]:
    """How many dossiers of the unit (district, or the whole province) are in each state."""
    query = select(Dossier.state, func.count()).where(Dossier.cycle_id == sitting.cycle.id).group_by(Dossier.state)
    if unit_id != sitting.cycle.province_id:
        query = query.where(Dossier.district_id == unit_id)
    return dict(sitting.session.execute(query).tuples().all())


def _refuse_doubles(signature: Signature) -> None:
    codes = [listed.code for listed in signature.lists]
    doubled = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if doubled:
        listed = ", ".join(doubled)
        raise Refusal(
            "commune_in_two_lists",
            Words(f"Đơn vị {listed} có tên nhiều lần trong quyết định.", f"Unit {listed} is listed more than once."),
            Words(
                "Mỗi đơn vị cấp xã phải có tên trong đúng một danh sách: đạt hoặc chưa đạt.",
                "Each commune stands in exactly one list: recognised or not.",
            ),
            Words("Sửa danh sách kèm theo quyết định rồi ghi lại.", "Correct the lists, then record it again."),
            codes=doubled,
        )


def _refuse_contrary(listed: Listed, dossier: Dossier, card: Scorecard | None) -> None:
    """People sign, and may sign against the rule; but never silently, and never where the rule could not be applied."""
    if State(dossier.state) in DECIDED or listed.contrary_ground:
        return
    verdict = card.meets if card else (False if State(dossier.state) is State.DECLARED_NOT_MET else None)
    if verdict is listed.recognised:
        return
    vi = {True: "đạt", False: "chưa đạt", None: "chưa xác định được"}[verdict]
    en = {True: "met", False: "not met", None: "undetermined"}[verdict]
    raise Refusal(
        "contrary_to_verdict",
        Words(
            f"Quyết định xếp đơn vị {listed.code} khác với kết luận theo quy định ({vi}).",
            f"The decision lists {listed.code} otherwise than the rule's verdict ({en}).",
        ),
        Words(
            "Được ghi nhận quyết định khác kết luận, nhưng phải kèm căn cứ bằng văn bản và bị đánh dấu vĩnh viễn.",
            "A decision against the verdict can be recorded, but only with a written ground, flagged for ever.",
        ),
        Words("Ghi căn cứ, hoặc sửa danh sách.", "Give the ground, or correct the list."),
        unit=listed.code,
        verdict=verdict,
    )


def _no_such_decision(number: str, unit_code: str) -> Refusal:
    return Refusal(
        "no_such_decision",
        Words(
            f"Chưa ghi nhận quyết định số {number} của đơn vị {unit_code}.",
            f"No decision {number} of unit {unit_code} is recorded.",
        ),
        Words("Chỉ công bố được quyết định đã ký và đã ghi nhận.", "Only a recorded decision can be published."),
        Words("Ghi nhận quyết định trước, rồi ghi việc công bố.", "Record the decision first, then its publication."),
    )

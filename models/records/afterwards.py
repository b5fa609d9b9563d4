"""After the decision: remedies from shortfalls, and commendations from results. All of it `local`, from the plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.cycle.lifecycle import State
from models.errors import Refusal
from models.law.plan import CommendationRule
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.deadlines import Deadline, Fact, Happening, insert_new
from models.records.dossiers import Dossier, Scorecard, latest_cards
from models.records.earlier_results import recognised_years, years_running
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.units import Unit
from models.words import Words

OPEN, CLOSE, PROPOSE, AWARD = "open-remedies", "close-remedies", "propose-commendations", "award-commendations"


class Remedy(Table):
    """One shortfall of one commune that has to be mended: which rule, about what; closed with a proof."""

    __tablename__ = "remedies"
    __table_args__ = (UniqueConstraint("dossier_id", "rule", "subject"), Index(None, "closed_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    rule: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(String(300))
    required: Mapped[str] = mapped_column(String(300))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(String(300))


class Commendation(Table):
    """A unit proposed by a rule of the plan, and what a person made of it: awarded by a document, or refused."""

    __tablename__ = "commendations"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    rule: Mapped[str] = mapped_column(String(40))
    ground: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    document: Mapped[str | None] = mapped_column(String(120))


@dataclass(frozen=True)
class Mended:
    """A commune shows that its shortfalls are mended."""

    code: str
    proof: str


def open_remedies(sitting: Sitting) -> int:
    """Make every shortfall of every commune that was not recognised a remedy; returns how many communes were new."""
    rows = sitting.session.execute(
        select(Unit.code, Dossier)
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(Dossier.cycle_id == sitting.cycle.id, Dossier.state == State.NOT_RECOGNISED)
        .order_by(Unit.code)
    )
    keys = {f"{OPEN}/{code}": dossier for code, dossier in rows}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    ids = [dossier.id for dossier in keys.values()]
    cards = latest_cards(sitting.session, ids, "self") | latest_cards(sitting.session, ids, "appraised")
    traces, lines, remedies = Traces(), [], []
    for key in new:
        dossier, signed = keys[key], sitting.signed
        shortfalls = _shortfalls(cards.get(dossier.id))
        remedies += [{"dossier_id": dossier.id, "opened_on": signed.day, **shortfall} for shortfall in shortfalls]
        lines.append(Touched(dossier.unit_id, key, {"remedies": len(shortfalls)}))
        traces.happenings.append(Happening(dossier.unit_id, OPEN, Fact.DONE, signed.day, signed.at))
        traces.words.append(_opened(dossier))
    if remedies:
        sitting.session.execute(insert_new(sitting.session, Remedy), remedies)
    sitting.finish(OPEN, act_key(OPEN, new), lines, traces)
    return len(new)


def _shortfalls(card: Scorecard | None) -> list[dict[str, str]]:
    """What the verdict found wanting. A commune that declared itself not met on a good score owes its own account."""
    found = json.loads(card.verdict)["shortfalls"] if card else []
    kept = [{name: str(item[name])[:300] for name in ("rule", "subject", "found", "required")} for item in found]
    return kept or [{"rule": "declared", "subject": "dossier", "found": "tự nhận chưa đạt", "required": "giải trình"}]


def _opened(dossier: Dossier) -> Word:
    return Word(
        Kind.REMEDY_OPENED,
        about_id=dossier.unit_id,
        to_unit_id=dossier.unit_id,
        to_actor=Actor.COMMUNE,
        key=f"remedy_opened/{dossier.unit_id}",
        step=CLOSE,
    )


def close_remedies(sitting: Sitting, mended: Sequence[Mended]) -> int:
    """Close all open remedies of these communes with their proof; returns how many communes were new."""
    dossiers = sitting.dossiers([one.code for one in mended])
    for one in mended:
        if not one.proof.strip():
            raise _no_proof(one.code)
    keys = {f"{CLOSE}/{one.code}": one for one in mended}
    new = sorted(sitting.fresh(keys))
    traces, lines = Traces(), []
    for key in new:
        dossier, signed = dossiers[keys[key].code], sitting.signed
        lines.append(Touched(dossier.unit_id, key, {"proof": keys[key].proof}))
        traces.happenings.append(
            Happening(dossier.unit_id, CLOSE, Fact.DONE, signed.day, signed.at, document=keys[key].proof)
        )
    if new:
        _close(sitting, {dossiers[keys[key].code].id: keys[key].proof for key in new})
        sitting.finish(CLOSE, act_key(CLOSE, new), lines, traces)
    return len(new)


def _close(sitting: Sitting, proofs: dict[int, str]) -> None:
    for proof in sorted(set(proofs.values())):
        ids = [dossier_id for dossier_id, given in proofs.items() if given == proof]
        sitting.session.execute(
            update(Remedy)
            .where(Remedy.dossier_id.in_(ids), Remedy.closed_on.is_(None))
            .values(closed_on=sitting.signed.day, proof=proof)
        )


def propose_commendations(sitting: Sitting) -> int:
    """Propose units by the rules of the plan, each with its ground; a person confirms. Returns how many."""
    rules = sitting.law.plan.commendation if sitting.law.plan else ()
    proposals = [proposal for rule in rules for proposal in _by_rule(sitting, rule)]
    if not sitting.fresh([PROPOSE]):
        return 0
    if proposals:
        sitting.session.execute(
            insert(Commendation), [{"cycle_id": sitting.cycle.id, "state": "proposed", **row} for row in proposals]
        )
    signed, province = sitting.signed, sitting.cycle.province_id
    done = Happening(province, PROPOSE, Fact.DONE, signed.day, signed.at)
    lines = [
        Touched(province, PROPOSE, {"proposed": len(proposals)}),
        *(Touched(int(str(row["unit_id"])), f"{PROPOSE}/{row['rule']}/{row['unit_id']}", row) for row in proposals),
    ]
    sitting.finish(PROPOSE, PROPOSE, lines, Traces(happenings=[done]))
    return len(proposals)


def _by_rule(sitting: Sitting, rule: CommendationRule) -> list[dict[str, object]]:
    match rule.kind:
        case "highest_total":
            return _highest_total(sitting, rule)
        case "first_on_time":
            return _first_on_time(sitting, rule)
        case _:
            return _years_running(sitting, rule)


def _recognised(sitting: Sitting) -> list[ColumnElement[bool]]:
    return [Dossier.cycle_id == sitting.cycle.id, Dossier.state == State.RECOGNISED]


def _highest_total(sitting: Sitting, rule: CommendationRule) -> list[dict[str, object]]:
    last_round = (
        select(Scorecard.dossier_id, func.max(Scorecard.round).label("round"))
        .where(Scorecard.side == "appraised")
        .group_by(Scorecard.dossier_id)
        .subquery()
    )
    rows = sitting.session.execute(
        select(Dossier.unit_id, Scorecard.total)
        .join(last_round, last_round.c.dossier_id == Dossier.id)
        .join(
            Scorecard,
            (Scorecard.dossier_id == Dossier.id)
            & (Scorecard.round == last_round.c.round)
            & (Scorecard.side == "appraised"),
        )
        .where(*_recognised(sitting), Scorecard.total.is_not(None))
        .order_by(Scorecard.total.desc(), Dossier.unit_id)
        .limit(rule.at_most)
    ).tuples()
    return [{"unit_id": unit, "rule": rule.kind, "ground": f"tổng điểm thẩm định {total:.2f}"} for unit, total in rows]


def _first_on_time(sitting: Sitting, rule: CommendationRule) -> list[dict[str, object]]:
    rows = sitting.session.execute(
        select(Dossier.unit_id, Deadline.done_on)
        .join(Deadline, (Deadline.unit_id == Dossier.unit_id) & (Deadline.cycle_id == Dossier.cycle_id))
        .where(
            *_recognised(sitting),
            Deadline.step == "submit-dossier",
            Deadline.done_on <= Deadline.last_day,
        )
        .order_by(Deadline.done_at, Dossier.unit_id)
        .limit(rule.at_most)
    ).tuples()
    return [{"unit_id": unit, "rule": rule.kind, "ground": f"nộp hồ sơ ngày {on:%d/%m/%Y}"} for unit, on in rows]


def _years_running(sitting: Sitting, rule: CommendationRule) -> list[dict[str, object]]:
    """Those recognised so many years in a row, documented results of earlier years included; the longest rows first."""
    session, year = sitting.session, sitting.cycle.year
    units = session.scalars(select(Dossier.unit_id).where(*_recognised(sitting)).order_by(Dossier.unit_id)).all()
    known = recognised_years(session, units, sitting.cycle.trial)
    rows = {unit_id: years_running(known[unit_id] | {year: True}, year) for unit_id in units}
    chosen = sorted((unit_id for unit_id in units if rows[unit_id] >= (rule.years or 2)), key=lambda one: -rows[one])
    return [
        {
            "unit_id": unit_id,
            "rule": rule.kind,
            "ground": f"đạt chuẩn {rows[unit_id]} năm liên tục, {year - rows[unit_id] + 1}-{year}",
        }
        for unit_id in chosen[: rule.at_most]
    ]


def award_commendations(sitting: Sitting, document: str) -> int:
    """Record by which document the proposed units are commended; returns how many."""
    key = f"{AWARD}/{document}"
    if not sitting.fresh([key]):
        return 0
    awarded = sitting.session.scalars(
        update(Commendation)
        .where(Commendation.cycle_id == sitting.cycle.id, Commendation.state == "proposed")
        .values(state="awarded", document=document)
        .returning(Commendation.unit_id)
    ).all()
    units = sorted(set(awarded))
    signed, province = sitting.signed, sitting.cycle.province_id
    done = Happening(province, AWARD, Fact.DONE, signed.day, signed.at, document=document)
    words = [
        Word(
            Kind.COMMENDATION,
            about_id=unit,
            to_unit_id=unit,
            to_actor=Actor.COMMUNE,
            key=f"commendation/{unit}/{document}",
            said=document,
        )
        for unit in units
    ]
    lines = [Touched(province, key, {"units": units})]
    sitting.finish(AWARD, key, lines, Traces(happenings=[done], words=words))
    return len(units)


def _no_proof(code: str) -> Refusal:
    return Refusal(
        "remedy_without_proof",
        Words(f"Biện pháp khắc phục của đơn vị {code} chưa có minh chứng.", f"The remedy of {code} has no proof."),
        Words("Không đóng việc khắc phục khi chưa có minh chứng.", "A remedy is not closed without a proof."),
        Words("Ghi số, ký hiệu tài liệu chứng minh.", "Name the document that proves it."),
    )

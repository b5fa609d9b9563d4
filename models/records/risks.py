"""Which units to visit first: late last year, two scores far apart, indicators returned; each with its reasons."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models.records.appraisal_notes import ReturnedPlace
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier, Scorecard
from models.records.unit_queries import forebears, heirs
from models.records.units import Unit
from models.words import Language, Words

LARGE_GAP = Decimal(5)
"""`local`, of this product: so many points between self and appraised score are worth a look."""
WEIGHTS = {"late": 3, "late_before": 3, "gap": 2, "indicators": 2, "returned": 1, "not_recognised": 2}
"""`local`, of this product: what each reason counts; a person chooses, the reasons are shown."""


def units_by_risk(session: Session, cycle_id: int, language: Language = "vi", most: int = 10) -> list[dict[str, Any]]:
    """The units of the cycle that give most reasons for a visit, with the reasons: {"unit", "name", "risk", "why"}."""
    cycle = session.get_one(Cycle, cycle_id)
    found: dict[int, list[tuple[str, Words]]] = {}
    for unit_id, reason, words in (
        *_late_before(session, cycle),
        *_late(session, cycle_id, "late"),
        *_gaps(session, cycle_id),
        *_indicators(session, cycle_id),
        *_returned(session, cycle_id),
        *_not_recognised(session, cycle_id),
    ):
        found.setdefault(unit_id, []).append((reason, words))
    rows = session.execute(
        select(Unit.id, Unit.code, Unit.name)
        .join(Dossier, Dossier.unit_id == Unit.id)
        .where(Dossier.cycle_id == cycle_id)
    )
    ranked = [
        {
            "unit": code,
            "name": name,
            "risk": sum(WEIGHTS[reason] for reason, _ in found[unit_id]),
            "reasons": [reason for reason, _ in found[unit_id]],
            "why": [words.to(language) for _, words in found[unit_id]],
        }
        for unit_id, code, name in rows
        if unit_id in found
    ]
    return sorted(ranked, key=lambda row: (-row["risk"], row["unit"]))[:most]


Reason = tuple[int, str, Words]


def _late_before(session: Session, cycle: Cycle) -> Iterable[Reason]:
    """Who was late in the last cycle before this one; what a unit now is that went into another has its reason."""
    here = set(session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == cycle.id)))
    for earlier in _earlier(session, cycle):
        for unit_id, reason, words in _late(session, earlier, "late_before"):
            former = session.get_one(Unit, unit_id).name
            for heir in heirs(session, unit_id):
                if heir in here:
                    yield heir, reason, words if heir == unit_id else Words(*(f"{former}: {said}" for said in words))


def _earlier(session: Session, cycle: Cycle) -> list[int]:
    """The last cycle before this one: the province's own, else those of the provinces that went into it."""
    own, *former = forebears(session, cycle.province_id)
    for provinces in ([own], former):
        rows = session.execute(
            select(Cycle.province_id, Cycle.id)
            .where(Cycle.province_id.in_(provinces), Cycle.year < cycle.year, Cycle.trial == cycle.trial)
            .order_by(Cycle.year)
        ).tuples()
        if found := dict(rows.all()):
            return sorted(found.values())
    return []


def _late(session: Session, cycle_id: int, reason: str) -> Iterable[Reason]:
    rows = session.execute(
        select(Deadline.unit_id, Deadline.done_on, Deadline.last_day).where(
            Deadline.cycle_id == cycle_id, Deadline.step == "submit-dossier", Deadline.done_on > Deadline.last_day
        )
    ).tuples()
    when = Words(" năm trước", " last year") if reason == "late_before" else Words("", "")
    for unit_id, done, last in rows:
        if done and last:
            late = (done - last).days
            yield unit_id, reason, Words(f"nộp hồ sơ{when.vi} trễ {late} ngày", f"filed {late} days late{when.en}")


def _gaps(session: Session, cycle_id: int) -> Iterable[Reason]:
    """Self and appraised totals of the last round, far apart."""
    own, theirs = aliased(Scorecard), aliased(Scorecard)
    rows = session.execute(
        select(Dossier.unit_id, own.total, theirs.total)
        .join(own, and_(own.dossier_id == Dossier.id, own.side == "self", own.round == Dossier.round))
        .join(theirs, and_(theirs.dossier_id == Dossier.id, theirs.side == "appraised", theirs.round == Dossier.round))
        .where(Dossier.cycle_id == cycle_id, own.total.is_not(None), theirs.total.is_not(None))
    ).tuples()
    for unit_id, given, found in rows:
        if given is not None and found is not None and abs(given - found) >= LARGE_GAP:
            words = Words(f"tự chấm {given}, thẩm định {found}", f"self-score {given}, appraised {found}")
            yield unit_id, "gap", words


def _indicators(session: Session, cycle_id: int) -> Iterable[Reason]:
    """Where the reviewers gave indicators back for revision, how many different ones."""
    rows = session.execute(
        select(Dossier.unit_id, func.count(ReturnedPlace.indicator.distinct()))
        .join(ReturnedPlace, ReturnedPlace.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == cycle_id)
        .group_by(Dossier.unit_id)
    ).tuples()
    for unit_id, count in rows:
        yield unit_id, "indicators", Words(f"{count} chỉ tiêu bị trả lại", f"{count} indicators given back")


def _returned(session: Session, cycle_id: int) -> Iterable[Reason]:
    rows = session.execute(
        select(Deadline.unit_id, func.count())
        .where(Deadline.cycle_id == cycle_id, Deadline.step == "answer-supplement")
        .group_by(Deadline.unit_id)
    ).tuples()
    for unit_id, times in rows:
        yield unit_id, "returned", Words(f"{times} lần phải bổ sung hồ sơ", f"asked for supplements {times} times")


def _not_recognised(session: Session, cycle_id: int) -> Iterable[Reason]:
    rows = session.scalars(
        select(Dossier.unit_id).where(
            Dossier.cycle_id == cycle_id, Dossier.state.in_(("not_recognised", "declared_not_met"))
        )
    )
    for unit_id in rows:
        yield unit_id, "not_recognised", Words("chưa đạt chuẩn hoặc tự nhận chưa đạt", "not recognised, or declared so")

"""The fields in which units are ranked for commendation, by the kinds of rule that a plan may have, and exclusions."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import DECIDED, State
from models.cycle.ranking import Candidate
from models.law.plan import CommendationRule
from models.records.acting import Sitting
from models.records.cycles import Cycle, find_cycle
from models.records.deadlines import Deadline
from models.records.deciding import DecisionLine
from models.records.dossiers import Dossier, Scorecard, latest_judged
from models.records.earlier_results import recognised_years, years_running
from models.records.units import Unit


def field_of(sitting: Sitting, rule: CommendationRule) -> list[Candidate]:
    """Everyone whom the rule could propose, with the value that it ranks by."""
    match rule.kind:
        case "highest_total":
            return _highest_total(sitting)
        case "first_on_time":
            return _first_on_time(sitting)
        case "largest_improvement":
            return _largest_improvement(sitting)
        case "best_district":
            return _best_district(sitting)
        case _:
            return _years_running(sitting, rule.years or 2)


def excluded(sitting: Sitting, rule: CommendationRule) -> dict[int, list[str]]:
    """Unit ids that the rule leaves out, each with the reasons in Vietnamese."""
    found: dict[int, list[str]] = {}
    if "late" in rule.exclude:
        for unit_id, done, last in sitting.session.execute(
            select(Deadline.unit_id, Deadline.done_on, Deadline.last_day).where(
                Deadline.cycle_id == sitting.cycle.id,
                Deadline.step == "submit-dossier",
                Deadline.done_on > Deadline.last_day,
            )
        ).tuples():
            found.setdefault(unit_id, []).append(f"nộp hồ sơ ngày {done:%d/%m/%Y}, sau hạn {last:%d/%m/%Y}")
    if "corrected" in rule.exclude:
        for unit_id in _decided_again(sitting):
            found.setdefault(unit_id, []).append("kết quả đã bị thay bằng quyết định khác")
    if "leader" in rule.exclude:
        for unit_id in _with_disciplined_leader(sitting):
            found.setdefault(unit_id, []).append("người đứng đầu bị kỷ luật")
    return found


def _decided_again(sitting: Sitting) -> Sequence[int]:
    """Communes that stand in more than one decision: the later superseded the earlier."""
    return sitting.session.scalars(
        select(Dossier.unit_id)
        .join(DecisionLine, DecisionLine.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == sitting.cycle.id)
        .group_by(Dossier.unit_id)
        .having(func.count(DecisionLine.decision_id) > 1)
        .order_by(Dossier.unit_id)
    ).all()


def _with_disciplined_leader(sitting: Sitting) -> Sequence[int]:
    return sitting.session.scalars(
        select(Dossier.unit_id)
        .join(Scorecard, Scorecard.dossier_id == Dossier.id)
        .where(Dossier.cycle_id == sitting.cycle.id, Scorecard.leader_disciplined.is_(True))
        .distinct()
        .order_by(Dossier.unit_id)
    ).all()


def _recognised(cycle: Cycle) -> list[ColumnElement[bool]]:
    return [Dossier.cycle_id == cycle.id, Dossier.state == State.RECOGNISED]


def totals(session: Session, cycle: Cycle) -> dict[int, Decimal]:
    """The appraised total of every recognised commune of a cycle, by unit; without one, absent."""
    rows = session.execute(select(Dossier.id, Dossier.unit_id).where(*_recognised(cycle))).tuples().all()
    cards = latest_judged(session, [dossier_id for dossier_id, _ in rows], "appraised")
    known = {unit_id: cards[dossier_id].total for dossier_id, unit_id in rows if dossier_id in cards}
    return {unit_id: total for unit_id, total in known.items() if total is not None}


def _spoken(points: Decimal) -> str:
    """As it is written in Vietnamese: a comma before the decimals."""
    return f"{points:.2f}".replace(".", ",")


def _highest_total(sitting: Sitting) -> list[Candidate]:
    found = totals(sitting.session, sitting.cycle)
    return [Candidate(unit, Fraction(total), f"tổng điểm thẩm định {_spoken(total)}") for unit, total in found.items()]


def _largest_improvement(sitting: Sitting) -> list[Candidate]:
    """Against the same commune's appraised total of the year before, under the same regulation only."""
    session, cycle = sitting.session, sitting.cycle
    province = session.get_one(Unit, cycle.province_id)
    before = find_cycle(session, province.code, cycle.year - 1, cycle.trial)
    if before is None or before.regulation_id != cycle.regulation_id:
        return []
    earlier = _all_totals(session, before)
    return [
        Candidate(unit, Fraction(total - earlier[unit]), f"tăng từ {_spoken(earlier[unit])} lên {_spoken(total)} điểm")
        for unit, total in totals(session, cycle).items()
        if unit in earlier and total > earlier[unit]
    ]


def _all_totals(session: Session, cycle: Cycle) -> dict[int, Decimal]:
    """Every appraised total of a cycle, recognised or not: who was far behind can improve most."""
    rows = session.execute(select(Dossier.id, Dossier.unit_id).where(Dossier.cycle_id == cycle.id)).tuples().all()
    cards = latest_judged(session, [dossier_id for dossier_id, _ in rows], "appraised")
    known = {unit_id: cards[dossier_id].total for dossier_id, unit_id in rows if dossier_id in cards}
    return {unit_id: total for unit_id, total in known.items() if total is not None}


def _first_on_time(sitting: Sitting) -> list[Candidate]:
    """By the moment at which the file was taken in: who came at the same one shares the place."""
    zone = sitting.signed.at.tzinfo
    rows = sitting.session.execute(
        select(Dossier.unit_id, Deadline.done_at)
        .join(Deadline, (Deadline.unit_id == Dossier.unit_id) & (Deadline.cycle_id == Dossier.cycle_id))
        .where(*_recognised(sitting.cycle), Deadline.step == "submit-dossier", Deadline.done_on <= Deadline.last_day)
    ).tuples()
    return [
        Candidate(unit, Fraction(-at.timestamp()), f"nộp hồ sơ lúc {at.astimezone(zone):%H:%M ngày %d/%m/%Y}")
        for unit, at in rows
        if at is not None
    ]


def _best_district(sitting: Sitting) -> list[Candidate]:
    """By the share of communes recognised; a district that has not decided all of its own does not run."""
    by_district: dict[int, list[str]] = {}
    rows = sitting.session.execute(
        select(Dossier.district_id, Dossier.state).where(
            Dossier.cycle_id == sitting.cycle.id, Dossier.district_id.is_not(None)
        )
    ).tuples()
    for district, state in rows:
        if district is not None:
            by_district.setdefault(district, []).append(state)
    return [
        Candidate(district, Fraction(good, len(states)), f"{good}/{len(states)} đơn vị đạt chuẩn")
        for district, states in by_district.items()
        if good_states(states)
        for good in [states.count(State.RECOGNISED)]
    ]


def good_states(states: Collection[str]) -> bool:
    """Whether all of them are decided."""
    return all(state in DECIDED for state in states)


def _years_running(sitting: Sitting, least: int) -> list[Candidate]:
    """Back from this year without a gap, documented results included; no result crosses a merger."""
    session, cycle = sitting.session, sitting.cycle
    units = session.scalars(select(Dossier.unit_id).where(*_recognised(cycle))).all()
    known = recognised_years(session, units, cycle.trial)
    rows = {unit_id: years_running(known[unit_id] | {cycle.year: True}, cycle.year) for unit_id in units}
    return [
        Candidate(unit_id, Fraction(years), f"đạt chuẩn {years} năm liên tục, {cycle.year - years + 1}-{cycle.year}")
        for unit_id, years in rows.items()
        if years >= least
    ]

"""Acts about one commune's file: a posting recorded, a supplement asked for, a finding about a leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.law.leaders import LeaderFinding
from models.law.posting import Posted, PostingFound
from models.records import finding_acts, postings, reviewing
from models.records.acting import Sitting
from models.records.bearers import bearers
from models.records.cycles import Cycle, law_of
from models.records.deadlines import deadlines_of
from models.records.dossiers import dossiers_by_code
from models.records.findings import Weighed, findings_of
from models.records.holding import held, lateness
from models.records.journal import Signed
from models.records.supplements import SupplementRound, items_of, rounds_of
from models.words import Words
from tasks import clock
from tasks.anchors import anchor
from tasks.cycle_choice import cycle_of_commune
from tasks.database import reading, work
from tasks.settings import Settings


@dataclass(frozen=True)
class PostedNow:
    """A posting recorded, and what the rule says of all postings of the commune so far."""

    new: bool
    found: PostingFound


def record_posting(
    code: str, year: int, posted: Posted, *, by: str, at: datetime | None = None, trial: bool | None = None
) -> PostedNow:
    """Record one posting with its proof; recording it again changes nothing."""
    _refuse_backwards(posted)
    signed = Signed(by, at or clock.now(), "niêm yết công khai", posted.proof or None)
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        sitting = Sitting.on(session, cycle.id, signed)
        new = postings.record_postings(sitting, [postings.PostingOf(code, posted)]) > 0
        unit = sitting.dossiers([code])[code].unit_id
        found = postings.found_in(sitting, postings.postings_of(session, cycle.id, [unit])[unit])
    if new:
        anchor()
    return PostedNow(new, found)


@dataclass(frozen=True)
class Asked:
    """A request for supplement: its number, and whether this call made it."""

    number: int
    new: bool
    due: date | None


def request_supplement(
    code: str,
    year: int,
    items: Mapping[str, str],
    *,
    received_on: date,
    by: str,
    notes: str = "",
    number: int | None = None,
    at: datetime | None = None,
    trial: bool | None = None,
) -> Asked:
    """Return items of a file, each with a note; the clock starts on the day on which the commune received it.

    `number` null: the next round. Naming the round makes a repeat harmless.
    """
    said = notes or "; ".join(f"{place}: {note}" for place, note in items.items())
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        sitting = Sitting.on(session, cycle.id, Signed(by, at or clock.now(), "yêu cầu bổ sung hồ sơ"))
        unit = sitting.dossiers([code])[code].unit_id
        known = rounds_of(session, cycle.id, unit)
        order = number or _same(session, known, items, received_on) or len(known) + 1
        request = reviewing.SupplementRequest(code, order, received_on, said, dict(items))
        new = reviewing.request_supplements(sitting, [request]) > 0
        due = _due(session, cycle, unit, order)
    if new:
        anchor()
    return Asked(order, new, due)


def _same(
    session: Session, known: Sequence[SupplementRound], items: Mapping[str, str], received_on: date
) -> int | None:
    """The round that asked for exactly this: asking again is that round, not a new one."""
    last = known[-1] if known else None
    if last and last.answered_at is None and last.received_on == received_on and items_of(session, last.id) == items:
        return last.number
    return None


def _due(session: Session, cycle: Cycle, unit: int, number: int) -> date | None:
    rows = deadlines_of(session, cycle.id, unit)
    return next((row.due_day for row in rows if row.step == reviewing.SUPPLEMENT and row.occasion == str(number)), None)


def complete(code: str, year: int, *, by: str, at: datetime | None = None, trial: bool | None = None) -> bool:
    """Find a file complete, so that it can be appraised; False if it was found so already."""
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        sitting = Sitting.on(session, cycle.id, Signed(by, at or clock.now(), "kiểm tra hồ sơ"))
        new = reviewing.find_complete(sitting, [code]) > 0
    if new:
        anchor()
    return new


def record_finding(
    code: str, year: int, finding: LeaderFinding, *, by: str, at: datetime | None = None, trial: bool | None = None
) -> bool:
    """Record a finding about a leader; recording it again changes nothing."""
    signed = Signed(by, at or clock.now(), "phát hiện về người đứng đầu", finding.document)
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        new = finding_acts.record_finding(Sitting.on(session, cycle.id, signed), code, finding)
    if new:
        anchor()
    return new


def withdraw_finding(
    code: str, year: int, finding: int, ground: str, *, by: str, at: datetime | None = None, trial: bool | None = None
) -> bool:
    """Withdraw a finding that was recorded in error, with the ground; it stays on record."""
    signed = Signed(by, at or clock.now(), ground)
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        new = finding_acts.withdraw_finding(Sitting.on(session, cycle.id, signed), code, finding, ground)
    if new:
        anchor()
    return new


def findings(code: str, year: int, trial: bool | None = None) -> list[Weighed]:
    """The findings in force about leaders of the commune, each with whether it bears on the condition, and why."""
    with reading() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        unit = _unit(session, cycle, code)
        return findings_of(session, cycle, [unit]).get(unit, [])


def supplement_rounds(code: str, year: int, today: date, trial: bool | None = None) -> dict[str, object]:
    """Every round with its notes, who held the file when, and whose the late days are."""
    zone = Settings().zone
    with reading() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        unit = _unit(session, cycle, code)
        rounds = [
            {
                "number": one.number,
                "received_on": one.received_on,
                "due": _due(session, cycle, unit, one.number),
                "answered_on": one.answered_at.astimezone(zone).date() if one.answered_at else None,
                "asked_by": one.asked_by,
                "notes": one.notes,
                "items": items_of(session, one.id),
            }
            for one in rounds_of(session, cycle.id, unit)
        ]
        parts = held(session, cycle, bearers(session, cycle.id, unit), zone)
        stretches = [{"holder": str(one.holder), "since": one.since, "until": one.until} for one in parts]
        late = {
            step: {str(holder): days for holder, days in days_of.items()}
            for step, days_of in lateness(session, cycle, unit, parts, today).items()
        }
        titles = {step.id: step.title for _, step in law_of(session, cycle).regulation.steps()}
        named = {key: titles.get(key.partition("/")[0], key) for key in late}
        found = {"rounds": rounds, "held": stretches, "late_days": late, "late_steps": named}
        return {"commune": code, "year": year, **found}


def _unit(session: Session, cycle: Cycle, code: str) -> int:
    return dossiers_by_code(session, cycle.id, [code])[code].unit_id


def _refuse_backwards(posted: Posted) -> None:
    if posted.ended and posted.ended < posted.began:
        raise Refusal(
            "ends_before_it_begins",
            Words("Niêm yết kết thúc trước khi bắt đầu.", "The posting ends before it begins."),
            Words(f"Từ {posted.began:%d/%m/%Y} đến {posted.ended:%d/%m/%Y}.", f"{posted.began} to {posted.ended}."),
            Words("Sửa một trong hai ngày.", "Correct one of the days."),
        )

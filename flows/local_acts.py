"""An office's own acts, and complaints, as flows with typed run forms."""

from datetime import date, datetime
from typing import Literal

from flows.acts import act
from models.cycle.lifecycle import State
from models.records.complaints import ComplaintKind
from models.records.local_acts import Grounds
from tasks import engine
from tasks.sittings import Hand, Place


@act("extend", "extend-{step}-{until}")
def extend(
    province: str,
    year: int,
    step: str,
    communes: list[str],
    until: date,
    reason: str,
    authority: str,
    document: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Accept a step of these communes until a later day; the legal day stays as it is."""
    place, grounds = Place(province, year, trial or None), Grounds(reason, authority, document)
    return engine.extend(place, step, communes, until, grounds, Hand(by, at, document))


@act("suspend", "suspend-{begun}-{ended}")
def suspend(
    province: str,
    year: int,
    communes: list[str],
    begun: date,
    ended: date,
    reason: str,
    authority: str,
    document: str,
    by: str,
    step: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Stop the clock from a day to a day, both included, and give the days back."""
    place, grounds = Place(province, year, trial or None), Grounds(reason, authority, document)
    return engine.suspend(place, communes, begun, ended, grounds, Hand(by, at, document), step)


@act("unlock", "unlock-{commune}-{until}")
def unlock(
    province: str,
    year: int,
    commune: str,
    indicators: list[str],
    until: date,
    reason: str,
    authority: str,
    document: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Let a commune change these indicators of a file that it handed in, until a day."""
    place, grounds = Place(province, year, trial or None), Grounds(reason, authority, document)
    return engine.unlock(place, commune, indicators, until, grounds, Hand(by, at, document))


@act("reopen", "reopen-{commune}-{to}")
def reopen(
    province: str,
    year: int,
    commune: str,
    to: Literal[State.SELF_ASSESSMENT, State.COMPLETE],
    reason: str,
    authority: str,
    document: str,
    by: str,
    until: date | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Take a file back to the commune (self_assessment), or from appraised to its appraisal (complete)."""
    place, grounds = Place(province, year, trial or None), Grounds(reason, authority, document)
    return engine.reopen(place, commune, to, grounds, Hand(by, at, document), until)


@act("record-complaint", "record_complaint-{number}")
def record_complaint(
    province: str,
    year: int,
    commune: str,
    number: str,
    kind: ComplaintKind,
    received_on: date,
    sender: str,
    about: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record a complaint under the number of its receipt."""
    place, hand = Place(province, year, trial or None), Hand(by, at)
    return engine.record_complaint(place, commune, number, kind, received_on, sender, about, hand)


@act("assign-complaint", "assign_complaint-{number}-{level}")
def assign_complaint(
    province: str,
    year: int,
    number: str,
    level: Literal["district", "province"],
    on: date,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Assign a complaint to the level that settles it."""
    return engine.assign_complaint(Place(province, year, trial or None), number, level, on, Hand(by, at))


@act("report-complaint", "report_complaint-{number}")
def report_complaint(
    province: str,
    year: int,
    number: str,
    on: date,
    document: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record that a complaint was reported to the chair of its level."""
    return engine.report_complaint(Place(province, year, trial or None), number, on, document, Hand(by, at, document))


@act("settle-complaint", "settle_complaint-{number}")
def settle_complaint(
    province: str,
    year: int,
    number: str,
    on: date,
    document: str,
    outcome: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record the document that settles a complaint."""
    place = Place(province, year, trial or None)
    return engine.settle_complaint(place, number, on, document, outcome, Hand(by, at, document))

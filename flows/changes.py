"""What changes under an open cycle, as flows with typed run forms: plan, legal values, calendar, merged units."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.acts import act
from tasks import clock, engine
from tasks.amending import Amending, as_confirmation
from tasks.calendar_changes import Change
from tasks.sittings import Hand, Place


@act("amend-plan", "amend_plan-{province}-{year}")
def amend_plan(
    province: str,
    year: int,
    plan: Path,
    document: str,
    by: str,
    dry_run: bool = False,
    past_too: bool = False,
    trial: bool = False,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Put a changed plan in force; open deadlines move, each with its reason."""
    place = Place(province, year, trial or None)
    return engine.amend_plan(place, plan, Hand(by, at, document), Amending(dry_run, past_too))


@act("confirm-value", "confirm_value-{province}-{year}")
def confirm_value(
    province: str,
    year: int,
    address: str,
    document: str,
    page: str,
    by: str,
    value: str | None = None,
    dry_run: bool = False,
    past_too: bool = False,
    trial: bool = False,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Confirm a legal value that was not confirmed, by the page where it was read."""
    read = as_confirmation(address, value, document, page, by, at.date() if at else clock.today())
    place = Place(province, year, trial or None)
    return engine.confirm_value(place, read, Hand(by, at, document), Amending(dry_run, past_too))


@act("add-calendar-days", "add_calendar_days-{first}-{last}")
def add_calendar_days(
    first: date,
    last: date,
    document: str,
    by: str,
    works: bool = False,
    reason: str = "",
    dry_run: bool = False,
    past_too: bool = False,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Record an official change of the calendar; open deadlines move, each with its reason."""
    change = Change(first, last, works, document, reason, by)
    return engine.change_calendar(change, Hand(by, at, document), Amending(dry_run, past_too))


@act("merge-units", "merge_units-{successor}-{since}")
def merge_units(
    province: str,
    year: int,
    source: list[str],
    successor: str,
    since: date,
    document: str,
    by: str,
    carried: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Close or carry on the files of merged communes; what they owe goes to the new unit."""
    place, hand = Place(province, year, trial or None), Hand(by, at, document)
    return engine.merge_units(place, source, successor, carried, since, hand)

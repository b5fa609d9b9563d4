"""The only place that asks what day it is: in the offices' time zone, or as a rehearsal or a test tells it."""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.cycle.reminders import MORNING
from tasks.settings import current


def now() -> datetime:
    """The present moment in the offices' zone."""
    return datetime.now(_zone(os.environ.get("TCPL_TIMEZONE")))


def instant() -> datetime:
    """The present moment where the zone does not matter: no settings are read, so that it may be asked often."""
    return datetime.now(UTC)


def today() -> date:
    return now().date()


def moment(day: date, at: time = MORNING) -> datetime:
    """A moment of a day in the offices' zone."""
    return datetime.combine(day, at, tzinfo=_zone(os.environ.get("TCPL_TIMEZONE")))


def as_of(day: date | None) -> datetime:
    """As of when a run looks: the present on the present day, else the morning of the day that was named."""
    present = now()
    if day is None or day == present.date():
        return present
    return moment(day)


def in_office(at: datetime | None) -> datetime:
    """A moment that a person gave, in the offices' zone: one of no zone is meant there; null: now."""
    if at is None:
        return now()
    zone = _zone(os.environ.get("TCPL_TIMEZONE"))
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def later(at: datetime, minutes: float) -> datetime:
    return at + timedelta(minutes=minutes)


@lru_cache(maxsize=8)
def _zone(_set_to: str | None) -> ZoneInfo:
    """The zone, read once per value of its setting: a watch asks thousands of times, reading settings costs 2 ms."""
    return current().zone

"""The kinds of rule by which the law or a plan sets a day: a closed set, each a legal value.

What a rule makes of a calendar stands in `models.law.deadlines`; here is only what may be written down.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.law.marks import LegalValue, Mark

Unit = Literal["calendar", "working"]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
Month = Annotated[int, Field(ge=1, le=12)]
Count = Annotated[int, Field(ge=1, le=366)]


class _Rule(LegalValue):
    reading: str | None = None
    """How the wording is understood where it leaves room ("trước ngày 10/01": the 9th is the last day)."""


class Before(_Rule):
    """ "Before day/month of the year Y + year_offset": the day before it is the last."""

    kind: Literal["before"]
    day: DayOfMonth
    month: Month
    year_offset: Annotated[int, Field(ge=0, le=2)] = 1

    @model_validator(mode="after")
    def _is_a_day(self) -> "Before":
        date(2023, self.month, self.day)  # 2023: no leap day, so that the rule holds every year
        return self


class OnOrBefore(_Rule):
    """A date that a plan names: that day is the last."""

    kind: Literal["on_or_before"]
    date: date


class Within(_Rule):
    """Within n days after an event; the day of the event is not counted."""

    kind: Literal["within"]
    count: Count
    unit: Unit
    event: str


class Ahead(_Rule):
    """At least n days before an event; the day of the event is not counted."""

    kind: Literal["ahead"]
    count: Count
    unit: Unit
    event: str


class Lasting(_Rule):
    """Must last at least n days from an event: the day reckoned is the first on which it may end."""

    kind: Literal["lasting"]
    count: Count
    unit: Unit
    event: str


class NoDate(_Rule):
    """The text was read and sets no day; a provincial plan may set one of its own."""

    kind: Literal["no_date"]


class NotYetRead(_Rule):
    """Nobody has read whether and which day the text sets: nothing falls due from it."""

    kind: Literal["not_yet_read"]

    @model_validator(mode="after")
    def _marked_so(self) -> "NotYetRead":
        if self.mark is not Mark.NOT_YET_READ:
            raise ValueError("a deadline of kind not_yet_read carries the mark not_yet_read and no other")
        return self


DeadlineRule = Annotated[
    Before | OnOrBefore | Within | Ahead | Lasting | NoDate | NotYetRead, Field(discriminator="kind")
]

PLAN_SETS_THE_DATE = "provincial-plan"
"""The event that a step without a day in the law waits for."""

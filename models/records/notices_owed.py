"""A notice that the facts ask for, whether it stands in the outbox or not: what reconciling compares."""

from dataclasses import dataclass
from datetime import date

from models.records.notices import Kind

Offices = dict[tuple[int, str], int]
"""The id of the agency of each (unit, actor)."""


@dataclass(frozen=True)
class Expected:
    """A notice that the facts ask for, under the key that the act or the watch gives it."""

    key: str
    kind: Kind
    unit_id: int
    agency_id: int
    stage: str | None = None
    step: str | None = None
    occasion: str = ""
    due_day: date | None = None
    rung: int | None = None
    said: str | None = None
    still_open: bool = True
    """Whether saying it now would still be true."""

    @property
    def deadline(self) -> tuple[object, ...]:
        told = Kind.ESCALATION if self.kind is Kind.ESCALATION else Kind.REMINDER
        return (told, self.unit_id, self.step, self.occasion, self.due_day, self.agency_id)

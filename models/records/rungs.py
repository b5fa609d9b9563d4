"""The rungs of a ladder inside a statement, and the kind of notice that each of them gives."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, case, literal, select, union_all

from models.cycle.reminders import Rung
from models.records.notices import Kind

NOWHERE = Rung(0, date.max, date.min, date.min)
"""A rung on which no deadline stands: it fills a table up, so that statements come in few lengths."""


def table_of(rungs: Sequence[Rung], name: str) -> Any:
    """The rungs as a common table expression of days, first_due, last_due, climbed_on.

    Selected rather than VALUES: SQLAlchemy compiles a VALUES anew each time, and that was half of a quiet watch.
    """
    length = 1 << (len(rungs) - 1).bit_length()
    padded = [*rungs, *[NOWHERE] * (length - len(rungs))]
    return union_all(
        *(
            select(
                literal(rung.days, Integer).label("days"),
                literal(rung.first_due, Date).label("first_due"),
                literal(rung.last_due, Date).label("last_due"),
                literal(rung.climbed_on, Date).label("climbed_on"),
            )
            for rung in padded
        )
    ).cte(name)


def kind_of(rung: Any) -> Any:
    """Reminder before the day, due today on it, overdue after it."""
    return case((rung.c.days > 0, str(Kind.REMINDER)), (rung.c.days == 0, str(Kind.DUE_TODAY)), else_=str(Kind.OVERDUE))

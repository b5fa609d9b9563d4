"""The rungs of a ladder inside a statement, and the kind of notice that each of them gives."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, bindparam, case, select, union_all

from models.cycle.reminders import Rung
from models.records.notices import Kind

NOWHERE = Rung(0, date.max, date.min, date.min)
"""A rung on which no deadline stands: it fills a table up, so that statements come in few lengths."""
_COLUMNS = {"days": Integer, "first_due": Date, "last_due": Date, "climbed_on": Date}


def length_of(rungs: Sequence[Rung]) -> int:
    """How long a table these rungs need: statements are built once for each length."""
    return 1 << (len(rungs) - 1).bit_length()


def table_of(length: int, name: str) -> Any:
    """So many rungs as a common table expression of days, first_due, last_due, climbed_on; filled by `values_of`.

    Selected rather than VALUES: SQLAlchemy compiles a VALUES anew each time, and that was half of a quiet watch.
    """
    return union_all(
        *(
            select(
                *(bindparam(f"{column}_of_{place}", type_=type_).label(column) for column, type_ in _COLUMNS.items())
            )
            for place in range(length)
        )
    ).cte(name)


def values_of(rungs: Sequence[Rung]) -> dict[str, Any]:
    """What fills the table of these rungs."""
    padded = [*rungs, *[NOWHERE] * (length_of(rungs) - len(rungs))]
    return {f"{name}_of_{place}": getattr(rung, name) for place, rung in enumerate(padded) for name in _COLUMNS}


def kind_of(rung: Any) -> Any:
    """Reminder before the day, due today on it, overdue after it."""
    return case((rung.c.days > 0, str(Kind.REMINDER)), (rung.c.days == 0, str(Kind.DUE_TODAY)), else_=str(Kind.OVERDUE))

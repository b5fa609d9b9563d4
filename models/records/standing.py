"""How one deadline stands as of a day: in words for a row, and as the condition of a query. Nothing of it is stored.

The same rule as the board's counts (`models.records.board`): overdue is past the day of the rule; at risk is close to
the day that reminders speak of. What the office asks earlier or accepts later is said beside it.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models.records.board import AT_RISK_DAYS
from models.records.deadlines import Deadline
from models.words import Words


class Standing(StrEnum):
    """Every deadline stands in exactly one of these."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    OPEN = "open"
    UNDATED = "undated"


STANDING_WORDS = {
    Standing.DONE_ON_TIME: Words("đúng hạn", "on time"),
    Standing.DONE_LATE: Words("trễ hạn", "late"),
    Standing.OVERDUE: Words("quá hạn", "overdue"),
    Standing.AT_RISK: Words("sắp đến hạn", "at risk"),
    Standing.OPEN: Words("chưa đến hạn", "not due yet"),
    Standing.UNDATED: Words("không có hạn", "no day"),
}


def is_done(deadline: Any, on: date) -> bool:
    return deadline.done_on is not None and deadline.done_on <= on


def standing_of(deadline: Any, on: date) -> Standing:
    """How the deadline stands on the day. A row that has its `last_day`, `due_day` and `done_on` will do."""
    last, due = deadline.last_day, deadline.due_day
    if is_done(deadline, on):
        late = last is not None and due is not None and deadline.done_on is not None and deadline.done_on > last
        return Standing.DONE_LATE if late else Standing.DONE_ON_TIME
    if due is None:
        return Standing.UNDATED
    if last is not None and last < on:
        return Standing.OVERDUE
    return Standing.AT_RISK if due <= on + timedelta(days=AT_RISK_DAYS) else Standing.OPEN


def days_late(deadline: Any, day: date | None, on: date) -> int:
    """Whole days beyond `day` (the legal one or the office's own) until it was done, or until `on`; 0: in time."""
    end = deadline.done_on if is_done(deadline, on) and deadline.done_on else on
    return max((end - day).days, 0) if day is not None and deadline.due_day is not None else 0


def standing_is(standing: Standing, on: date) -> ColumnElement[bool]:
    """The condition that a deadline stands so on the day."""
    done = and_(Deadline.done_on.is_not(None), Deadline.done_on <= on)
    still_open = and_(or_(Deadline.done_on.is_(None), Deadline.done_on > on), Deadline.due_day.is_not(None))
    past = and_(Deadline.last_day.is_not(None), Deadline.last_day < on)
    near = Deadline.due_day <= on + timedelta(days=AT_RISK_DAYS)
    late = and_(Deadline.last_day.is_not(None), Deadline.due_day.is_not(None), Deadline.done_on > Deadline.last_day)
    match standing:
        case Standing.DONE_ON_TIME:
            return and_(done, ~late)
        case Standing.DONE_LATE:
            return and_(done, late)
        case Standing.OVERDUE:
            return and_(still_open, past)
        case Standing.AT_RISK:
            return and_(still_open, ~past, near)
        case Standing.OPEN:
            return and_(still_open, ~past, ~near)
        case Standing.UNDATED:
            return and_(~done, Deadline.due_day.is_(None))

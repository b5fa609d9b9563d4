"""Who held a commune's file when, read from the journal: the record of each move is the only source."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.holding import Held, late_days, stretches
from models.cycle.lifecycle import State, holder_of
from models.law.regulation import Actor, Regulation
from models.records.cycles import Cycle, law_of
from models.records.deadlines import deadlines_of
from models.records.journal import Entry, Line
from models.records.prepared import prepared

_STATES = frozenset(str(state) for state in State)


def held(session: Session, cycle: Cycle, bearers: Sequence[int], zone: ZoneInfo) -> list[Held]:
    """The stretches in which each level held the file, from the cycle's opening on; `bearers`: whose it is and was."""
    regulation = law_of(session, cycle).regulation
    moves = [(cycle.opened_on, holder_of(regulation, State.SELF_ASSESSMENT))]
    rows = session.execute(*_lines(cycle.id, bearers))
    for at, text in rows.tuples():
        to = moved_to(json.loads(text))
        if to and _differs(moves, regulation, to):
            moves.append((_day(at, zone), holder_of(regulation, to)))
    return stretches(moves)


@prepared
def _lines(cycle_id: int, unit_ids: Sequence[int]):
    return (
        select(Entry.at, Line.text)
        .join(Line, Line.entry_id == Entry.id)
        .where(Line.cycle_id == cycle_id, Line.unit_id.in_(unit_ids))
        .order_by(Entry.number, Line.number)
    )


def moved_to(change: Mapping[str, Any]) -> State | None:
    """Where a journal line says that the dossier went; null for one that moved nothing.

    "to" may also be a day (a posting, a suspension), and a correction says there what it decides.
    """
    to = change.get("to")
    match to:
        case {"recognised": bool(recognised)}:
            return State.RECOGNISED if recognised else State.NOT_RECOGNISED
        case str() if to in _STATES:
            return State(to)
    return State.MERGED if change.get("dossier") == "closed" else None


def lateness(
    session: Session, cycle: Cycle, unit_id: int, parts: Sequence[Held], today: date
) -> dict[str, dict[Actor, int]]:
    """For each step of the file that is or was late: how many of the late days each holder had it (`held`)."""
    found: dict[str, dict[Actor, int]] = {}
    for deadline in deadlines_of(session, cycle.id, unit_id):
        until = min(deadline.done_on or today, today)
        if deadline.due_day and deadline.last_day and until > deadline.last_day:
            step = f"{deadline.step}/{deadline.occasion}" if deadline.occasion else deadline.step
            found[step] = late_days(parts, deadline.last_day, until)
    return found


def _differs(moves: list[tuple[date, Actor]], regulation: Regulation, to: State) -> bool:
    return moves[-1][1] is not holder_of(regulation, to)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()

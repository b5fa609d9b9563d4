"""What was done to one dossier, from the journal: a page of its lines, its last move, the corrections. Read only."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.records.holding import moved_to
from models.records.journal import Entry, Line
from models.records.prepared import prepared

AT_A_TIME = 50


class Part(NamedTuple):
    """Which part of a long list: `most` after the first `skip` (null: all of it); from the newest or the oldest on."""

    most: int | None = None
    skip: int = 0
    newest_first: bool = False


WHOLE = Part()


def journal_of(
    session: Session, cycle_id: int, unit_ids: Sequence[int], at: datetime, part: Part = WHOLE, act: str | None = None
) -> list[dict[str, Any]]:
    """What was done to the bearers of a file by the moment, in order; days are those of the moment's own zone."""
    rows = session.execute(*_lines(cycle_id, unit_ids, at, *part, act)).tuples()
    return [_line(entry, text, at) for entry, text in rows]


@prepared
def _lines(
    cycle_id: int,
    unit_ids: Sequence[int],
    at: datetime,
    most: int | None,
    skip: int,
    newest_first: bool,
    act: str | None,
):
    order = (Entry.number, Line.number)
    query = (
        select(Entry, Line.text)
        .join(Line, Line.entry_id == Entry.id)
        .where(*_of(cycle_id, unit_ids, at))
        .order_by(*((one.desc() for one in order) if newest_first else order))
        .limit(most)
        .offset(skip)
    )
    return query if act is None else query.where(Entry.act == act)


def count_lines(session: Session, cycle_id: int, unit_ids: Sequence[int], at: datetime) -> int:
    return session.scalar(*_count(cycle_id, unit_ids, at)) or 0


@prepared
def _count(cycle_id: int, unit_ids: Sequence[int], at: datetime):
    query = select(func.count()).select_from(Line).join(Entry, Entry.id == Line.entry_id)
    return query.where(*_of(cycle_id, unit_ids, at))


def last_move(
    session: Session, cycle_id: int, unit_ids: Sequence[int], at: datetime
) -> tuple[dict[str, Any], State] | None:
    """The last line by the moment that moved the dossier, and where to; null while nothing did."""
    skip = 0
    while lines := journal_of(session, cycle_id, unit_ids, at, Part(AT_A_TIME, skip, newest_first=True)):
        found = next(((line, to) for line in lines if (to := moved_to(line["change"]))), None)
        if found is not None:
            return found
        skip += AT_A_TIME
    return None


def _of(cycle_id: int, unit_ids: Sequence[int], at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Line.cycle_id == cycle_id, Line.unit_id.in_(unit_ids), Entry.at <= at


def _line(entry: Entry, text: str, at: datetime) -> dict[str, Any]:
    header, change = json.loads(entry.text), json.loads(text)
    return {
        "number": entry.number,
        "act": entry.act,
        "at": entry.at,
        "on": entry.at.astimezone(at.tzinfo).date(),
        "by": entry.by,
        "ground": header["ground"],
        "document": header["document"],
        "digest": entry.digest,
        "change": {name: value for name, value in change.items() if name not in ("unit", "key")},
    }

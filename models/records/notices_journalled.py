"""What acts should have told, recomputed from the journal's own lines: nothing else remembers a day that moved, a unit
that went into another, or indicators that were given back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.law.calendar import spoken
from models.law.programme import PROGRAMME
from models.law.regulation import Actor
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier, batched
from models.records.journal import Entry, Line
from models.records.notices import Kind
from models.records.notices_owed import Expected, Offices
from models.records.programme_tables import TaskDue
from models.records.units import Unit

AMEND, MERGE, TAKE_OVER, RETURN, REVISE = (
    *("amend-law", "merge-units", "take-over-tasks"),
    *("return-indicators", "revise-indicators"),
)
REOPEN, CARRY = "reopen-remedy", "carry-remedies"
COMMUNE = str(Actor.COMMUNE)


@dataclass(frozen=True)
class _Told:
    """A line of the journal: what was done, to which unit, under which key, and what it says."""

    act: str
    unit: int
    key: str
    said: Mapping[str, Any]

    @property
    def parts(self) -> list[str]:
        return self.key.split("/")


@dataclass
class _Book:
    """The cycle's journal up to a moment, and what stands today, by which one knows whether a word is still true."""

    session: Session
    cycle: Cycle
    offices: Offices

    @cached_property
    def deadlines(self) -> dict[tuple[int, str, str], tuple[object, ...]]:
        """By (unit, step, occasion): the day it falls due, and the day it was done."""
        names = (Deadline.unit_id, Deadline.step, Deadline.occasion, Deadline.due_day, Deadline.done_on)
        rows = self.session.execute(select(*names).where(Deadline.cycle_id == self.cycle.id)).tuples()
        return {(unit, step, occasion): (due, done) for unit, step, occasion, due, done in rows}

    @cached_property
    def tasks(self) -> dict[tuple[int, str, str], tuple[object, ...]]:
        """By (unit, task, occasion): the day it falls due, the day it was done, who owes it."""
        names = (TaskDue.unit_id, TaskDue.task, TaskDue.occasion)
        said = (TaskDue.due_day, TaskDue.done_on, TaskDue.holder_id, TaskDue.actor)
        rows = self.session.execute(select(*names, *said).where(TaskDue.cycle_id == self.cycle.id)).tuples()
        return {(unit, task, occasion): (due, done, (to, actor)) for unit, task, occasion, due, done, to, actor in rows}

    def expected(self, key: str, kind: Kind, about: int, to: tuple[int, str], **more: Any) -> Iterator[Expected]:
        """One notice; none where the office does not exist."""
        if agency := self.offices.get(to):
            yield Expected(f"{self.cycle.id}/{key}/{to[1]}", kind, about, agency, **more)


def expected_of_acts(
    session: Session, cycle: Cycle, offices: Offices, until: datetime, first_reader: str
) -> Iterator[Expected]:
    """What amendments, mergers, carried tasks, returned and revised indicators, and remedies taken up again told.

    `first_reader`: the actor to whom a file comes first.
    """
    book = _Book(session, cycle, offices)
    for told in _lines(session, cycle, until):
        match told.act, told.parts[0]:
            case "amend-law", "move":
                yield from _deadline_moved(book, told)
            case "amend-law", "move-task":
                yield from _task_moved(book, told)
            case "merge-units", _:
                yield from _merged(book, told)
            case "take-over-tasks", _:
                yield from _taken_over(book, told)
            case "return-indicators", _:
                yield from _returned(book, told)
            case "revise-indicators", _:
                key, to = f"dossier_received/revise/{told.said['round']}/{told.unit}", (told.unit, first_reader)
                yield from book.expected(key, Kind.DOSSIER_RECEIVED, told.unit, to, step="revise")
            case "reopen-remedy", _:
                _, number, times = told.parts
                yield from _remedy(book, told.unit, f"remedy_reopened/{number}/{times}")
            case "carry-remedies", _:
                yield from _remedy(book, told.unit, f"remedy_carried/{told.parts[1]}/{cycle.id}")


def carried_files(session: Session, cycle: Cycle) -> dict[int, datetime]:
    """By unit: when it took a file over. What its facts say of an earlier moment was told to the unit before it."""
    query = (
        select(Line.key, Line.text, Entry.at)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.cycle_id == cycle.id, Entry.act == MERGE)
    )
    rows = session.execute(query).tuples()
    return {int(key.split("/")[2]): at for key, text, at in rows if json.loads(text)["dossier"] == "carried"}


def _lines(session: Session, cycle: Cycle, until: datetime) -> Iterator[_Told]:
    query = (
        select(Entry.act, Line.unit_id, Line.key, Line.text)
        .join(Entry, Entry.id == Line.entry_id)
        .where(
            Line.cycle_id == cycle.id,
            Entry.act.in_((AMEND, MERGE, TAKE_OVER, RETURN, REVISE, REOPEN, CARRY)),
            Entry.at <= until,
        )
        .order_by(Entry.number, Line.number)
    )
    for act, unit, key, text in session.execute(query).tuples():
        yield _Told(act, unit, key, json.loads(text))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days(said: Mapping[str, Any]) -> str:
    return " → ".join(spoken(day) if day else "—" for day in (_day(said["from"]), _day(said["to"])))


def _deadline_moved(book: _Book, told: _Told) -> Iterator[Expected]:
    said, (_, version, step, occasion, *_) = told.said, told.parts
    day = _day(said["to"])
    if said.get("done", True) or day is None:
        return
    now = book.deadlines.get((told.unit, step, occasion))
    key, to = f"date_moved/{version}/{step}/{occasion}/{told.unit}", (said["holder"][0], said["holder"][1])
    more = {"step": step, "occasion": occasion, "due_day": day, "said": _days(said), "still_open": now == (day, None)}
    yield from book.expected(key, Kind.DATE_MOVED, told.unit, to, **more)


def _task_moved(book: _Book, told: _Told) -> Iterator[Expected]:
    """Its day moved, or it came, went or changed hands: to those who had it and who have it."""
    said, (_, version, step, occasion, *_) = told.said, told.parts
    if said.get("done", True):
        return
    had, has = (tuple(one) if one else None for one in (said["holder"]["from"], said["holder"]["to"]))
    now, day = book.tasks.get((told.unit, step, occasion)), _day(said["to"])
    words = [(Kind.DATE_MOVED, has)] if had == has else [(Kind.TASK_DROPPED, had), (Kind.TASK_ADDED, has)]
    for kind, to in words:
        if to:
            gone = kind is Kind.TASK_DROPPED
            more = {
                "stage": PROGRAMME,
                "step": step,
                "occasion": occasion,
                "due_day": None if gone else day,
                "said": "\n".join((said["title"], said["ground"], _days(said))),
                "still_open": now is None or now[2] != to if gone else now == (day, None, has),
            }
            yield from book.expected(f"{kind}/{version}/{step}/{occasion}/{told.unit}", kind, told.unit, to, **more)


def _merged(book: _Book, told: _Told) -> Iterator[Expected]:
    said, successor = told.said, int(told.parts[2])
    if said["dossier"] == "none" and not said["remedies"] and not said["tasks"]:
        return
    yield from _went_into(book, told.unit, successor, (successor, COMMUNE))


def _taken_over(book: _Book, told: _Told) -> Iterator[Expected]:
    """Several tasks of one unit are told once, under one key; what it says is that the unit has ended."""
    if "owed_by" not in told.said:
        return
    owner = told.said["now_by"]
    unit = book.session.get(Unit, owner) if owner else None
    to = (owner, COMMUNE) if unit and unit.level == "commune" else (told.unit, str(Actor.PROVINCE_JUSTICE))
    yield from _went_into(book, told.said["owed_by"], owner, to)


def _went_into(book: _Book, old: int, new: int | None, to: tuple[int, str]) -> Iterator[Expected]:
    names = {unit.id: f"{unit.code} {unit.name}" for unit in _units(book.session, [old, new or old])}
    said = f"{names[old]} → {names[new] if new else 'Sở Tư pháp'}"
    yield from book.expected(f"unit_merged/{old}/{to[0]}", Kind.UNIT_MERGED, old, to, said=said)


def _units(session: Session, ids: list[int]) -> list[Unit]:
    return [unit for chunk in batched(ids) for unit in session.scalars(select(Unit).where(Unit.id.in_(chunk)))]


def _returned(book: _Book, told: _Told) -> Iterator[Expected]:
    number, said = int(told.parts[2]), told.said
    state = book.session.execute(
        select(Dossier.state, Dossier.round).where(
            and_(Dossier.cycle_id == book.cycle.id, Dossier.unit_id == told.unit)
        )
    ).one_or_none()
    still = state is not None and (State(state.state), state.round) == (State.RETURNED, number)
    text = f"chấm lại {', '.join(said['indicators'])}: {said['reason']}"
    key, kind = f"indicators_returned/{told.unit}/{number}", Kind.SUPPLEMENT_REQUESTED
    yield from book.expected(key, kind, told.unit, (told.unit, COMMUNE), said=text, still_open=still)


def _remedy(book: _Book, unit: int, key: str) -> Iterator[Expected]:
    yield from book.expected(key, Kind.REMEDY_OPENED, unit, (unit, COMMUNE), step="close-remedies")

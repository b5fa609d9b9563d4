"""The deadlines of subjects with "why this day": article, start event, days counted and skipped, what moved it."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.calendar import Calendar
from models.law.deadlines import Reckoned, reckon
from models.law.events import AWAITED_WORDS
from models.law.regulation import ACTOR_WORDS, Stage, Step
from models.law.resolve import CycleLaw
from models.records.board import known_by
from models.records.cycles import Cycle
from models.records.deadlines import Deadline, DeadlineFact, Fact
from models.records.journal import Entry, Line
from models.records.prepared import prepared
from models.records.standing import STANDING_WORDS, days_late, standing_of
from models.records.units import Unit
from models.words import Words

Moves = dict[tuple[int, str, str], list[dict[str, Any]]]
MOVING = (Fact.EXTENDED, Fact.SUSPENDED)


def explained(
    session: Session, cycle: Cycle, law: CycleLaw, calendar: Calendar, units: Sequence[int], on: date
) -> list[dict[str, Any]]:
    """Every deadline of these units, in the order of the procedure: plain values and `Words`."""
    order = {step.id: place for place, (_, step) in enumerate(law.regulation.steps())}
    rows = session.execute(*_known(cycle.id, units, on)).tuples()
    moves = _moves(session, cycle.id, units, on)
    found = sorted(rows, key=lambda row: (order.get(row[0].step, 99), row[0].occasion, row[1]))
    return [
        _explained(cycle, law, calendar, row, on) | {"unit": code, "unit_name": name, "moved": moves.get(_key(row), [])}
        for row, code, name in found
    ]


@prepared
def _known(cycle_id: int, units: Sequence[int], on: date):
    return (
        select(Deadline, Unit.code, Unit.name)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.cycle_id == cycle_id, Deadline.unit_id.in_(units), known_by(on))
    )


def awaited(cycle: Cycle, law: CycleLaw, calendar: Calendar, dated: set[str]) -> list[dict[str, Any]]:
    """The steps that fall due for nobody yet: what each waits for, or that its rule has not been read."""
    waiting = []
    for stage, step in law.regulation.steps():
        if step.id not in dated:
            reckoned = _reckoned(cycle, law, calendar, stage, step, None)
            event = reckoned.event or ""
            waiting.append(
                _named(stage, step)
                | {
                    "status": reckoned.status,
                    "event": event or None,
                    "event_words": AWAITED_WORDS.get(event, Words(event, event)),
                    **_ground(reckoned),
                }
            )
    return waiting


def _key(row: Deadline) -> tuple[int, str, str]:
    return row.unit_id, row.step, row.occasion


def _named(stage: Stage, step: Step) -> dict[str, Any]:
    return {
        "stage": str(stage),
        "step": step.id,
        "title": step.title,
        "actor": str(step.actor),
        "actor_words": ACTOR_WORDS[step.actor],
    }


def _explained(cycle: Cycle, law: CycleLaw, calendar: Calendar, row: Deadline, on: date) -> dict[str, Any]:
    step = law.regulation.step(row.step)
    standing = standing_of(row, on)
    plain = {name: getattr(row, name) for name in ("last_day", "last_working_day", "local_last_day", "due_day")}
    known = plain | {
        "occasion": row.occasion,
        "standing": str(standing),
        "standing_words": STANDING_WORDS[standing],
        "done_on": row.done_on if row.done_on and row.done_on <= on else None,
        "document": row.document,
        "days_late": days_late(row, row.last_day, on),
        "days_late_local": days_late(row, row.local_last_day or row.due_day, on),
    }
    if step is None:  # an amendment took the step away; what was recorded stays
        return {"stage": row.stage, "step": row.step, "title": row.step, "actor": row.actor, **known}
    reckoned = _reckoned(cycle, law, calendar, Stage(row.stage), step, row.starts_on)
    return _named(Stage(row.stage), step) | known | _ground(reckoned) | {"start": row.starts_on}


def _reckoned(
    cycle: Cycle, law: CycleLaw, calendar: Calendar, stage: Stage, step: Step, start: date | None
) -> Reckoned:
    event = getattr(step.deadline, "event", None)
    starts = {event: start} if event and start else {}
    return reckon(
        stage, step, cycle.year, calendar, starts=starts, plan=law.plan.steps.get(step.id) if law.plan else None
    )


def _ground(reckoned: Reckoned) -> dict[str, Any]:
    cited = reckoned.citation
    event = reckoned.event or ""
    return {
        "event": reckoned.event,
        "event_words": AWAITED_WORDS.get(event, Words(event, event)),
        "unit_of_days": reckoned.unit,
        "counted": list(reckoned.counted),
        "skipped": [{"date": day.date, "reason": day.reason} for day in reckoned.skipped],
        "days_off": [{"date": day.date, "reason": day.reason} for day in reckoned.days_off],
        "is_floor": reckoned.is_floor,
        "citation": {"text": cited.text, "article": cited.article} if cited else None,
        "source": reckoned.source,
        "mark": str(reckoned.mark),
        "reading": reckoned.reading,
    }


def _moves(session: Session, cycle_id: int, units: Sequence[int], on: date) -> Moves:
    """What moved each deadline by a day: the office's own acts with their documents, and amendments with their ground.

    Days are those of UTC: what an office does in its hours has the same there.
    """
    facts = session.scalars(*_moving(cycle_id, units))
    found = _amendments(session, cycle_id, units, on)
    for fact in facts:
        if fact.at.date() > on:
            continue
        said = {"kind": fact.kind, "to": fact.on_day, "days": fact.days, "document": fact.document, "at": fact.at}
        found.setdefault((fact.unit_id, fact.step, fact.occasion), []).append(said)
    return found


@prepared
def _moving(cycle_id: int, units: Sequence[int]):
    return (
        select(DeadlineFact)
        .where(DeadlineFact.cycle_id == cycle_id, DeadlineFact.unit_id.in_(units), DeadlineFact.kind.in_(MOVING))
        .order_by(DeadlineFact.at)
    )


def _amendments(session: Session, cycle_id: int, units: Sequence[int], on: date) -> Moves:
    """Days that an amended plan or calendar moved, as the journal tells."""
    rows = session.execute(*_amended(cycle_id, units)).tuples()
    found: Moves = {}
    for at, unit_id, key, text in rows:
        told = json.loads(text)
        if at.date() <= on and told["from"] and told["to"]:
            was, now = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
            said = {"kind": "amended", "from": was, "to": now, "days": None, "document": told["why"], "at": at}
            found.setdefault((unit_id, told["step"], "/".join(key.split("/")[3:-1])), []).append(said)
    return found


@prepared
def _amended(cycle_id: int, units: Sequence[int]):
    return (
        select(Entry.at, Line.unit_id, Line.key, Line.text)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.cycle_id == cycle_id, Line.unit_id.in_(units), Entry.act == "amend-law", Line.key.like("move/%"))
        .order_by(Entry.number)
    )

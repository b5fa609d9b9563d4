"""The deadlines of subjects with "why this day": article, start event, days counted and skipped, what moved it."""

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
from models.records.cycles import Cycle
from models.records.deadlines import Deadline, DeadlineFact, Fact
from models.records.standing import STANDING_WORDS, days_late, standing_of
from models.records.units import Unit
from models.words import Words

MOVING = (Fact.EXTENDED, Fact.SUSPENDED)


def explained(
    session: Session, cycle: Cycle, law: CycleLaw, calendar: Calendar, units: Sequence[int], on: date
) -> list[dict[str, Any]]:
    """Every deadline of these units, in the order of the procedure: plain values and `Words`."""
    order = {step.id: place for place, (_, step) in enumerate(law.regulation.steps())}
    rows = session.execute(
        select(Deadline, Unit.code, Unit.name)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.cycle_id == cycle.id, Deadline.unit_id.in_(units))
    ).tuples()
    moves = _moves(session, cycle.id, units)
    found = sorted(rows, key=lambda row: (order.get(row[0].step, 99), row[0].occasion, row[1]))
    return [
        _explained(cycle, law, calendar, row, on) | {"unit": code, "unit_name": name, "moved": moves.get(_key(row), [])}
        for row, code, name in found
    ]


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


def _moves(session: Session, cycle_id: int, units: Sequence[int]) -> dict[tuple[int, str, str], list[dict[str, Any]]]:
    """Extensions and suspensions, by deadline: the office's own acts, each with its document."""
    facts = session.scalars(
        select(DeadlineFact)
        .where(DeadlineFact.cycle_id == cycle_id, DeadlineFact.unit_id.in_(units), DeadlineFact.kind.in_(MOVING))
        .order_by(DeadlineFact.at)
    )
    found: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    for fact in facts:
        said = {"kind": fact.kind, "to": fact.on_day, "days": fact.days, "document": fact.document, "at": fact.at}
        found.setdefault((fact.unit_id, fact.step, fact.occasion), []).append(said)
    return found

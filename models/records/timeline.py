"""The year of a cycle as a line: stages and steps with their days, what moved and why, days off and make-up days."""

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.law.regulation import ACTOR_WORDS, STAGE_WORDS
from models.law.resolve import CycleLaw
from models.records.board import known_by
from models.records.cycles import Cycle, CycleLawVersion, calendar_version_of, stages_of
from models.records.deadlines import CalendarDay, Deadline, DeadlineFact, Fact
from models.records.journal import Entry, Line
from models.records.prepared import prepared
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Words

MOVED_MOST = 200
SATURDAY = 5


@of_acts
def year_line(session: Session, cycle: Cycle, law: CycleLaw, on: date) -> list[dict[str, Any]]:
    """Each stage with its span, and its steps with first and last due day and how many are done as of the day."""
    steps = _steps(session, cycle, on)
    opened = stages_of(session, cycle.id)
    line = []
    for spec in law.regulation.stages:
        planned = law.plan.stages[spec.stage].on if law.plan and spec.stage in law.plan.stages else None
        row = opened.get(spec.stage)
        days = [day for step in spec.steps if (day := steps.get(step.id, {}).get("last_due"))]
        line.append(
            {
                "stage": str(spec.stage),
                "words": STAGE_WORDS[spec.stage],
                "opened_on": row.opened_on if row and row.opened_on <= on else None,
                "closed_on": row.closed_on if row and row.closed_on and row.closed_on <= on else None,
                "planned_on": planned or cycle.opened_on,
                "last_day": max(days, default=None),
                "steps": [
                    {
                        "step": step.id,
                        "title": step.title,
                        "actor_words": ACTOR_WORDS[step.actor],
                        "mark": str(step.deadline.mark),
                        **steps.get(step.id, {"first_due": None, "last_due": None, "owed": 0, "done": 0}),
                    }
                    for step in spec.steps
                ],
            }
        )
    return line


def _steps(session: Session, cycle: Cycle, on: date) -> dict[str, dict[str, Any]]:
    return {
        step: {"first_due": first, "last_due": last, "owed": owed, "done": done}
        for step, first, last, owed, done in session.execute(*_by_step(cycle.id, on)).tuples()
    }


@prepared
def _by_step(cycle_id: int, on: date):
    return (
        select(
            Deadline.step,
            func.min(Deadline.due_day),
            func.max(Deadline.due_day),
            func.count(),
            func.count(case((Deadline.done_on <= on, 1))),
        )
        .where(Deadline.cycle_id == cycle_id, known_by(on))
        .group_by(Deadline.step)
    )


@of_acts
def moved_deadlines(session: Session, cycle: Cycle, at: datetime) -> list[dict[str, Any]]:
    """Extensions and suspensions recorded by a moment: from which day, to which, by which document; newest first."""
    return [
        {
            "unit": code,
            "unit_name": name,
            "step": fact.step,
            "kind": fact.kind,
            "from": deadline.last_day,
            "to": fact.on_day if fact.kind == Fact.EXTENDED else deadline.due_day,
            "days": fact.days,
            "document": fact.document,
            "on": fact.on_day,
        }
        for fact, deadline, code, name in session.execute(*_moved(cycle.id, at)).tuples()
    ]


@prepared
def _moved(cycle_id: int, at: datetime):
    return (
        select(DeadlineFact, Deadline, Unit.code, Unit.name)
        .join(
            Deadline,
            (Deadline.cycle_id == DeadlineFact.cycle_id)
            & (Deadline.unit_id == DeadlineFact.unit_id)
            & (Deadline.step == DeadlineFact.step)
            & (Deadline.occasion == DeadlineFact.occasion),
        )
        .join(Unit, Unit.id == DeadlineFact.unit_id)
        .where(
            DeadlineFact.cycle_id == cycle_id,
            DeadlineFact.kind.in_([Fact.EXTENDED, Fact.SUSPENDED]),
            DeadlineFact.at <= at,
        )
        .order_by(DeadlineFact.at.desc(), Unit.code)
        .limit(MOVED_MOST)
    )


@of_acts
def amended_days(session: Session, cycle: Cycle, at: datetime) -> list[dict[str, Any]]:
    """Days that amendments moved, by a moment: of which step, from, to, why, of how many units; newest first."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for said in map(json.loads, session.scalars(*_amended(cycle.id, at))):
        if said["from"] and said["to"]:
            counted[said["step"], said["from"], said["to"], said["why"]] += 1
    return [
        {"step": step, "from": date.fromisoformat(was), "to": date.fromisoformat(now), "why": why, "units": units}
        for (step, was, now, why), units in counted.items()
    ]


@prepared
def _amended(cycle_id: int, at: datetime):
    return (
        select(Line.text)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.cycle_id == cycle_id, Entry.act == "amend-law", Entry.at <= at, Line.key.like("move/%"))
        .order_by(Entry.number.desc(), Line.number)
    )


@of_acts
def law_versions(session: Session, cycle: Cycle) -> list[dict[str, Any]]:
    """The versions of the cycle's law: each amendment or confirmation appended one, with its reason."""
    rows = session.scalars(*_versions(cycle.id))
    return [{"version": row.version, "hash": row.hash, "reason": row.reason, "made_at": row.made_at} for row in rows]


@prepared
def _versions(cycle_id: int):
    return select(CycleLawVersion).where(CycleLawVersion.cycle_id == cycle_id).order_by(CycleLawVersion.version)


@of_acts
def special_days(session: Session, cycle: Cycle, first: date, last: date) -> list[dict[str, Any]]:
    """Weekdays that rest and weekend days that work between two days, with the reason and the document."""
    return [
        {
            "day": row.day,
            "working": row.working,
            "reason": Words(row.reason_vi, row.reason_en),
            "source": Words(row.source_vi, row.source_en),
            "document": row.document,
        }
        for row in session.scalars(*_days(calendar_version_of(session, cycle), first, last))
        if row.working == (row.day.weekday() >= SATURDAY)
    ]


@prepared
def _days(version_id: int, first: date, last: date):
    of_version = select(CalendarDay).where(CalendarDay.version_id == version_id)
    return of_version.where(CalendarDay.day >= first, CalendarDay.day <= last).order_by(CalendarDay.day)

"""A unit over the years: what it came from and became, its dossiers, who is reached how, when it was late."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from models.cycle.lifecycle import STATE_WORDS, State
from models.records.contacts import Contact
from models.records.cycles import Agency, Cycle, laws_of
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.earlier_results import documented
from models.records.holding import moved_to
from models.records.journal import Entry, Line
from models.records.prepared import prepared
from models.records.standing import Standing, days_late, standing_is
from models.records.unit_queries import Kin, forebears, in_force, lineage
from models.records.units import Unit


def unit_page(session: Session, unit: Unit, on: date, at: datetime, most: int, skip: int) -> dict[str, Any]:
    """All of it as of a day and its moment: plain values and `Words`. Of the units below it, `most` after `skip`."""
    came_from, became = lineage(session, unit.id)
    before = [kin.unit.id for kin in came_from]
    if unit.level == "commune":
        before = list(dict.fromkeys(chain.from_iterable(forebears(session, one) for one in before)))
    line = [unit.id, *before]
    return {
        "unit": unit,
        "parents": _parents(session, unit),
        "from": _kin(came_from),
        "to": _kin(became),
        "dossiers": dossiers_of(session, line, at),
        "documented": documented_of(session, line),
        "communes": _below(session, unit, on, most, skip),
        "communes_all": _count_below(session, unit, on),
        "contacts": contacts_of(session, unit.id, on),
        "late": late_of(session, line, on),
    }


def _parents(session: Session, unit: Unit) -> list[Unit]:
    found: list[Unit] = []
    while unit.parent_id is not None:
        unit = session.get_one(Unit, unit.parent_id)
        found.append(unit)
    return found


def _kin(found: Sequence[Kin]) -> list[dict[str, Any]]:
    return [
        {
            "code": kin.unit.code,
            "name": kin.unit.name,
            "valid_from": kin.unit.valid_from,
            "whole": kin.whole,
            "on": kin.on,
            "source": kin.source,
        }
        for kin in found
    ]


def dossiers_of(session: Session, unit_ids: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """The dossiers of these units, youngest year first: a merged commune's own and those of what it came from."""
    rows = session.execute(*_dossiers(unit_ids, at.date())).tuples()
    rows = [(dossier, cycle, code, name, _stood(session, dossier, cycle, at)) for dossier, cycle, code, name in rows]
    return [
        {
            "year": cycle.year,
            "trial": cycle.trial,
            "code": code,
            "name": name,
            "state": str(state),
            "state_words": STATE_WORDS[state],
            "since": since,
        }
        for _, cycle, code, name, (state, since) in rows
    ]


@prepared
def _dossiers(unit_ids: Sequence[int], on: date):
    return (
        select(Dossier, Cycle, Unit.code, Unit.name)
        .join(Cycle, Cycle.id == Dossier.cycle_id)
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(Dossier.unit_id.in_(unit_ids), Cycle.opened_on <= on)
        .order_by(Cycle.year.desc(), Unit.code, Cycle.trial)
    )


def _stood(session: Session, dossier: Dossier, cycle: Cycle, at: datetime) -> tuple[State, date]:
    """Its state at the moment, and since when: what it went through later is not known yet."""
    if dossier.since <= at.date():
        return State(dossier.state), dossier.since
    lines = session.execute(*_lines(cycle.id, dossier.unit_id, at)).tuples()
    moves = ((when, moved_to(json.loads(text))) for when, text in lines)
    found = next(((state, when.astimezone(at.tzinfo).date()) for when, state in moves if state), None)
    return found or (State.SELF_ASSESSMENT, cycle.opened_on)


@prepared
def _lines(cycle_id: int, unit_id: int, at: datetime):
    return (
        select(Entry.at, Line.text)
        .join(Line, Line.entry_id == Entry.id)
        .where(Line.cycle_id == cycle_id, Line.unit_id == unit_id, Entry.at <= at)
        .order_by(Entry.number.desc(), Line.number.desc())
    )


def documented_of(session: Session, unit_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What documents of earlier years say of these units, youngest year first; each result is its own unit's."""
    found = []
    for (owner, year), one in documented(session, unit_ids).items():
        unit = session.get_one(Unit, owner)
        told = {name: getattr(one, name) for name in ("recognised", "decision", "decided_on", "source")}
        found.append({"year": year, "code": unit.code, "name": unit.name, **told})
    return sorted(found, key=lambda row: (-row["year"], row["code"]))


def _below(session: Session, unit: Unit, on: date, most: int, skip: int) -> list[Unit]:
    """The units right under a province or a district on the day, by code; a commune has none."""
    if unit.level == "commune":
        return []
    return list(session.scalars(*_children(unit.id, on, most, skip)))


@prepared
def _children(unit_id: int, on: date, most: int, skip: int):
    child = aliased(Unit)
    return select(child).where(*_under(child, unit_id, on)).order_by(child.code).limit(most).offset(skip)


def _count_below(session: Session, unit: Unit, on: date) -> int:
    if unit.level == "commune":
        return 0
    return session.scalar(*_count_children(unit.id, on)) or 0


@prepared
def _count_children(unit_id: int, on: date):
    return select(func.count()).select_from(Unit).where(*_under(Unit, unit_id, on))


def _under(child: type[Unit], unit_id: int, on: date) -> tuple[ColumnElement[bool], ...]:
    return child.parent_id == unit_id, in_force(on, child)


def contacts_of(session: Session, unit_id: int, on: date) -> list[dict[str, Any]]:
    """The unit's agencies and the names of who is reached there on the day. The address may hold a secret: only
    the channel's name is given."""
    rows = session.execute(*_reached(unit_id, on)).tuples()
    return [
        {
            "agency": agency.name,
            "name": contact.name if contact else None,
            "channel": contact.channel if contact else None,
        }
        for agency, contact in rows
    ]


@prepared
def _reached(unit_id: int, on: date):
    return (
        select(Agency, Contact)
        .outerjoin(
            Contact,
            (Contact.agency_id == Agency.id)
            & (Contact.valid_from.is_(None) | (Contact.valid_from <= on))
            & (Contact.valid_to.is_(None) | (Contact.valid_to >= on)),
        )
        .where(Agency.unit_id == unit_id)
        .order_by(Agency.actor, Contact.name)
    )


def late_of(session: Session, unit_ids: Sequence[int], on: date) -> list[dict[str, Any]]:
    """Every deadline of these units that was missed or is past, with the days, youngest first: of a merged commune
    also what was missed by those it came from."""
    rows = session.execute(*_late(unit_ids, on)).tuples().all()
    laws, found = laws_of(session, list({cycle.id: cycle for _, cycle, _ in rows}.values())), []
    for deadline, cycle, unit in rows:
        step = laws[cycle.id].regulation.step(deadline.step)
        found.append(
            {
                "year": cycle.year,
                "trial": cycle.trial,
                "unit": unit.code,
                "unit_name": unit.name,
                "step": deadline.step,
                "title": step.title if step else deadline.step,
                "last_day": deadline.last_day,
                "done_on": deadline.done_on if deadline.done_on and deadline.done_on <= on else None,
                "days_late": days_late(deadline, deadline.last_day, on),
            }
        )
    return found


@prepared
def _late(unit_ids: Sequence[int], on: date):
    missed = standing_is(Standing.DONE_LATE, on) | standing_is(Standing.OVERDUE, on)
    return (
        select(Deadline, Cycle, Unit)
        .join(Cycle, Cycle.id == Deadline.cycle_id)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.unit_id.in_(unit_ids), missed)
        .order_by(Deadline.last_day.desc(), Deadline.step)
    )

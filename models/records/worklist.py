"""What is to be done: open deadlines by urgency with who holds them, and every deadline of a cycle by a filter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Bundle, Session, aliased

from models.law.regulation import ACTOR_WORDS, Actor
from models.law.resolve import CycleLaw
from models.records.board import AT_RISK_DAYS, known_by
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.prepared import prepared
from models.records.standing import STANDING_WORDS, Standing, days_late, standing_is, standing_of
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.words import Words

AHEAD_DAYS = 7
"""`local`, of this product: what falls due in so many days is on today's list."""


class Urgency(StrEnum):
    """Each open deadline of the week has exactly one."""

    OVERDUE = "overdue"
    TODAY = "today"
    AT_RISK = "at_risk"
    WEEK = "week"


@dataclass(frozen=True)
class Filter:
    """Which deadlines; what is None does not narrow. `units` are unit ids found by a search."""

    stage: str | None = None
    step: str | None = None
    standing: Standing | None = None
    district: str | None = None
    due: date | None = None
    urgency: Urgency | None = None
    units: Sequence[int] | None = None


def conditions(cycle_id: int, on: date, wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions on `deadlines`."""
    found: list[ColumnElement[bool]] = [Deadline.cycle_id == cycle_id, known_by(on)]
    if wanted.stage is not None:
        found.append(Deadline.stage == wanted.stage)
    if wanted.step is not None:
        found.append(Deadline.step == wanted.step)
    if wanted.standing is not None:
        found.append(standing_is(wanted.standing, on))
    if wanted.district is not None:
        found.append(Deadline.district_id.in_(select(Unit.id).where(Unit.code == wanted.district)))
    if wanted.due is not None:
        found.append(Deadline.due_day == wanted.due)
    if wanted.urgency is not None:
        found += [*_to_do(cycle_id, on), _urgency_is(wanted.urgency, on)]
    if wanted.units is not None:
        found.append(Deadline.unit_id.in_(wanted.units))
    return found


def _asked(cycle: Cycle, wanted: Filter, on: date) -> tuple[Any, ...]:
    """A filter's parts as the arguments of a prepared statement."""
    return (cycle.id, on, *(getattr(wanted, field.name) for field in fields(Filter)))


def _urgency_is(urgency: Urgency, on: date) -> ColumnElement[bool]:
    """Each open deadline of the week has exactly one urgency: past the day of the rule, due by today, soon, later."""
    past = and_(Deadline.last_day.is_not(None), Deadline.last_day < on)
    near = on + timedelta(days=AT_RISK_DAYS)
    match urgency:
        case Urgency.OVERDUE:
            return past
        case Urgency.TODAY:
            return and_(~past, Deadline.due_day <= on)
        case Urgency.AT_RISK:
            return and_(~past, Deadline.due_day > on, Deadline.due_day <= near)
        case Urgency.WEEK:
            return and_(~past, Deadline.due_day > near)


@of_acts
def count_deadlines(session: Session, cycle: Cycle, wanted: Filter, on: date) -> int:
    return session.scalar(*_count(*_asked(cycle, wanted, on))) or 0


@prepared
def _count(cycle_id: int, on: date, *wanted: Any):
    return select(func.count()).select_from(Deadline).where(*conditions(cycle_id, on, Filter(*wanted)))


@of_acts
def list_deadlines(
    session: Session, cycle: Cycle, law: CycleLaw, wanted: Filter, on: date, *, most: int, skip: int = 0
) -> list[dict[str, Any]]:
    """The deadlines of a filter: what is not done before what is, nearest day first, those without a day last."""
    found = session.execute(*_listed(most, skip, *_asked(cycle, wanted, on)))
    return [_document(law, row, on) for row in found]


@prepared
def _listed(most: int, skip: int, cycle_id: int, on: date, *wanted: Any) -> Any:
    """The rows of the page are found first: who holds a deadline is asked for those alone."""
    done = case((Deadline.done_on <= on, 1), else_=0).label("done")
    undated = Deadline.due_day.is_(None).label("undated")
    shown = (*_shown(Deadline), Deadline.district_id, *(Unit.code, Unit.name, Unit.level))
    order = ("done", "undated", "due_day", "code", "step", "occasion")
    found = (
        select(*shown, done, undated)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(*conditions(cycle_id, on, Filter(*wanted)))
        .order_by(done, undated, Deadline.due_day, Unit.code, Deadline.step, Deadline.occasion)
        .limit(most)
        .offset(skip)
        .subquery()
    )
    return _with_holder(found.c, found.c.code, found.c.name, found.c.level).order_by(*(found.c[name] for name in order))


def _shown(of: Any) -> tuple[Any, ...]:
    """What is shown of a deadline: a whole row of the table for each of thousands would cost most of the page."""
    return (
        *(of.stage, of.step, of.occasion, of.actor, of.holder_id),
        *(of.last_day, of.local_last_day, of.due_day, of.done_on),
    )


def _with_holder(of: Any, *unit: Any) -> Any:
    """Deadlines with their units (of which the columns are given), and who of which district holds them."""
    district, agency = aliased(Unit), aliased(Agency)
    return (
        select(Bundle("deadline", *_shown(of)), *unit, district.code, district.name, agency.name)
        .outerjoin(district, district.id == of.district_id)
        .outerjoin(agency, and_(agency.unit_id == of.holder_id, agency.actor == of.actor))
    )


def _document(law: CycleLaw, row: Any, on: date) -> dict[str, Any]:
    deadline, code, name, level, district, district_name, holder = row
    step, standing = law.regulation.step(deadline.step), standing_of(deadline, on)
    mark = str(step.deadline.mark) if step else None
    return {
        "unit": code,
        "unit_name": name,
        "level": level,
        "district": district,
        "district_name": district_name,
        "stage": deadline.stage,
        "step": deadline.step,
        "title": step.title if step else deadline.step,
        "occasion": deadline.occasion,
        "holder": holder or ACTOR_WORDS[Actor(deadline.actor)],
        "last_day": deadline.last_day,
        "local_last_day": deadline.local_last_day,
        "due_day": deadline.due_day,
        "done_on": deadline.done_on if deadline.done_on and deadline.done_on <= on else None,
        "standing": str(standing),
        "standing_words": STANDING_WORDS[standing],
        "days_late": days_late(deadline, deadline.last_day, on),
        "days_late_local": days_late(deadline, deadline.local_last_day, on) if deadline.local_last_day else None,
        "days_left": (deadline.due_day - on).days if deadline.due_day else None,
        "mark": mark,
    }


def _to_do(cycle_id: int, on: date) -> list[ColumnElement[bool]]:
    """Open, dated, in a stage that has begun, and due within the week or past."""
    return [
        Deadline.cycle_id == cycle_id,
        or_(Deadline.done_on.is_(None), Deadline.done_on > on),
        Deadline.due_day.is_not(None),
        known_by(on),
        or_(Deadline.due_day <= on + timedelta(days=AHEAD_DAYS), Deadline.last_day < on),
    ]


@of_acts
def urgencies(session: Session, cycle: Cycle, on: date) -> dict[str, int]:
    """How many deadlines of any step are overdue, due today, at risk, due within the week; each counted once."""
    counts = session.execute(*_counted_by_urgency(cycle.id, on)).one()
    return dict(zip(map(str, Urgency), counts, strict=True))


@prepared
def _counted_by_urgency(cycle_id: int, on: date):
    counted = [func.count(case((_urgency_is(urgency, on), 1))) for urgency in Urgency]
    return select(*counted).select_from(Deadline).where(*_to_do(cycle_id, on))


@of_acts
def todays_list(
    session: Session, cycle: Cycle, law: CycleLaw, on: date, *, most: int
) -> tuple[list[dict[str, Any]], int]:
    """Who has to act, most urgent first, and how many there are in all.

    One row per holder: the step that matters, the `files` for which it is due, and `more`, how much it owes beside.
    """
    held = sorted(session.execute(*_holders(cycle.id, on)).tuples())
    chosen = {(holder_id, actor): owed for _, _, actor, holder_id, owed in held[:most]}
    found = session.execute(*_owed(cycle.id, on, {holder_id for holder_id, _ in chosen})).all()
    rows: dict[tuple[int, str], list[Any]] = {key: [] for key in chosen}
    for row in found:
        if (row[0].holder_id, row[0].actor) in chosen:
            rows[row[0].holder_id, row[0].actor].append(row)
    order = {step.id: place for place, (_, step) in enumerate(law.regulation.steps())}
    return [_of_holder(law, own, order, on, chosen[key]) for key, own in rows.items()], len(held)


@prepared
def _holders(cycle_id: int, on: date):
    holder = aliased(Unit)
    return (
        select(func.min(Deadline.due_day), holder.code, Deadline.actor, Deadline.holder_id, func.count())
        .join(holder, holder.id == Deadline.holder_id)
        .where(*_to_do(cycle_id, on))
        .group_by(holder.code, Deadline.actor, Deadline.holder_id)
    )


@prepared
def _owed(cycle_id: int, on: date, holders: Collection[int]):
    rows = _with_holder(Deadline, Unit.code, Unit.name, Unit.level).join(Unit, Unit.id == Deadline.unit_id)
    return rows.where(*_to_do(cycle_id, on), Deadline.holder_id.in_(holders)).order_by(Unit.code, Deadline.step)


def _of_holder(law: CycleLaw, own: list[Any], order: Mapping[str, int], on: date, owed: int) -> dict[str, Any]:
    """One row per holder, for the step that matters: the last of the procedure that is overdue, else the next due."""
    first_due = min(row[0].due_day for row in own)
    urgent = [row for row in own if standing_of(row[0], on) is Standing.OVERDUE]
    urgent = urgent or [row for row in own if row[0].due_day == first_due]
    step = max((row[0].step for row in urgent), key=lambda name: order.get(name, 0))
    files = sorted((row for row in urgent if row[0].step == step), key=lambda row: (row[0].due_day, row[1]))
    named = [{"unit": row[1], "name": row[2], "level": row[3]} for row in files]
    return _document(law, files[0], on) | {"files": named, "more": owed - len(files)}


@of_acts
def days_of(session: Session, cycle: Cycle, wanted: Filter, on: date) -> dict[date, dict[str, int]]:
    """For the calendar: on each due day of the filter, how many deadlines stand how."""
    days: dict[date, dict[str, int]] = {}
    for row in session.execute(*_days(*_asked(cycle, wanted, on))):
        counts = days.setdefault(row.due_day, {})
        standing = str(standing_of(row, on))
        counts[standing] = counts.get(standing, 0) + row.many
    return days


@prepared
def _days(cycle_id: int, on: date, *wanted: Any):
    shown = (Deadline.last_day, Deadline.due_day, Deadline.done_on)
    return (
        select(*shown, func.count().label("many"))
        .where(*conditions(cycle_id, on, Filter(*wanted)), Deadline.due_day.is_not(None))
        .group_by(*shown)
    )


@of_acts
def dated_steps(session: Session, cycle: Cycle, law: CycleLaw, unit_id: int | None = None) -> list[dict[str, Any]]:
    """Each step and due day once, with how many subjects owe it: the entries of a calendar feed."""
    rows = session.execute(*_dated(cycle.id, unit_id))
    steps = {step.id: step for _, step in law.regulation.steps()}
    return [
        {
            "step": name,
            "title": steps[name].title if name in steps else name,
            "actor": ACTOR_WORDS[steps[name].actor] if name in steps else Words("", ""),
            "source": steps[name].deadline.source if name in steps else "",
            "due_day": due,
            "subjects": count,
        }
        for name, due, count in rows.tuples()
    ]


@prepared
def _dated(cycle_id: int, unit_id: int | None):
    query = select(Deadline.step, Deadline.due_day, func.count()).where(
        Deadline.cycle_id == cycle_id, Deadline.due_day.is_not(None)
    )
    query = query if unit_id is None else query.where(Deadline.unit_id == unit_id)
    return query.group_by(Deadline.step, Deadline.due_day).order_by(Deadline.due_day, Deadline.step)

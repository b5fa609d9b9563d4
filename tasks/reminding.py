"""What the morning queues: reminders to holders on their ladder, escalations to the levels above.

Cycles whose plans say the same are asked about together, so that a whole country takes the statements of a province.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cycle.reminders import Rung, escalation_rungs, rungs_on, stood_on
from models.law.cycle_law import CycleLaw
from models.law.plan import Ladder, Reminders
from models.law.regulation import Actor, Stage
from models.records.contacts import add_agencies
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.notices_ladder import queue_escalations, queue_ladder
from models.records.owing import Owed
from models.records.prepared import prepared
from models.records.units import Unit

Laws = Mapping[int, CycleLaw]
"""The law of each open cycle, by the cycle's id."""


def remind(session: Session, laws: Laws, open_: Sequence[Owed], day: date, at: datetime) -> None:
    """Queue for the holders of open deadlines what their ladders have for the day; a statement for each ladder."""
    together: dict[tuple[Ladder, tuple[str, ...]], list[Owed]] = defaultdict(list)
    ladders = {cycle_id: _steps_by_ladder(law) for cycle_id, law in laws.items()}
    for one in open_:
        ladder = ladder_of(laws[one.cycle_id], one)
        together[ladder, ladders[one.cycle_id][ladder]].append(one)
    for (ladder, steps), owing in together.items():
        rungs = stood_on(rungs_on(ladder, day), {one.due_day for one in owing})
        if rungs:
            queue_ladder(session, sorted({one.cycle_id for one in owing}), steps, rungs, at, day)


def _steps_by_ladder(law: CycleLaw) -> dict[Ladder, tuple[str, ...]]:
    found: dict[Ladder, tuple[str, ...]] = {}
    reminders = law.plan.reminders if law.plan else Reminders()
    for stage, step in law.regulation.steps():
        ladder = reminders.ladder(stage, step.id)
        found[ladder] = (*found.get(ladder, ()), step.id)
    return found


def ladder_of(law: CycleLaw, one: Owed) -> Ladder:
    """The ladder that a step's reminders climb: the plan's, else the product's own."""
    reminders = law.plan.reminders if law.plan else Reminders()
    return reminders.ladder(Stage(one.stage), one.step)


def escalate(session: Session, laws: Laws, open_: Sequence[Owed], day: date, at: datetime) -> None:
    """From the ladder's day of escalation on, each rung tells the next level up; the highest goes on being told."""
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    for one in open_:
        if one.due_day < day:
            days[one.cycle_id, one.actor].add(one.due_day)
    told: dict[tuple[Actor, Actor, tuple[Rung, ...]], list[int]] = defaultdict(list)
    for cycle_id, law in laws.items():
        for holder, superior, rungs in _above(law, day):
            standing = stood_on(rungs, days.get((cycle_id, str(holder)), ()))
            if standing:
                told[holder, superior, tuple(standing)].append(cycle_id)
    _add_superiors(session, laws, {cycle_id for ids in told.values() for cycle_id in ids})
    for (holder, superior, rungs), cycle_ids in told.items():
        queue_escalations(session, cycle_ids, holder, superior, rungs, at, day)


def _above(law: CycleLaw, day: date) -> Sequence[tuple[Actor, Actor, Sequence[Rung]]]:
    """Each holder with each of its superiors, and the rungs on which that one is told."""
    tiers, found = law.regulation.tiers, []
    for path in law.plan.escalation if law.plan else ():
        above = [actor for actor in path.then if actor.level in tiers]
        if law.plan and path.holder.level in tiers:
            told = escalation_rungs(law.plan.reminders.default, day, len(above))
            found += [(path.holder, superior, rungs) for superior, rungs in zip(above, told, strict=True)]
    return found


def _add_superiors(session: Session, laws: Laws, cycle_ids: Collection[int]) -> None:
    """An office that acts in no step has no row yet, and what it is to be told would be lost without a word."""
    if not cycle_ids:
        return
    plans = [plan for cycle_id in cycle_ids if (plan := laws[cycle_id].plan)]
    superiors = {actor for plan in plans for path in plan.escalation for actor in path.then}
    units = session.scalars(*_units_over(list(cycle_ids))).all()
    add_agencies(session, [(unit, actor) for unit in units for actor in sorted(superiors) if actor.level == unit.level])


@prepared
def _units_over(cycle_ids: Collection[int]):
    districts = select(Dossier.district_id).where(Dossier.cycle_id.in_(cycle_ids))
    provinces = select(Cycle.province_id).where(Cycle.id.in_(cycle_ids))
    return select(Unit).where(or_(Unit.id.in_(provinces), Unit.id.in_(districts)))

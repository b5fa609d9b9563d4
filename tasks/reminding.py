"""What the morning queues for one cycle: reminders to holders on their ladder, escalations to the levels above."""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cycle.reminders import escalation_rungs, rungs_on, stood_on
from models.law.cycle_law import CycleLaw
from models.law.plan import Ladder, Reminders
from models.law.regulation import Stage
from models.records.contacts import add_agencies
from models.records.cycles import Cycle
from models.records.dossiers import Dossier
from models.records.notices_ladder import due_days, queue_escalations, queue_ladder
from models.records.units import Unit


def remind(session: Session, cycle: Cycle, law: CycleLaw, day: date, at: datetime, stage: Stage | None = None) -> None:
    """Queue for the holders of open deadlines what their ladders have for the day; a stage narrows it to its steps."""
    reminders = law.plan.reminders if law.plan else Reminders()
    by_ladder: dict[Ladder, list[str]] = {}
    for of_stage, step in law.regulation.steps():
        if stage in (None, of_stage):
            by_ladder.setdefault(reminders.ladder(of_stage, step.id), []).append(step.id)
    dues = due_days(session, cycle, at)
    for ladder, steps in by_ladder.items():
        queue_ladder(session, cycle, steps, stood_on(rungs_on(ladder, day), dues), at, day)


def escalate(session: Session, cycle: Cycle, law: CycleLaw, day: date, at: datetime) -> None:
    """From the ladder's day of escalation on, each rung tells the next level up; the highest goes on being told."""
    if law.plan is None:
        return
    tiers, dues = law.regulation.tiers, due_days(session, cycle, at)
    _add_superiors(session, cycle, law)
    for path in law.plan.escalation:
        above = [actor for actor in path.then if actor.level in tiers]
        if path.holder.level in tiers:
            told = escalation_rungs(law.plan.reminders.default, day, len(above))
            for superior, rungs in zip(above, told, strict=True):
                queue_escalations(session, cycle, path.holder, superior, stood_on(rungs, dues), at, day)


def _add_superiors(session: Session, cycle: Cycle, law: CycleLaw) -> None:
    """An office that acts in no step has no row yet, and what it is to be told would be lost without a word."""
    superiors = {actor for path in (law.plan.escalation if law.plan else ()) for actor in path.then}
    districts = select(Dossier.district_id).where(Dossier.cycle_id == cycle.id)
    units = session.scalars(select(Unit).where(or_(Unit.id == cycle.province_id, Unit.id.in_(districts)))).all()
    add_agencies(session, [(unit, actor) for unit in units for actor in sorted(superiors) if actor.level == unit.level])

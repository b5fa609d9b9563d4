"""The morning's look at the dates: who is reminded, who is late; queues notices and sends none."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.cycle.reminders import rungs_on
from models.law.cycle_law import CycleLaw
from models.law.plan import Ladder, Reminders
from models.records import board, notices, programme_reminders, running
from models.records.cycles import Cycle, law_of, open_cycles
from tasks.database import work


@dataclass(frozen=True)
class Watched:
    """What one look queued, by kind, and how many deadlines are past and not done."""

    queued: dict[str, int]
    late: int


def watch_cycle(cycle_id: int, day: date, at: datetime) -> Watched:
    """Queue what the ladders of a cycle have for the day; twice on one day queues nothing new."""
    with work() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        before = notices.counts_by_kind(session, cycle_id)
        _remind(session, cycle, law, day, at)
        _escalate(session, cycle, law, day, at)
        programme_reminders.queue_task_ladders(session, cycle, law, day, at)
        after = notices.counts_by_kind(session, cycle_id)
        queued = {kind: count - before.get(kind, 0) for kind, count in after.items() if count > before.get(kind, 0)}
        return Watched(queued, board.overdue_on(session, cycle_id, day))


def watch_all(day: date, at: datetime) -> Watched:
    """The same for every open cycle; notes that the watch ran to its end."""
    with work() as session:
        ids = [cycle.id for cycle in open_cycles(session)]
    seen = [watch_cycle(cycle_id, day, at) for cycle_id in ids]
    queued: dict[str, int] = {}
    for one in seen:
        for kind, count in one.queued.items():
            queued[kind] = queued.get(kind, 0) + count
    with work() as session:
        running.beat(session, "watch", at)
    return Watched(queued, sum(one.late for one in seen))


def _remind(session: Session, cycle: Cycle, law: CycleLaw, day: date, at: datetime) -> None:
    reminders = law.plan.reminders if law.plan else Reminders()
    by_ladder: dict[Ladder, list[str]] = {}
    for stage, step in law.regulation.steps():
        by_ladder.setdefault(reminders.ladder(stage, step.id), []).append(step.id)
    for ladder, steps in by_ladder.items():
        notices.queue_ladder(session, cycle, steps, rungs_on(ladder, day), at, day)


def _escalate(session: Session, cycle: Cycle, law: CycleLaw, day: date, at: datetime) -> None:
    """From the ladder's day of escalation on, each rung also tells the next level up; the first superior only, yet."""
    if law.plan is None:
        return
    ladder = law.plan.reminders.default
    if ladder.escalate_from is None:
        return
    rungs = [rung for rung in rungs_on(ladder, day) if rung.days <= -ladder.escalate_from]
    tiers = law.regulation.tiers
    for path in law.plan.escalation:
        superior = next((actor for actor in path.then if actor.level in tiers), None)
        if superior is not None and path.holder.level in tiers:
            notices.queue_escalations(session, cycle, path.holder, superior, rungs, at, day)

"""The morning's look at the dates: who is reminded, who is late; queues notices and sends none."""

from dataclasses import dataclass
from datetime import date, datetime

from models.records import board, notices, programme_reminders, running
from models.records.cycles import Cycle, law_of, open_cycles
from tasks.database import work
from tasks.reminding import escalate, remind


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
        remind(session, cycle, law, day, at)
        escalate(session, cycle, law, day, at)
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

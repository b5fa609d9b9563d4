"""The morning's look at the dates: who is reminded, who is late; queues notices and sends none."""

from dataclasses import dataclass
from datetime import date, datetime

from models.records import board, notices, programme_reminders, running
from models.records.cycles import laws_of, open_cycles
from models.records.owing import owed
from tasks.database import work
from tasks.reminding import escalate, remind


@dataclass(frozen=True)
class Watched:
    """What one look queued, by kind, and how many deadlines are past and not done."""

    queued: dict[str, int]
    late: int


def watch_all(day: date, at: datetime) -> Watched:
    """Queue what the ladders of every open cycle have for the day, and note that the watch ran to its end.

    Twice on one day queues nothing new. All cycles in one transaction: a handful of statements, whatever their number.
    """
    with work() as session:
        laws = laws_of(session, open_cycles(session))
        open_, before = owed(session, list(laws), at), notices.newest(session)
        remind(session, laws, open_, day, at)
        escalate(session, laws, open_, day, at)
        programme_reminders.queue_task_ladders(session, laws, day, at)
        running.beat(session, "watch", at)
        return Watched(notices.queued_since(session, before, at), board.overdue_on(session, list(laws), day))

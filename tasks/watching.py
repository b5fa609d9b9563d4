"""The morning's look at the dates: who is reminded, who is late; queues notices and sends none."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from logging import getLogger

from models.errors import Fault, HomeRefusal
from models.records import board, notices, programme_reminders, running
from models.records.cycles import laws_open, open_cycles
from models.records.owing import owed
from models.records.remembered import acts_not
from models.records.units import Unit
from models.words import Words
from tasks.database import reading, work
from tasks.reminding import escalate, remind

logger = getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """What one look queued, by kind, and how many deadlines are past and not done."""

    queued: dict[str, int]
    late: int


def watch_all(day: date, at: datetime) -> Watched:
    """Queue what the ladders of every open cycle have for the day, and note that the watch ran to its end.

    Twice on one day queues nothing new. All cycles in one transaction: a handful of statements, whatever their number.
    Where that fails, cycle by cycle: one's trouble is not another's. A Fault then names those that were not watched,
    and the watch does not count as run to its end.
    """
    try:
        return _watch(day, at)
    except (Fault, HomeRefusal):
        raise  # the database itself is away: no cycle of it can be watched
    except Exception:
        logger.exception("The watch of all cycles together failed; each is watched alone.")
        return _watch_apart(day, at)


def _watch(day: date, at: datetime, only: Collection[int] | None = None) -> Watched:
    """One transaction over the open cycles, or over only these; only the whole of them beats the pulse."""
    with work() as session:
        acts_not(session)
        laws = laws_open(session, only)
        open_, before = owed(session, list(laws), at), notices.newest(session)
        remind(session, laws, open_, day, at)
        escalate(session, laws, open_, day, at)
        programme_reminders.queue_task_ladders(session, laws, day, at)
        if only is None:
            running.beat(session, "watch", at)
        return Watched(notices.queued_since(session, before, at), board.overdue_on(session, list(laws), day))


def _watch_apart(day: date, at: datetime) -> Watched:
    with reading() as session:
        named = {
            cycle.id: f"{session.get_one(Unit, cycle.province_id).code}/{cycle.year}" for cycle in open_cycles(session)
        }
    queued: Counter[str] = Counter()
    late, failed = 0, {}
    for cycle_id, name in named.items():
        try:
            seen = _watch(day, at, [cycle_id])
        except (Fault, HomeRefusal):
            raise
        except Exception as error:
            logger.exception("The watch of %s failed.", name)
            failed[name] = type(error).__name__
        else:
            queued.update(seen.queued)
            late += seen.late
    if failed:
        raise _not_watched(failed)
    with work() as session:
        running.beat(session, "watch", at)
    return Watched(dict(sorted(queued.items())), late)


def _not_watched(failed: dict[str, str]) -> Fault:
    listed = ", ".join(failed)
    return Fault(
        "watch_incomplete",
        Words(f"Chưa rà được hạn của kỳ {listed}.", f"The dates of {listed} were not watched."),
        Words(
            f"Dữ liệu của kỳ này gây lỗi ({', '.join(sorted(set(failed.values())))}); các kỳ khác đã rà xong.",
            f"Their own data is at fault ({', '.join(sorted(set(failed.values())))}); all others were watched.",
        ),
        Words(
            "Xem nhật ký máy chủ, chạy `tcpl health`, sửa xong thì chạy lại `tcpl watch`: không có gì bị gửi hai lần.",
            "See the server's log, run `tcpl health`; once mended run `tcpl watch` again: nothing is sent twice.",
        ),
        cycles=list(failed),
    )

"""Every quarter of an hour: is the machine well; silence is an alarm, raised through the operator's own channel."""

from datetime import datetime

from prefect import flow

from flows.annual_cycle import annual_cycle
from flows.daily_watch import daily_watch
from tasks import clock, engine


@flow(name="watchdog")
def watchdog(at: datetime | None = None) -> list[str]:
    """Tell the operator what is not well (null: now), each thing once a day; returns what was told.

    A morning that no schedule saw (the machine was off, Prefect's database is new, a worker died) is watched first.
    Where that fails the alarm is raised all the same, and a quarter of an hour later it is tried again.
    """
    if at is None and engine.watch_is_owed(clock.now()):
        annual_cycle(return_state=True)
        daily_watch(return_state=True)
    return engine.raise_alarm(at or clock.now())

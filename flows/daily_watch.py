"""Every morning: what is due, what is late; queues notices and sends none."""

from datetime import date

from prefect import flow

from flows.names import flow_and_day
from tasks import clock, engine
from tasks.leases import alone
from tasks.watching import Watched


@flow(name="daily-watch", flow_run_name=flow_and_day)
def daily_watch(day: date | None = None) -> Watched:
    """Look at every open cycle as of the day (null: today)."""
    at = clock.as_of(day)
    with alone("watch"):
        return engine.watch_all(at.date(), at)

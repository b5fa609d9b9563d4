"""Every morning: what is due, what is late; queues notices and sends none, and renews the board in Prefect."""

from datetime import date

from prefect import flow

from flows.names import flow_and_day
from tasks import clock, engine
from tasks.leases import alone
from tasks.watching import Watched


@flow(name="daily-watch", flow_run_name=flow_and_day)
def daily_watch(day: date | None = None, publish: bool = True) -> Watched:
    """Look at every open cycle as of the day (null: today).

    `publish`: renew each cycle's progress table and heat map as artifacts; a rehearsal does so on days of its own.
    """
    at = clock.as_of(day)
    with alone("watch"):
        seen = engine.watch_all(at.date(), at)
    if publish:
        for cycle_id in engine.cycles_open():
            engine.publish_board(cycle_id, at.date())
    return seen

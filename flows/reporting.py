"""Where each open cycle stands, as Prefect artifacts: a progress table, the heat map and a summary to read."""

from datetime import date

from prefect import flow

from flows.names import flow_and_day
from tasks import clock, engine


@flow(name="reporting", flow_run_name=flow_and_day)
def reporting(day: date | None = None, tell: bool = True) -> None:
    """Publish the board of every open cycle as of the day (null: today), and tell Prefect what was done as events."""
    today = clock.as_of(day).date()
    for cycle_id in engine.cycles_open():
        engine.publish_board(cycle_id, today)
    if tell:
        engine.emit_events()

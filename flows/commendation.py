"""Units are proposed by rule, confirmed by people: the stage on one day."""

from datetime import date, datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage
from tasks.watching import Watched


@flow(name="commendation", flow_run_name="commendation-{cycle_id}-{day}")
def commendation(cycle_id: int, day: date, at: datetime) -> Watched:
    """Units are proposed by rule, confirmed by people."""
    return run_stage(Stage.COMMENDATION, cycle_id, day, at)

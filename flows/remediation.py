"""Shortfalls become remedies with an owner, a day and a proof: the stage on one day."""

from datetime import date, datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage
from tasks.watching import Watched


@flow(name="remediation", flow_run_name="remediation-{cycle_id}-{day}")
def remediation(cycle_id: int, day: date, at: datetime) -> Watched:
    """Shortfalls become remedies with an owner, a day and a proof."""
    return run_stage(Stage.REMEDIATION, cycle_id, day, at)

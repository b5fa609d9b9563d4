"""Communes score themselves and hand their files in: the stage on one day."""

from datetime import date, datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage
from tasks.watching import Watched


@flow(name="self-assessment", flow_run_name="self_assessment-{cycle_id}-{day}")
def self_assessment(cycle_id: int, day: date, at: datetime) -> Watched:
    """Communes score themselves and hand their files in."""
    return run_stage(Stage.SELF_ASSESSMENT, cycle_id, day, at)

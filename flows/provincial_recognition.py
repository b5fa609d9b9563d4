"""The province consolidates (2022-2024) or decides (from 2026): the stage on one day."""

from datetime import date, datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage
from tasks.watching import Watched


@flow(name="provincial-recognition", flow_run_name="provincial_recognition-{cycle_id}-{day}")
def provincial_recognition(cycle_id: int, day: date, at: datetime) -> Watched:
    """The province consolidates (2022-2024) or decides (from 2026)."""
    return run_stage(Stage.PROVINCIAL_RECOGNITION, cycle_id, day, at)

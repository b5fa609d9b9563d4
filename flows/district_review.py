"""The district checks, appraises, decides (2022-2024): the stage on one day."""

from datetime import date, datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage
from tasks.watching import Watched


@flow(name="district-review", flow_run_name="district_review-{cycle_id}-{day}")
def district_review(cycle_id: int, day: date, at: datetime) -> Watched:
    """The district checks, appraises, decides (2022-2024)."""
    return run_stage(Stage.DISTRICT_REVIEW, cycle_id, day, at)

"""The district checks, appraises, decides (2022-2024): the stage as of a day."""

from datetime import datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage


@flow(name="district-review", flow_run_name="district-review {at:%Y-%m-%d}")
def district_review(cycle_ids: list[int], at: datetime) -> None:
    """The district checks, appraises, decides (2022-2024)."""
    run_stage(Stage.DISTRICT_REVIEW, cycle_ids, at)

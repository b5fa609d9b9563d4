"""Communes score themselves and hand their files in: the stage as of a day."""

from datetime import datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage


@flow(name="self-assessment", flow_run_name="self-assessment {at:%Y-%m-%d}")
def self_assessment(cycle_ids: list[int], at: datetime) -> None:
    """Communes score themselves and hand their files in."""
    run_stage(Stage.SELF_ASSESSMENT, cycle_ids, at)

"""The province consolidates (2022-2024) or decides (from 2026): the stage as of a day."""

from datetime import datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage


@flow(name="provincial-recognition", flow_run_name="provincial-recognition {at:%Y-%m-%d}")
def provincial_recognition(cycle_ids: list[int], at: datetime) -> None:
    """The province consolidates (2022-2024) or decides (from 2026)."""
    run_stage(Stage.PROVINCIAL_RECOGNITION, cycle_ids, at)

"""Shortfalls become remedies with an owner, a day and a proof: the stage as of a day."""

from datetime import datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage


@flow(name="remediation", flow_run_name="remediation {at:%Y-%m-%d}")
def remediation(cycle_ids: list[int], at: datetime) -> None:
    """Shortfalls become remedies with an owner, a day and a proof."""
    run_stage(Stage.REMEDIATION, cycle_ids, at)

"""Units are proposed by rule, confirmed by people: the stage as of a day."""

from datetime import datetime

from prefect import flow

from flows.stage import run_stage
from models.law.regulation import Stage


@flow(name="commendation", flow_run_name="commendation {at:%Y-%m-%d}")
def commendation(cycle_ids: list[int], at: datetime) -> None:
    """Units are proposed by rule, confirmed by people."""
    run_stage(Stage.COMMENDATION, cycle_ids, at)

"""What every stage does on a day: opens when its day has come, notes what was missed, closes when nothing is owed."""

from datetime import datetime

from models.law.regulation import Stage
from tasks import engine


def run_stage(stage: Stage, cycle_ids: list[int], at: datetime) -> None:
    """One stage of these cycles as of a moment; twice changes nothing."""
    engine.open_stage(cycle_ids, stage, at)
    engine.note_missed(cycle_ids, stage, at)
    engine.close_stage(cycle_ids, stage, at)

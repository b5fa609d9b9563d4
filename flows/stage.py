"""What every stage does on a day: opens when its day has come, looks at its dates, closes when nothing is owed."""

from datetime import date, datetime

from models.law.regulation import Stage
from tasks import engine
from tasks.watching import Watched


def run_stage(stage: Stage, cycle_id: int, day: date, at: datetime) -> Watched:
    """One stage of one cycle as of a day; twice on one day changes nothing."""
    engine.open_stage(cycle_id, stage, at)
    watched = engine.watch_cycle(cycle_id, day, at, stage)
    engine.close_stage(cycle_id, stage, at)
    return watched

"""The year as of a day: an idempotent tick, the only opener and closer of cycles and stages."""

from datetime import date, datetime

from prefect import flow, get_run_logger

from flows.commendation import commendation
from flows.district_review import district_review
from flows.names import flow_and_day
from flows.provincial_recognition import provincial_recognition
from flows.remediation import remediation
from flows.self_assessment import self_assessment
from models.law.regulation import Stage
from tasks import clock, engine
from tasks.leases import alone

STAGES = {
    Stage.SELF_ASSESSMENT: self_assessment,
    Stage.DISTRICT_REVIEW: district_review,
    Stage.PROVINCIAL_RECOGNITION: provincial_recognition,
    Stage.REMEDIATION: remediation,
    Stage.COMMENDATION: commendation,
}


@flow(name="annual-cycle", flow_run_name=flow_and_day)
def annual_cycle(year: int | None = None, day: date | None = None, tell: bool = True) -> None:
    """Open what is due, take all open cycles through their stages as of the day, close what is finished.

    `year` null: the evaluation year of the day and the one before it, since two cycles are open at once.
    `tell`: whether Prefect is told as events what was done since the last run.
    """
    at = clock.as_of(day)
    with alone("annual-cycle"):
        for evaluated in [year] if year else [at.year - 1, at.year]:
            _open_and_tick(evaluated, at)
    if tell:
        engine.emit_events()


def _open_and_tick(year: int, at: datetime) -> None:
    for planned in engine.open_planned_cycles(year, at):
        if planned.refused:  # the operator was told by a notice; this line is for the run's own page
            said = (planned.province, year, planned.refused, planned.wanting)
            get_run_logger().warning("Province %s, %s: not opened (%s), %s values are wanting", *said)
    cycle_ids = engine.cycles_open(year)
    for stage, wanting in engine.stages_with_work(cycle_ids, at).items():
        STAGES[stage](wanting, at)
    engine.close_cycles(cycle_ids, at)

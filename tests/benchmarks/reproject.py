"""Every deadline of n dossiers projected anew, as an amendment of the plan does, against writing the rows plainly."""

from typing import Any

from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadlines import load_calendar
from models.records.projection import project
from tasks.database import work
from tests.benchmarks import ground


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        cycle_id = ground.a_cycle(n).cycle

        def again() -> None:
            with work() as session:
                cycle = session.get_one(Cycle, cycle_id)
                calendar = load_calendar(session, calendar_version_of(session, cycle))
                project(session, cycle, law_of(session, cycle), calendar)

        again()
        return ground.answer("reproject", engine, n, ground.best_of(3, again), ground.floor(["deadlines"]))

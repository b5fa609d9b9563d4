"""A work programme of n tasks over 100 communes: projected, watched and reported, against the same rows plainly.

Beside the seconds of each it says how many statements of each touched what is owed: however many tasks, as many.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event

from models.law.marks import Mark
from models.law.programme import FixedDay, PlanTask, TaskKind
from models.law.regulation import Actor
from models.records import programme, programme_board, programme_projection
from models.records.acting import Sitting
from models.records.cycles import Cycle
from models.records.journal import Signed
from tasks import clock
from tasks.database import reading, work
from tasks.engines import engine_for
from tasks.settings import Settings
from tasks.watching import watch_all
from tests.benchmarks import ground

UNITS = 100
ADDED, DUE, DAY = date(2025, 1, 2), date(2025, 1, 15), date(2025, 1, 8)
"""On the day of the watch every one of the tasks stands on the rung of seven days before."""


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        cycle_id = ground.a_cycle(UNITS).cycle
        watch_all(ADDED, clock.moment(ADDED))  # statements compiled, and what the sample owes is told
        with work() as session:
            sitting = Sitting.on(session, cycle_id, Signed("benchmark", clock.moment(ADDED), "benchmark"))
            programme.add_tasks(sitting, [_a_task(place) for place in range(n)])

        def project() -> None:
            with work() as session:
                programme_projection.project(session, session.get_one(Cycle, cycle_id))

        def report() -> int:
            with reading() as session:
                return programme_board.figures_on(session, cycle_id, DAY)["total"]

        acts: dict[str, Callable[[], Any]] = {
            "project": project,
            "watch": lambda: watch_all(DAY, clock.moment(DAY)),
            "report": report,
        }
        parts = {name: _measured(act) for name, act in acts.items()}
        assert report() >= n * UNITS
        seconds = sum(part["seconds"] for part in parts.values())
        line = ground.answer("programme", engine, n, seconds, ground.floor(["task_dues", "notices"]))
        return line | {"units": UNITS, "parts": parts}


def _a_task(place: int) -> PlanTask:
    return PlanTask(
        id=f"job-{place:04d}",
        kind=TaskKind.TRAINING,
        title=f"Việc số {place}",
        lead=Actor.COMMUNE,
        begins=date(2024, 12, 2),
        due=FixedDay(kind="fixed", date=DUE),
        product="báo cáo",
        mark=Mark.ILLUSTRATIVE,
        source="benchmark",
    )


def _measured(act: Callable[[], Any]) -> dict[str, Any]:
    with _statements() as sent:
        seconds = ground.seconds_of(act)
    return {"seconds": round(seconds, 4), "statements": sum("task_dues" in one for one in sent)}


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile; a batch of rows counts as the one statement that it is."""
    sent: list[str] = []
    engine = engine_for(Settings().database)

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)

"""One daily watch over n open dossiers, against finding the same deadlines and writing the same notices plainly."""

from datetime import date
from typing import Any

from tasks import clock
from tasks.watching import watch_all
from tests.benchmarks import ground

DAY = date(2024, 12, 26)
"""Fourteen days before 09/01: every commune stands on a rung."""


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        ground.a_cycle(n)
        watch_all(date(2024, 12, 20), clock.moment(date(2024, 12, 20)))  # statements compiled, as in a running process
        seconds = ground.seconds_of(lambda: watch_all(DAY, clock.moment(DAY)))
        return ground.answer("watch", engine, n, seconds, ground.floor(["notices"]))

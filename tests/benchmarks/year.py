"""The year of n dossiers lived through by its cast, watched each day that has a rung, without Prefect and sending."""

from datetime import timedelta
from functools import partial
from typing import Any

from tasks import clock, rehearsing
from tasks.opening import cycle_span
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.benchmarks import ground

A_WHILE, MOST = 4_000, 8


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        opened = ground.a_cycle(n)
        seconds, own = ground.cpu_of(lambda: live(opened.cycle))
        peak = ground.peak_mb()
        floor, floor_own = _floor(n)
        line = ground.answer("year", engine, n, seconds, floor, peak)
        return line | {"cpu_seconds": round(own, 2), "floor_cpu_seconds": round(floor_own, 2)}


def _floor(n: int) -> tuple[float, float]:
    """(seconds, own seconds) of one pass. That of a small year is over in a moment, in which a shared machine is fast
    or slow: the mean of as many as take about as long as the year itself."""
    passes = min(MOST, max(1, A_WHILE // n))
    found = [ground.spent(ground.all_tables(), moves=True) for _ in range(passes)]
    return sum(one.seconds for one in found) / passes, sum(one.own for one in found) / passes


def live(cycle_id: int) -> None:
    """Each day that wants something done: the tick, the watch, the people."""
    script = rehearsing.write_script(cycle_id, seed=7)
    first, last = cycle_span(cycle_id)
    acting = {*rehearsing.acting_days(script)}
    for passed in range((last - first).days + 1):
        day = first + timedelta(days=passed)
        at = clock.moment(day)
        rehearsing.morning([script], day, partial(tick, at), partial(watch_all, day, at))
        if day in acting:
            rehearsing.act_on(script, day)

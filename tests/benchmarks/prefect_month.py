"""How large Prefect's own database grows: a month of the catalogue's schedules, and from it a year, kept and cleaned.

    .venv/bin/python tests/benchmarks/prefect_month.py [RUNS OF EACH FLOW] [COMMUNES]

Runs of each flow go through the embedded server as a schedule makes them (scheduled, pending, running, done, with logs,
events and artifacts); what one of them takes, times how often it comes in a month, is the month.
"""

import json
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(CHECKOUT), str(CHECKOUT / "tests")) if path not in sys.path]

from deployments import prefect_server  # noqa: E402  (after the path)
from deployments.catalogue import CATALOGUE, ZONE, Deployed  # noqa: E402
from deployments.children import free_port  # noqa: E402
from tests.benchmarks import ground  # noqa: E402

MONTH_DAYS, YEAR_DAYS = 30, 365
KEEP_DAYS, KEEP_EVENTS_DAYS = 30, 7
SETTLES_SECONDS = 8.0
"""Events and task runs are written some seconds after a run has ended."""


def run(runs: int = 12, communes: int = 100) -> dict[str, Any]:
    """Bytes for each run of each flow, of a month and of a year; with retention: what the file grows to."""
    begun = time.perf_counter()
    with ground.home("sqlite") as settings:
        ground.a_cycle(communes)
        port = free_port()
        os.environ.update(prefect_server.environment(settings.home, port))
        with prefect_server.start(settings.home, port) as server:
            prefect_server.wait(server, port)
            flows = {one.name: _measured(one, settings.home, runs) for one in CATALOGUE}
    month = sum(one["month"] for one in flows.values())
    events = sum(one["month"] * one["of_events"] for one in flows.values())
    kept = (month - events) * KEEP_DAYS / MONTH_DAYS + events * KEEP_EVENTS_DAYS / MONTH_DAYS
    return {
        "name": "prefect-month",
        "engine": "sqlite",
        "runs_measured": runs * len(flows),
        "communes": communes,
        "runs_in_a_month": sum(one["runs_in_a_month"] for one in flows.values()),
        "flows": flows,
        "month_mb": _mb(month),
        "year_mb_without_retention": _mb(month * YEAR_DAYS / MONTH_DAYS),
        "mb_with_retention": _mb(kept),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _measured(one: Deployed, home: Path, runs: int) -> dict[str, Any]:
    from deployments.scheduled import deployment, flow_of

    made = deployment(one)
    identity = made.apply()
    _scheduled_run(flow_of(one), identity)  # what the first one leaves for all (the flow, its limit) is not counted
    before = _sizes(home)
    for _ in range(runs):
        _scheduled_run(flow_of(one), identity)
    after = _sizes(home)
    grown, of_events = after[0] - before[0], after[1] - before[1]
    times = _times_in_a_month(one)
    return {
        "bytes_a_run": round(grown / runs),
        "of_events": round(of_events / grown, 3) if grown else 0.0,
        "runs_in_a_month": times,
        "month": grown / runs * times,
    }


def _scheduled_run(flow: Any, identity: Any) -> None:
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Pending, Scheduled

    with get_client(sync_client=True) as client:
        planned = client.create_flow_run_from_deployment(identity, state=Scheduled())
        client.set_flow_run_state(planned.id, Pending(), force=True)
        planned = client.read_flow_run(planned.id)
    run_flow(flow, flow_run=planned, parameters=None)


def _sizes(home: Path) -> tuple[int, int]:
    """Bytes of the database packed, and how many of them are events."""
    time.sleep(SETTLES_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(prefect_server.database_of(home))) as source, closing(sqlite3.connect(copy)) as to:
            source.backup(to)
        packed = _packed(copy)
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("DELETE FROM event_resources")
            connection.execute("DELETE FROM events")
            connection.commit()
        return packed, packed - _packed(copy)


def _packed(file: Path) -> int:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM")
    return file.stat().st_size


def _times_in_a_month(one: Deployed) -> int:
    from prefect.server.schemas.schedules import CronSchedule

    first = datetime(2025, 1, 1, tzinfo=UTC)
    schedules = [CronSchedule(cron=cron, timezone=ZONE) for cron in one.crons]
    days = [first + timedelta(days=day) for day in range(MONTH_DAYS)]  # one by one: Prefect counts to a thousand only
    last_moments = [day + timedelta(days=1, microseconds=-1) for day in days]
    spans = list(zip(days, last_moments, strict=True))
    return sum(len(anyio.run(schedule.get_dates, None, *span)) for schedule in schedules for span in spans)


def _mb(size: float) -> float:
    return round(size / 1024**2, 1)


if __name__ == "__main__":
    print(json.dumps(run(*map(int, sys.argv[1:])), indent=2))  # noqa: T201  (to be read)

"""What the soaks with a real Prefect have in common: its API, waiting for something to come about, our own judges."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models.records import running
from models.records.notices import Notice
from models.records.running import Pulse
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.settings import CHECKOUT
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.soak.watch import _told
from tests.waiting import eventually

QUICK = {
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "2",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "90",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "5",
}
"""Prefect's own waits, shortened: a day of schedules in minutes."""


def ask(port: int, path: str, body: object = None, method: str = "POST") -> Any:
    """A call of Prefect's API."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}",
        None if method == "GET" else json.dumps(body or {}).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def deployment(port: int, name: str) -> str:
    """The id of a deployment, once it is registered."""
    wanted = {"deployments": {"name": {"any_": [name]}}}
    return eventually(lambda: ask(port, "deployments/filter", wanted), what=f"deployment {name}")[0]["id"]


def often(port: int, name: str, seconds: int) -> None:
    """A schedule of every few seconds beside the deployment's own."""
    soon = [{"active": True, "schedule": {"interval": seconds, "timezone": "Asia/Ho_Chi_Minh"}}]
    identity = deployment(port, name)
    eventually(lambda: ask(port, f"deployments/{identity}/schedules", soon), what="a schedule")


@contextmanager
def process(words: Sequence[str], log: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process group of its own, killed at the end if nobody has ended it."""
    made = start(words, log, env)
    try:
        yield made
    finally:
        kill(made)


def start(words: Sequence[str], log: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            words, cwd=CHECKOUT, env={**os.environ, **env}, stdout=output, stderr=output, start_new_session=True
        )


def kill(made: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process with all that it has started: as a machine loses its power."""
    with suppress(ProcessLookupError):
        os.killpg(made.pid, signal.SIGKILL)
    made.wait()


def tcpl(*words: str) -> Sequence[str]:
    return [sys.executable, "-c", "from cli.main import run; run()", *words]


def unwatched() -> None:
    """As if no watch had been for two days."""
    with work() as session:
        for pulse in session.scalars(select(Pulse).where(Pulse.name == "watch")):
            pulse.at -= timedelta(days=2)


def watched_since(at: datetime) -> bool:
    with reading() as session:
        last = running.pulses(session).get("watch")
    return last is not None and last >= at


def once_more() -> Counter[str]:
    """What a watch by hand leaves behind: everything that today asks for, whoever had done it before."""
    at = clock.now()
    tick(at)
    watch_all(at.date(), at)
    return _told()


def account(expected: Counter[str], found: Counter[str]) -> dict[str, Any]:
    """`lost` and `doubled` of an undisturbed day's keys, and the journal."""
    intact = verify_journal()[1] is None
    with reading() as session:
        twice = session.execute(select(Notice.key, func.count()).group_by(Notice.key).having(func.count() > 1)).all()
    return {
        "acts": sum(expected.values()),
        "lost": sum((expected - found).values()) + (not intact),
        "doubled": sum((found - expected).values()) + len(twice),
        "recognisable_doubles": 0,
        "journal_intact": intact,
    }

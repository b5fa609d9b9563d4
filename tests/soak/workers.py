"""Several machines, for real, as processes here: Prefect's server on PostgreSQL, two workers of a pool, `tcpl deploy`.

A worker with the run that it works on is killed -9 at seeded moments, as a machine loses its power; another takes its
place a while later. The server itself is away for a time. Never are two watches at work together. PostgreSQL only.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from deployments import prefect_server
from deployments.children import free_port
from tasks import clock
from tests.benchmarks import ground
from tests.soak import served
from tests.soak.served import ask, deployment, often
from tests.waiting import eventually

AWAY_SECONDS = 45.0
PATIENCE = 600.0


def run(kills: int, seed: int = 7, engine: str = "postgresql", dossiers: int = 60) -> dict[str, Any]:
    """Also `at_work`: kills that hit a watch; `together`: the most watches seen at work at once."""
    begun, chance, times = time.perf_counter(), random.Random(seed), max(kills // 10, 1)
    if engine != "postgresql":
        return {"scenario": "workers", "engine": engine, "seed": seed, "kills": 0, "skipped": "PostgreSQL only"}
    with ground.home(engine):
        ground.a_cycle(dossiers)
        expected = served.once_more()
    with ground.home(engine) as settings, _postgresql() as prefect, _redis() as redis:
        ground.a_cycle(dossiers)
        port = free_port()
        env = _environment(port, prefect, redis)
        log = settings.home / "workers.log"
        server = served.start(_server(port), log, env)
        workers: list[subprocess.Popen[bytes]] = []
        try:
            eventually(lambda: ask(port, "health", method="GET"), what="Prefect's server")
            subprocess.run(served.tcpl("deploy"), check=True, env={**os.environ, **env}, stdout=subprocess.DEVNULL)
            workers = [served.start(_worker(), log, env) for _ in range(2)]
            often(port, "watchdog", 10)
            with _Eye(port) as eye:
                slowest, hits, away_turned = 0.0, 0, 0
                for _ in range(times):
                    hit, turned, taken = _lose_one(port, workers, chance, log, env, eye)
                    slowest, hits, away_turned = max(slowest, taken), hits + hit, away_turned + turned
                served.kill(server)
                time.sleep(AWAY_SECONDS)
                served.unwatched()
                at, back = clock.now(), time.monotonic()
                server = served.start(_server(port), log, env)
                _alive(workers, log, env, at)
                away = time.monotonic() - back
        finally:
            for one in (*workers, server):
                served.kill(one)
        stands = served.account(expected, served._told())
    return {
        "scenario": "workers",
        "engine": engine,
        "seed": seed,
        "kills": times,
        **stands,
        "redis": redis is not None,
        "at_work": hits,
        "turned_away_by_the_limit": away_turned,
        "together": eye.most,
        "seconds_to_recover": round(slowest, 1),
        "seconds_after_server_was_away": round(away, 1),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _environment(port: int, prefect: str, redis: int | None) -> dict[str, str]:
    """What the compose file says, for this machine; without Redis, who holds a limit is kept on the disk."""
    env = {
        **served.QUICK,
        **prefect_server.COMMON,
        **prefect_server.small(30),
        **prefect_server.LEASES,
        "PREFECT_API_DATABASE_CONNECTION_URL": prefect,
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_HOME": tempfile.mkdtemp(prefix="tcpl-prefect-"),
    }
    if redis is not None:
        env |= {
            "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
            "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
            "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{redis}/1",
            "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
            "PREFECT_REDIS_MESSAGING_PORT": str(redis),
        }
    return env


@contextmanager
def _postgresql() -> Iterator[str]:
    """Debian's PostgreSQL for Prefect, which needs an extension (pg_trgm) that the wheel of the tests leaves out."""
    [*_, programs] = [None, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    if programs is None:
        raise SystemExit("workers: Prefect needs a PostgreSQL with pg_trgm: apt-get install postgresql.")
    folder, port, user = (
        Path(tempfile.mkdtemp(prefix="tcpl-pg-")),
        free_port(),
        "postgres" if os.getuid() == 0 else None,
    )
    if user:
        shutil.chown(folder, user)

    def say(*words: str) -> None:
        done = subprocess.run([str(word) for word in words], user=user, cwd="/", capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    say(f"{programs}/initdb", "--pgdata", f"{folder}/data", "--username", "prefect", "--auth", "trust", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    say(f"{programs}/pg_ctl", "--pgdata", f"{folder}/data", "--log", f"{folder}/log", "-o", options, "-w", "start")
    try:
        say(f"{programs}/createdb", "--host", "127.0.0.1", "--port", str(port), "--username", "prefect", "prefect")
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/prefect"
    finally:
        say(f"{programs}/pg_ctl", "--pgdata", f"{folder}/data", "-m", "immediate", "stop")


@contextmanager
def _redis() -> Iterator[int | None]:
    """Redis for Prefect's messages, where it is installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port, folder = free_port(), tempfile.mkdtemp(prefix="tcpl-redis-")
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    with served.process(words, Path(folder) / "log", {}):
        yield port


def _server(port: int) -> list[str]:
    return [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]


def _worker() -> list[str]:
    return [sys.executable, "-m", "prefect", "worker", "start", "--pool", "tcpl", "--type", "process"]


def _lose_one(
    port: int,
    workers: list[subprocess.Popen[bytes]],
    chance: random.Random,
    log: Path,
    env: dict[str, str],
    eye: "_Eye",
) -> tuple[bool, int, float]:
    """Two watches are asked for at once; the worker that has one dies a moment after it began.

    Whether a run was hit, how many were turned away by the limit of one, and seconds until a watch was done.
    """
    served.unwatched()
    watch = deployment(port, "daily-watch")
    asked = [eventually(lambda: ask(port, f"deployments/{watch}/create_flow_run", {}), what="a run") for _ in range(2)]
    runs = [one["id"] for one in asked]
    eventually(lambda: any(_state(port, run) not in ("SCHEDULED", "PENDING") for run in runs), PATIENCE, "a run")
    time.sleep(chance.uniform(0.0, 2.5))
    at_work = [run for run in runs if _state(port, run) in ("RUNNING", "PENDING")]
    holder = next((one for one in workers if _has_children(one)), workers[0])
    eye.killed.update(at_work)
    served.kill(holder)
    killed, at = time.monotonic(), clock.now()
    served.unwatched()  # what the killed one had done by then does not count
    workers[workers.index(holder)] = served.start(_worker(), log, env)  # as systemd would
    eventually(lambda: served.watched_since(at), PATIENCE, "a watch after a worker's end")
    turned_away = sum(_state(port, run) == "CANCELLED" for run in runs)
    return bool(at_work), turned_away, time.monotonic() - killed


def _state(port: int, run: str) -> str:
    return str(ask(port, f"flow_runs/{run}", method="GET")["state_type"])


def _has_children(worker: subprocess.Popen[bytes]) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker.pid)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())


def _alive(workers: list[subprocess.Popen[bytes]], log: Path, env: dict[str, str], at: datetime) -> None:
    """The watch comes back; a worker that has given up is started again, as systemd would."""

    def look() -> bool:
        for place, one in enumerate(workers):
            if one.poll() is not None:
                workers[place] = served.start(_worker(), log, env)
        return served.watched_since(at)

    eventually(look, PATIENCE, "a watch after the server was away")


class _Eye:
    """Looks all the while how many runs of the watch are at work, those apart whose worker was killed."""

    def __init__(self, port: int) -> None:
        self.port, self.most, self.killed, self._ended = port, 0, set[str](), threading.Event()

    def __enter__(self) -> "_Eye":
        self._watch = deployment(self.port, "daily-watch")
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        running = {"deployment_id": {"any_": [self._watch]}, "state": {"type": {"any_": ["RUNNING"]}}}
        while not self._ended.wait(0.2):
            with suppress(OSError, ValueError):
                found = {one["id"] for one in ask(self.port, "flow_runs/filter", {"flow_runs": running})}
                self.most = max(self.most, len(found - self.killed))

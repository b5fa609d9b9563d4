"""The database goes away for a minute while two senders are at work, and comes back: nothing is lost, nothing doubled.

PostgreSQL is really stopped, with no time to say goodbye (`pg_ctl stop -m immediate`), and started again. A SQLite file
cannot be stopped: another process holds its write lock for as long. KILLS=200 takes it away twice (one for each 100).
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from benchmarks import delivery as bench  # noqa: E402  (after the path)
from soak import delivery as soak  # noqa: E402  (likewise)

AWAY_SECONDS = 60.0
LETTERS = 2000
QUIET_SECONDS = 15.0
"""When no letter has come for so long, what is left is in the hands of a sender whose run broke off."""


def run(
    kills: int, seed: int = 7, engine: str = "sqlite", *, away: float = AWAY_SECONDS, n: int = LETTERS
) -> dict[str, Any]:
    """{"scenario", "engine", "seed", "kills", "acts", "lost", "doubled", "recognisable_doubles", "broken_off",
    "seconds"}: `kills` is how often the database went away, `broken_off` how many deliveries ended with a fault.
    """
    from tasks import plugins

    chance, times = random.Random(seed), max(1, kills // 100)
    with tempfile.TemporaryDirectory(prefix="tcpl-soak-") as folder, bench.database(engine, Path(folder)) as server:
        log, faults = Path(folder) / "taken.log", Path(folder) / "faults.log"
        faults.touch()
        with soak.sink(log) as port:
            address = f"tcplmail://127.0.0.1:{port}/?from=tcpl@example.vn&to={{to}}"
            os.environ["TCPL_CHANNELS"] = f'{{"email": "{address}"}}'
            bench.queue(n)
            plugins.register()
            started = time.monotonic()
            senders = [_start(started, faults), _start(started, faults)]
            for time_ in range(times):
                _until(log, int(n * (time_ + chance.uniform(0.2, 0.5)) / times))
                with _gone(engine, server):
                    time.sleep(away)
            _until(log, n)
            _until_confirmed()
            for sender in senders:
                sender.kill()
                sender.join()
            soak._finish(started)
            seconds = time.monotonic() - started
        taken = [line.split("\t") for line in log.read_text("utf-8").splitlines()]
        broken_off = len(faults.read_text("utf-8").splitlines())
    letters = Counter(letter for letter, _ in taken)
    notices = {(letter, key) for letter, key in taken}
    return {
        "scenario": "database-restart",
        "engine": engine,
        "seed": seed,
        "kills": times,
        "acts": n,
        "lost": n - len({key for _, key in notices}),
        "doubled": len(notices) - len({key for _, key in notices}),
        "recognisable_doubles": sum(count - 1 for count in letters.values()),
        "broken_off": broken_off,
        "seconds": round(seconds, 1),
    }


def _start(started: float, faults: Path) -> Any:
    from tasks.engines import forget_engines

    forget_engines()  # a connection is not shared over a fork
    process = soak.FORK.Process(target=_send, args=(started, faults), daemon=True)
    process.start()
    return process


def _send(started: float, faults: Path) -> None:
    """A sender as the schedule runs it: a delivery that breaks off is told, and a while later there is another."""
    from models.errors import Fault
    from tasks import engines
    from tasks.delivering import deliver

    engines.BUSY_SECONDS = 5
    engines.forget_engines()
    while True:
        try:
            deliver(soak.moment(started))
        except Fault as fault:
            with faults.open("a", encoding="utf-8") as file:
                file.write(f"{fault.code}\n")
        time.sleep(0.2)


def _until(log: Path, count: int) -> None:
    """Wait until so many letters were taken, or none has been for a while."""
    seen, quiet = -1, time.monotonic()
    while True:
        taken = log.read_text("utf-8").count("\n") if log.exists() else 0
        if taken >= count or time.monotonic() - quiet > QUIET_SECONDS:
            return
        if taken != seen:
            seen, quiet = taken, time.monotonic()
        time.sleep(0.05)


def _until_confirmed() -> None:
    """The last letters are in the server's hands: their senders are not killed before they have written it down."""
    until = time.monotonic() + QUIET_SECONDS
    while soak._waiting() and time.monotonic() < until:
        time.sleep(0.1)


@contextmanager
def _gone(engine: str, server: Any) -> Iterator[None]:
    """The database cannot be worked with inside of the block."""
    if engine == "sqlite":
        from tasks.settings import Settings

        other = sqlite3.connect(Settings().database.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()
        return
    stop = [str(server.bin_path / "pg_ctl"), "-D", str(server.pgdata), "-m", "immediate", "stop"]
    subprocess.run(stop, user=server.system_user, check=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.ensure_postgres_running()

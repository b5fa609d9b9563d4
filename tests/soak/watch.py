"""A watch of many dossiers, killed at any moment: every notice of the day is queued once, none is lost."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.records.journal import Line
from models.records.notices import Notice
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.benchmarks import ground
from tests.soak.killing import kill_again_and_again, stopwatch

DAYS = ("2024-12-26", "2025-01-10", "2025-01-13")
CODE = """
import os, sys
from datetime import date
from tasks import clock
from tasks.ticking import tick
from tasks.watching import watch_all
for word in sys.argv[1:]:
    day = date.fromisoformat(word)
    tick(clock.moment(day))
    watch_all(day, clock.moment(day))
"""


def run(kills: int, seed: int, engine: str, dossiers: int = 400) -> dict[str, Any]:
    begun = stopwatch()
    expected = _undisturbed(engine, dossiers)
    with ground.home(engine):
        ground.a_cycle(dossiers)
        hit = kill_again_and_again(CODE, DAYS, kills, seed, longest=4.0)
        found = _told()
        assert verify_journal()[1] is None, "the journal is broken"
    return {
        "scenario": "watch",
        "engine": engine,
        "seed": seed,
        "kills": hit,
        "acts": sum(expected.values()),
        "lost": sum((expected - found).values()),
        "doubled": sum((found - expected).values()),
        "recognisable_doubles": 0,
        "seconds": round(stopwatch() - begun, 1),
    }


def _undisturbed(engine: str, dossiers: int) -> Counter[str]:
    with ground.home(engine):
        ground.a_cycle(dossiers)
        for word in DAYS:
            day = date.fromisoformat(word)
            tick(clock.moment(day))
            watch_all(day, clock.moment(day))
        return _told()


def _told() -> Counter[str]:
    """Every notice and every journal line by its key, with how often it is there."""
    with reading() as session:
        notices = session.execute(select(Notice.key, func.count()).group_by(Notice.key)).tuples().all()
        lines = session.execute(select(Line.key, func.count()).group_by(Line.key)).tuples().all()
    return Counter(dict(notices)) + Counter(dict(lines))

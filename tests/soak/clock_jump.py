"""The machine's clock jumps, forward over days and back again, between mornings and in the middle of one.

Forward: what was passed over is told in one message with the true remaining time, so that the keys differ from a quiet
run; `tcpl reconcile` is the judge. Back: nothing is told again. A lease from a clock that was set back is nobody's.
"""

import random
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from models.records import running
from models.records.notices_addressed import Letter
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.reconciling import reconcile
from tests.benchmarks import ground
from tests.soak.mornings import a_morning
from tests.soak.watch import _told

FIRST, LAST = date(2024, 12, 20), date(2025, 1, 20)
LENGTH = timedelta(minutes=10)


def run(kills: int, seed: int = 7, engine: str = "sqlite", dossiers: int = 60) -> dict[str, Any]:
    """`kills` jumps of up to nine days forward or back."""
    begun, chance = time.perf_counter(), random.Random(seed)
    with ground.home(engine):
        ground.a_cycle(dossiers)
        day, told_again = FIRST, 0
        for _ in range(kills):
            a_morning(str(day))
            told_again += _again(day, chance)
            day = min(max(day + timedelta(days=chance.randint(-9, 9)), FIRST), LAST)
        a_morning(str(LAST))
        found = reconcile(clock.moment(LAST) + timedelta(hours=3))
        with reading() as session:
            states: Counter[str] = Counter(
                dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).tuples().all())
            )
        twice = sum(times - 1 for times in _told().values())
        intact = verify_journal()[1] is None
    return {
        "scenario": "clock-jump",
        "engine": engine,
        "seed": seed,
        "kills": kills,
        "acts": found["expected"],
        "lost": len(found["missing"]) + states["queued"] + states["claimed"] + (not intact),
        "doubled": len(found["doubled"]) + twice + told_again,
        "recognisable_doubles": 0,
        "letters": dict(states),
        "missing": len(found["missing"]),
        "example": str(found["missing"][:2]),
        "journal_intact": intact,
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _again(day: date, chance: random.Random) -> int:
    """Back to an earlier day and forth: how much was queued that had been; and a lease of the future is taken."""
    before = sum(_told().values())
    a_morning(str(day))
    far = clock.moment(day) + timedelta(hours=chance.randint(1, 72))
    with work() as session:
        assert running.take(session, "watch", "elsewhere:1:a", far, LENGTH)
    with work() as session:
        assert running.take(session, "watch", "elsewhere:2:b", clock.moment(day), LENGTH)
        running.give_back(session, "watch", "elsewhere:2:b", clock.moment(day))
    return sum(_told().values()) - before

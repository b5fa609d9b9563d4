"""What should have gone out, recomputed from facts alone, agrees with what the watch and the acts queued."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from databases import ON_POSTGRESQL
from sqlalchemy import delete, select, text

from models.records.notices import Notice
from models.records.notices_addressed import LetterNotice
from tasks import clock, rehearsing
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.reconciling import reconcile
from tasks.ticking import tick
from tasks.watching import watch_all

pytestmark = pytest.mark.usefixtures("units")

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
FIRST, LAST = date(2024, 12, 2), date(2025, 3, 20)


def lived(most: int = 6, away: tuple[date, date] | None = None) -> int:
    """A cycle lived through day by day; `away`: from when to when the watch did not run."""
    cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(FIRST), most=most).cycle
    script = rehearsing.write_script(cycle, seed=7)
    acting = set(rehearsing.acting_days(script))
    day = FIRST
    while day <= LAST:
        at = clock.moment(day)
        if not (away and away[0] <= day <= away[1]):
            rehearsing.morning([script], day, partial(tick, at), partial(watch_all, day, at), tick_anyway=True)
        if day in acting:
            rehearsing.act_on(script, day)
        day += timedelta(days=1)
    return cycle


@ON_POSTGRESQL
def test_a_year_lived_day_by_day_misses_nothing_and_doubles_nothing() -> None:
    lived()
    found = reconcile(clock.moment(LAST))
    assert (found["missing"], found["doubled"], found["overtaken"]) == ([], [], 0)
    with reading() as session:
        there = list(session.scalars(select(Notice.stage)))
    assert found["expected"] == found["actual"] == len(there)
    assert "programme" in there


@ON_POSTGRESQL
def test_an_outage_of_the_watch_leaves_only_what_a_later_rung_has_told() -> None:
    lived(away=(date(2025, 1, 3), date(2025, 1, 14)))  # longer than a ladder of one word after the day
    found = reconcile(clock.moment(LAST))
    assert found["overtaken"] > 0
    assert not any(one["can_be_sent"] for one in found["missing"])


def test_what_is_missing_is_mended_once(tcpl: Callable[..., Any]) -> None:
    open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(FIRST), most=4)
    watch_all(date(2025, 1, 13), clock.moment(date(2025, 1, 13)))
    with work() as session:
        session.execute(delete(LetterNotice))
        session.execute(text("DELETE FROM notices WHERE kind = 'overdue'"))
    words = ("reconcile", "--now", "2025-01-13T08:00:00+07:00", "--json")
    missing = tcpl(*words).json["missing"]
    assert {one["kind"] for one in missing} >= {"overdue"}
    assert tcpl(*words, "--repair").json["repaired"] > 0
    again = tcpl(*words, "--repair").json
    assert (again["missing"], again["repaired"]) == ([], 0)
    deliver(clock.moment(date(2025, 1, 13)))
    assert tcpl(*words).json["doubled"] == []

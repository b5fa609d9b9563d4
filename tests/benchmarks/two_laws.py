"""Two versions of the regulation open at once under load: a trial of 2024 (three tiers) and one of 2026 (two tiers).

Four threads work on the one database at once: communes of both hand in ten at a time, the watch looks at each
morning, letters go out. The floor is the same rows written and read plainly. What counts beside it: nothing is doubled
or lost, every card is judged by its own cycle's law, the journal holds.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from models.records.acting import Sitting
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.filing import Filing, take_in
from models.records.journal import Signed
from models.records.notices import Attempt, Notice
from models.records.unit_queries import add_units
from models.records.unit_rows import UnitRow
from tasks import clock, rehearsing
from tasks.anchors import verify_journal
from tasks.cast import Commune, answers_of
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.law_files import sample_plan
from tasks.opening import law_for, open_under
from tasks.settings import Settings
from tasks.watching import watch_all
from tests.benchmarks import ground

OTHER, SECOND_YEAR = "97", 2026
TEN = 10
FIRST, MORNINGS = date(2026, 12, 21), 12


def run(n: int, engine: str) -> dict[str, Any]:
    """n communes, half of them under each law."""
    with ground.home(engine):
        cycles = [ground.a_cycle(n - n // 2).cycle, _two_tiers(n // 2)]
        slowest: list[float] = []
        begun = time.perf_counter()
        with ThreadPoolExecutor() as together:
            work_ = [together.submit(_hand_in, cycle, slowest) for cycle in cycles]
            work_ += [together.submit(_each_morning, act) for act in (watch_all, _deliver)]
            for one in work_:
                one.result()
        seconds = time.perf_counter() - begun
        peak = ground.peak_mb()
        _assert_whole(cycles, n)
        line = ground.answer("two_laws", engine, n, seconds, ground.floor(ground.all_tables()), peak)
        return line | {"beside": {"the slowest hand-in": {"seconds": round(max(slowest), 3)}}}


def _two_tiers(n: int) -> int:
    """A second province that does not exist, of n communes directly under it; its cycle of 2026 is open."""
    rows = [UnitRow(OTHER, "Tỉnh giả định 2", "province", "Tỉnh", None, ground.BEGAN, None, source="benchmark")]
    rows += [
        UnitRow(
            f"{70000 + place:05d}", f"Xã số {place}", "commune", "Xã", OTHER, ground.BEGAN, None, source="benchmark"
        )
        for place in range(n)
    ]
    with work() as session:
        add_units(session, rows)
    plan = sample_plan(Settings().regulations, OTHER, SECOND_YEAR)
    return open_under(law_for(OTHER, SECOND_YEAR, plan), trial=True, at=clock.moment(plan.opening.on)).cycle


def _hand_in(cycle_id: int, slowest: list[float]) -> None:
    people = rehearsing.write_script(cycle_id, seed=7).people
    for first in range(0, len(people), TEN):
        begun = time.perf_counter()
        with work() as session:
            sitting = Sitting.on(session, cycle_id, Signed("benchmark", clock.moment(FIRST), "benchmark"))
            take_in(sitting, [_filing(sitting, person) for person in people[first : first + TEN]])
        slowest.append(time.perf_counter() - begun)


def _filing(sitting: Sitting, person: Commune) -> Filing:
    answers = answers_of(person, sitting.law.regulation, appraised=False)
    return Filing(person.code, answers, declares_not_met=person.profile == "declares_not_met")


def _each_morning(act: Callable[[date, Any], Any]) -> None:
    for passed in range(MORNINGS):
        day = FIRST + timedelta(days=passed)
        act(day, clock.moment(day))


def _deliver(_day: date, at: Any) -> None:
    deliver(at)


def _assert_whole(cycles: list[int], n: int) -> None:
    with reading() as session:
        told = session.execute(select(func.count(), func.count(func.distinct(Notice.key))).select_from(Notice)).one()
        assert told[0] == told[1] > 0, told
        again = select(Attempt.notice_id).where(Attempt.ok).group_by(Attempt.notice_id, Attempt.recipient)
        assert not session.execute(again.having(func.count() > 1)).all(), "a letter went out twice"
        handed_in = 0
        for cycle_id in cycles:
            law = law_of(session, session.get_one(Cycle, cycle_id)).regulation
            cards = select(Scorecard.id).join(Dossier).where(Dossier.cycle_id == cycle_id)
            answered = set(session.scalars(select(Score.indicator).where(Score.scorecard_id.in_(cards)).distinct()))
            assert answered == {indicator.id for indicator in law.indicators()}, (law.id, answered)
            handed_in += session.scalar(select(func.count()).select_from(cards.subquery())) or 0
        assert handed_in == n, handed_in
    read, broken = verify_journal()
    assert read > 0 and broken is None, broken

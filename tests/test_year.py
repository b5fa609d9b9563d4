"""A cycle opens, is watched and lived through by its cast, on both engines, without Prefect."""

from datetime import date
from pathlib import Path

import pytest
from databases import ON_POSTGRESQL
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.errors import OpeningRefusal
from models.law.regulation import Stage
from models.records.cycles import Agency, Cycle, calendar_version_of, law_of
from models.records.deadlines import Deadline, load_calendar
from models.records.notices import Notice
from models.records.projection import project
from models.records.units import Unit
from tasks import clock, rehearsing
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import OpenedCycle, open_cycle
from tasks.stages import open_stage
from tasks.watching import watch_all

pytestmark = pytest.mark.usefixtures("units")

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
OPENING = date(2024, 12, 2)


def opened(most: int | None = 20) -> OpenedCycle:
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(OPENING), most=most)


def test_opening_twice_opens_once() -> None:
    assert opened().created
    assert not opened().created


def test_an_official_cycle_on_recalled_values_is_refused_with_the_list() -> None:
    with pytest.raises(OpeningRefusal) as refused:
        open_cycle("96", 2024, trial=False, plan_file=PLAN)
    missing = {item["address"] for item in refused.value.details["missing"]}
    assert {"criteria/2/maximum", "criteria/2.1/maximum", "plan/trial"} <= missing


def test_2026_opens_as_a_trial_only_with_a_plan_and_has_no_district_stage() -> None:
    with pytest.raises(OpeningRefusal):
        open_cycle("96", 2026, trial=True)
    cycle = open_cycle("96", 2026, trial=True, plan_file=Path("regulations/plans/ca-mau-2026.yaml"))
    with reading() as session:
        stages = [spec.stage for spec in law_of(session, session.get_one(Cycle, cycle.cycle)).regulation.stages]
    assert cycle.communes == 64
    assert Stage.DISTRICT_REVIEW not in stages


def test_a_watch_repeated_on_one_day_queues_nothing_twice() -> None:
    opened()
    day = date(2024, 12, 26)
    first = watch_all(day, clock.moment(day))
    assert first.queued["reminder"] > 0
    assert watch_all(day, clock.moment(day)).queued == {}


def test_three_days_late_tells_the_district_too() -> None:
    opened()
    day = date(2025, 1, 12)
    assert watch_all(day, clock.moment(day)).queued["escalation"] > 0


@ON_POSTGRESQL
def test_the_cast_lives_the_year_through_and_a_second_run_changes_nothing() -> None:
    cycle = opened(most=30).cycle
    script = rehearsing.write_script(cycle, seed=7)
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)
    first = rehearsing.summary(cycle, date(2025, 6, 30))
    outcomes = first["outcomes"]
    assert sum(outcomes.values()) == 30  # type: ignore[attr-defined]
    assert outcomes["not_recognised"] > 0  # type: ignore[index]
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)
    assert rehearsing.summary(cycle, date(2025, 6, 30)) == first
    assert verify_journal()[1] is None
    _what_notices_name_is_there_and_stays()


def _what_notices_name_is_there_and_stays() -> None:
    """On PostgreSQL no foreign key of theirs says so (docs/decisions/0010)."""
    for column, table in ((Notice.cycle_id, Cycle), (Notice.unit_id, Unit), (Notice.agency_id, Agency)):
        with reading() as session:
            named = set(session.scalars(select(column).where(column.is_not(None)).distinct()))
            assert named
            assert named <= set(session.scalars(select(table.id)))
        for number in named if table is not Agency else ():
            with pytest.raises(IntegrityError), work() as session:
                session.execute(delete(table).where(table.id == number))


def test_what_is_queued_is_sent_once(home: Path) -> None:
    cycle = opened(most=5).cycle
    open_stage([cycle], Stage.SELF_ASSESSMENT, clock.moment(OPENING))
    at = clock.moment(date(2024, 12, 3))
    sent = deliver(at).sent
    assert sent == len(list(home.rglob("outbox/**/*.txt"))) > 0
    assert deliver(at).sent == 0


def test_the_database_itself_refuses_to_change_the_journal() -> None:
    opened(most=3)
    for change in ("UPDATE journal SET act = 'x'", "DELETE FROM journal", "DELETE FROM journal_lines"):
        with pytest.raises(DBAPIError), work() as session:
            session.execute(text(change))


def test_the_projection_is_what_a_rebuild_gives() -> None:
    cycle_id = opened(most=20).cycle
    script = rehearsing.write_script(cycle_id, seed=7)
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)
    columns = list(Deadline.__table__.columns)
    rows = select(*columns).order_by(Deadline.unit_id, Deadline.step, Deadline.occasion)
    with work() as session:
        before = session.execute(rows).all()
        session.execute(text("DELETE FROM deadlines"))
        cycle = session.get_one(Cycle, cycle_id)
        calendar = load_calendar(session, calendar_version_of(session, cycle))
        project(session, cycle, law_of(session, cycle), calendar)
        after = session.execute(rows).all()
    assert before == after

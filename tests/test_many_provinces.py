"""Several provinces on one morning: the tick and the watch ask about all of them at once, and each gets its own."""

from datetime import date

import pytest
from sqlalchemy import event, select

from models.errors import Fault
from models.records import running
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.notices import Notice
from models.records.upserts import insert_new, insert_or_change
from tasks import clock
from tasks.database import reading, work
from tasks.engines import engine_for
from tasks.law_files import sample_plan
from tasks.opening import law_for, open_under
from tasks.settings import Settings
from tasks.ticking import tick
from tasks.watching import watch_all

OPENING, FORTNIGHT = date(2024, 12, 2), date(2024, 12, 26)


def _open(province: str, *, own_ladder: bool = False) -> int:
    plan = sample_plan(Settings().regulations, province, 2024)
    if own_ladder:
        steps = plan.reminders.steps | {"submit-dossier": plan.reminders.default.model_copy(update={"before": (13,)})}
        plan = plan.model_copy(update={"reminders": plan.reminders.model_copy(update={"steps": steps})})
    return open_under(law_for(province, 2024, plan), trial=True, at=clock.moment(OPENING), most=4).cycle


def _told(cycle_id: int) -> set[tuple[str, int, int | None]]:
    """What was queued in a cycle: step, subject, rung."""
    with reading() as session:
        query = select(Notice.step, Notice.unit_id, Notice.rung).where(Notice.cycle_id == cycle_id)
        return {(step or "", unit_id or 0, rung) for step, unit_id, rung in session.execute(query)}


@pytest.mark.usefixtures("units")
def test_a_ladder_of_one_provinces_plan_is_not_climbed_in_another() -> None:
    plain, own = _open("96"), _open("95", own_ladder=True)
    tick(clock.moment(OPENING))
    watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    rungs = {
        cycle: [rung for step, _, rung in _told(cycle) if step == "submit-dossier" and rung] for cycle in (plain, own)
    }
    assert rungs[plain] == [14] * 4
    assert rungs[own] == [], "the ladder of this plan begins at 13 days"


def test_a_watch_of_two_provinces_takes_no_more_statements_than_one(units: Settings) -> None:
    def statements(day: date) -> int:
        seen: list[str] = []
        engine = engine_for(units.database)

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        watch_all(day, clock.moment(day))
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    first = _open("96")
    statements(date(2024, 12, 10))  # the law is read once per process
    alone = statements(FORTNIGHT)
    second = _open("95")
    statements(date(2024, 12, 10))
    both = statements(FORTNIGHT)
    assert both == alone
    with reading() as session:
        assert {cycle.id for cycle in session.scalars(select(Cycle))} == {first, second}
    assert {rung for _, _, rung in _told(second)} >= {14}


@pytest.mark.usefixtures("units")
def test_a_cycle_whose_law_is_not_there_keeps_no_other_from_being_watched() -> None:
    whole, broken = _open("96"), _open("95")
    with work() as session:
        session.get_one(Cycle, broken).law_version = 99
    with pytest.raises(Fault) as told:
        watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    assert (told.value.code, told.value.details["cycles"]) == ("watch_incomplete", ["95/2024"])
    queued = _told(whole)
    assert [rung for step, _, rung in queued if step == "submit-dossier" and rung] == [14] * 4
    with reading() as session:
        assert "watch" not in running.pulses(session), "silence is what the watchdog hears"
    with pytest.raises(Fault):
        watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    assert _told(whole) == queued


def test_an_upsert_can_be_kept_compiled() -> None:
    rows = select(Deadline.cycle_id, Deadline.unit_id)
    for statement in (insert_new(Notice), insert_or_change(Deadline, ["cycle_id", "unit_id"], rows, ["cycle_id"])):
        assert statement._generate_cache_key() is not None, "SQLAlchemy would compile it at each run"

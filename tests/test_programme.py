"""The plan's work programme: projected over units, done, extended, carried over, reminded; on both engines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from databases import ON_SQLITE
from sqlalchemy import Engine, event, func, select, text

from models.errors import LawRefusal, Refusal
from models.law.programme import Monthly, TaskKind
from models.records import (
    inspections,
    programme,
    programme_acts,
    programme_board,
    programme_carried,
    programme_money,
    programme_projection,
    programme_reminders,
)
from models.records.acting import Sitting
from models.records.cycles import Cycle, law_of
from models.records.journal import Signed
from models.records.notices import Notice
from models.records.programme_acts import Done, Granted, Proof, Which
from models.records.programme_tables import TaskDue
from tasks import clock, rehearsing
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import OpenedCycle, open_cycle
from tasks.watching import watch_all
from tests.after_builders import a_task, the_cycle

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
OPENING = date(2024, 12, 2)
PAPER = Proof(document="12/BC (minh họa)")


def opened(most: int | None = None) -> OpenedCycle:
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(OPENING), most=most)


@contextmanager
def sitting(cycle_id: int, day: date) -> Iterator[Sitting]:
    with work() as session:
        yield Sitting.on(session, cycle_id, Signed("người ghi (minh họa)", clock.moment(day), "kế hoạch"))


def owed(cycle_id: int, task: str) -> list[TaskDue]:
    with reading() as session:
        query = select(TaskDue).where(TaskDue.cycle_id == cycle_id, TaskDue.task == task)
        return list(session.scalars(query.order_by(TaskDue.occasion, TaskDue.unit_id)))


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Everything that is sent to the database meanwhile; a batch of rows counts as the one statement that it is."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("units")
def test_a_task_of_the_districts_is_owed_by_each_district() -> None:
    cycle = opened().cycle
    assert len(owed(cycle, "name-focal-agency")) == 9
    assert len(owed(cycle, "guide-criteria")) == 1
    assert [due.occasion for due in owed(cycle, "inform-people")] == [
        *("2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05")
    ]


DUTIES = {
    "province_justice": [
        *("guide-criteria", "inform-people", "agree-solutions", "inspect-units", "review-midway", "review-at-end"),
        *("report-to-committee", "look-to-staffing"),
    ],
    "district_committee": [
        *("direct-locally", "name-focal-agency", "secure-funding", "remove-difficulties", "fix-responsibility"),
        *("commend-locally", "report-through-justice"),
    ],
}
"""The duties that the seed names: of Sở Tư pháp, and of the districts."""


@ON_SQLITE
@pytest.mark.usefixtures("trial")
def test_every_duty_of_the_provincial_plan_is_a_task_of_the_sample() -> None:
    cycle = the_cycle()
    with reading() as session:
        rows = programme_board.rows_on(session, cycle, OPENING)
    assert {row["kind"] for row in rows} == {str(kind) for kind in TaskKind}
    leads = {row["task"]: row["lead"] for row in rows}
    assert {task: leads[task] for tasks in DUTIES.values() for task in tasks} == {
        task: lead for lead, tasks in DUTIES.items() for task in tasks
    }


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_with_no_districts_the_communes_owe_what_fell_to_them() -> None:
    plan = Path("regulations/plans/ca-mau-2026.yaml")
    cycle = open_cycle("96", 2026, trial=True, plan_file=plan, at=clock.moment(date(2026, 12, 1))).cycle
    assert len(owed(cycle, "name-focal-agency")) == 64
    assert len(owed(cycle, "report-to-committee")) == 3


@pytest.mark.usefixtures("trial")
def test_done_a_day_late_is_late_and_its_days_are_the_leads() -> None:
    cycle = the_cycle()
    for day, standing in ((date(2024, 12, 20), "done_on_time"), (date(2024, 12, 21), "done_late")):
        with work() as session:
            cycle_row = session.get_one(Cycle, cycle)
            signed = Signed("người ghi (minh họa)", clock.moment(day), "kế hoạch")
            one = Sitting.on(session, cycle_row.id, signed)
            done = [Done(Which("guide-criteria", "96"), day, PAPER)]
            assert programme_acts.finish_tasks(one, done) == 1
            assert programme_acts.finish_tasks(one, done) == 0
            row = next(r for r in programme_board.rows_on(session, cycle, day) if r["task"] == "guide-criteria")
            assert (row["standing"], row["days_late"]) == (standing, 0 if standing == "done_on_time" else 1)
            assert row["proof"][0]["document"] == PAPER.document
            assert (row["late_holder"] or "").startswith("Sở Tư pháp") == (standing == "done_late")
            session.rollback()


@pytest.mark.usefixtures("trial")
def test_an_extension_moves_the_day_and_keeps_the_plans_own_beside_it() -> None:
    cycle = the_cycle()
    which, until = Which("name-focal-agency", "964"), date(2024, 12, 27)
    with sitting(cycle, date(2024, 12, 9)) as one:
        grant = [Granted(which, until, "thiếu người", "5/UBND (minh họa)")]
        assert programme_acts.extend_tasks(one, grant) == 1
        assert programme_acts.extend_tasks(one, grant) == 0
    due = owed(cycle, "name-focal-agency")[0]
    assert (due.last_day, due.due_day) == (date(2024, 12, 11), until)
    for on, day in ((date(2024, 12, 8), due.last_day), (date(2024, 12, 12), until)):
        with reading() as session:
            rows = programme_board.rows_on(session, cycle, on, unit="964")
            shown = next(row for row in rows if row["task"] == "name-focal-agency")
            assert shown["due_day"] == day, "as of a day, what was granted later is not known yet"
            figures = programme_board.figures_on(session, cycle, on)
            every = programme_board.rows_on(session, cycle, on)
            assert figures["overdue"] == sum(row["standing"] == "overdue" for row in every)


@pytest.mark.usefixtures("trial")
def test_carried_over_it_is_owed_in_the_next_cycle_by_the_same_unit() -> None:
    cycle = the_cycle()
    with sitting(cycle, date(2025, 5, 20)) as one:
        grant = [Granted(Which("look-to-staffing", "96"), date(2026, 3, 31), "chờ đề án")]
        assert programme_acts.carry_over(one, grant) == 1
    with sitting(cycle, date(2025, 5, 20)) as one:
        earlier = one.cycle
        following = Cycle(
            province_id=earlier.province_id,
            year=2025,
            trial=True,
            regulation_id=earlier.regulation_id,
            law_version=1,
            opened_on=date(2025, 6, 2),
            opened_at=clock.moment(date(2025, 6, 2)),
        )
        one.session.add(following)
        one.session.flush()
        taken = Sitting(one.session, following, one.law, one.calendar, one.signed)
        assert programme_carried.take_over(taken) == 1
        assert programme_carried.take_over(taken) == 0
        number = following.id
    due = owed(number, "look-to-staffing")[0]
    assert (due.occasion, due.due_day) == ("carried-2024", date(2026, 3, 31))


GUIDE, LATER = Which("guide-criteria", "96"), date(2025, 2, 2)
IMPOSSIBLE = [
    (programme_acts.finish_tasks, Done(GUIDE, OPENING, Proof()), "task_without_proof"),
    (programme_acts.finish_tasks, Done(GUIDE, date(2025, 1, 1), PAPER), "task_done_in_future"),
    (programme_acts.finish_tasks, Done(Which("guide-criterion", "96"), OPENING, PAPER), "task_not_owed"),
    (programme_acts.extend_tasks, Granted(GUIDE, OPENING, "lý do", "1"), "task_day_not_later"),
    (programme_acts.extend_tasks, Granted(GUIDE, LATER, "", "1"), "task_without_reason"),
    (programme_acts.carry_over, Granted(GUIDE, OPENING, "lý do"), "task_day_not_later"),
]


@ON_SQLITE
@pytest.mark.parametrize(("act", "one", "code"), IMPOSSIBLE)
@pytest.mark.usefixtures("trial")
def test_what_cannot_be_recorded_is_refused_and_changes_nothing(
    act: Callable[[Sitting, list[object]], int], one: object, code: str
) -> None:
    cycle = the_cycle()
    before = verify_journal()[0]
    with pytest.raises(Refusal) as refused, sitting(cycle, OPENING) as held:
        act(held, [one])
    assert refused.value.code == code
    assert all(words.vi and words.en for words in (refused.value.what, refused.value.why, refused.value.do))
    assert verify_journal()[0] == before


@pytest.mark.usefixtures("trial")
def test_a_reminder_goes_to_the_lead_once_and_is_withdrawn_when_the_task_is_done(home: Path) -> None:
    cycle = the_cycle()
    day = date(2024, 12, 13)
    watch_all(day, clock.moment(day))
    watch_all(day, clock.moment(day))
    with reading() as session:
        of_task = select(Notice).where(Notice.stage == "programme", Notice.step == "guide-criteria")
        assert [(notice.kind, notice.rung) for notice in session.scalars(of_task)] == [("reminder", 7)]
    with sitting(cycle, day) as one:
        programme_acts.finish_tasks(one, [Done(Which("guide-criteria", "96"), day, PAPER)])
    deliver(clock.moment(day, clock.MORNING.replace(hour=9)))
    with reading() as session:
        assert session.scalars(of_task).one().state == "withdrawn"
    letters = [file.read_text("utf-8") for file in home.rglob("outbox/**/*.txt")]
    assert any("Chỉ đạo triển khai đánh giá" in letter and "Kế hoạch mẫu" in letter for letter in letters)


@pytest.mark.usefixtures("trial")
def test_what_is_three_days_late_is_told_to_the_level_above() -> None:
    for day, told in ((date(2024, 12, 13), 0), (date(2024, 12, 14), 1)):
        watch_all(day, clock.moment(day))
        with reading() as session:
            query = select(func.count()).where(Notice.kind == "escalation", Notice.step == "name-focal-agency")
            assert session.scalar(query) == told


@pytest.mark.usefixtures("units")
def test_a_rebuild_gives_the_same_dues() -> None:
    cycle = opened().cycle
    with sitting(cycle, date(2024, 12, 9)) as one:
        programme_acts.extend_tasks(one, [Granted(Which("name-focal-agency", "964"), date(2025, 1, 2), "lý do", "5")])
        programme_acts.finish_tasks(one, [Done(Which("guide-criteria", "96"), date(2024, 12, 9), PAPER)])
    query = select(*TaskDue.__table__.columns).order_by(TaskDue.task, TaskDue.occasion, TaskDue.unit_id)
    with work() as session:
        before = session.execute(query).all()
        session.execute(text("DELETE FROM task_dues"))
        programme_projection.project(session, session.get_one(Cycle, cycle))
        assert session.execute(query).all() == before


@pytest.mark.usefixtures("units")
def test_tasks_over_100_units_are_projected_watched_and_reported_in_one_pass_each_however_many() -> None:
    # the benchmark `programme` counts the same statements of 400 tasks
    cycle = opened().cycle
    tasks = [a_task(f"job-{place:03d}") for place in range(40)]
    with sitting(cycle, date(2025, 1, 2)) as one:
        assert programme.add_tasks(one, tasks) == 40
        engine = one.session.get_bind()
        assert isinstance(engine, Engine)
    with work() as session, statements(engine) as sent:
        programme_projection.project(session, session.get_one(Cycle, cycle))
    assert sum("task_dues" in statement for statement in sent) == 1
    day = date(2025, 1, 8)
    with statements(engine) as sent:
        assert watch_all(day, clock.moment(day)).queued["reminder"] > 4_000
    assert sum("INSERT INTO notices" in statement and "task_dues" in statement for statement in sent) == 2
    with reading() as session, statements(engine) as sent:
        assert programme_board.figures_on(session, cycle, day)["total"] > 4_000
    assert len(sent) == 1


@pytest.mark.usefixtures("trial")
def test_a_task_added_twice_stands_once_and_in_other_words_is_refused() -> None:
    cycle = the_cycle()
    with sitting(cycle, OPENING) as one:
        assert programme.add_tasks(one, [a_task("extra")]) == 1
        assert programme.add_tasks(one, [a_task("extra")]) == 0
    with pytest.raises(Refusal) as refused, sitting(cycle, OPENING) as one:
        programme.add_tasks(one, [a_task("extra", title="khác")])
    assert refused.value.code == "task_says_otherwise"


@ON_SQLITE
@pytest.mark.usefixtures("trial")
def test_a_task_added_without_an_end_is_refused() -> None:
    cycle = the_cycle()
    with pytest.raises(LawRefusal) as refused, sitting(cycle, OPENING) as one:
        programme.add_tasks(one, [a_task("endless", due=Monthly(kind="monthly", day=5))])
    assert refused.value.details["faults"][0]["at"] == "programme/0/due"


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_the_rehearsed_year_lives_the_programme_through_with_one_late_one_extended_one_carried_over() -> None:
    cycle = opened(most=12).cycle
    script = rehearsing.write_script(cycle, seed=7)
    days = rehearsing.acting_days(script)
    for passed in range((date(2025, 6, 30) - OPENING).days + 1):
        day = OPENING + timedelta(days=passed)
        with work() as session:
            laws, at = {cycle: law_of(session, session.get_one(Cycle, cycle))}, clock.moment(day)
            if day in programme_reminders.task_climbs(session, laws, at):
                programme_reminders.queue_task_ladders(session, laws, day, at)
        if day in days:
            rehearsing.act_on(script, day)
    with reading() as session:
        rows = programme_board.rows_on(session, cycle, date(2025, 6, 30))
        granted = [
            programme_board.figures_on(session, cycle, on)["extended"] for on in (date(2025, 1, 15), date(2025, 6, 30))
        ]
        ended = programme_money.money_on(session, cycle, date(2025, 6, 30))
        reminded = set(session.scalars(select(Notice.step).where(Notice.stage == "programme")))
        visits = inspections.visits_of(session, cycle)
    stands = {row["task"]: row["standing"] for row in rows}
    assert stands["agree-solutions"] == "done_late"
    assert stands["look-to-staffing"] == "carried_over"
    extended = [row for row in rows if row["task"] == "fix-responsibility"]
    assert all(row["standing"] == "done_on_time" and row["due_day"] > row["last_day"] for row in extended)
    assert {standing for task, standing in stands.items() if task not in ("agree-solutions", "look-to-staffing")} == {
        "done_on_time"
    }
    assert granted == [0, len(extended)], "a draft as of January knows nothing of what was granted in April"
    assert reminded == stands.keys()
    assert ended["total"]["spent"] == ended["total"]["allocated"] == ended["total"]["estimated"]
    assert ended["warnings"] == []
    assert visits
    assert all(one["held_on"] and one["ground"] for one in visits)
    assert verify_journal()[1] is None

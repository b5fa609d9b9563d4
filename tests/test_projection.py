"""The set-based projection says of every deadline what the pure function says, whatever the events were."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.law.deadline_rules import Ahead, Lasting, Within
from models.law.deadlines import reckon
from models.law.regulation import Stage, Step
from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadlines import Deadline, DeadlineFact, Fact, Happening, load_calendar, record
from models.records.done_marks import mark_done, only_done
from models.records.dossiers import Dossier
from models.records.projection import project
from tasks import clock
from tasks.database import work
from tasks.opening import open_cycle

OPENING = date(2024, 12, 2)
TET = st.dates(date(2025, 1, 1), date(2025, 2, 28))
ANY_DAY = st.dates(date(2024, 12, 3), date(2025, 12, 20))


@pytest.fixture
def cycle_id(units: object) -> Iterator[int]:  # noqa: ARG001
    plan = Path("regulations/plans/ca-mau-2024.yaml")
    yield open_cycle("96", 2024, trial=True, plan_file=plan, at=clock.moment(OPENING), most=3).cycle


def counted(law: object) -> list[tuple[Stage, Step]]:
    return [
        (stage, step)
        for stage, step in law.regulation.steps()  # type: ignore[attr-defined]
        if isinstance(step.deadline, Within | Ahead | Lasting) and step.per != "province"
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(TET | ANY_DAY, min_size=3, max_size=3), given_back=st.integers(0, 20))
def test_a_counted_deadline_is_what_reckon_says(cycle_id: int, days: list[date], given_back: int) -> None:
    with work() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        calendar = load_calendar(session, calendar_version_of(session, cycle))
        session.execute(delete(DeadlineFact))
        session.execute(delete(Deadline))
        dossiers = session.scalars(select(Dossier).where(Dossier.cycle_id == cycle_id).order_by(Dossier.id)).all()
        expected: dict[tuple[int, str], tuple[date | None, date | None, date | None]] = {}
        for stage, step in counted(law):
            for dossier, day in zip(dossiers, days, strict=True):
                unit = dossier.unit_id if step.per == "dossier" else dossier.district_id
                assert unit is not None
                at = clock.moment(day)
                facts = [Happening(unit, step.id, Fact.STARTED, day, at)]
                if given_back:
                    facts.append(Happening(unit, step.id, Fact.SUSPENDED, day, at, days=given_back, document="QĐ"))
                record(session, cycle_id, facts)
                first = session.scalars(
                    select(DeadlineFact.on_day).where(
                        DeadlineFact.unit_id == unit, DeadlineFact.step == step.id, DeadlineFact.kind == Fact.STARTED
                    )
                ).one()
                found = reckon(
                    stage,
                    step,
                    cycle.year,
                    calendar,
                    starts={step.deadline.event: first},  # type: ignore[union-attr]
                )
                due = None if isinstance(step.deadline, Lasting) or not found.last_day else found.last_day
                moved = due + timedelta(days=given_back) if due and given_back else due
                expected[unit, step.id] = (found.last_day, found.last_working_day, moved)
        project(session, cycle, law, calendar)
        ids = [step.id for _, step in counted(law)]
        rows = session.scalars(select(Deadline).where(Deadline.step.in_(ids))).all()
        assert {(r.unit_id, r.step): (r.last_day, r.last_working_day, r.due_day) for r in rows} == expected
        assert len(expected) > 3


HAPPENED = st.tuples(st.sampled_from([Fact.DONE, Fact.DONE, Fact.REOPENED]), st.integers(0, 2), st.integers(0, 40))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(HAPPENED, max_size=12))
def test_marking_what_was_done_leaves_what_a_projection_would(
    cycle_id: int, happened: list[tuple[Fact, int, int]]
) -> None:
    step = "submit-dossier"
    with work() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law, calendar = law_of(session, cycle), load_calendar(session, calendar_version_of(session, cycle))
        session.execute(delete(DeadlineFact).where(DeadlineFact.step == step))
        project(session, cycle, law, calendar)
        units = session.scalars(select(Dossier.unit_id).order_by(Dossier.id)).all()
        for number, (kind, place, later) in enumerate(happened):
            day = OPENING + timedelta(days=later)
            at = clock.moment(OPENING + timedelta(days=number))
            record(session, cycle_id, [Happening(units[place], step, kind, day, at, document=f"{number % 3}")])
        mark_done(session, cycle_id, {step}, units)
        marked = _all_deadlines(session)
        project(session, cycle, law, calendar)
        assert marked == _all_deadlines(session)


def _all_deadlines(session: Session) -> list[tuple[object, ...]]:
    columns = Deadline.__table__.columns
    return sorted((tuple(row) for row in session.connection().execute(select(*columns))), key=repr)


def test_only_steps_of_which_nothing_else_is_said_are_marked_and_not_reckoned() -> None:
    at = clock.moment(OPENING)
    done, also = (Happening(unit, "submit-dossier", Fact.DONE, OPENING, at) for unit in (1, 2))
    started = Happening(1, "publish-decision", Fact.STARTED, OPENING, at)
    assert only_done([done, also, started]) == {"submit-dossier"}
    assert only_done([done, Happening(2, "submit-dossier", Fact.REOPENED, OPENING, at)]) == set()

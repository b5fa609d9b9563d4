"""The questions of the morning go by index: what watch, tick and projection send is explained on the engine itself."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from databases import ON_SQLITE
from sqlalchemy import event, text

from models.records.cycles import Cycle, calendar_version_of, law_of, open_cycles
from models.records.deadlines import load_calendar
from models.records.owing import owed, stages_done
from models.records.projection import project
from tasks import clock
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.engines import engine_for
from tasks.settings import Settings
from tasks.ticking import tick
from tasks.watching import watch_all

FORTNIGHT, AFTERWARDS = date(2024, 12, 26), date(2025, 1, 13)
BIG = (
    "deadlines",
    "deadline_facts",
    "notices",
    "dossiers",
    "scores",
    "scorecards",
    "journal_lines",
    "task_dues",
    "letters",
)
"""The tables that grow with communes and years."""
READ_WHOLE = re.compile(rf"(SCAN|Seq Scan on) ({'|'.join(BIG)})\b")


@contextmanager
def _sent(settings: Settings) -> Iterator[list[tuple[str, Any]]]:
    """The statements over big tables that are sent meanwhile, as the driver gets them; not mere rows."""
    found: list[tuple[str, Any]] = []
    engine = engine_for(settings.database)

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asks = re.search(r"\bSELECT\b|^UPDATE", statement)
        if asks and any(re.search(rf"\b{table}\b", statement) for table in BIG):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plan(settings: Settings, statement: str, parameters: Any) -> str:
    """How the engine would answer. PostgreSQL is kept from reading small tables whole, as it would not large ones."""
    with reading(settings) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
            rows = session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
            return "\n".join(row[0] for row in rows)
        return "\n".join(
            row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )


def _watch() -> None:
    for day in (FORTNIGHT, AFTERWARDS):
        watch_all(day, clock.moment(day))


def _tick() -> None:
    tick(clock.moment(AFTERWARDS))


def _project() -> None:
    with work() as session:
        cycle: Cycle = open_cycles(session)[0]
        project(session, cycle, law_of(session, cycle), load_calendar(session, calendar_version_of(session, cycle)))


@pytest.mark.parametrize("act", [_watch, _tick, _project])
def test_no_big_table_is_read_whole(act: Callable[[], None], trial: Settings) -> None:
    with _sent(trial) as statements:
        act()
    assert statements, "the act asked nothing of the big tables"
    for statement, parameters in statements:
        found = _plan(trial, statement, parameters)
        assert not READ_WHOLE.search(found), f"{statement}\n{found}"


def test_letters_are_composed_from_what_they_carry_and_not_from_the_whole_queue(trial: Settings) -> None:
    watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    with _sent(trial) as statements:
        assert deliver(clock.moment(FORTNIGHT)).sent > 0
    composed = [one for one in statements if "letter_notices.letter_id, notices.state" in one[0]]
    assert composed
    for statement, parameters in composed:
        found = _plan(trial, statement, parameters)
        assert not re.search(r"ix_notices_addressed", found), found


def test_letters_are_claimed_in_their_order_without_sorting_the_queue(trial: Settings) -> None:
    watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    with _sent(trial) as statements:
        assert deliver(clock.moment(FORTNIGHT)).sent > 0
    claims = [one for one in statements if re.search(r"ORDER BY letters.id\s+LIMIT", one[0])]
    assert claims
    for statement, parameters in claims:
        found = _plan(trial, statement, parameters)
        assert "ix_letters_queue" in found, found
        assert not re.search(r"TEMP B-TREE|Sort", found), found


@ON_SQLITE  # of a table so small PostgreSQL takes whichever index it likes
def test_a_later_rung_is_found_without_the_other_notices_of_its_unit(trial: Settings) -> None:
    watch_all(FORTNIGHT, clock.moment(FORTNIGHT))
    with _sent(trial) as statements:
        deliver(clock.moment(FORTNIGHT))
    overtaken = [one for one in statements if "notices_1.rung < notices.rung" in one[0]]
    assert overtaken
    for statement, parameters in overtaken:
        assert "ix_notices_rung" in _plan(trial, statement, parameters)


def test_what_is_owed_and_what_is_done_is_read_from_the_index_of_what_is_open(trial: Settings) -> None:
    at = clock.moment(AFTERWARDS)
    with _sent(trial) as statements, reading(trial) as session:
        cycle = open_cycles(session)[0]
        assert owed(session, [cycle.id], at)
        assert stages_done(session, [cycle.id], at) == set()
    of_deadlines = [one for one in statements if "deadlines" in one[0]]
    assert len(of_deadlines) == 2
    for statement, parameters in of_deadlines:
        assert "ix_deadlines_open" in _plan(trial, statement, parameters)

"""A country on the pages: the dear questions find their indexes, answers are remembered only while they are true, the
lists of names and of pictures stay bounded."""

from collections import Counter, OrderedDict
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from models.records import board, board_provinces, cycles, remembered
from models.records.cycle_choice import MOST_OFFERED, cycles_known, offered
from models.records.cycles import law_of, open_cycles
from models.records.deadlines import Deadline
from models.records.deciding import Decision, DecisionLine
from models.records.journal import Signed, write
from models.records.notices import Notice, counts_by_state, notices_by_cycle
from models.records.outcomes import outcomes_of
from models.records.territory import Territory
from models.records.unit_queries import add_units
from models.records.unit_rows import UnitRow
from models.records.unit_search import communes_like, near_units
from tasks import picture_looks
from tasks.clock import moment
from tasks.database import reading, work
from tasks.settings import Settings

ON = date(2024, 12, 31)
STEPS = ["decide", "submit-dossier"]


def plan_of(session: Session, query: Any) -> str:
    """How the engine would answer; PostgreSQL is kept from reading small tables whole, as it would large ones."""
    written = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        return "\n".join(session.execute(text(f"EXPLAIN {written}".replace(":", r"\:"))).scalars())
    return "\n".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {written}".replace(":", r"\:"))))


def test_postgresql_is_asked_to_begin_no_process_and_to_compile_nothing_for_a_page(settings: Settings) -> None:
    with reading(settings) as session:
        if session.get_bind().dialect.name == "postgresql":
            for name, wanted in (("max_parallel_workers_per_gather", "0"), ("jit", "off")):
                assert session.scalar(text(f"SHOW {name}")) == wanted


def with_values(statement: Any, values: dict[str, Any]) -> Any:
    """A prepared statement as if it had been built for its values."""
    return statement.params(values)


DEAR = {
    "ix_deadlines_counted": with_values(
        *board.counting([1, 2], ["decide", "submit-dossier"], ON, Deadline.district_id)
    ),
    "ix_notices_shown": select(Notice.kind, Notice.state, func.count())
    .where(Notice.cycle_id == 1, Notice.queued_at <= moment(ON))
    .group_by(Notice.kind, Notice.state),
    "ix_decision_lines_dossier_id": select(Decision.number)
    .join(DecisionLine, DecisionLine.decision_id == Decision.id)
    .where(DecisionLine.dossier_id == 7),
}


def fill_notices(session: Session) -> None:
    """Rows for PostgreSQL, which chooses among indexes by what is there; they go with the session."""
    if session.get_bind().dialect.name != "postgresql":
        return
    session.execute(text("SET LOCAL session_replication_role = replica"))  # no cycles and units for them
    columns = "key, cycle_id, unit_id, kind, step, state, occasion, queued_at, not_before, attempts"
    values = "'k' || n, n % 20, n % 300, 'reminder', 'decide', 'sent', '', day, day, 1"
    rows = "SELECT n, timestamptz '2024-12-01' + n * interval '10 minutes' AS day FROM generate_series(1, 8000) n"
    session.execute(text(f"INSERT INTO notices ({columns}) SELECT {values} FROM ({rows}) made"))
    session.execute(text("ANALYZE notices"))
    # what its autovacuum finds out in the first minute, and what no transaction may be told of its own rows
    session.execute(text("UPDATE pg_class SET relallvisible = relpages WHERE relname = 'notices'"))


@pytest.mark.parametrize("index", DEAR)
def test_the_dear_questions_of_the_pages_find_their_index(index: str, settings: Settings) -> None:
    with reading(settings) as session:
        fill_notices(session)
        found = plan_of(session, DEAR[index])
    assert index in found, found
    if index != "ix_decision_lines_dossier_id":  # what is counted stands in the index whole
        assert "COVERING INDEX" in found or "Index Only Scan" in found, found


def test_many_cycles_counted_at_once_count_as_each_alone(trial: Settings) -> None:
    with reading(trial) as session:
        cycle = open_cycles(session)[0]
        law = law_of(session, cycle)
        alone = board.figures(session, cycle, law, ON)
        together = board_provinces.figures_of(session, [cycle], ON)[cycle.id]
        assert [(one.stage, one.opened_on, one.last_day, one.all) for one in together] == [
            (one.stage, one.opened_on, one.last_day, one.all) for one in alone
        ]
        assert sum(alone[0].all.__dict__.values()) == 3
        assert outcomes_of(session, [cycle], moment(ON))[cycle.id]["undecided"] == 3


def test_an_answer_is_remembered_until_somebody_does_something_and_never_told_elsewhere(trial: Settings) -> None:
    asked: list[str] = []

    def ask(session: Session) -> int:
        return remembered.remembered(session, "test", trial.database, lambda: asked.append("asked") or len(asked))

    with reading(trial) as session:
        assert [ask(session), ask(session)] == [1, 1]
        session.info["territory"] = frozenset({7})
        assert ask(session) == 2  # another territory has its own answer
    with work(trial) as session:
        signed = Signed("Nguyễn Văn A", moment(ON), "thử")
        write(session, open_cycles(session)[0].id, "test", "test/1", signed, [])
    with reading(trial) as session:
        assert [ask(session), ask(session)] == [3, 3]


def test_what_is_settled_is_counted_again_whenever_its_number_has_changed(trial: Settings) -> None:
    """Each way in which a notice comes to rest, one after the other, against a plain count."""
    with work(trial) as session:
        cycle_id, at = open_cycles(session)[0].id, moment(ON)
        told = {"kind": "reminder", "queued_at": at, "not_before": at}
        session.add_all(Notice(key=f"test/{number}", cycle_id=cycle_id, **told) for number in range(7))
        session.flush()
        ids = session.scalars(select(Notice.id).order_by(Notice.id)).all()
    steps: list[dict[str, Any]] = [
        {},
        *({"id": one, "state": state} for one, state in zip(ids, ("sent", "withdrawn", "abandoned"), strict=False)),
        {"id": ids[4], "state": "claimed"},
        {"id": ids[4], "state": "sent", "cycle_id": None},
        {"id": ids[2], "state": "queued"},
        {"id": ids[2], "state": "sent"},
    ]
    for step in steps:
        with work(trial) as session:
            if step:
                session.execute(update(Notice).where(Notice.id == step["id"]).values(**step))
        with reading(trial) as session:
            rows = session.execute(select(Notice.cycle_id, Notice.state)).tuples().all()
            assert counts_by_state(session) == Counter(state for _, state in rows)
            assert notices_by_cycle(session, [cycle_id]) == {
                of: counts for of in (cycle_id, None) if (counts := Counter(state for one, state in rows if one == of))
            }


def test_what_is_remembered_stays_bounded(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(remembered, "KEPT", 2)
    with reading(settings) as session:
        for number in range(9):
            remembered.remembered(session, "bounded", number, list)
    assert len(remembered._kept) == 2
    assert len(remembered._asking) <= 2


def test_a_changed_cycle_is_known_at_once(trial: Settings) -> None:
    with reading(trial) as session:
        assert [one.cycle.closed_on for one in cycles_known(session)] == [None]
    with work(trial) as session:
        open_cycles(session)[0].closed_on = ON
    with reading(trial) as session:
        first, again = cycles_known(session), cycles_known(session)
    assert first is again
    assert [one.cycle.closed_on for one in first] == [ON]


def test_of_hundreds_of_cycles_those_of_the_province_are_offered() -> None:
    known: list[Any] = [SimpleNamespace(province_id=n % 10) for n in range(MOST_OFFERED + 1)]
    assert offered(known[:-1], None) == known[:-1]
    assert {one.province_id for one in offered(known, known[3])} == {3}
    assert offered(known, None) == []


def test_a_name_is_found_whatever_marks_are_typed(units: Settings) -> None:
    with reading(units) as session:
        for typed in ("tan loc", "Tân Lộc", "TANLOC", "ân lộ", "tân   lộc"):
            assert "Xã Tân Lộc" in {unit.name for unit in communes_like(session, typed, ON)}, typed
        assert communes_like(session, "qqqq", ON) == []
        assert len(communes_like(session, "a", ON, most=7)) == 7
        assert "Xã Tân Lộc" in {near.name for near in near_units(session, "xa tan lok", ON)}


def test_a_picture_is_drawn_once_for_the_same_figures_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    @picture_looks.drawn_once
    def draw(figure: int) -> str:
        drawn.append(figure)
        return f"<svg>{figure}</svg>"

    monkeypatch.setattr(picture_looks, "KEPT_PICTURES", 3)
    monkeypatch.setattr(picture_looks, "_kept", OrderedDict())
    for figure in (1, 1, 2, 1, 3, 4, 1):
        assert draw(figure) == f"<svg>{figure}</svg>"
    assert drawn == [1, 2, 3, 4]  # the oldest one left that nobody asked for again
    assert len(picture_looks._kept) <= 3


def test_a_law_is_never_gone_while_another_page_reads_its_own(trial: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "MOST_LAWS", 1)
    with reading(trial) as session:
        cycle = open_cycles(session)[0]
        elsewhere = SimpleNamespace(id=cycle.id + 1)
        law = law_of(session, cycle)
        cycles._read_laws["another", elsewhere.id] = law
        assert law_of(session, cycle) is law
        assert list(cycles._read_laws.values()) == [law]


def test_a_unit_that_is_new_is_known_to_a_search_at_once(units: Settings) -> None:
    def found(text: str) -> set[str]:
        with reading(units) as session:
            return {unit.code for unit in communes_like(session, text, ON)}

    assert found("xa moi toanh") == set()
    with work(units) as session:
        add_units(
            session, [UnitRow("39999", "Xã Mới Toanh", "commune", "Xã", "964", date(2024, 7, 1), date(2025, 6, 30))]
        )
    assert found("xa moi toanh") == {"39999"}
    assert found("Mới") >= {"39999"}


def test_what_every_request_asks_is_asked_once_a_version_and_once_a_territory(trial: Settings) -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    def answer(version: str | None, territory: Territory | None = None) -> int:
        with reading(trial) as session:
            session.info.update({remembered.VERSION: version, "territory": territory})
            return remembered.while_unchanged(session, "test", "given", ask)

    assert [answer("1"), answer("1"), answer("2"), answer("2")] == [1, 1, 2, 2]
    assert answer("2", Territory(frozenset({7}))) == 3, "another territory has its own answer"
    assert answer("2") == 2
    assert [answer(None), answer(None)] == [4, 5], "without a version nothing is kept"

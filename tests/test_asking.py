"""Columns asked for straight: the same statement, parameters and answer as the usual way, within the same territory."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import event, func, select, union_all
from sqlalchemy.orm import Bundle, Session, aliased

from models.errors import Fault
from models.records.asking import Asking
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.prepared import prepared
from models.records.reach import unreached
from models.records.territory import Territory, narrow
from models.records.units import Unit
from tasks.database import reading, work
from tasks.settings import Settings


@prepared
def _columns(level: str, ids: Sequence[int]):
    """A join, an alias, subqueries in a condition and in a list, many values: each table of it has a rule."""
    district, inner = aliased(Unit), aliased(Dossier)
    filed = select(func.count()).select_from(Deadline).where(Deadline.unit_id == Unit.id).scalar_subquery()
    return (
        select(Unit.id, Unit.name, district.name, filed.label("owed"))
        .outerjoin(district, district.id == Unit.parent_id)
        .where(Unit.level == level, Unit.id.in_(ids), Unit.id.in_(select(inner.unit_id)))
        .order_by(Unit.code)
    )


@prepared
def _count(level: str):
    return select(func.count()).select_from(Unit).where(Unit.level == level)


@prepared
def _objects(year: int):
    return select(Cycle).where(Cycle.year == year)


@prepared
def _bundled(level: str):
    return select(Bundle("unit", Unit.id, Unit.name)).where(Unit.level == level)


@pytest.fixture
def asked(trial: Settings) -> Iterator[list[Any]]:
    """What goes to the database."""
    found: list[Any] = []
    with reading(trial) as session:
        engine = session.get_bind()

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    yield found
    event.remove(engine, "before_cursor_execute", keep)


def _territories(session: Session) -> list[Territory | None]:
    commune = session.scalars(select(Unit).join(Dossier, Dossier.unit_id == Unit.id).order_by(Unit.code)).first()
    assert commune is not None
    above = session.get_one(Unit, commune.parent_id)
    ids = frozenset({above.id, *([above.parent_id] if above.parent_id else [])})
    return [None, Territory(everything=True), Territory(frozenset({commune.id}), ids), Territory(frozenset({above.id}))]


def test_what_is_asked_straight_is_what_the_usual_way_asks(trial: Settings, asked: list[Any]) -> None:
    with work(trial) as session:
        territories = _territories(session)
        ids = list(session.scalars(select(Unit.id)))
    told = []
    for territory in territories:
        ways = []
        for kind in (Asking, Session):
            with reading(trial) as opened:
                bind = opened.get_bind()
            with kind(bind) as session:
                session.connection(execution_options={"tcpl_reading": True})
                if territory is not None:
                    narrow(session, territory)
                asked.clear()
                rows = [tuple(row) for row in session.execute(*_columns("commune", ids))]
                keys = session.execute(*_columns("commune", ids)).keys()
                scalars = session.scalars(*_columns("commune", ids)).all()
                ways.append((rows, list(keys), scalars, session.scalar(*_count("commune")), list(asked)))
        assert ways[0] == ways[1]
        told.append(len(ways[0][0]))
    assert told[0] == told[1] >= told[3] >= told[2] == 1 < told[0], "each territory has its own share"


def test_objects_come_the_usual_way(trial: Settings) -> None:
    with reading(trial) as session:
        assert isinstance(session.scalars(*_objects(2024)).first(), Cycle)
        row = session.execute(*_bundled("province")).first()
        assert row is not None
        assert row[0].name


@prepared
def _around_the_classes(level: str):
    table = Unit.__table__.c
    return select(table.id).where(table.level == level)


@prepared
def _counted_by_a_condition_alone(level: str):
    return select(func.count()).where(Unit.level == level)


@prepared
def _counted_beside(year: int):
    late = select(func.count()).where(Deadline.cycle_id == Cycle.id).scalar_subquery()
    return select(Cycle.id, late + 1).where(Cycle.year == year)


@prepared
def _joined_by_a_condition(level: str):
    return select(Unit.code).where(Unit.level == level, Unit.id == Dossier.unit_id)


@pytest.mark.parametrize("kind", [Asking, Session])
@pytest.mark.parametrize(
    ("asked", "given", "table"),
    [
        (_counted_by_a_condition_alone, "commune", "units"),
        (_counted_beside, 2024, "deadlines"),
        (_joined_by_a_condition, "commune", "dossiers"),
    ],
)
def test_a_table_that_only_a_condition_speaks_of_is_refused_to_a_narrowed_session(
    trial: Settings, kind: type[Session], asked: Any, given: Any, table: str
) -> None:
    with reading(trial) as opened:
        bind = opened.get_bind()
    with kind(bind) as session:
        assert session.execute(*asked(given)).all(), "who sees everything is answered"
        narrow(session, Territory(frozenset({1})))
        for _ in range(2):
            with pytest.raises(Fault) as refused:
                session.execute(*asked(given))
            assert refused.value.details["tables"] == [table]


_COUNTED = select(func.count()).where(Dossier.unit_id == Unit.id, Deadline.unit_id == Dossier.unit_id)
_OF_A_UNIT = select(_COUNTED.select_from(Deadline).scalar_subquery()).select_from(Dossier).scalar_subquery()


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (select(Unit.code, _OF_A_UNIT), []),  # it speaks of what stands two queries around it
        (select(select(func.count().label("n")).where(Unit.id > 1).cte().c.n), ["units"]),
        (select(select(func.count().label("n")).where(Unit.id > 1).subquery().c.n), ["units"]),
        (select(select(func.count().label("n")).select_from(Unit).cte().c.n), []),
        (union_all(select(Unit.id), select(Dossier.id).where(Deadline.unit_id == Dossier.unit_id)), ["deadlines"]),
    ],
)
def test_which_tables_a_statement_asks_without_naming_them(statement: Any, tables: list[str]) -> None:
    assert unreached(statement) == tables


def test_what_no_rule_reaches_is_refused_to_a_narrowed_session_prepared_or_not(trial: Settings) -> None:
    with reading(trial) as session:
        assert session.scalars(*_around_the_classes("commune")).all()
        narrow(session, Territory(frozenset({1})))
        for ask in (session.execute, session.scalars, session.scalar):
            with pytest.raises(Fault):
                ask(*_around_the_classes("commune"))


def test_an_acts_own_rows_are_in_what_it_asks_straight(trial: Settings) -> None:
    with work(trial) as session:
        before = session.scalar(*_count("commune"))
        known = session.scalars(select(Unit).where(Unit.level == "commune")).first()
        assert known is not None
        columns = {column.key: getattr(known, column.key) for column in Unit.__table__.columns if column.key != "id"}
        session.add(Unit(**{**columns, "code": "99999"}))
        assert session.scalar(*_count("commune")) == (before or 0) + 1


def test_the_connection_of_a_transaction_that_ended_is_not_kept(trial: Settings) -> None:
    with reading(trial) as session:
        before = session.scalar(*_count("commune"))
        session.rollback()
        assert session.scalar(*_count("commune")) == before


@prepared
def _both(ids: Sequence[int], level: str):
    return union_all(select(Unit.id).where(Unit.id.in_(ids)), select(Unit.id).where(Unit.level == level))


def test_a_union_is_asked_straight_too_and_with_the_same_answer(trial: Settings, asked: list[Any]) -> None:
    with work(trial) as session:
        ids = list(session.scalars(select(Unit.id).where(Unit.level == "district")))
        asked.clear()
        straight = sorted(session.scalars(*_both(ids, "province")))
        usual = sorted(Session.scalars(session, *_both(ids, "province")))
    assert straight == usual
    assert len(straight) > len(ids) > 0
    assert asked[0] == asked[1]

"""Statements built once: the same answers as if each were built anew, and a loud refusal of what a place cannot do."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, true
from sqlalchemy.orm import Session

from models.records import tables
from models.records.prepared import prepared
from models.records.units import Unit

DAYS = st.dates(date(2023, 1, 1), date(2023, 2, 5))


def _plain(code: str, on: date, ids: Any, before: int | None = None, known: bool = False) -> Any:
    return (
        select(Unit.id)
        .where(Unit.code == code, Unit.valid_from <= on, Unit.valid_from >= on - timedelta(days=9))
        .where(
            Unit.id.in_(ids), true() if before is None else Unit.id < before, *([Unit.source != ""] if known else [])
        )
        .order_by(Unit.id)
    )


_asked = prepared(_plain)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    tables.Table.metadata.create_all(engine)
    with Session(engine) as session:
        for number in range(1, 31):
            session.add(_unit(number))
        session.flush()
        yield session


def _unit(number: int) -> Unit:
    day = date(2023, 1, 1) + timedelta(days=number)
    code, source = str(number % 3), "" if number % 2 else "x"
    return Unit(id=number, code=code, name=f"Xã {number}", level="commune", kind="xa", valid_from=day, source=source)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from("012"),
    DAYS,
    st.lists(st.integers(1, 30), max_size=20),
    st.none() | st.integers(1, 30),
    st.booleans(),
)
def test_a_prepared_statement_answers_as_one_built_for_its_values(
    session: Session, code: str, on: date, ids: list[int], before: int | None, known: bool
) -> None:
    expected = session.scalars(_plain(code, on, ids, before, known)).all()
    assert session.scalars(*_asked(code, on, ids, before, known)).all() == expected
    assert session.scalars(*_asked(code, on, set(ids), before=before, known=known)).all() == expected


def test_a_statement_is_built_once_for_all_values_and_anew_where_something_is_left_out() -> None:
    day = date(2023, 1, 1)
    first, parameters = _asked("1", day, [1, 3])
    second, others = _asked("2", day, {5, 6})
    assert first is second
    assert (sorted(set(map(str, parameters.values()))), sorted(set(map(str, others.values())))) == (
        ["1", "2022-12-23", "2023-01-01", "[1, 3]"],
        ["2", "2022-12-23", "2023-01-01", "[5, 6]"],
    )
    assert _asked("2", day, [1, 3], 5)[0] is not first
    assert _asked("2", day, [1, 3], None, True)[0] is not first


def test_a_list_of_one_value_has_a_place_and_is_not_spelt_out_each_time() -> None:
    day = date(2023, 1, 1)
    statement, parameters = _asked("1", day, [7])
    assert _asked("2", day, {8})[0] is statement
    assert _asked("1", day, [])[0] is _asked("1", day, [7, 8])[0] is not statement
    assert 7 in parameters.values()
    assert "POSTCOMPILE" not in str(statement)
    assert "POSTCOMPILE" in str(_asked("1", day, [7, 8])[0])


@pytest.mark.parametrize(
    "build",
    [
        lambda side: select(Unit) if side == "self" else select(Unit.id),
        lambda side: select(Unit) if side else select(Unit.id),
        lambda side: select(Unit).where(Unit.code.in_([*side])),
        lambda side: select(Unit).where(Unit.id == side + 1),
        lambda side: select(Unit).where(Unit.id == side * 2),
        lambda side: select(Unit).where(Unit.id < 5 - side),
        lambda side: select(Unit).where(Unit.code.in_({one for one in ("a", "b") if one > side})),
        lambda side: select(Unit).where(Unit.id == len(side)),
    ],
)
@pytest.mark.parametrize("given", ["self", ["self"], ["self", "other"]])
def test_what_would_be_decided_without_the_value_is_refused(build: Any, given: Any) -> None:
    with pytest.raises(TypeError):
        prepared(build)(given)


def test_a_row_is_not_kept_with_a_statement() -> None:
    with pytest.raises(TypeError, match="its id"):
        prepared(lambda unit: select(Unit).where(Unit.parent_id == unit.id))(_unit(1))

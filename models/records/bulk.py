"""Many rows written at once, without what SQLAlchemy spends on each row of them: three times what the row itself costs.

A statement is spelt once for a table, its columns and an engine. SQLite is given the rows as they are; PostgreSQL one
array for each column, so that it reads one short statement, whatever the number of rows. Values pass through the types
of their columns, equal ones once. Names stand in the order of the values; a column left out takes what the table gives.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from models.records.base import ExactPoints, Moment, Table

PORTION = 5_000
"""So many rows go at a time: more are no faster, and would be held twice."""
Row = tuple[Any, ...]


def insert_rows(
    session: Session, table: type[Table], names: Sequence[str], rows: Iterable[Row], *, new_only: bool = False
) -> None:
    """Insert these rows in their order. `new_only`: a row that collides with one that is there is passed over."""
    quoted = ", ".join(f'"{name}"' for name in names)
    head, tail = f"INSERT INTO {table.__tablename__} ({quoted})", " ON CONFLICT DO NOTHING" if new_only else ""
    _in_portions(
        session,
        table,
        names,
        rows,
        sqlite=f"{head} VALUES ({', '.join('?' * len(names))}){tail}",
        postgresql=f"{head} SELECT * FROM {{arrays}}{tail}",
    )


def change_rows(session: Session, table: type[Table], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Change rows that stand under their `id`, which is the last of the names; the others take these values."""
    named, quoted = table.__tablename__, [f'"{name}"' for name in names]
    taken = ", ".join(f"{name} = given.{name}" for name in quoted[:-1])
    _in_portions(
        session,
        table,
        names,
        rows,
        sqlite=f"UPDATE {named} SET {', '.join(f'{name} = ?' for name in quoted[:-1])} WHERE id = ?",
        postgresql=f"UPDATE {named} SET {taken} FROM {{arrays}} AS given ({', '.join(quoted)})"
        f" WHERE {named}.id = given.id",
    )


def next_numbers(session: Session, table: type[Table], count: int) -> Sequence[int]:
    """The ids that the next rows of the table would be given, taken for whoever inserts them now.

    On SQLite the writing transaction holds the whole database, so that nobody else takes them meanwhile.
    """
    named, connection = table.__tablename__, session.connection()
    if connection.dialect.name == "sqlite":
        first = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {named}").scalar_one()
        return range(first, first + count)
    taken = f"SELECT nextval(pg_get_serial_sequence('{named}', 'id')) FROM generate_series(1, %s)"
    return connection.exec_driver_sql(taken, (count,)).scalars().all()


def insert_numbered(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Insert rows of a table with an `id`, all with the same columns; their ids in the order of the rows."""
    if not rows:
        return []
    ids, names = next_numbers(session, table, len(rows)), list(rows[0])
    numbered = ((number, *(row[name] for name in names)) for number, row in zip(ids, rows, strict=True))
    insert_rows(session, table, ["id", *names], numbered)
    return ids


def _in_portions(
    session: Session, table: type[Table], names: Sequence[str], rows: Iterable[Row], *, sqlite: str, postgresql: str
) -> None:
    connection = session.connection()
    on_sqlite = connection.dialect.name == "sqlite"
    to_text, types = _types_of(table, tuple(names), connection.dialect)
    spelt = sqlite if on_sqlite else postgresql.format(arrays=f"unnest({', '.join(f'%s::{one}[]' for one in types)})")
    for portion in _portions(rows):
        columns = [
            values if change is None else map(change, values)
            for change, values in zip(to_text, zip(*portion, strict=True), strict=True)
        ]
        if on_sqlite:
            connection.exec_driver_sql(spelt, list(zip(*columns, strict=True)))
        else:
            connection.exec_driver_sql(spelt, tuple(f"{{{','.join(texts)}}}" for texts in columns))


def _portions(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    left = iter(rows)
    while portion := list(islice(left, PORTION)):
        yield portion


@lru_cache(maxsize=256)
def _types_of(
    table: type[Table], names: tuple[str, ...], dialect: Dialect
) -> tuple[Sequence[Callable[[Any], Any] | None], Sequence[str]]:
    """What each column's values become before they are handed over (null: they stay), and PostgreSQL's name of it."""
    columns = [table.__table__.columns[name] for name in names]
    if dialect.name == "sqlite":
        return [_for_sqlite(column.type, dialect) for column in columns], ["" for _ in columns]
    return [_for_array(column.type, dialect) for column in columns], [_array_of(column.type) for column in columns]


def _for_sqlite(type_: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    written = isinstance(type_, Date | DateTime | Moment | ExactPoints)
    process = type_.dialect_impl(dialect).bind_processor(dialect) if written else None
    return lru_cache(maxsize=4096)(process) if process else None


def _array_of(type_: Any) -> str:
    match type_:
        case Integer():
            return "bigint"
        case Boolean():
            return "boolean"
        case Numeric() | ExactPoints():
            return "numeric"
        case Date():
            return "date"
        case DateTime() | Moment():
            return "timestamptz"
        case _:
            return "text"


def _for_array(type_: Any, dialect: Dialect) -> Callable[[Any], str]:
    """The text of a value inside an array."""
    given = type_.dialect_impl(dialect).bind_processor(dialect) if isinstance(type_, Moment) else None
    if isinstance(type_, Integer | Boolean):
        return lambda value: "NULL" if value is None else str(value)
    if _array_of(type_) == "text":
        return lambda value: "NULL" if value is None else _quoted(value)
    return lru_cache(maxsize=4096)(lambda value: _plain(given(value) if given else value))


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _plain(value: date | Decimal | None) -> str:
    return "NULL" if value is None else f'"{value.isoformat()}"' if isinstance(value, date) else str(value)

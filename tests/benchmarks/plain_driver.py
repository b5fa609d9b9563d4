"""Floors: the least that any program would do for the same result, by the plain driver and nothing else.

The same rows are written into tables with the same keys and indexes, in the same bounded portions, and read again; the
hashes and decimals that they hold are computed. With the connection's settings of the product, so that neither of the
two has the better cache.
"""

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extras import execute_batch, execute_values
from sqlalchemy import Column

from models.records.base import ExactPoints, Table
from tasks.engines import SQLITE_SETTINGS
from tasks.settings import Settings

PORTION = 10_000
"""So many rows are held at a time."""
HASHED = {"journal": "text", "journal_lines": "text"}
"""What the product hashes of its rows: every line of the journal and every entry."""


@contextmanager
def plain(settings: Settings) -> Iterator[Any]:
    """A connection of the plain driver to the home's database."""
    if settings.database_url is None:
        with closing(_sqlite(settings.home / "tcpl.db")) as connection:
            yield connection
    else:
        address = settings.database.replace("postgresql+psycopg2", "postgresql")
        with closing(psycopg2.connect(address)) as connection:
            yield connection


def _sqlite(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in SQLITE_SETTINGS:
        if not pragma.startswith("foreign_keys"):
            connection.execute(f"PRAGMA {pragma}")
    return connection


def rows_of(tables: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables as the plain driver hands them out."""
    found = {}
    with plain(Settings()) as connection:
        cursor = connection.cursor()
        for name in tables:
            cursor.execute(f"SELECT * FROM {name}")
            found[name] = cursor.fetchall()
        connection.rollback()
    return found


def write(cursor: Any, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if isinstance(cursor, sqlite3.Cursor):
        cursor.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    else:
        execute_values(cursor, f"INSERT INTO {table} VALUES %s", rows, page_size=1000)


class Spent:
    """Seconds spent, and of them this process's own: on SQLite the second is the whole of it."""

    def __init__(self, seconds: float = 0.0, own: float = 0.0) -> None:
        self.seconds, self.own = seconds, own

    @contextmanager
    def more(self) -> Iterator[None]:
        begun, own = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - begun
        self.own += time.process_time() - own


def floor(tables: Sequence[str]) -> float:
    """Seconds to write the rows of these tables and to read them again, without foreign keys."""
    return spent(tables).seconds


def spent(tables: Sequence[str], *, moves: bool = False) -> Spent:
    """The same. `moves`: also what a year changed of rows that stood: each move of a dossier, each deadline done."""
    total = Spent()
    with plain(Settings()) as source, _twins(source, tables) as (connection, names):
        for name in tables:
            _write_all(total, source, connection, name, names[name])
        for name in tables:
            with total.more():
                _read(connection, name, names[name])
        if moves:
            _change(total, source, connection, names)
        source.rollback()
    return total


def _write_all(total: Spent, source: Any, connection: Any, name: str, twin: str) -> None:
    cursor, listed = connection.cursor(), _listed(name)
    for rows in _portions(source, f"SELECT {listed} FROM {name}"):
        with total.more():
            _begin(cursor)
            write(cursor, f"{twin} ({listed})", rows)
            connection.commit()


def _read(connection: Any, name: str, twin: str) -> None:
    columns = Table.metadata.tables[name].columns
    points = [place for place, column in enumerate(columns) if isinstance(column.type, ExactPoints)]
    hashed = [place for place, column in enumerate(columns) if column.name == HASHED.get(name)]
    for rows in _portions(connection, f"SELECT {_listed(name)} FROM {twin}"):
        for row in rows:
            _reckon(row, points, hashed)
    connection.rollback()


def _reckon(row: tuple[Any, ...], points: Sequence[int], hashed: Sequence[int]) -> None:
    """The hashes and decimals that the product makes of such a row. SQLite keeps points as text."""
    for place in hashed:
        hashlib.sha256(row[place].encode()).hexdigest()
    for place in points:
        if row[place] is not None:
            _ = Decimal(row[place]) + Decimal("0.25")


def _change(total: Spent, source: Any, connection: Any, names: dict[str, str]) -> None:
    """Each move that the journal tells of a dossier, and each deadline done, as a change of its row."""
    moved = "SELECT d.state, d.holder, d.since, d.round, d.id FROM journal_lines l JOIN dossiers d"
    moved += ' ON d.unit_id = l.unit_id AND d.cycle_id = l.cycle_id WHERE l.text LIKE \'%"from":%"to":%\''
    done = (
        "SELECT done_on, done_at, document, cycle_id, unit_id, step, occasion FROM deadlines WHERE done_on IS NOT NULL"
    )
    changes = (
        (moved, f"UPDATE {names['dossiers']} SET state = ?, holder = ?, since = ?, round = ? WHERE id = ?"),
        (
            done,
            f"UPDATE {names['deadlines']} SET done_on = ?, done_at = ?, document = ?"
            " WHERE cycle_id = ? AND unit_id = ? AND step = ? AND occasion = ?",
        ),
    )
    cursor = connection.cursor()
    for query, statement in changes:
        for rows in _portions(source, query):
            with total.more():
                _begin(cursor)
                if isinstance(cursor, sqlite3.Cursor):
                    cursor.executemany(statement, rows)
                else:
                    execute_batch(cursor, statement.replace("?", "%s"), rows, page_size=1000)
                connection.commit()


def _begin(cursor: Any) -> None:
    if isinstance(cursor, sqlite3.Cursor):
        cursor.execute("BEGIN IMMEDIATE")


def _listed(table: str) -> str:
    columns: Sequence[Column[Any]] = list(Table.metadata.tables[table].columns)
    return ", ".join(f'"{column.name}"' for column in columns)


def _portions(connection: Any, query: str) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows a portion at a time; PostgreSQL would hand them out all at once but for a cursor with a name."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.execute(query)
    else:
        cursor = connection.cursor("portions", withhold=True)
        cursor.itersize = PORTION
        cursor.execute(query)
    with closing(cursor):
        while rows := cursor.fetchmany(PORTION):
            yield rows


@contextmanager
def _twins(source: Any, tables: Sequence[str]) -> Iterator[tuple[Any, dict[str, str]]]:
    """Empty tables like these with the same keys and indexes: SQLite in a file beside, PostgreSQL in the database."""
    if isinstance(source, sqlite3.Connection):
        with tempfile.TemporaryDirectory() as folder, closing(_sqlite(Path(folder) / "floor.db")) as connection:
            made = "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND tbl_name = ?"
            for name in tables:
                for (sql,) in source.execute(made, (name,)).fetchall():
                    connection.execute(sql)
            yield connection, {name: name for name in tables}
        return
    with closing(psycopg2.connect(source.dsn)) as connection, connection.cursor() as cursor:
        names = {name: f"floor_{name}" for name in tables}
        for name, twin in names.items():
            cursor.execute(f"CREATE TABLE {twin} (LIKE {name} INCLUDING ALL)")
        connection.commit()
        yield connection, names
        for twin in names.values():
            cursor.execute(f"DROP TABLE {twin}")
        connection.commit()

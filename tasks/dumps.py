"""The database into a file and back, while others use it: SQLite's own online backup, PostgreSQL's own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from models.errors import Fault
from models.words import Words
from tasks.engines import forget_engines
from tasks.settings import Settings

NAMES = {"sqlite": "tcpl.db", "postgresql": "tcpl.dump"}


def engine_of(settings: Settings) -> str:
    """sqlite or postgresql."""
    return make_url(settings.database).get_backend_name()


def dump(settings: Settings, folder: Path) -> Path:
    """The whole database as one file in the folder, as of one moment."""
    to = folder / NAMES[engine_of(settings)]
    if engine_of(settings) == "postgresql":
        _tool(settings, "pg_dump", ["--format=custom", "--no-owner", f"--file={to}"])
    else:
        try:
            with closing(sqlite3.connect(_file(settings))) as source, closing(sqlite3.connect(to)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:  # the disk is full, as a rule
            raise _stop("SQLite", str(error), str(error), "Kiểm tra đĩa rồi chạy lại.") from error
    return to


def load(settings: Settings, folder: Path, aside: Path) -> None:
    """Put a dump back: SQLite's former file moves into `aside`, PostgreSQL's tables are replaced in one transaction."""
    forget_engines()
    if engine_of(settings) == "postgresql":
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={_database(settings)}"]
        _tool(settings, "pg_restore", [*options, str(folder / NAMES["postgresql"])])
        return
    database = _file(settings)
    for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        if file.exists():
            aside.mkdir(parents=True, exist_ok=True)
            shutil.move(file, aside / file.name)
    shutil.copyfile(folder / NAMES["sqlite"], database)


def _file(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "")


def _database(settings: Settings) -> str:
    return make_url(settings.database).database or ""


def _tool(settings: Settings, name: str, words: Sequence[str]) -> None:
    """A tool of PostgreSQL's; the password goes in by the environment, where no list of processes shows it."""
    program = shutil.which(name)
    if program is None:
        raise _stop(name, "không có trên máy này", "it is not on this machine", "Cài gói postgresql-client.")
    url = make_url(settings.database)
    host = url.host or dict(url.query).get("host")
    given = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    env = {
        **os.environ,
        **{key: str(value) for key, value in given.items() if value},
        "PGDATABASE": _database(settings),
    }
    done = subprocess.run([program, *words], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip()[-300:]
        raise _stop(name, said, said, "Xem máy chủ PostgreSQL rồi chạy lại.")


def _stop(name: str, why_vi: str, why_en: str, do_vi: str) -> Fault:
    return Fault(
        "backup_tool",
        Words(f"Không chạy được {name}.", f"{name} cannot be run."),
        Words(why_vi, why_en),
        Words(do_vi, "Install PostgreSQL's client tools or look at its server, then run it again."),
    )

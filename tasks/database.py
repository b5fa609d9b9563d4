"""The door to the database: units of work, questions, and the version under which a page's answers are kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.records.asking import Asking
from models.records.remembered import VERSION, acts_not
from tasks.engines import BUSY_SECONDS, engine_for, faults, is_sqlite
from tasks.schema import engine_of_home
from tasks.settings import Settings, current


@contextmanager
def work(settings: Settings | None = None) -> Iterator[Session]:
    """One unit of work: everything in it is committed together, or nothing. Refuses an uninitialised home."""
    _know_all_tables()
    engine = engine_of_home(settings or current())
    with faults(), Asking(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _know_all_tables() -> None:
    """A row can be written only where the tables that it points to are known too, whichever command asked for it.

    Not at the head of this file: questions need few of them, and each costs its time to import.
    """
    import models.records.tables  # noqa: F401  # pyright: ignore[reportUnusedImport]


@contextmanager
def reading(settings: Settings | None = None, *, any_schema: bool = False) -> Iterator[Session]:
    """Questions only: nothing is written, and on SQLite no write lock is taken."""
    given = settings or current()
    engine = engine_for(given.database) if any_schema else engine_of_home(given)
    with faults(), Asking(engine) as session:
        session.connection(execution_options={"tcpl_reading": True})
        acts_not(session)
        yield session


@contextmanager
def looking(settings: Settings) -> Iterator[Session]:
    """Questions of a page, under a version of the database: nothing in it was read before its version was.

    None of its answers is streamed, so that PostgreSQL needs no transaction around them: each question sees what is
    committed anyway, and to begin, to end, and to try the connection first are three more questions.
    """
    engine_of_home(settings)  # refuses a home that is not ours to read
    with faults(), Asking(engine_for(settings.database, apart=not is_sqlite(settings))) as session:
        session.connection(execution_options={"tcpl_reading": True})
        try:
            session.info[VERSION] = version_of(session)
        except DBAPIError as error:  # the connection of long ago is gone, and all of its pool with it
            if not error.connection_invalidated:
                raise
            session.rollback()
            session.connection(execution_options={"tcpl_reading": True})
            session.info[VERSION] = version_of(session)
        yield session


def version_of(session: Session) -> str:
    """What changes with every change of the database, whoever made it: while it is the same, so is every answer.

    PostgreSQL: which transactions are seen, of all its databases. SQLite: a count that this process alone compares.
    """
    engine = session.get_bind().engine
    if engine.dialect.name == "postgresql":
        return str(session.connection().exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())
    return _watch_of(engine).version()


class _FileWatch:
    """A connection that never writes, and so is told of every change by another."""

    def __init__(self, file: str) -> None:
        self._file, self._turn, self._of, self._opened = file, Lock(), 0, 0
        self._connection: sqlite3.Connection | None = None

    def version(self) -> str:
        with self._turn:
            of = Path(self._file).stat().st_ino
            if self._connection is None or of != self._of:  # a backup may have been put in the file's place
                if self._connection is not None:
                    self._connection.close()
                self._connection = sqlite3.connect(
                    self._file, BUSY_SECONDS, isolation_level=None, check_same_thread=False
                )
                self._of, self._opened = of, next(_opened)  # no two of a process are taken for one another
            return f"{self._opened}/{self._connection.execute('PRAGMA data_version').fetchone()[0]}"

    def __del__(self) -> None:
        if self._connection is not None:
            self._connection.close()


_opened = count(1)
_watches: WeakKeyDictionary[Engine, _FileWatch] = WeakKeyDictionary()
_watching = Lock()


def _watch_of(engine: Engine) -> _FileWatch:
    with _watching:
        return _watches.setdefault(engine, _FileWatch(str(engine.url.database)))

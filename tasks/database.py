"""The door to the database: opens engines and units of work, tells the two engines' faults from each other."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from models.errors import Fault, HomeRefusal
from models.records.asking import Asking
from models.records.remembered import VERSION
from models.words import Words
from tasks.settings import CHECKOUT, Settings, current

MIGRATIONS = CHECKOUT / "models" / "records" / "migrations"
BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite before it is told that the database is locked."""
SQLITE_SETTINGS = (
    *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"),
    # two megabytes are SQLite's own: a country's indexes are read from the file again and again
    "cache_size=-32000",
)

gc.set_threshold(10_000)
"""Objects made until Python looks for circles among the youngest (its own: 700). Acts make rows by the hundred thousand
and no circles; to look through them, and through all that was imported, took an eighth of a country's year."""

POSTGRESQL_SETTINGS = ("max_parallel_workers_per_gather = 0", "jit = off")


@contextmanager
def work(settings: Settings | None = None) -> Iterator[Session]:
    """One unit of work: everything in it is committed together, or nothing. Refuses an uninitialised home."""
    _know_all_tables()
    engine = _engine_of_home(settings or current())
    with _faults(), Asking(engine) as session, session.begin():
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
    engine = engine_for(given.database) if any_schema else _engine_of_home(given)
    with _faults(), Asking(engine) as session:
        session.connection(execution_options={"tcpl_reading": True})
        yield session


@contextmanager
def looking(settings: Settings) -> Iterator[Session]:
    """Questions of a page, under a version of the database: nothing in it was read before its version was.

    None of its answers is streamed, so that PostgreSQL needs no transaction around them: each question sees what is
    committed anyway, and to begin, to end, and to try the connection first are three more questions.
    """
    _engine_of_home(settings)  # refuses a home that is not ours to read
    with _faults(), Asking(engine_for(settings.database, apart=not _is_sqlite(settings))) as session:
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


def initialise(settings: Settings, *, upgrade: bool = False) -> bool:
    """Create the home and its tables where they are missing. True if anything was done.

    Tables of another version are refused, or brought up to date where `upgrade` is said: who says so has a backup.
    """
    if _is_sqlite(settings):
        settings.home.mkdir(parents=True, exist_ok=True)
    engine = engine_for(settings.database)
    with _faults():
        found = _revision(engine)
        if found == newest_revision():
            return False
        if found is not None and not upgrade:
            raise _of_another_version(found)
        _migrate(engine)
    return True


def _migrate(engine: Engine) -> None:
    from alembic import command  # a third of a second, which other commands need not spend
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@lru_cache(maxsize=16)
def engine_for(address: str, *, apart: bool = False) -> Engine:
    """One engine per address and process; on PostgreSQL another for questions `apart` (see `looking`)."""
    url = _parsed(address)
    if url.get_backend_name() != "sqlite":
        # many rows to change go a hundred statements at a time, not one by one
        many = {"executemany_mode": "values_plus_batch"}
        each = {"isolation_level": "AUTOCOMMIT"} if apart else {"pool_pre_ping": True}
        engine = create_engine(url, connect_args={"connect_timeout": 10}, **each, **many)
        event.listen(engine, "connect", _postgresql_connected)
        _opened_engines.add(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    _opened_engines.add(engine)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begins)
    return engine


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The schema that this software needs: the number that the newest migration's file begins with."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def forget_engines() -> None:
    """Close every pooled connection: before a fork, and when a test throws its database away."""
    engine_for.cache_clear()


_opened_engines: WeakSet[Engine] = WeakSet()
_inherited: list[Engine] = []


def disown_engines() -> None:
    """In a child after a fork: the parent's connections are neither used nor closed; new ones are opened."""
    _inherited.extend(_opened_engines)
    engine_for.cache_clear()


@lru_cache(maxsize=8)
def _parsed(address: str) -> Any:
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise HomeRefusal(
            "bad_database_url",
            Words("Địa chỉ cơ sở dữ liệu không đọc được.", "The database's address cannot be read."),
            Words(
                "TCPL_DATABASE_URL không phải địa chỉ SQLAlchemy hợp lệ (không in ra vì có thể chứa mật khẩu).",
                "TCPL_DATABASE_URL is not a valid SQLAlchemy address (not shown: it may hold a password).",
            ),
            Words(
                "Ghi dạng sqlite:////duong/dan/tcpl.db hoặc postgresql+psycopg2://nguoi_dung:mat_khau@may/ten.",
                "Write it as sqlite:////path/tcpl.db or postgresql+psycopg2://user:password@host/name.",
            ),
        ) from None
    if url.get_backend_name() == "postgresql" and url.get_driver_name() != "psycopg2":
        url = url.set(drivername="postgresql+psycopg2")
    return url


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {pragma}")


def _postgresql_connected(connection: Any, _record: Any) -> None:
    """Our questions take milliseconds: to start other processes for one, or to compile it, takes longer than to ask."""
    with connection.cursor() as cursor:
        for setting in POSTGRESQL_SETTINGS:
            cursor.execute(f"SET {setting}")
    if not connection.autocommit:
        connection.commit()


def _sqlite_begins(connection: Any) -> None:
    """A deferred transaction that upgrades fails despite the timeout: a writing one takes its lock at once."""
    reads_only = connection.get_execution_options().get("tcpl_reading")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def schema_of(settings: Settings) -> str:
    """The number of the home's schema, whichever it is. Refuses an uninitialised home."""
    database = _parsed(settings.database)
    if database.get_backend_name() == "sqlite" and not Path(database.database or "").is_file():
        raise _uninitialised(str(settings.home))
    with _faults():
        found = _revision(engine_for(settings.database))
    if found is None:
        raise _uninitialised(str(settings.home))
    return found


def _engine_of_home(settings: Settings) -> Engine:
    found = schema_of(settings)
    if found != newest_revision():
        raise _of_another_version(found)
    return engine_for(settings.database)


def _of_another_version(found: str) -> HomeRefusal:
    older = found < newest_revision()
    return HomeRefusal(
        "other_version",
        Words("Cơ sở dữ liệu thuộc phiên bản phần mềm khác.", "The database is of another version of the software."),
        Words(
            f"Lược đồ của nó là {found}, phần mềm này cần {newest_revision()}.",
            f"Its schema is {found}; this software needs {newest_revision()}.",
        ),
        Words("Chạy `tcpl upgrade` (tự sao lưu trước).", "Run `tcpl upgrade` (it makes a backup first).")
        if older
        else Words("Dùng phiên bản phần mềm mới hơn.", "Use the newer version of the software."),
    )


_known_good: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


def _revision(engine: Engine) -> str | None:
    """The schema's revision, asked of the database once per process and engine when it is the newest."""
    if _known_good.get(engine) == newest_revision():
        return newest_revision()
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None:
        _known_good[engine] = found
    return found


def _uninitialised(home: str) -> HomeRefusal:
    return HomeRefusal(
        "home_not_initialised",
        Words(f"Chưa có dữ liệu trong {home}.", f"There is nothing yet in {home}."),
        Words(
            "Lệnh này cần cơ sở dữ liệu với danh mục đơn vị hành chính, mà thư mục này chưa được khởi tạo.",
            "This command needs the database with the administrative units, and this home is not initialised.",
        ),
        Words(
            "Chạy `tcpl units import` để khởi tạo, hoặc `tcpl demo` để xem thử; đặt TCPL_HOME nếu dữ liệu ở nơi khác.",
            "Run `tcpl units import` to initialise it, or try `tcpl demo`; set TCPL_HOME if it is elsewhere.",
        ),
    )


@contextmanager
def _faults() -> Iterator[None]:
    """A locked, unreachable or full database is a fault (exit 3), said without its address."""
    try:
        yield
    except OperationalError as error:
        raise _fault(error) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _fault(error) from error
        raise


def _fault(error: DBAPIError) -> Fault:
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        code, why = (
            "database_locked",
            Words(
                f"Một tiến trình khác giữ khóa ghi quá {BUSY_SECONDS} giây.",
                f"Another process has held the write lock for more than {BUSY_SECONDS} seconds.",
            ),
        )
    elif "full" in text or "no space" in text:
        code, why = "disk_full", Words("Đĩa đã đầy.", "The disk is full.")
    elif "disk i/o" in text:
        code, why = "disk_failing", Words("Đĩa không ghi, đọc được.", "The disk does not take or give what it should.")
    else:
        code, why = (
            "database_unreachable",
            Words(
                "Không kết nối được, hoặc kết nối bị ngắt giữa chừng.", "It cannot be reached, or the connection broke."
            ),
        )
    return Fault(
        code,
        Words("Không làm việc được với cơ sở dữ liệu.", "The database cannot be worked with."),
        why,
        Words(
            "Không có gì bị thay đổi; kiểm tra máy chủ, đĩa và các tiến trình khác rồi chạy lại.",
            "Nothing was changed; check the server, the disk and other processes, then run it again.",
        ),
    )


def _is_sqlite(settings: Settings) -> bool:
    return _parsed(settings.database).get_backend_name() == "sqlite"

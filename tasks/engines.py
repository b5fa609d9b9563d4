"""The engines: one for each database address and process, how each connects, and their faults told from each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from models.errors import Fault, HomeRefusal
from models.words import Words
from tasks.settings import Settings

BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite before it is told that the database is locked."""
SQLITE_SETTINGS = (
    *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"),
    # two megabytes are SQLite's own: a country's indexes are read from the file again and again
    "cache_size=-32000",
    # pages written until they are put into their places (SQLite's own: 1000): acts write the same ones again and again
    "wal_autocheckpoint=4000",
    # what a statement of many rows would need to be undone, and what it sorts: else a file, written and thrown away
    "temp_store=MEMORY",
)

gc.set_threshold(50_000)
"""Objects made until Python looks for circles among the youngest (its own: 700). Acts make rows by the hundred thousand
and no circles; to look through them, and through all that was imported, took an eighth of a country's year."""

LOCK_SECONDS = 120
"""How long a statement waits on PostgreSQL for what another transaction holds: for ever, if nobody says. A country's
act holds it for some tens of seconds; who holds it longer has been forgotten, in a window of psql as a rule."""
LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's number of that fault; what it says of it is in the server's own language."""
POSTGRESQL_SETTINGS = ("max_parallel_workers_per_gather = 0", "jit = off")

NOBODY_THERE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
"""A server whose machine has gone without a word is given up after a minute. The operating system's own way takes
hours, in which a watch would neither end nor let the next one begin. In seconds; the last in milliseconds."""


@lru_cache(maxsize=16)
def engine_for(address: str, *, apart: bool = False) -> Engine:
    """One engine per address and process; on PostgreSQL another for questions `apart` (see `looking`)."""
    url = parsed(address)
    if url.get_backend_name() != "sqlite":
        # many rows to change go a hundred statements at a time, not one by one
        many = {"executemany_mode": "values_plus_batch"}
        each = {"isolation_level": "AUTOCOMMIT"} if apart else {"pool_pre_ping": True}
        engine = create_engine(url, connect_args={"connect_timeout": 10, **NOBODY_THERE}, **each, **many)
        event.listen(engine, "connect", _postgresql_connected)
        _opened_engines.add(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    _opened_engines.add(engine)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begins)
    return engine


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
def parsed(address: str) -> Any:
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


def is_sqlite(settings: Settings) -> bool:
    return parsed(settings.database).get_backend_name() == "sqlite"


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {pragma}")


def _postgresql_connected(connection: Any, _record: Any) -> None:
    """Our questions take milliseconds: to start other processes for one, or to compile it, takes longer than to ask."""
    with connection.cursor() as cursor:
        for setting in (*POSTGRESQL_SETTINGS, f"lock_timeout = '{LOCK_SECONDS}s'"):
            cursor.execute(f"SET {setting}")
    if not connection.autocommit:
        connection.commit()


def _sqlite_begins(connection: Any) -> None:
    """A deferred transaction that upgrades fails despite the timeout: a writing one takes its lock at once."""
    if connection.get_execution_options().get("tcpl_reading"):
        # it takes no lock and cannot fail: SQLAlchemy's way of sending it costs as much as a short question
        connection.connection.driver_connection.execute("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def faults() -> Iterator[None]:
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
    text, waited = str(error.orig).lower(), getattr(error.orig, "pgcode", None) == LOCK_NOT_AVAILABLE
    if waited or "locked" in text or "busy" in text:
        seconds = LOCK_SECONDS if waited else BUSY_SECONDS
        code, why = (
            "database_locked",
            Words(
                f"Một tiến trình khác giữ khóa ghi quá {seconds} giây.",
                f"Another process has held the write lock for more than {seconds} seconds.",
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

"""The schema of the home's database: made, brought up to date, and refused where it is of another version."""

import os
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, inspect, text

from models.errors import HomeRefusal
from models.words import Words
from tasks.engines import engine_for, faults, is_sqlite, parsed
from tasks.settings import CHECKOUT, Settings

MIGRATIONS = CHECKOUT / "models" / "records" / "migrations"


def initialise(settings: Settings, *, upgrade: bool = False) -> bool:
    """Create the home and its tables where they are missing. True if anything was done.

    Tables of another version are refused, or brought up to date where `upgrade` is said: who says so has a backup.
    """
    if is_sqlite(settings):
        settings.home.mkdir(parents=True, exist_ok=True)
    engine = engine_for(settings.database)
    with faults():
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


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The schema that this software needs: the number that the newest migration's file begins with."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def schema_of(settings: Settings) -> str:
    """The number of the home's schema, whichever it is. Refuses an uninitialised home."""
    database = parsed(settings.database)
    # before each question: a Path costs more than to look
    if database.get_backend_name() == "sqlite" and not os.path.isfile(database.database or ""):  # noqa: PTH113
        raise _uninitialised(str(settings.home))
    with faults():
        found = _revision(engine_for(settings.database))
    if found is None:
        raise _uninitialised(str(settings.home))
    return found


def engine_of_home(settings: Settings) -> Engine:
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

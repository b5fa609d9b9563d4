"""Devices that fail and people who run a thing twice: a clear fault, nothing half done, nothing done twice."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_POSTGRESQL
from sqlalchemy import NullPool, create_engine, func, select, text

import tasks.engines
from models.records.notices import Notice
from tasks import clock
from tasks.database import reading
from tasks.engines import NOBODY_THERE, engine_for, forget_engines
from tasks.opening import open_cycle
from tasks.settings import CHECKOUT, Settings
from tasks.watching import watch_all

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
WATCHED = date(2025, 1, 10)


def a_cycle() -> int:
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(date(2024, 12, 2)), most=12).cycle


def notices() -> dict[str, int]:
    with reading() as session:
        rows = session.execute(select(Notice.key, func.count()).group_by(Notice.key))
        return dict(rows.tuples().all())


def a_watch() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from cli.main import run; run()", "watch", "--today", str(WATCHED), "--json"]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("units")
def test_two_watches_at_once_queue_nothing_twice() -> None:
    a_cycle()
    pair = [a_watch(), a_watch()]
    answers = [watch.communicate(timeout=120) for watch in pair]
    assert [watch.returncode for watch in pair] == [0, 0], answers
    once = notices()
    assert once
    assert set(once.values()) == {1}
    watch_all(WATCHED, clock.moment(WATCHED))
    assert notices() == once


@pytest.mark.usefixtures("units")
def test_a_watch_opens_what_is_due_and_says_so(tcpl: Callable[..., Any]) -> None:
    a_cycle()
    answer = tcpl("watch", "--today", "2025-01-10", "--json")
    assert answer.status == 0
    assert [one["stage"] for one in answer.json["opened"]] == ["self_assessment", "district_review"]
    assert answer.json["late"] > 0
    again = tcpl("watch", "--today", "2025-01-10", "--json")
    assert (again.json["opened"], again.json["queued"]) == ([], {})


def test_a_locked_database_is_a_fault_and_nothing_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch, sqlite_files: Any, tcpl: Callable[..., Any]
) -> None:
    monkeypatch.setenv("TCPL_DATABASE_URL", sqlite_files.copy("two_provinces", home))
    monkeypatch.setattr(tasks.engines, "BUSY_SECONDS", 0.2)
    forget_engines()
    with sqlite3.connect(home / "tcpl.db") as other:
        other.execute("BEGIN IMMEDIATE")
        answer = tcpl("open", "--province", "96", "--year", "2024", "--plan", str(PLAN), "--trial", "--json")
        other.rollback()
    assert (answer.status, answer.json["error"]["code"]) == (3, "database_locked")
    assert {"what", "why", "do"} <= answer.json["error"].keys()
    assert tcpl("status", "--json").json["cycles"] == []
    forget_engines()


@ON_POSTGRESQL
def test_rows_that_somebody_holds_for_ever_are_a_fault_and_not_waited_for_as_long(
    units: Settings, monkeypatch: pytest.MonkeyPatch, tcpl: Callable[..., Any]
) -> None:
    a_cycle()
    before = notices()
    monkeypatch.setattr(tasks.engines, "LOCK_SECONDS", 1)
    forget_engines()
    forgotten = create_engine(units.database, poolclass=NullPool)
    with forgotten.begin() as window:
        window.execute(text("LOCK TABLE notices IN SHARE MODE"))
        answer = tcpl("watch", "--today", "2025-01-10", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (3, "database_locked")
    assert "more than 1 s" in answer.json["error"]["why"] or "quá 1 giây" in answer.json["error"]["why"]
    assert notices() == before
    assert tcpl("watch", "--today", "2025-01-10", "--json").status == 0
    with engine_for(units.database).connect() as connection:
        driver: Any = connection.connection.driver_connection
        told = driver.get_dsn_parameters()
    assert told.items() >= {name: str(value) for name, value in NOBODY_THERE.items()}.items()
    forget_engines()


@pytest.mark.parametrize("command", [("status",), ("watch", "--today", "2025-01-10"), ("journal", "verify")])
def test_an_unreachable_database_is_a_fault_that_keeps_the_password(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tcpl: Callable[..., Any]
) -> None:
    monkeypatch.setenv("TCPL_DATABASE_URL", "postgresql+psycopg2://clerk:secret-word@127.0.0.1:1/tcpl")
    answer = tcpl(*command, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (3, "database_unreachable")
    assert "secret-word" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TCPL_DASHBOARD_PORT", "secret-word"),
        ("TCPL_TIMEZONE", "Nowhere/secret-word"),
        ("TCPL_TIMEZONE", "Asia"),
        ("TCPL_RATES", "secret-word"),
    ],
)
@pytest.mark.parametrize("command", ["status", "serve", "settings"])
def test_a_setting_that_cannot_be_read_is_refused_by_its_name(
    command: str, name: str, value: str, home: Path, monkeypatch: pytest.MonkeyPatch, tcpl: Callable[..., Any]
) -> None:
    monkeypatch.setenv(name, value)
    answer = tcpl(command, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "bad_setting")
    assert name in answer.json["error"]["what"]
    assert "secret-word" not in answer.out + answer.err
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("command", [("status",), ("watch",), ("deliver",), ("journal", "verify")])
def test_an_uninitialised_home_is_refused(command: tuple[str, ...], home: Path, tcpl: Callable[..., Any]) -> None:
    answer = tcpl(*command, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "home_not_initialised")
    assert not Settings().plans_folder.exists()
    assert list(home.iterdir()) == []

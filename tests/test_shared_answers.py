"""An answer is made once for all who ask the same, is never an old one, and never leaves its territory."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from access_builders import MARKED, MOMENT, PEOPLE, bearer, client, ids, signed_in
from databases import Engines
from sqlalchemy import text
from starlette.responses import Response

from dashboard import board_page, shared_answers
from dashboard.shared_answers import Shelf
from models.records.cycles import open_cycles
from models.records.journal import Signed, write
from tasks.database import reading, version_of, work
from tasks.settings import Settings


@pytest.fixture
def two(sqlite_files: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = sqlite_files.copy("two_territories", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    sqlite_files.drop(address)


def test_the_version_of_the_database_moves_with_every_change_and_with_nothing_else(trial: Settings) -> None:
    def version() -> str:
        with reading(trial) as session:
            return version_of(session)

    before = version()
    assert [version() for _ in range(3)] == [before] * 3
    for statement in (
        "UPDATE deadlines SET document = 'x'",
        "UPDATE units SET name = 'Xã khác' WHERE id = 1",
        "DELETE FROM deadlines",
    ):
        with work(trial) as session:
            session.execute(text(statement))
        assert version() != before
        before = version()


@pytest.mark.usefixtures("two")
def test_those_who_ask_the_same_are_answered_once_until_a_row_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    told = board_page.board.figures
    monkeypatch.setattr(board_page.board, "figures", lambda *given: made.append(1) or told(*given))
    browser = client()
    headers = bearer("tinh.96")
    first, second = (browser.get("/", headers=headers).text for _ in range(2))
    assert (first == second, len(made)) == (True, 1)
    browser.get("/?lang=en", headers=headers)
    assert len(made) == 2, "another question has its own answer"
    with work() as session:
        session.execute(text("UPDATE deadlines SET done_on = '2025-01-02' WHERE done_on IS NULL"))
        for cycle in open_cycles(session):
            write(session, cycle.id, "test", "test/1", Signed("Nguyễn Văn A", MOMENT, "thử"), [])
    assert browser.get("/", headers=headers).text != first, "an old answer is never given"
    assert len(made) == 3


@pytest.mark.usefixtures("two")
def test_each_who_asks_sees_the_own_territory_the_own_name_and_the_own_form() -> None:
    browser = client()
    names = [name for name in PEOPLE if PEOPLE[name][1]]  # of one territory each
    keys = {name: bearer(name) for name in names}
    shown = {}
    for _ in range(2):  # the second time from the shelf
        for name in names:
            found = browser.get("/api/deadlines?per_page=500", headers=keys[name]).text
            assert shown.setdefault(name, found) == found
            shown[name] = found
    assert len(set(shown.values())) == len(names)
    there = ids("31999")
    for address in ("/dossiers/2024/31999", "/", "/units/31999"):  # first by whom it is for, then by whom it is not
        assert there & {int(one) for one in MARKED.findall(browser.get(address, headers=keys["xa.31999"]).text)}
        assert not there & {int(one) for one in MARKED.findall(browser.get(address, headers=keys["xa.32002"]).text)}
    here, elsewhere = signed_in("xa.32002", browser), signed_in("xa.32002")
    pages = [one.get("/").text for one in (here, here)] + [elsewhere.get("/").text]
    assert all("xa.32002" in page and "own-" not in page for page in pages)
    assert here.post("/sign-out", data={"form": _form(pages[1])}).status_code == 303
    assert elsewhere.get("/").status_code == 200


def _form(page: str) -> str:
    return page.partition('name="form" value="')[2].partition('"')[0]


def test_twenty_who_ask_at_once_wait_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, made, begun = Shelf(), [], threading.Barrier(20)

    def make() -> Response:
        made.append(1)
        return Response("x" * 1000)

    def ask(_: int) -> bytes:
        begun.wait(10)
        return shelf.answer("now", "board", make).body

    with ThreadPoolExecutor(20) as users:
        assert set(users.map(ask, range(20))) == {b"x" * 1000}
    assert len(made) == 1
    monkeypatch.setattr(shared_answers, "MOST_BYTES", 2500)
    for number in range(9):
        shelf.answer("now", number, make)
    assert len(shelf._kept) == 2, "the shelf is bounded"
    shelf.answer("later", "board", make)
    assert list(shelf._kept) == ["board"], "what was true before is gone"
    shelf.answer("later", "refused", lambda: Response("no", 404))
    assert list(shelf._kept) == ["board"]
    assert not shelf._making
    assert MOMENT

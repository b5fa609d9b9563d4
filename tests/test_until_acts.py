"""What is kept until an act is never older than the last act, and is told to nobody else."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from access_builders import sources
from databases import Engines, settings_of
from lived_year import COMMUNES, SEED, STOP, live
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from dashboard.app import build
from dashboard.asked import Asked
from models.records import remembered, until_acts
from models.records.cycles import open_cycles
from models.records.journal import Signed, write
from models.records.territory import Territory
from models.records.until_acts import until_an_act
from tasks import clock, rehearsing
from tasks.database import looking, reading, work
from tasks.delivering import deliver
from tasks.settings import Settings

ON = date(2025, 1, 2)
PAGES = (
    "/",
    "/?cycle=96-2024-trial&stage=self_assessment",
    "/timeline",
    "/deadlines",
    "/deadlines?standing=overdue",
    "/deadlines?q=tan",
    "/notices",
    "/results",
    "/programme",
    "/law",
    "/units/96",
    "/search?q=tan",
    "/feeds/96-2024-trial.ics",
    "/api/status?year=2024",
    "/api/deadlines",
    "/api/timeline",
    "/api/results",
    "/api/programme",
    "/api/notices?year=2024",
    "/api/cycle-law",
)


@pytest.fixture
def january(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    address = engines.copy("mid_january", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield settings_of(home, address)
    engines.drop(address)


def test_every_page_shows_the_same_with_what_is_kept_as_without_it(january: Settings) -> None:
    """Two weeks of acts, letters between them; a page that has stood open all the time beside one just begun."""
    now = [clock.moment(STOP)]
    with reading(january) as session:
        cycle = open_cycles(session)[0].id
        communes = [row["code"] for row in _communes(session)]
    assert len(communes) == COMMUNES
    pages = [*PAGES, *(f"/{part}/2024/{code}" for part in ("dossiers", "api/dossiers") for code in communes[:3])]
    script, open_page, changed = rehearsing.write_script(cycle, seed=SEED), _browser(now), 0
    before: dict[str, str] = {}
    lived = STOP
    for last in (STOP + timedelta(days=n) for n in (0, 4, 13)):
        if last > lived:
            live(script, lived + timedelta(days=1), last)
            deliver(clock.moment(last))
            lived = last
        for hours in (0, 9):  # the acts of the last day come while the page stands open
            now[0] = clock.moment(last) + timedelta(hours=hours)
            shown = {page: _said(open_page, page) for page in pages}
            _forget()
            anew = _browser(now)
            for page in pages:
                assert shown[page] == _said(anew, page), page
            changed += sum(shown[page] != before.get(page) for page in pages)
            before = shown
            if not hours:
                rehearsing.act_on(script, last)
    assert changed > 2 * len(pages), "the acts of these weeks are to be seen"


def _forget() -> None:
    for kept in (
        until_acts._kept,
        remembered._kept,
        remembered._unchanged,
        remembered._of_versions,
        remembered._asking,
    ):
        kept.clear()


def _communes(session: Session) -> list[dict[str, str]]:
    from models.records.board_pictures import communes_standing

    return communes_standing(session, open_cycles(session)[0], "submit-dossier", STOP)


def _browser(now: list[datetime]) -> TestClient:
    return TestClient(build(lambda: now[0], sources=sources()), base_url="http://127.0.0.1")


def _said(browser: TestClient, page: str) -> str:
    found = browser.get(page)
    assert found.status_code == 200, (page, found.text)
    return found.text


class Counter:
    """A question that says how often it was put."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return self.asked


def test_an_answer_is_kept_until_an_act_of_its_own_cycle(trial: Settings) -> None:
    ask = Counter()
    at = clock.moment(ON)

    def answer(given: object = "given", territory: Territory | None = None, *, looks: bool = True) -> int:
        with looking(trial) if looks else reading(trial) as session:
            session.info["territory"] = territory
            return until_an_act(session, open_cycles(session)[0], ("test", given), ask)

    assert [answer(), answer()] == [1, 1]
    assert answer(territory=Territory(frozenset({7}))) == 2, "another territory has its own answer"
    assert [answer("other"), answer(), answer("other")] == [3, 1, 3]
    assert [answer(looks=False), answer(looks=False)] == [4, 5], "acts and commands ask each time"
    with work(trial) as session:
        write(session, open_cycles(session)[0].id, "test", "test/1", Signed("Nguyễn Văn A", at, "thử"), [])
    assert [answer(), answer()] == [6, 6]
    before, after, later = (at + timedelta(minutes=n) for n in (-5, 5, 50))
    assert [answer(before), answer(after), answer(later), answer(before)] == [7, 8, 8, 7]
    assert answer(later + timedelta(days=1)) == 9, "another day may tell otherwise"


def test_links_carry_what_was_understood_and_not_all_that_somebody_typed() -> None:
    typed = {"lang": "x" * 3000, "cycle": " 96-2024" + " " * 3000, "on": "2025-01-02", "q": "tan"}
    asked = Asked.read("/", typed, clock.moment(ON), "vi")
    assert asked.carried() == {"lang": "vi", "cycle": "96-2024", "on": "2025-01-02"}
    assert Asked.read("/", {"lang": "en"}, clock.moment(ON), "vi").carried() == {"lang": "en"}


def test_nothing_is_shown_that_was_counted_longer_ago_and_few_are_kept(
    trial: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Counter()

    def answer(given: object) -> int:
        with looking(trial) as session:
            return until_an_act(session, open_cycles(session), (given,), ask)

    assert [answer(0), answer(0)] == [1, 1]
    monkeypatch.setattr(until_acts, "SECONDS", 0.0)
    assert [answer(0), answer(0)] == [2, 3]
    monkeypatch.setattr(until_acts, "KEPT", 5)
    for number in range(20):
        answer(number)
    assert len(until_acts._kept) == 5

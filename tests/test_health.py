"""Silence is an alarm: what is not well is seen, said once a day, and the deadlines can be subscribed to."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE
from icalendar import Calendar
from sqlalchemy import select, update

from models.records.deadlines import Deadline, Fact, Happening, load_calendar, record
from models.records.notices_addressed import Letter
from models.records.projection import project
from tasks import clock, health
from tasks.database import work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.settings import Settings
from tasks.watching import watch_all

pytestmark = pytest.mark.usefixtures("units")

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
DAY = date(2025, 1, 8)
AT = clock.moment(DAY)


def opened(most: int = 2) -> int:
    at = clock.moment(date(2024, 12, 2))
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=at, most=most).cycle


def wrong(at=AT) -> set[str]:
    return {check.name for check in health.examine(at) if not check.ok}


def test_a_home_without_a_cycle_is_well(tcpl: Callable[..., Any]) -> None:
    answer = tcpl("health", "--json")
    assert (answer.status, answer.json["healthy"]) == (0, True)


def test_a_watch_or_a_delivery_that_does_not_come_is_seen(tcpl: Callable[..., Any]) -> None:
    opened()
    assert wrong() == {"watch", "delivery"}
    assert health.watch_is_owed(AT)
    watch_all(DAY, AT)
    tomorrow = AT + timedelta(days=1)
    owed = [health.watch_is_owed(at) for at in (AT, tomorrow, tomorrow + health.WATCH_LATE)]
    assert owed == [False, False, True], "the watchdog makes up for a morning that no schedule saw"
    deliver(AT)
    assert wrong() == set()
    assert wrong(AT + timedelta(hours=2)) == {"delivery"}
    assert wrong(AT + timedelta(hours=50)) == {"watch", "delivery"}
    answer = tcpl("health", "--now", (AT + timedelta(hours=50)).isoformat(), "--json")
    assert answer.status == 1
    assert not answer.json["healthy"]


@ON_SQLITE
def test_units_without_a_contact_are_found_before_their_cycle_opens_and_then_stand_on_the_board(
    units: Settings, tcpl: Callable[..., Any]
) -> None:
    units.plans_folder.mkdir()
    (units.plans_folder / "p.yaml").write_text(PLAN.read_text("utf-8").replace("trial: true", "trial: false"), "utf-8")
    opens = date(2024, 12, 2)
    assert wrong(clock.moment(opens - timedelta(days=31))) == set()
    assert wrong(clock.moment(opens - timedelta(days=30))) == {"contacts-ahead"}
    assert wrong(clock.moment(opens)) == set()
    opened()
    [cycle] = tcpl("status", "--on", "2024-12-09", "--json").json["cycles"]
    assert cycle["units_without_contact"] == 4, "two communes, their district, the province"


def test_a_claim_that_nobody_takes_up_and_a_letter_given_up_are_seen() -> None:
    opened()
    watch_all(DAY, AT)
    deliver(AT)
    with work() as session:
        first, second = session.scalars(select(Letter.id).order_by(Letter.id).limit(2)).all()
        held = {"state": "claimed", "claimed_by": "gone", "claimed_until": AT - timedelta(hours=2)}
        session.execute(update(Letter).where(Letter.id == first).values(**held))
        session.execute(update(Letter).where(Letter.id == second).values(state="abandoned"))
    assert wrong() == {"claims", "abandoned"}


def test_an_alarm_is_raised_once_a_day_through_the_operators_channel(home: Path) -> None:
    opened()
    assert set(health.raise_alarm(AT)) == {"watch", "delivery"}
    assert health.raise_alarm(AT + timedelta(minutes=15)) == []
    assert len(list(home.rglob("outbox/**/*cần người xem*.txt"))) == 1
    assert set(health.raise_alarm(AT + timedelta(hours=21))) == {"watch", "delivery"}


def test_a_database_that_is_gone_is_said_and_not_raised(
    tcpl: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TCPL_DATABASE_URL", f"sqlite:///{home / 'nowhere.db'}")
    answer = tcpl("health", "--json")
    assert answer.status == 1
    assert [check["check"] for check in answer.json["checks"] if not check["ok"]] == ["database"]


def events(tcpl: Callable[..., Any], *more: str) -> dict[str, Any]:
    shown = tcpl("calendar", "feed", "--province", "96", "--year", "2024", *more).out
    calendar = Calendar.from_ical(shown)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


@ON_SQLITE
def test_a_moved_deadline_moves_in_the_feed_under_the_same_id(tcpl: Callable[..., Any]) -> None:
    from models.records.cycles import Cycle, calendar_version_of, law_of

    cycle_id = opened(most=1)
    before = events(tcpl)
    with work() as session:
        unit, code = (
            session.execute(select(Deadline.unit_id, Deadline.step).where(Deadline.step == "submit-dossier"))
            .tuples()
            .one()
        )
        granted = Happening(unit, code, Fact.EXTENDED, date(2025, 1, 15), AT, document="CV-minh họa")
        record(session, cycle_id, [granted])
        cycle = session.get_one(Cycle, cycle_id)
        project(session, cycle, law_of(session, cycle), load_calendar(session, calendar_version_of(session, cycle)))
    after = events(tcpl)
    assert before.keys() == after.keys()
    [moved] = [uid for uid in after if before[uid]["dtstart"].dt != after[uid]["dtstart"].dt]
    assert "submit-dossier" in moved
    assert after[moved]["dtstart"].dt == date(2025, 1, 15)
    assert int(after[moved]["sequence"]) > int(before[moved]["sequence"])


@ON_SQLITE
def test_a_unit_subscribes_to_its_own_deadlines_with_reason_and_alarm(tcpl: Callable[..., Any]) -> None:
    opened(most=3)
    whole, own = events(tcpl), events(tcpl, "--unit", "32002", "--lang", "en")
    assert set(own) < set(whole)
    one = next(event for uid, event in own.items() if "submit-dossier" in uid)
    assert "Điều 5 khoản 2" in one["description"]
    assert "[TRIAL]" in one["summary"]
    assert len(one.walk("VALARM")) == 1
    assert one["url"].endswith("/dossiers/2024/32002")
    refused = tcpl("calendar", "feed", "--province", "96", "--year", "2023", "--json")
    assert refused.json["error"]["code"] == "no_cycle"

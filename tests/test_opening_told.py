"""A planned cycle that may not open is told to the operator, once each morning, with what is missing and from whom."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from databases import ON_SQLITE
from sqlalchemy import select

from models.records.notices import Kind, Notice
from tasks import clock
from tasks.database import reading
from tasks.delivering import deliver
from tasks.opening import open_planned_cycles
from tasks.settings import Settings

SAMPLE = Path("regulations/plans/ca-mau-2026.yaml").read_text("utf-8")
OFFICIAL = SAMPLE.replace("trial: true", "trial: false")
TUESDAY = date(2026, 12, 1)


def plan(settings: Settings, text: str, name: str = "ca-mau.yaml") -> None:
    settings.plans_folder.mkdir(exist_ok=True)
    (settings.plans_folder / name).write_text(text, encoding="utf-8")


def told() -> list[tuple[str, str | None]]:
    with reading() as session:
        query = select(Notice.state, Notice.reason).where(Notice.kind == Kind.OPENING_REFUSED)
        return list(session.execute(query.order_by(Notice.id)).tuples())


def test_each_morning_of_a_refused_opening_is_told_once_with_what_is_missing(
    units: Settings, tcpl: Callable[..., Any]
) -> None:
    plan(units, OFFICIAL)
    first = tcpl("watch", "--today", "2026-12-01", "--json").json
    assert first["queued"] == {"opening_refused": 1}
    [refused] = first["refused"]
    assert (refused["province"], refused["year"], refused["code"]) == ("96", 2026, "law_not_confirmed")
    wanted = tcpl("open", "--province", "96", "--year", "2026", "--json").json["error"]["missing"]
    assert refused["missing"] == len(wanted) > 0
    assert tcpl("watch", "--today", "2026-12-01", "--json").json["queued"] == {}
    deliver(clock.moment(TUESDAY))
    [letter] = units.home.rglob("outbox/**/*.txt")
    said = " ".join(letter.read_text("utf-8").split())
    assert "Sở Tư pháp" in said
    assert "Chưa mở được kỳ đánh giá năm 2026" in said
    for one in wanted[:3]:
        assert one["address"] in said
        assert one["who_can_fill_it"] in said
    tcpl("watch", "--today", "2026-12-02")
    assert [state for state, _ in told()] == ["sent", "queued"]


@ON_SQLITE
def test_mornings_that_nobody_was_told_of_become_one_and_an_opening_ends_them(units: Settings) -> None:
    plan(units, OFFICIAL)
    for day in (1, 2, 3):
        open_planned_cycles(2026, clock.moment(date(2026, 12, day)))
    assert [state for state, _ in told()] == ["withdrawn", "withdrawn", "queued"]
    plan(units, SAMPLE)
    assert open_planned_cycles(2026, clock.moment(date(2026, 12, 4)))[0].created
    assert told()[-1] == ("withdrawn", "the cycle has opened")


@ON_SQLITE
def test_a_plan_that_cannot_be_read_keeps_nobody_else_waiting_and_is_told_once(units: Settings) -> None:
    plan(units, "province: [", "hong.yaml")
    at = clock.moment(TUESDAY)
    assert open_planned_cycles(2026, at) == open_planned_cycles(2025, at) == []
    [alarm] = units.home.rglob("outbox/**/*chưa mở được*.txt")
    assert "hong.yaml" in alarm.read_text("utf-8")

"""One dossier as a whole: `tcpl dossier` over a year lived through until mid-January, on both engines."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE, Engines
from lived_year import SEED, STOP
from sqlalchemy import text

from tasks import rehearsing
from tasks.database import reading

Tcpl = Callable[..., Any]


@pytest.fixture
def script(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[rehearsing.Script]:
    """A year lived until mid-January, and who lives it."""
    yield from _lived(engines, "mid_january", home, monkeypatch)


@pytest.fixture
def decided(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[rehearsing.Script]:
    """The same, lived on until the decisions are signed."""
    yield from _lived(engines, "decided", home, monkeypatch)


def _lived(engines: Engines, filling: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[rehearsing.Script]:
    address = engines.copy(filling, home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    with reading() as session:
        cycle_id = session.execute(text("SELECT id FROM cycles")).scalar_one()
    yield rehearsing.write_script(cycle_id, seed=SEED)
    engines.drop(address)


def dossiers(tcpl: Tcpl, people: list[Any], on: date) -> list[Any]:
    return [tcpl("dossier", person.code, "--year", "2024", "--on", on.isoformat(), "--json").json for person in people]


def test_a_dossier_says_where_it_stands_who_holds_it_and_why_each_day(tcpl: Tcpl, script: rehearsing.Script) -> None:
    person = next(p for p in script.people if p.profile == "ordinary")
    found = tcpl("dossier", person.code, "--year", "2024", "--on", "2025-01-11", "--json")
    assert found.status == 0
    answer = found.json
    assert answer["dossier"]["trial"] is True
    assert (answer["dossier"]["state"], answer["dossier"]["holder"]) == ("submitted", "district_justice")
    assert answer["scorecards"]["appraised"] is None
    submit = next(row for row in answer["deadlines"] if row["step"] == "submit-dossier")
    assert submit["last_day"] == "2025-01-09"
    assert submit["done_on"] == person.files_on.isoformat()
    assert submit["citation"]["article"]
    assert submit["mark"] == "confirmed"
    assert answer["journal"][0]["act"] == "open-cycle"
    assert answer["notices"]
    assert all(notice["attempts"] for notice in answer["notices"] if notice["state"] == "sent")


@ON_SQLITE
def test_a_counted_deadline_says_which_days_were_counted_and_which_were_skipped(
    tcpl: Tcpl, decided: rehearsing.Script
) -> None:
    found = dossiers(tcpl, decided.people[:1], date(2025, 2, 8))[0]
    papers = next(row for row in found["deadlines_above"] if row["step"] == "publish-decision")
    assert papers["start"] == "2025-02-06"
    assert papers["counted"] == ["2025-02-07", "2025-02-10"]
    assert [day["date"] for day in papers["skipped"]] == ["2025-02-08", "2025-02-09"]


@ON_SQLITE
def test_both_scores_stand_side_by_side_with_the_reason_for_each_difference(
    tcpl: Tcpl, decided: rehearsing.Script
) -> None:
    differing = 0
    for found in dossiers(tcpl, decided.people[:8], date(2025, 2, 8)):
        for row in found["answers"]:
            assert row["differs"] == (row["appraised"] is not None and row["self"] != row["appraised"])
            assert bool(row["reason"]) == row["differs"]
            differing += row["differs"]
        if found["scorecards"]["self"]["meets_standard"] is False:
            assert found["scorecards"]["self"]["shortfalls"]
    assert differing


def test_the_points_are_those_that_plain_sql_adds_up_to(tcpl: Tcpl, script: rehearsing.Script) -> None:
    filed = [person for person in script.people if person.files_on < STOP]
    for person in filed[:5]:
        card = tcpl("dossier", person.code, "--year", "2024", "--json").json["scorecards"]["self"]
        with reading() as session:
            points = session.execute(
                text(
                    "SELECT sum(CAST(s.points AS NUMERIC)) FROM scores s JOIN scorecards c ON c.id = s.scorecard_id"
                    " JOIN dossiers d ON d.id = c.dossier_id JOIN units u ON u.id = d.unit_id"
                    " WHERE u.code = :code AND c.side = 'self' AND c.round = :round"
                ),
                {"code": person.code, "round": card["round"]},
            ).scalar_one()
        assert float(card["total"]) == float(points)


def test_asked_about_a_day_in_the_past_it_knows_nothing_of_later_acts(tcpl: Tcpl, script: rehearsing.Script) -> None:
    person = next(p for p in script.people if p.profile == "ordinary" and p.files_on < STOP)
    before = (person.files_on - timedelta(days=1)).isoformat()
    found = tcpl("dossier", person.code, "--year", "2024", "--on", before, "--json").json
    assert found["dossier"]["state"] == "self_assessment"
    assert found["scorecards"] == {"self": None, "appraised": None}
    assert next(row for row in found["deadlines"] if row["step"] == "submit-dossier")["done_on"] is None


@ON_SQLITE
def test_english_is_one_switch_away_for_reasons_too(tcpl: Tcpl, script: rehearsing.Script) -> None:
    person = next(p for p in script.people if p.profile == "fails_leader")
    vi = tcpl("dossier", person.code, "--year", "2024", "--json").json
    en = tcpl("dossier", person.code, "--year", "2024", "--json", "--lang", "en").json
    assert vi["dossier"]["state"] == en["dossier"]["state"]
    shortfalls = [one["scorecards"]["self"]["shortfalls"][0]["found"] for one in (vi, en)]
    assert shortfalls[0] != shortfalls[1]


@ON_SQLITE
@pytest.mark.usefixtures("script")
def test_a_commune_without_a_dossier_is_refused_with_those_that_may_have_been_meant(tcpl: Tcpl) -> None:
    refused = tcpl("dossier", "99999", "--year", "2024", "--json")
    assert refused.status == 1
    assert refused.json["error"]["code"] == "no_dossier"
    assert refused.json["error"]["near"]
    assert tcpl("dossier", "32002", "--year", "2031", "--json").json["error"]["years"] == [2024]


@ON_SQLITE
def test_a_person_reads_it_in_a_screenful(tcpl: Tcpl, script: rehearsing.Script) -> None:
    found = tcpl("dossier", script.people[0].code, "--year", "2024")
    assert found.status == 0
    assert "THỬ NGHIỆM" in found.out
    assert len(found.out.splitlines()) < 45

"""The dashboard's pages without a browser: their figures are those that plain SQL gives, on both engines.

Not here: what only a browser shows (keyboard, refreshing, accessibility, other hosts): tests/test_dashboard_browser.py.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from databases import ON_SQLITE, Engines
from icalendar import Calendar
from lived_year import AFTER, COMMUNES, MOMENT, SIGNED, STOP
from openpyxl import load_workbook
from sqlalchemy import select, text
from starlette.testclient import TestClient

from dashboard.app import build
from dashboard.serving import is_loopback
from dashboard.step_words import step_said
from models.records import board
from models.records.complaints import ComplaintKind
from models.records.contacts import Contact
from models.records.cycles import Cycle, calendar_version_of, law_of, open_cycles
from models.records.deadlines import Fact, Happening, load_calendar, record
from models.records.dossiers import Dossier
from models.records.inspections import Found, Planned
from models.records.local_acts import Grounds
from models.records.projection import project
from models.records.unit_search import communes_like
from tasks import clock, complaints, evidence, local_acts, programme
from tasks.amending import Amending, amend_plan
from tasks.database import reading, work
from tasks.deciding import Signed, correct
from tasks.opening import open_cycle
from tasks.sittings import Hand, Place

PAGES = ("/", "/timeline", "/deadlines", "/notices", "/results", "/programme", "/law", "/health", "/search?q=xa")
ONE_OF_EACH = (*PAGES, "/units/96", "/units/964", "/units/32002", "/dossiers/2024/32002")
MEASURED = {
    "self_assessment": "submit-dossier",
    "district_review": "decide",
    "provincial_recognition": "consolidate",
}
CELL = re.compile(r'<td class="cell [^"]*" data-stage="(\w+)" data-district="(\d*)">(.*?)</td>', re.S)
CHIP = re.compile(r'data-count="(\w+)" href="([^"]+)">(\d+) ')


@pytest.fixture
def lived(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A year lived until mid-January, with every standing present."""
    address = engines.copy("mid_january", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    engines.drop(address)


@pytest.fixture
def decided(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same year lived on until the decisions are signed."""
    address = engines.copy("decided", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    engines.drop(address)


@pytest.fixture
def lived_on_sqlite(sqlite_files: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same, for what does not depend on the engine."""
    address = sqlite_files.copy("mid_january", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    sqlite_files.drop(address)


def client(at: Any = MOMENT) -> TestClient:
    return TestClient(build(lambda: at), base_url="http://127.0.0.1")


def page(path: str, at: Any = MOMENT) -> str:
    answer = client(at).get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.text


def sql(statement: str, **values: Any) -> Any:
    with reading() as session:
        return session.execute(text(statement), values).all()


def number(statement: str, **values: Any) -> int:
    return int(sql(statement, **values)[0][0] or 0)


def total_of(found: str) -> int:
    return int(re.search(r'id="total">(\d+)<', found)[1])  # type: ignore[index]


HOW = {
    "done_on_time": "done_on <= :on AND done_on <= last_day",
    "done_late": "done_on <= :on AND done_on > last_day",
    "overdue": "(done_on IS NULL OR done_on > :on) AND last_day < :on",
    "at_risk": "(done_on IS NULL OR done_on > :on) AND last_day >= :on AND due_day <= :near",
    "rest": "(done_on IS NULL OR done_on > :on) AND last_day >= :on AND due_day > :near",
}


def counted(step: str, district: str, how: str, on: date) -> int:
    of_district = "AND district_id = (SELECT id FROM units WHERE code = :district)" if district else ""
    values = {"step": step, "on": on.isoformat(), "near": (on + timedelta(days=3)).isoformat()}
    return number(
        f"SELECT count(*) FROM deadlines WHERE step = :step AND occasion = '' {of_district} AND {HOW[how]}",
        **values,
        **({"district": district} if district else {}),
    )


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("on", [date(2025, 1, 7), STOP])
def test_every_count_of_the_heat_map_is_what_plain_sql_counts(on: date) -> None:
    cells = CELL.findall(page(f"/?on={on}"))
    assert len(cells) > len(MEASURED)
    seen = set()
    for stage, district, inside in cells:
        chips = {name: int(count) for name, _, count in CHIP.findall(inside)}
        seen |= chips.keys()
        if stage in MEASURED:
            for how in ("done_on_time", "done_late", "overdue", "at_risk"):
                assert chips.get(how, 0) == counted(MEASURED[stage], district, how, on), (stage, district, how)
            rest = chips.get("not_started", 0) + chips.get("in_progress", 0)
            assert rest == counted(MEASURED[stage], district, "rest", on)
    wanted = {"done_on_time", "not_started", "in_progress"}
    assert seen >= wanted | ({"overdue", "done_late"} if on == STOP else {"at_risk"})


@pytest.mark.usefixtures("lived")
def test_every_number_of_the_heat_map_leads_to_as_many_dossiers() -> None:
    chips = [chip for _, _, inside in CELL.findall(page("/")) for chip in CHIP.findall(inside)]
    for name, address, count in [chip for chip in chips if chip[0] in ("overdue", "done_late")] + chips[:3]:
        assert total_of(page(unescape(address))) == int(count), name


@pytest.mark.usefixtures("lived_on_sqlite")
@pytest.mark.parametrize("on", ["2025-01-03", "2025-01-09", "2025-01-10", "2025-01-11"])
def test_each_figure_at_the_head_of_the_board_leads_to_as_many_deadlines(on: str) -> None:
    found = re.findall(r'<a class="figure [^"]*" href="([^"]+)"><span class="count">(\d+)<', page(f"/?on={on}"))
    assert len(found) == 4
    assert any(int(count) for _, count in found)
    for address, count in found:
        assert total_of(page(unescape(address))) == int(count), address


@pytest.mark.usefixtures("lived")
def test_what_is_to_be_done_today_is_what_plain_sql_finds() -> None:
    found = page("/")
    on, week = STOP.isoformat(), (STOP + timedelta(days=7)).isoformat()
    open_ = "(done_on IS NULL OR done_on > :on) AND due_day IS NOT NULL"
    overdue = number(f"SELECT count(*) FROM deadlines WHERE {open_} AND last_day < :on", on=on)
    assert overdue > 0
    assert f'<span class="count">{overdue}</span><span>việc quá hạn' in found
    assert total_of(page("/deadlines?standing=overdue")) == overdue
    holders = number(
        "SELECT count(*) FROM (SELECT holder_id, actor FROM deadlines"
        f" WHERE {open_} AND (due_day <= :week OR last_day < :on) GROUP BY holder_id, actor) AS held",
        on=on,
        week=week,
    )
    assert len(re.findall(r"<tr>\s*<td><span class=\"standing", page("/?all=1"))) == holders
    late = sql(
        f"SELECT DISTINCT u.code FROM deadlines d JOIN units u ON u.id = d.unit_id WHERE {open_} AND last_day < :on",
        on=on,
    )
    todo = found[found.index("todo") : found.index('class="heat"')]
    assert {code for (code,) in late} <= set(re.findall(r"/dossiers/2024/(\d{5})", todo))


@pytest.mark.usefixtures("lived")
def test_the_stairs_of_submissions_are_those_of_plain_sql() -> None:
    rows = sql(
        "SELECT done_on, count(*) FROM deadlines WHERE step = 'submit-dossier' AND done_on <= :on"
        " GROUP BY done_on ORDER BY done_on",
        on=STOP.isoformat(),
    )
    table = page("/").partition("Tiến độ nộp hồ sơ")[2].partition("</table>")[0]
    shown = re.findall(r'<tr><td>(\d\d)/(\d\d)/(\d{4})</td><td class="num">(\d+)</td>', table)
    done, expected = 0, []
    for day, count in rows:
        done += count
        year, month, of_month = str(day).split("-")
        expected.append((of_month, month, year, str(done)))
    assert shown == expected


@pytest.mark.usefixtures("lived")
def test_notices_and_health_count_what_plain_sql_counts() -> None:
    counts = dict(tuple(row) for row in sql("SELECT state, count(*) FROM notices GROUP BY state"))
    assert {"queued", "sent"} <= counts.keys()
    notices, health, metrics = page("/notices"), page("/health"), page("/metrics")
    for state in ("queued", "claimed", "sent", "abandoned", "withdrawn"):
        count = counts.get(state, 0)
        assert re.search(rf'data-state="{state}"[^>]*><span class="count">{count}<', notices), state
        assert f'data-queue="{state}">{count}<' in health
        assert f'tcpl_notices{{state="{state}"}} {count}' in metrics
        assert total_of(page(f"/notices?state={state}")) == count
    assert total_of(notices) == sum(counts.values())


@pytest.mark.usefixtures("lived_on_sqlite")
def test_health_makes_the_checks_of_the_command_and_names_whom_no_notice_reaches(tcpl: Callable[..., Any]) -> None:
    found = page("/health")
    answer = tcpl("health", "--now", MOMENT.isoformat(), "--json")
    shown = re.findall(r'data-check="(\w+)".*?standing (done_on_time|overdue)', found, re.S)
    assert [(one["check"], one["ok"]) for one in answer.json["checks"]] == [
        (name, standing == "done_on_time") for name, standing in shown
    ]
    unreached = number(
        "SELECT count(DISTINCT a.id) FROM agencies a JOIN deadlines d ON d.holder_id = a.unit_id AND d.actor = a.actor"
        " WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.agency_id = a.id)"
    )
    assert unreached > 0
    assert f'data-unreached="{unreached}"' in page("/")
    assert f"({unreached})" in found[found.index('id="unreached"') :]
    assert "http://127.0.0.1:4200" in found


@pytest.mark.usefixtures("lived")
def test_the_programme_counts_what_plain_sql_counts_and_each_count_leads_to_its_tasks() -> None:
    found, on = page("/programme"), STOP.isoformat()
    open_ = "(done_on IS NULL OR done_on > :on) AND (carried_on IS NULL OR carried_on > :on)"
    near = (STOP + timedelta(days=3)).isoformat()
    counts = {
        "done_on_time": number("SELECT count(*) FROM task_dues WHERE done_on <= :on AND done_on <= due_day", on=on),
        "done_late": number("SELECT count(*) FROM task_dues WHERE done_on <= :on AND done_on > due_day", on=on),
        "overdue": number(f"SELECT count(*) FROM task_dues WHERE {open_} AND due_day < :on", on=on),
        "at_risk": number(
            f"SELECT count(*) FROM task_dues WHERE {open_} AND due_day >= :on AND due_day <= :near", on=on, near=near
        ),
        "in_progress": number(
            f"SELECT count(*) FROM task_dues WHERE {open_} AND due_day > :near AND starts_on <= :on", on=on, near=near
        ),
    }
    assert counts["done_on_time"] > 0 < counts["in_progress"]
    for name, count in counts.items():
        address = re.search(rf'data-standing="{name}" href="([^"]+)"[^>]*><span class="count">(\d+)<', found)
        assert address and int(address[2]) == count, name
        assert total_of(page(unescape(address[1]))) == count, name
    for name in ("overdue", "at_risk"):
        assert re.search(rf'data-programme="{name}">{counts[name]} ', page("/")), name
    spent = number("SELECT sum(amount) FROM task_money WHERE purpose = 'spent' AND on_day <= :on", on=on)
    assert f'data-money="spent">{spent:,}<'.replace(",", ".") in found


@pytest.mark.usefixtures("lived_on_sqlite")
def test_this_years_submissions_stand_beside_last_years_by_the_distance_to_the_last_day() -> None:
    assert "Chưa có kỳ năm trước" in page("/")
    plan = Path("regulations/plans/ca-mau-2024.yaml").read_text("utf-8")
    before = Path(os.environ["TCPL_HOME"]) / "ca-mau-2023.yaml"
    years = re.sub(r"\b(2024|2025)\b", lambda found: str(int(found[0]) - 1), plan)
    before.write_text(years.replace("25/2023", "25/2021"), "utf-8")
    cycle = open_cycle("96", 2023, trial=True, plan_file=before, at=clock.moment(date(2023, 12, 4)), most=6).cycle
    with work() as session:
        for done, most in ((date(2024, 1, 5), 4), (date(2024, 1, 9), 6)):
            session.execute(
                text(
                    "UPDATE deadlines SET done_on = :done WHERE cycle_id = :cycle AND step = 'submit-dossier'"
                    " AND unit_id IN (SELECT unit_id FROM deadlines WHERE cycle_id = :cycle AND step = 'submit-dossier'"
                    " AND done_on IS NULL ORDER BY unit_id LIMIT :more)"
                ),
                {"done": done, "cycle": cycle, "more": most - (4 if most == 6 else 0)},
            )
        session.execute(text("UPDATE cycles SET closed_on = '2024-06-28' WHERE id = :id"), {"id": cycle})
    found = page("/")
    rows = dict(re.findall(r'<tr><td>([\d/]+)</td><td class="num">\d+</td><td class="num">(\d+)</td></tr>', found))
    assert rows["05/01/2025"] == "4"
    assert rows["08/01/2025"] == "4"
    assert rows["09/01/2025"] == "6", "the last day lies upon the last day, whatever February did"
    assert "2023: 6" in found
    assert "Chưa có kỳ năm trước" not in found


@pytest.mark.usefixtures("lived_on_sqlite")
def test_expected_and_actual_notices_are_those_of_the_command(tcpl: Callable[..., Any]) -> None:
    found = page("/notices?reconcile=1")
    told = tcpl("reconcile", "--now", MOMENT.isoformat(), "--json").json
    shown = {name: int(count) for name, count in re.findall(r'data-reconcile="(\w+)">(\d+)<', found)}
    assert shown == {"expected": told["expected"], "actual": told["actual"], "missing": len(told["missing"])}
    assert all(one["key"] in found for one in told["missing"])


@pytest.mark.usefixtures("lived")
def test_metrics_are_the_figures_of_the_board() -> None:
    found = page("/metrics")
    for how in ("done_on_time", "done_late", "overdue"):
        count = counted("submit-dossier", "", how, STOP)
        assert f'tcpl_dossiers{{cycle="96-2024-trial",stage="self_assessment",state="{how}"}} {count}' in found
    late = number(
        "SELECT count(*) FROM deadlines WHERE last_day < :on AND due_day IS NOT NULL"
        " AND (done_on IS NULL OR done_on > :on)",
        on=STOP.isoformat(),
    )
    assert f'tcpl_overdue{{cycle="96-2024-trial"}} {late}' in found
    assert 'tcpl_pulse_age_seconds{name="watch"} 0' in found


@pytest.mark.usefixtures("decided")
def test_a_unit_as_of_a_past_day_knows_nothing_of_its_decision() -> None:
    now, then = (page(f"/units/32071{asked}", AFTER) for asked in ("", "?on=2025-01-11"))
    with reading() as session:
        since = session.execute(
            text("SELECT since FROM dossiers d JOIN units u ON u.id = d.unit_id WHERE u.code = '32071'")
        )
        day = date.fromisoformat(str(since.scalar_one()))
    assert day > STOP
    assert f"{day:%d/%m/%Y}" in now
    assert f"{day:%d/%m/%Y}" not in then
    assert "đạt chuẩn</td>" not in then


@ON_SQLITE
@pytest.mark.usefixtures("decided")
def test_a_superseded_decision_says_by_which_and_the_days_before_know_nothing_of_it() -> None:
    address = f"/deadlines?step=close-remedies&on={SIGNED}"
    before = total_of(page(address, AFTER))
    code, district = sql(
        "SELECT u.code, o.code FROM decision_lines l JOIN dossiers d ON d.id = l.dossier_id"
        " JOIN units u ON u.id = d.unit_id JOIN units o ON o.id = d.district_id WHERE l.recognised ORDER BY u.code"
    )[0]
    later = AFTER + timedelta(days=30)
    signed = Signed(district, "88/QĐ", later.date(), "C (minh họa)", not_recognised={code: "khai sai (minh họa)"})
    correct(Place("96", 2024, True), signed, "khai sai (minh họa)", "chủ tịch (minh họa)", Hand("STP", later, "88/QĐ"))
    found = page(f"/dossiers/2024/{code}", later)
    assert "Đã được thay thế bằng quyết định số 88/QĐ" in found
    assert "thay thế quyết định</b>" in found
    assert "88/QĐ" not in page(f"/dossiers/2024/{code}?on={SIGNED}", later)
    assert total_of(page(address, later)) == before
    assert total_of(page("/deadlines?step=close-remedies", later)) == before + 1


@pytest.mark.usefixtures("decided")
def test_results_are_what_plain_sql_gives() -> None:
    at = AFTER
    found = page("/results", at)
    for recognised, name in ((True, "recognised"), (False, "not_recognised")):
        count = number("SELECT count(*) FROM decision_lines WHERE recognised = :r", r=recognised)
        assert count > 0
        assert f'data-count="{name}">{count}<' in found
    assert 'data-count="undecided">0<' in found
    rows = sql(
        "SELECT s.indicator, count(*) FROM scores s JOIN scorecards c ON c.id = s.scorecard_id"
        " WHERE c.side = 'appraised' AND s.content = '' GROUP BY s.indicator"
    )
    for indicator, answered in rows:
        short = re.search(rf'data-indicator="{re.escape(indicator)}"><a [^>]*>(\d+)/(\d+)<', found)
        assert short is None or int(short[2]) == answered
    maximum = 3  # of indicator 1.1 (QĐ 25/2021)
    below = number(
        "SELECT count(*) FROM scores s JOIN scorecards c ON c.id = s.scorecard_id WHERE c.side = 'appraised'"
        " AND s.indicator = '1.1' AND CAST(s.points AS NUMERIC) < :maximum",
        maximum=maximum,
    )
    assert re.search(rf'data-indicator="1.1"><a [^>]*>{below}/', found)
    falls = re.findall(r'data-indicator="([\d.]+)"><a href="([^"]+)"[^>]*>(\d+)/', found)
    bands = re.findall(r'<a href="([^"]+)" data-band="\d+">(\d+)<', found)
    assert len(falls) > 3
    assert sum(int(count) for _, count in bands) == number(
        "SELECT count(*) FROM scorecards c WHERE c.side = 'appraised' AND c.total IS NOT NULL AND c.round ="
        " (SELECT max(round) FROM scorecards o WHERE o.dossier_id = c.dossier_id AND o.side = 'appraised')"
    )
    for address, count in [(address, count) for _, address, count in falls] + bands:
        assert total_of(page(unescape(address), at)) == int(count), address
    book = load_workbook(BytesIO(client(at).get("/results.xlsx").content))
    sheet = book.worksheets[0]
    assert "THỬ NGHIỆM" in str(sheet["A1"].value)
    assert sheet.max_row == COMMUNES + 2
    outcomes = [sheet.cell(row, 7).value for row in range(3, COMMUNES + 3)]
    assert outcomes.count("chưa đạt chuẩn") == number("SELECT count(*) FROM decision_lines WHERE NOT recognised")
    why = " ".join(str(sheet.cell(row, 10).value) for row in range(3, COMMUNES + 3))
    assert "tổng điểm: 75,00 (yêu cầu ≥ 80,00, Điều 4 khoản 1)" in why
    assert "total" not in why
    assert sheet["I3"].number_format == "dd/mm/yyyy"


@pytest.mark.usefixtures("lived")
def test_a_dossier_page_shows_each_date_with_its_ground_and_each_notice_with_its_proof() -> None:
    found = page("/dossiers/2024/32002")
    assert "Điều 5 khoản 2, 25/2021/QĐ-TTg" in found
    notices = number("SELECT count(*) FROM notices n JOIN units u ON u.id = n.unit_id WHERE u.code = '32002'")
    assert f"Thông báo ({notices})" in found
    hashes = sql(
        "SELECT text_hash FROM notices n JOIN units u ON u.id = n.unit_id WHERE u.code = '32002' AND n.state = 'sent'"
    )
    assert hashes
    assert all(one in found for (one,) in hashes)
    (digest,) = sql(
        "SELECT j.digest FROM journal j JOIN journal_lines l ON l.entry_id = j.id JOIN units u ON u.id = l.unit_id"
        " WHERE u.code = '32002' AND j.act = 'submit'"
    )[0]
    assert digest in found


@pytest.mark.usefixtures("lived_on_sqlite")
def test_a_dossier_page_shows_what_lies_beside_the_scores_and_not_before_it_was_there(home: Path) -> None:
    code, scan = "32071", home / "biên bản.pdf"
    scan.write_bytes(b"%PDF-1.4 not a whole one")
    place, hand = Place("96", 2024, True), Hand("Sở Tư pháp (minh họa)", MOMENT, "07/KH")
    stored = evidence.add_file(code, 2024, "2.1", scan, by="công chức (minh họa)", at=MOMENT, trial=True)
    complaints.record(place, code, "03/ĐN", ComplaintKind.REFLECTION, STOP, "người dân", "niêm yết thiếu", hand)
    grounds = Grounds("bão lũ", "Chủ tịch UBND huyện (minh họa)", "12/UBND-NC")
    local_acts.extend(place, "check-completeness", [code], date(2025, 1, 20), grounds, hand)
    signed = programme.signed_by("Sở Tư pháp (minh họa)", MOMENT, "kiểm tra", "07/KH")
    programme.plan_visits("96", 2024, signed, [Planned(code, STOP, "Tổ kiểm tra số 1")])
    programme.hold_visit("96", 2024, signed, code, STOP, [Found("bảng che khuất", "dời bảng", date(2025, 1, 20))])
    beside = (stored.sha256, "niêm yết thiếu", "bão lũ", "bảng che khuất")
    found, before = page(f"/dossiers/2024/{code}"), page(f"/dossiers/2024/{code}?on=2025-01-10")
    for words in beside:
        assert words in found, words
        assert words not in before, words
    assert "người dân" not in found, "who sent a complaint stays with the office that took it in"
    (verdict,) = sql("SELECT finding_vi FROM evidence_signatures WHERE sha256 = :sha", sha=stored.sha256)[0]
    assert verdict in unescape(found)
    assert "bảng che khuất" not in page("/programme")
    assert "1/1 còn mở" in page("/programme")


@pytest.mark.usefixtures("lived_on_sqlite")
def test_a_page_in_english_says_every_step_in_english() -> None:
    for folder in ("qd-25-2021", "qd-27-2025"):
        steps = yaml.safe_load(Path(f"regulations/{folder}/stages.yaml").read_text("utf-8"))["stages"]
        for step in [one for stage in steps for one in stage["steps"]]:
            assert step_said(step["id"], step["title"], "vi") == step["title"]
            assert step_said(step["id"], step["title"], "en").isascii(), step["id"]
    found = page("/deadlines?lang=en")
    assert "Receive and check the dossier" in found
    assert "Tiếp nhận, kiểm tra hồ sơ" not in found


@pytest.mark.usefixtures("lived_on_sqlite")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_page_opens_in_both_languages_says_trial_and_may_load_nothing_from_elsewhere(language: str) -> None:
    for path in ONE_OF_EACH:
        answer = client().get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert answer.status_code == 200, path
        assert ("THỬ NGHIỆM" if language == "vi" else "TRIAL") in answer.text, path
        assert f'<html lang="{language}">' in answer.text
        assert not re.search(r'(?:src|href)="https?://(?!127\.0\.0\.1)', answer.text), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert " style=" not in answer.text, path


@pytest.mark.usefixtures("lived_on_sqlite")
def test_a_value_that_is_not_confirmed_is_marked_wherever_it_had_an_effect() -> None:
    assert 'class="mark mark-illustrative"' in page("/dossiers/2024/32002")
    heat = page("/").partition('class="heat"')[2]
    assert 'class="mark mark-illustrative"' in heat.partition("</thead>")[0]
    assert re.search(r'data-mark="not_yet_read"|data-mark="recalled"', page("/law"))
    assert "<td></td>" not in page("/law"), "every value says something"


@pytest.mark.usefixtures("lived_on_sqlite")
def test_both_open_cycles_stand_on_the_board() -> None:
    open_cycle("96", 2026, trial=True, plan_file=Path("regulations/plans/ca-mau-2026.yaml"), at=MOMENT)
    found = page("/")
    assert re.findall(r'data-cycle="([^"]+)"', found) == ["96-2024-trial", "96-2026-trial"]
    assert re.findall(r'data-cycle="([^"]+)"', page("/?cycle=96-2026-trial")) == ["96-2026-trial"]
    for path in ("/timeline", "/deadlines", "/results", "/law", "/notices", "/dossiers/2026/32002"):
        page(f"{path}?cycle=96-2026-trial")


@pytest.mark.usefixtures("lived_on_sqlite")
def test_more_cycles_than_a_board_can_show_stand_in_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.board_page.MANY", 1)
    open_cycle("96", 2026, trial=True, plan_file=Path("regulations/plans/ca-mau-2026.yaml"), at=MOMENT)
    found = page("/")
    assert re.findall(r'<tr data-cycle="([^"]+)"', found) == ["96-2024-trial", "96-2026-trial"]
    done = counted("submit-dossier", "", "done_on_time", STOP) + counted("submit-dossier", "", "done_late", STOP)
    assert f"<b>{done}</b>/{COMMUNES}</a>" in found
    assert 'id="map-96-2024-trial"' in page("/?cycle=96-2024-trial")
    monkeypatch.setattr("dashboard.board_page.PROVINCES_MOST", 1)  # a country: one year at a time
    assert re.findall(r'<tr data-cycle="([^"]+)"', page("/")) == ["96-2024-trial"]
    assert re.findall(r'<tr data-cycle="([^"]+)"', page("/?year=2026")) == ["96-2026-trial"]


@pytest.mark.usefixtures("lived")
def test_a_moved_deadline_says_from_what_to_what_and_by_which_document() -> None:
    with work() as session:
        cycle = open_cycles(session)[0]
        unit = session.execute(text("SELECT id FROM units WHERE code = '32071' AND valid_to IS NOT NULL")).scalar_one()
        extended = Happening(unit, "submit-dossier", Fact.EXTENDED, date(2025, 1, 15), MOMENT, document="12/STP-PBGDPL")
        record(session, cycle.id, [extended])
        project(session, cycle, law_of(session, cycle), load_calendar(session, calendar_version_of(session, cycle)))
    for path in ("/timeline", "/dossiers/2024/32071"):
        found = page(path)
        assert "12/STP-PBGDPL" in found
        assert "15/01/2025" in found
        assert "09/01/2025" in found
    line = page("/timeline")
    assert "hạn đã dời, từ ngày cũ đến ngày mới" in line
    assert "hạn đã dời, từ ngày cũ" not in page("/timeline?on=2025-01-05"), "it had not been moved then"
    assert "12/STP-PBGDPL" not in page("/timeline?on=2025-01-05")
    assert "(trễ" not in page("/dossiers/2024/32071")
    overdue = total_of(page("/deadlines?standing=overdue"))
    with reading() as session:
        assert board.overdue_on(session, [open_cycles(session)[0].id], STOP) == overdue, (
            "the command, the board and the probe count alike"
        )
    assert f'tcpl_overdue{{cycle="96-2024-trial"}} {overdue}' in page("/metrics")
    row = page("/deadlines?step=submit-dossier&q=32071")
    assert "quá hạn" in row, "the law's day does not move; what the office accepts stands beside it"
    assert "15/01/2025" in row


@pytest.mark.usefixtures("lived_on_sqlite")
def test_days_that_an_amendment_moved_stand_on_the_timeline_and_in_the_journal_in_words(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(Path("regulations/plans/ca-mau-2024.yaml").read_text("utf-8").replace("2025-01-14", "2025-01-15"))
    hand = Hand("Sở Tư pháp (minh họa)", MOMENT, "99/KH-UBND")
    moved = amend_plan(Place("96", 2024, trial=True), plan, hand, Amending())["moved"]
    assert moved
    line = page("/timeline").partition("Ngày do kế hoạch, lịch sửa đổi")[2]
    assert "14/01/2025" in line
    assert "15/01/2025" in line
    assert f'data-label="Số đơn vị">{len(moved)}<' in line
    dossier = page(f"/dossiers/2024/{moved[0]['code']}")
    assert "sửa đổi kế hoạch, lịch" in dossier
    assert "từ 14/01/2025 đến 15/01/2025, sửa đổi kế hoạch (99/KH-UBND)" in dossier, "why this day says it too"


@pytest.mark.usefixtures("lived_on_sqlite")
@pytest.mark.parametrize("asked", ["tri phai", "TRÍ PHẢI", "triphai", "32071", "3207"])
def test_a_commune_is_found_without_diacritics_and_by_code(asked: str) -> None:
    assert "/dossiers/2024/32071" in page(f"/search?q={asked}") or "/units/32071" in page(f"/search?q={asked}")


@pytest.mark.usefixtures("lived_on_sqlite")
def test_the_cycles_own_communes_are_found_before_those_of_other_provinces() -> None:
    with reading() as session:
        cycle_id = session.scalars(select(Cycle.id)).one()
        own = set(session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == cycle_id)))
        on = date(2024, 12, 31)
        assert {unit.id for unit in communes_like(session, "xa", on, 5)}.isdisjoint(own), "Bạc Liêu's codes are lower"
        assert {unit.id for unit in communes_like(session, "xa", on, 5, cycle_id)} <= own
        assert {unit.id for unit in communes_like(session, "3", on, 5, cycle_id)} <= own


@pytest.mark.usefixtures("lived_on_sqlite")
def test_feeds_hold_each_dated_step_once() -> None:
    feed = Calendar.from_ical(client().get("/feeds/96-2024-trial-32002.ics").content)
    days = {str(event["summary"]): event.decoded("dtstart") for event in feed.walk("VEVENT")}
    steps = number(
        "SELECT count(*) FROM deadlines d JOIN units u ON u.id = d.unit_id"
        " WHERE u.code = '32002' AND due_day IS NOT NULL"
    )
    assert len(days) == steps
    assert date(2025, 1, 9) in days.values()
    assert all("[THỬ NGHIỆM]" in summary for summary in days)


@pytest.mark.usefixtures("lived_on_sqlite")
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/nowhere", "Không có trang này"),
        ("/?on=2025-02-30", "không phải là một ngày có thật"),
        ("/deadlines?standing=late", "Các giá trị"),
        ("/deadlines?urgency=soon", "Các giá trị"),
        ("/deadlines?stage=x' OR 1=1", "Các giá trị"),
        ("/?cycle=99-2031", "Các kỳ đã mở: 96-2024-trial"),
        ("/dossiers/2024/99999", "Có phải"),
        ("/dossiers/99999999/32002", "Không có hồ sơ"),
        ("/units/00000", "Có phải"),
        ("/feeds/x.ics", "Các kỳ đã mở"),
    ],
)
def test_a_wrong_address_is_refused_in_three_sentences(path: str, says: str) -> None:
    answer = client().get(path)
    assert answer.status_code == 404
    assert says in unescape(answer.text)
    assert "Traceback" not in answer.text


@pytest.mark.usefixtures("lived_on_sqlite")
@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", "page=²", "page=99999999999", "q=%25%27%22%3Cscript%3E", "district=x"]
)
def test_strange_filters_find_nothing_and_harm_nothing(query: str) -> None:
    found = page(f"/deadlines?{query}")
    assert "<script>" not in found.lower().replace('<script src="/static/refresh.js" defer></script>', "")


@pytest.mark.usefixtures("lived_on_sqlite")
def test_a_contact_is_named_and_its_address_never_shown() -> None:
    with work() as session:
        agency = session.execute(
            text("SELECT a.id FROM agencies a JOIN units u ON u.id = a.unit_id WHERE u.code = '32002'")
        ).scalar_one()
        session.add(
            Contact(
                agency_id=agency, name="Đầu mối (minh họa)", channel="mail", address="mailtos://a:hunter2@example.vn"
            )
        )
    found = page("/units/32002")
    assert "Đầu mối (minh họa)" in found
    assert "<td>mail</td>" in found
    assert "example.vn" not in found


@pytest.mark.usefixtures("lived_on_sqlite")
def test_another_name_for_this_machine_is_refused() -> None:
    answer = TestClient(build(lambda: MOMENT), base_url="http://evil.example").get("/")
    assert answer.status_code == 400


def test_pages_open_on_an_empty_home_and_refuse_one_that_is_not_initialised(
    sqlite_files: Engines, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client().get("/").status_code == 503
    assert client().get("/healthz").status_code == 503
    monkeypatch.setenv("TCPL_DATABASE_URL", sqlite_files.copy("nothing", home))
    for path in PAGES:
        page(path)
    assert client().get("/healthz").json()["cycles"] == 0
    assert client().get("/results.xlsx").status_code == 200


@pytest.mark.parametrize(
    ("host", "loops"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True)),
        *(("0.0.0.0", False), ("::", False), ("10.1.2.3", False), ("example.vn", False), ("", False)),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host: str, loops: bool) -> None:
    assert is_loopback(host) is loops


@pytest.mark.usefixtures("lived_on_sqlite")
def test_the_command_serves_until_it_is_told_to_stop_and_a_taken_port_is_said(tcpl: Callable[..., Any]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from cli.main import run; run()", "dashboard", "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        assert _answers(f"http://127.0.0.1:{port}/healthz")
        second = tcpl("dashboard", "--port", str(port), "--json")
        assert (second.status, second.json["error"]["code"]) == (3, "port_taken")
        serving.send_signal(signal.SIGTERM)
        out, err = serving.communicate(timeout=30)
    assert serving.returncode == 0, err
    assert json.loads(out)["stopped"] is True
    assert "Traceback" not in err


def _answers(address: str) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return httpx.get(address).json()["ok"]
        except httpx.TransportError:
            time.sleep(0.1)
    return False


@pytest.mark.usefixtures("settings")
def test_off_the_loopback_the_dashboard_refuses_to_start(tcpl: Callable[..., Any]) -> None:
    refused = tcpl("dashboard", "--host", "0.0.0.0", "--port", "8999", "--json")
    assert refused.status == 1
    assert refused.json["error"]["code"] == "dashboard_off_loopback"

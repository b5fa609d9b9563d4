"""Reports upward: figures equal to plain SQL, frozen when sent; an addendum says what changed; files that open."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import text

from models.errors import Refusal
from tasks import clock, reports
from tasks.anchors import verify_journal
from tasks.database import reading
from tasks.report_words import drafted
from tasks.sittings import Hand, Place
from tests.after_builders import lived, supersede

PLACE = Place("96", 2024, trial=True)
DAY = date(2025, 6, 20)
HAND = Hand("Sở Tư pháp (minh họa)", clock.moment(DAY), "77/BC (minh họa)")


@pytest.fixture
def cycle_id(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


def plain(query: str) -> int:
    with reading() as session:
        return session.scalar(text(query)) or 0


def test_the_figures_are_those_of_plain_sql_and_so_are_the_sheets(cycle_id: int, tmp_path: Path) -> None:
    said = reports.draft(PLACE, None, DAY, tmp_path)
    found, where = said["figures"], f"FROM dossiers WHERE cycle_id = {cycle_id}"
    assert found["communes"] == plain(f"SELECT count(*) {where}")
    assert found["recognised"] == plain(f"SELECT count(*) {where} AND state = 'recognised'")
    assert found["remedies"]["opened"] == plain(f"SELECT count(*) FROM remedies WHERE cycle_id = {cycle_id}") > 0
    assert sum(one["communes"] for one in found["by_district"]) == found["communes"]
    late = plain(
        f"SELECT count(*) FROM deadlines WHERE cycle_id = {cycle_id} AND step = 'submit-dossier' AND done_on > last_day"
    )
    assert next(one for one in found["stages"] if one["stage"] == "self_assessment")["late"] == late
    book = load_workbook(said["files"][1])
    summary = {row[0].value: row[1].value for row in book["Tổng hợp"].iter_rows()}
    assert summary["Đạt chuẩn"] == found["recognised"]
    assert book["Danh sách"].max_row == found["communes"] + 1


@ON_SQLITE
def test_a_draft_is_a_file_that_says_it_is_a_trial_and_records_nothing(cycle_id: int, tmp_path: Path) -> None:
    file = reports.draft(PLACE, None, DAY, tmp_path)["files"][0]
    paper = Document(str(file))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "THỬ NGHIỆM" in paper.sections[0].header.paragraphs[0].text
    assert "Dự thảo" in words and "đạt chuẩn" in words
    assert len(paper.inline_shapes) >= 2, "the pictures"
    assert plain(f"SELECT count(*) FROM report_figures WHERE cycle_id = {cycle_id}") == 0


def test_a_sent_report_keeps_its_figures_and_an_addendum_says_what_changed(cycle_id: int, tmp_path: Path) -> None:
    sent = reports.send(PLACE, None, "77/BC (minh họa)", DAY, HAND, tmp_path)
    assert sent["new"] == 1
    with pytest.raises(Refusal) as refused:
        reports.addend(PLACE, None, "78/BC (minh họa)", "77/BC (minh họa)", DAY, HAND, tmp_path)
    assert refused.value.code == "report_unchanged"
    one = next(each for each in sent["figures"]["communes_listed"] if each["state"] == "recognised")
    supersede(cycle_id, one["code"])
    again = reports.send(PLACE, None, "77/BC (minh họa)", DAY, HAND, tmp_path)
    assert (again["new"], again["figures"]) == (0, sent["figures"])
    more = reports.addend(PLACE, None, "78/BC (minh họa)", "77/BC (minh họa)", DAY, HAND, tmp_path)
    changed = {each["what"]: (each["was"], each["now"]) for each in more["changes"]}
    good = sent["figures"]["recognised"]
    assert changed["recognised"] == (str(good), str(good - 1))
    assert changed[f"communes_listed/{one['code']}/state"] == ("recognised", "not_recognised")
    assert reports.addend(PLACE, None, "78/BC (minh họa)", "77/BC (minh họa)", DAY, HAND, tmp_path)["new"] == 0
    words = "\n".join(cell.text for row in Document(str(more["files"][0])).tables[1].rows for cell in row.cells)
    assert one["name"] in words and "chưa đạt" in words
    assert verify_journal()[1] is None


def test_a_district_reports_its_own_communes_only(cycle_id: int, tmp_path: Path) -> None:
    whole = reports.draft(PLACE, None, DAY, tmp_path)["figures"]
    first = whole["by_district"][0]
    own = reports.draft(PLACE, first["code"], DAY, tmp_path)
    assert own["act"] == "report-to-province"
    assert own["figures"]["communes"] == first["communes"] < whole["communes"]
    assert cycle_id


@ON_SQLITE
def test_what_is_not_due_yet_is_no_difficulty(cycle_id: int, tmp_path: Path) -> None:
    figures = reports.draft(PLACE, None, DAY, tmp_path)["figures"]
    told = drafted(figures)["difficulties"][:-1]
    late = [one for one in figures["stages"] if one["late"] or one["overdue"]]
    assert len(told) == len(late) > 0
    waiting = {"stage": "commendation", "late": 0, "outstanding": 7, "overdue": 0}
    assert drafted(figures | {"stages": [waiting]})["difficulties"][:-1] == []
    assert cycle_id


@ON_SQLITE
def test_the_draft_on_responsibility_names_offices_and_leaves_the_conclusion_empty(
    cycle_id: int, tmp_path: Path
) -> None:
    done = reports.responsibility(PLACE, DAY, tmp_path)
    late = plain(
        f"SELECT count(*) FROM deadlines WHERE cycle_id = {cycle_id} AND last_day < '{DAY}' AND due_day IS NOT NULL "
        "AND (done_on > last_day OR done_on IS NULL)"
    )
    assert done["late_steps"] == late > 0
    table = Document(str(done["files"][0])).tables[0]
    assert len(table.rows) == late + 1
    assert {row.cells[-1].text for row in table.rows[1:]} == {""}


@ON_SQLITE
def test_the_command_drafts_and_refuses_without_a_folder(
    cycle_id: int, tmp_path: Path, tcpl: Callable[..., Any]
) -> None:
    words = ("report", "--province", "96", "--year", "2024", "--trial", "--json")
    assert tcpl(*words).json["error"]["code"] == "report_without_folder"
    assert len(tcpl(*words, "--out", str(tmp_path)).json["files"]) == 2
    assert cycle_id

"""Workbooks out: what they say, what they let nobody do, and that a filled one comes in again; by files only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from workbook_filler import filled

from models.cycle.lifecycle import State
from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Scorecard, dossiers_by_code, latest_cards
from models.words import Words
from tasks import clock
from tasks.database import reading
from tasks.intake import Report, take_files
from tasks.opening import OpenedCycle, open_cycle
from tasks.workbook_content import Before, LeftOver, books
from tasks.workbook_sheets import build
from tasks.workbooks import write_workbooks

pytestmark = pytest.mark.usefixtures("units")


@pytest.fixture(params=[(2024, "32002"), (2026, "31825")], ids=["qd-25-2021", "qd-27-2025"])
def era(request: pytest.FixtureRequest) -> tuple[int, str]:
    """An evaluation year, and a commune of Cà Mau in it."""
    return request.param


def opened(year: int) -> OpenedCycle:
    plan = Path(f"regulations/plans/ca-mau-{year}.yaml")
    return open_cycle("96", year, trial=True, plan_file=plan, at=clock.moment(date(year, 12, 2)), most=3)


def regulation_of(cycle: int) -> Regulation:
    with reading() as session:
        return law_of(session, session.get_one(Cycle, cycle)).regulation


def given_out(year: int, code: str, out: Path) -> Path:
    return write_workbooks("96", year, out, communes=[code]).files[0][2]


def handed_in(path: Path, day: date) -> Report:
    return take_files([path], at=clock.moment(day))


def standing(cycle: int, code: str) -> tuple[State, Scorecard | None]:
    with reading() as session:
        dossier = dossiers_by_code(session, cycle, [code])[code]
        return State(dossier.state), latest_cards(session, [dossier.id], "self").get(dossier.id)


def words_of(workbook: Workbook, sheet: str) -> str:
    return "\n".join(str(cell.value) for row in workbook[sheet].iter_rows() for cell in row if cell.value is not None)


@ON_SQLITE
def test_a_workbook_names_its_commune_its_dates_with_reasons_and_that_it_is_a_trial(tmp_path: Path) -> None:
    opened(2024)
    guide = words_of(load_workbook(given_out(2024, "32002", tmp_path)), "Hướng dẫn")
    assert "Phường 2 (32002)" in guide
    assert "THỬ NGHIỆM" in guide
    assert "09/01/2025" in guide
    assert "10/01/2025" in guide  # what the office accepts beyond the legal day stands beside it
    assert "Điều 5 khoản 2 25/2021/QĐ-TTg" in guide


@ON_SQLITE
def test_only_the_cells_to_be_filled_in_are_open_sums_are_locked_and_every_sheet_prints_on_a4(
    tmp_path: Path, era: tuple[int, str]
) -> None:
    cycle = opened(era[0])
    workbook = load_workbook(given_out(*era, tmp_path))
    locked_formulas = 0
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.protection.locked, (sheet.title, cell.coordinate)
                    locked_formulas += 1
    assert locked_formulas > len(regulation_of(cycle.cycle).indicators())
    for sheet in workbook.worksheets[1:-1]:
        assert (sheet.page_setup.paperSize, sheet.print_title_rows) == (9, "$5:$5")


@ON_SQLITE
def test_last_years_answer_and_what_is_still_to_be_mended_stand_beside_the_indicator() -> None:
    cycle = opened(2024).cycle
    with reading() as session:
        (book,) = books(session, session.get_one(Cycle, cycle), "", ["32002"])
    before = Before(Words("chưa đạt", "not met"), "78", {"2.1": "5"})
    workbook = build(replace(book, before=before, remedies=[LeftOver("2.1", "5/6; yêu cầu 6")]), "vi")
    row = next(row for row in workbook["Tự chấm điểm"].iter_rows(min_row=6) if row[0].value == "2.1")
    assert row[10].value == "5\nChưa khắc phục: 5/6; yêu cầu 6"
    assert "chưa đạt, tổng điểm 78" in words_of(workbook, "Hướng dẫn")
    contents = words_of(workbook, "Tự chấm điểm")
    assert "Cách chấm: 0 hoặc 1 điểm. Thiếu từ 01 văn bản trở lên: 0 điểm" in contents


@ON_SQLITE
def test_2026_goes_through_two_supplement_rounds_by_files_and_acts_only(
    tcpl: Callable[..., Any], tmp_path: Path
) -> None:
    cycle, code = opened(2026).cycle, "31825"
    first = filled(given_out(2026, code, tmp_path), regulation_of(cycle), tmp_path / "in.xlsx")
    assert handed_in(first, date(2027, 1, 8)).accepted
    for number, (item, row) in enumerate((("1.1", 7), ("1.2", 8)), start=1):
        day = f"2027-01-1{number}"
        words = ("supplement", "request", code, "--year", "2026", "--note", f"{item}=Thiếu số liệu")
        asked = tcpl(*words, "--received", day, "--by", "Sở Tư pháp (minh họa)", "--as-of", f"{day}T08:00:00+07:00")
        assert asked.status == 0, asked.err
        workbook = load_workbook(given_out(2026, code, tmp_path))
        sheet = workbook["Tự đánh giá"]
        assert [sheet[f"E{place}"].protection.locked for place in (7, 8)] == [number != 1, number != 2]
        sheet[f"E{row}"], sheet[f"F{row}"] = 6, 6
        workbook.save(tmp_path / f"round-{number}.xlsx")
        report = handed_in(tmp_path / f"round-{number}.xlsx", date(2027, 1, 10 + number))
        assert report.accepted, report.refused
    done = ("supplement", "complete", code, "--year", "2026", "--by", "Sở Tư pháp (minh họa)", "--json")
    assert tcpl(*done, "--as-of", "2027-01-14T08:00:00+07:00").json["new"] is True
    dossier = tcpl("dossier", code, "--year", "2026", "--json", "--on", "2027-01-20").json
    done = {row["step"]: row["done_on"] for row in dossier["deadlines"]}
    assert done["judge-indicators"] == "2027-01-02"  # its drafts were posted on that day
    papers = dossier["handed_in"]
    assert [one["round"] for one in papers["files"]] == [1, 2, 3]
    assert [len(one["items"]) for one in dossier["supplements"]] == [1, 1]
    assert {one["part"] for one in papers["beside"]} >= {"opinions", "meeting", "officers", "evidence", "outcome"}
    assert len(papers["posting"]["postings"]) == 2


def test_a_filled_workbook_comes_in_and_is_judged(tmp_path: Path, era: tuple[int, str]) -> None:
    cycle, (year, code) = opened(era[0]), era
    path = filled(given_out(year, code, tmp_path), regulation_of(cycle.cycle), tmp_path / "in.xlsx")
    report = handed_in(path, date(year + 1, 1, 8))
    assert [one.new for one in report.accepted] == [True], report.refused
    state, card = standing(cycle.cycle, code)
    assert state is State.SUBMITTED
    assert card
    assert card.meets is True
    assert year != 2024 or card.total == 100


@ON_SQLITE
def test_a_commune_may_hand_in_not_met_and_must_explain_it(tmp_path: Path, era: tuple[int, str]) -> None:
    cycle, (year, code) = opened(era[0]), era
    given, law = given_out(year, code, tmp_path), regulation_of(cycle.cycle)
    silent = filled(given, law, tmp_path / "silent.xlsx", outcome="not_met", cells={("Kết quả đề nghị", "B10"): None})
    refused = handed_in(silent, date(year + 1, 1, 8)).refused
    assert [(flaw.sheet, flaw.cell) for flaw in refused[0].errors] == [("Kết quả đề nghị", "B10")]
    report = handed_in(filled(given, law, tmp_path / "said.xlsx", outcome="not_met"), date(year + 1, 1, 8))
    assert report.accepted[0].declares_not_met
    assert standing(cycle.cycle, code)[0] is State.DECLARED_NOT_MET


@ON_SQLITE
def test_all_communes_get_a_workbook_by_the_command(tcpl: Callable[..., Any], tmp_path: Path) -> None:
    opened(2026)
    answer = tcpl(
        "workbook", "--province", "96", "--year", "2026", "--commune", "31825", "--out", str(tmp_path), "--json"
    )
    assert answer.status == 0, answer.err
    assert answer.json["trial"] is True
    assert [Path(one["file"]).is_file() for one in answer.json["files"]] == [True]
    answer = tcpl(
        "workbook", "--province", "96", "--year", "2026", "--commune", "99999", "--out", str(tmp_path), "--json"
    )
    assert (answer.status, answer.json["error"]["code"]) == (1, "unit_not_in_cycle")


@ON_SQLITE
def test_a_workbook_in_english_comes_in_as_well(tmp_path: Path) -> None:
    cycle = opened(2026)
    path = write_workbooks("96", 2026, tmp_path, communes=["31825"], language="en").files[0][2]
    workbook = load_workbook(path)
    assert "TRIAL" in words_of(workbook, "Hướng dẫn")
    report = handed_in(filled(path, regulation_of(cycle.cycle), tmp_path / "in.xlsx"), date(2027, 1, 8))
    assert len(report.accepted) == 1, report.refused

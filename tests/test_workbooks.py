"""Workbooks out: what they say, what they let nobody do, and that a filled one comes in again; by files only."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from workbook_filler import filled

from models.cycle.lifecycle import State
from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Scorecard, dossiers_by_code, latest_cards
from tasks import clock
from tasks.database import reading
from tasks.intake import Report, take_files
from tasks.opening import OpenedCycle, open_cycle
from tasks.workbooks import write_workbooks

pytestmark = pytest.mark.usefixtures("units")


@pytest.fixture(params=[(2024, "32002"), (2026, "31825")], ids=["qd-25-2021", "qd-27-2025"])
def era(request: pytest.FixtureRequest) -> tuple[int, str]:
    """An evaluation year, and a commune of Cà Mau in it."""
    return request.param


def opened(year: int) -> OpenedCycle:
    plan = Path(f"regulations/plans/ca-mau-{year}.yaml")
    return open_cycle("96", year, trial=True, plan_file=plan, at=clock.moment(date(year, 12, 2)))


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


def test_a_workbook_names_its_commune_its_dates_with_reasons_and_that_it_is_a_trial(tmp_path: Path) -> None:
    opened(2024)
    guide = words_of(load_workbook(given_out(2024, "32002", tmp_path)), "Hướng dẫn")
    assert "Phường 2 (32002)" in guide
    assert "THỬ NGHIỆM" in guide
    assert "09/01/2025" in guide
    assert "10/01/2025" in guide  # what the office accepts beyond the legal day stands beside it
    assert "Điều 5 khoản 2 25/2021/QĐ-TTg" in guide


def test_only_the_cells_to_be_filled_in_are_open_and_sums_are_locked(tmp_path: Path, era: tuple[int, str]) -> None:
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


def test_every_sheet_prints_on_a4_with_its_headings_repeated(tmp_path: Path, era: tuple[int, str]) -> None:
    opened(era[0])
    for sheet in load_workbook(given_out(*era, tmp_path)).worksheets[1:-1]:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows == "$5:$5"


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


def test_a_commune_may_hand_in_not_met_and_must_explain_it(tmp_path: Path, era: tuple[int, str]) -> None:
    cycle, (year, code) = opened(era[0]), era
    given, law = given_out(year, code, tmp_path), regulation_of(cycle.cycle)
    silent = filled(given, law, tmp_path / "silent.xlsx", outcome="not_met", cells={("Kết quả đề nghị", "B10"): None})
    refused = handed_in(silent, date(year + 1, 1, 8)).refused
    assert [(flaw.sheet, flaw.cell) for flaw in refused[0].errors] == [("Kết quả đề nghị", "B10")]
    report = handed_in(filled(given, law, tmp_path / "said.xlsx", outcome="not_met"), date(year + 1, 1, 8))
    assert report.accepted[0].declares_not_met
    assert standing(cycle.cycle, code)[0] is State.DECLARED_NOT_MET


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


def test_a_workbook_in_english_comes_in_as_well(tmp_path: Path) -> None:
    cycle = opened(2026)
    path = write_workbooks("96", 2026, tmp_path, communes=["31825"], language="en").files[0][2]
    workbook = load_workbook(path)
    assert "TRIAL" in words_of(workbook, "Hướng dẫn")
    report = handed_in(filled(path, regulation_of(cycle.cycle), tmp_path / "in.xlsx"), date(2027, 1, 8))
    assert len(report.accepted) == 1, report.refused

"""Documented results of earlier years, and complaints: taken in strictly, never overwritten, settled by a document."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cycle_builders import everything, hand, refused
from databases import ON_SQLITE
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.errors import AnswerRefusal
from models.records.afterwards import Commendation, propose_commendations
from models.records.complaints import ComplaintKind
from models.records.earlier_results import years_running
from tasks import complaints, deciding
from tasks.database import reading
from tasks.deciding import Signed
from tasks.results import HEADINGS, import_results, known_results
from tasks.sittings import Place, sit

District = tuple[Place, str, list[str]]
BY = hand("Sở Tư pháp (minh họa)", date(2025, 3, 3))


def written(folder: Path, *rows: tuple[Any, ...], name: str = "kq.xlsx") -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (HEADINGS, *rows):
        page.append(row)
    path = folder / name
    book.save(path)
    return path


def row(code: str, year: int, outcome: str = "Đạt", **changed: Any) -> tuple[Any, ...]:
    cells = {"name": "", "number": f"{year}/QĐ", "on": date(year + 1, 2, 1), "source": "minh họa"} | changed
    return (code, cells["name"], year, outcome, cells["number"], cells["on"], cells["source"])


def test_three_years_running_are_seen_once_they_are_documented(appraised: District, tmp_path: Path) -> None:
    place, unit, codes = appraised
    deciding.sign(place, Signed(unit, "1/QĐ", date(2025, 2, 6), "C (minh họa)"), BY)
    file = written(
        tmp_path, row(codes[1], 2022), row(codes[1], 2023), row(codes[2], 2023), row(codes[2], 2022, "Chưa đạt")
    )
    assert import_results(file, "Sở Tư pháp (minh họa)")["new"] == 4
    before = everything()
    assert import_results(file, "Sở Tư pháp (minh họa)")["new"] == 0
    assert everything() == before
    with sit(place, BY, "kế hoạch") as sitting:
        propose_commendations(sitting)
    with reading() as session:
        proposed = session.scalars(select(Commendation).where(Commendation.rule == "recognised_years_running")).all()
    assert [one.ground for one in proposed] == ["đạt chuẩn 3 năm liên tục, 2022-2024"]
    known = {one["code"]: one for one in known_results("96", 2024, trial=True)}
    assert known[codes[1]]["years_running"] == 3
    assert known[codes[2]]["years_running"] == 2
    assert known_results("96", 2023)[0]["years"].keys() <= {"2022", "2023"}


@ON_SQLITE
def test_a_faulty_workbook_is_refused_whole_with_its_cells(appraised: District, tmp_path: Path) -> None:
    _, _, codes = appraised
    file = written(
        tmp_path,
        row(codes[0], 2023),
        row(codes[0], 2023),
        row("99999", 2023),
        row(codes[1], 2023, "đậu", source=""),
        row(codes[2], 2023, name="Xã Không Phải"),
        row(codes[2], 2022, on="hôm qua", number=""),
    )
    stop = refused(lambda: import_results(file, "x"), "results_refused")
    assert isinstance(stop, AnswerRefusal)
    cells = [error["cell"] for error in stop.details["errors"]]
    assert cells == ["A3", "A4", "D5", "G5", "B6", "E7", "F7"]


def test_a_documented_result_is_not_overwritten(appraised: District, tmp_path: Path) -> None:
    _, _, codes = appraised
    import_results(written(tmp_path, row(codes[0], 2023)), "x")
    other = written(tmp_path, row(codes[0], 2023, "Chưa đạt"), row(codes[1], 2023), name="khac.xlsx")
    refused(lambda: import_results(other, "x"), "result_contradicts")
    more = written(tmp_path, row(codes[0], 2023), row(codes[1], 2023), name="them.xlsx")
    assert import_results(more, "x")["new"] == 1


@ON_SQLITE
@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut"])
def test_what_is_no_workbook_is_refused(appraised: District, tmp_path: Path, content: bytes) -> None:
    assert appraised
    file = tmp_path / "kq.xlsx"
    file.write_bytes(content)
    refused(lambda: import_results(file, "x"), "results_file")


@given(years=st.dictionaries(st.integers(2015, 2030), st.booleans()), year=st.integers(2015, 2030))
def test_a_row_of_years_has_no_gap(years: dict[int, bool], year: int) -> None:
    count = years_running(years, year)
    assert all(years.get(year - back) for back in range(count))
    assert not years.get(year - count)


def test_a_complaint_goes_to_its_level_its_chair_and_its_settlement(
    appraised: District, tcpl: Callable[..., Any]
) -> None:
    place, _, codes = appraised
    on = date(2025, 2, 20)

    def record(about: str = "điểm 2.1 (minh họa)") -> bool:
        kind = ComplaintKind.PETITION
        return complaints.record(place, codes[0], "3/ĐƠN", kind, on, "người dân (minh họa)", about, BY)

    refused(lambda: record(" "), "empty_complaint")
    assert record()
    assert not record()
    refused(lambda: record("khác"), "complaint_number_taken")
    ahead, kind = date(2025, 3, 4), ComplaintKind.PETITION
    refused(lambda: complaints.record(place, codes[0], "4", kind, ahead, "x", "x", BY), "complaint_not_received_yet")
    refused(lambda: complaints.assign(place, "3/ĐƠN", "district", date(2025, 2, 19), BY), "before_it_was_received")
    refused(lambda: complaints.report(place, "3/ĐƠN", on, "4/BC", BY), "complaint_not_assigned")
    refused(lambda: complaints.assign(place, "3/ĐƠN", "commune", on, BY), "no_such_level")
    refused(lambda: complaints.assign(place, "none", "district", on, BY), "no_such_complaint")
    assert complaints.assign(place, "3/ĐƠN", "district", on, BY)
    assert complaints.report(place, "3/ĐƠN", on, "4/BC", BY)
    settle = lambda outcome: complaints.settle(place, "3/ĐƠN", on, "5/CV", outcome, BY)  # noqa: E731
    refused(lambda: settle(""), "settlement_without_document")
    assert settle("giữ nguyên kết quả")
    assert not settle("giữ nguyên kết quả")
    refused(lambda: settle("đổi ý"), "complaint_settled")
    (found,) = complaints.listed(place, codes[0])
    assert (found["reported_to"], found["report"], found["settlement"]) == ("district_chair", "4/BC", "5/CV")
    assert complaints.listed(place, codes[1]) == []
    asked = ("dossier", codes[0], "--year", "2024", "--json")
    (shown,) = tcpl(*asked).json["complaints"]
    assert (shown["level"], shown["reported_to"], shown["settlement"]) == ("district", "district_chair", "5/CV")
    assert "3/ĐƠN" in tcpl(*asked[:-1]).out
    assert tcpl(*asked, "--on", "2025-02-19").json["complaints"] == []


@ON_SQLITE
def test_the_commands_speak_and_leave_with_the_right_status(
    appraised: District, tcpl: Callable[..., Any], tmp_path: Path
) -> None:
    _, _, codes = appraised
    where = ("--province", "96", "--year", "2024")
    by = ("--by", "Sở Tư pháp (minh họa)")
    told = (
        "--number",
        "8/ĐƠN",
        "--kind",
        "complaint",
        "--from",
        "A (minh họa)",
        "--about",
        "x",
        "--received",
        "2025-02-20",
    )
    assert tcpl("complaint", "record", *where, *by, "--commune", codes[0], *told).status == 0
    assert "8/ĐƠN" in tcpl("complaint", "show", *where).out
    assert (
        tcpl("complaint", "settle", *where, *by, "--number", "8/ĐƠN", "--document", "1", "--outcome", "x").status == 1
    )
    assert tcpl("results", "template", tmp_path / "mau.xlsx").status == 0
    assert tcpl("results", "import", tmp_path / "mau.xlsx", "--by", "An (minh họa)", "--json").json["rows"] == 0
    nowhere = tmp_path / "mau.xlsx" / "kq.xlsx"
    assert tcpl("results", "template", nowhere, "--json").json["error"]["code"] == "cannot_write"
    assert tcpl("forms", *where, "--out", nowhere, "--json").json["error"]["code"] == "cannot_write"
    assert tcpl("results", "show", "--province", "96", "--year", "2024").status == 0
    gone = tcpl("complaint", "show", "--province", "96", "--year", "2021", "--json")
    assert (gone.status, gone.json["error"]["code"]) == (1, "no_such_cycle")
    assert tcpl("extend", *where, *by, "--json").status == 2

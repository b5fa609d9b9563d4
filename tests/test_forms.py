"""The official forms: titles from the regulation, trial and unconfirmed values told, an office's own template taken."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cycle_builders import communes, hand, hand_in, refused, trial_cycle
from databases import ON_SQLITE
from docx import Document
from sqlalchemy import insert, select

from models.records.canonical import canonical
from models.records.dossiers import Dossier
from models.records.handed_in import HandedIn, HandedInLine
from models.records.units import Unit
from tasks import deciding, forms
from tasks.database import work
from tasks.deciding import Signed
from tasks.form_pages import FOLDER
from tasks.sittings import Place

District = tuple[Place, str, list[str]]
BY = hand("Văn thư (minh họa)", date(2025, 2, 6))


def words(path: Path) -> str:
    """Everything that stands in a Word document, its header and footer too."""
    paper: Any = Document(str(path))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    ends = [line.text for part in (paper.sections[0].header, paper.sections[0].footer) for line in part.paragraphs]
    return "\n".join([*ends, *(line.text for line in paper.paragraphs), *cells])


@pytest.fixture
def written(appraised: District, tmp_path: Path) -> tuple[District, Path, dict[str, Any]]:
    place, unit, codes = appraised
    ground = "căn cứ minh họa & <đặc biệt>"
    deciding.sign(place, Signed(unit, "1/QĐ-UBND", date(2025, 2, 6), "C (minh họa)", {codes[0]: ground}), BY)
    return appraised, tmp_path, forms.write_forms(place, tmp_path)


@ON_SQLITE
def test_all_ten_forms_are_written_under_the_titles_of_the_circular(written: Any) -> None:
    (_, unit, codes), out, told = written
    assert list(told["forms"]) == [f"{number:02}" for number in range(1, 11)]
    assert told["forms"]["08"].startswith("Quyết định công nhận")
    names = {path.relative_to(out).as_posix() for path in told["files"]}
    assert {f"xa/{codes[0]}/mau-{form}.docx" for form in ("01", "02", "03", "04", "07")} <= names
    assert {f"huyen/{unit}/mau-05-2025-01-24.docx", f"huyen/{unit}/mau-08-1-qd-ubnd.docx", "danh-sach.xlsx"} <= names
    for path in told["files"]:
        if path.suffix == ".docx":
            text = words(path)
            assert "{{" not in text
            assert "{%" not in text
            assert "THỬ NGHIỆM" in text


@ON_SQLITE
def test_what_is_not_confirmed_is_noted_beside_the_value_and_below(written: Any) -> None:
    (_, _, codes), out, _ = written
    text = words(out / "xa" / codes[1] / "mau-02.docx")
    assert "30,00⁴" in text  # the recalled maximum of criterion 2
    assert "7,00¹" in text  # computed: 10 - 3
    assert "⁶ minh họa: điểm tối đa của chỉ tiêu 2.1, 2.2" in text
    assert "bố cục do phần mềm trình bày" in text
    assert "10,00\n" in text  # confirmed: no sign


@ON_SQLITE
def test_the_decision_shows_both_lists_and_flags_what_is_contrary_to_the_rule(written: Any) -> None:
    (_, unit, codes), out, _ = written
    text = words(out / "huyen" / unit / "mau-08-1-qd-ubnd.docx")
    assert "Công nhận 3 đơn vị" in text
    assert "KHÁC KẾT LUẬN THEO QUY ĐỊNH, căn cứ: căn cứ minh họa & <đặc biệt>" in text
    assert all(code in text for code in codes)
    assert "Điều 5 khoản 3" in text
    assert "Căn cứ Quyết định số 25/2021/QĐ-TTg ngày 22/07/2021 của Thủ tướng Chính phủ" in text
    assert "Căn cứ biên bản họp Hội đồng số 1/BB ngày 24/01/2025;" in text
    assert "trong 02 ngày làm việc kể từ ngày ký quyết định (Điều 3 khoản 2 điểm d, 09/2021/TT-BTP)" in text
    assert "Kèm theo Quyết định số 1/QĐ-UBND ngày 06 tháng 02 năm 2025 của Chủ tịch UBND" in text
    assert "Không có đơn vị nào." in text  # the list of those that were not recognised


@ON_SQLITE
def test_a_superseded_decision_stays_readable_and_says_by_what(written: Any) -> None:
    (place, unit, codes), out, _ = written
    new = Signed(unit, "7/QĐ-UBND", date(2025, 2, 6), "C (minh họa)", not_recognised={codes[0]: ""})
    deciding.correct(place, new, "ghi nhầm (minh họa)", "căn cứ (minh họa)", BY)
    forms.write_forms(place, out / "again")
    folder = out / "again" / "huyen" / unit
    assert "bị 7/QĐ-UBND thay thế" in words(folder / "mau-08-1-qd-ubnd.docx")
    later = words(folder / "mau-08-7-qd-ubnd.docx")
    assert "thay thế kết quả tại: 1/QĐ-UBND" in later
    assert "ghi nhầm (minh họa)" in later
    assert "2/3 đơn vị đạt chuẩn (66,67 %), 1 chưa đạt chuẩn" in words(folder / "danh-sach.docx")


@ON_SQLITE
def test_the_workbook_has_the_lists_and_both_scores(written: Any) -> None:
    (_, _, codes), out, _ = written
    book = openpyxl.load_workbook(out / "danh-sach.xlsx")
    assert book.sheetnames == ["Đạt chuẩn", "Chưa đạt chuẩn", "Điểm", "Quyết định", "Ghi chú"]
    assert [row[1].value for row in book["Đạt chuẩn"].iter_rows(min_row=5)] == codes
    assert book["Điểm"]["A2"].value.startswith("THỬ NGHIỆM")
    (first, *_) = book["Điểm"].iter_rows(min_row=5, values_only=True)
    assert first[3:5] == (100, 100)


def test_one_form_of_one_commune(appraised: District, tmp_path: Path, tcpl: Callable[..., Any]) -> None:
    _, _, codes = appraised
    where = ("forms", "--province", "96", "--year", "2024", "--out", tmp_path, "--json")
    told = tcpl(*where, "--form", "2", "--commune", codes[1]).json
    assert [Path(path).name for path in told["files"]] == ["mau-02.docx"]
    assert tcpl(*where, "--form", "11").json["error"]["code"] == "no_such_form"
    assert tcpl(*where, "--commune", "00000").json["error"]["code"] == "unit_not_in_cycle"


@ON_SQLITE
def test_opinions_and_models_come_from_the_communes_own_workbook(appraised: District, tmp_path: Path) -> None:
    """Forms 01, 03, 04 say what the newest workbook says; where there is none, there is room to write."""
    place, _, codes = appraised
    with work() as session:
        dossier = session.scalars(
            select(Dossier).join(Unit, Unit.id == Dossier.unit_id).where(Unit.code == codes[1])
        ).one()
        file = {"cycle_id": dossier.cycle_id, "unit_id": dossier.unit_id, "round": 1, "sha256": "0" * 64, "size": 1}
        file |= {"name": "x.xlsx", "at": BY.at, "by": "x", "declares_not_met": False, "document": "", "explanation": ""}
        file_id = session.scalars(insert(HandedIn).returning(HandedIn.id), [file]).one()
        parts = {
            "opinions": {"on": "2025-01-03", "from": "Dân (minh họa)", "opinion": "Rõ hơn", "how": "accepted"},
            "models": {"model": "Câu lạc bộ (minh họa)", "asked": 30, "collected": 28, "effective": 25},
            "meeting": {"held_on": "2025-01-07", "attended": 21},
        }
        rows = [
            {"handed_in_id": file_id, "part": part, "number": 1, "place": "", "text": canonical(row)}
            for part, row in parts.items()
        ]
        session.execute(insert(HandedInLine), rows)
    forms.write_forms(place, tmp_path, communes=codes[:2])
    first, second = (
        {form: words(tmp_path / "xa" / code / f"mau-{form}.docx") for form in ("01", "03", "04")} for code in codes[:2]
    )
    assert all(said in second["03"] for said in ("1 ý kiến", "03/01/2025", "Dân (minh họa)", "Rõ hơn", "Tiếp thu"))
    assert all(said in second["04"] for said in ("Câu lạc bộ (minh họa)", "28", "89,29 %"))
    assert "ngày 07/01/2025, 21 người dự" in second["01"]
    assert "chưa ghi nhận trong hệ thống" in first["03"]
    assert "Chưa ghi nhận trong hồ sơ điện tử." in first["04"]


@ON_SQLITE
def test_an_office_may_edit_a_template(appraised: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, _, codes = appraised
    own = tmp_path / "own"
    own.mkdir()
    paper: Any = Document(str(FOLDER / "mau-02.docx"))
    paper.add_paragraph("Thêm của cơ quan: {{ total_words }}")
    paper.save(str(own / "mau-02.docx"))
    monkeypatch.setattr(forms, "FOLDER", own)
    told = forms.write_forms(place, tmp_path / "out", form="02", communes=codes[:1])
    assert "Thêm của cơ quan: Tổng điểm 100,00/100,00" in words(told["files"][0])


@pytest.mark.usefixtures("units")
def test_2026_has_lists_and_no_invented_form(tmp_path: Path) -> None:
    place = trial_cycle(2026, most=2)
    hand_in(place, communes(place)[:1], date(2027, 1, 8))
    told = forms.write_forms(place, tmp_path)
    assert (told["forms"], told["unread"]) == ({}, True)
    assert [path.relative_to(tmp_path).as_posix() for path in told["files"]] == [
        "tinh/96/danh-sach.docx",
        "danh-sach.xlsx",
    ]
    text = words(tmp_path / "tinh" / "96" / "danh-sach.docx")
    assert "mẫu của văn bản chưa đọc được" in text
    assert "Mẫu số" not in text
    refused(lambda: forms.write_forms(place, tmp_path, form="08"), "no_such_form")

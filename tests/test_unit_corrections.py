"""A province's own file of units: what the shipped list lacks, every fault with its line, nothing half-taken."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE

from models.errors import Refusal
from models.records.unit_checks import check_file_rows
from models.records.unit_queries import add_units, count_units, forebears, lineage, units_on
from models.records.unit_rows import START_NOT_KNOWN
from models.records.unit_search import unit_or_refusal
from tasks.database import reading, work
from tasks.settings import Settings
from tasks.unit_corrections import read_unit_file

Tcpl = Callable[..., Any]

HEADING = "code,name,level,kind,parent,valid_from,valid_to\n"
MERGED_INTO = "code,name,level,kind,parent,valid_from,valid_to,into\n"
MERGED_IN_2024 = HEADING + "99901,Xã Ví Dụ,commune,Xã,964,,2024-10-31\n"


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "ca-mau.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_the_101st_commune_of_ca_mau_is_there_until_its_last_day(units: Settings, csv: Callable[..., Path]) -> None:
    rows = read_unit_file(csv(MERGED_IN_2024))
    with work(units) as session:
        check_file_rows(session, "ca-mau.csv", rows)
        assert add_units(session, rows) == 1
    with work(units) as session:
        check_file_rows(session, "ca-mau.csv", rows)
        assert add_units(session, rows) == 0
    with reading(units) as session:
        for day, communes in ((date(2024, 10, 31), 101), (date(2024, 11, 1), 100)):
            assert len([unit for unit in units_on(session, "96", day) if unit.level == "commune"]) == communes
        assert unit_or_refusal(session, "99901", date(2024, 1, 1)).source == "ca-mau.csv, dòng 2"


def test_what_a_unit_went_into_joins_the_lineage(units: Settings, csv: Callable[..., Path]) -> None:
    rows = read_unit_file(csv(MERGED_INTO + "99901,Xã Ví Dụ,commune,Xã,964,,2024-10-31,32002\n"))
    with work(units) as session:
        check_file_rows(session, "ca-mau.csv", rows)
        add_units(session, rows, [descent for row in rows for descent in row.descents()])
        before = unit_or_refusal(session, "32002", date(2024, 11, 1))
        (kin,) = lineage(session, before.id)[0]
        assert (kin.unit.code, kin.on, kin.whole) == ("99901", date(2024, 11, 1), True)
        heir = unit_or_refusal(session, "32002", date(2025, 7, 1))
        assert unit_or_refusal(session, "99901", date(2024, 1, 1)).id in forebears(session, heir.id)


@ON_SQLITE
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("2024-10-31,99999", "không có đơn vị mã 99999"),
        ("2025-06-30,32005", "không có đơn vị mã 32005"),  # that one ended on the same day
        ("2024-10-31,3200", "cột into ghi “3200”"),
        ("2024-10-31,32002/32005", "cột into ghi “32002/32005”"),
        (",32002", "chưa có ngày kết thúc"),
    ],
)
def test_a_forebear_goes_only_into_what_is_there_the_day_after(
    units: Settings, csv: Callable[..., Path], cells: str, said: str
) -> None:
    with pytest.raises(Refusal) as refused, reading(units) as session:
        check_file_rows(
            session, "ca-mau.csv", read_unit_file(csv(f"{MERGED_INTO}99901,Xã Ví Dụ,commune,Xã,964,,{cells}\n"))
        )
    (fault, *_) = refused.value.details["errors"]
    assert (fault["line"], said in fault["what"].vi.lower()) == (2, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("mark", [",", ";"])
def test_a_file_is_read_as_excel_writes_it(csv: Callable[..., Path], mark: str, encoding: str) -> None:
    (row,) = read_unit_file(csv(MERGED_IN_2024.replace(",", mark).replace("\n", "\r\n"), encoding))
    assert (row.name, row.valid_from, row.valid_to) == ("Xã Ví Dụ", START_NOT_KNOWN, date(2024, 10, 31))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9990,Xã A,commune,Xã,964,,", "mã “9990”"),
        ("٣٢٠٠٢,Xã A,commune,Xã,964,,", "mã “٣٢٠٠٢”"),
        ("99901,A,commune,Xã,964,,", "không bắt đầu bằng “xã”"),
        ("99901,Xã A,village,Xã,964,,", "không có cấp “village”"),
        ("99901,Huyện A,commune,Huyện,964,,", "không có loại đơn vị “huyện”"),
        ("99901,Xã A,commune,Xã,,,", "mã cấp trên “”"),
        ("99,Tỉnh A,province,Tỉnh,96,,", "mã cấp trên “96”"),
        ("99901,Xã A,commune,Xã,964,01/01/2024,", "ngày “01/01/2024”"),
        ("99901,Xã A,commune,Xã,964,,2024-02-30", "ngày “2024-02-30”"),
        ("99901,Xã A,commune,Xã,964,2024-02-02,2024-02-01", "kết thúc trước khi bắt đầu"),
        ("99901,Xã A,commune,Xã,964,,,,", "nhiều ô hơn"),
        ("99901,Xã A", "không có cấp “”"),
    ],
)
def test_a_fault_is_told_with_its_line(csv: Callable[..., Path], line: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_unit_file(csv(f"{MERGED_IN_2024}{line}\n"))
    faults = refused.value.details["errors"]
    assert refused.value.code == "bad_unit_file"
    assert said in " ".join(fault["what"].vi.lower() for fault in faults)
    assert {fault["line"] for fault in faults} == {3}


def test_every_fault_of_a_file_is_told_at_once(csv: Callable[..., Path]) -> None:
    with pytest.raises(Refusal) as refused:
        read_unit_file(csv(HEADING + "1,Xã A,commune,Xã,964,,\n99901,Xã A,commune,Xã,964,x,\n99901,Xã A,x,Xã,964,,\n"))
    assert [fault["line"] for fault in refused.value.details["errors"]] == [2, 3, 4]


@pytest.mark.parametrize("text", ["", "code;name\n", "\n", HEADING.replace("kind", "type")])
def test_a_file_without_its_heading_is_refused(csv: Callable[..., Path], text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_unit_file(csv(text))
    assert refused.value.details["errors"][0]["line"] == 1


def test_a_missing_file_a_folder_and_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "book.xlsx"):
        with pytest.raises(Refusal) as refused:
            read_unit_file(path)
        assert refused.value.code == "unreadable_file"


@ON_SQLITE
@pytest.mark.parametrize(
    ("lines", "faulty"),
    [
        ("32002,Phường 3,commune,Phường,964,2024-01-01,\n", [2, 2, 2]),  # taken twice, and its district ends
        ("32002,Phường 3,commune,Phường,964,2024-01-01,2025-06-30\n", [2]),
        ("32002,Phường 3,commune,Phường,964,,2025-06-30\n", [2]),
        ("99901,Xã A,commune,Xã,001,,2024-10-31\n", [2]),
        ("99901,Xã A,commune,Xã,964,,2024-10-31\n99901,Xã B,commune,Xã,964,2024-10-31,2024-12-31\n", [2, 3]),
        ("99901,Xã A,commune,Xã,964,,2024-10-31\n99901,Xã B,commune,Xã,964,2024-11-01,2024-12-31\n", []),
        ("999,Huyện A,district,Huyện,96,,2024-10-31\n99901,Xã B,commune,Xã,999,,2024-10-31\n", []),
        ("32002,Phường 2,commune,Phường,964,,2025-06-30\n", []),  # it says what we know
    ],
)
def test_a_row_may_not_make_a_code_ambiguous(
    units: Settings, csv: Callable[..., Path], lines: str, faulty: list[int]
) -> None:
    rows = read_unit_file(csv(HEADING + lines))
    with reading(units) as session:
        if not faulty:
            check_file_rows(session, "ca-mau.csv", rows)
            return
        with pytest.raises(Refusal) as refused:
            check_file_rows(session, "ca-mau.csv", rows)
    assert [fault["line"] for fault in refused.value.details["errors"]] == faulty


def test_import_of_a_file_adds_its_units(units: Settings, tcpl: Tcpl, csv: Callable[..., Path]) -> None:  # noqa: ARG001
    assert tcpl("units", "import", csv(MERGED_IN_2024), "--json").json["total"]["commune"] == 13_357


@ON_SQLITE
def test_import_of_a_bad_file_takes_nothing(settings: Settings, tcpl: Tcpl, csv: Callable[..., Path]) -> None:
    clashing = csv(MERGED_IN_2024 + "32002,Phường 3,commune,Phường,964,2024-01-01,2025-06-30\n")
    answer = tcpl("units", "import", clashing, "--json", "--lang", "en")
    assert (answer.status, answer.json["error"]["code"]) == (1, "bad_unit_file")
    assert answer.json["error"]["errors"][0]["line"] == 3
    assert answer.json["error"]["errors"][0]["what"] == "The code 32002 belongs to another unit."
    with reading(settings) as session:
        assert not any(count_units(session).values())

"""Files in: each whole or not at all, with the sheet and the cell of every fault; what is bad is never opened."""

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from databases import ON_SQLITE
from openpyxl import load_workbook
from sqlalchemy import func, select
from workbook_filler import Cells, another, filled

from models.cycle.lifecycle import State
from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier, Score, dossiers_by_code, latest_cards
from models.records.findings import FindingRecord
from models.records.handed_in import HandedIn, handed_in
from models.records.journal import Entry
from models.records.postings import postings_of
from models.records.units import Unit
from tasks import clock, intake_readers, workbook_safety
from tasks.anchors import verify_journal
from tasks.database import reading
from tasks.intake import Report, take_files
from tasks.intake_files import read_file
from tasks.workbooks import write_workbooks

pytestmark = pytest.mark.usefixtures("trial")

SCORES, POSTING, OUTCOME, LEADERS = "Tự chấm điểm", "Niêm yết", "Kết quả đề nghị", "Người đứng đầu"


class Desk:
    """A cycle that is open, a workbook that was given out and filled in, and the days on which files come."""

    filled: ClassVar[dict[str, bytes]] = {}
    """What the workbook is like when it is filled in, by outcome: made once, since every test begins from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with reading() as session:
            self.cycle = session.scalars(select(Cycle.id)).one()
            units = session.execute(select(Unit.code, Unit.name).join(Dossier, Dossier.unit_id == Unit.id)).tuples()
            self.units = sorted(units)
            self.law: Regulation = law_of(session, session.get_one(Cycle, self.cycle)).regulation
        self.code, self.name = self.units[0]

    def fill(self, name: str = "in.xlsx", cells: Cells | None = None, outcome: str = "proposes") -> Path:
        path = self.folder / name
        if outcome not in Desk.filled:
            blank = write_workbooks("96", 2024, self.folder, communes=[self.code]).files[0][2]
            Desk.filled[outcome] = filled(blank, self.law, path, outcome=outcome).read_bytes()
        path.write_bytes(Desk.filled[outcome])
        return changed(path, cells) if cells else path

    def hand_in(self, *paths: Path, on: date = date(2025, 1, 8)) -> Report:
        return take_files(list(paths), at=clock.moment(on))

    def state(self) -> tuple[State, int]:
        with reading() as session:
            dossier = dossiers_by_code(session, self.cycle, [self.code])[self.code]
            return State(dossier.state), dossier.round

    def entries(self) -> int:
        with reading() as session:
            return session.scalar(select(func.count()).select_from(Entry)) or 0

    def unit(self) -> int:
        with reading() as session:
            return dossiers_by_code(session, self.cycle, [self.code])[self.code].unit_id


def changed(path: Path, cells: Cells) -> Path:
    workbook = load_workbook(path)
    for (sheet, cell), value in cells.items():
        workbook[sheet][cell] = value
    workbook.save(path)
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def faults(report: Report) -> list[tuple[str, str]]:
    return [(flaw.sheet, flaw.cell) for one in report.refused for flaw in one.errors]


def said(report: Report) -> str:
    return " ".join(f"{flaw.what.en} {flaw.why.en}" for one in report.refused for flaw in one.errors)


# What is accepted, and twice


def test_the_same_file_twice_is_in_once(desk: Desk) -> None:
    path = desk.fill()
    assert desk.hand_in(path).accepted[0].new
    entries = desk.entries()
    assert not desk.hand_in(path).accepted[0].new
    assert desk.entries() == entries
    assert desk.state() == (State.SUBMITTED, 1)


def test_a_newer_version_before_the_deadline_supersedes_and_both_are_kept(desk: Desk, home: Path) -> None:
    desk.hand_in(desk.fill("first.xlsx"), on=date(2025, 1, 6))
    newer = desk.fill("second.xlsx", {(SCORES, "H10"): 6.5})
    assert desk.hand_in(newer, on=date(2025, 1, 10)).accepted  # the office takes files on the 10th
    assert desk.state() == (State.SUBMITTED, 2)
    with reading() as session:
        files = handed_in(session, session.get_one(Cycle, desk.cycle), desk.unit())
        assert [(one.name, one.round) for one in files] == [("first.xlsx", 1), ("second.xlsx", 2)]
        assert len(postings_of(session, desk.cycle, [desk.unit()])[desk.unit()]) == 2  # those of the newer file only
        assert all((home / "received" / one.sha256[:2] / f"{one.sha256}.xlsx").is_file() for one in files)


def test_a_newer_file_that_says_again_what_the_first_one_said_supersedes_the_one_between(desk: Desk) -> None:
    first = desk.fill("first.xlsx")
    desk.hand_in(first, on=date(2025, 1, 6))
    desk.hand_in(desk.fill("second.xlsx", {(SCORES, "H10"): 6.5}), on=date(2025, 1, 7))
    again = desk.folder / "again.xlsx"
    again.write_bytes(another(first.read_bytes(), ("zzzz", "zzzz"), ("zzzz", "zzzz")))  # packed anew: other bytes
    assert again.read_bytes() != first.read_bytes()
    assert desk.hand_in(again, on=date(2025, 1, 8)).accepted[0].new
    assert desk.state() == (State.SUBMITTED, 3)
    with reading() as session:
        dossier = dossiers_by_code(session, desk.cycle, [desk.code])[desk.code]
        assert latest_cards(session, [dossier.id], "self")[dossier.id].total == 100


def test_after_the_last_day_a_newer_version_is_refused_and_a_first_one_is_taken(desk: Desk) -> None:
    desk.hand_in(desk.fill("first.xlsx"), on=date(2025, 1, 6))
    late = desk.hand_in(desk.fill("second.xlsx", {(SCORES, "H10"): 6.5}), on=date(2025, 1, 11))
    assert "can no longer be replaced" in said(late)
    assert desk.state() == (State.SUBMITTED, 1)
    code, name = desk.units[1]
    other = desk.folder / "other.xlsx"
    other.write_bytes(another(desk.fill().read_bytes(), (desk.code, desk.name), (code, name)))
    assert desk.hand_in(other, on=date(2025, 1, 11)).accepted[0].commune == code


@ON_SQLITE
def test_a_commune_that_turns_out_not_to_meet_the_standard_may_say_so_in_a_newer_version(desk: Desk) -> None:
    desk.hand_in(desk.fill("first.xlsx"))
    assert desk.hand_in(desk.fill("second.xlsx", outcome="not_met")).accepted
    assert desk.state() == (State.DECLARED_NOT_MET, 2)


@ON_SQLITE
def test_a_decimal_comma_a_typed_date_and_a_sum_of_decimals_are_understood(desk: Desk) -> None:
    cells = {(SCORES, "H10"): "6,25", (SCORES, "H12"): 0.1 + 0.2, (POSTING, "D6"): "02/01/2025"}
    assert desk.hand_in(desk.fill(cells=cells)).accepted, faults(desk.hand_in(desk.fill(cells=cells)))
    with reading() as session:
        dossier = dossiers_by_code(session, desk.cycle, [desk.code])[desk.code]
        card = latest_cards(session, [dossier.id], "self")[dossier.id]
        points = select(Score.indicator, Score.points).where(Score.scorecard_id == card.id)
        rows = dict(session.execute(points).tuples().all())
    assert [str(rows["1.2"]), str(rows["2.1"])] == ["6.2500", "0.3000"]


@ON_SQLITE
def test_a_posting_begun_early_is_warned_of_and_taken(desk: Desk) -> None:
    cells = {(POSTING, "D6"): date(2024, 12, 27), (POSTING, "E6"): date(2025, 1, 2)}
    report = desk.hand_in(desk.fill(cells=cells))
    assert "before the year's figures were complete" in report.accepted[0].warnings[0].what.en


@ON_SQLITE
def test_text_that_begins_like_a_formula_is_kept_as_harmless_text(desk: Desk) -> None:
    path = desk.fill()
    workbook = load_workbook(path)
    workbook[SCORES]["I10"].value, workbook[SCORES]["I10"].data_type = "=cmd|' /C calc'!A0", "s"
    workbook[SCORES]["I12"].value = "- Đã tổ chức 4 buổi"
    workbook.save(path)
    assert desk.hand_in(path).accepted
    with reading() as session:
        reasons = set(session.scalars(select(Score.reason).where(Score.reason.is_not(None))))
    assert reasons == {"'=cmd|' /C calc'!A0", "- Đã tổ chức 4 buổi"}


def test_a_case_about_a_head_makes_the_condition_fail_whatever_the_points(desk: Desk) -> None:
    case = ("Có", "Người A (minh họa)", "Người đứng đầu chính quyền", "Vi phạm (minh họa)", date(2024, 5, 6))
    more = ("Xử lý kỷ luật hành chính", "Có", "QĐ 1 (minh họa)")
    cells = {(LEADERS, f"{letter}6"): value for letter, value in zip("BCDEFGHI", case + more, strict=True)}
    assert desk.hand_in(desk.fill(cells=cells)).accepted
    with reading() as session:
        dossier = dossiers_by_code(session, desk.cycle, [desk.code])[desk.code]
        card = latest_cards(session, [dossier.id], "self")[dossier.id]
        assert session.scalar(select(FindingRecord.person)) == "Người A (minh họa)"
    assert (card.total, card.meets, card.leader_disciplined) == (100, False, True)


# What is refused, with its place


FAULTS: list[tuple[Cells, tuple[str, str]]] = [
    ({(SCORES, "H10"): 7.5}, (SCORES, "H10")),
    ({(SCORES, "H10"): None}, (SCORES, "H10")),
    ({(SCORES, "H10"): "bảy"}, (SCORES, "H10")),
    ({(SCORES, "H10"): -1}, (SCORES, "H10")),
    ({(SCORES, "H10"): 1.23456}, (SCORES, "H10")),
    ({(SCORES, "H10"): True}, (SCORES, "H10")),
    ({(SCORES, "H10"): date(2024, 1, 3)}, (SCORES, "H10")),
    ({(SCORES, "H8"): 0.5}, (SCORES, "H8")),
    ({(SCORES, "H10"): "=1/0"}, (SCORES, "H10")),
    ({(SCORES, "G7"): "x"}, (SCORES, "H8")),
    ({(SCORES, "A10"): "9.9"}, (SCORES, "A10")),
    ({(SCORES, "H5"): "Điểm"}, (SCORES, "H5")),
    ({(POSTING, "E6"): date(2024, 12, 1)}, (POSTING, "E6")),
    ({(POSTING, "D6"): "30/02/2025"}, (POSTING, "D6")),
    ({(POSTING, "B6"): "Facebook"}, (POSTING, "B6")),
    ({(OUTCOME, "B6"): None}, (OUTCOME, "B6")),
    ({(LEADERS, "B6"): "Có"}, (LEADERS, "B6")),
    ({(LEADERS, "B6"): None}, (LEADERS, "B6")),
    ({("Minh chứng", "B6"): "7.7"}, ("Minh chứng", "B6")),
    ({("Hướng dẫn", "B3"): "Phường khác (32002)"}, ("Hướng dẫn", "B3")),
]


@ON_SQLITE
def test_a_fault_is_named_with_its_sheet_and_cell_and_nothing_is_taken(desk: Desk) -> None:
    before = desk.entries()
    for number, (cells, place) in enumerate(FAULTS):
        report = desk.hand_in(desk.fill(f"{number}.xlsx", cells))
        assert place in faults(report), cells
        assert not report.accepted, cells
    assert desk.entries() == before
    assert desk.state() == (State.SELF_ASSESSMENT, 1)


@ON_SQLITE
def test_every_fault_is_listed_at_once_and_the_copy_shows_where(desk: Desk) -> None:
    report = desk.hand_in(desk.fill(cells={(SCORES, "H10"): 99, (SCORES, "H12"): None, (POSTING, "D6"): "hôm qua"}))
    assert len(faults(report)) == 2  # what cannot be read first; the limits of the law once everything is readable
    returned = report.refused[0].returned
    assert returned
    workbook = load_workbook(returned)
    assert workbook.sheetnames[0] == "Cần sửa"
    assert workbook[POSTING]["D6"].comment
    assert returned.with_name(returned.name.replace("tra-lai.xlsx", "ly-do.txt")).read_text("utf-8")


@ON_SQLITE
def test_a_formula_in_a_returned_copy_is_text(desk: Desk) -> None:
    path = desk.fill(cells={(SCORES, "H10"): 99, (SCORES, "I10"): '=HYPERLINK("http://x","y")'})
    returned = desk.hand_in(path).refused[0].returned
    assert returned
    assert load_workbook(returned)[SCORES]["I10"].data_type == "s"


@ON_SQLITE
def test_a_merged_answer_and_a_renamed_sheet_are_refused_by_name(desk: Desk) -> None:
    path = desk.fill()
    workbook = load_workbook(path)
    workbook[SCORES].merge_cells("H10:H11")
    workbook.save(path)
    assert faults(desk.hand_in(path)) == [(SCORES, "H10")]
    workbook[SCORES].title = "Bảng điểm mới"
    workbook.save(path)
    report = desk.hand_in(path)
    assert faults(report) == [(SCORES, "")]
    assert "Bảng điểm mới" in said(report)


@ON_SQLITE
def test_another_year_another_commune_another_version_are_refused(desk: Desk) -> None:
    good = desk.fill().read_bytes()

    def report(before: str, after: str) -> str:
        path = desk.folder / "changed.xlsx"
        path.write_bytes(another(good, (before, "zzzz"), (after, "zzzz")))
        return said(desk.hand_in(path))

    workbook = load_workbook(io.BytesIO(good))
    identity = {row[0].value: row[1].value for row in workbook["_tcpl"].iter_rows(max_row=9)}
    assert "another version" in report(str(identity["criteria"]), "0" * 24)
    assert "not in this cycle" in report(f">{desk.code}<", ">99999<")
    assert "not open here" in report(">2024<", ">2023<")


def far_cell(content: bytes, place: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as copy:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename == "xl/worksheets/sheet3.xml":
                row = place.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                text = text.replace(
                    b"</sheetData>", b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (row, place)
                )
            copy.writestr(entry, text)
    return made.getvalue()


def bomb(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            copy.writestr(entry, source.read(entry))
        copy.writestr("xl/media/image1.bin", b"\0" * (workbook_safety.MOST_UNFOLDED + 1))
    return made.getvalue()


def lying_bomb(content: bytes) -> bytes:
    """The same, with a directory that claims a small size."""
    made = bytearray(bomb(content))
    true = (workbook_safety.MOST_UNFOLDED + 1).to_bytes(4, "little")
    return bytes(made.replace(true, (1000).to_bytes(4, "little")))


def with_macros(content: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return made.getvalue()


@ON_SQLITE
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda _: b"ten;diem\nxa;100\n", "not an .xlsx workbook"),
        (lambda _: b"", "not an .xlsx workbook"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "has a password"),
        (lambda content: content[: len(content) // 2], "broken"),
        (with_macros, "has macros"),
        (bomb, "packed abnormally"),
        (lying_bomb, "packed abnormally"),
        (lambda content: far_cell(content, b"XFD1048576"), "far outside"),
        (lambda content: content + b"\0" * 50_000_000, "at most 8 MB"),
    ],
    ids=["csv", "empty", "encrypted", "cut", "macros", "bomb", "lying bomb", "far cell", "50 MB"],
)
def test_what_is_not_a_sane_workbook_is_never_opened(desk: Desk, spoil: Callable[[bytes], bytes], why: str) -> None:
    path = desk.folder / "spoilt.xlsx"
    path.write_bytes(spoil(desk.fill().read_bytes()))
    report = desk.hand_in(path)
    assert why in said(report)
    assert desk.state() == (State.SELF_ASSESSMENT, 1)


@ON_SQLITE
def test_a_far_cell_that_is_empty_is_what_libreoffice_writes_and_is_taken(desk: Desk) -> None:
    path = desk.fill()
    path.write_bytes(far_cell(path.read_bytes(), b"A1048576").replace(b"<v>1</v>", b""))
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as source:
        entries = {entry.filename: source.read(entry) for entry in source.infolist()}
    sheet = entries["xl/worksheets/sheet3.xml"].replace(b'<c r="A1048576"><v>1</v></c>', b'<c r="A1048576" s="1"/>')
    entries["xl/worksheets/sheet3.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name, text in entries.items():
            copy.writestr(name, text)
    assert desk.hand_in(path).accepted


def test_one_bad_file_among_many_is_refused_alone(desk: Desk) -> None:
    good = desk.fill().read_bytes()
    paths = []
    for code, name in desk.units:
        path = desk.folder / f"f-{code}.xlsx"
        path.write_bytes(another(good, (desk.code, desk.name), (code, name)))
        paths.append(path)
    bad = desk.folder / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    report = desk.hand_in(*paths[:1], bad, *paths[1:], desk.folder / "not-there.xlsx")
    assert [one.new for one in report.accepted] == [True, True, True]
    assert [Path(one.file).name for one in report.refused] == ["bad.xlsx", "not-there.xlsx"]
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(HandedIn)) == 3
    assert verify_journal()[1] is None


@ON_SQLITE
@pytest.mark.parametrize("dies", [False, True], ids=["readers", "readers that die"])
def test_files_read_by_other_processes_are_taken_in_the_same_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    good, here = desk.fill().read_bytes(), os.getpid()
    paths = [desk.folder / f"f-{code}.xlsx" for code, _ in desk.units]
    for path, (code, name) in zip(paths, desk.units, strict=True):
        path.write_bytes(another(good, (desk.code, desk.name), (code, name)))
    (desk.folder / "bad.xlsx").write_bytes(b"ten;diem")
    pids: list[int] = []

    def read(*given: Any) -> Any:
        pids.append(os.getpid())
        if dies and os.getpid() != here:
            os._exit(1)
        return read_file(*given)

    monkeypatch.setattr(intake_readers, "readers_for", lambda _: 2)
    monkeypatch.setattr(intake_readers, "read_file", read)
    report = desk.hand_in(paths[0], desk.folder / "bad.xlsx", *paths[1:])
    assert [one.commune for one in report.accepted] == [code for code, _ in desk.units]
    assert [Path(one.file).name for one in report.refused] == ["bad.xlsx"]
    assert len(pids) == (4 if dies else 1)  # what the readers did not read was read here
    assert verify_journal()[1] is None


@ON_SQLITE
def test_the_command_answers_with_what_was_taken_and_what_is_wrong(desk: Desk, tcpl: Callable[..., Any]) -> None:
    good, bad = desk.fill("good[red].xlsx"), desk.fill("bad.xlsx", {(SCORES, "H10"): 99})
    answer = tcpl("intake", str(good), "--as-of", "2025-01-08T08:00:00+07:00", "--json")
    assert (answer.status, [one["new"] for one in answer.json["accepted"]]) == (0, [True])
    answer = tcpl("intake", str(bad), "--as-of", "2025-01-08T08:00:00+07:00", "--json", "--lang", "en")
    assert answer.status == 1
    (refused,) = answer.json["refused"]
    assert refused["errors"][0].keys() >= {"sheet", "cell", "what", "why", "do"}
    assert Path(refused["returned"]).is_file()


@ON_SQLITE
def test_a_home_without_a_database_refuses_the_call_and_gives_no_file_back(
    desk: Desk, tcpl: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = desk.fill()
    monkeypatch.setenv("TCPL_DATABASE_URL", f"sqlite:///{desk.folder / 'nothing.db'}")
    answer = tcpl("intake", str(good), "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "home_not_initialised")
    assert not (home / "returned").exists()


@ON_SQLITE
def test_the_terminal_says_what_why_and_what_to_do_and_which_of_several_files_is_in_force(
    desk: Desk, tcpl: Callable[..., Any]
) -> None:
    first, second = desk.fill("first.xlsx"), desk.fill("second.xlsx", {(SCORES, "H10"): 6.5})
    bad = desk.fill("bad.xlsx", {(SCORES, "H10"): "=1/0"})
    words = ("intake", str(first), str(second), str(bad), str(desk.folder), str(desk.folder / "gone.xlsx"))
    said = " ".join(tcpl(*words, "--as-of", "2025-01-08T08:00:00+07:00").out.split())
    assert "dùng bản nhận sau cùng (second.xlsx)" in said
    assert "Ô có công thức nhưng không có giá trị. Cần làm: Nhập giá trị vào ô H10" in said
    assert "Đây là một thư mục." in said
    assert "Không có tệp này." in said


@ON_SQLITE
def test_mutated_workbooks_crash_nothing_and_none_is_wrongly_taken(desk: Desk) -> None:
    from soak.intake import mutate

    found = mutate(25, 11, desk.folder, desk.fill().read_bytes())
    assert found["wrong"] == []
    assert found["refused"] > 8
    assert found["harmless"] > 2

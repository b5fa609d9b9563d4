"""A whole cycle by the commands alone, from the files handed in to the province's list: 2024 and 2026."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cycle_builders import communes, districts, hand_in, states, trial_cycle
from databases import ON_SQLITE

from models.law.answers import ContentsGiven, MetGiven, PointsGiven
from tasks.anchors import verify_journal
from tasks.sittings import Place

pytestmark = pytest.mark.usefixtures("units")

Run = Callable[..., Any]
WHERE = ("--province", "96", "--year", "2024")
BY = ("--by", "Cán bộ (minh họa)", "--trial", "--json")


@ON_SQLITE
def test_2024_by_the_commands_alone(tcpl: Run, tmp_path: Path) -> None:
    place = trial_cycle(2024, most=20)
    by_district = districts(place)
    assert len(by_district) > 1
    weak, declaring, failing = _hand_everything_in(place)

    rest = [code for code in communes(place) if code != declaring]
    told = tcpl("appraise", "complete", *WHERE, *BY, "--on", "2025-01-13", *_each("--commune", rest))
    assert told.json["new"] == 19
    assert tcpl("appraise", "complete", *WHERE, *BY, "--on", "2025-01-13", *_each("--commune", rest)).json["new"] == 0
    _by_workbook(tcpl, weak, tmp_path)
    for unit, codes in by_district.items():
        _district(tcpl, unit, [code for code in codes if code != declaring], declaring)
    _province(tcpl)
    found = states(place)
    assert {code for code, state in found.items() if state == "not_recognised"} == {declaring, failing}
    assert set(found.values()) == {"recognised", "not_recognised"}
    assert verify_journal()[1] is None


def _hand_everything_in(place: Place) -> tuple[str, str, str]:
    codes = communes(place)
    weak, declaring, failing = codes[0], codes[1], codes[2]
    hand_in(place, [declaring], date(2025, 1, 8), {"2.1": PointsGiven(Decimal(0))}, declares_not_met=True)
    hand_in(place, [failing], date(2025, 1, 8), leader=True)
    hand_in(place, [code for code in codes if code not in (declaring, failing)], date(2025, 1, 8))
    return weak, declaring, failing


def _by_workbook(tcpl: Run, code: str, folder: Path) -> None:
    """A reviewer takes the sheet, changes one indicator with its reason, and saves it."""
    sheet = Path(
        tcpl("appraise", "sheet", *WHERE, "--trial", "--commune", code, "--out", folder, "--json").json["file"]
    )
    book = openpyxl.load_workbook(sheet)
    page = book["Thẩm định"]
    row = next(row for row in range(6, page.max_row + 1) if page.cell(row, 1).value == "1.2")
    page.cell(row, 5).value = "6,75"
    book.save(sheet)
    refused = tcpl("appraise", "save", sheet, *WHERE, *BY, "--on", "2025-01-20")
    assert refused.json["error"]["code"] == "difference_unexplained"
    page.cell(row, 6).value = "thiếu một văn bản"
    book.save(sheet)
    assert tcpl("appraise", "save", sheet, *WHERE, *BY, "--on", "2025-01-20").json["versions"] == {"1.2": 1}


def _district(tcpl: Run, unit: str, codes: list[str], declaring: str) -> None:
    on = ("--on", "2025-01-24")
    early = tcpl("appraise", "finish", *WHERE, *BY, *on, "--agree-rest", *_each("--commune", codes))
    assert early.json["error"]["code"] == "council_not_met"
    told = ("--members", "13", "--minutes", f"{unit}/BB-HĐ", "--chair", "A (minh họa)", "--secretary", "B (minh họa)")
    held = ("council", "hold", *WHERE, *BY, *on, "--unit", unit, *told, "--held", "2025-01-24")
    assert (
        tcpl(*held, "--papers-sent", "2025-01-20", "--attended", "8").json["error"]["code"] == "council_without_quorum"
    )
    assert tcpl(*held, "--papers-sent", "2025-01-22", "--attended", "9").json["error"]["code"] == "council_papers_late"
    assert tcpl(*held, "--papers-sent", "2025-01-20", "--attended", "9").json["new"] == 1
    assert tcpl("appraise", "finish", *WHERE, *BY, *on, "--agree-rest", *_each("--commune", codes)).json["new"] == len(
        codes
    )
    tcpl("decide", "submit", *WHERE, *BY, "--unit", unit, "--document", f"{unit}/TTr", "--on", "2025-02-03")
    proposed = tcpl("decide", "propose", *WHERE, "--trial", "--unit", unit, "--json").json
    assert proposed["undetermined"] == 0
    assert {one["code"] for one in proposed["communes"]} >= set(codes)
    sent = ("--document", f"{unit}/BC", "--sent", "2025-02-12", "--on", "2025-02-12")
    too_early = tcpl("report", *WHERE, *BY, "--unit", unit, *sent, "--json").json["error"]
    assert (too_early["code"], {*codes} <= {*too_early["undecided"]}) == ("nothing_to_report", True)
    sign = ("decide", "sign", *WHERE, *BY, "--unit", unit, "--number", f"{unit}/QĐ", "--signer", "C (minh họa)")
    signed = (*sign, "--signed-on", "2025-02-06", "--on", "2025-02-06")
    first = tcpl(*signed).json["new"]
    assert first == len(codes) + (declaring in {one["code"] for one in proposed["communes"]})
    assert tcpl(*signed).json["new"] == 0
    published = ("publish", *WHERE, "--by", "Văn thư (minh họa)", "--unit", unit, "--number", f"{unit}/QĐ", "--json")
    where = ("--where", "cổng thông tin", "--published", "2025-02-07", "--on", "2025-02-07")
    assert tcpl(*published, *where).json["error"]["code"] == "trial_not_official"
    assert tcpl(*published, *where, "--trial").json["new"] == 1
    assert tcpl("report", *WHERE, *BY, "--unit", unit, *sent).status == 0


def _province(tcpl: Run) -> None:
    found = tcpl("consolidate", *WHERE, *BY, "--on", "2025-02-17").json
    assert found["clean"]
    assert found["consistent"] == 20
    listed = ("publish", *WHERE, *BY, "--provincial-list", "12/TB-STP", "--where", "cổng tỉnh")
    assert tcpl(*listed, "--published", "2025-02-18", "--on", "2025-02-18").json["new"] == 1
    assert tcpl(*listed, "--published", "2025-02-18", "--on", "2025-02-18").json["new"] == 0


@ON_SQLITE
def test_2026_by_the_commands_alone(tcpl: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import clock

    monkeypatch.setattr(clock, "now", lambda: clock.moment(date(2027, 3, 30)))
    place = trial_cycle(2026, most=4)
    where, (good, failing, *others) = ("--province", "96", "--year", "2026"), communes(place)
    hand_in(place, [good, failing, *others], date(2027, 1, 8))
    complete = ("appraise", "complete", *where, *BY, "--on", "2027-01-18")
    assert tcpl(*complete, *_each("--commune", communes(place))).json["new"] == 4
    hold = ("council", "hold", *where, *BY, "--unit", "96", "--members", "9", "--attended", "9", "--minutes", "1")
    signed = ("--chair", "A", "--secretary", "B", "--papers-sent", "2027-01-18", "--held", "2027-02-01")
    assert tcpl(*hold, *signed).json["error"]["code"] == "no_council"
    notes = {"answers": {"2.1": {"contents": {"2.1.2": {"met": False}}}}, "commune": failing}
    file = tmp_path / "notes.json"
    file.write_text(json.dumps(notes | {"reasons": {"2.1.2": "chưa niêm yết danh mục"}}), "utf-8")
    assert set(tcpl("appraise", "save", file, *where, *BY, "--on", "2027-02-01").json["versions"]) == {"2.1.2"}
    on = ("--on", "2027-02-10")
    alone = tcpl("appraise", "finish", *where, *BY, *on, "--commune", failing).json["error"]
    assert alone["code"] == "appraisal_incomplete"
    finish = ("appraise", "finish", *where, *BY, "--on", "2027-02-10", "--agree-rest")
    assert tcpl(*finish, *_each("--commune", communes(place))).json["new"] == 4
    proposed = {
        one["code"]: one for one in tcpl("decide", "propose", *where, "--unit", "96", "--json").json["communes"]
    }
    assert proposed[good]["verdict"] is True
    assert proposed[failing]["verdict"] is False
    assert any(item["subject"] == "2.1.2" for item in proposed[failing]["shortfalls"])
    sign = ("decide", "sign", *where, *BY, "--number", "9/QĐ-UBND", "--signer", "C (minh họa)")
    dates = ("--signed-on", "2027-02-24", "--on", "2027-02-24")
    district = tcpl(*sign, *dates, "--unit", good)
    assert district.json["error"]["code"] == "not_the_authority"
    assert tcpl(*sign, *dates, "--unit", "96").json["new"] == 4
    assert states(place)[failing] == "not_recognised"
    shown = tcpl("decide", "show", *where, "--json").json["lines"]
    assert {str(line["publish_by"]) for line in shown} == {"2027-02-26"}
    published = ("publish", *where, *BY, "--where", "cổng tỉnh", "--published", "2027-02-25", "--on", "2027-02-25")
    assert tcpl(*published, "--unit", "96", "--number", "9/QĐ-UBND").json["new"] == 1
    assert tcpl(*published, "--provincial-list", "5/TB").json["new"] == 1
    written = tcpl("forms", *where, "--trial", "--out", tmp_path / "forms", "--json").json
    assert {Path(file).name for file in written["files"]} == {
        *("danh-sach.docx", "danh-sach.xlsx", "quyet-dinh-9-qd-ubnd.docx"),
    }
    days = {row["step"]: row for row in tcpl("dossier", good, "--year", "2026", "--json").json["deadlines"]}
    assert (days["submit-dossier"]["mark"], days["decide"]["done_on"]) == ("illustrative", "2027-02-24")
    assert days["submit-dossier"]["last_day"] or days["submit-dossier"]["local_last_day"]


def _each(switch: str, codes: list[str]) -> list[str]:
    return [word for code in codes for word in (switch, code)]


@ON_SQLITE
def test_contents_and_levels_are_what_2026_judges() -> None:
    place = trial_cycle(2026, most=2)
    first, second = communes(place)
    hand_in(
        place, [first], date(2027, 1, 8), {"2.1": ContentsGiven({"2.1.1": MetGiven(True), "2.1.2": MetGiven(False)})}
    )
    assert states(place) == {first: "submitted", second: "self_assessment"}

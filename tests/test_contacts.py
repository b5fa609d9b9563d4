"""Contacts come and go as workbooks, with an error for each wrong cell; deputies stand in; nobody is left out."""

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.cycle.reminders import Habits
from models.law.regulation import Actor
from models.records import contacts
from models.records.contacts import Entered
from models.records.focal_points import FocalPoint
from tasks.contact_files import COLUMNS
from tasks.database import reading, work

pytestmark = pytest.mark.usefixtures("units")

DAY = date(2024, 12, 9)
HEADS = [column.heading for column in COLUMNS]


@pytest.fixture(autouse=True)
def channels(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  (home clears the settings first)
    zalo = "tcplzalo://token-of-ours@business.openapi.zalo.me/1?to={to}"
    monkeypatch.setenv("TCPL_CHANNELS", f'{{"email": "tcplmail://127.0.0.1/?to={{to}}", "zalo": "{zalo}"}}')


def file_of(folder: Path, *rows: dict[str, Any]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(HEADS)
    for row in rows:
        sheet.append([row.get(column.name) for column in COLUMNS])
    workbook.save(folder / "dau-moi.xlsx")
    return folder / "dau-moi.xlsx"


def line(**more: Any) -> dict[str, Any]:
    good = {"unit_code": "32002", "actor": "UBND cấp xã", "name": "Chị Một (minh họa)", "channel": "email"}
    return {**good, "address": "mot@example.vn", **more}


def test_a_file_goes_in_and_comes_out_the_same(tcpl: Callable[..., Any], tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line(digest_at="7h30", quiet_from=time(20, 0), quiet_to="06:00", language="Tiếng Việt"),
        line(name="Anh Hai (minh họa)", channel="zalo", address=912345678, deputy_of="Chị Một (minh họa)"),
        line(unit_code="96", actor="Sở Tư pháp", name="Chị Ba (minh họa)", absent_from="01/12/2024"),
    )
    assert tcpl("contacts", "import", file, "--on", "2024-12-09", "--json").json == {"contacts": 3}
    with reading() as session:
        kept = {contact.name: contact for *_, contact in contacts.all_contacts(session)}
    assert kept["Chị Một (minh họa)"].habits == Habits(time(7, 30), time(20, 0), time(6, 0))
    assert kept["Anh Hai (minh họa)"].address == "0912345678"
    out = tmp_path / "ra.xlsx"
    assert tcpl("contacts", "export", out, "--json").json["rows"] == 3
    assert tcpl("contacts", "import", out, "--on", "2024-12-09", "--json").json == {"contacts": 3}
    sheet = load_workbook(out).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == HEADS


def test_every_wrong_cell_is_named_and_nothing_changes(tcpl: Callable[..., Any], tmp_path: Path) -> None:
    good = file_of(tmp_path, line())
    assert tcpl("contacts", "import", good, "--on", "2024-12-09").status == 0
    file = file_of(
        tmp_path,
        line(unit_code="99999"),
        line(actor="Sở Tư pháp"),
        line(channel="fax"),
        line(address="không phải thư"),
        line(address="mailto://user:password@example.vn"),
        line(digest_at="25:00"),
        line(name=None),
        line(deputy_of="Không Ai"),
        line(absent_from="30/02/2025"),
    )
    answer = tcpl("contacts", "import", file, "--on", "2024-12-09", "--json")
    assert answer.status == 1
    assert "password" not in answer.out
    cells = {error["cell"] for error in answer.json["error"]["errors"]}
    assert {"A2", "C3", "F4", "G5", "G6", "I7", "D8", "L9", "M10"} <= cells
    with reading() as session:
        assert [contact.address for *_, contact in contacts.all_contacts(session)] == ["mot@example.vn"]


def test_a_file_that_is_no_workbook_is_refused(tcpl: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_text("không phải bảng tính", encoding="utf-8")
    assert tcpl("contacts", "import", file, "--json").json["error"]["code"] == "not_a_workbook"
    assert tcpl("contacts", "import", tmp_path / "none.xlsx").status == 1


def test_offices_that_nobody_answers_for_are_found_before_the_cycle_opens(
    tcpl: Callable[..., Any], tmp_path: Path
) -> None:
    before = tcpl("contacts", "missing", "--province", "96", "--year", "2024", "--json").json
    assert before["units"] == 100 + 9 + 1
    tcpl("contacts", "import", file_of(tmp_path, line()), "--on", "2024-12-09")
    after = tcpl("contacts", "missing", "--province", "96", "--year", "2024", "--json").json
    assert after["units"] == before["units"] - 1
    assert "32002" not in {office["code"] for office in after["missing"]}
    filled = tmp_path / "trong.xlsx"
    rows = tcpl("contacts", "export", filled, "--province", "96", "--year", "2024", "--json").json["rows"]
    assert rows == after["offices"] + 1


def test_a_deputy_stands_in_while_its_colleague_is_away_and_only_then() -> None:
    entered = [
        Entered("32002", Actor.COMMUNE, "Một", "email", "mot@example.vn", absent_to=date(2024, 12, 9)),
        Entered("32002", Actor.COMMUNE, "Hai", "email", "hai@example.vn", deputy_of="Một"),
    ]
    with work() as session:
        units = contacts.units_named(session, ["32002"], DAY)
        agencies = contacts.agencies_of(session, [(units["32002"], Actor.COMMUNE)])
        contacts.enter(session, entered, agencies)
    [agency] = agencies.values()
    with reading() as session:
        assert [one.name for one in contacts.reached(session, [agency], DAY)[agency]] == ["Hai"]
        assert [one.name for one in contacts.reached(session, [agency], date(2024, 12, 10))[agency]] == ["Một"]


def test_notices_follow_the_person_in_charge_on_the_day() -> None:
    """Một was in charge until 09/12, Hai is from the 10th, with Ba for a deputy; the desk is told all along."""
    people = ["Một", "Hai", "Ba", "Văn thư"]
    entered = [
        Entered("32002", Actor.COMMUNE, name, "email", f"{place}@example.vn", absent_from=away, absent_to=away)
        for place, name in enumerate(people)
        for away in (date(2024, 12, 20) if name == "Hai" else None,)
    ]
    points = [("responsible", "một ", date(2024, 1, 1), DAY), ("responsible", "Hai", date(2024, 12, 10), None)]
    with work() as session:
        units = contacts.units_named(session, ["32002"], DAY)
        [agency] = contacts.agencies_of(session, [(units["32002"], Actor.COMMUNE)]).values()
        contacts.enter(session, entered, {("32002", Actor.COMMUNE): agency})
        for role, person, since, to in [*points, ("deputy", "Ba", DAY, date(2024, 12, 31))]:
            point = {"agency_id": agency, "role": role, "person": person, "valid_from": since, "valid_to": to}
            session.add(FocalPoint(**point, document="minh họa"))
    with reading() as session:

        def told(day: date) -> list[str]:
            return [one.name for one in contacts.reached(session, [agency], day)[agency]]

        assert told(DAY) == ["Một", "Văn thư"]
        assert told(date(2024, 12, 10)) == ["Hai", "Văn thư"]
        assert told(date(2024, 12, 20)) == ["Ba", "Văn thư"], "Hai is away that day"
        assert told(date(2023, 12, 31)) == ["Văn thư"], "a vacancy"


def test_nobody_is_left_out_though_all_are_away() -> None:
    entered = [Entered("32002", Actor.COMMUNE, "Một", "email", "mot@example.vn", absent_from=DAY)]
    with work() as session:
        units = contacts.units_named(session, ["32002"], DAY)
        agencies = contacts.agencies_of(session, [(units["32002"], Actor.COMMUNE)])
        contacts.enter(session, entered, agencies)
    [agency] = agencies.values()
    with reading() as session:
        assert [one.name for one in contacts.reached(session, [agency], DAY)[agency]] == ["Một"]


def test_for_which_offices_somebody_is_reached_is_the_same_counted_as_looked_at_one_by_one() -> None:
    """Six communes: away, standing in for somebody away or not entered, no longer, and nobody at all; one in charge."""
    of = {
        "32002": [("Một", {"absent_from": DAY})],
        "32005": [("Phó", {"deputy_of": "Vắng"})],
        "32008": [("Cũ", {"valid_to": DAY - timedelta(days=1)})],
        "32014": [("Phó", {"deputy_of": "Vắng"}), ("Vắng", {"absent_from": DAY})],
        "32017": [("Phó", {"deputy_of": "Vắng"})],
    }
    entered = [
        Entered(code, Actor.COMMUNE, name, "email", f"{name}@example.vn", **more)
        for code, people in of.items()
        for name, more in people
    ]
    with work() as session:
        units = contacts.units_named(session, [*of, "32020"], DAY)
        agencies = contacts.agencies_of(session, [(units[code], Actor.COMMUNE) for code in units])
        contacts.enter(session, entered, agencies)
        session.add(
            FocalPoint(
                **{"agency_id": agencies["32017", Actor.COMMUNE], "role": "responsible", "person": "Phó"},
                **{"valid_from": DAY, "valid_to": None, "document": "minh họa"},
            )
        )
    codes = {agency: code for (code, _), agency in agencies.items()}
    with reading() as session:
        found = contacts.reached_ids(session, codes, DAY)
        assert found == contacts.reached(session, codes, DAY).keys()
        assert {codes[one] for one in found} == {"32002", "32014", "32017"}


def test_channels_are_shown_without_their_addresses(tcpl: Callable[..., Any]) -> None:
    shown = tcpl("contacts", "channels").out + tcpl("settings").out + tcpl("settings", "--json").out
    assert "zalo" in shown
    assert "token-of-ours" not in shown

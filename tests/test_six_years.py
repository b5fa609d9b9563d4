"""Six years of Cà Mau lived through by the acts: 2021 by its documents, 2022-2024 under the law of 2021, the pause of
2025, the merger with Bạc Liêu, 2026 under the new law. Nothing is lost on the way, nothing crosses that should not.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from databases import ON_POSTGRESQL
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.app import build
from models.errors import OpeningRefusal
from models.records import afterwards
from models.records.commendations import commendations_of
from models.records.cycles import Cycle, CycleLawVersion, open_cycles
from models.records.decisions import lines_of
from models.records.dossiers import Dossier
from models.records.earlier_results import recognised_years
from models.records.journal import Line
from models.records.merging import results_across
from models.records.programme_tables import TaskDue
from models.records.remedies import CLOSE, Remedy, Seen, followed_in, standing
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import clock, deciding, merging, rehearsing
from tasks.amending import Amending, amend_plan, as_confirmation, confirm_value
from tasks.anchors import verify_journal
from tasks.closing import close
from tasks.database import reading
from tasks.opening import open_cycle
from tasks.results import HEADINGS, import_results, known_results
from tasks.sittings import Hand, Place, sit
from tests.after_builders import PLAN, PLAN_2026, supersede, without_programme

COMMUNES = 6
BY = "Sở Tư pháp (minh họa)"
OWNER = "Xã (minh họa)"


def place(year: int) -> Place:
    return Place("96", year, trial=True)


def hand(day: date, document: str = "01/VB (minh họa)", by: str = BY) -> Hand:
    return Hand(by, clock.moment(day), document)


def plan_of(year: int, folder: Path, *, close_by: str = "05-30", programme: bool = False) -> Path:
    """The sample plan as it would be for another year; what its tasks do is seen in the last year alone."""
    text = PLAN.read_text("utf-8").replace("2025-05-30", f"2025-{close_by}")
    text = re.sub(r"\b(2024|2025)\b", lambda found: str(int(found[0]) + year - 2024), text).replace(
        "25/2024", "25/2021"
    )
    text = text.replace(f"25/{year - 3}", "25/2021").replace("lost_points_too: false", "lost_points_too: true")
    path = folder / f"plan-{year}-{close_by}.yaml"
    path.write_text(text if programme else without_programme(text), "utf-8")
    return path


def live(year: int, plan: Path, opens_on: date, most: int | None = COMMUNES) -> int:
    """Open a year's cycle and let its cast live it to the end."""
    cycle = open_cycle("96", year, trial=True, plan_file=plan, at=clock.moment(opens_on), most=most).cycle
    script = rehearsing.write_script(cycle, seed=7)
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)
    return cycle


def remedies_of(cycle_id: int) -> list[Seen]:
    with reading() as session:
        return followed_in(session, session.get_one(Cycle, cycle_id))


def mend(year: int, remedy: int, day: date) -> None:
    with sit(place(year), hand(day, by=OWNER), "minh họa") as sitting:
        assert afterwards.prove_remedy(sitting, remedy, f"BC {remedy} (minh họa)")
    with sit(place(year), hand(day), "minh họa") as sitting:
        assert afterwards.close_remedy(sitting, remedy)


def reopen(year: int, remedy: int) -> None:
    """It turns out not to be mended."""
    with sit(place(year), hand(date(year + 1, 6, 10)), "kiểm tra thực tế (minh họa)") as sitting:
        assert afterwards.reopen_remedy(sitting, remedy, date(year + 1, 6, 20))


def document_2021(codes: list[str], folder: Path) -> None:
    """What documents say of 2021 is taken in; no cycle of that year is ever opened here."""
    with pytest.raises(OpeningRefusal) as refused:
        open_cycle("96", 2021, trial=True, at=clock.moment(date(2021, 12, 1)))
    assert refused.value.code == "regulation_opens_nothing"
    book = openpyxl.Workbook()
    for row in (HEADINGS, *((code, "", 2021, "Đạt", "9/QĐ", date(2022, 2, 1), "minh họa") for code in codes)):
        book.worksheets[0].append(row)
    book.save(folder / "2021.xlsx")
    assert import_results(folder / "2021.xlsx", BY)["new"] == len(codes)
    assert import_results(folder / "2021.xlsx", BY)["new"] == 0


def two_years_with_a_remedy_carried(folder: Path) -> None:
    """2022 closes with one remedy standing; 2023 carries it on, finds the same wanting again, and mends both."""
    left = next(one for one in remedies_of(live(2022, plan_of(2022, folder), date(2022, 12, 2))) if one.closed_on)
    reopen(2022, left.id)
    assert close(place(2022), hand(date(2023, 7, 1)), "chờ kết luận kiểm tra (minh họa)")
    cycle = live(2023, plan_of(2023, folder), date(2023, 12, 2))
    with sit(place(2023), hand(date(2023, 12, 4)), "minh họa") as sitting:
        assert afterwards.carry_remedies(sitting) == 1
    with reading() as session:
        assert [one.id for one in standing(session, [left.unit_id], trial=True, before=2023)[left.unit_id]] == [left.id]
    again = [
        one
        for one in remedies_of(cycle)
        if (one.unit_id, one.rule, one.subject) == (left.unit_id, left.rule, left.subject)
    ]
    assert {one.year: one.repeated for one in again} == {2022: "", 2023: "năm thứ hai"}
    mend(2023, left.id, date(2024, 6, 20))
    assert close(place(2023), hand(date(2024, 7, 1)), None)


@dataclass(frozen=True)
class Third:
    """What the year 2024 leaves: its cycle, the remedy that stays open, a commune that a later decision turned."""

    cycle: int
    remedy: int
    turned: str


def third_year(folder: Path) -> Third:
    """2024: the third year running in both senses, a superseding decision, two amendments, a task carried over."""
    cycle = live(2024, plan_of(2024, folder, programme=True), date(2024, 12, 2))
    seen = remedies_of(cycle)
    assert any(one.repeated == "năm thứ ba" for one in seen), "the same is wanting for the third year"
    assert {"minimum_total", "lost_points"} <= {one.rule for one in seen}, "the plan asks for lost points too"
    with reading() as session:
        running = [
            one
            for one in commendations_of(session, session.get_one(Cycle, cycle))
            if one.rule == "recognised_years_running"
        ]
    assert running and all("4 năm liên tục, 2021-2024" in one.ground for one in running), "with what is documented"
    left = next(one for one in seen if one.closed_on)
    reopen(2024, left.id)
    turn(cycle, running[0].code)
    read = as_confirmation("criteria/2.1/maximum", None, "25/2021/QĐ-TTg", "7", BY, date(2025, 6, 11))
    assert confirm_value(place(2024), read, hand(date(2025, 6, 11)), Amending())["law_version"] == 2
    later = plan_of(2024, folder, close_by="06-27", programme=True)
    moved = amend_plan(place(2024), later, hand(date(2025, 6, 12)), Amending(past_too=True))
    assert (moved["law_version"], {one["step"] for one in moved["moved"]} >= {CLOSE}) == (3, True)
    assert not amend_plan(place(2024), later, hand(date(2025, 6, 12)), Amending(past_too=True))["changed"]
    with reading() as session:
        versions = session.scalars(select(CycleLawVersion.version).where(CycleLawVersion.cycle_id == cycle))
        assert sorted(versions) == [1, 2, 3]
    return Third(cycle, left.id, running[0].code)


def turn(cycle: int, code: str) -> None:
    """The district's chair finds that a recognised commune is not: both decisions stay, the award is flagged."""
    unit = supersede(cycle, code)
    day = hand(date(2025, 6, 6), "88/QĐ")
    assert deciding.publish(place(2024), unit, "88/QĐ", date(2025, 6, 6), "cổng thông tin (minh họa)", day)
    with reading() as session:
        lines = [one for one in lines_of(session, cycle) if one.code == code]
        awarded = commendations_of(session, session.get_one(Cycle, cycle), states=("awarded",))
    assert [(one.recognised, one.counts) for one in lines] == [(True, False), (False, True)]
    assert {one.code for one in awarded if one.flagged} == {code}
    with sit(place(2024), hand(date(2025, 6, 7)), "minh họa") as sitting:
        afterwards.open_remedies(sitting)


def merge_all(third: Third) -> dict[str, tuple[str, int]]:
    """2025 is paused; every commune of ours goes into another on 01/07/2025. Old codes with the new code and id."""
    with pytest.raises(OpeningRefusal) as refused:
        open_cycle("96", 2025, trial=True, at=clock.moment(date(2025, 12, 1)))
    assert refused.value.code == "year_not_evaluated"
    with reading() as session:
        units = session.scalars(
            select(Unit).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == third.cycle)
        ).all()
        into = {unit.code: lineage(session, unit.id)[1][0].unit for unit in units}
    moved: list[int] = []
    for old, new in into.items():
        done = merging.merge(place(2024), [old], new.code, None, date(2025, 7, 1), hand(date(2025, 7, 2)))
        assert done["decided"] == (old,)
        moved += done["remedies"]
    assert third.remedy in moved
    for one in {one.id for one in remedies_of(third.cycle) if not one.closed_on} - {third.remedy}:
        mend(2024, one, date(2025, 12, 1))
    with sit(place(2024), hand(date(2025, 12, 2)), "minh họa") as sitting:
        afterwards.confirm_all(sitting, "")
    assert close(place(2024), hand(date(2025, 12, 30)), "tạm dừng đánh giá năm 2025 (minh họa)")
    return {old: (new.code, new.id) for old, new in into.items()}


def under_the_new_law(third: Third, folder: Path) -> int:
    """2026 is lived to its end by the 64 communes; what was open is carried, mended, and closed."""
    plan = folder / "plan-2026.yaml"
    plan.write_text(without_programme(PLAN_2026.read_text("utf-8")), "utf-8")
    opened = open_cycle("96", 2026, trial=True, plan_file=plan, at=clock.moment(date(2026, 12, 1)))
    with sit(place(2026), hand(date(2026, 12, 2)), "minh họa") as sitting:
        assert afterwards.carry_remedies(sitting) == 1
        units = sitting.session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == opened.cycle)).all()
        beside = standing(sitting.session, units, trial=True, before=2026)
        assert [one.id for ones in beside.values() for one in ones] == [third.remedy]
        owed = sitting.session.scalars(select(TaskDue).where(TaskDue.cycle_id == opened.cycle)).one()
        assert (owed.unit_id, owed.occasion) == (sitting.cycle.province_id, "carried-2024/96"), "Cà Mau of July 2025"
    cycle = live(2026, plan, date(2026, 12, 1), None)
    assert cycle == opened.cycle
    mend(2026, third.remedy, date(2027, 6, 8))
    return cycle


@ON_POSTGRESQL
@pytest.mark.usefixtures("units")
def test_six_years_leave_nothing_lost_nothing_crossed_and_every_chain_intact(tmp_path: Path) -> None:
    codes = [one["code"] for one in known_results("96", 2024)][:COMMUNES]
    document_2021(codes, tmp_path)
    two_years_with_a_remedy_carried(tmp_path)
    third = third_year(tmp_path)
    into = merge_all(third)
    last = under_the_new_law(third, tmp_path)
    new, new_id = into[third.turned]
    olds = {old for old, (code, _) in into.items() if code == new}
    with reading() as session:
        across = results_across(session, new_id)
        assert {one.year for one in across if one.code == third.turned and not one.own} == {2021, 2022, 2023, 2024}
        assert {(one.year, one.recognised) for one in across if one.code == third.turned} >= {
            (2021, True),
            (2024, False),
        }
        assert {one.year for one in across if one.own} == {2026}
        ours = session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == last)).all()
        assert {year for known in recognised_years(session, ours, True).values() for year in known} == {2026}
        assert not any(one.years > 1 for one in followed_in(session, session.get_one(Cycle, last)) if one.year == 2026)
        assert [one.year for one in open_cycles(session)] == [2026]
        assert {one.year for one in session.scalars(select(Cycle))} == {2022, 2023, 2024, 2026}
        assert all(one.trial for one in session.scalars(select(Cycle))), "a trial never turns official"
        closed = session.scalars(select(Remedy).where(Remedy.closed_on.is_not(None))).all()
        assert closed and all(one.proof for one in closed)
        told = session.scalars(select(Line.text).where(Line.key.like("merge/%"))).all()
        assert len(told) == COMMUNES
    page = (
        TestClient(build(lambda: clock.moment(date(2027, 6, 9))), base_url="http://127.0.0.1").get(f"/units/{new}").text
    )
    assert all(old in page for old in olds) and all(f">{year}" in page for year in (2022, 2023, 2024, 2026))
    assert "9/QĐ" in page, "what is documented of 2021"
    read_entries, broken = verify_journal()
    assert broken is None and read_entries > 100

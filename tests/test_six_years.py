"""Years of Cà Mau lived through by the acts: 2022-2024 under the law of 2021, the pause of 2025, the merger, 2026."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.errors import OpeningRefusal
from models.records import afterwards
from models.records.commendations import commendations_of
from models.records.cycles import Cycle, CycleLawVersion, open_cycles
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.filing import StepDone, record_steps_done
from models.records.merging import results_across
from models.records.remedies import Remedy, followed_in, standing
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import clock, merging, rehearsing
from tasks.amending import Amending, amend_plan, as_confirmation, confirm_value
from tasks.anchors import verify_journal
from tasks.closing import close
from tasks.database import reading
from tasks.opening import open_cycle
from tasks.sittings import Hand, Place, sit
from tests.after_builders import PLAN, PLAN_2026

COMMUNES = 6
BY = "Sở Tư pháp (minh họa)"


def place(year: int) -> Place:
    return Place("96", year, trial=True)


def hand(day: date, document: str = "01/VB (minh họa)") -> Hand:
    return Hand(BY, clock.moment(day), document)


def plan_of(year: int, folder: Path, *, close_by: str = "05-30") -> Path:
    """The sample plan as it would be for another year."""
    text = PLAN.read_text("utf-8").replace("2025-05-30", f"2025-{close_by}")
    text = re.sub(r"\b(2024|2025)\b", lambda found: str(int(found[0]) + year - 2024), text).replace(
        "25/2024", "25/2021"
    )
    text = text.replace(f"25/{year - 3}", "25/2021").replace("lost_points_too: false", "lost_points_too: true")
    path = folder / f"plan-{year}-{close_by}.yaml"
    path.write_text(text, "utf-8")
    return path


def live(year: int, folder: Path) -> int:
    """Open a year's cycle and let its cast live it to the end."""
    at = clock.moment(date(year, 12, 2))
    cycle = open_cycle("96", year, trial=True, plan_file=plan_of(year, folder), at=at, most=COMMUNES).cycle
    script = rehearsing.write_script(cycle, seed=7)
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)
    return cycle


def finish_checks(year: int) -> None:
    """Nobody has a dossier to check of a commune that declared itself not met."""
    with sit(place(year), hand(date(year + 1, 6, 1)), "minh họa") as sitting:
        step = sitting.law.regulation.step("check-completeness")
        assert step
        query = select(Deadline.unit_id).where(
            Deadline.cycle_id == sitting.cycle.id, Deadline.step == step.id, Deadline.done_on.is_(None)
        )
        ids = sitting.session.scalars(query).all()
        done = [StepDone(unit, sitting.session.get_one(Unit, unit).code, date(year + 1, 1, 14)) for unit in ids]
        record_steps_done(sitting, step, done)


@pytest.mark.usefixtures("units")
def test_six_years_leave_nothing_lost_nothing_crossed_and_every_chain_intact(tmp_path: Path) -> None:
    for year in (2022, 2023):
        live(year, tmp_path)
        finish_checks(year)
        assert close(place(year), hand(date(year + 1, 7, 1)), None)

    last = live(2024, tmp_path)
    with reading() as session:
        cycle = session.get_one(Cycle, last)
        seen = followed_in(session, cycle)
        again = [one for one in seen if one.years == 3]
        assert again and all(one.repeated == "năm thứ ba" for one in again), "the same is wanting for the third year"
        assert {"minimum_total", "lost_points"} <= {one.rule for one in seen}, "the plan asks for lost points too"
        running = [one for one in commendations_of(session, cycle) if one.rule == "recognised_years_running"]
        assert running and all("3 năm liên tục, 2022-2024" in one.ground for one in running)
    finish_checks(2024)

    # one remedy turns out not to be mended; the plan gives more time; a value is read in the text
    first = next(one for one in seen if one.closed_on)
    with sit(place(2024), hand(date(2025, 6, 10)), "kiểm tra thực tế (minh họa)") as sitting:
        assert afterwards.reopen_remedy(sitting, first.id, date(2025, 6, 20))
    read = as_confirmation("criteria/2.1/maximum", None, "25/2021/QĐ-TTg", "7", BY, date(2025, 6, 11))
    assert confirm_value(place(2024), read, hand(date(2025, 6, 11)), Amending())["law_version"] == 2
    later = plan_of(2024, tmp_path, close_by="06-27")
    moved = amend_plan(place(2024), later, hand(date(2025, 6, 12)), Amending(past_too=True))
    assert moved["law_version"] == 3 and moved["moved"]

    # 2025 is paused; the communes are merged; nothing opens that should not
    with pytest.raises(OpeningRefusal) as refused:
        open_cycle("96", 2025, trial=True, at=clock.moment(date(2025, 12, 1)))
    assert refused.value.code == "year_not_evaluated"
    with reading() as session:
        old = session.scalars(select(Unit).join(Remedy, Remedy.unit_id == Unit.id).where(Remedy.id == first.id)).one()
        new = lineage(session, old.id)[1][0].unit
        old_code, new_code, new_id = old.code, new.code, new.id
    done = merging.merge(place(2024), [old_code], new_code, None, date(2025, 7, 1), hand(date(2025, 7, 2)))
    assert (done["decided"], done["remedies"]) == ((old_code,), (first.id,))
    assert close(place(2024), hand(date(2025, 12, 30)), "tạm dừng đánh giá năm 2025 (minh họa)")

    # 2026 under the new law: what is open goes on, results stay where they were
    opened = open_cycle("96", 2026, trial=True, plan_file=PLAN_2026, at=clock.moment(date(2026, 12, 1)))
    with sit(place(2026), hand(date(2026, 12, 2)), "minh họa") as sitting:
        assert afterwards.carry_remedies(sitting) == 1
    with reading() as session:
        cycle = session.get_one(Cycle, opened.cycle)
        units = session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == cycle.id)).all()
        assert [one.id for ones in standing(session, units, trial=True, before=2026).values() for one in ones] == [
            first.id
        ]
        across = results_across(session, new_id)
        assert {one.year for one in across if one.code == old_code} == {2022, 2023, 2024}
        assert not any(one.own for one in across)
        assert [one.year for one in open_cycles(session)] == [2026]
        versions = session.scalars(select(CycleLawVersion.version).where(CycleLawVersion.cycle_id == last))
        assert sorted(versions) == [1, 2, 3]
        assert all(one.trial for one in session.scalars(select(Cycle))), "a trial never turns official"
        assert (
            session.scalars(select(Remedy.id).where(Remedy.closed_on.is_not(None), Remedy.proof.is_(None))).all() == []
        )
    read_entries, broken = verify_journal()
    assert broken is None and read_entries > 100

"""An amended plan moves what is owed of its programme: each moved day in the journal and told, the past left alone."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from models.errors import Refusal
from models.records import programme_acts, programme_projection
from models.records.cycles import Cycle
from models.records.journal import Line
from models.records.notices import Notice
from models.records.programme_acts import Done, Granted, Proof, Which
from models.records.programme_tables import Task, TaskDue
from tasks import clock
from tasks.amending import Amending, amend_plan
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.sittings import Hand, Place, sit
from tests.after_builders import PLAN, lose_and_mend

pytestmark = pytest.mark.usefixtures("units")

PLACE, OPENING, NEXT_DAY = Place("96", 2024, trial=True), date(2024, 12, 2), date(2024, 12, 3)
NEW = """
  - id: advise-communes
    kind: guidance
    title: "Cử người giúp xã chấm điểm (minh họa)"
    lead: district_justice
    per: commune
    begins: 2024-12-09
    due: {kind: fixed, date: 2024-12-31}
    product: "Biên bản"
    mark: illustrative
    source: "minh họa"
"""


@pytest.fixture
def cycle_id(units: object) -> int:  # noqa: ARG001
    at = clock.moment(OPENING)
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=at, most=20).cycle


def hand(day: date) -> Hand:
    return Hand("Sở Tư pháp (minh họa)", clock.moment(day), "99/KH-UBND (minh họa)")


def plan(folder: Path, *changes: tuple[str, str], without: str = "", more: str = "") -> Path:
    """The sample plan with some of its words changed, a task left out, and more at its end."""
    text = PLAN.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    if without:
        text = re.sub(rf"  - id: {without}\n(    .*\n)+", "", text)
    file = folder / "changed.yaml"
    file.write_text(text.rstrip() + "\n" + more.strip("\n") + "\n" if more else text, "utf-8")
    return file


def amend(file: Path, day: date = NEXT_DAY, **how: bool) -> dict[str, Any]:
    return amend_plan(PLACE, file, hand(day), Amending(**how))


def dues(cycle_id: int, task: str) -> list[TaskDue]:
    with reading() as session:
        query = select(TaskDue).where(TaskDue.cycle_id == cycle_id, TaskDue.task == task)
        return list(session.scalars(query.order_by(TaskDue.occasion, TaskDue.unit_id)))


def every_due(cycle_id: int) -> list[Any]:
    columns = TaskDue.__table__.columns
    with reading() as session:
        query = select(*columns).where(TaskDue.cycle_id == cycle_id)
        return list(session.execute(query.order_by(TaskDue.task, TaskDue.occasion, TaskDue.unit_id)))


def told(cycle_id: int) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    with reading() as session:
        kinds = ("date_moved", "task_added", "task_dropped", "task_changed")
        for one in session.scalars(select(Notice).where(Notice.cycle_id == cycle_id, Notice.kind.in_(kinds))):
            found[one.kind, one.step or ""] = found.get((one.kind, one.step or ""), 0) + 1
    return found


MOVED = (
    ("due: {kind: fixed, date: 2024-12-24}", "due: {kind: fixed, date: 2024-12-27}"),
    ("Tập huấn nghiệp vụ chấm điểm, lập hồ sơ", "Tập huấn nghiệp vụ chấm điểm, lập và nộp hồ sơ"),
    ("due: {kind: monthly, day: 25, until: 2025-05-31}", "due: {kind: monthly, day: 25, until: 2025-03-31}"),
)


def test_a_task_that_is_only_said_otherwise_moves_nothing_and_whoever_owes_it_is_told(
    cycle_id: int, tmp_path: Path, home: Path
) -> None:
    before = every_due(cycle_id)
    assert amend(plan(tmp_path, MOVED[1]))["tasks"] == []
    assert every_due(cycle_id) == before
    assert told(cycle_id) == {("task_changed", "train-officers"): 1}
    with reading() as session:
        [notice] = session.scalars(select(Notice).where(Notice.kind == "task_changed"))
    assert (notice.said or "").startswith("Tập huấn nghiệp vụ chấm điểm, lập và nộp hồ sơ")
    assert home


def test_what_moved_came_and_went_is_shown_first_then_written_with_a_line_and_a_notice_each(
    cycle_id: int, tmp_path: Path, home: Path
) -> None:
    file, before = plan(tmp_path, *MOVED, without="look-to-staffing", more=NEW), every_due(cycle_id)
    looked = amend(file, dry_run=True)
    assert every_due(cycle_id) == before and told(cycle_id) == {}
    done = amend(file)
    assert looked["tasks"] == done["tasks"]
    days = {(one["step"], one["occasion"], one["was"], one["now"]) for one in done["tasks"] if one["code"] == "96"}
    assert days == {
        ("train-officers", "", date(2024, 12, 24), date(2024, 12, 27)),
        ("inform-people", "2025-04", date(2025, 4, 25), None),
        ("inform-people", "2025-05", date(2025, 5, 25), None),
        ("look-to-staffing", "", dues_before(before, "look-to-staffing"), None),
    }
    assert len(dues(cycle_id, "advise-communes")) == 20
    assert dues(cycle_id, "look-to-staffing") == []
    assert told(cycle_id) == {
        ("date_moved", "train-officers"): 1,
        ("task_dropped", "inform-people"): 2,
        ("task_dropped", "look-to-staffing"): 1,
        ("task_added", "advise-communes"): 20,
    }
    with reading() as session:
        keys = session.scalars(select(Line.key).where(Line.cycle_id == cycle_id)).all()
        assert session.get_one(Task, (cycle_id, "train-officers")).title.endswith("lập và nộp hồ sơ")
    assert sum(key.startswith("move-task/2/") for key in keys) == len(done["tasks"]) == 24
    assert {"change-task/2/train-officers", "drop-task/2/look-to-staffing", "add-task/2/advise-communes"} <= set(keys)
    assert not amend(file)["changed"]
    assert verify_journal()[1] is None
    at = clock.moment(NEXT_DAY)
    assert [lose_and_mend(kind, at) for kind in ("date_moved", "task_dropped", "task_added")] == [1, 3, 20]
    deliver(clock.moment(NEXT_DAY, clock.MORNING.replace(hour=9)))
    said = "\n".join(one.read_text("utf-8") for one in home.rglob("outbox/**/*.txt"))
    assert "24/12/2024 → 27/12/2024" in " ".join(said.split())
    assert "Cử người giúp xã chấm điểm" in said


def dues_before(rows: list[Any], task: str) -> date:
    return next(row.due_day for row in rows if row.task == task)


def test_what_was_done_of_a_dropped_task_stays_and_it_may_come_back(cycle_id: int, tmp_path: Path) -> None:
    owed = dues(cycle_id, "name-focal-agency")
    with sit(PLACE, hand(NEXT_DAY), "minh họa") as sitting:
        done = [Done(Which("name-focal-agency", "964"), NEXT_DAY, Proof(document="1/QĐ (minh họa)"))]
        assert programme_acts.finish_tasks(sitting, done) == 1
    amend(plan(tmp_path, without="name-focal-agency"))
    (kept,) = dues(cycle_id, "name-focal-agency")
    assert kept.done_on == NEXT_DAY
    assert rebuilt(cycle_id) == every_due(cycle_id)
    amend(plan(tmp_path))
    back = dues(cycle_id, "name-focal-agency")
    assert [one.unit_id for one in back] == [one.unit_id for one in owed] and len(back) > 1
    assert [one.unit_id for one in back if one.done_on] == [kept.unit_id]
    assert rebuilt(cycle_id) == every_due(cycle_id)


def rebuilt(cycle_id: int) -> list[Any]:
    """The dues as they are when they are made from nothing."""
    with work() as session:
        session.execute(delete(TaskDue).where(TaskDue.cycle_id == cycle_id))
        programme_projection.project(session, session.get_one(Cycle, cycle_id))
    return every_due(cycle_id)


def test_a_tasks_day_that_has_passed_moves_only_when_the_act_says_so(cycle_id: int, tmp_path: Path) -> None:
    file, after = plan(tmp_path, MOVED[0]), date(2024, 12, 26)
    with pytest.raises(Refusal) as refused:
        amend(file, after)
    assert refused.value.code == "would_move_the_past"
    assert dues(cycle_id, "train-officers")[0].due_day == date(2024, 12, 24)
    moved = amend(file, after, past_too=True)["tasks"]
    assert [one["passed"] for one in moved] == [True]
    assert dues(cycle_id, "train-officers")[0].due_day == date(2024, 12, 27)


def test_a_stage_that_opens_on_another_day_moves_the_tasks_that_hang_on_it(cycle_id: int, tmp_path: Path) -> None:
    later = ('remediation: {"on": 2025-02-20', 'remediation: {"on": 2025-02-24')
    was = dues(cycle_id, "inspect-units")[0].due_day
    moved = [one for one in amend(plan(tmp_path, later))["tasks"] if one["step"] == "inspect-units"]
    assert [(one["was"], (one["now"] - one["was"]).days) for one in moved] == [(was, 4)]


def test_a_day_that_was_granted_stands_unless_the_plan_gives_more(cycle_id: int, tmp_path: Path) -> None:
    granted = date(2024, 12, 26)
    with sit(PLACE, hand(NEXT_DAY), "minh họa") as sitting:
        grant = [Granted(Which("train-officers", "96"), granted, "mưa bão", "5/STP (minh họa)")]
        programme_acts.extend_tasks(sitting, grant)
    amend(plan(tmp_path, (MOVED[0][0], "due: {kind: fixed, date: 2024-12-25}")))
    assert dues(cycle_id, "train-officers")[0].due_day == granted
    amend(plan(tmp_path, MOVED[0]))
    assert dues(cycle_id, "train-officers")[0].due_day == date(2024, 12, 27)


def test_a_task_that_somebody_did_is_not_given_to_another_level(cycle_id: int, tmp_path: Path) -> None:
    with sit(PLACE, hand(NEXT_DAY), "minh họa") as sitting:
        done = [Done(Which("name-focal-agency", "964"), NEXT_DAY, Proof(document="1/QĐ (minh họa)"))]
        programme_acts.finish_tasks(sitting, done)
    before = every_due(cycle_id)
    other = re.search(r"  - id: name-focal-agency\n.*\n.*\n    lead: district_committee\n", PLAN.read_text("utf-8"))
    assert other
    with pytest.raises(Refusal) as refused:
        amend(plan(tmp_path, (other[0], other[0] + "    per: commune\n")))
    assert refused.value.code == "task_owed_by_another_level"
    assert every_due(cycle_id) == before

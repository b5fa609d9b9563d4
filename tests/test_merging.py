"""Units that change: no result crosses a merger, remedies go to the successor, dossiers are closed or carried."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_POSTGRESQL
from sqlalchemy import delete, select

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.law.programme import FixedDay
from models.records import afterwards, programme, programme_acts, programme_projection
from models.records.cycles import Cycle
from models.records.deadlines import Deadline
from models.records.dossier_page import dossier_page, find_dossier
from models.records.dossiers import Dossier
from models.records.earlier_results import recognised_years
from models.records.merging import results_across
from models.records.notices import Notice
from models.records.programme_acts import Done, Granted, Proof, Which
from models.records.programme_tables import TaskDue
from models.records.remedies import Remedy, followed_in, standing
from models.records.risks import units_by_risk
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import clock, merging
from tasks.anchors import verify_journal
from tasks.closing import close, what_is_left
from tasks.database import reading, work
from tasks.opening import open_cycle
from tasks.reconciling import reconcile
from tasks.sittings import Hand, Place, sit
from tests.after_builders import PLAN_2026, a_task, lived, lose_and_mend, the_cycle

PLACE, NEXT = Place("96", 2024, trial=True), Place("96", 2026, trial=True)
SINCE = date(2025, 7, 1)
HAND = Hand("Sở Tư pháp (minh họa)", clock.moment(date(2025, 7, 2)), "NQ sắp xếp (minh họa)")


@pytest.fixture
def cycle_id(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


def pairs(cycle_id: int, states: frozenset[State]) -> list[tuple[str, str, int, int]]:
    """(old code, new code, old id, new id) of communes of the cycle in these states that went into another."""
    with reading() as session:
        query = select(Unit).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == cycle_id)
        units = session.scalars(query.where(Dossier.state.in_(states)).order_by(Unit.code)).all()
        kin = [(unit, lineage(session, unit.id)[1]) for unit in units]
        return [(unit.code, became[0].unit.code, unit.id, became[0].unit.id) for unit, became in kin if became]


def test_the_open_remedies_of_a_merged_commune_are_its_successors_and_it_is_told(cycle_id: int) -> None:
    old, new, old_id, new_id = pairs(cycle_id, frozenset({State.NOT_RECOGNISED}))[0]
    done = merging.merge(PLACE, [old], new, None, SINCE, HAND)
    assert done["decided"] == (old,)
    assert done["remedies"]
    assert merging.merge(PLACE, [old], new, None, SINCE, HAND)["new"] == 0
    with reading() as session:
        assert set(session.scalars(select(Remedy.unit_id).where(Remedy.id.in_(done["remedies"])))) == {new_id}
        told = session.scalars(select(Notice).where(Notice.kind == "unit_merged", Notice.unit_id == old_id)).all()
        assert [one.said for one in told] and len(told) == 1
    assert lose_and_mend("unit_merged", HAND.at) == 1
    assert verify_journal()[1] is None


def test_a_remedy_that_its_successor_mends_is_done_in_the_cycle_that_found_it_wanting(cycle_id: int) -> None:
    old, new, old_id, new_id = pairs(cycle_id, frozenset({State.NOT_RECOGNISED}))[0]
    moved = merging.merge(PLACE, [old], new, None, SINCE, HAND)["remedies"]
    with reading() as session:
        seen = followed_in(session, session.get_one(Cycle, cycle_id), codes=[new])
    assert {one.due for one in seen} == {date(2025, 5, 30)}
    for one in moved:
        with sit(PLACE, Hand("Xã mới (minh họa)", HAND.at), "minh họa") as sitting:
            afterwards.prove_remedy(sitting, one, "BC 06 (minh họa)")
        with sit(PLACE, HAND, "minh họa") as sitting:
            afterwards.close_remedy(sitting, one)
    with reading() as session:
        assert session.get_one(Deadline, (cycle_id, old_id, "close-remedies", "")).done_on == date(2025, 7, 2)
        assert session.get(Deadline, (cycle_id, new_id, "close-remedies", "")) is None


def test_no_result_crosses_a_merger_and_it_can_still_be_read(cycle_id: int) -> None:
    old, new, old_id, new_id = pairs(cycle_id, frozenset({State.RECOGNISED}))[0]
    with pytest.raises(Refusal) as refused:
        merging.merge(PLACE, [old], new, old, SINCE, HAND)
    assert refused.value.code == "result_crosses_no_merger"
    merging.merge(PLACE, [old], new, None, SINCE, HAND)
    with reading() as session:
        assert recognised_years(session, [new_id], True) == {new_id: {}}
        assert recognised_years(session, [old_id], True) == {old_id: {2024: True}}
        across = results_across(session, new_id)
    assert (old, 2024, True, False) in {(one.code, one.year, one.recognised, one.own) for one in across}


def test_a_merger_that_the_list_does_not_know_is_refused(cycle_id: int) -> None:
    (old, _, _, _), (_, _, _, other_new) = (
        pairs(cycle_id, frozenset(DECIDED))[0],
        pairs(cycle_id, frozenset(DECIDED))[-1],
    )
    with reading() as session:
        stranger = session.get_one(Unit, other_new).code
    with pytest.raises(Refusal) as refused:
        merging.merge(PLACE, [old], stranger, None, SINCE, HAND)
    assert refused.value.code == "not_in_lineage"


def history(code: str) -> dict[str, Any]:
    """What the page of a unit's dossier says of its past, whoever bore it."""
    with reading() as session:
        page = dossier_page(session, find_dossier(session, code, 2024), clock.moment(date(2025, 7, 3)))
    past = {name: page["dossier"][name] for name in ("state", "holder", "since", "round")}
    past |= {name: page["handed_in"][name] for name in ("files", "posting", "held", "late_days")}
    acts = [line["number"] for line in page["journal"] if line["act"] != "merge-units"]
    return past | {"rounds": page["rounds"], "journal": acts}


def test_an_undecided_dossier_is_closed_or_goes_on_as_the_successors(cycle_id: int) -> None:
    (first, new, first_id, new_id) = pairs(cycle_id, frozenset(DECIDED))[0]
    with work() as session:
        session.execute(
            Dossier.__table__.update().where(Dossier.unit_id == first_id).values(state=str(State.COMPLETE))  # type: ignore[attr-defined]
        )
    before = history(first)
    done = merging.merge(PLACE, [first], new, first, SINCE, HAND)
    assert done["carried"] == (first,)
    assert before["held"]
    assert history(new) == before, "the file's past goes with the file"
    with reading() as session:
        if first != new:  # codes are reused
            with pytest.raises(Refusal) as refused:
                find_dossier(session, first, 2024)
            assert [one["code"] for one in refused.value.details["successors"]] == [new]
        dossier = session.scalars(select(Dossier).where(Dossier.unit_id == new_id)).one()
        assert (dossier.cycle_id, dossier.state) == (cycle_id, State.COMPLETE)
        owed = session.scalars(select(Deadline).where(Deadline.unit_id == new_id, Deadline.step == "submit-dossier"))
        assert owed.one().done_on is not None, "what the old unit did was done"
        assert session.scalars(select(Deadline).where(Deadline.unit_id == first_id)).all() == []
    missing = reconcile(HAND.at or clock.moment(SINCE))["missing"]
    again = {one["kind"] for one in missing if f"/{new_id}/" in one["key"]}
    assert again == {"result"}, "papers that came before the merger were told to the unit that handed them in"
    with pytest.raises(Refusal):
        merging.merge(PLACE, [first], new, first, date(2025, 7, 3), HAND)


def test_who_was_late_is_looked_at_first_also_after_a_merger(cycle_id: int) -> None:
    opened = open_cycle("96", 2026, trial=True, plan_file=PLAN_2026, at=clock.moment(date(2026, 12, 1)))
    with reading() as session:
        late = select(Unit.name).join(Deadline, Deadline.unit_id == Unit.id)
        mine = (Deadline.cycle_id == cycle_id, Deadline.step == "submit-dossier")
        former = {*session.scalars(late.where(*mine, Deadline.done_on > Deadline.last_day))}
        ranked = units_by_risk(session, opened.cycle, most=100)
    told = [one for one in ranked if "late_before" in one["reasons"]]
    assert former
    assert {why.partition(":")[0] for one in told for why in one["why"] if ":" in why} == former


def posted(cycle_id: int) -> list[TaskDue]:
    """Who owes the task that `post_notice` adds, by unit."""
    with reading() as session:
        query = select(TaskDue).where(TaskDue.cycle_id == cycle_id, TaskDue.task.like("post-notice%"))
        return list(session.scalars(query.order_by(TaskDue.unit_id)))


def post_notice(day: date = date(2025, 6, 20), name: str = "post-notice") -> None:
    """A task of every commune, due on the last day of June, is added on a day."""
    task = a_task(name, due=FixedDay(kind="fixed", date=date(2025, 6, 30)))
    with sit(PLACE, Hand("Sở Tư pháp (minh họa)", clock.moment(day)), "minh họa") as sitting:
        assert programme.add_tasks(sitting, [task]) == 1


def test_what_a_merged_unit_still_owes_of_the_programme_is_its_successors_once(cycle_id: int) -> None:
    by_new: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for old, new, old_id, new_id in pairs(cycle_id, frozenset(DECIDED)):
        by_new.setdefault((new, new_id), []).append((old, old_id))
    (new, new_id), olds = max(by_new.items(), key=lambda item: len(item[1]))
    post_notice()
    with sit(PLACE, Hand("Xã (minh họa)", clock.moment(date(2025, 6, 25))), "minh họa") as sitting:
        paper = Proof(document="1/BC (minh họa)")
        done = pairs(cycle_id, frozenset(DECIDED))[-1][0]
        programme_acts.finish_tasks(sitting, [Done(Which("post-notice", done), date(2025, 6, 25), paper)])
    merged = merging.merge(PLACE, [old for old, _ in olds], new, None, SINCE, HAND)
    assert len(olds) > 1
    assert set(merged["tasks"]) == {f"{old}/post-notice" for old, _ in olds if old != done}
    dues = {due.unit_id: due for due in posted(cycle_id)}
    assert all(dues[old_id].carried_on == HAND.at.date() for old, old_id in olds if old != done and HAND.at)
    assert (dues[new_id].due_day, dues[new_id].done_on) == (date(2025, 6, 30), None)
    post_notice(date(2025, 7, 5), "post-notice-later")
    assert not [due for due in posted(cycle_id) if due.task == "post-notice-later"], "nobody asks units that ended"
    query = select(*TaskDue.__table__.columns).order_by(TaskDue.task, TaskDue.occasion, TaskDue.unit_id)
    with work() as session:
        before = session.execute(query).all()
        session.execute(delete(TaskDue))
        programme_projection.project(session, session.get_one(Cycle, cycle_id))
        assert session.execute(query).all() == before


def carried_to_2026(cycle_id: int) -> tuple[int, str]:
    """One task of a commune and one of a district are carried over; the commune's successor, the district's code."""
    post_notice()
    old, _, _, new_id = pairs(cycle_id, frozenset(DECIDED))[0]
    with sit(PLACE, HAND, "minh họa") as sitting:
        district = sitting.session.scalars(select(Unit.code).where(Unit.level == "district", Unit.code == "964")).one()
        chosen = [Which("post-notice", old), Which("review-locally", district)]
        task = a_task("review-locally", lead="district_committee", due=FixedDay(kind="fixed", date=date(2025, 6, 27)))
        programme.add_tasks(sitting, [task])
        until = date(2027, 3, 1)
        assert programme_acts.carry_over(sitting, [Granted(one, until, "sắp xếp (minh họa)") for one in chosen]) == 2
    return new_id, district


def assert_taken_over(cycle_id: int, successor: int, district: str) -> None:
    with reading() as session:
        owed = session.scalars(select(TaskDue).where(TaskDue.cycle_id == cycle_id, TaskDue.occasion.like("carried-%")))
        found = {due.task: due for due in owed}
        province = session.get_one(Cycle, cycle_id).province_id
        told = session.scalars(select(Notice).where(Notice.cycle_id == cycle_id, Notice.kind == "unit_merged")).all()
    of_commune, of_district = found["post-notice"], found["review-locally"]
    assert (of_commune.unit_id, of_commune.actor, of_commune.due_day) == (successor, "commune", date(2027, 3, 1))
    assert (of_district.unit_id, of_district.actor) == (province, "province_justice"), "it has no successor"
    assert of_district.occasion == f"carried-2024/{district}"
    assert len(told) == 2
    assert lose_and_mend("unit_merged", clock.moment(date(2027, 1, 5)), f"{cycle_id}/%") == 2


@ON_POSTGRESQL
def test_remedies_stand_beyond_the_paused_year_and_are_carried_into_2026_by_the_successors(cycle_id: int) -> None:
    taken_over = carried_to_2026(cycle_id)
    moved: list[int] = []
    for old, new, *_ in pairs(cycle_id, frozenset({State.NOT_RECOGNISED})):
        moved += merging.merge(PLACE, [old], new, None, SINCE, HAND)["remedies"]
    left = what_is_left(PLACE, HAND.at)
    assert not left["clear"]
    at = clock.moment(date(2026, 12, 1))
    opened = open_cycle("96", 2026, trial=True, plan_file=PLAN_2026, at=at)
    assert_taken_over(opened.cycle, *taken_over)
    assert what_is_left(NEXT, at)["open_cycles"] == [2024, 2026], "two cycles are open at once"
    hand = Hand("Sở Tư pháp (minh họa)", at)
    with sit(NEXT, hand, "minh họa") as sitting:
        assert afterwards.carry_remedies(sitting) == len(moved)
        assert afterwards.carry_remedies(sitting) == 0
    with reading() as session:
        cycle = session.get_one(Cycle, opened.cycle)
        seen = followed_in(session, cycle, open_only=True)
        units = session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == cycle.id)).all()
        beside = standing(session, units, trial=True, before=2026)
    assert {one.id for one in seen} == set(moved) == {one.id for ones in beside.values() for one in ones}
    assert {(one.year, one.due) for one in seen} == {(2024, date(2027, 6, 11))}
    first = seen[0].id
    with sit(NEXT, Hand("Xã (minh họa)", at), "minh họa") as sitting:
        afterwards.prove_remedy(sitting, first, "BC 05 (minh họa)")
    with sit(NEXT, hand, "minh họa") as sitting:
        assert afterwards.close_remedy(sitting, first)
    with reading() as session:
        remedy = session.get_one(Remedy, first)
        owed = session.get_one(Deadline, (opened.cycle, remedy.unit_id, "close-remedies", remedy.occasion))
        assert owed.done_on is not None
        dossier = session.get(Deadline, (opened.cycle, remedy.unit_id, "close-remedies", ""))
        assert dossier is None, "what is carried says nothing of this year's own remedies"
    assert the_cycle(2024) == cycle_id


def test_a_cycle_closes_with_remedies_standing_only_on_a_ground(cycle_id: int) -> None:
    with pytest.raises(Refusal) as refused:
        close(PLACE, HAND, None)
    assert refused.value.code == "cycle_kept_open"
    owed = {one["step"]: one["title"] for one in what_is_left(PLACE, HAND.at)["owed"]}
    assert "close-remedies" in owed
    assert owed["review-at-end"] == "Tổng kết việc thực hiện kế hoạch", "a task of the plan keeps it open too"
    with sit(PLACE, HAND, "minh họa") as sitting:
        left = select(TaskDue.task, Unit.code, TaskDue.occasion).join(Unit, Unit.id == TaskDue.unit_id)
        still = left.where(TaskDue.done_on.is_(None), TaskDue.carried_on.is_(None))
        grants = [Granted(Which(*one), date(2026, 3, 2), "tạm dừng") for one in sitting.session.execute(still).tuples()]
        programme_acts.carry_over(sitting, grants)
        afterwards.confirm_all(sitting, "")
        afterwards.award_commendations(sitting, "05/QĐ (minh họa)")
    assert cycle_id
    assert close(PLACE, HAND, "tạm dừng đánh giá năm 2025 (minh họa)")
    assert not close(PLACE, HAND, "tạm dừng đánh giá năm 2025 (minh họa)")
    with pytest.raises(Refusal) as refused, sit(PLACE, HAND, "minh họa") as sitting:
        sitting.fresh(["anything"])
    assert refused.value.code == "cycle_closed"

"""Four acts of an office's own: extend, unlock, reopen, suspend; each with its ground, none moving the law."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cycle_builders import communes, districts, everything, full, hand, hand_in, law_at, refused, states, trial_cycle
from databases import ON_SQLITE
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.cycle.lifecycle import State
from models.law.answers import PointsGiven
from models.records.deadlines import Deadline
from models.records.filing import Filing, take_in
from models.records.local_acts import Grounds, Lateness, lateness
from models.records.revising import revise
from models.records.units import Unit
from tasks import clock, deciding, local_acts, reviewing
from tasks.database import reading
from tasks.deciding import Signed
from tasks.sittings import Place, sit
from tests.after_builders import lose_and_mend

GROUNDS = Grounds("mưa lũ (minh họa)", "Chủ tịch UBND (minh họa)", "12/CV")
JANUARY = date(2025, 1, 6)
OFFICE = hand("Phòng Tư pháp (minh họa)", JANUARY)
District = tuple[Place, str, list[str]]


def deadline(step: str, code: str) -> Deadline:
    with reading() as session:
        return session.scalars(
            select(Deadline).join(Unit, Unit.id == Deadline.unit_id).where(Deadline.step == step, Unit.code == code)
        ).one()


@pytest.mark.usefixtures("units")
def test_an_extension_moves_the_offices_day_and_never_the_laws() -> None:
    place = trial_cycle(2024, most=2)
    first, second = communes(place)
    until = date(2025, 1, 15)
    assert local_acts.extend(place, "submit-dossier", [first], until, GROUNDS, OFFICE) == 1
    assert local_acts.extend(place, "submit-dossier", [first], until, GROUNDS, OFFICE) == 0
    found, other = deadline("submit-dossier", first), deadline("submit-dossier", second)
    assert (found.last_day, found.local_last_day, found.due_day) == (date(2025, 1, 9), until, until)
    assert other.local_last_day == date(2025, 1, 10)
    hand_in(place, [first], date(2025, 1, 14))
    assert lateness(deadline("submit-dossier", first), date(2025, 3, 1)) == Lateness(5, 0)
    assert lateness(deadline("submit-dossier", second), date(2025, 1, 12)) == Lateness(3, 2)


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_an_extension_gives_time_and_has_its_ground() -> None:
    place = trial_cycle(2024, most=2)
    code = communes(place)[0]

    def extended(until: date, grounds: Grounds, step: str = "submit-dossier") -> int:
        return local_acts.extend(place, step, [code], until, grounds, OFFICE)

    refused(lambda: extended(date(2025, 1, 10), GROUNDS), "not_later")
    refused(lambda: extended(date(2025, 1, 15), Grounds("", "x", "1")), "local_act_without_ground")
    refused(lambda: extended(date(2025, 1, 15), Grounds("x", "y", " ")), "local_act_without_ground")
    refused(lambda: extended(date(2025, 1, 15), GROUNDS, "post-drafts"), "nothing_owed")
    hand_in(place, [code], JANUARY)
    refused(lambda: extended(date(2025, 1, 15), GROUNDS), "nothing_owed")


@pytest.mark.usefixtures("units")
def test_a_suspension_gives_exactly_its_days_back(tcpl: Callable[..., Any]) -> None:
    place = trial_cycle(2024, most=2)
    first, second = communes(place)
    before = deadline("decide", first)
    assert local_acts.suspend(place, [first], date(2025, 1, 6), date(2025, 1, 10), GROUNDS, OFFICE) == 1
    after = deadline("decide", first)
    assert after.last_day == before.last_day == date(2025, 2, 9)
    assert after.local_last_day == date(2025, 2, 14)
    # beside the 10th, up to which the plan accepts files, not beside the legal 9th
    assert deadline("submit-dossier", first).local_last_day == date(2025, 1, 15)
    assert deadline("decide", second).local_last_day is None
    again = Grounds("lần hai (minh họa)", "Chủ tịch UBND (minh họa)", "13/CV")
    local_acts.suspend(place, [first], date(2025, 2, 1), date(2025, 2, 2), again, OFFICE, step="decide")
    assert deadline("decide", first).local_last_day == date(2025, 2, 16)
    shown = tcpl("dossier", first, "--year", "2024", "--on", "2025-02-20", "--json").json
    assert [(one["kind"], one["days"], one["document"]) for one in shown["granted"]] == [
        ("suspend", 5, "12/CV"),
        ("suspend", 2, "13/CV"),
    ]
    (decide,) = [one for one in shown["deadlines"] if one["step"] == "decide"]
    assert (decide["days_late"], decide["days_late_local"]) == (11, 4)
    assert "theo hạn địa phương: 4" in tcpl("dossier", first, "--year", "2024", "--on", "2025-02-20").out


@pytest.mark.usefixtures("units")
def test_unlocking_opens_named_indicators_of_a_file_that_was_handed_in_and_no_other() -> None:
    place = trial_cycle(2024, most=2)
    code = communes(place)[0]

    def revised(changed: dict[str, Decimal], on: date = JANUARY) -> list[str]:
        answers = {name: PointsGiven(points) for name, points in changed.items()}
        filing = Filing(code, full(law_at(place), answers, leader=False))
        with sit(place, hand("Công chức (minh họa)", on), "sửa") as sitting:
            return revise(sitting, filing)

    unlocked = lambda: local_acts.unlock(place, code, ["2.1"], date(2025, 1, 8), GROUNDS, OFFICE)  # noqa: E731
    refused(unlocked, "not_to_be_unlocked")
    hand_in(place, [code], date(2025, 1, 3))
    refused(lambda: revised({"2.1": Decimal(5)}), "indicator_locked")
    assert unlocked()
    assert not unlocked()
    refused(lambda: revised({"2.1": Decimal(5), "2.2": Decimal(1)}), "indicator_locked")
    refused(lambda: revised({"2.1": Decimal(5)}, date(2025, 1, 9)), "indicator_locked")
    assert revised({"2.1": Decimal(5)}) == ["2.1"]
    before = everything()
    assert revised({"2.1": Decimal(5)}) == []
    assert everything() == before
    assert states(place)[code] == "submitted"


@pytest.mark.usefixtures("units")
def test_a_premature_submission_is_reopened_and_the_same_paper_may_come_again() -> None:
    place = trial_cycle(2024, most=2)
    code = communes(place)[0]
    hand_in(place, [code], date(2025, 1, 3))
    assert local_acts.reopen(place, code, State.SELF_ASSESSMENT, GROUNDS, OFFICE, until=date(2025, 1, 13))
    assert not local_acts.reopen(place, code, State.SELF_ASSESSMENT, GROUNDS, OFFICE, until=date(2025, 1, 13))
    open_again = deadline("submit-dossier", code)
    assert (open_again.done_on, open_again.local_last_day) == (None, date(2025, 1, 13))
    assert states(place)[code] == "self_assessment"
    assert hand_in(place, [code], date(2025, 1, 8)) == 1
    assert hand_in(place, [code], date(2025, 1, 8)) == 0
    assert deadline("submit-dossier", code).done_on == date(2025, 1, 8)
    reviewing.find_complete(place, [code], hand("Phòng Tư pháp (minh họa)", date(2025, 1, 9)))
    assert states(place)[code] == "complete"


def test_an_appraisal_is_reopened_and_finished_anew(appraised: District) -> None:
    place, unit, codes = appraised
    at = hand("Phòng Tư pháp (minh họa)", date(2025, 2, 3))
    assert local_acts.reopen(place, codes[1], State.COMPLETE, GROUNDS, at)
    proposed = {one["code"]: one["verdict"] for one in deciding.proposal(place, unit)["communes"]}
    assert proposed == {codes[0]: False, codes[1]: None, codes[2]: True}
    document = {"answers": {"1.2": {"points": "6.5"}}, "reasons": {"1.2": "tính lại (minh họa)"}}
    reviewing.save_notes(place, codes[1], document, at)
    assert reviewing.finish_appraisals(place, [codes[1]], at, agree_rest=True) == 1
    (found,) = [one for one in deciding.proposal(place, unit)["communes"] if one["code"] == codes[1]]
    assert (found["verdict"], found["total"]) == (True, "99.50")


def test_what_is_decided_is_corrected_and_not_reopened(appraised: District) -> None:
    place, unit, codes = appraised
    by = hand("Văn thư (minh họa)", date(2025, 2, 6))
    deciding.sign(place, Signed(unit, "1/QĐ", date(2025, 2, 6), "C (minh họa)"), by)
    refused(lambda: local_acts.reopen(place, codes[1], State.SELF_ASSESSMENT, GROUNDS, by), "decided_already")
    refused(lambda: local_acts.unlock(place, codes[1], ["*"], date(2025, 3, 1), GROUNDS, by), "not_to_be_unlocked")


def test_returned_indicators_unlock_alone_and_what_was_noted_there_is_open_again(
    appraised: District, tcpl: Callable[..., Any]
) -> None:
    place, _, codes = appraised
    code, at = codes[1], hand("Phòng Tư pháp (minh họa)", date(2025, 2, 3))
    local_acts.reopen(place, code, State.COMPLETE, GROUNDS, at)
    noted = {"answers": {"1.2": {"points": "6.5"}, "2.1": {"points": "5"}}, "reasons": {"1.2": "a", "2.1": "b"}}
    assert reviewing.save_notes(place, code, noted, at) == {"1.2": 1, "2.1": 1}
    send_back = lambda: reviewing.return_indicators(place, code, ["2.1"], "thiếu minh chứng", date(2025, 2, 3), at)  # noqa: E731
    assert send_back()
    assert not send_back()
    assert lose_and_mend("supplement_requested", at.at or clock.moment(JANUARY), "%/indicators_returned/%") == 1
    assert states(place)[code] == "returned"
    told = tcpl("dossier", code, "--year", "2024", "--json").json
    assert (told["dossier"]["state"], told["dossier"]["holder"]) == ("returned", "commune")
    assert [(one["indicator"], one["reason"]) for one in told["returned"]] == [("2.1", "thiếu minh chứng")]

    def answered(**changed: str) -> list[str]:
        answers = {name: {"points": points} for name, points in changed.items()}
        rest = {one.id: {"points": str(one.maximum.points)} for one in law_at(place).indicators() if one.maximum}
        whole = {"answers": {**rest, **answers}, "leader_disciplined": False}
        return reviewing.revise(place, code, whole, hand("Công chức (minh họa)", date(2025, 2, 4)))

    refused(lambda: answered(**{"2.1": "4", "2.2": "1"}), "indicator_locked")
    assert answered(**{"2.1": "4"}) == ["2.1"]
    assert lose_and_mend("dossier_received", clock.moment(date(2025, 2, 5)), "%/revise/%") == 1
    assert (
        states(place)[code] == tcpl("dossier", code, "--year", "2024", "--json").json["dossier"]["state"] == "complete"
    )
    refused(lambda: reviewing.finish_appraisals(place, [code], at), "appraisal_incomplete")
    from tasks.appraisal_sheets import sheet

    lines = {line["place"]: line for line in sheet(place, code)["places"]}
    assert (lines["1.2"]["noted"], lines["2.1"]["noted"], lines["2.1"]["self"]) == ("6.50", None, "4.00")


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_an_act_names_the_person_who_does_it() -> None:
    place = trial_cycle(2024, most=2)
    code = communes(place)[0]
    act = lambda: reviewing.find_complete(place, [code], hand("  ", JANUARY))  # noqa: E731
    refused(act, "nobody_signs")
    assert districts(place)


@given(done=st.integers(0, 60), accepted=st.integers(0, 40), asked=st.integers(0, 90))
def test_late_against_both_days_is_what_the_days_say(done: int, accepted: int, asked: int) -> None:
    last = date(2025, 1, 9)
    one = Deadline(last_day=last, local_last_day=last + timedelta(days=accepted), done_on=last + timedelta(days=done))
    found = lateness(one, last + timedelta(days=asked))
    end = min(done, asked)
    assert found == Lateness(max(end, 0), max(end - accepted, 0))


@pytest.mark.usefixtures("units")
def test_taking_in_is_still_once_per_paper() -> None:
    place = trial_cycle(2024, most=2)
    filing = Filing(communes(place)[0], full(law_at(place)))
    for new in (1, 0):
        with sit(place, OFFICE, "nộp") as sitting:
            assert take_in(sitting, [filing]) == new

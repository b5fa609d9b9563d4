"""The Council: its numbers are the regulation's; a meeting with its quorum, or opinions in writing; no majority."""

from datetime import date
from typing import Any

import pytest
from cycle_builders import COUNCIL, communes, districts, hand, refused, trial_cycle
from hypothesis import given
from hypothesis import strategies as st

from models.law.marks import Mark
from models.law.regulation import Regulation
from models.records.councils import Opinion
from tasks import reviewing
from tasks.law_files import load_regulations
from tasks.settings import CHECKOUT

BY = hand("Thư ký (minh họa)", date(2025, 1, 27))
QD_25 = next(each for each in load_regulations(CHECKOUT / "regulations") if each.id == "qd-25-2021")


def held(**changed: Any) -> dict[str, Any]:
    return {**COUNCIL, "chair": "A (minh họa)", "secretary": "B (minh họa)", **changed}


def test_the_numbers_are_the_laws_with_their_article_and_mark() -> None:
    council = QD_25.council
    assert council is not None
    assert (council.members.number, council.members.mark) == (15, Mark.CONFIRMED)
    assert council.quorum.citation is not None
    assert council.quorum.citation.article == "Điều 5 khoản 5"


@pytest.mark.parametrize(("members", "needed"), [(15, 10), (13, 9), (11, 8), (9, 6), (1, 1), (2, 2), (3, 2)])
def test_two_thirds_of_all_members_never_rounded_down(members: int, needed: int) -> None:
    assert QD_25.council is not None
    assert QD_25.council.quorum.attendance(members) == needed


@given(members=st.integers(1, 100), part=st.integers(1, 10), more=st.integers(0, 10))
def test_a_quorum_is_the_fewest_who_reach_the_share(members: int, part: int, more: int) -> None:
    quorum = _quorum(QD_25, part, part + more)
    needed = quorum.attendance(members)
    assert needed * quorum.whole >= members * quorum.part
    assert (needed - 1) * quorum.whole < members * quorum.part
    assert 1 <= needed <= members


def _quorum(regulation: Regulation, part: int, whole: int):
    assert regulation.council is not None
    return regulation.council.quorum.model_copy(update={"part": part, "whole": whole})


@pytest.mark.usefixtures("units")
def test_a_session_is_held_to_its_numbers_and_recorded_once() -> None:
    place = trial_cycle(2024, most=2)
    ((unit, _),) = districts(place).items()

    def hold(**changed: Any) -> int:
        return reviewing.hold_council(place, unit, held(**changed), BY)

    refused(lambda: hold(members=16, attended=16), "council_members")
    refused(lambda: hold(members=15, attended=9), "council_without_quorum")
    refused(lambda: hold(papers_sent_on=date(2025, 1, 22)), "council_papers_late")
    refused(lambda: hold(held_on=date(2025, 1, 28)), "council_not_held_yet")
    twice = (Opinion("C", date(2025, 1, 23), "1"), Opinion("C", date(2025, 1, 23), "2"))
    refused(lambda: hold(opinions=twice), "council_opinion_twice")
    five = tuple(Opinion(name, date(2025, 1, 23), "1") for name in "CDEFG")
    refused(lambda: hold(opinions=five), "council_members")
    assert hold(opinions=five[:1]) == 1
    assert hold(opinions=five[:1]) == 0
    refused(lambda: hold(attended=10, opinions=five[:1]), "council_recorded_otherwise")
    refused(lambda: hold(chair="khác (minh họa)", opinions=five[:1]), "council_recorded_otherwise")
    refused(hold, "council_recorded_otherwise")
    commune = communes(place)[0]
    refused(lambda: reviewing.hold_council(place, commune, held(), BY), "not_a_deciding_unit")
    (found,) = reviewing.councils_document(place)
    assert (found["needed"], found["opinions_missing"]) == (9, 3)
    assert [one["member"] for one in found["opinions"]] == ["C"]


@pytest.mark.usefixtures("units")
def test_papers_that_went_out_late_are_told_for_ever() -> None:
    place = trial_cycle(2024, most=2)
    ((unit, _),) = districts(place).items()
    late = held(papers_sent_on=date(2025, 1, 22), late_papers_ground="máy hỏng (minh họa)")
    assert reviewing.hold_council(place, unit, late, BY) == 1
    (found,) = reviewing.councils_document(place)
    assert found["late_papers_ground"] == "máy hỏng (minh họa)"


@pytest.mark.usefixtures("units")
def test_the_written_track_has_no_quorum_but_opinions() -> None:
    place = trial_cycle(2024, most=2)
    ((unit, _),) = districts(place).items()
    written = held(track="written", attended=0)
    refused(lambda: reviewing.hold_council(place, unit, written, BY), "council_opinions")
    one = (Opinion("C", date(2025, 1, 23), "1"),)
    assert reviewing.hold_council(place, unit, held(track="written", attended=0, opinions=one), BY) == 1

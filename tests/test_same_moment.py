"""Two people at the same moment, on both engines: one wins, the other is told, nothing is lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

from cycle_builders import full, hand, law_at, states

from models.cycle.lifecycle import State
from models.errors import Refusal
from models.law.answers import PointsGiven
from models.records.filing import Filing
from models.records.handed_in import Paper
from models.records.intake import take_papers
from models.records.local_acts import Grounds
from models.records.revising import revise
from tasks import deciding, local_acts, reviewing
from tasks.anchors import verify_journal
from tasks.appraisal_sheets import sheet
from tasks.deciding import Signed
from tasks.sittings import Place, sit

District = tuple[Place, str, list[str]]
DAY = date(2025, 2, 6)
FIRST, SECOND = hand("Người thứ nhất (minh họa)", DAY), hand("Người thứ hai (minh họa)", DAY)
GROUNDS = Grounds("minh họa", "minh họa", "1/CV")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of acts that begin at the same moment, each in a thread of its own: a result, or the refusal."""
    start = Barrier(len(acts))

    def act(one: Callable[[], object]) -> object:
        start.wait()
        try:
            return one()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def reopened(place: Place, codes: Sequence[str]) -> None:
    for code in codes:
        local_acts.reopen(place, code, State.COMPLETE, GROUNDS, FIRST)


def noted(points: str) -> dict[str, object]:
    return {"answers": {"1.2": {"points": points}}, "reasons": {"1.2": "lý do (minh họa)"}, "versions": {}}


def test_two_reviewers_save_the_same_indicator_and_the_second_is_told(appraised: District) -> None:
    place, _, codes = appraised
    reopened(place, codes[1:2])
    results = at_once(
        lambda: reviewing.save_notes(place, codes[1], noted("6.5"), FIRST),
        lambda: reviewing.save_notes(place, codes[1], noted("6.25"), SECOND),
    )
    assert sorted(map(str, results)) == ["changed_meanwhile", "{'1.2': 1}"]
    winner = "6.50" if results[1] == "changed_meanwhile" else "6.25"
    (line,) = [line for line in sheet(place, codes[1])["places"] if line["place"] == "1.2"]
    assert (line["noted"], line["version"]) == (winner, 1)
    loser = SECOND if winner == "6.50" else FIRST
    assert reviewing.save_notes(place, codes[1], noted("6") | {"versions": {"1.2": 1}}, loser) == {"1.2": 2}


def test_two_reviewers_in_their_own_fields_both_save(appraised: District) -> None:
    place, _, codes = appraised
    reopened(place, codes[1:2])
    other = {"answers": {"2.1": {"points": "5"}}, "reasons": {"2.1": "lý do (minh họa)"}}
    results = at_once(
        lambda: reviewing.save_notes(place, codes[1], noted("6.5"), FIRST),
        lambda: reviewing.save_notes(place, codes[1], other, SECOND),
    )
    assert results == [{"1.2": 1}, {"2.1": 1}]


def test_two_signers_of_two_decisions_over_the_same_communes(appraised: District) -> None:
    place, unit, codes = appraised
    results = at_once(
        lambda: deciding.sign(place, Signed(unit, "1/QĐ", DAY, "A (minh họa)"), FIRST),
        lambda: deciding.sign(
            place,
            Signed(
                unit,
                "2/QĐ",
                DAY,
                "B (minh họa)",
                recognised=dict.fromkeys(codes[1:], ""),
                not_recognised={codes[0]: ""},
            ),
            SECOND,
        ),
    )
    assert 3 in results
    assert set(results) == {3, "decided_already"}
    lines = deciding.decisions_document(place)
    assert len(lines) == 3
    assert len({line["number"] for line in lines}) == 1
    assert verify_journal()[1] is None


def test_the_same_decision_recorded_twice_at_once_is_recorded_once(appraised: District) -> None:
    place, unit, _ = appraised
    signed = Signed(unit, "1/QĐ", DAY, "A (minh họa)")
    results = at_once(*(lambda: deciding.sign(place, signed, FIRST) for _ in range(4)))
    assert sorted(results) == [0, 0, 0, 3]  # type: ignore[type-var]
    assert len(deciding.decisions_document(place)) == 3


def test_a_reviewer_and_a_commune_at_once_lose_nothing(appraised: District) -> None:
    place, _, codes = appraised
    code = codes[1]
    reopened(place, [code])
    local_acts.unlock(place, code, ["2.1"], date(2025, 2, 10), GROUNDS, FIRST)
    filing = Filing(code, full(law_at(place), {"2.1": PointsGiven(Decimal(4))}))

    def commune() -> list[str]:
        with sit(place, SECOND, "sửa") as sitting:
            return revise(sitting, filing)

    results = at_once(commune, lambda: reviewing.save_notes(place, code, noted("6.5"), FIRST))
    assert results == [["2.1"], {"1.2": 1}]
    lines = {line["place"]: line for line in sheet(place, code)["places"]}
    assert (lines["2.1"]["self"], lines["1.2"]["noted"]) == ("4.00", "6.50")
    assert states(place)[code] == "complete"


def test_a_reviewer_and_an_intake_at_once_leave_one_story(appraised: District) -> None:
    """A newer file comes in while the older one is found complete: it is the one found complete, or it is refused."""
    place, _, codes = appraised
    code, january = codes[1], date(2025, 1, 8)
    local_acts.reopen(place, code, State.SELF_ASSESSMENT, GROUNDS, hand("Người (minh họa)", date(2025, 1, 7)))
    first, newer = (Filing(code, full(law_at(place), {"2.1": PointsGiven(Decimal(points))})) for points in (4, 5))
    with sit(place, hand("Công chức (minh họa)", january), "nộp") as sitting:
        take_papers(sitting, [Paper(first, "1" * 64, "mot.xlsx", 1)])

    def intake() -> str:
        with sit(place, hand("Công chức (minh họa)", january), "nộp") as sitting:
            done = take_papers(sitting, [Paper(newer, "2" * 64, "hai.xlsx", 1)])
        return next((refusal.code for refusal in done.refused.values()), "taken")

    at = hand("Phòng Tư pháp (minh họa)", january)
    results = at_once(intake, lambda: reviewing.find_complete(place, [code], at))
    assert results in (["taken", 1], ["review_has_begun", 1])
    (line,) = [line for line in sheet(place, code)["places"] if line["place"] == "2.1"]
    assert line["self"] == ("5.00" if results[0] == "taken" else "4.00")
    assert states(place)[code] == "complete"
    assert verify_journal()[1] is None


def test_a_signer_and_a_reopening_at_once_leave_one_story(appraised: District) -> None:
    place, unit, codes = appraised
    results = at_once(
        lambda: deciding.sign(place, Signed(unit, "1/QĐ", DAY, "A (minh họa)"), FIRST),
        lambda: local_acts.reopen(place, codes[2], State.SELF_ASSESSMENT, GROUNDS, SECOND),
    )
    assert results in ([3, "decided_already"], ["verdict_undetermined", True])
    decided = {line["code"] for line in deciding.decisions_document(place)}
    assert decided == (set(codes) if results[0] == 3 else set())
    assert states(place)[codes[2]] == ("recognised" if results[0] == 3 else "self_assessment")

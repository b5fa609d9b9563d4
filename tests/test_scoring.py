"""Answers and verdicts: what an answer may be, what follows from it, and that nothing missing becomes a zero."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import AnswerRefusal
from models.law.allowed import submission
from models.law.answers import (
    AnswerRow,
    ContentsGiven,
    CountGiven,
    MetGiven,
    NotArisenGiven,
    PointsGiven,
    RatioGiven,
    from_rows,
    rows,
)
from models.law.marks import Mark
from models.law.regulation import Regulation
from models.law.scoring import judge
from models.law.verdict import Verdict, weakest

MADE_UP: dict[str, Any] = {"mark": "confirmed", "source": "a test"}
UNREAD: dict[str, Any] = {"mark": "not_yet_read", "source": "a test"}
ARTICLE: dict[str, Any] = {"citation": {"text": "1/TEST", "article": "Điều 4"}}


def maximum(points: str | None) -> dict[str, Any]:
    return (MADE_UP if points else UNREAD) | {"points": points}


def subject(id_: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "title": f"Mục {id_}", "wording": MADE_UP} | fields


def rule(kind: str, **fields: Any) -> dict[str, Any]:
    return MADE_UP | ARTICLE | {"kind": kind, "id": kind.replace("_", "-"), "title": "Điều kiện"} | fields


def a_regulation(scoring: str, criteria: list[dict[str, Any]], *rules: dict[str, Any], total: str | None = None):
    fields = {"id": "a-text", "title": "Văn bản", "scoring": scoring, "criteria": criteria, "pass_rules": list(rules)}
    fields |= {"opens_cycles": True, "tiers": ["commune", "province"], "total": maximum(total) if total else None}
    fields |= {"evaluation_years": MADE_UP | {"first": 2022}, "authority": MADE_UP | {"decides": "province_chair"}}
    text = {"number": "1/TEST", "title": "V", "issued_by": "T", "issued_on": "2021-01-01", "in_force_from": None}
    return Regulation.model_validate(fields | {"texts": [text | {"facts": MADE_UP}]})


NOTHING_ASKED = MADE_UP | {"gives": "full_points"}
POINTS = a_regulation(
    "points",
    [
        subject(
            "1",
            maximum=maximum("10"),
            indicators=[
                subject(
                    "1.1",
                    maximum=maximum("3"),
                    not_arisen=NOTHING_ASKED,
                    contents=[
                        subject("1.1.1", measure=MADE_UP | {"kind": "all_or_nothing", "maximum": "1"}),
                        subject("1.1.2", measure=MADE_UP | {"kind": "all_or_nothing", "maximum": "2"}),
                    ],
                ),
                subject("1.2", maximum=maximum("7"), measure=MADE_UP | {"kind": "points", "maximum": "7"}),
            ],
        ),
        subject(
            "2",
            maximum=maximum("90"),
            indicators=[subject("2.1", maximum=maximum(None), measure=UNREAD | {"kind": "unread"})],
        ),
    ],
    rule("minimum_total", points="80"),
    rule("minimum_share", percent="50"),
    rule("leaders_clear"),
    total="100",
)

NEVER_HAPPENED = MADE_UP | {"gives": "met"}
LEVELS = a_regulation(
    "levels",
    [
        subject(
            "1",
            indicators=[
                subject("1.1", measure=MADE_UP | {"kind": "ratio", "at_least": "80"}, not_arisen=NEVER_HAPPENED),
                subject("1.2", measure=MADE_UP | {"kind": "count", "of": "hoạt động", "at_least": 2}),
                subject(
                    "1.3",
                    contents=[
                        subject("1.3.1", measure=MADE_UP | {"kind": "judged", "requirement": "có kế hoạch"}),
                        subject(
                            "1.3.2",
                            measure=MADE_UP | {"kind": "ratio", "at_least": "100"},
                            not_arisen=NEVER_HAPPENED,
                        ),
                    ],
                ),
            ],
        )
    ],
    rule("all_met"),
)
ALL_MET: dict[str, Any] = {
    "1.1": {"ratio": [8, 10]},
    "1.2": {"count": 2},
    "1.3": {"contents": {"1.3.1": {"met": True}, "1.3.2": {"ratio": [5, 5]}}},
}


def exact(text: str) -> Any:
    """JSON as the command line reads it."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)


def points(one: str | dict[str, Any], two: str, three: str, leader: bool | None = False) -> Verdict:
    first = one if isinstance(one, dict) else {"points": one}
    answers = {"1.1": first, "1.2": {"points": two}, "2.1": {"points": three}}
    given_ = submission(POINTS, {"answers": answers, "leader_disciplined": leader})
    return judge(POINTS, given_.answers, given_.leader_disciplined)


def levels(**changed: Any) -> Verdict:
    """The verdict when everything is met but for `changed` ("i1_2" is 1.2; None leaves the answer out)."""
    answers = ALL_MET | {name[1:].replace("_", "."): answer for name, answer in changed.items()}
    answers = {name: answer for name, answer in answers.items() if answer is not None}
    return judge(LEVELS, submission(LEVELS, {"answers": answers}).answers, None)


def unread(path: str) -> Regulation:
    """LEVELS with the measure of an indicator or content as nobody has read it."""
    fields = LEVELS.model_dump()
    for indicator in fields["criteria"][0]["indicators"]:
        for part in (indicator, *indicator["contents"]):
            if part["id"] == path:
                part["measure"] = UNREAD | {"kind": "unread"}
    return Regulation.model_validate(fields)


@pytest.mark.parametrize(("last", "meets"), [("69.99", False), ("70", True), ("70.01", True)])
def test_eighty_points_are_enough_and_a_hundredth_less_is_not(last: str, meets: bool):
    verdict = points("3", "7", last)
    assert verdict.meets_standard is meets
    assert [s.rule for s in verdict.shortfalls] == ([] if meets else ["minimum_total"])


def test_a_criterion_below_half_falls_short_and_reads_as_less_than_half():
    verdict = points("0", "4.9999", "90")
    (shortfall,) = verdict.shortfalls
    assert (shortfall.rule, shortfall.subject, shortfall.article) == ("minimum_share", "1", "Điều 4")
    assert (shortfall.found.vi, shortfall.required.vi) == ("49.999 %", "≥ 50 %")
    assert points("0", "5", "90").meets_standard is True


def test_a_leader_disciplined_fails_whatever_the_points():
    verdict = points("3", "7", "90", leader=True)
    assert (verdict.total, verdict.meets_standard) == (Decimal(100), False)
    assert [s.rule for s in verdict.shortfalls] == ["leaders_clear"]


def test_where_nobody_said_anything_of_the_leaders_the_verdict_is_open():
    verdict = points("3", "7", "90", leader=None)
    assert (verdict.meets_standard, verdict.total) == (None, Decimal(100))
    assert [(u.rule, u.subject) for u in verdict.undetermined] == [("leaders_clear", "leader_disciplined")]


def test_what_did_not_arise_gives_full_points_and_is_kept_apart_from_points():
    answers = submission(POINTS, {"answers": {"1.1": {"not_arisen": True}}}).answers
    assert answers["1.1"] == NotArisenGiven()
    assert points({"not_arisen": True}, "7", "70").total == Decimal(80)


def test_a_missing_answer_makes_the_total_null_and_never_zero():
    verdict = judge(POINTS, {"1.1": PointsGiven(Decimal(3)), "1.2": PointsGiven(Decimal(7))}, False)
    assert (verdict.total, verdict.meets_standard) == (None, None)
    assert ("minimum_total", "2.1", "no answer") in [(u.rule, u.subject, u.why.en) for u in verdict.undetermined]
    assert [c.points for c in verdict.criteria] == [Decimal(10), None]
    assert [c.meets for c in verdict.criteria] == [True, None]


def test_a_missing_content_is_named():
    verdict = points({"contents": {"1.1.1": {"points": "1"}}}, "7", "90")
    assert verdict.total is None
    assert "1.1.2" in [u.subject for u in verdict.undetermined]


def test_a_certain_shortfall_decides_even_where_something_else_is_open():
    verdict = judge(POINTS, {"1.1": PointsGiven(Decimal(0)), "1.2": PointsGiven(Decimal(1))}, None)
    assert verdict.meets_standard is False
    assert verdict.undetermined


def test_a_text_without_conditions_or_indicators_determines_nothing():
    bare = a_regulation("points", [subject("1", maximum=maximum("10"))], rule("minimum_total", points="8"))
    assert judge(bare, {}, False).meets_standard is None
    assert judge(bare, {}, False).total is None
    assert judge(a_regulation("levels", [subject("1")], rule("all_met")), {}, False).meets_standard is None
    assert judge(POINTS.model_copy(update={"pass_rules": ()}), {}, False).meets_standard is None
    assert judge(LEVELS.model_copy(update={"pass_rules": POINTS.pass_rules}), {}, False).meets_standard is None
    assert judge(POINTS.model_copy(update={"pass_rules": LEVELS.pass_rules}), {}, False).meets_standard is None


def test_a_condition_that_nobody_has_read_leaves_the_verdict_open():
    conditions = a_regulation("levels", [subject("1")], UNREAD | {"kind": "unread", "id": "leaders", "title": "Đ"})
    verdict = judge(LEVELS.model_copy(update={"pass_rules": conditions.pass_rules}), {}, False)
    assert [(u.rule, u.subject) for u in verdict.undetermined] == [("unread", "leaders")]


def test_everything_met_meets_the_standard_and_has_no_points():
    verdict = levels()
    assert (verdict.meets_standard, verdict.total, verdict.maximum) == (True, None, None)
    assert [(c.id, c.points, c.meets) for c in verdict.criteria] == [("1", None, True)]


@pytest.mark.parametrize(
    ("changed", "subject_", "found", "required"),
    [
        ({"i1_1": {"ratio": [3, 4]}}, "1.1", "75 %", "≥ 80 %"),
        ({"i1_1": {"ratio": [79999999, 100000000]}}, "1.1", "79.9999 %", "≥ 80 %"),
        ({"i1_1": {"ratio": [2, 3]}}, "1.1", "66.6666 %", "≥ 80 %"),
        ({"i1_2": {"count": 1}}, "1.2", "1", "≥ 2 hoạt động"),
        ({"i1_2": {"met": False}}, "1.2", "chưa đạt", "≥ 2 hoạt động"),
        ({"i1_3": {"contents": {"1.3.1": {"met": False}, "1.3.2": {"met": True}}}}, "1.3.1", "chưa đạt", "có kế hoạch"),
        ({"i1_3": {"met": False}}, "1.3", "chưa đạt", "đạt"),
    ],
)
def test_one_indicator_not_met_is_a_shortfall_with_what_was_found(
    changed: dict[str, Any], subject_: str, found: str, required: str
):
    verdict = levels(**changed)
    assert verdict.meets_standard is False
    assert [(s.subject, s.found.vi, s.required.vi) for s in verdict.shortfalls] == [(subject_, found, required)]
    assert verdict.criteria[0].meets is False


def test_what_did_not_arise_counts_as_met():
    assert levels(i1_1={"not_arisen": True}).meets_standard is True
    not_arisen = {"contents": {"1.3.1": {"met": True}, "1.3.2": {"not_arisen": True}}}
    assert levels(i1_3=not_arisen).meets_standard is True


def test_an_indicator_or_a_content_without_an_answer_leaves_the_verdict_open():
    assert [u.subject for u in levels(i1_2=None).undetermined] == ["1.2"]
    assert [u.subject for u in levels(i1_3={"contents": {"1.3.1": {"met": True}}}).undetermined] == ["1.3.2"]
    assert levels(i1_2=None).meets_standard is None


@pytest.mark.parametrize("answer", [{"met": True}, {"met": False}, {"ratio": [1, 1]}, {"not_arisen": True}])
def test_a_measure_nobody_has_read_is_undetermined_whatever_was_answered(answer: dict[str, Any]):
    regulation = unread("1.1")
    answers = submission(regulation, {"answers": ALL_MET | {"1.1": answer}}).answers
    verdict = judge(regulation, answers, None)
    assert verdict.meets_standard is None
    assert [u.subject for u in verdict.undetermined] == ["1.1"]


def test_an_unread_content_leaves_its_indicator_open_however_it_is_answered():
    regulation = unread("1.3.2")
    for answer in ({"met": True}, {"met": False}, {"contents": {"1.3.1": {"met": True}, "1.3.2": {"met": True}}}):
        verdict = judge(regulation, submission(regulation, {"answers": ALL_MET | {"1.3": answer}}).answers, None)
        assert (verdict.meets_standard, [u.subject for u in verdict.undetermined]) == (None, ["1.3.2"])
    failed = {"contents": {"1.3.1": {"met": False}}}
    verdict = judge(regulation, submission(regulation, {"answers": ALL_MET | {"1.3": failed}}).answers, None)
    assert verdict.meets_standard is False, "another content is certainly not met"


def test_the_verdict_names_the_marks_that_it_rests_on():
    fields = LEVELS.model_dump()
    fields["criteria"][0]["indicators"][1]["measure"]["mark"] = "peer"
    regulation = Regulation.model_validate(fields)
    answers = submission(regulation, {"answers": ALL_MET | {"1.2": {"count": 0}}}).answers
    verdict = judge(regulation, answers, None)
    assert verdict.shortfalls[0].mark is Mark.PEER
    assert verdict.marks == (Mark.CONFIRMED, Mark.PEER)


def test_a_conclusion_is_as_sure_as_the_weakest_value_that_it_rests_on():
    assert weakest(Mark.CONFIRMED, Mark.PEER, Mark.INFERRED) is Mark.PEER


def test_the_json_of_a_verdict_has_the_keys_of_the_contract():
    document = points("0", "4.5", "90", leader=None).document("vi")
    assert set(document) >= {"total", "maximum", "criteria", "meets_standard", "undetermined", "shortfalls"}
    assert (document["total"], document["maximum"]) == ("94.50", "100.00")
    assert document["criteria"][0] == {"id": "1", "points": "4.50", "maximum": "10.00", "meets": False}
    assert set(document["shortfalls"][0]) >= {"rule", "article", "subject", "found", "required", "mark"}
    assert set(document["undetermined"][0]) == {"rule", "subject", "why"}


quarters = st.integers(0, 28).map(lambda n: Decimal(n) / 4)


@given(quarters, quarters, st.integers(0, 360).map(lambda n: Decimal(n) / 4))
def test_adding_points_never_takes_the_standard_away(given_: Decimal, added: Decimal, other: Decimal):
    less = {"1.1": PointsGiven(Decimal(3)), "1.2": PointsGiven(given_), "2.1": PointsGiven(other)}
    more = less | {"1.2": PointsGiven(min(given_ + added, Decimal(7)))}
    if judge(POINTS, less, False).meets_standard:
        assert judge(POINTS, more, False).meets_standard


@given(st.sets(st.sampled_from(["1.1", "1.2", "1.3"])))
def test_leaving_answers_out_never_turns_the_verdict_to_met(left_out: set[str]):
    answers = submission(LEVELS, {"answers": {k: v for k, v in ALL_MET.items() if k not in left_out}}).answers
    assert judge(LEVELS, answers, None).meets_standard is (None if left_out else True)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ('{"1.1": {"points": "3.01"}}', "above_maximum"),
        ('{"1.2": {"points": 7.0001}}', "above_maximum"),
        ('{"2.1": {"points": "90.5"}}', "above_maximum"),
        ('{"1.1": {"contents": {"1.1.1": {"points": "0.5"}}}}', "not_a_step"),
        ('{"1.2": {"points": "-1"}}', "answer_form"),
        ('{"1.2": {"points": -0.5}}', "answer_form"),
        ('{"1.2": {"points": "1.00001"}}', "answer_form"),
        ('{"1.2": {"points": 1.00001}}', "answer_form"),
        ('{"1.2": {"points": "1,5"}}', "answer_form"),
        ('{"1.2": {"points": " 1"}}', "answer_form"),
        ('{"1.2": {"points": "１"}}', "answer_form"),
        ('{"1.2": {"points": "NaN"}}', "answer_form"),
        ('{"1.2": {"points": NaN}}', "answer_form"),
        ('{"1.2": {"points": -Infinity}}', "answer_form"),
        ('{"1.2": {"points": 1e999999999}}', "answer_form"),
        ('{"1.2": {"points": 1e-999999999}}', "answer_form"),
        ('{"1.2": {"points": true}}', "answer_form"),
        ('{"1.2": {"points": null}}', "answer_form"),
        ('{"1.2": {"points": [1]}}', "answer_form"),
        ('{"1.2": "3"}', "answer_form"),
        ('{"1.2": {}}', "one_answer"),
        ('{"1.2": {"points": "1", "not_arisen": true}}', "one_answer"),
        ('{"1.2": {"point": "1"}}', "unknown_key"),
        ('{"1.2": {"met": true}}', "answer_not_taken"),
        ('{"1.2": {"not_arisen": true}}', "answer_not_taken"),
        ('{"1.1": {"not_arisen": false}}', "answer_form"),
        ('{"1.1": {"contents": {}}}', "answer_form"),
        ('{"1.1": {"contents": {"1.1.3": {"points": "1"}}}}', "unknown-content"),
        ('{"1.1": {"contents": {"1.1.1": {"contents": {}}}}}', "unknown_key"),
        ('{"1.2": {"contents": {"1.2.1": {"points": "1"}}}}', "unknown-content"),
        ('{"1.3": {"points": "1"}}', "unknown-indicator"),
        ('{"1": {"points": "1"}}', "unknown-indicator"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused_by_name(answers: str, code: str):
    with pytest.raises(AnswerRefusal) as refusal:
        submission(POINTS, exact(f'{{"answers": {answers}, "leader_disciplined": false}}'))
    assert refusal.value.code == code
    assert refusal.value.details["subject"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ('{"1.1": {"ratio": [0, 0]}}', "empty_whole"),
        ('{"1.1": {"ratio": [5, 4]}}', "answer_form"),
        ('{"1.1": {"ratio": [1]}}', "answer_form"),
        ('{"1.1": {"ratio": "12"}}', "answer_form"),
        ('{"1.1": {"ratio": [true, true]}}', "answer_form"),
        ('{"1.1": {"count": 1}}', "answer_not_taken"),
        ('{"1.1": {"points": "1"}}', "answer_not_taken"),
        ('{"1.2": {"count": 1.5}}', "answer_form"),
        ('{"1.2": {"count": -1}}', "answer_form"),
        ('{"1.2": {"ratio": [1, 2]}}', "answer_not_taken"),
        ('{"1.2": {"met": "true"}}', "answer_form"),
        ('{"1.2": {"met": 1}}', "answer_form"),
        ('{"1.3": {"ratio": [1, 2]}}', "answer_not_taken"),
    ],
)
def test_levels_take_only_the_form_that_their_measure_has(answers: str, code: str):
    with pytest.raises(AnswerRefusal) as refusal:
        submission(LEVELS, exact(f'{{"answers": {answers}}}'))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "document",
    ["[]", "{}", '{"answers": []}', '{"answers": {}, "leader": true}', '{"answers": {}, "leader_disciplined": 0}'],
)
def test_a_card_of_another_shape_is_refused(document: str):
    with pytest.raises(AnswerRefusal):
        submission(POINTS, exact(document))


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(AnswerRefusal) as refusal:
        submission(POINTS, {"answers": {"1.1": {"pionts": "1"}}})
    assert "points" in refusal.value.do.vi


def test_a_float_is_refused_since_its_text_is_lost():
    with pytest.raises(AnswerRefusal):
        submission(POINTS, {"answers": {"1.2": {"points": 0.1}}})


decimals = st.decimals(0, 1000, places=4)
simple = st.one_of(
    st.builds(PointsGiven, decimals),
    st.builds(MetGiven, st.booleans()),
    st.builds(RatioGiven, decimals, decimals),
    st.builds(CountGiven, st.integers(0, 1000)),
    st.just(NotArisenGiven()),
)
ids = st.from_regex(r"\A[1-9]\.[1-9]\Z")
several = st.dictionaries(ids, simple, min_size=1, max_size=4).map(ContentsGiven)


@given(st.dictionaries(ids, st.one_of(simple, several), max_size=6))
def test_answers_come_back_from_their_rows_as_they_were(answers: dict[str, Any]):
    assert from_rows(rows(answers)) == answers
    assert from_rows(reversed(rows(answers))) == answers


def test_a_row_with_no_answer_or_two_or_a_doubled_row_is_refused():
    met = AnswerRow("1.1", met=True)
    for wrong in ([AnswerRow("1.1")], [met._replace(count=1)], [met, met], [met, met._replace(content="1.1.1")]):
        with pytest.raises(AnswerRefusal):
            from_rows(wrong)
    with pytest.raises(AnswerRefusal):
        from_rows([met._replace(content="1.1.1"), met])

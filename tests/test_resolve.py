"""Regulation + plan = the law of a cycle: what a plan may say, what it may not, and what still stands in the way."""

from datetime import date
from typing import Any

import pytest

from models.errors import LawRefusal
from models.law.cycle_law import read_law
from models.law.deadline_rules import Before, NoDate, OnOrBefore
from models.law.marks import Mark
from models.law.measures import Maximum
from models.law.plan import Plan
from models.law.regulation import LeadersClear, Regulation
from models.law.resolve import CycleLaw, legal_values, marks_in_use, obstacles, resolve
from tasks.law_files import load_plan, load_regulation
from tasks.settings import CHECKOUT

SHIPPED = CHECKOUT / "regulations"
OLD, NEW = load_regulation(SHIPPED / "qd-25-2021"), load_regulation(SHIPPED / "qd-27-2025")
MADE_UP: dict[str, Any] = {"mark": "illustrative", "source": "a test"}
LOCAL: dict[str, Any] = {"mark": "local", "source": "KH 12/KH-UBND"}
READ: dict[str, Any] = {"document": "TT 09/2021", "page": "7", "read_by": "Trần Thị A", "read_on": "2024-11-01"}


def a_plan(year: int = 2024, **said: Any) -> Plan:
    document = {"number": "12/KH-UBND", "signed_on": "2024-11-15", "signer": "Chủ tịch UBND tỉnh", **LOCAL}
    given = {"document": document, "opening": {"on": f"{year}-12-02", **LOCAL}}
    return Plan.model_validate({"province": "96", "year": year, "title": "a test", **given, **said})


def resolved(regulation: Regulation, plan: Plan | None, year: int | None = None) -> CycleLaw:
    year = year or (plan.year if plan else regulation.evaluation_years.first)
    return resolve(regulation, plan, province="96", year=year, calendar_hash="a calendar")


def refused(regulation: Regulation, plan: Plan) -> list[dict[str, Any]]:
    with pytest.raises(LawRefusal) as refusal:
        resolved(regulation, plan)
    return refusal.value.details["faults"]


def sample(year: int) -> Plan:
    return load_plan(SHIPPED / "plans" / f"ca-mau-{year}.yaml")


def confirming_everything(regulation: Regulation, **said: Any) -> Plan:
    """A plan of somebody who has read all that the regulation does not have confirmed, and found it so."""
    values = dict(legal_values(regulation))
    shaky = [at for at, value in values.items() if value.mark not in ("confirmed", "inferred", "local")]
    return a_plan(confirmations=[{"at": at, **READ} for at in shaky], **said)


def deadline(law: CycleLaw, step: str):
    found = law.regulation.step(step)
    assert found
    return found.deadline


def test_every_value_has_an_address_of_its_own():
    for regulation in (OLD, NEW):
        addresses = [address for address, _ in legal_values(regulation)]
        assert len(addresses) == len(set(addresses))
    addresses = dict(legal_values(OLD))
    assert {
        "total",
        "authority",
        "evaluation_years",
        "texts/25-2021-QĐ-TTg/facts",
        "criteria/2/maximum",
        "criteria/2.5/wording",
        "criteria/1.1.2/measure",
        "criteria/1.1/not_arisen",
        "pass_rules/minimum-total",
        "steps/submit-dossier/deadline",
        "steps/submit-dossier/performed",
    } <= addresses.keys()


@pytest.mark.parametrize(("regulation", "year"), [(OLD, 2024), (NEW, 2026)])
def test_the_law_of_a_cycle_reads_back_as_it_was_written(regulation: Regulation, year: int):
    law = resolved(regulation, sample(year))
    back = read_law(law.text())
    assert read_law(law.text()).regulation is back.regulation, "a country's laws have their regulation in common"
    assert back == law
    assert back.content_hash() == law.content_hash()
    assert "chuẩn tiếp cận pháp luật" in law.text()


def test_the_hash_changes_with_the_plan_the_year_and_the_calendar():
    one = resolved(OLD, None, 2024)
    others = [
        resolved(OLD, sample(2024)),
        resolved(OLD, None, 2023),
        resolve(OLD, None, province="96", year=2024, calendar_hash="another"),
    ]
    assert len({law.content_hash() for law in (one, *others)}) == 4


def test_the_sample_plans_open_trials_and_no_official_cycles():
    for regulation, year in ((OLD, 2024), (NEW, 2026)):
        law = resolved(regulation, sample(year))
        assert obstacles(law, trial=True) == []
        assert "plan/trial" in {each.address for each in obstacles(law, trial=False)}
        assert Mark.NOT_YET_READ not in marks_in_use(law)


def test_without_a_plan_a_trial_of_the_new_text_stops_at_what_nobody_has_read():
    found = obstacles(resolved(NEW, None), trial=True)
    assert {each.mark for each in found} == {Mark.NOT_YET_READ}
    first = next(each for each in found if each.address == "criteria/2.6.2/measure")
    assert first.what.vi == "Cách đo của nội dung 2.6.2: chưa đọc được"
    assert "confirmations" in first.who.vi
    assert "fills" in first.who.vi


def test_the_sample_of_2024_dates_what_the_law_leaves_open_and_leaves_the_law_alone():
    law = resolved(OLD, sample(2024))
    rule = deadline(law, "hold-council")
    assert isinstance(rule, OnOrBefore)
    assert (rule.date, rule.mark) == (date(2025, 1, 24), Mark.ILLUSTRATIVE)
    assert isinstance(deadline(law, "submit-dossier"), Before)
    assert law.stand_ins == ()


def test_what_the_sample_of_2026_fills_is_known_to_stand_in_for_the_text():
    law = resolved(NEW, sample(2026))
    assert {"pass_rules/leaders-clear", "steps/decide/deadline", "criteria/3.3/measure"} <= set(law.stand_ins)
    rule = next(rule for rule in law.regulation.pass_rules if rule.id == "leaders-clear")
    assert isinstance(rule, LeadersClear)


def test_a_confirmation_names_its_reader_and_makes_the_value_official():
    law = resolved(OLD, a_plan(confirmations=[{"at": "criteria/2/maximum", **READ}]))
    maximum = law.regulation.criteria[1].maximum
    assert maximum
    assert maximum.checked
    assert (maximum.points, maximum.mark, maximum.source) == (30, Mark.CONFIRMED, "TT 09/2021, trang 7")
    assert (maximum.checked.by, maximum.checked.on) == ("Trần Thị A", date(2024, 11, 1))
    assert "criteria/2/maximum" not in {each.address for each in obstacles(law, trial=False)}


def test_a_plan_that_confirms_everything_opens_an_official_cycle():
    law = resolved(OLD, confirming_everything(OLD))
    assert obstacles(law, trial=False) == []


def test_an_official_plan_needs_its_number_date_and_signer():
    document = {"number": None, "signed_on": None, "signer": None, **LOCAL}
    law = resolved(OLD, confirming_everything(OLD, document=document))
    assert [each.address for each in obstacles(law, trial=False)] == ["plan/document"]


def test_a_confirmed_value_that_breaks_a_sum_is_refused_until_the_others_follow():
    one = {"at": "criteria/3.1/maximum", "value": {"points": "7"}, **READ}
    (fault,) = refused(OLD, a_plan(confirmations=[one]))
    assert "tiêu chí 3 là 15, nhưng các phần cộng lại là 14" in fault["what"].vi
    assert fault["at"].startswith("confirmations/0")
    other = {"at": "criteria/3.2/maximum", "value": {"points": "5"}, **READ}
    assert resolved(OLD, a_plan(confirmations=[one, other])).regulation.criteria[2].indicators[1].maximum == Maximum(
        points="5",  # type: ignore[arg-type]
        mark=Mark.CONFIRMED,
        source="TT 09/2021, trang 7",
        checked={"by": "Trần Thị A", "on": date(2024, 11, 1), "document": "TT 09/2021", "page": "7"},  # type: ignore[arg-type]
    )


def test_a_confirmed_wording_may_bring_the_whole_sentence():
    said = {"at": "criteria/2.2/wording", "value": {"title": "Thực hiện công khai văn bản đầy đủ"}, **READ}
    indicator = resolved(NEW, a_plan(2026, confirmations=[said])).regulation.criteria[1].indicators[1]
    assert (indicator.title, indicator.wording.mark) == ("Thực hiện công khai văn bản đầy đủ", Mark.CONFIRMED)


def test_a_confirmed_absence_of_a_date_leaves_the_day_to_the_plan():
    none = {"at": "steps/decide/deadline", "value": {"kind": "no_date"}, **READ}
    law = resolved(NEW, a_plan(2026, confirmations=[none]))
    assert isinstance(deadline(law, "decide"), NoDate)
    day = {"decide": {"deadline": {"kind": "on_or_before", "date": "2027-02-26", **LOCAL}}}
    law = resolved(NEW, a_plan(2026, confirmations=[none], steps=day))
    assert isinstance(deadline(law, "decide"), OnOrBefore)
    assert "steps/decide/deadline" not in {each.address for each in obstacles(law, trial=False)}


def test_a_local_date_does_not_make_an_unread_text_official():
    day = {"decide": {"deadline": {"kind": "on_or_before", "date": "2027-02-26", **LOCAL}}}
    law = resolved(NEW, a_plan(2026, steps=day))
    assert "steps/decide/deadline" not in {each.address for each in obstacles(law, trial=True)}
    standing = next(each for each in obstacles(law, trial=False) if each.address == "steps/decide/deadline")
    assert "văn bản chưa đọc được, kế hoạch tạm thay" in standing.what.vi


@pytest.mark.parametrize(
    ("on", "accepted"), [("2025-01-08", True), ("2025-01-09", True), ("2025-01-10", False)], ids=str
)
def test_a_plan_tightens_a_legal_deadline_and_never_loosens_it(on: str, accepted: bool):
    plan = a_plan(steps={"submit-dossier": {"tightened_to": {"on": on, **LOCAL}}})
    if accepted:
        assert isinstance(deadline(resolved(OLD, plan), "submit-dossier"), Before)
    else:
        assert "muộn hơn hạn cuối theo luật 2025-01-09" in refused(OLD, plan)[0]["what"].vi


@pytest.mark.parametrize(("on", "accepted"), [("2025-01-08", False), ("2025-01-09", True), ("2025-01-10", True)])
def test_what_an_office_accepts_is_never_before_the_legal_day(on: str, accepted: bool):
    plan = a_plan(steps={"submit-dossier": {"accepted_until": {"on": on, **LOCAL}}})
    if accepted:
        assert resolved(OLD, plan)
    else:
        assert "sớm hơn hạn cuối theo luật 2025-01-09" in refused(OLD, plan)[0]["what"].vi


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a deadline where the law sets one": (
        {"steps": {"decide": {"deadline": {"kind": "on_or_before", "date": "2025-03-01", **LOCAL}}}},
        "where the law itself sets one",
    ),
    "a deadline that sets no day": (
        {"steps": {"hold-council": {"deadline": {"kind": "no_date", **LOCAL}}}},
        "sets none",
    ),
    "a tightened day where there is none": (
        {"steps": {"hold-council": {"tightened_to": {"on": "2025-01-10", **LOCAL}}}},
        "no day to hold",
    ),
    "a step that is not there": ({"steps": {"hold-counsel": {}}}, "not a step of qd-25-2021"),
    "an unknown event": (
        {
            "steps": {
                "hold-council": {"deadline": {"kind": "within", "count": 3, "unit": "working", "event": "x", **LOCAL}}
            }
        },
        "'x' is not an event that an act records",
    ),
    "an unknown address": ({"fills": [{"at": "criteria/2/max", "value": MADE_UP}]}, "has no value at 'criteria/2/max'"),
    "filling what is known": (
        {"fills": [{"at": "criteria/2/maximum", "value": {"points": "30", **MADE_UP}}]},
        "is known (mark `recalled`)",
    ),
    "a fill that claims to be read": (
        {
            "fills": [
                {
                    "at": "steps/hold-council/deadline",
                    "value": {"kind": "on_or_before", "date": "2025-01-20", "mark": "confirmed", "source": "x"},
                }
            ]
        },
        "claims to have been read",
    ),
    "the same value twice": (
        {"confirmations": [{"at": "criteria/2/maximum", **READ}, {"at": "criteria/2/maximum", **READ}]},
        "is given twice",
    ),
    "a value of the wrong form": (
        {"confirmations": [{"at": "criteria/2/maximum", "value": {"points": "a lot"}, **READ}]},
        "The value “a lot” of `points` cannot be used",
    ),
    "a stage before the opening": ({"stages": {"self_assessment": {"on": "2024-11-01", **LOCAL}}}, "is before"),
    "years running without years": (
        {"commendation": [{"kind": "recognised_years_running", "at_most": 3, **LOCAL}]},
        "does not go with the rule",
    ),
}


@pytest.mark.parametrize(("said", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_plan_cannot_say(said: dict[str, Any], says: str):
    assert says in refused(OLD, a_plan(**said))[0]["what"].en


def test_nothing_can_be_confirmed_where_there_is_no_value():
    faults = refused(NEW, a_plan(2026, confirmations=[{"at": "criteria/2.6.2/measure", **READ}]))
    assert "no value at 'criteria/2.6.2/measure' to confirm" in faults[0]["what"].en


def test_an_unknown_address_offers_the_near_ones():
    faults = refused(OLD, a_plan(confirmations=[{"at": "criteria/2/max", **READ}]))
    assert "criteria/2/maximum" in faults[0]["why"].vi


def test_points_are_not_commended_where_there_are_none():
    faults = refused(NEW, a_plan(2026, commendation=[{"kind": "highest_total", "at_most": 3, **LOCAL}]))
    assert faults[0]["at"] == "commendation/0/kind"


def test_all_faults_of_a_plan_are_said_together():
    plan = a_plan(
        steps={"hold-counsel": {}, "decide": {"deadline": {"kind": "on_or_before", "date": "2025-03-01", **LOCAL}}},
        fills=[{"at": "nowhere", "value": MADE_UP}],
    )
    assert len(refused(OLD, plan)) == 3


def test_an_office_escalates_in_one_way_only():
    twice = [{"holder": "commune", "then": ["district_justice"], **LOCAL}] * 2
    assert "escalates twice" in refused(OLD, a_plan(escalation=twice))[0]["what"].en


def test_a_plan_binds_its_own_province_and_year():
    with pytest.raises(LawRefusal, match="of province 96, year 2024"):
        resolve(OLD, a_plan(), province="95", year=2024, calendar_hash="")
    with pytest.raises(LawRefusal, match="of province 96, year 2024"):
        resolve(OLD, a_plan(), province="96", year=2023, calendar_hash="")

"""Runs the scenarios that a lawyer can read: tests/scenarios/*.yaml, one test each."""

from datetime import date
from typing import Any

import pytest

from cli.given_law import given_law
from models.law.allowed import submission
from models.law.deadlines import reckon_all
from models.law.scoring import judge
from tasks.settings import CHECKOUT
from tasks.yaml_text import read_yaml

FOLDER = CHECKOUT / "tests" / "scenarios"
BOOLEANS = {"true": True, "false": False, "null": None}


def scenarios(kind: str) -> list[Any]:
    contents: list[Any] = [read_yaml(path).content for path in sorted(FOLDER.glob("*.yaml"))]
    return [
        pytest.param(scenario, content.get("answers", {}), id=scenario["title"])
        for content in contents
        if content["kind"] == kind
        for scenario in content["scenarios"]
    ]


def law_of(given: dict[str, Any], year: int | None = None):
    return given_law(given["regulation"], CHECKOUT / given["plan"] if "plan" in given else None, year)


@pytest.mark.parametrize(("scenario", "sets"), scenarios("score"))
def test_the_verdict_is_what_the_law_says(scenario: dict[str, Any], sets: dict[str, Any]):
    given, then = scenario["given"], scenario["then"]
    law, _ = law_of(given)
    answers = {name: typed(answer) for name, answer in (sets[given["answers"]] | scenario["when"]).items() if answer}
    disciplined = BOOLEANS[given.get("leader_disciplined", "null")]
    card = submission(law.regulation, {"answers": answers, "leader_disciplined": disciplined})
    verdict = judge(law.regulation, card.answers, card.leader_disciplined).document("vi")
    for key in set(then) & {"total", "maximum"}:
        assert verdict[key] == then[key]
    if "meets_standard" in then:
        assert verdict["meets_standard"] is BOOLEANS[then["meets_standard"]]
    for key in set(then) & {"shortfalls", "undetermined"}:
        assert_each_is_found(verdict[key], then[key])


@pytest.mark.parametrize(("scenario", "sets"), scenarios("deadline"))
def test_the_day_is_what_the_law_says(scenario: dict[str, Any], sets: dict[str, Any]):
    given, when, then = scenario["given"], scenario["when"], scenario["then"]
    year = int(given["year"])
    law, calendar = law_of(given, year)
    starts = {name: date.fromisoformat(day) for name, day in when.get("events", {}).items()}
    reckoned = reckon_all(law.regulation, law.plan, year, calendar, starts)
    (step,) = [one.document("vi") for one in reckoned if one.step == when["step"]]
    for key in set(then) & {"status", "unit", "event", "mark"}:
        assert step[key] == then[key]
    for key in set(then) & {"last_day", "last_working_day", "local_last_day"}:
        assert step[key] == (date.fromisoformat(then[key]) if then[key] else None)
    for key in set(then) & {"skipped", "days_off"}:
        assert_reasons(step[key], then[key])
    if "counted" in then:
        assert [day.isoformat() for day in step["counted"]] == then["counted"]
    if "is_floor" in then:
        assert step["is_floor"] is BOOLEANS[then["is_floor"]]
    assert not sets


def test_every_scenario_is_run():
    kinds = {path.name: read_yaml(path).content["kind"] for path in FOLDER.glob("*.yaml")}
    assert kinds and set(kinds.values()) <= {"score", "deadline"}


def typed(answer: dict[str, Any]) -> dict[str, Any]:
    """Scenario files hold texts: what is true or false and what a ratio counts are told apart here."""
    typed_: dict[str, Any] = {}
    for form, value in answer.items():
        match form:
            case "met" | "not_arisen":
                typed_[form] = BOOLEANS[value]
            case "contents":
                typed_[form] = {name: typed(content) for name, content in value.items()}
            case _:
                typed_[form] = value
    return typed_


def assert_each_is_found(found: list[dict[str, Any]], expected: list[dict[str, str]]):
    """As many as expected, in order; each has what the scenario says of it (of `why`, a part)."""
    assert [(one["rule"], one["subject"]) for one in found] == [(one["rule"], one["subject"]) for one in expected]
    for one, said in zip(found, expected, strict=True):
        for key, value in said.items():
            assert value in one[key] if key == "why" else one[key] == value, (key, one)


def assert_reasons(skipped: list[dict[str, Any]], expected: dict[str, str]):
    assert [one["date"].isoformat() for one in skipped] == list(expected)
    for one, reason in zip(skipped, expected.values(), strict=True):
        assert reason in one["reason"]

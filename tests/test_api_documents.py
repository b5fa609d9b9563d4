"""A call of the API answers what the command prints that its description names, key by key."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from databases import ON_SQLITE
from starlette.testclient import TestClient

from dashboard.api import Call, calls
from dashboard.app import build
from deployments.pages import sources
from tasks import clock
from tasks.settings import Settings

DAY = "2025-01-08"
ASKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "/api/status": (f"?on={DAY}", ("status", "--on", DAY)),
    "/api/dossiers/{year:int}/{code}": (f"2024/32002?on={DAY}", ("dossier", "32002", "--year", "2024", "--on", DAY)),
    "/api/notices": ("?year=2024&per_page=500", ("notices", "--year", "2024")),
    "/api/results/known": (
        "?province=96&year=2024&trial=1",
        ("results", "show", "--province", "96", "--year", "2024", "--trial"),
    ),
    "/api/programme": (
        f"?cycle=96-2024-trial&on={DAY}",
        ("task", "list", "--province", "96", "--year", "2024", "--on", DAY),
    ),
    "/api/units": (f"?province=96&on={DAY}&per_page=500", ("units", "show", "--province", "96", "--on", DAY)),
    "/api/units/{code}": (f"32002?on={DAY}", ("units", "lineage", "32002", "--on", DAY)),
    "/api/law": ("", ("law", "list")),
    "/api/law/for-year/{year:int}": ("2025", ("law", "for-year", "2025")),
    "/api/law/{regulation}": ("qd-25-2021", ("law", "show", "qd-25-2021")),
    "/api/health": ("", ("health",)),
}
ITS_OWN = {"detail"}
"""What may differ between two questions of one minute: how long ago something was."""


def of_commands() -> list[Call]:
    return [one for one in calls(sources()) if one.command != "—"]


def test_every_call_that_names_a_command_is_compared_with_it() -> None:
    assert {one.path for one in of_commands()} == ASKED.keys()


@ON_SQLITE
@pytest.mark.parametrize("call", of_commands(), ids=lambda call: call.path)
def test_a_call_answers_what_its_command_prints(call: Call, trial: Settings, tcpl: Callable[..., Any]) -> None:
    assert trial.home.is_dir()
    query, words = ASKED[call.path]
    head = re.sub(r"/?{.*", "", call.path)
    address = head + (f"/{query}" if "{" in call.path else query)
    answer = TestClient(build(clock.now, sources=sources()), base_url="http://127.0.0.1").get(address)
    assert answer.status_code == 200, answer.text
    printed, answered = tcpl(*words, "--json").json, answer.json()
    assert printed.keys() <= answered.keys() | ITS_OWN, call.path
    for name in printed.keys() - {"checks"}:
        assert answered[name] == printed[name], name

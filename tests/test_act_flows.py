"""The acts as Prefect flows: run forms with types, the same result as by hand, a refusal that is not tried again."""

import importlib
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cycle_builders import hand, states
from prefect import Flow, get_client
from prefect.client.schemas.sorting import TaskRunSort
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.callables import parameter_schema

from deployments import prefect_server
from deployments.children import free_port
from models.errors import Refusal
from tasks.sittings import Place

MODULES = ("flows.review", "flows.decision", "flows.local_acts", "flows.papers")
ACTS = {
    *("find-complete", "save-notes", "hold-council", "finish-appraisals", "return-indicators", "revise-indicators"),
    *("submit-to-chair", "sign-decision", "attach-decision-file", "publish-decision", "correct-decision"),
    *("consolidate", "publish-provincial-list", "report-upward", "extend", "suspend", "unlock", "reopen"),
    *("record-complaint", "assign-complaint", "report-complaint", "settle-complaint", "write-forms", "import-results"),
}
DAY = date(2025, 2, 6)
AT = hand("x", DAY).at


@pytest.fixture(scope="module")
def prefect(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    (home / "prefect").mkdir()
    shutil.copyfile(prefect_database, home / "prefect" / "prefect.db")
    with prefect_server.start(home, port) as server:
        prefect_server.wait(server, port)
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
            yield


def recorded_attempts() -> list[int]:
    """How often each task run was tried; Prefect records its task runs every five seconds."""
    give_up = time.monotonic() + 60
    with get_client(sync_client=True) as client:
        while not (
            ended := [
                run
                for run in client.read_task_runs(sort=TaskRunSort.ID_DESC, limit=20)
                if run.state and run.state.is_final()
            ]
        ):
            assert time.monotonic() < give_up
            time.sleep(0.2)
    return [run.run_count for run in ended]


def flows() -> list[Flow[..., Any]]:
    found = [value for name in MODULES for value in vars(importlib.import_module(name)).values()]
    return [value for value in found if isinstance(value, Flow)]


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.name)
def test_every_parameter_of_a_run_form_has_a_type(flow: Flow[..., Any]) -> None:
    properties = parameter_schema(flow.fn).properties
    asked = {"write-forms": {"province", "year", "out", "trial"}, "import-results": {"file", "by"}}
    assert asked.get(flow.name, {"province", "year", "by", "trial", "at"}) <= properties.keys()
    assert all({"type", "anyOf", "$ref", "allOf"} & each.keys() for each in properties.values())
    assert flow.description


def test_every_act_of_review_and_decision_is_a_flow() -> None:
    assert {flow.name for flow in flows()} == ACTS


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_a_decision_by_a_flow_is_the_same_act_and_a_refusal_is_said_once(
    prefect: None, appraised: tuple[Place, str, list[str]]
) -> None:
    assert prefect is None
    from flows.decision import sign_decision

    place, unit, codes = appraised
    given = {"province": "96", "year": 2024, "unit": unit, "signed_on": DAY, "signer": "C (minh họa)", "trial": True}
    given |= {"by": "Văn thư (minh họa)", "at": AT}
    with pytest.raises(Refusal) as refused:
        sign_decision(number="1/QĐ", recognised={codes[0]: ""}, **given)
    assert refused.value.code == "contrary_to_verdict"
    assert recorded_attempts() == [1], "a refusal is no fault, and is not tried again"
    assert sign_decision(number="1/QĐ", **given) == 3
    assert sign_decision(number="1/QĐ", **given) == 0
    assert states(place)[codes[0]] == "not_recognised"

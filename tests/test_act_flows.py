"""Flows as real Prefect runs: run forms with types, the same result as by hand, a refusal that is not tried again.

Also what only Prefect has: Secret blocks with channels' addresses, and a watchdog that runs when all else is silent.
"""

import asyncio
import importlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cycle_builders import hand, states
from databases import ON_SQLITE
from prefect import Flow, get_client
from prefect.blocks.system import Secret
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.callables import parameter_schema
from pydantic import SecretStr
from receivers import http_receiver
from sqlalchemy import select

from deployments import prefect_server
from deployments.catalogue import ACTS, CATALOGUE, TOPICS
from deployments.children import free_port
from deployments.scheduled import deployment, nobody_runs
from models.errors import Refusal
from models.records.notices import Attempt, Kind, Notice
from tasks import clock
from tasks.database import reading
from tasks.settings import Settings
from tasks.sittings import Place
from tasks.watching import watch_all

MODULES = tuple(f"flows.{name}" for name in TOPICS)
NAMED = {act.name for act in ACTS}
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
    properties = parameter_schema(flow).properties
    assert "by" in properties or flow.name in ("workbooks", "write-forms")
    assert all({"type", "anyOf", "$ref", "allOf"} & each.keys() for each in properties.values())
    assert all(" · " in each["title"] for each in properties.values()), "a label in words, in both languages"
    assert flow.description


def test_a_day_is_asked_for_as_a_day_and_a_kind_from_a_list() -> None:
    from flows import local_acts, review

    held, reopened = (parameter_schema(flow).properties for flow in (review.hold_council, local_acts.reopen))
    assert held["held_on"]["format"] == "date"
    assert held["track"]["enum"] == ["meeting", "written"]
    assert reopened["to"]["enum"] == ["self_assessment", "complete"]


def test_every_act_is_a_flow_with_a_run_form() -> None:
    assert {flow.name for flow in flows()} == NAMED


@ON_SQLITE
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
    with get_client(sync_client=True) as client:
        [run] = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
    assert run.state
    assert run.state.is_failed()
    assert (run.state.message or "").splitlines() == [*refused.value.sentences("vi")]
    assert recorded_attempts() == [1], "a refusal is no fault, and is not tried again"
    assert sign_decision(number="1/QĐ", **given) == 3
    assert sign_decision(number="1/QĐ", **given) == 0
    assert states(place)[codes[0]] == "not_recognised"


@ON_SQLITE
@pytest.mark.usefixtures("prefect")
def test_a_channels_address_may_be_a_secret_block_and_a_missing_one_costs_no_letter(
    trial: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.delivery import delivery

    day = date(2025, 1, 8)
    watch_all(day, clock.moment(day))
    with http_receiver() as taken:
        monkeypatch.setenv("TCPL_CHANNEL", "secret:cong-thong-bao")
        assert delivery(clock.moment(day)).sent == 0
        Secret(value=SecretStr(f"tcplhook://127.0.0.1:{taken.port}/in?bearer=very-secret-token")).save("cong-thong-bao")
        later = clock.moment(day) + timedelta(hours=1)
        sent = delivery(later).sent
    assert sent == len(set(taken.ids)) == len(taken.ids) > 0
    with reading(trial) as session:
        details = " ".join(str(detail) for detail in session.scalars(select(Attempt.detail)))
    assert "cong-thong-bao" in details, "it says which block is missing"
    assert "very-secret-token" not in details


@ON_SQLITE
@pytest.mark.usefixtures("prefect", "trial")
def test_silence_is_an_alarm_through_a_channel_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.watchdog import watchdog

    at = clock.moment(date(2025, 1, 8))
    with http_receiver() as taken:
        monkeypatch.setenv("TCPL_CHANNEL", "tcplmail://127.0.0.1:9/?from=tcpl@example.vn&to=a@example.vn")
        monkeypatch.setenv("TCPL_OPERATOR", f"tcplhook://127.0.0.1:{taken.port}/alarm")
        assert {"watch", "delivery"} <= set(watchdog(at))
        assert watchdog(at + timedelta(minutes=15)) == []
    [alarm] = taken.messages
    assert "Rà hạn" in alarm["text"]


@ON_SQLITE
@pytest.mark.usefixtures("prefect")
def test_the_flow_of_the_morning_tells_of_a_cycle_that_may_not_open(units: Settings) -> None:
    from flows.annual_cycle import annual_cycle

    units.plans_folder.mkdir()
    sample = (units.regulations / "plans" / "ca-mau-2026.yaml").read_text("utf-8")
    (units.plans_folder / "p.yaml").write_text(sample.replace("trial: true", "trial: false"), "utf-8")
    for _ in range(2):
        annual_cycle(2026, date(2026, 12, 1))
    with reading() as session:
        [said] = session.scalars(select(Notice.said).where(Notice.kind == Kind.OPENING_REFUSED))
    assert {"address", "vi", "en", "who_vi", "who_en"} <= json.loads(said or "")["wanting"][0].keys()


@pytest.mark.usefixtures("prefect")
def test_a_place_that_a_killed_run_held_is_given_back_at_the_next_start() -> None:
    identity = asyncio.run(deployment(CATALOGUE[0]).aapply())
    name = f"deployment:{identity}"
    with get_client(sync_client=True) as client:
        client.request(
            "PATCH", "/v2/concurrency_limits/{id_or_name}", path_params={"id_or_name": name}, json={"active_slots": 1}
        )
        asyncio.run(nobody_runs([uuid4(), identity]))
        limit = client.request("GET", "/v2/concurrency_limits/{id_or_name}", path_params={"id_or_name": name}).json()
    assert (limit["limit"], limit["active_slots"]) == (1, 0)

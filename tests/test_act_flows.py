"""Flows as real Prefect runs: run forms with types, the same result as by hand, a refusal that is not tried again.

Also what only Prefect has: Secret blocks with channels' addresses, and a watchdog that runs when all else is silent.
"""

import importlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from cycle_builders import hand, states
from prefect import Flow
from prefect.blocks.system import Secret
from prefect.testing.utilities import prefect_test_harness
from prefect.utilities.callables import parameter_schema
from pydantic import SecretStr
from receivers import http_receiver
from sqlalchemy import select

from models.errors import Refusal
from models.records.notices import Attempt, Kind, Notice
from tasks import clock
from tasks.database import reading
from tasks.settings import Settings
from tasks.sittings import Place
from tasks.watching import watch_all

MODULES = ("flows.review", "flows.decision", "flows.local_acts")
DAY = date(2025, 2, 6)
AT = hand("x", DAY).at


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):  # on a busy machine half a minute is too short
        yield


def flows() -> list[Flow[..., Any]]:
    found = [value for name in MODULES for value in vars(importlib.import_module(name)).values()]
    return [value for value in found if isinstance(value, Flow)]


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.name)
def test_every_parameter_of_a_run_form_has_a_type(flow: Flow[..., Any]) -> None:
    properties = parameter_schema(flow.fn).properties
    assert {"province", "year", "by", "trial", "at"} <= properties.keys()
    assert all({"type", "anyOf", "$ref", "allOf"} & each.keys() for each in properties.values())
    assert flow.description


on_one_engine = pytest.mark.parametrize("engines", ["sqlite"], indirect=True)


@on_one_engine
def test_a_decision_by_a_flow_is_the_same_act_and_a_refusal_is_said_once(
    prefect: None, appraised: tuple[Place, str, list[str]]
) -> None:
    assert prefect is None
    from flows.decision import sign_decision

    place, unit, codes = appraised
    given = {"province": "96", "year": 2024, "unit": unit, "signed_on": DAY, "signer": "C (minh họa)", "trial": True}
    given |= {"by": "Văn thư (minh họa)", "at": AT}
    start = perf_counter()
    with pytest.raises(Refusal) as refused:
        sign_decision(number="1/QĐ", recognised={codes[0]: ""}, **given)
    assert refused.value.code == "contrary_to_verdict"
    assert perf_counter() - start < 5, "a refusal is no fault: trying again would have waited five seconds"
    assert sign_decision(number="1/QĐ", **given) == 3
    assert sign_decision(number="1/QĐ", **given) == 0
    assert states(place)[codes[0]] == "not_recognised"


@on_one_engine
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


@on_one_engine
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


@on_one_engine
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

"""`tcpl serve`: the schedules stand in the offices' zone, and a run that a schedule made really runs.

With SQLAlchemy 2.1 Prefect's scheduler made no run at all while every deployment looked active: hence a real one here.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from databases import ON_SQLITE
from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
from prefect.flows import load_flow_from_entrypoint
from sqlalchemy import text

from deployments import prefect_server
from deployments.automations import watched
from deployments.catalogue import ACTS, CATALOGUE, ZONE, Act, Deployed
from deployments.children import free_port
from deployments.operator_address import block_for
from models.errors import Fault, Refusal
from models.records.unit_queries import add_units
from tasks import clock
from tasks.cleaning import clean
from tasks.database import work
from tasks.engines import forget_engines
from tasks.opening import open_cycle
from tasks.schema import initialise
from tasks.served_home import refuse_if_served, serving
from tasks.settings import CHECKOUT, Settings
from tasks.unit_files import package_units
from tests.waiting import eventually

QUICK = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1", "PREFECT_RUNNER_POLL_FREQUENCY": "1"}


@pytest.mark.parametrize("deployed", (*CATALOGUE, *ACTS), ids=lambda deployed: deployed.name)
def test_a_flow_of_the_catalogue_loads_without_a_placeholder(deployed: Deployed | Act) -> None:
    flow = load_flow_from_entrypoint(deployed.entrypoint, use_placeholder_flow=False)
    assert flow.name.startswith(deployed.name)


def ask(port: int, path: str, body: object) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


TOO_EARLY = {"province": "96", "year": 2024, "unit": "960", "number": "1/QĐ", "signed_on": "2024-12-02"}
TOO_EARLY |= {"signer": "C (minh họa)", "by": "Văn thư (minh họa)", "trial": True}


def refused_in_three_sentences(port: int, run: str) -> None:
    """A person's act that a rule forbids: the run says what, why, what now; its log shows no code."""
    mine = {"flow_runs": {"id": {"any_": [run]}, "state": {"type": {"any_": ["FAILED"]}}}}
    [refused] = eventually(lambda: ask(port, "flow_runs/filter", mine))
    assert len(refused["state"]["message"].splitlines()) == 3
    logs = eventually(lambda: ask(port, "logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}}))
    assert not [log for log in logs if "Traceback" in log["message"]]


@contextmanager
def served(home: Path, prefect_database: Path) -> Iterator[tuple[int, int]]:
    """`tcpl serve` of the home, with Prefect's database there already: the ports of Prefect and of the dashboard."""
    (home / "prefect").mkdir()
    shutil.copyfile(prefect_database, home / "prefect" / "prefect.db")
    leases = home / "prefect" / prefect_server.LEASES_FOLDER
    leases.mkdir()
    (leases / "expirations.lock").write_text(str(os.getpid()))  # of a killed server, whose number somebody bears by now
    port, pages = free_port(), free_port()
    env = {**os.environ, **QUICK, "TCPL_PREFECT_PORT": str(port), "TCPL_DASHBOARD_PORT": str(pages)}
    command = [sys.executable, "-c", "from cli.main import run; run()", "serve"]
    serving = subprocess.Popen(command, cwd=CHECKOUT, env=env, stderr=subprocess.PIPE, text=True)
    try:
        yield port, pages
    finally:
        serving.send_signal(signal.SIGTERM)
        _, err = serving.communicate(timeout=30)
    assert serving.returncode == 0, err
    assert "Traceback" not in err


def an_open_cycle() -> None:
    initialise(Settings())
    with work() as session:
        shipped = package_units().of_provinces("96")
        add_units(session, shipped.units, shipped.descents)
    plan, opening = CHECKOUT / "regulations" / "plans" / "ca-mau-2024.yaml", clock.moment(date(2024, 12, 2))
    open_cycle("96", 2024, trial=True, plan_file=plan, at=opening, most=1)


def all_deployments(port: int) -> dict[str, Any] | None:
    if ask(port, "deployments/count", {}) < len(CATALOGUE) + len(ACTS):
        return None  # the whole list is long, and the server busy
    found = {one["name"]: one for one in ask(port, "deployments/filter", {})}
    return found if found.keys() == {one.name for one in (*CATALOGUE, *ACTS)} else None


def test_scheduled_runs_appear_run_and_the_tree_stops_cleanly(
    home: Path, prefect_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_open_cycle()
    with served(home, prefect_database) as (port, pages):
        found = eventually(lambda: all_deployments(port))
        assert_schedules(found)
        form = f"deployments/{found['sign-decision']['id']}/create_flow_run"
        filled_in = eventually(lambda: ask(port, form, {"parameters": TOO_EARLY}))
        watch = found["daily-watch"]["id"]
        due = {"interval": 86_400, "anchor_date": str(clock.now() + timedelta(seconds=4)), "timezone": ZONE}
        soon = [{"active": True, "schedule": due}]
        eventually(lambda: ask(port, f"deployments/{watch}/schedules", soon))  # SQLite may be busy: 503
        done = {"flow_runs": {"deployment_id": {"any_": [watch]}, "state": {"type": {"any_": ["COMPLETED"]}}}}
        runs = eventually(lambda: ask(port, "flow_runs/filter", done))
        assert runs[0]["auto_scheduled"]
        assert_board(port, pages)
        refused_in_three_sentences(port, filled_in["id"])
        made = {one["name"] for one in ask(port, "automations/filter", {}) if one["enabled"]}
        assert made == {one.name for one in watched()}  # that each is heard: `make soak SOAK=alarms`
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
        assert eventually(lambda: clean(clock.now()).runs == 0), "runs of today stay"
        assert eventually(lambda: clean(clock.now() + timedelta(days=31)).runs), "those of last month go"
    assert (home / "logs" / "prefect.log").is_file()
    with pytest.raises(OSError):
        ask(port, "deployments/filter", {})


def assert_schedules(found: dict[str, Any]) -> None:
    for deployed in CATALOGUE:
        schedules = [one["schedule"] for one in found[deployed.name]["schedules"]]
        assert {one["cron"] for one in schedules} == {*deployed.crons}
        assert {one["timezone"] for one in schedules} == {ZONE}
        assert found[deployed.name]["global_concurrency_limit"]["limit"] == 1
    assert not [act.name for act in ACTS if found[act.name]["schedules"]]


def assert_board(port: int, pages: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{pages}/healthz", timeout=10) as page:
        assert page.status == 200
    kept = {one["key"]: one for one in ask(port, "artifacts/latest/filter", {})}
    assert {"board-96-2024-trial", "heat-96-2024-trial", "summary-96-2024-trial"} <= kept.keys()
    assert kept["heat-96-2024-trial"]["data"].startswith("data:image/svg+xml;base64,")
    assert f"http://127.0.0.1:{pages}/?cycle=96-2024-trial" in kept["board-96-2024-trial"]["description"]
    with urllib.request.urlopen(f"http://127.0.0.1:{pages}/health", timeout=30) as page:
        health = page.read().decode()
    for deployed in CATALOGUE:
        assert re.search(rf'<th scope="row">{deployed.name}</th><td class="date">\d\d/', health)
    assert f"http://127.0.0.1:{port}/dashboard" in health


def test_prefect_yaml_says_what_the_catalogue_says() -> None:
    said = yaml.safe_load((CHECKOUT / "deployments" / "prefect.yaml").read_text())
    found = {
        one["name"]: (
            one["entrypoint"].replace(".py:", ".").replace("/", "."),
            tuple(schedule["cron"] for schedule in one.get("schedules", ())),
            {schedule["timezone"] for schedule in one.get("schedules", ())},
            one.get("concurrency_limit") or (one["description"], one["tags"]),
        )
        for one in said["deployments"]
    }
    limit = {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    scheduled = {entry.name: (entry.entrypoint, entry.crons, {ZONE}, limit) for entry in CATALOGUE}
    assert found == scheduled | {act.name: (act.entrypoint, (), set(), (act.words, [act.topic])) for act in ACTS}


def test_the_compose_file_has_every_part_and_keeps_prefect_as_small_as_serving_does() -> None:
    said = yaml.safe_load((CHECKOUT / "deployments" / "compose.yaml").read_text())["services"]
    assert said.keys() == {"database", "redis", "prefect", "setup", "worker", "dashboard"}
    assert said["worker"]["deploy"]["replicas"] == 2
    given = said["prefect"]["environment"]
    assert given.items() >= prefect_server.small(Settings().prefect_keep_days).items()
    assert {given["PREFECT_MESSAGING_BROKER"], given["PREFECT_MESSAGING_CACHE"]} == {"prefect_redis.messaging"}
    lines = (CHECKOUT / "deployments" / "Dockerfile").read_text().splitlines()
    assert "USER 10001" in lines


def another_schema() -> None:
    with work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    forget_engines()


REFUSED = {
    "home_not_initialised": (1, {"TCPL_DATABASE_URL": "sqlite:////nowhere/tcpl.db"}),
    "database_unreachable": (3, {"TCPL_DATABASE_URL": "postgresql+psycopg2://a@127.0.0.1:1/b"}),
    "other_version": (1, {}),
    "bad_operator_address": (1, {"TCPL_OPERATOR": "no-such-scheme://somewhere"}),
    "port_taken": (3, {"TCPL_PREFECT_PORT": "{taken}"}),
}


@ON_SQLITE
@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("code", REFUSED)
def test_serving_is_refused_before_anything_starts(
    code: str, home: Path, tcpl: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, given = REFUSED[code]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for name, value in given.items():
            monkeypatch.setenv(name, value.format(taken=taken.getsockname()[1]))
        if code == "other_version":
            another_schema()
        answer = tcpl("serve", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert not (home / "logs").exists()
    forget_engines()


LEFT = """
import os, subprocess, sys
from pathlib import Path
from tasks.served_home import serving
with serving(Path(sys.argv[1])) as held:
    print(subprocess.Popen(["sleep", "600"], pass_fds=[held], stdout=subprocess.DEVNULL).pid, flush=True)
    os._exit(9)
"""


def test_what_a_killed_tree_has_left_is_waited_for_and_keeps_a_restore_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = subprocess.run([sys.executable, "-c", LEFT, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=False)
    left = int(killed.stdout)
    with pytest.raises(Refusal):
        refuse_if_served(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("tasks.served_home.PATIENCE_SECONDS", 0)
        with pytest.raises(Fault) as fault, serving(tmp_path):
            pass
    assert fault.value.code == "serving_left"
    threading.Timer(0.5, os.kill, (left, signal.SIGKILL)).start()
    with serving(tmp_path), pytest.raises(Refusal), serving(tmp_path):
        pass
    refuse_if_served(tmp_path)


STUBBORN = """
import time
from deployments import children
children.ORPHAN_SECONDS = 0.2
children.end_with_the_parent()
print("here", flush=True)
while True:
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        print("asked", flush=True)
"""


def test_a_child_whose_parent_is_gone_ends_even_if_it_does_not_want_to() -> None:
    words = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "here\n"
        child.stdin.close()
        assert child.stdout.readline() == "asked\n"
        assert child.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("address", "becomes"),
    [
        (
            "tcplmail://u:p%40ss@mail.example.vn?from=a@example.vn&to=b@example.vn",
            "mailtos://u:p%40ss@mail.example.vn:587/",
        ),
        ("tcplmail://127.0.0.1:2525/?from=a@example.vn&to=b@example.vn", "mailto://127.0.0.1:2525/"),
        ("json://127.0.0.1:9/", "json://127.0.0.1:9/"),
    ],
)
def test_the_operators_address_is_said_in_words_of_apprise_itself(address: str, becomes: str) -> None:
    block = block_for(address)
    assert isinstance(block, SlackWebhook)
    assert block.url.get_secret_value().startswith(becomes)


def test_the_operators_web_hook_and_zalo_take_the_document_they_know_and_a_file_has_no_stand_in() -> None:
    hook = block_for("tcplhooks://127.0.0.1:9/alarm?bearer=abcdef")
    assert isinstance(hook, CustomWebhookNotificationBlock)
    sent = hook._build_request_args("the body", "the subject")
    assert (sent["url"], sent["headers"]) == ("https://127.0.0.1:9/alarm", {"Authorization": "Bearer abcdef"})
    assert (sent["json"]["subject"], sent["json"]["text"]) == ("the subject", "the body")
    zalo = block_for("tcplzalo://a-token@business.example.vn/12345?to=0912345678")
    assert isinstance(zalo, CustomWebhookNotificationBlock)
    assert zalo._build_request_args("b", "s")["json"]["phone"] == "84912345678"
    assert block_for("tcploutbox://file?folder=x") is None


def test_deploying_without_a_server_is_refused_or_a_fault(
    tcpl: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    answer = tcpl("deploy", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "no_prefect_server")

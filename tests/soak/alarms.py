"""The automations in Prefect's server really fire: each is provoked, its wait shortened, and the operator hears it.

No watch, no delivery, a delivery that does not end, and runs that fail; told by web hook in our own form (`tcplhook`).
`kills`: how many alarms were awaited; `lost`: those that never came.
"""

import time
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import anyio

from deployments import prefect_server
from deployments.automations import register, watched
from deployments.children import free_port
from tasks.settings import Settings
from tests.benchmarks import ground
from tests.soak.served import ask
from tests.waiting import eventually

SPANS = {name: timedelta(seconds=12) for name in ("tcpl-no-watch-by-nine", "tcpl-no-delivery", "tcpl-delivery-stuck")}


def run(kills: int, seed: int = 7, engine: str = "sqlite") -> dict[str, Any]:  # noqa: ARG001  (as every soak)
    """Also `seconds_to_hear` of each alarm, from the moment on which its wait was over or its run failed."""
    import os

    from tests.receivers import http_receiver

    begun, port = time.perf_counter(), free_port()
    heard: dict[str, float] = {}
    with ground.home(engine) as settings, http_receiver() as told, ExitStack() as stack:
        os.environ["TCPL_OPERATOR"] = f"tcplhook://127.0.0.1:{told.port}/alarm"
        server = stack.enter_context(prefect_server.start(settings.home, port))
        prefect_server.wait(server, port)
        os.environ.update(prefect_server.environment(settings.home, port))
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
            anyio.run(register, Settings(), SPANS)
            started = time.monotonic()
            _a_run(port, "delivery", "RUNNING")  # one that begins and never ends
            for flow in ("daily-watch", "annual-cycle", "delivery"):
                _a_run(port, flow, "FAILED")
            for one in watched():

                def came(name: str = one.name) -> bool:
                    return any(name in str(message) for message in told.messages)

                try:
                    eventually(came, 60, one.name)
                except AssertionError:
                    continue
                heard[one.name] = round(time.monotonic() - started, 1)
            again = _renewing_begins_no_wait_anew(told)
    names = [one.name for one in watched()]
    return {
        "scenario": "alarms",
        "engine": engine,
        "seed": seed,
        "kills": len(names),
        "acts": len(names),
        "lost": len(set(names) - heard.keys()) + (not again),
        "doubled": 0,
        "recognisable_doubles": 0,
        "seconds_to_hear": heard,
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _a_run(port: int, flow: str, ends: str) -> None:
    """A run of the flow, as a worker reports it to the server."""
    identity = ask(port, "flows/", {"name": flow})["id"]
    made = ask(
        port, "flow_runs/", {"flow_id": identity, "name": f"{flow}-{ends}".lower(), "state": {"type": "PENDING"}}
    )
    for state in dict.fromkeys(("RUNNING", ends)):
        said = {"state": {"type": state, "name": state.title()}, "force": True}
        ask(port, f"flow_runs/{made['id']}/set_state", said)


def _renewing_begins_no_wait_anew(told: Any) -> bool:
    """Registered again every few seconds, as by a machine that is restarted, an absence is told all the same."""
    name = "tcpl-no-watch-by-nine"
    before = sum(name in str(message) for message in told.messages)
    give_up = time.monotonic() + 40
    while time.monotonic() < give_up:
        anyio.run(register, Settings(), SPANS)
        if sum(name in str(message) for message in told.messages) > before:
            return True
        time.sleep(4)
    return False

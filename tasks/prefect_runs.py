"""What Prefect means to run next, what it should have run and did not, what failed: asked of its server, changed never.

Prefect's own page shows all of it; here is what an operator wants to know beside the other signs of health.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PATIENCE_SECONDS = 3.0
LOOK_BACK = timedelta(hours=24)
MOST = 200


@dataclass(frozen=True)
class Run:
    """A run of a deployment, and when it was to start."""

    deployment: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Runs:
    """The next run of each deployment, those that are late, and those of the last day that failed."""

    next: Sequence[Run]
    late: Sequence[Run]
    failed: Sequence[Run]


def prefect_runs(now: datetime) -> Runs | None:
    """Null where no server is set or it does not answer: people's acts and the signs in our database need none."""
    address = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if not address:
        return None
    import requests

    def ask(path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = requests.post(f"{address}/{path}", json=body, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return answer.json()

    try:
        names = {one["id"]: one["name"] for one in ask("deployments/filter", {"limit": MOST})}
        waiting = _runs(ask, {"state": {"type": {"any_": ["SCHEDULED"]}}}, "EXPECTED_START_TIME_ASC")
        since = (now - LOOK_BACK).isoformat()
        broken = {"state": {"type": {"any_": ["FAILED", "CRASHED"]}}, "expected_start_time": {"after_": since}}
        failed = _runs(ask, broken, "EXPECTED_START_TIME_DESC")
    except (requests.exceptions.RequestException, ValueError, KeyError):
        return None
    late = [one for one in waiting if one["state_name"] == "Late"]
    first: dict[str, dict[str, Any]] = {}
    for one in waiting:
        if one not in late and one["deployment_id"] in names:
            first.setdefault(one["deployment_id"], one)
    return Runs(*([_run(one, names, now) for one in group] for group in (first.values(), late, failed)))


def _runs(ask: Any, wanted: dict[str, Any], order: str) -> list[dict[str, Any]]:
    return ask("flow_runs/filter", {"flow_runs": wanted, "sort": order, "limit": MOST})


def _run(one: dict[str, Any], names: dict[str, str], now: datetime) -> Run:
    at = datetime.fromisoformat(one["expected_start_time"]).astimezone(now.tzinfo)
    return Run(names.get(one["deployment_id"] or "", "—"), one["name"], at)

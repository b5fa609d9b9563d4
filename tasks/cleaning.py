"""What is kept for a time only: the dashboard's access log, and the runs in Prefect.

The server that `tcpl serve` or the compose file starts clears itself each hour; another one may not, so that runs are
asked away here too, fifty at a time as Prefect's API wants it. The journal, notices and their proof are never touched.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.records import access_log
from tasks.database import work
from tasks.settings import Settings

MOST_AT_ONCE = 50
MOST_ROUNDS = 400
"""Twenty thousand runs a night: two months of schedules. What is left over goes the next night."""
PATIENCE_SECONDS = 60.0
ENDED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


@dataclass(frozen=True)
class Cleaned:
    """How many lines of the access log and how many runs of Prefect went; null where no server answers."""

    visits: int
    runs: int | None


def clean(at: datetime) -> Cleaned:
    """Take away what is older than the settings allow; repeating it finds nothing more."""
    settings = Settings()
    with work(settings) as session:
        visits = access_log.forget_before(session, at - timedelta(days=settings.access_log_days))
    return Cleaned(visits, _runs_gone(at - timedelta(days=settings.prefect_keep_days)))


def _runs_gone(before: datetime) -> int | None:
    address = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if not address:
        return None
    import requests

    old: dict[str, Any] = {"state": {"type": {"any_": ENDED}}, "end_time": {"before_": before.isoformat()}}
    gone = 0
    try:
        for _ in range(MOST_ROUNDS):
            body = {"flow_runs": old, "limit": MOST_AT_ONCE}
            answer = requests.post(f"{address}/flow_runs/bulk_delete", json=body, timeout=PATIENCE_SECONDS)
            answer.raise_for_status()
            found = len(answer.json()["deleted"])
            gone += found
            if found < MOST_AT_ONCE:
                break
    except (requests.exceptions.RequestException, ValueError, KeyError):
        return gone or None
    return gone

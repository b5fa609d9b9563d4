"""A year through the real flows on Prefect's own server: rehearsed straight, and rehearsed by one that is killed.

Both run as processes of their own, side by side, since Prefect reads its environment once. What the killed one leaves
must be what the other left, Prefect's database deleted in between.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tasks.settings import CHECKOUT

COMMUNES = 8
SAMPLE = CHECKOUT / "regulations" / "plans" / "ca-mau-2024.yaml"
LADDERS = re.compile(r"before: \[[0-9, ]+\], on_the_day: (true|false), after: \[[0-9, ]+\], then_every: (7|null)")


def rehearse(home: Path) -> subprocess.Popen[str]:
    """The sample plan with short ladders and no work programme: fewer mornings, the same five stages."""
    plan = home.parent / f"{home.name}.yaml"
    assessment = SAMPLE.read_text().partition("\nprogramme:\n")[0]
    plan.write_text(LADDERS.sub("before: [3], on_the_day: true, after: [3], then_every: null", assessment + "\n"))
    words = ["--province", "96", "--year", "2024", "--communes", str(COMMUNES), "--plan", str(plan)]
    words += ["--out", str(home), "--json"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TCPL_", "PREFECT_"))}
    return subprocess.Popen(
        [sys.executable, "-c", "from cli.main import run; run()", "rehearse", *words],
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return json.loads(out)


def kill_once(home: Path, process: subprocess.Popen[str], *, sent: int) -> None:
    """kill -9 as soon as so many notices were sent: somewhere in the middle of January."""
    give_up = time.monotonic() + 200
    while time.monotonic() < give_up and process.poll() is None:
        if (home / "outbox").is_dir() and sum(1 for _ in home.rglob("outbox/*/*.txt")) >= sent:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def told(home: Path, query: str) -> list[Any]:
    with sqlite3.connect(home / "tcpl.db") as database:
        return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def two_years(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, Path]:
    """(what the straight rehearsal answered, its home, the home of the killed and resumed one)."""
    straight, killed = tmp_path_factory.mktemp("straight"), tmp_path_factory.mktemp("killed")
    (straight / "prefect").mkdir()
    shutil.copyfile(prefect_database, straight / "prefect" / "prefect.db")
    first, second = rehearse(straight), rehearse(killed)
    kill_once(killed, second, sent=40)
    shutil.rmtree(killed / "prefect")
    again = rehearse(killed)
    answer = finished(first)
    resumed = finished(again)
    for kept in ("stages", "outcomes", "notices", "deliveries", "marks"):
        assert resumed[kept] == answer[kept]
    return answer, straight, killed


def test_every_stage_is_lived_through(two_years: tuple[dict[str, Any], Path, Path]) -> None:
    answer = two_years[0]
    assert [stage["stage"] for stage in answer["stages"]] == [
        *("self_assessment", "district_review", "provincial_recognition", "remediation", "commendation")
    ]
    assert all(stage["opened_on"] and stage["outstanding"] == 0 for stage in answer["stages"])
    assert sum(answer["outcomes"].values()) == COMMUNES
    assert answer["flow_runs"].keys() == {"annual-cycle", "daily-watch", "delivery", "reporting"}
    assert answer["deliveries"]["failed"] == 0


def test_killed_and_resumed_the_journal_is_the_same_to_the_last_digest(
    two_years: tuple[dict[str, Any], Path, Path],
) -> None:
    _, straight, killed = two_years
    chain = "SELECT cycle_id, number, act, key, digest FROM journal ORDER BY cycle_id, number"
    assert told(straight, chain) == told(killed, chain)
    assert len(told(straight, chain)) > 30


def test_killed_and_resumed_no_notice_is_queued_or_sent_twice(two_years: tuple[dict[str, Any], Path, Path]) -> None:
    _, straight, killed = two_years
    queue = "SELECT key, kind, state, queued_at FROM notices ORDER BY key"
    assert told(straight, queue) == told(killed, queue)
    doubled = "SELECT notice_id FROM notice_attempts WHERE ok GROUP BY notice_id HAVING count(*) > 1"
    assert told(killed, doubled) == []


def test_prefect_holds_the_runs_of_every_stage_and_the_artifacts(two_years: tuple[dict[str, Any], Path, Path]) -> None:
    with sqlite3.connect(two_years[1] / "prefect" / "prefect.db") as prefect:
        flows = {name for (name,) in prefect.execute("SELECT name FROM flow")}
        failed = prefect.execute("SELECT name FROM flow_run WHERE state_type NOT IN ('COMPLETED')").fetchall()
        artifacts = {key for (key,) in prefect.execute("SELECT DISTINCT key FROM artifact")}
        events = {name for (name,) in prefect.execute("SELECT DISTINCT event FROM events WHERE event LIKE 'tcpl.%'")}
    stages = {"self-assessment", "district-review", "provincial-recognition", "remediation", "commendation"}
    assert stages | {"annual-cycle", "daily-watch", "delivery", "reporting"} <= flows
    assert failed == []
    assert artifacts == {"board-96-2024-trial", "heat-96-2024-trial", "summary-96-2024-trial"}
    assert events == {
        *("tcpl.stage.opened", "tcpl.dossier.submitted", "tcpl.deadline.missed", "tcpl.decision.recorded")
    }

"""A year through the real flows on Prefect's own server, killed in the middle, its database deleted, and resumed.

What that leaves must be what the same acts leave when they are done straight and without Prefect. The rehearsal is a
process of its own, since Prefect reads its environment once.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time as seconds
from collections.abc import Iterator
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks import clock, rehearsing
from tasks.delivering import deliver
from tasks.law_files import load_plan
from tasks.opening import cycle_span, law_for, open_under
from tasks.settings import CHECKOUT, Settings
from tasks.ticking import tick
from tasks.unit_home import import_units
from tasks.watching import watch_all

COMMUNES = 6
SEED = 7
EVENING = time(17, 30)
SAMPLE = CHECKOUT / "regulations" / "plans" / "ca-mau-2024.yaml"
LADDERS = re.compile(r"before: \[[0-9, ]+\], on_the_day: (true|false), after: \[[0-9, ]+\], then_every: (7|null)")


def plan_for(home: Path) -> Path:
    """The sample plan with short ladders and no work programme: fewer mornings, the same five stages."""
    plan = home.parent / f"{home.name}.yaml"
    assessment = SAMPLE.read_text().partition("\nprogramme:\n")[0]
    plan.write_text(LADDERS.sub("before: [], on_the_day: false, after: [3], then_every: null", assessment + "\n"))
    return plan


def rehearse(home: Path) -> subprocess.Popen[str]:
    words = ["--province", "96", "--year", "2024", "--communes", str(COMMUNES), "--plan", str(plan_for(home))]
    words += ["--seed", str(SEED), "--out", str(home), "--json"]
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
    """kill -9 as soon as so many letters were sent: somewhere in the first days of January."""
    give_up = seconds.monotonic() + 200
    while seconds.monotonic() < give_up and process.poll() is None:
        if (home / "outbox").is_dir() and sum(1 for _ in home.rglob("outbox/*/*.txt")) >= sent:
            break
        seconds.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it had ended before it was killed"


def told(home: Path, query: str) -> list[Any]:
    with sqlite3.connect(home / "tcpl.db") as database:
        return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def killed(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """(what the rehearsal answered when it was resumed, its home)."""
    home = tmp_path_factory.mktemp("killed")
    _with_prefect(home, prefect_database)
    kill_once(home, rehearse(home), sent=20)
    shutil.rmtree(home / "prefect")
    _with_prefect(home, prefect_database)
    return finished(rehearse(home)), home


def _with_prefect(home: Path, database: Path) -> None:
    (home / "prefect").mkdir()
    shutil.copyfile(database, home / "prefect" / "prefect.db")


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same year by the acts alone, in one go, without Prefect: what the rehearsal must come to."""
    home = tmp_path_factory.mktemp("by_hand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TCPL_HOME", str(home))
        patch.delenv("TCPL_DATABASE_URL", raising=False)
        settings = Settings()
        import_units(settings)
        plan = load_plan(plan_for(home))
        law = law_for("96", 2024, plan)
        cycle = open_under(law, trial=True, at=clock.moment(plan.opening.on), most=COMMUNES).cycle
        script = rehearsing.write_script(cycle, seed=SEED)
        first, last = cycle_span(cycle)
        for day in (first + timedelta(days=passed) for passed in range((last - first).days + 1)):
            morning = clock.moment(day)
            acts = partial(tick, morning), partial(watch_all, day, morning)
            rehearsing.morning([script], day, *acts, tick_anyway=day == last)
            rehearsing.act_on(script, day)
            deliver(clock.moment(day, EVENING))
        yield home


def test_every_stage_is_lived_through(killed: tuple[dict[str, Any], Path]) -> None:
    answer = killed[0]
    assert [stage["stage"] for stage in answer["stages"]] == [
        *("self_assessment", "district_review", "provincial_recognition", "remediation", "commendation")
    ]
    assert all(stage["opened_on"] and stage["outstanding"] == 0 for stage in answer["stages"])
    assert sum(answer["outcomes"].values()) == COMMUNES
    assert answer["flow_runs"].keys() == {"annual-cycle", "daily-watch", "delivery", "reporting"}
    assert answer["deliveries"]["failed"] == 0


def test_killed_and_resumed_the_journal_is_the_same_to_the_last_digest(
    killed: tuple[dict[str, Any], Path], by_hand: Path
) -> None:
    chain = "SELECT cycle_id, number, act, key, digest FROM journal ORDER BY cycle_id, number"
    assert told(by_hand, chain) == told(killed[1], chain)
    assert len(told(by_hand, chain)) > 30


def test_killed_and_resumed_no_notice_is_queued_or_sent_twice(
    killed: tuple[dict[str, Any], Path], by_hand: Path
) -> None:
    queue = "SELECT key, kind, state, queued_at FROM notices ORDER BY key"
    assert told(by_hand, queue) == told(killed[1], queue)
    doubled = "SELECT notice_id FROM notice_attempts WHERE ok GROUP BY notice_id HAVING count(*) > 1"
    assert told(killed[1], doubled) == []


def test_prefect_holds_the_runs_of_every_stage_and_the_artifacts(killed: tuple[dict[str, Any], Path]) -> None:
    with sqlite3.connect(killed[1] / "prefect" / "prefect.db") as prefect:
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

"""`tcpl serve` loses Prefect in every way: its server killed, its database deleted, the whole tree killed and away.

After each, at a seeded moment of the schedules' work, nobody helps: a watch has to be done again by itself, and a
person's act has to work meanwhile. KILLS=100 is ten disturbances: each costs a start of Prefect's server.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from deployments.children import free_port
from tasks import clock
from tasks.settings import Settings
from tests.benchmarks import ground
from tests.soak import served
from tests.soak.served import ask, deployment, often
from tests.waiting import eventually

AWAY_SECONDS = 60.0
"""An hour of schedules that come every five minutes, in schedules that come every five seconds."""
WAYS = ("tree", "away", "server", "schedules", "database")
PATIENCE = 600.0


def run(kills: int, seed: int = 7, engine: str = "sqlite", dossiers: int = 60) -> dict[str, Any]:
    """Also `ways`: how often Prefect was lost how; `seconds_to_recover`: the longest until a watch was done."""
    begun, chance = time.perf_counter(), random.Random(seed)
    times = max(kills // 10, 1)
    with ground.home(engine):
        ground.a_cycle(dossiers)
        expected = served.once_more()
    slowest: dict[str, float] = {}
    ways: Counter[str] = Counter()
    with ground.home(engine) as settings:
        ground.a_cycle(dossiers)
        tree = _Tree(settings)
        tree.start()
        try:
            for number in range(times):
                way = WAYS[number % len(WAYS)]
                ways[way] += 1
                time.sleep(chance.uniform(0.0, 6.0))
                taken = tree.lose(way)
                slowest[way] = max(slowest.get(way, 0.0), round(taken, 1))
        finally:
            left = tree.stop()
        stands = served.account(expected, served._told())
    return {
        "scenario": "prefect-gone",
        "engine": engine,
        "seed": seed,
        "kills": times,
        **stands,
        "ways": dict(ways),
        "seconds_to_recover": slowest,
        "stopped_cleanly": left == 0,
        "seconds": round(time.perf_counter() - begun, 1),
    }


class _Tree:
    def __init__(self, settings: Settings) -> None:
        self.home, self.port, self.pages = settings.home, free_port(), free_port()
        self.env = {**served.QUICK, "TCPL_PREFECT_PORT": str(self.port), "TCPL_DASHBOARD_PORT": str(self.pages)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = served.start(served.tcpl("serve"), self.home / "serve.log", self.env)
        self.hurry()

    def hurry(self) -> None:
        """The watchdog comes every twenty seconds; whoever registers deployments anew takes such a schedule away."""
        often(self.port, "watchdog", 20)

    def _hurry_again(self) -> bool:
        """Whichever server answers by now; the product's own watchdog would come within a quarter of an hour."""
        time.sleep(5)
        [watchdog] = ask(self.port, "deployments/filter", {"deployments": {"name": {"any_": ["watchdog"]}}})
        if len(watchdog["schedules"]) < 2:
            self.hurry()
        return False

    def lose(self, way: str) -> float:
        """Lose Prefect, with no watch done for two days; seconds until the tree has watched by itself."""
        assert self.process
        served.unwatched()
        at, begun = clock.now(), time.monotonic()
        match way:
            case "server" | "schedules":
                os.kill(self._child("prefect_server" if way == "server" else "scheduled"), signal.SIGKILL)
            case "database":
                shutil.rmtree(self.home / "prefect")
            case _:
                os.kill(self.process.pid, signal.SIGKILL)
                self.process.wait()
                if way == "away":
                    _by_hand()
                    served.unwatched()
                    time.sleep(AWAY_SECONDS)
                self.start()
        eventually(lambda: served.watched_since(at) or self._hurry_again(), PATIENCE, f"a watch after {way}")
        taken = time.monotonic() - begun
        self._delivers()
        print(f"prefect-gone: {way}: watched after {taken:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
        return taken

    def _delivers(self) -> None:
        """No place of a killed run keeps the next ones out for ever: one that is asked for now completes."""
        identity, asked = deployment(self.port, "delivery"), ""

        def completed() -> bool:
            nonlocal asked
            state = ask(self.port, f"flow_runs/{asked}", method="GET")["state_type"] if asked else "CANCELLED"
            if state in ("CANCELLED", "CRASHED", "FAILED"):
                asked = ask(self.port, f"deployments/{identity}/create_flow_run", {})["id"]
            return state == "COMPLETED"

        eventually(completed, PATIENCE, "a delivery")

    def _child(self, module: str) -> int:
        assert self.process
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return next(int(line.split()[0]) for line in listed.stdout.splitlines() if f"deployments.{module}" in line)

    def stop(self) -> int:
        """SIGTERM, as systemd says it: the exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            served.kill(self.process)
            return -9


def _by_hand() -> None:
    """While Prefect is away a person's watch works all the same."""
    subprocess.run(served.tcpl("watch"), check=True, stdout=subprocess.DEVNULL, env=os.environ)

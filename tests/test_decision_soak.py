"""A small seeded share of the soak of decisions: killed recorders lose nothing and double nothing."""

import subprocess
import sys
from ast import literal_eval

import pytest

from tasks.settings import CHECKOUT


@pytest.mark.parametrize("engine", ["sqlite"])  # `make soak SOAK=decision` takes both
def test_killed_recorders_lose_nothing_and_double_nothing(engine: str) -> None:
    soak = CHECKOUT / "tests" / "soak" / "decision.py"  # a process of its own: it forks and kills
    done = subprocess.run([sys.executable, str(soak), "2", engine], capture_output=True, text=True, check=True)
    found = literal_eval(done.stdout.splitlines()[-1])
    assert found["acts"] == 12
    assert (found["lost"], found["doubled"]) == (0, 0)

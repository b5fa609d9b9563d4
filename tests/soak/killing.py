"""Runs a piece of work as a process, kills it -9 at a seeded moment, again and again, and lets it end in peace."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from tasks.settings import CHECKOUT


def kill_again_and_again(code: str, words: Sequence[str], kills: int, seed: int, longest: float) -> int:
    """Start `python -c code words` until it was killed `kills` times, each after up to `longest` seconds; the kills.

    Then once more, to its end; that run must succeed.
    """
    chance, hit = random.Random(seed), 0
    for _ in range(kills):
        process = _start(code, words)
        try:
            process.wait(chance.uniform(0.05, longest))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            hit += 1
        process.wait()
    last = _start(code, words)
    if last.wait(300):
        raise SystemExit("the run that was left in peace failed")
    return hit


def _start(code: str, words: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *words], cwd=CHECKOUT)


def stopwatch() -> float:
    return time.perf_counter()

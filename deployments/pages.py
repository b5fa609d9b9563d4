"""The dashboard as a process of `tcpl serve`, and what it is handed from outside the database. Run with its port."""

import os
import signal
import sys
import threading
from multiprocessing import parent_process

from starlette.applications import Starlette

from dashboard.api import Sources
from dashboard.app import build
from dashboard.serving import is_loopback, serve, settle
from deployments.children import end_with_the_parent
from deployments.log_lines import write_as
from tasks import clock
from tasks.health import examine
from tasks.law_files import load_pauses, load_regulations
from tasks.settings import Settings


def sources() -> Sources:
    """The law's files as they are now, and how the machine is."""
    return Sources(
        lambda: load_regulations(Settings().regulations), lambda: load_pauses(Settings().regulations), examine
    )


OF_EACH = "deployments.pages:application"
"""How each of several processes finds its application."""


def application() -> Starlette:
    """The dashboard of one of several processes, which ends when the one that started it is gone."""
    threading.Thread(target=_end_as_an_orphan, daemon=True).start()
    found = build(clock.now, loopback=is_loopback(Settings().dashboard_host), sources=sources())
    settle()
    return found


def _end_as_an_orphan() -> None:
    """Whoever started us may be gone already: its end of the pipe tells, not a number that others are given."""
    above = parent_process()
    if above is not None:
        above.join()
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    end_with_the_parent()
    write_as(Settings().log_format)
    serve(Settings().dashboard_host, int(sys.argv[1]), clock.now, sources(), OF_EACH)

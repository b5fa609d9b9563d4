"""The dashboard as a process of `tcpl serve`, and what it is handed from outside the database. Run with its port."""

import sys

from dashboard.api import Sources
from dashboard.serving import serve
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


if __name__ == "__main__":
    end_with_the_parent()
    write_as(Settings().log_format)
    serve(Settings().dashboard_host, int(sys.argv[1]), clock.now, sources())

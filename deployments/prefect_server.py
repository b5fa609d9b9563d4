"""Prefect's own server on this machine, with its database in the home; nothing in there is the truth.

The folder may be deleted, and the next start makes it anew. Run as a module, this file is the server process.
"""

import os
import shutil
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from deployments.children import HOST, Child, end_with_the_parent, refuse_taken_port
from deployments.log_lines import write_as
from models.errors import Fault
from models.words import Words

PATIENCE_SECONDS = 180
"""A first start migrates Prefect's database: twenty seconds on a quiet machine, more on a busy one."""

EVENTS_AT_MOST_DAYS = 7
WORTH_IT_PAGES = 5_000
"""Twenty megabytes: a smaller file is not worth the rewriting."""

COMMON = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    # Task runs' events written one at a time keep SQLite locked against the request that comes next; Prefect then
    # answers 503, and its client waits two seconds at every subflow (docs/decisions/0002).
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500",
}
QUIET = {
    f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
    for service in ("SCHEDULER", "LATE_RUNS", "FOREMAN", "PAUSE_EXPIRATIONS", "CANCELLATION_CLEANUP", "TRIGGERS")
} | {
    f"PREFECT_SERVER_SERVICES_{service}_{setting}": value
    for service in ("TASK_RUN_RECORDER", "EVENT_PERSISTER")
    for setting, value in (("BATCH_SIZE", "40000"), ("FLUSH_INTERVAL", "900"))
}
"""A rehearsal schedules nothing, so what looks after schedules stays off; what records events writes when it stops."""


def small(keep_days: int) -> dict[str, str]:
    """What keeps a server's database small: each hour its own vacuum takes away old runs, logs, artifacts, events."""
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"P{keep_days}D",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{min(keep_days, EVENTS_AT_MOST_DAYS)}D",
    }


LEASES = {"PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"}
"""Who holds a deployment's one place is kept on the disk: in memory, where Prefect keeps it otherwise, a server that is
killed forgets it, while its database still counts the place as taken, and no watch would ever run again."""
LEASES_FOLDER = "concurrency_leases"


def environment(home: Path, port: int) -> dict[str, str]:
    """What a process needs in its environment before it imports Prefect, to speak to the server of this home."""
    return {**COMMON, "PREFECT_HOME": _folder(home), "PREFECT_API_URL": f"http://{HOST}:{port}/api"}


def start(home: Path, port: int, *, quiet: bool = False, keep_days: int = 30, held: Sequence[int] = ()) -> Child:
    """Start the server, which takes its time: `wait` for it before the first flow. `held`: see `Child`."""
    refuse_taken_port(port)
    give_back_space(database_of(home))
    if not quiet:  # a rehearsal's runs hold none, and its home may be one that is served
        forget_leases(home)
    own = {
        **COMMON,
        **(QUIET if quiet else {**small(keep_days), **LEASES}),
        "PREFECT_HOME": _folder(home),
        "PREFECT_API_URL": "",
    }
    own["PREFECT_SERVER_UI_API_URL"] = f"http://{HOST}:{port}/api"  # its page would ask port 4200, whichever this is
    patience = 120 if quiet else 10  # a rehearsal's server writes a whole year's events when it ends
    log = log_of(home, "prefect")
    return Child("deployments.prefect_server", str(port), env=own, log=log, patience=patience, held=held)


def give_back_space(database: Path) -> None:
    """SQLite fills the room of deleted rows again but gives none back: before a start, where half of the file is room.

    A file that cannot be read is left to Prefect, which says so.
    """
    if not database.is_file():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, timeout=1)) as connection:
        pages, free = (connection.execute(f"PRAGMA {ask}").fetchone()[0] for ask in ("page_count", "freelist_count"))
        if free * 2 > pages > WORTH_IT_PAGES:
            connection.execute("VACUUM")


def forget_leases(home: Path) -> None:
    """Whose runs they were has ended with the server before.

    Of one that was killed a lock may be left among them. It holds for as long as any process bears its number, and no
    run starts until then.
    """
    shutil.rmtree(Path(_folder(home)) / LEASES_FOLDER, ignore_errors=True)


def wait(server: Child, port: int, stopped: Callable[[], bool] = lambda: False) -> None:
    """Return when the server answers, or nobody wants it any more; a Fault when it ends or is silent for too long."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not _answers(port) and not stopped():
        if not server.running or time.monotonic() > give_up:
            server.stop()
            raise _no_server(server.log)
        time.sleep(0.1)


def log_of(home: Path, name: str) -> Path:
    """Where a process of this home writes what it has to say."""
    return home.resolve() / "logs" / f"{name}.log"


def database_of(home: Path) -> Path:
    return Path(_folder(home)) / "prefect.db"


def _folder(home: Path) -> str:
    return str(home.resolve() / "prefect")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _no_server(log: Path) -> Fault:
    return Fault(
        "prefect_server",
        Words("Máy chủ Prefect không khởi động được.", "Prefect's server did not start."),
        Words(
            f"Tiến trình đã dừng hoặc không trả lời; lỗi của nó ở {log}.",
            f"The process ended or does not answer; what it said stands in {log}.",
        ),
        Words(
            "Xem đĩa và bộ nhớ còn trống, xóa thư mục prefect/ trong TCPL_HOME (không mất dữ liệu) rồi chạy lại.",
            "Look at free disk and memory, delete prefect/ in TCPL_HOME (nothing is lost), and run it again.",
        ),
    )


def _serve(port: int) -> None:
    import uvicorn

    end_with_the_parent()
    write_as(os.environ.get("TCPL_LOG_FORMAT", "lines"))
    application = "prefect.server.api.server:create_app"
    uvicorn.run(application, factory=True, host=HOST, port=port, log_level="error", timeout_graceful_shutdown=5)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))

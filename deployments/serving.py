"""One machine: Prefect's server, the deployments on their schedules and the dashboard, in one process tree.

What ends by itself is started again: nobody sits beside the machine. What ends again and again ends the tree.
"""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from logging import getLogger
from pathlib import Path

from dashboard.serving import refuse_off_loopback
from deployments import prefect_server
from deployments.children import Child, refuse_taken_port
from deployments.log_lines import write_as
from models.errors import Fault
from models.words import Words
from tasks.served_home import serving
from tasks.settings import Settings

LOOK_SECONDS = 1.0
MOST_RESTARTS, WITHIN_SECONDS = 5, 3600.0
"""A process that ends more often than that has a fault which a new start does not mend."""

logger = getLogger(__name__)


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once everything stands. A Fault when a child keeps ending."""
    refuse_off_loopback(settings.dashboard_host, settings)
    write_as(settings.log_format)
    with serving(settings.home) as held:
        refuse_taken_port(settings.dashboard_port, settings.dashboard_host)
        refuse_taken_port(settings.prefect_port)
        stopped = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):  # from here on something is running that must end in order
            signal.signal(sign, lambda *_: stopped.set())
        tree = _Tree(settings, held, stopped.is_set)
        try:
            tree.start()
            if not stopped.is_set():
                ready()
            while not stopped.wait(LOOK_SECONDS):
                tree.look_after()
        finally:
            tree.stop()


class _Tree:
    """Prefect's server, then what needs it. `held`: what says that a process of the tree lives; every child keeps it.

    `stopped`: asked while waiting, so that Ctrl-C need not wait too.
    """

    def __init__(self, settings: Settings, held: int, stopped: Callable[[], bool]) -> None:
        self._settings, self._held, self._stopped = settings, (held,), stopped
        self._children: dict[str, Child] = {}
        self._restarts: deque[float] = deque()
        self._database = 0

    def start(self) -> None:
        self._start("Prefect")
        if not self._stopped():
            self._start("schedules")
            self._start("dashboard")

    def look_after(self) -> None:
        """Start again what has ended; Prefect's server also where its database was taken away under it."""
        gone = [name for name, child in self._children.items() if not child.running]
        if "Prefect" not in gone and self._number_of_database() != self._database:
            gone = ["Prefect", *gone]
        for name in gone:
            self._count(name)
            logger.warning("%s ended by itself and is started again; %s.1 has what it said.", name, self._log(name))
            if name == "Prefect":  # its database may be new: the schedules are to be registered there
                self._end("schedules")
            self._end(name)
            self._start(name)
            if name == "Prefect" and not self._stopped():
                self._start("schedules")
                return  # with what else has ended the next look deals

    def stop(self) -> None:
        for name in reversed([*self._children]):
            self._end(name)

    def _start(self, name: str) -> None:
        settings, port = self._settings, self._settings.prefect_port
        env = {**prefect_server.environment(settings.home, port), "TCPL_HOME": str(settings.home.resolve())}
        match name:
            case "Prefect":
                keep = settings.prefect_keep_days
                server = prefect_server.start(settings.home, port, keep_days=keep, held=self._held)
                self._children[name] = server
                prefect_server.wait(server, port, self._stopped)
                self._database = self._number_of_database()
            case "schedules":
                self._children[name] = Child("deployments.scheduled", env=env, log=self._log(name), held=self._held)
            case _:
                words = str(settings.dashboard_port)
                self._children[name] = Child("deployments.pages", words, env=env, log=self._log(name), held=self._held)

    def _end(self, name: str) -> None:
        child = self._children.pop(name, None)
        if child is not None:
            child.stop()

    def _number_of_database(self) -> int:
        """Which file Prefect's database is now; 0 where there is none. A server writes on into one that was deleted."""
        with suppress(OSError):
            return prefect_server.database_of(self._settings.home).stat().st_ino
        return 0

    def _log(self, name: str) -> Path:
        return prefect_server.log_of(self._settings.home, name.lower())

    def _count(self, name: str) -> None:
        now = time.monotonic()
        self._restarts.append(now)
        while now - self._restarts[0] > WITHIN_SECONDS:
            self._restarts.popleft()
        if len(self._restarts) > MOST_RESTARTS:
            raise _keeps_ending(name, self._log(name))


def _keeps_ending(name: str, log: Path) -> Fault:
    return Fault(
        "child_ended",
        Words(f"Tiến trình {name} cứ tự dừng.", f"The process '{name}' keeps ending by itself."),
        Words(
            f"Đã khởi động lại {MOST_RESTARTS} lần trong một giờ; lỗi của nó ở {log}.",
            f"It was started again {MOST_RESTARTS} times within an hour; what it said stands in {log}.",
        ),
        Words("Sửa lỗi ấy rồi chạy lại `tcpl serve`; không mất dữ liệu.", "Mend it and run `tcpl serve` again."),
    )

"""One machine: Prefect's server, the deployments on their schedules and the dashboard, in one process tree."""

import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack

from dashboard.serving import refuse_off_loopback
from deployments import prefect_server
from deployments.children import Child, refuse_taken_port
from deployments.log_lines import write_as
from models.errors import Fault
from models.words import Words
from tasks.settings import Settings

LOOK_SECONDS = 1.0


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once everything stands. A Fault when a child ends by itself."""
    stopped = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stopped.set())
    port = settings.prefect_port
    refuse_off_loopback(settings.dashboard_host, settings)
    refuse_taken_port(settings.dashboard_port, settings.dashboard_host)
    write_as(settings.log_format)
    env = {**prefect_server.environment(settings.home, port), "TCPL_HOME": str(settings.home.resolve())}
    with ExitStack() as running:
        server = running.enter_context(prefect_server.start(settings.home, port, keep_days=settings.prefect_keep_days))
        prefect_server.wait(server, port)
        pages, schedules = (prefect_server.log_of(settings.home, name) for name in ("dashboard", "schedules"))
        children = {
            "Prefect": server,
            "schedules": running.enter_context(Child("deployments.scheduled", env=env, log=schedules)),
            "dashboard": running.enter_context(
                Child("deployments.pages", str(settings.dashboard_port), env=env, log=pages)
            ),
        }
        ready()
        while not stopped.wait(LOOK_SECONDS):
            _refuse_dead(children)


def _refuse_dead(children: dict[str, Child]) -> None:
    dead = [name for name, child in children.items() if not child.running]
    if dead:
        raise Fault(
            "child_ended",
            Words(f"Tiến trình {dead[0]} đã tự dừng.", f"The process '{dead[0]}' ended by itself."),
            Words(f"Lỗi của nó ở {children[dead[0]].log}.", f"What it said stands in {children[dead[0]].log}."),
            Words("Chạy lại `tcpl serve`; không mất dữ liệu.", "Run `tcpl serve` again; nothing is lost."),
        )

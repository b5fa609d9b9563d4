"""One run at a time: a lease in our own database, which expires by itself when its holder dies.

Prefect's concurrency limit keeps two scheduled runs apart; this keeps apart whatever runs, also from the command line.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from models.errors import Fault
from models.records import running
from models.words import Words
from tasks import clock
from tasks.database import work

LENGTH = timedelta(minutes=10)
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.25


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lease `name` while the block runs; wait a little for another holder, then a Fault that names it."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    _wait(name, holder)
    try:
        yield
    finally:
        with work() as session:
            running.give_back(session, name, holder, clock.now())


def _wait(name: str, holder: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        with work() as session:
            if running.take(session, name, holder, clock.now(), LENGTH):
                return
            held = running.holder(session, name)
            if held and _is_dead(held[0]):
                running.give_back(session, name, held[0], clock.now())
                continue
        if time.monotonic() > give_up:
            raise _held(name, held[0] if held else "?")
        time.sleep(PAUSE_SECONDS)


def _is_dead(holder: str) -> bool:
    """A holder on this machine whose process is gone cannot give its lease back itself."""
    host, _, rest = holder.partition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError):
        return False
    return False


def _held(name: str, holder: str) -> Fault:
    return Fault(
        "already_running",
        Words(f"Một tiến trình khác đang chạy “{name}”.", f"Another process is running '{name}'."),
        Words(f"Tiến trình giữ quyền: {holder}.", f"It is held by {holder}."),
        Words(
            "Chờ tiến trình đó xong rồi chạy lại; quyền giữ tự hết hạn sau 10 phút.",
            "Wait for it to end, then run it again; the lease expires by itself after 10 minutes.",
        ),
    )

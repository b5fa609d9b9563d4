"""The processes that `tcpl serve` and a rehearsal start: modules of ours, each ending with its parent."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.errors import Fault
from models.words import Words
from tasks.settings import CHECKOUT

HOST = "127.0.0.1"
ORPHAN_SECONDS = 20.0
"""How long a child whose parent was killed may take to end in order."""


class Child:
    """A module run as a process of its own. What it prints goes into `log`, begun anew; the last one stays as `.1`.

    `patience`: how many seconds it may take to end when it is asked to. `held`: files that stay open while it lives.
    """

    def __init__(
        self,
        module: str,
        *words: str,
        env: Mapping[str, str],
        log: Path,
        patience: float = 10,
        held: Sequence[int] = (),
    ) -> None:
        self.log, self._patience = log, patience
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))  # what a crash said is still there after the restart
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env={**os.environ, **env},
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,  # its end tells the child that the parent is gone
                stdout=output,
                stderr=output,
                pass_fds=held,
                start_new_session=True,  # Ctrl-C reaches the parent only, which then stops its children in order
            )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end; insist when its patience is over."""
        self._process.send_signal(signal.SIGINT)  # Prefect's runner ends in order on this one, not on SIGTERM
        try:
            self._process.wait(self._patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def end_with_the_parent() -> None:
    """Called first thing by a child: from now on it ends when its standard input does, in order if that is quick."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job of a shell is started deaf to it

    def wait() -> None:
        while os.read(0, 1):  # not sys.stdin, whose lock this thread would take into the interpreter's end
            pass
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(ORPHAN_SECONDS)  # nobody is left who would insist
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def refuse_taken_port(port: int, host: str = HOST) -> None:
    """A Fault that names the port, when somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _no_such_address(host) from None
            raise _port_taken(port) from None


def _no_such_address(host: str) -> Fault:
    return Fault(
        "no_such_address",
        Words(f"Không mở được ở địa chỉ {host[:60]}.", f"The address {host[:60]} cannot be listened on."),
        Words("Máy này không có địa chỉ đó, hoặc không được phép.", "This machine has no such address, or may not."),
        Words("Sửa TCPL_DASHBOARD_HOST hoặc cổng.", "Mend TCPL_DASHBOARD_HOST or the port."),
    )


def _port_taken(port: int) -> Fault:
    return Fault(
        "port_taken",
        Words(f"Cổng {port} đang được dùng.", f"Port {port} is taken."),
        Words("Một tiến trình khác đang nghe ở cổng này.", "Another process listens on it."),
        Words(
            "Dừng tiến trình đó, hoặc đặt TCPL_PREFECT_PORT / TCPL_DASHBOARD_PORT sang cổng khác.",
            "Stop that process, or set TCPL_PREFECT_PORT / TCPL_DASHBOARD_PORT to another port.",
        ),
    )

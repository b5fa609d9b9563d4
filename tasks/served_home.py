"""Who serves a home: locks that the operating system lets go when their holder dies, however it dies.

One is held by `tcpl serve` itself, the other by every process of its tree: children of one that was killed take some
seconds to end, and write into the home until then.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging import getLogger
from pathlib import Path
from typing import IO

from models.errors import Fault, Refusal
from models.words import Words

LOCK, TREE = "serving.lock", "serving-tree.lock"
PATIENCE_SECONDS, LOOK_SECONDS = 60.0, 0.5

logger = getLogger(__name__)


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """Hold the home while it is served; what comes back is an open file that every process of the tree is to keep open.

    Raises Refusal where another `tcpl serve` holds the home. The processes of one that was killed are waited for, and
    are a Fault where they do not end.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("w") as lock, (home / TREE).open("w") as tree:
        if not _taken(lock):
            raise _is_served(home)
        _wait_for(tree, home)
        yield tree.fileno()


def _wait_for(tree: IO[str], home: Path) -> None:
    give_up, said = time.monotonic() + PATIENCE_SECONDS, False
    while not _taken(tree):
        if time.monotonic() > give_up:
            raise _is_left(home)
        if not said:
            logger.warning("Waiting for the processes of the `tcpl serve` before, which was killed, to end.")
        said = True
        time.sleep(LOOK_SECONDS)


def refuse_if_served(home: Path) -> None:
    """What replaces the database under those who write into it would lose what they write."""
    for name in (LOCK, TREE):
        with suppress(FileNotFoundError), (home / name).open() as lock:
            if not _taken(lock, fcntl.LOCK_SH):
                raise _is_served(home)


def _taken(lock: IO[str], how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_served(home: Path) -> Refusal:
    return Refusal(
        "home_is_served",
        Words(
            f"`tcpl serve` đang chạy với {home}, hoặc vừa bị ngắt và chưa dừng hẳn.",
            f"`tcpl serve` is running with {home}, or was killed a moment ago and has not ended yet.",
        ),
        Words("Hai bên cùng ghi vào một nơi thì mất dữ liệu.", "Two at once in one home would lose what one writes."),
        Words("Dừng `tcpl serve` ấy trước, rồi chạy lại.", "Stop that `tcpl serve` first, then run this again."),
    )


def _is_left(home: Path) -> Fault:
    return Fault(
        "serving_left",
        Words(
            f"Các tiến trình của lần `tcpl serve` trước với {home} chưa dừng.",
            f"Processes of the `tcpl serve` before with {home} have not ended.",
        ),
        Words(
            f"Lần ấy bị ngắt đột ngột; đã chờ {PATIENCE_SECONDS:.0f} giây.",
            f"It was killed; they were waited for for {PATIENCE_SECONDS:.0f} seconds.",
        ),
        Words(
            "Xem máy có quá tải không, dừng các tiến trình `deployments.` còn lại rồi chạy lại; không mất dữ liệu.",
            "See whether the machine is overloaded, end the `deployments.` processes that are left, and run it again;"
            " nothing is lost.",
        ),
    )

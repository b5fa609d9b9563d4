"""Who serves a home: a lock that the operating system lets go when its holder dies, however it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import Refusal
from models.words import Words

LOCK = "serving.lock"


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Hold the home while it is served. Raises Refusal where another `tcpl serve` holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _is_served(home) from None
        yield


def refuse_if_served(home: Path) -> None:
    """What replaces the database under those who write into it would lose what they write."""
    with suppress(FileNotFoundError), (home / LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _is_served(home) from None


def _is_served(home: Path) -> Refusal:
    return Refusal(
        "home_is_served",
        Words(f"`tcpl serve` đang chạy với {home}.", f"`tcpl serve` is running with {home}."),
        Words("Hai bên cùng ghi vào một nơi thì mất dữ liệu.", "Two at once in one home would lose what one writes."),
        Words("Dừng `tcpl serve` ấy trước, rồi chạy lại.", "Stop that `tcpl serve` first, then run this again."),
    )

"""The process in which a second sender works: started for one delivery, or kept for all deliveries of a rehearsal.

It ends with whoever started it, as if it had crashed: its claims run out, and its letters are sent by the next one.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process

MANY = 4000
"""From so many files on a process is worth its start, which takes two seconds."""
MANY_WHERE_IT_RUNS = 800

_kept: ProcessPoolExecutor | None = None


def worth_it() -> int:
    """From how many letters on a second sender helps."""
    return MANY if _kept is None else MANY_WHERE_IT_RUNS


@contextmanager
def kept() -> Iterator[None]:
    """Within the block all deliveries share one process: a rehearsal has a hundred of them in a few minutes."""
    global _kept  # noqa: PLW0603  # the rehearsal's one, told to deliveries that do not know of it
    with _started() as pool:
        _kept = pool
        try:
            yield
        finally:
            _kept = None


@contextmanager
def process() -> Iterator[ProcessPoolExecutor]:
    """The kept process, else one that lives as long as the block."""
    if _kept is not None:
        yield _kept
        return
    with _started() as pool:
        yield pool


def forget() -> None:
    """The kept process has died: later deliveries do without it."""
    global _kept  # noqa: PLW0603  # likewise
    _kept = None


def _started() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_end_with_the_parent)


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()

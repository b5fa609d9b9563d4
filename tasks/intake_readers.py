"""Reads many received files, by several processes where that is safe; answers come in the order of the files.

A reader is a fork of this process that only reads: it inherits what was learnt of the cycles, and neither uses nor
closes the database connections of its parent. If it dies, its files are read here instead.
"""

import gc
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tasks.engines import disown_engines
from tasks.intake_files import Expectations, ReadFile, Unreadable, read_file
from tasks.settings import Settings

WORTH_IT = 60
"""Fewer files are read sooner than readers are started."""
MOST_READERS = 4
_PIPE_BYTES, _SET_PIPE_SIZE = 1024 * 1024, 1031
"""Room for what readers have ready while the parent is in a transaction (Linux: F_SETPIPE_SZ)."""

Found = ReadFile | Unreadable


def read_files(settings: Settings, paths: Sequence[Path]) -> Iterator[Found]:
    """Every file, in order. The first one is always read here, so that readers inherit what its cycle expects."""
    seen, readers = Expectations(), readers_for(len(paths))
    if paths:
        yield read_file(settings, paths[0], seen)
    rest = paths[1:]
    if readers < 2:
        yield from (read_file(settings, path, seen) for path in rest)
        return
    started = [_start(settings, rest[number::readers], seen) for number in range(readers)]
    try:
        for number, path in enumerate(rest):
            yield _answer(started[number % readers][1]) or read_file(settings, path, seen)
    finally:
        for process, answers in started:
            answers.close()
            process.kill()
            process.join()


def readers_for(files: int) -> int:
    """How many processes read. A process with threads is not forked: a lock that one of them holds would stay shut."""
    if files < WORTH_IT or "fork" not in get_all_start_methods() or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, MOST_READERS)


def _start(settings: Settings, paths: Sequence[Path], seen: Expectations) -> tuple[BaseProcess, Connection]:
    context = get_context("fork")
    answers, tell = context.Pipe(duplex=False)
    _widen(tell.fileno())
    process = context.Process(target=_read_all, args=(settings, paths, seen, tell), daemon=True)
    process.start()
    tell.close()
    return process, answers


def _widen(pipe: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE_BYTES)
    except (ImportError, OSError):
        return  # a narrower pipe is slower and no fault


def _read_all(settings: Settings, paths: Sequence[Path], seen: Expectations, tell: Connection) -> None:
    """In the reader: every answer is sent; whatever happens, the parent's affairs are left untouched."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
        disown_engines()
        gc.disable()  # what is read holds no cycles, and a collection would copy the parent's pages
        for path in paths:
            tell.send(read_file(settings, path, seen))
    finally:
        os._exit(0)  # no farewell of libraries that believe to be in the parent


def _answer(answers: Connection) -> Found | None:
    """What the reader says of its next file; null: it is gone."""
    try:
        return answers.recv()
    except (EOFError, OSError):
        return None

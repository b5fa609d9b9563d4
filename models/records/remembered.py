"""Answers to the dearest questions, kept while nothing has been done since: a country's board is counted once a minute.

Every act is a journal entry, so what follows from acts stays as it is while the journal has grown by none. What follows
without one (a calendar, a letter sent) waits a minute at most. Bounded; an answer for one territory is never given to
another.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records.journal import Entry

Answer = TypeVar("Answer")

KEPT, SECONDS = 64, 60.0
_kept: OrderedDict[Hashable, tuple[int, float, Any]] = OrderedDict()
_asking: dict[Hashable, Lock] = {}
_door = Lock()


def remembered(session: Session, name: str, given: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to `ask`, which depends on the database and on `given` alone.

    Twenty who ask at once wait for one who counts.
    """
    key = (str(session.get_bind().engine.url), session.info.get("territory"), name, given)
    newest = session.scalar(select(func.max(Entry.id))) or 0
    with _door:
        lock = _asking.setdefault(key, Lock())
    with lock:
        found = _known(key, newest)
        if found is None:
            found = (newest, monotonic(), ask())
            _keep(key, found)
    return found[2]


def _known(key: Hashable, newest: int) -> tuple[int, float, Any] | None:
    with _door:
        found = _kept.get(key)
        if found is None or found[0] != newest or monotonic() - found[1] > SECONDS:
            return None
        _kept.move_to_end(key)
        return found


def _keep(key: Hashable, found: tuple[int, float, Any]) -> None:
    with _door:
        _kept[key] = found
        while len(_kept) > KEPT:
            oldest, _ = _kept.popitem(last=False)
            _asking.pop(oldest, None)

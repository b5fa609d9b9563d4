"""Answers that are kept while what they follow from stays as it is: a country's board is counted once a minute.

Every act is a journal entry, so what follows from acts stays as it is while the journal has grown by none and the
calendar is the same. What follows without either (a contact, a letter sent) waits a minute at most. Bounded, and only
for who sees everything.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, column, func, select, table
from sqlalchemy.orm import Session

from models.records.asking import send
from models.records.base import Moment

Answer = TypeVar("Answer")

VERSION = "version"
"""In a session's `info`: the database's version (`tasks.database.version_of`), as it was before anything was read."""

KEPT, SECONDS, UNCHANGED, VERSIONS = 64, 60.0, 1000, 8
_kept: OrderedDict[Hashable, tuple[Hashable, float, Any]] = OrderedDict()
_asking: dict[Hashable, Lock] = {}
_door = Lock()
_unchanged: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
_of_versions: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()
_names: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


def name_of_database(session: Session) -> str:
    """What tells its answers from those of another database; to write an address costs as much as to ask."""
    engine = session.get_bind().engine
    found = _names.get(engine)
    if found is None:
        found = _names[engine] = str(engine.url)
    return found


def remembered(
    session: Session, name: str, given: Hashable, ask: Callable[[], Answer], *, acts: bool = True, lasting: bool = False
) -> Answer:
    """The answer to `ask`, which depends on the database and on `given` alone.

    `lasting`: it follows from acts and `given` alone, so that no minute ends it; `acts=False`: from `given` alone.
    Twenty who ask at once wait for one who counts. Nothing is remembered for a narrower territory: it has few rows, and
    its newest entry is dear to find.
    """
    territory = session.info.get("territory")
    if territory is not None and not getattr(territory, "everything", False):
        return ask()
    key = (name_of_database(session), name, given)
    rows = newest(session)
    # what days are counted by changes with the calendar, too
    stamp = (rows.act, rows.calendar) if acts else ()
    with _door:
        lock = _asking.setdefault(key, Lock())
    with lock:
        found = _known(key, stamp, lasting)
        if found is None:
            found = (stamp, monotonic(), ask())
            _keep(key, found)
    return found[2]


class Newest(NamedTuple):
    """The youngest row of each: what has become of these tables, to which rows are added and none is changed.

    `acted_at`: the moment of the youngest act.
    """

    acted_at: datetime | None
    act: int | None
    calendar: int | None
    unit: int | None
    agency: int | None
    cycle: int | None


def newest(session: Session) -> Newest:
    """Of all territories; asked once a version, or once a session that acts not. They tell of no record."""
    known = of_this_version(session)
    if (found := known.get("newest")) is None:
        found = known["newest"] = Newest(*send(session, _NEWEST, {}).one())
    return found


def of_this_version(session: Session) -> dict[str, Any]:
    """Where all who ask PostgreSQL under one version leave for each other what they found, for every territory alike.

    Each of their questions sees what was committed until then, so that what is answered later is never older. On SQLite
    a session sees what there was when it began, and so it leaves this to itself; without a version to nobody, but
    for a session that `acts_not`.
    """
    version, found = session.info.get(VERSION), session.info.get("of this version")
    if version is None:
        return {} if found is None else found
    if found is None:
        found = {}
        if session.get_bind().dialect.name == "postgresql":
            key = name_of_database(session), version
            with _door:
                found = _of_versions.get(key, found)
                keep(_of_versions, key, found, VERSIONS)
        session.info["of this version"] = found
    return found


def acts_not(session: Session) -> None:
    """Nothing that the session does is an act: what is youngest at its first question is not asked for again in it."""
    session.info["of this version"] = {}


_TABLES = ("journal", "calendar_versions", "units", "agencies", "cycles")
"""By name: the modules of these tables keep answers of their own here."""
_IDS = [select(func.max(table(name, column("id")).c.id)).scalar_subquery() for name in _TABLES]
_ACTS = table("journal", column("id"), column("at", Moment))
_NEWEST = select(select(_ACTS.c.at).where(_ACTS.c.id == _IDS[0]).scalar_subquery(), *_IDS)


def while_unchanged(session: Session, name: str, given: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to `ask` as long as not one row of the database has changed, for the session's territory alone.

    What every page asks first is asked once for all that come at the same time. The answer holds no row of a session.
    Without a version (a command, an act) it is asked each time.
    """
    version = session.info.get(VERSION)
    if version is None:
        return ask()
    key = (name_of_database(session), name, given, session.info.get("territory"))
    with _door:
        found = _unchanged.get(key)
    if found is None or found[0] != version:
        found = version, ask()
        with _door:
            keep(_unchanged, key, found, UNCHANGED)
    return found[1]


def keep(kept: OrderedDict[Hashable, Any], key: Hashable, found: Any, most: int) -> list[Hashable]:
    """Put it in as the youngest; of more than `most` the oldest go, whose keys are returned. Called with the lock."""
    kept[key] = found
    kept.move_to_end(key)
    return [kept.popitem(last=False)[0] for _ in range(len(kept) - most)]


def _known(key: Hashable, stamp: Hashable, lasting: bool) -> tuple[Hashable, float, Any] | None:
    with _door:
        found = _kept.get(key)
        if found is None or found[0] != stamp or not (lasting or monotonic() - found[1] <= SECONDS):
            return None
        _kept.move_to_end(key)
        return found


def _keep(key: Hashable, found: tuple[Hashable, float, Any]) -> None:
    with _door:
        for oldest in keep(_kept, key, found, KEPT):
            _asking.pop(oldest, None)

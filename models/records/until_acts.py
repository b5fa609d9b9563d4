"""What follows from the acts of a cycle is found once for each act, and not again for everybody who looks.

A cycle's journal is a chain: the digest of its last entry stands for all that was ever done in it. An answer that
follows from these acts (and from the units, agencies and calendars, to which rows are added and none is changed) is
kept under that digest, for the territory that it was made for. The next act ends it, and so does a backup that is put
back. What follows from anything else (a letter that went out, a contact) is not for this module.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import bindparam, column, select, table
from sqlalchemy.orm import Session

from models.law.regulation import Regulation
from models.law.resolve import CycleLaw
from models.records.base import Moment
from models.records.remembered import VERSION, keep, name_of_database, newest, of_this_version

P = ParamSpec("P")
Answer = TypeVar("Answer")

KEPT = 6000
"""The pages of a country: some seventy answers for each of its provinces."""
SECONDS = 900.0
"""Whatever happens underneath (`tcpl reproject`), nothing that was counted longer ago is shown."""
_kept: OrderedDict[Hashable, tuple[Hashable, float, tuple[Any]]] = OrderedDict()
_door = Lock()

_JOURNAL = table("journal", column("cycle_id"), column("number"), column("digest"), column("at", Moment))
_CYCLES = table("cycles", column("id"))


class Last(NamedTuple):
    """The last act of a cycle; null where there is none."""

    number: int | None
    digest: str | None
    at: datetime | None


def of_acts(ask: Callable[Concatenate[Session, Any, P], Answer]) -> Callable[Concatenate[Session, Any, P], Answer]:
    """`ask(session, of, ...)` follows from the acts of `of` (a cycle, its id, or several) and from its arguments.

    Nobody changes what it answers, and it holds no row of a session. A moment among the arguments is one as of which
    is asked: after the last act, every moment of a day is told the same. A law follows from the acts itself. Without
    a version of the database (a command, an act) it is asked each time.
    """

    @wraps(ask)
    def kept(session: Session, of: Any, *given: P.args, **named: P.kwargs) -> Answer:
        said = (ask, given, tuple(sorted(named.items())))
        return until_an_act(session, of, said, lambda: ask(session, of, *given, **named))

    return kept


def until_an_act(session: Session, of: Any, given: tuple[Any, ...], ask: Callable[[], Answer]) -> Answer:
    """The same for what is asked in place; `given` says which answer it is: a name, and all that it follows from."""
    if VERSION not in session.info:
        return ask()
    ids = _ids_of(of)
    acts = lasts(session, ids)
    last = max((act.at for act in acts.values() if act.at is not None), default=None)
    key, stamp = _Keys(session).place(ids, tuple(acts[one].digest for one in ids), _said(given, last))
    found = _find(key, stamp)
    if found is None:
        found = (ask(),)
        _put(key, stamp, found)
    return found[0]


def by_cycle(
    session: Session, ids: Sequence[int], given: tuple[Any, ...], ask: Callable[[list[int]], Mapping[int, Answer]]
) -> dict[int, Answer]:
    """The same for many cycles, by cycle id: those in which somebody has acted are asked for again, all at once."""
    if VERSION not in session.info:
        return dict(ask(list(ids)))
    acts, keys, said, dated = lasts(session, ids), _Keys(session), _said(given, None), _moments_in(given)
    places: dict[int, tuple[Hashable, Hashable]] = {}
    for one in ids:
        last = acts[one]
        past = last.at is not None and any(moment < last.at for moment in dated)
        places[one] = keys.place((one,), (last.digest,), _said(given, last.at) if past else said)
    found = {one: kept[0] for one, place in places.items() if (kept := _find(*place)) is not None}
    if missing := [one for one in ids if one not in found]:
        answers = ask(missing)
        for one in missing:
            found[one] = answers[one]
            _put(*places[one], (answers[one],))
    return {one: found[one] for one in ids}


class _Keys:
    """What is in each key and stamp of a session's answers."""

    def __init__(self, session: Session) -> None:
        rows = newest(session)
        self._of = name_of_database(session), session.info.get("territory")
        self._rows = rows.unit, rows.agency, rows.calendar

    def place(self, ids: tuple[int, ...], digests: tuple[str | None, ...], said: Any) -> tuple[Hashable, Hashable]:
        """Under which key the answer is kept, and which stamp it bears as long as it holds."""
        return (*self._of, ids, said), (*self._rows, *digests)


def _find(key: Hashable, stamp: Hashable) -> tuple[Any] | None:
    with _door:
        found = _kept.get(key)
        if found is None or found[0] != stamp or monotonic() - found[1] > SECONDS:
            return None
        _kept.move_to_end(key)
        return found[2]


def _put(key: Hashable, stamp: Hashable, answer: tuple[Any]) -> None:
    with _door:
        keep(_kept, key, (stamp, monotonic(), answer), KEPT)


def _ids_of(of: Any) -> tuple[int, ...]:
    several: Iterable[Any] = of if isinstance(of, Sequence | set | frozenset) else (of,)
    return tuple(one if isinstance(one, int) else one.id for one in several)


def _said(value: Any, last: datetime | None) -> Any:
    """An argument as a part of the key."""
    if isinstance(value, datetime):
        return value if last is not None and value < last else value.date()
    if isinstance(value, CycleLaw | Regulation):
        return None
    if isinstance(value, list | tuple):
        return tuple(_said(one, last) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return frozenset(value) if isinstance(value, set) else value  # pyright: ignore[reportUnknownArgumentType]


def _moments_in(value: Any) -> list[datetime]:
    if isinstance(value, list | tuple):
        return [found for one in value for found in _moments_in(one)]  # pyright: ignore[reportUnknownVariableType]
    return [value] if isinstance(value, datetime) else []


def lasts(session: Session, ids: Sequence[int]) -> Mapping[int, Last]:
    """The last act of each of these cycles; asked of the database once a version. They tell of no record."""
    known: dict[int, Last] = of_this_version(session).setdefault("last acts", {})
    if missing := [one for one in ids if one not in known]:
        for cycle_id, *last in session.connection().execute(_LAST, {"ids": missing}):
            known[cycle_id] = Last(*last)
    return {one: known.get(one, Last(None, None, None)) for one in ids}


def _newest(name: str) -> Any:
    of_cycle = select(_JOURNAL.c[name]).where(_JOURNAL.c.cycle_id == _CYCLES.c.id)
    return of_cycle.order_by(_JOURNAL.c.number.desc()).limit(1).scalar_subquery().label(name)


_LAST = select(_CYCLES.c.id, *(_newest(name) for name in Last._fields)).where(
    _CYCLES.c.id.in_(bindparam("ids", expanding=True))
)

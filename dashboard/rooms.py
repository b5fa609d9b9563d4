"""How many requests are worked on at once, of each kind; the others wait for their turn in the order they came.

Pages cost processor time: of several that are made at once all are late, each waits again for the interpreter after
every row it reads and holds a connection to the database. One after the other, nobody waits longer and most wait less
(measured, twenty at once: a third less for the dearest pages than with two). What takes longer than a page (a workbook,
the page that asks Prefect) and what waits for somebody else (a password's turn, the office's own sign-in) have rooms of
their own, so that pages go on.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar


class Room(NamedTuple):
    name: str
    places: int


READING, LONGER, WAITING = Room("reading", 1), Room("longer", 1), Room("waiting", 30)
_limiters: RunVar[dict[str, CapacityLimiter]] = RunVar("rooms")


async def in_room(room: Room, work: Callable[..., Any], *given: Any) -> Any:
    """The work done in a thread of its own, once there is a place."""
    return await to_thread.run_sync(work, *given, limiter=_limiter(room))


def full(room: Room) -> bool:
    """Whether somebody waits for a place."""
    return _limiter(room).statistics().tasks_waiting > 0


def _limiter(room: Room) -> CapacityLimiter:
    try:
        limiters = _limiters.get()
    except LookupError:
        limiters = {}
        _limiters.set(limiters)
    if room.name not in limiters:
        limiters[room.name] = CapacityLimiter(room.places)
    return limiters[room.name]

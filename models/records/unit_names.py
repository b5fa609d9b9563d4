"""The names of units as people type them, without marks and spaces: read once, and again when there are more units.

A unit's row is never changed: what is renamed, corrected or ends is told by other rows (`unit_queries.add_units`). So
the list of a country, which no index of either database could search ("ca mau" is in "Cà Mau"), stays right until then.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.prepared import prepared
from models.records.remembered import keep, name_of_database, newest
from models.records.units import Unit


class Spelt(NamedTuple):
    """A unit with its name as it is typed (`plain`) and as it is written."""

    plain: str
    name: str
    id: int
    code: str
    level: str
    valid_from: date
    valid_to: date | None

    def lasts(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


MOST_TERRITORIES = 100
_lists: OrderedDict[Hashable, Any] = OrderedDict()
_door = Lock()


def plain(name: str) -> str:
    """Without case, marks and spaces: people type "ca mau" or "camau"."""
    parts = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign) and not sign.isspace())


def spelt(session: Session) -> Sequence[Spelt]:
    """Every unit that the session may see, of all times, by code."""
    key = (name_of_database(session), session.info.get("territory"))
    state = newest(session).unit
    with _door:
        found = _lists.get(key)
    if found is None or found[0] != state:
        found = state, [Spelt(plain(row.name), *row) for row in session.execute(*_rows())]
        with _door:
            keep(_lists, key, found, MOST_TERRITORIES)
    return found[1]


@prepared
def _rows():
    columns = (Unit.name, Unit.id, Unit.code, Unit.level, Unit.valid_from, Unit.valid_to)
    return select(*columns).order_by(Unit.code, Unit.valid_from)

"""Which units bore a dossier in a cycle: the one it belongs to, and those from which mergers carried it on.

A journal line says whose file it was on its day and is never rewritten, so whoever reads a file's history asks here.
"""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.journal import Line
from models.records.prepared import prepared


def bearers(session: Session, cycle_id: int, unit_id: int) -> list[int]:
    """The unit and its predecessors in this file, the present one first; a file that was closed is not among them."""
    mergers = session.execute(*_mergers(cycle_id)).tuples()
    from_whom = {int(key.rpartition("/")[2]): old for old, key, text in mergers if _carried(text)}
    found = [unit_id]
    while (older := from_whom.get(found[-1])) is not None and older not in found:
        found.append(older)
    return found


@prepared
def _mergers(cycle_id: int):
    return (
        select(Line.unit_id, Line.key, Line.text)
        .where(Line.cycle_id == cycle_id, Line.key >= "merge/", Line.key < "merge0")
        .order_by(Line.key)
    )


def _carried(text: str) -> bool:
    return json.loads(text).get("dossier") == "carried"

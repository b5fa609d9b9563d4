"""The journal held against itself: every chain walked from its first entry, and the digests that anchors ask for."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.canonical import digest_of
from models.records.journal import BATCH, Entry, Line


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold: the cycle, the entry's number, and what is wrong with it."""

    cycle_id: int
    number: int
    why: str


def digests(session: Session, entries: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The digests of these (cycle, number); an entry that is not there is absent."""
    found: dict[tuple[int, int], str] = {}
    for cycle_id, number in entries:
        digest = session.scalar(select(Entry.digest).where(Entry.cycle_id == cycle_id, Entry.number == number))
        if digest is not None:
            found[cycle_id, number] = digest
    return found


def verify(session: Session) -> tuple[int, Break | None]:
    """Walk every chain from its first entry: (entries read, the first break or None)."""
    read, cycle_id, number, before = 0, -1, 0, ""
    for entry in session.scalars(
        select(Entry).order_by(Entry.cycle_id, Entry.number).execution_options(yield_per=BATCH)
    ):
        if entry.cycle_id != cycle_id:
            cycle_id, number, before = entry.cycle_id, 0, ""
        number, read = number + 1, read + 1
        why = _fault_in(session, entry, number, before)
        if why:
            return read, Break(cycle_id, number, why)
        before = entry.digest
    return read, None


def _fault_in(session: Session, entry: Entry, number: int, before: str) -> str | None:
    header = json.loads(entry.text)
    texts = list(session.scalars(select(Line.text).where(Line.entry_id == entry.id).order_by(Line.number)))
    columns = (entry.number, entry.cycle_id, entry.act, entry.key, entry.by)
    if entry.number != number:
        return f"entry {number} is missing"
    if digest_of(entry.text) != entry.digest:
        return "the entry's text does not have the digest that was recorded"
    if header["previous"] != before:
        return "the entry does not follow the one before it"
    if len(texts) != header["count"] or digest_of("\n".join(texts)) != header["lines"]:
        return "the entry's lines are not those that were recorded"
    if columns != tuple(header[name] for name in ("number", "cycle", "act", "key", "by")):
        return "the entry's columns do not say what its text says"
    return None

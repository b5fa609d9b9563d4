"""The journal: what was done, by whom, when, on what ground. Append-only, chained per cycle, kept as the text hashed.

One entry per act, one line per dossier (or other subject) that the act touched. An entry's digest covers the entry
before it and all its lines. The database refuses updates and deletes (triggers in the migration); the last digest is
anchored outside the database (`tasks.anchors`), so that a cut tail is noticed too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.base import Moment, Table
from models.records.bulk import insert_rows, next_numbers
from models.records.canonical import canonical, digest_of
from models.records.cycles import Cycle
from models.records.prepared import prepared
from models.words import Words

BATCH = 500


class Entry(Table):
    """One act. `key` makes it unrepeatable; `text` is the exact text whose SHA-256 is `digest`."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("cycle_id", "number"), UniqueConstraint("cycle_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    act: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class Line(Table):
    """What an act did to one subject; `key` is unique in the cycle, so that nothing is done to it twice."""

    __tablename__ = "journal_lines"
    __table_args__ = (UniqueConstraint("cycle_id", "key"), Index(None, "unit_id", "cycle_id"))

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    key: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Signed:
    """Who does it, at which moment, on which ground, by which document where the law asks for one."""

    by: str
    at: datetime
    ground: str
    document: str | None = None

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise Refusal(
                "nobody_named",
                Words("Chưa ghi ai thực hiện.", "Nobody is named who does it."),
                Words("Sổ nhật ký ghi người thực hiện của mỗi việc.", "The journal names a person for every act."),
                Words("Ghi họ tên, chức vụ ở --by.", "Name the person with --by."),
            )

    @property
    def day(self) -> date:
        """The day in the zone of `at`: the caller gives the moment in the office's own zone."""
        return self.at.date()


class Touched(NamedTuple):
    """One line: the subject, a key that is unique in the cycle, what changed."""

    unit_id: int
    key: str
    change: Mapping[str, Any] = MappingProxyType({})


def lock(session: Session, cycle_id: int) -> Cycle:
    """Take the cycle for this transaction: acts on one cycle follow one another, and so does its chain.

    On SQLite the writing transaction holds the whole database already; the row lock serves PostgreSQL.
    """
    return session.execute(*_held(cycle_id)).scalar_one()


@prepared
def _held(cycle_id: int):
    return select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)


def unseen(session: Session, cycle_id: int, keys: Iterable[str]) -> set[str]:
    """Those of the keys under which nothing was done yet in this cycle."""
    wanted = set(keys)
    ordered = sorted(wanted)
    for start in range(0, len(ordered), BATCH):
        chunk = ordered[start : start + BATCH]
        wanted.difference_update(session.scalars(*_seen(cycle_id, chunk)))
    return wanted


@prepared
def _seen(cycle_id: int, keys: Sequence[str]):
    return select(Line.key).where(Line.cycle_id == cycle_id, Line.key.in_(keys))


def is_done(session: Session, cycle_id: int, key: str) -> bool:
    """Whether an act with this key stands in the cycle's journal."""
    return session.scalar(*_done(cycle_id, key)) is not None


@prepared
def _done(cycle_id: int, key: str):
    return select(Entry.id).where(Entry.cycle_id == cycle_id, Entry.key == key)


class Written(NamedTuple):
    """An act as the journal takes it: its name, its key, the lines of what it touched."""

    act: str
    key: str
    lines: Sequence[Touched]


def write(session: Session, cycle_id: int, act: str, key: str, signed: Signed, lines: Sequence[Touched]) -> int:
    """Append one act with its lines; returns its number in the cycle. The caller holds the cycle (`lock`)."""
    return write_all(session, cycle_id, signed, [Written(act, key, lines)])


def write_all(session: Session, cycle_id: int, signed: Signed, acts: Sequence[Written]) -> int:
    """Append acts in their order, an entry for each; returns the last one's number. The caller holds the cycle."""
    previous = session.execute(*_last(cycle_id)).one_or_none()
    number, before = previous or (0, "")
    entries, lines = [], []
    for entry_id, act in zip(next_numbers(session, Entry, len(acts)), acts, strict=True):
        number += 1
        texts = [canonical({"unit": line.unit_id, "key": line.key, **line.change}) for line in act.lines]
        text = canonical(_header(cycle_id, number, before, act, signed, texts))
        before = digest_of(text)
        entries.append((entry_id, cycle_id, number, act.key, act.act, signed.at, signed.by, text, before))
        lines += [
            (entry_id, place, cycle_id, line.unit_id, line.key, line_text)
            for place, (line, line_text) in enumerate(zip(act.lines, texts, strict=True), start=1)
        ]
    insert_rows(session, Entry, _ENTRY, entries)
    insert_rows(session, Line, _LINE, lines)
    return number


def _header(
    cycle_id: int, number: int, before: str, act: Written, signed: Signed, texts: Sequence[str]
) -> dict[str, object]:
    return {
        "number": number,
        "cycle": cycle_id,
        "act": act.act,
        "key": act.key,
        "at": signed.at,
        "by": signed.by,
        "ground": signed.ground,
        "document": signed.document,
        "lines": digest_of("\n".join(texts)),
        "count": len(texts),
        "previous": before,
    }


@prepared
def _last(cycle_id: int):
    return select(Entry.number, Entry.digest).where(Entry.cycle_id == cycle_id).order_by(Entry.number.desc()).limit(1)


_ENTRY = ("id", "cycle_id", "number", "key", "act", "at", "by", "text", "digest")
_LINE = ("entry_id", "number", "cycle_id", "unit_id", "key", "text")


def since(session: Session, cycle_id: int, number: int, acts: Iterable[str], most: int) -> Sequence[tuple[Entry, Line]]:
    """The lines of these acts in the entries after `number`, at most `most` entries of them, in their order."""
    wanted = (
        select(Entry.id)
        .where(Entry.cycle_id == cycle_id, Entry.number > number, Entry.act.in_(list(acts)))
        .order_by(Entry.number)
        .limit(most)
    )
    rows = session.execute(
        select(Entry, Line)
        .join(Line, Line.entry_id == Entry.id)
        .where(Entry.id.in_(wanted))
        .order_by(Entry.number, Line.number)
    )
    return rows.tuples().all()


def heads(session: Session) -> dict[int, tuple[int, str]]:
    """The last number and digest of every cycle."""
    rows = session.execute(*_heads())
    return {cycle_id: (number, digest) for cycle_id, number, digest in rows if number is not None}


@prepared
def _heads():
    """Two looks into an index for each cycle: it is asked after every act, and the journals of all years grow."""

    def newest(column: Any) -> Any:
        of_cycle = select(column).where(Entry.cycle_id == Cycle.id).correlate(Cycle)
        return of_cycle.order_by(Entry.number.desc()).limit(1).scalar_subquery()

    return select(Cycle.id, newest(Entry.number), newest(Entry.digest)).order_by(Cycle.id)

"""Who gets which letter: a notice goes in one letter to each recipient; a digest gathers a recipient's notices."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.reminders import NO_HABITS, Habits, sending_moment
from models.records.base import Moment, Table, forget
from models.records.bulk import insert_numbered, insert_rows
from models.records.contacts import Contact, reached
from models.records.dossiers import batched
from models.records.notices import Kind, Notice, NoticeState
from models.records.prepared import prepared

MOST = 2000
"""How many notices are addressed in one transaction."""

NOT_IN_A_DIGEST = (Kind.SUPPLEMENT_REQUESTED,)
"""What never waits for the digest's hour: the three working days to answer run already."""


class Letter(Table):
    """One message to one recipient, with one notice in it or, for a digest, several.

    `recipient` is "channel:address", or "agency:ID" where nobody answers for an agency: then it goes to the office's
    own channel. `name`, `channel`, `address`, `language` are those of the day it was made: proof outlives contacts.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_queue", "state", "id", "not_before"), Index(None, "recipient", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(300))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(250))
    language: Mapped[str] = mapped_column(String(2))
    digest: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(12))
    not_before: Mapped[datetime] = mapped_column(Moment)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class LetterNotice(Table):
    """Which notices a letter carries. A notice goes to a recipient once: the database itself holds it."""

    __tablename__ = "letter_notices"
    __table_args__ = (UniqueConstraint("notice_id", "recipient"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(300))


@dataclass(frozen=True)
class Office:
    """What is the office's own: the channel for those whom nobody answers for, its language, its calendar."""

    channel: str
    language: str
    works: Callable[[int | None, date], bool]
    """Whether a day is a working day in the calendar of a cycle (by its id)."""


@dataclass(frozen=True)
class _Reach:
    recipient: str
    name: str
    channel: str
    address: str
    language: str
    habits: Habits
    gathers: bool
    """Whether what goes out to it at one moment is one letter."""


def one_at_a_time(session: Session) -> None:
    """Addressing and claiming follow one another. On SQLite the writing transaction holds the database already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7425)"))


def address(session: Session, at: datetime, office: Office) -> int:
    """Make letters of the notices that wait; returns how many notices. `at` in the offices' zone.

    A letter waits for its recipient's hours, and for a working day unless its deadline is nearer than that.
    """
    one_at_a_time(session)
    waiting = [_Waits(*row) for row in session.execute(_waiting(at)).tuples()]
    if not waiting:
        return 0
    people = reached(session, {notice.agency_id for notice in waiting if notice.agency_id}, at.date())
    reaches = {one: _reaches(people.get(one, ()), one, office) for one in {notice.agency_id or 0 for notice in waiting}}
    gathering = {reach.recipient for all_ in reaches.values() for reach in all_ if reach.gathers}
    digests, moments = _open_digests(session, gathering), _Moments(at, office)
    letters: list[dict[str, Any]] = []
    carried: list[tuple[dict[str, Any], int, str]] = []
    for notice in waiting:
        for reach in reaches[notice.agency_id or 0]:
            in_digest = reach.gathers and notice.kind not in NOT_IN_A_DIGEST
            letter = _letter(notice, reach, moments, in_digest)
            known = digests.get(reach.recipient) if in_digest else None
            if known is not None and known["not_before"] <= letter["not_before"]:
                letter = known
            else:
                letters.append(letter)
                if in_digest:
                    digests[reach.recipient] = letter
            carried.append((letter, notice.id, reach.recipient))
    _write(session, letters, carried)
    for chunk in batched([notice.id for notice in waiting]):
        session.execute(
            update(Notice)
            .where(Notice.id.in_(chunk))
            .values(addressed_at=at)
            .execution_options(synchronize_session=False)
        )
    forget(session, Notice)
    return len(waiting)


class _Waits(NamedTuple):
    """What of a notice decides its letters: not the rest of the row, for there may be a quarter of a million."""

    id: int
    agency_id: int | None
    cycle_id: int | None
    kind: str
    due_day: date | None


def _waiting(at: datetime) -> Select[tuple[int, int | None, int | None, str, date | None]]:
    return (
        select(Notice.id, Notice.agency_id, Notice.cycle_id, Notice.kind, Notice.due_day)
        .where(
            Notice.state == NoticeState.QUEUED,
            Notice.addressed_at.is_(None),
            Notice.not_before <= at,
            Notice.agency_id.is_not(None),
        )
        .order_by(Notice.id)
        .limit(MOST)
    )


def _open_digests(session: Session, recipients: Collection[str]) -> dict[str, dict[str, Any]]:
    """The digest that each recipient still waits for, the next one: whatever may wait so long is added to it."""
    found: dict[str, dict[str, Any]] = {}
    for chunk in batched(sorted(recipients)):
        for recipient, letter_id, not_before in session.execute(*_waited_for(chunk)):
            found[recipient] = {"id": letter_id, "not_before": not_before}
    return found


@prepared
def _waited_for(recipients: Collection[str]):
    return (
        select(Letter.recipient, Letter.id, Letter.not_before)
        .where(
            Letter.recipient.in_(recipients),
            Letter.state == NoticeState.QUEUED,
            Letter.digest,
            Letter.attempts == 0,
        )
        .order_by(Letter.not_before.desc())
    )


def _reaches(contacts: Sequence[Contact], agency_id: int, office: Office) -> Collection[_Reach]:
    """One for each recipient, though a person be listed twice.

    For an agency that nobody answers for, the office gets one letter whatever is to be said to it at one moment: it is
    the office that has to carry it there.
    """
    found = {
        f"{one.channel}:{one.address}": _Reach(
            f"{one.channel}:{one.address}",
            one.name,
            one.channel,
            one.address,
            one.language or office.language,
            one.habits,
            gathers=one.habits.digest_at is not None,
        )
        for one in contacts
    }
    nobody = _Reach(f"agency:{agency_id}", "", office.channel, "", office.language, NO_HABITS, gathers=True)
    return found.values() or [nobody]


@dataclass
class _Moments:
    """When letters go out: the same for all that have the same day, hours and calendar."""

    at: datetime
    office: Office
    known: dict[tuple[int | None, date | None, Habits], datetime] = field(default_factory=dict)
    made_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.made_at = self.at.astimezone(UTC)  # once, not for every row of thousands

    def of(self, notice: _Waits, habits: Habits) -> datetime:
        key = (notice.cycle_id, notice.due_day, habits)
        if key not in self.known:
            works = self.office.works
            found = sending_moment(self.at, notice.due_day, habits, lambda day: works(notice.cycle_id, day))
            self.known[key] = found.astimezone(UTC)
        return self.known[key]


def _letter(notice: _Waits, reach: _Reach, moments: _Moments, in_digest: bool) -> dict[str, Any]:
    habits = reach.habits if in_digest or reach.habits is NO_HABITS else reach.habits.without_digest()
    return {
        "recipient": reach.recipient,
        "agency_id": notice.agency_id,
        "name": reach.name,
        "channel": reach.channel,
        "address": reach.address,
        "language": reach.language,
        "digest": in_digest,
        "made_at": moments.made_at,
        "state": str(NoticeState.QUEUED),
        "not_before": moments.of(notice, habits),
        "attempts": 0,
    }


def _write(
    session: Session, letters: Sequence[dict[str, Any]], carried: Sequence[tuple[dict[str, Any], int, str]]
) -> None:
    for letter, letter_id in zip(letters, insert_numbered(session, Letter, letters), strict=True):
        letter["id"] = letter_id
    rows = ((letter["id"], notice, to) for letter, notice, to in carried)
    insert_rows(session, LetterNotice, ("letter_id", "notice_id", "recipient"), rows)

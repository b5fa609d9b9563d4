"""The facts that letters speak of: their notices with subject and deadline, who was told before, whom to ask."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models.law.regulation import Actor
from models.records.contacts import reached
from models.records.cycles import Agency, Cycle, cycles_of
from models.records.deadlines import Deadline
from models.records.dossiers import batched
from models.records.notices import Kind, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice
from models.records.prepared import prepared
from models.records.units import Unit


class SaidLetter(NamedTuple):
    """What of a letter its text shows: not the whole row, for a country's year has a quarter of a million."""

    id: int
    recipient: str
    name: str
    channel: str
    address: str
    language: str
    made_at: datetime


class SaidNotice(NamedTuple):
    """What of a notice a letter says."""

    id: int
    key: str
    cycle_id: int | None
    unit_id: int | None
    agency_id: int | None
    kind: str
    stage: str | None
    step: str | None
    occasion: str
    due_day: date | None
    said: str | None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        return cls(*(getattr(notice, name) for name in cls._fields))


class SaidDeadline(NamedTuple):
    """What of a deadline a letter says."""

    starts_on: date | None
    last_day: date | None
    last_working_day: date | None
    local_last_day: date | None
    due_day: date | None
    done_on: date | None

    @classmethod
    def of(cls, deadline: Deadline) -> Self:
        return cls(*(getattr(deadline, name) for name in cls._fields))


class Spoken(NamedTuple):
    """One notice with what it speaks of: the agency's and the subject's names, the cycle, the deadline."""

    notice: SaidNotice
    agency: str
    unit: str
    cycle: Cycle | None
    deadline: SaidDeadline | None


def spoken_of(
    session: Session, letter_ids: Sequence[int], cycles: dict[int, Cycle]
) -> list[tuple[SaidLetter, list[Spoken]]]:
    """The letters in the order of their ids, each with the notices in it that were not withdrawn.

    `cycles`: those that are known, by their ids; what the letters speak of beside them is added.
    """
    letters: dict[int, tuple[SaidLetter, list[Spoken]]] = {}
    for chunk in batched(letter_ids):
        for row in session.execute(*_letters(chunk)):
            letters[row[0]] = (SaidLetter(*row), [])
        # asked here and not there: SQLite would begin with all that is queued, for each few letters anew
        rows = [row for row in session.execute(*_notices(chunk)) if row[1] == NoticeState.QUEUED]
        new = {cycle_id for row in rows if (cycle_id := row[_CYCLE]) is not None} - cycles.keys()
        if new:
            cycles |= {cycle.id: cycle for cycle in cycles_of(session, new)}
        for letter_id, _, agency, unit, known_on, *facts in rows:
            notice, deadline = SaidNotice(*facts[:_OF_NOTICE]), SaidDeadline(*facts[_OF_NOTICE:])
            cycle = None if notice.cycle_id is None else cycles[notice.cycle_id]
            letters[letter_id][1].append(Spoken(notice, agency, unit or "", cycle, deadline if known_on else None))
    return list(letters.values())


_OF_NOTICE = len(SaidNotice._fields)
_CYCLE = 5 + SaidNotice._fields.index("cycle_id")


@prepared
def _letters(letter_ids: Collection[int]):
    columns: Any = [getattr(Letter, name) for name in SaidLetter._fields]
    return select(*columns).where(Letter.id.in_(letter_ids)).order_by(Letter.id)


@prepared
def _notices(letter_ids: Collection[int]):
    columns: Any = [LetterNotice.letter_id, Notice.state, Agency.name, Unit.name, Deadline.known_on]
    columns += [getattr(Notice, name) for name in SaidNotice._fields]
    columns += [getattr(Deadline, name) for name in SaidDeadline._fields]
    return (
        select(*columns)
        .join(Notice, Notice.id == LetterNotice.notice_id)
        .join(Agency, Agency.id == Notice.agency_id)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Deadline, _the_deadline())
        .where(LetterNotice.letter_id.in_(letter_ids))
        .order_by(Notice.id)
    )


def _the_deadline():
    return and_(
        Deadline.cycle_id == Notice.cycle_id,
        Deadline.unit_id == Notice.unit_id,
        Deadline.step == Notice.step,
        Deadline.occasion == Notice.occasion,
    )


def told_before(
    session: Session, notices: Sequence[SaidNotice], before: datetime | None = None
) -> dict[int, list[tuple[str, int, date]]]:
    """For each escalation: who was told of this deadline's lateness before, how often, and on which day last.

    `before`: when the delivery began that sends these. What it sends itself is told at the same time and not before:
    else a letter's text would depend on which batch, and which sender, it falls to.
    """
    earlier = [Notice.sent_at < before] if before else [Notice.sent_at.is_not(None)]
    escalated = [notice for notice in notices if notice.kind == Kind.ESCALATION]
    by_deadline: dict[tuple[object, ...], list[tuple[str, int, date]]] = {}
    columns = (Notice.cycle_id, Notice.unit_id, Notice.step, Notice.occasion, Notice.due_day)
    for chunk in batched(sorted({notice.unit_id for notice in escalated if notice.unit_id})):
        rows = session.execute(
            select(*columns, Agency.name, func.count(), func.max(Notice.sent_at))
            .join(Agency, Agency.id == Notice.agency_id)
            .where(
                Notice.unit_id.in_(chunk),
                Notice.kind.in_([str(Kind.OVERDUE), str(Kind.ESCALATION)]),
                *earlier,
            )
            .group_by(*columns, Agency.name)
            .order_by(func.min(Notice.id))
        )
        for *deadline, name, times, last in rows.tuples():
            by_deadline.setdefault(tuple(deadline), []).append((name, times, last.date() if last else date.min))
    keys = {one.id: (one.cycle_id, one.unit_id, one.step, one.occasion, one.due_day) for one in escalated}
    return {notice_id: by_deadline[key] for notice_id, key in keys.items() if key in by_deadline}


def whom_to_ask(session: Session, agency_ids: Collection[int | None], day: date) -> dict[int, str]:
    """For each agency the justice office above it, and who answers there; the highest office has none above it."""
    found: dict[int, tuple[int, str]] = {}
    for chunk in batched(sorted({one for one in agency_ids if one})):
        found |= {agency: (office, name) for agency, office, name in session.execute(*_offices_above(chunk))}
    people = reached(session, {office for office, _ in found.values()}, day)
    asked = {(office, name): _asked(name, people.get(office, [])) for office, name in set(found.values())}
    return {agency: asked[office] for agency, office in found.items()}


_JUSTICE = (str(Actor.DISTRICT_JUSTICE), str(Actor.PROVINCE_JUSTICE))


@prepared
def _offices_above(agency_ids: Collection[int]):
    above, unit, parent = aliased(Agency), aliased(Unit), aliased(Unit)
    return (
        select(Agency.id, above.id, above.name)
        .join(unit, unit.id == Agency.unit_id)
        .join(parent, parent.id == unit.parent_id)
        .join(above, and_(above.unit_id == parent.id, above.actor.in_(_JUSTICE)))
        .where(Agency.id.in_(agency_ids))
    )


def _asked(office: str, people: Sequence) -> str:
    if not people:
        return office
    first = people[0]
    return f"{first.name}, {office} ({first.address})" if first.address else f"{first.name}, {office}"

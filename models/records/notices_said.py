"""The facts that letters speak of: their notices with subject and deadline, who was told before, whom to ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models.law.regulation import Actor
from models.records.contacts import reached
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import batched
from models.records.notices import Kind, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice
from models.records.units import Unit


@dataclass(frozen=True)
class Spoken:
    """One notice with what it speaks of: the agency's and the subject's names, the cycle, the deadline."""

    notice: Notice
    agency: str
    unit: str
    cycle: Cycle | None
    deadline: Deadline | None


def spoken_of(session: Session, letter_ids: Sequence[int]) -> list[tuple[Letter, list[Spoken]]]:
    """The letters in the order of their ids, each with the notices in it that were not withdrawn."""
    letters: dict[int, tuple[Letter, list[Spoken]]] = {}
    for chunk in batched(letter_ids):
        for letter in session.scalars(select(Letter).where(Letter.id.in_(chunk)).order_by(Letter.id)):
            letters[letter.id] = (letter, [])
        rows = session.execute(
            select(LetterNotice.letter_id, Notice, Agency.name, Unit.name, Cycle, Deadline)
            .join(Notice, Notice.id == LetterNotice.notice_id)
            .join(Agency, Agency.id == Notice.agency_id)
            .outerjoin(Unit, Unit.id == Notice.unit_id)
            .outerjoin(Cycle, Cycle.id == Notice.cycle_id)
            .outerjoin(Deadline, _the_deadline())
            .where(LetterNotice.letter_id.in_(chunk))
            .order_by(Notice.id)
        )
        for letter_id, notice, agency, unit, cycle, deadline in rows.tuples():
            # asked here and not there: SQLite would begin with all that is queued, for each few letters anew
            if notice.state == NoticeState.QUEUED:
                letters[letter_id][1].append(Spoken(notice, agency, unit or "", cycle, deadline))
    return list(letters.values())


def _the_deadline():
    return and_(
        Deadline.cycle_id == Notice.cycle_id,
        Deadline.unit_id == Notice.unit_id,
        Deadline.step == Notice.step,
        Deadline.occasion == Notice.occasion,
    )


def told_before(session: Session, notices: Sequence[Notice]) -> dict[int, list[tuple[str, int, date]]]:
    """For each escalation: who was told of this deadline's lateness before, how often, and on which day last."""
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
                Notice.sent_at.is_not(None),
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
    above, unit, parent = aliased(Agency), aliased(Unit), aliased(Unit)
    found: dict[int, tuple[int, str]] = {}
    for chunk in batched(sorted({one for one in agency_ids if one})):
        rows = session.execute(
            select(Agency.id, above.id, above.name)
            .join(unit, unit.id == Agency.unit_id)
            .join(parent, parent.id == unit.parent_id)
            .join(above, and_(above.unit_id == parent.id, above.actor.in_(_JUSTICE)))
            .where(Agency.id.in_(chunk))
        )
        found |= {agency: (office, name) for agency, office, name in rows.tuples()}
    people = reached(session, {office for office, _ in found.values()}, day)
    return {agency: _asked(name, people.get(office, [])) for agency, (office, name) in found.items()}


_JUSTICE = (str(Actor.DISTRICT_JUSTICE), str(Actor.PROVINCE_JUSTICE))


def _asked(office: str, people: Sequence) -> str:
    if not people:
        return office
    first = people[0]
    return f"{first.name}, {office} ({first.address})" if first.address else f"{first.name}, {office}"

"""Who is reached for an agency, how, and when: people with a channel, a language, quiet hours, a digest, deputies.

An address is an e-mail address, a telephone number, or whatever the channel takes the place of `{to}` with; the
channel's own address, which holds secrets, stands in the settings and never here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    String,
    Time,
    UniqueConstraint,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.agencies import agency_name
from models.cycle.reminders import Habits
from models.law.regulation import Actor
from models.records.base import Table
from models.records.cycles import Agency, Cycle
from models.records.dossiers import BATCH, Dossier, batched
from models.records.in_charge import Charge, in_charge, plain_name
from models.records.prepared import prepared
from models.records.unit_queries import in_force
from models.records.units import Unit
from models.records.upserts import insert_new


class Contact(Table):
    """One person (or desk) on one channel. `deputy_of`: the name of the colleague for whom it stands in while absent.

    `digest_at`: the hour of the one daily message; null: each notice by itself. Quiet hours run from `quiet_from` to
    `quiet_to`, over midnight too. Days are inclusive.
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("agency_id", "name", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(250))
    language: Mapped[str | None] = mapped_column(String(2))
    digest_at: Mapped[time | None] = mapped_column(Time)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    deputy_of: Mapped[str | None] = mapped_column(String(200))
    absent_from: Mapped[date | None] = mapped_column(Date)
    absent_to: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    @property
    def habits(self) -> Habits:
        return Habits(self.digest_at, self.quiet_from, self.quiet_to)


@dataclass(frozen=True)
class Entered:
    """A contact as it is typed: the unit by its code, the agency by its actor."""

    unit_code: str
    actor: Actor
    name: str
    channel: str
    address: str
    role: str = ""
    language: str | None = None
    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    deputy_of: str | None = None
    absent_from: date | None = None
    absent_to: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None


FEW = 3
"""Of more offices than these batches the whole table is read: a country's, not a province's."""


def reached(session: Session, agency_ids: Collection[int], day: date) -> dict[int, list[Contact]]:
    """Who is reached for each of these agencies on a day; an agency that nobody answers for is absent.

    Where an agency has focal points, the person in charge on that day is (`_following`).
    """
    found: dict[int, list[Contact]] = {}
    for chunk in batched(sorted(agency_ids)):
        for contact in session.scalars(*_contacts(chunk, day)):
            found.setdefault(contact.agency_id, []).append(contact)
    charges = in_charge(session, found, day)
    return {agency: people for agency, all_ in found.items() if (people := _following(all_, charges.get(agency), day))}


def reached_ids(session: Session, agency_ids: Collection[int], day: date) -> set[int]:
    """For which of these agencies somebody is reached on a day. Where one is entered who stands in for nobody, one is:
    if not he himself, who is in charge or stands in. Of a country few are left to be looked at one by one.
    """
    wanted = set(agency_ids)
    some = list(batched(sorted(wanted))) if len(wanted) <= FEW * BATCH else [None]
    found = [one for ids in some for one in session.execute(*_with_contacts(ids, day)).tuples() if one[0] in wanted]
    sure = {agency_id for agency_id, principals in found if principals}
    return sure | reached(session, [agency_id for agency_id, principals in found if not principals], day).keys()


@prepared
def _with_contacts(agency_ids: Collection[int] | None, day: date):
    """The agencies, null: all, that have a contact on the day, and how many of them stand in for nobody."""
    principals = func.count(case((Contact.deputy_of.is_(None), 1)))
    query = select(Contact.agency_id, principals).where(*_valid(day)).group_by(Contact.agency_id)
    return query if agency_ids is None else query.where(Contact.agency_id.in_(agency_ids))


@prepared
def _contacts(agency_ids: Collection[int], day: date):
    return select(Contact).where(Contact.agency_id.in_(agency_ids), *_valid(day)).order_by(Contact.id)


def _following(contacts: Sequence[Contact], charge: Charge | None, day: date) -> list[Contact]:
    """The responsible person, else the deputy, and those who never were either: a desk, a colleague who is told too.

    Where neither of the two has a channel, the others are written to as if there were no focal points: nothing is lost.
    """
    if charge is None:
        return _present(contacts, day)
    others = [one for one in _present(contacts, day) if plain_name(one.name) not in charge.ever]
    for person in (charge.responsible, charge.deputy):
        theirs = [one for one in contacts if plain_name(one.name) == person and not _absent(one, day)]
        if theirs:
            return [*theirs, *others]
    return others or _present(contacts, day)


def _valid(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        or_(Contact.valid_from.is_(None), Contact.valid_from <= day),
        or_(Contact.valid_to.is_(None), Contact.valid_to >= day),
    )


def _present(contacts: Sequence[Contact], day: date) -> list[Contact]:
    """The principals that are there, and the deputies of those that are not; nobody is left out without a deputy."""
    principals = [one for one in contacts if one.deputy_of is None]
    deputies = [one for one in contacts if one.deputy_of is not None and not _absent(one, day)]
    there = [one for one in principals if not _absent(one, day)]
    for away in (one for one in principals if _absent(one, day)):
        standing_in = [one for one in deputies if one.deputy_of == away.name]
        there += standing_in or ([] if there else [away])
    return list(dict.fromkeys(there))


def _absent(contact: Contact, day: date) -> bool:
    if contact.absent_from is None and contact.absent_to is None:
        return False
    return (contact.absent_from or date.min) <= day <= (contact.absent_to or date.max)


def unreached(session: Session, wanted: Collection[tuple[Unit, Actor]], day: date) -> list[tuple[Unit, Actor]]:
    """Those of these offices for which nobody is reached on a day, in the order of the codes."""
    ids: dict[tuple[int, str], int] = {}
    for chunk in batched(sorted({unit.id for unit, _ in wanted})):
        query = select(Agency.unit_id, Agency.actor, Agency.id).where(Agency.unit_id.in_(chunk))
        ids |= {(unit_id, actor): agency_id for unit_id, actor, agency_id in session.execute(query).tuples()}
    people = reached_ids(session, ids.values(), day)
    missing = [(unit, actor) for unit, actor in wanted if ids.get((unit.id, str(actor))) not in people]
    return sorted(missing, key=lambda one: (one[0].code, one[1]))


def count_units_unreached(session: Session, cycle_ids: Sequence[int], day: date) -> dict[int, int]:
    """How many units of each of these cycles have no office that anybody is reached for on a day: one statement."""
    found = dict(session.execute(*_unreached(cycle_ids, day)).tuples().all())
    return {cycle_id: found.get(cycle_id, 0) for cycle_id in cycle_ids}


@prepared
def _unreached(cycle_ids: Sequence[int], day: date):
    of_cycle = union(
        select(Dossier.cycle_id, Dossier.unit_id).where(Dossier.cycle_id.in_(cycle_ids)),
        select(Dossier.cycle_id, Dossier.district_id).where(
            Dossier.cycle_id.in_(cycle_ids), Dossier.district_id.is_not(None)
        ),
        select(Cycle.id, Cycle.province_id).where(Cycle.id.in_(cycle_ids)),
    ).subquery()
    somebody = (
        exists()
        .where(Agency.unit_id == Unit.id, Contact.agency_id == Agency.id, Contact.deputy_of.is_(None), *_valid(day))
        .correlate(Unit)
    )
    return (
        select(of_cycle.c.cycle_id, func.count(Unit.id))
        .join(Unit, Unit.id == of_cycle.c.unit_id)
        .where(~somebody)
        .group_by(of_cycle.c.cycle_id)
    )


def enter(session: Session, contacts: Sequence[Entered], agencies: Mapping[tuple[str, Actor], int]) -> int:
    """Put these contacts in the place of all that their agencies had; returns how many stand there now.

    `agencies`: the id of each (unit code, actor) that is named. Entering the same again changes nothing.
    """
    ids = {agencies[one.unit_code, one.actor] for one in contacts}
    for chunk in batched(sorted(ids)):
        session.execute(delete(Contact).where(Contact.agency_id.in_(chunk)))
    rows = [_row(one, agencies[one.unit_code, one.actor]) for one in contacts]
    if rows:
        session.execute(insert(Contact), rows)
    return len(rows)


def _row(one: Entered, agency_id: int) -> dict[str, object]:
    names = [column.name for column in Contact.__table__.columns if column.name not in ("id", "agency_id")]
    return {"agency_id": agency_id, **{name: getattr(one, name) for name in names}}


def all_contacts(session: Session) -> list[tuple[str, str, str, Contact]]:
    """Every contact with (unit code, unit name, actor), in the order in which a file lists them."""
    query = (
        select(Unit.code, Unit.name, Agency.actor, Contact)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(Unit, Unit.id == Agency.unit_id)
        .order_by(Unit.code, Agency.actor, Contact.id)
    )
    return list(session.execute(query).tuples())


def units_named(session: Session, codes: Iterable[str], on: date) -> dict[str, Unit]:
    """The units that bear these codes on a day; a code that nobody bears is absent."""
    wanted = set(codes)
    return {unit.code: unit for unit in session.scalars(select(Unit).where(in_force(on))) if unit.code in wanted}


def agencies_of(session: Session, wanted: Iterable[tuple[Unit, Actor]]) -> dict[tuple[str, Actor], int]:
    """The ids of these units' agencies by (unit code, actor), made where they do not act in a cycle yet."""
    listed = list(wanted)
    add_agencies(session, listed)
    names = {unit.id: unit.code for unit, _ in listed}
    rows = session.execute(select(Agency.unit_id, Agency.actor, Agency.id)).tuples()
    return {(names[unit_id], Actor(actor)): agency_id for unit_id, actor, agency_id in rows if unit_id in names}


def add_agencies(session: Session, wanted: Iterable[tuple[Unit, Actor]]) -> None:
    """Agencies that are not known yet, under the names that official papers give them; those known stay."""
    rows = [{"unit_id": unit.id, "actor": str(actor), "name": agency_name(actor, unit.name)} for unit, actor in wanted]
    if rows:
        session.execute(insert_new(Agency), rows)

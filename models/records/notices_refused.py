"""A cycle whose day has come and that may not open: the province's justice office is told so each morning.

There is no cycle yet, so such a notice bears the evaluation year as its occasion; `said` is what is missing, as JSON.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.law.regulation import Actor
from models.records.canonical import canonical
from models.records.contacts import add_agencies
from models.records.cycles import Agency
from models.records.notices import Kind, Notice, NoticeState
from models.records.units import Unit
from models.records.upserts import insert_new


@dataclass(frozen=True)
class Wanting:
    """One value that is missing, and who can fill it, in both languages."""

    address: str
    vi: str
    en: str
    who_vi: str
    who_en: str


@dataclass(frozen=True)
class Refused:
    """Why a province's year did not open: the refusal in both languages, and the list of what is wanting."""

    code: str
    vi: str
    en: str
    wanting: Sequence[Wanting] = ()

    def text(self) -> str:
        """As a notice keeps it in `said`."""
        return canonical(asdict(self))


def queue_refused(session: Session, province: Unit, year: int, why: Refused, day: date, at: datetime) -> bool:
    """Tell the justice office of the province, once a day; False if it was queued already.

    What an earlier morning queued and nobody has sent yet is withdrawn: today's list is the true one.
    """
    agency_id = _justice_office(session, province)
    row = {
        "key": f"opening_refused/{province.code}/{year}/{day}",
        "unit_id": province.id,
        "agency_id": agency_id,
        "kind": str(Kind.OPENING_REFUSED),
        "occasion": str(year),
        "said": why.text(),
        "state": str(NoticeState.QUEUED),
        "queued_at": at,
        "not_before": at,
        "attempts": 0,
    }
    new = session.scalar(insert_new(Notice).values(row).returning(Notice.id))
    if new is None:
        return False
    _withdraw(session, province, year, "a later morning says it", but=new)
    return True


def withdraw_refused(session: Session, province_code: str, year: int) -> None:
    """The cycle is open: what was not sent yet would be untrue."""
    for province in session.scalars(select(Unit).where(Unit.code == province_code)):
        _withdraw(session, province, year, "the cycle has opened")


def _withdraw(session: Session, province: Unit, year: int, reason: str, but: int | None = None) -> None:
    session.execute(
        update(Notice)
        .where(
            Notice.kind == str(Kind.OPENING_REFUSED),
            Notice.unit_id == province.id,
            Notice.occasion == str(year),
            Notice.state == NoticeState.QUEUED,
            Notice.sent_at.is_(None),
            Notice.id != (but or 0),
        )
        .values(state=str(NoticeState.WITHDRAWN), reason=reason)
        .execution_options(synchronize_session=False)
    )


def _justice_office(session: Session, province: Unit) -> int:
    add_agencies(session, [(province, Actor.PROVINCE_JUSTICE)])
    office = select(Agency.id).where(Agency.unit_id == province.id, Agency.actor == str(Actor.PROVINCE_JUSTICE))
    return session.scalars(office).one()

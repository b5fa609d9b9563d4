"""Who is in charge of an agency's part on a day, as the focal points say; notices follow that person.

Somebody who was in charge at another time, and is listed among the contacts still, is not written to meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.dossiers import batched
from models.records.focal_points import FocalPoint


@dataclass
class Charge:
    """The responsible person and the deputy of a day (null: a vacancy), and everybody who ever was one of the two."""

    responsible: str | None = None
    deputy: str | None = None
    ever: set[str] = field(default_factory=set)


def plain_name(name: str) -> str:
    """A name as it is compared: two spaces or a capital more are no other person."""
    return " ".join(name.split()).casefold()


def in_charge(session: Session, agency_ids: Collection[int], day: date) -> dict[int, Charge]:
    """For each of these agencies that has focal points; their names as `plain_name` gives them."""
    found: dict[int, Charge] = {}
    for chunk in batched(sorted(agency_ids)):
        points = select(FocalPoint).where(FocalPoint.agency_id.in_(chunk)).order_by(FocalPoint.valid_from)
        for point in session.scalars(points):
            charge = found.setdefault(point.agency_id, Charge())
            name = plain_name(point.person)
            charge.ever.add(name)
            if point.valid_from <= day and (point.valid_to is None or point.valid_to >= day):
                if point.role == "responsible":
                    charge.responsible = name
                else:
                    charge.deputy = name
    return found

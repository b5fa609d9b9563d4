"""The acts about kiến nghị, phản ánh, khiếu nại, each one unit of work; and the list of them."""

from datetime import date
from typing import Any

from models.records import complaints
from models.records.complaints import ComplaintKind
from models.records.units import Unit
from tasks.sittings import Hand, Place, look, sit

GROUND = "báo cáo Chủ tịch UBND cùng cấp"


def record(
    place: Place, code: str, number: str, kind: ComplaintKind, received_on: date, sender: str, about: str, hand: Hand
) -> bool:
    """Record a complaint under the number of its receipt; False if it is known."""
    with sit(place, hand, "tiếp nhận kiến nghị, phản ánh, khiếu nại") as sitting:
        return complaints.record_complaint(sitting, code, number, kind, received_on, sender, about)


def assign(place: Place, number: str, level: str, on: date, hand: Hand) -> bool:
    """Assign it to a level, district or province."""
    with sit(place, hand, GROUND) as sitting:
        return complaints.assign_complaint(sitting, number, level, on)


def report(place: Place, number: str, on: date, document: str, hand: Hand) -> bool:
    """Record that it was reported to the chair of its level."""
    with sit(place, hand, GROUND) as sitting:
        return complaints.report_complaint(sitting, number, on, document)


def settle(place: Place, number: str, on: date, document: str, outcome: str, hand: Hand) -> bool:
    """Record the document that settles it."""
    with sit(place, hand, "giải quyết kiến nghị, phản ánh, khiếu nại") as sitting:
        return complaints.settle_complaint(sitting, number, on, document, outcome)


def listed(place: Place, code: str | None = None) -> list[dict[str, Any]]:
    """The complaints of a cycle, or about one commune, with what became of each."""
    with look(place) as (session, cycle):
        names = ("number", "kind", "received_on", "sender", "about", "level", "assigned_on", "reported_on")
        names += ("reported_to", "report", "settled_on", "settlement", "outcome")
        found = []
        for one in complaints.complaints_of(session, cycle.id):
            unit = session.get_one(Unit, one.unit_id)
            if code in (None, unit.code):
                found.append({"unit": unit.code, "name": unit.name, **{name: getattr(one, name) for name in names}})
        return found

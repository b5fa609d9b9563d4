"""Closing a cycle, as the command line calls it: the checklist, and the act."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.records.closing import checklist, close_by_hand
from models.records.cycles import law_of, open_cycles
from models.records.units import Unit
from tasks import clock
from tasks.sittings import Hand, Place, look, sit


def what_is_left(place: Place, at: datetime | None = None) -> dict[str, Any]:
    """The checklist of a cycle: {"owed", "undecided", "open_remedies", "clear", "goes_on", "stays", "open_cycles"}."""
    with look(place) as (session, cycle):
        titles = {step.id: step.title for _, step in law_of(session, cycle).regulation.steps()}
        found = checklist(session, cycle, titles, at or clock.now())
        return {
            "province": place.province,
            "year": cycle.year,
            "trial": cycle.trial,
            "closed_on": cycle.closed_on,
            "clear": found.is_clear,
            "owed": [asdict(one) for one in found.owed],
            "undecided": list(found.undecided),
            "open_remedies": list(found.open_remedies),
            "goes_on": {
                "contacts": found.contacts,
                "open_remedies": len(found.open_remedies),
                "recognised_years": found.recognised,
            },
            "stays": ["scores", "dossiers", "decisions", "deadlines"],
            "open_cycles": _open_years(session, place.province),
        }


def _open_years(session: Session, province: str) -> list[int]:
    """By the province's code: a province that was merged is another unit under the same code."""
    return sorted({one.year for one in open_cycles(session) if session.get_one(Unit, one.province_id).code == province})


def close(place: Place, hand: Hand, standing: str | None) -> bool:
    with sit(place, hand, standing or "kế hoạch của tỉnh (kết thúc kỳ đánh giá)") as sitting:
        return close_by_hand(sitting, standing=standing)

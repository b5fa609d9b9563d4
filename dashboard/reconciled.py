"""Expected against actual for the notices of one cycle, on a page. Asked for by a person: it recomputes everything."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.reminders import MORNING
from models.records import notices_expected
from models.records.cycle_choice import Named
from models.records.cycles import law_of
from models.records.dossiers import batched
from models.records.notice_pages import kind_words
from models.records.units import Unit

SHOWN = 100


def reconciled(session: Session, named: Named, at: datetime) -> dict[str, Any]:
    """What the facts ask for until the moment, what stands in the outbox, what is missing or went out twice."""

    def morning(day: date) -> datetime:
        return datetime.combine(day, MORNING, tzinfo=at.tzinfo)

    law = law_of(session, named.cycle)
    wanted = list(notices_expected.expected(session, named.cycle, law, at, morning))
    found = notices_expected.reconcile(session, named.cycle, wanted)
    missing = found.missing[:SHOWN]
    units = _units(session, {one.unit_id for one in missing})
    return {
        "expected": found.expected,
        "actual": found.actual,
        "overtaken": found.overtaken,
        "missing": len(found.missing),
        "doubled": [{"key": key, "recipient": to, "times": times} for key, to, times in found.doubled],
        "rows": [
            {
                "kind_words": kind_words(one.kind),
                "unit": units[one.unit_id].code,
                "unit_name": units[one.unit_id].name,
                "step": one.step,
                "due_day": one.due_day,
                "key": one.key,
            }
            for one in missing
        ],
    }


def _units(session: Session, ids: set[int]) -> dict[int, Unit]:
    found: dict[int, Unit] = {}
    for chunk in batched(sorted(ids)):
        found |= {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(chunk)))}
    return found

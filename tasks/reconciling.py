"""Expected against actual: what the facts ask for until a moment, what stands in the outbox, and mending the rest."""

from datetime import datetime
from typing import Any

from models.records import notices_expected
from models.records.cycles import law_of, open_cycles
from tasks import clock
from tasks.database import reading, work
from tasks.settings import Settings


def reconcile(at: datetime, *, mend: bool = False) -> dict[str, Any]:
    """For all open cycles: {"expected", "actual", "overtaken", "missing", "doubled", "repaired"}."""
    local = at.astimezone(Settings().zone)
    total: dict[str, Any] = {"expected": 0, "actual": 0, "overtaken": 0, "missing": [], "doubled": [], "repaired": 0}
    with work() if mend else reading() as session:
        for cycle in open_cycles(session):
            wanted = list(notices_expected.expected(session, cycle, law_of(session, cycle), local, clock.moment))
            found = notices_expected.reconcile(session, cycle, wanted)
            for name in ("expected", "actual", "overtaken"):
                total[name] += getattr(found, name)
            total["missing"] += [_plain(one) for one in found.missing]
            total["doubled"] += [{"key": key, "recipient": to, "times": times} for key, to, times in found.doubled]
            if mend:
                total["repaired"] += notices_expected.repair(session, cycle, found.missing, local)
    return total


def _plain(one: notices_expected.Expected) -> dict[str, Any]:
    return {"key": one.key, "kind": str(one.kind), "due": one.due_day, "rung": one.rung, "can_be_sent": one.still_open}

"""Mergers as the command line calls them: codes become units, one unit of work."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from models.records.merging import Merger, merge_units, results_across
from models.records.unit_search import unit_or_refusal
from tasks.database import reading
from tasks.sittings import Hand, Place, sit


def merge(
    place: Place, sources: list[str], successor: str, carried: str | None, on: date, hand: Hand
) -> dict[str, Any]:
    """Deal with the merger of `on` (the first day of the new unit) in one cycle."""
    day_before = on - timedelta(days=1)
    with sit(place, hand, f"sắp xếp đơn vị hành chính ({hand.document})") as sitting:
        old = {code: unit_or_refusal(sitting.session, code, day_before, "commune") for code in sources}
        if carried and carried not in old:
            old[carried] = unit_or_refusal(sitting.session, carried, day_before, "commune")
        new = unit_or_refusal(sitting.session, successor, on, "commune")
        merger = Merger(tuple(old.values()), new, old[carried] if carried else None)
        done = merge_units(sitting, merger)
    blank = {"closed": (), "carried": (), "decided": (), "remedies": (), "tasks": ()}
    return {"act": "merge-units", "new": int(done is not None), "into": successor, **(asdict(done) if done else blank)}


def results(code: str, on: date) -> dict[str, Any]:
    """The decided results of a unit and of what it came from; only its `own` count for it."""
    with reading() as session:
        unit = unit_or_refusal(session, code, on, "commune")
        found = [asdict(one) for one in results_across(session, unit.id)]
        return {"code": code, "name": unit.name, "on": on, "results": found}

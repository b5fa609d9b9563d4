"""The four acts of an office's own, each one unit of work: extend, unlock, reopen, suspend; and what it granted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from models.cycle.lifecycle import State
from models.records import local_acts
from models.records.local_acts import Grounds
from models.records.local_rows import local_acts_of
from models.records.units import Unit
from tasks.sittings import Hand, Place, look, sit


def extend(place: Place, step: str, codes: Sequence[str], until: date, grounds: Grounds, hand: Hand) -> int:
    """Accept a step of these communes until a later day of the office's own; returns how many were new."""
    with sit(place, hand, grounds.authority) as sitting:
        return local_acts.extend(sitting, step, codes, until, grounds)


def suspend(
    place: Place, codes: Sequence[str], begun: date, ended: date, grounds: Grounds, hand: Hand, step: str | None = None
) -> int:
    """Stop the clock from a day to a day, both included, and give the days back; returns how many were new."""
    with sit(place, hand, grounds.authority) as sitting:
        return local_acts.suspend(sitting, codes, begun, ended, grounds, step)


def unlock(place: Place, code: str, places: Sequence[str], until: date, grounds: Grounds, hand: Hand) -> bool:
    """Let a commune change these indicators of a file that it handed in, until a day."""
    with sit(place, hand, grounds.authority) as sitting:
        return local_acts.unlock(sitting, code, places, until, grounds)


def reopen(place: Place, code: str, to: State, grounds: Grounds, hand: Hand, until: date | None = None) -> bool:
    """Take a file back to the commune, or from appraised to its appraisal."""
    with sit(place, hand, grounds.authority) as sitting:
        return local_acts.reopen(sitting, code, to, grounds, until)


def granted(place: Place) -> list[dict[str, Any]]:
    """Everything that offices granted of their own in a cycle."""
    with look(place) as (session, cycle):
        names = ("kind", "step", "begun", "until", "days", "places", "reason", "authority", "document", "by")
        return [
            {"unit": session.get_one(Unit, act.unit_id).code, **{name: getattr(act, name) for name in names}}
            for act in local_acts_of(session, cycle.id)
        ]

"""After the decision, as the command line calls it: one act, one unit of work, plain answers."""

from dataclasses import asdict
from datetime import date
from typing import Any

from models.cycle.agencies import agency_name
from models.law.regulation import Actor
from models.records import afterwards
from models.records.afterwards import Edit
from models.records.commendations import commendations_of
from models.records.cycles import Cycle
from models.records.mending_refusals import no_such_remedy
from models.records.remedies import Remedy, Seen, find_remedy, followed_in, grouped
from models.records.unit_search import unit_or_refusal
from models.records.units import Unit
from tasks.database import reading
from tasks.sittings import Hand, Place, look, sit

GROUND = "kế hoạch của tỉnh (khắc phục tồn tại, hạn chế)"
COMMENDING = "kế hoạch của tỉnh (biểu dương, khen thưởng)"


def remedies(place: Place, codes: list[str], on: date, *, open_only: bool) -> dict[str, Any]:
    """The remedies followed in a cycle, and the same by what is wanting: plain values, as the JSON has them."""
    with look(place) as (session, cycle):
        seen = followed_in(session, cycle, codes=codes, open_only=open_only)
        return {
            "province": place.province,
            "year": cycle.year,
            "trial": cycle.trial,
            "on": on,
            "remedies": [_remedy(one, on) for one in seen],
            "groups": [asdict(group) for group in grouped(seen)],
        }


def _remedy(one: Seen, on: date) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(one).items() if name != "unit_id"}
    owner = agency_name(Actor.COMMUNE, one.name) if one.owner == Actor.COMMUNE else one.owner
    return plain | {"owner": owner, "state": one.state, "late": one.is_late(on), "repeated": one.repeated}


def edit(remedy_id: int, change: Edit, hand: Hand) -> bool:
    with sit(_place_of(remedy_id), hand, GROUND) as sitting:
        return afterwards.edit_remedy(sitting, remedy_id, change)


def prove(remedy_id: int, document: str, hand: Hand) -> bool:
    with sit(_place_of(remedy_id), hand, GROUND) as sitting:
        return afterwards.prove_remedy(sitting, remedy_id, document)


def close(remedy_id: int, hand: Hand) -> bool:
    with sit(_place_of(remedy_id), hand, GROUND) as sitting:
        return afterwards.close_remedy(sitting, remedy_id)


def reopen(remedy_id: int, last_day: date, ground: str, hand: Hand) -> bool:
    with sit(_place_of(remedy_id), hand, ground) as sitting:
        return afterwards.reopen_remedy(sitting, remedy_id, last_day)


def carry(place: Place, hand: Hand) -> int:
    with sit(place, hand, GROUND) as sitting:
        return afterwards.carry_remedies(sitting)


def open_all(place: Place, hand: Hand) -> int:
    with sit(place, hand, GROUND) as sitting:
        return afterwards.open_remedies(sitting)


def _place_of(remedy_id: int) -> Place:
    """The cycle that follows a remedy. Raises Refusal for a number that no remedy has."""
    with reading() as session:
        remedy: Remedy | None = find_remedy(session, remedy_id)
        if remedy is None:
            raise no_such_remedy(remedy_id)
        cycle = session.get_one(Cycle, remedy.cycle_id)
        return Place(session.get_one(Unit, cycle.province_id).code, cycle.year, cycle.trial)


def commendations(place: Place) -> dict[str, Any]:
    """The list of a cycle's commendations: proposed, left out and why, decided, awarded, flagged."""
    with look(place) as (session, cycle):
        found = [asdict(one) for one in commendations_of(session, cycle)]
        return {"province": place.province, "year": cycle.year, "trial": cycle.trial, "commendations": found}


def propose(place: Place, hand: Hand) -> int:
    with sit(place, hand, COMMENDING) as sitting:
        return afterwards.propose_commendations(sitting)


def nominate(place: Place, code: str, person: str, reason: str, hand: Hand) -> bool:
    with sit(place, hand, COMMENDING) as sitting:
        unit: Unit = unit_or_refusal(sitting.session, code, date(sitting.cycle.year, 12, 31))
        return afterwards.nominate(sitting, unit, person, reason)


def confirm(place: Place, numbers: list[int], ground: str, hand: Hand) -> int:
    """Agree to these proposals; with none named, to all that wait. Returns how many are new."""
    with sit(place, hand, COMMENDING) as sitting:
        if not numbers:
            return afterwards.confirm_all(sitting, ground)
        return sum(afterwards.confirm_commendation(sitting, number, ground) for number in numbers)


def refuse(place: Place, numbers: list[int], ground: str, hand: Hand) -> int:
    with sit(place, hand, COMMENDING) as sitting:
        return sum(afterwards.refuse_commendation(sitting, number, ground) for number in numbers)


def award(place: Place, document: str, hand: Hand) -> int:
    with sit(place, hand, COMMENDING) as sitting:
        return afterwards.award_commendations(sitting, document)

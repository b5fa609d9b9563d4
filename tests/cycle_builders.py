"""Builders for tests: a trial cycle of Cà Mau with files handed in, by the acts that people use. No test is here."""

from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.errors import Refusal
from models.law.answers import Answer, ContentsGiven, MetGiven, PointsGiven, Submission
from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier
from models.records.filing import Filing, take_in
from models.records.units import Unit
from tasks import clock, reviewing
from tasks.database import reading
from tasks.opening import open_cycle
from tasks.sittings import Hand, Place, sit

PLANS = {2024: Path("regulations/plans/ca-mau-2024.yaml"), 2026: Path("regulations/plans/ca-mau-2026.yaml")}
OPENED = {2024: date(2024, 12, 2), 2026: date(2026, 12, 1)}


def trial_cycle(year: int = 2024, most: int = 4) -> Place:
    """An open trial of so many communes."""
    at = clock.moment(OPENED[year])
    open_cycle("96", year, trial=True, plan_file=PLANS[year], at=at, most=most)
    return Place("96", year, True)


def law_at(place: Place) -> Regulation:
    with reading() as session:
        return law_of(session, _cycle(session, place)).regulation


def districts(place: Place) -> dict[str, list[str]]:
    """The communes of the cycle by the code of their district ("" where there are none)."""
    found: dict[str, list[str]] = {}
    with reading() as session:
        cycle = _cycle(session, place)
        rows = session.execute(
            select(Unit.code, Dossier.district_id)
            .join(Unit, Unit.id == Dossier.unit_id)
            .where(Dossier.cycle_id == cycle.id)
        ).tuples()
        for code, district in sorted(rows.all()):
            found.setdefault(session.get_one(Unit, district).code if district else "", []).append(code)
    return found


def communes(place: Place) -> list[str]:
    return sorted(code for codes in districts(place).values() for code in codes)


def states(place: Place) -> dict[str, str]:
    with reading() as session:
        rows = session.execute(
            select(Unit.code, Dossier.state)
            .join(Dossier, Dossier.unit_id == Unit.id)
            .where(Dossier.cycle_id == _cycle(session, place).id)
        )
        return dict(rows.tuples().all())


def _cycle(session: Any, place: Place) -> Cycle:
    from tasks.sittings import cycle_or_refusal

    return cycle_or_refusal(session, place)


def full(regulation: Regulation, changed: Mapping[str, Answer] | None = None, *, leader: bool = False) -> Submission:
    """Everything answered as well as can be, but for what is changed."""
    answers: dict[str, Answer] = {}
    for indicator in regulation.indicators():
        if indicator.maximum is not None and indicator.maximum.points is not None:
            answers[indicator.id] = PointsGiven(indicator.maximum.points)
        elif indicator.contents:
            answers[indicator.id] = ContentsGiven({content.id: MetGiven(True) for content in indicator.contents})
        else:
            answers[indicator.id] = MetGiven(True)
    return Submission({**answers, **(changed or {})}, leader)


def hand_in(
    place: Place,
    codes: list[str],
    on: date,
    changed: Mapping[str, Answer] | None = None,
    *,
    declares_not_met: bool = False,
    leader: bool = False,
) -> int:
    """The communes hand their files in on a day."""
    submission = full(law_at(place), changed, leader=leader)
    filings = [Filing(code, submission, declares_not_met) for code in codes]
    with sit(place, hand("công chức (minh họa)", on), "nộp hồ sơ") as sitting:
        return take_in(sitting, filings)


COUNCIL = {
    "held_on": date(2025, 1, 24),
    "papers_sent_on": date(2025, 1, 20),
    "members": 13,
    "attended": 9,
    "minutes": "1/BB",
}


def appraise_a_district(most: int = 3) -> None:
    """A district whose communes are appraised; the leader of the first one was disciplined."""
    place = trial_cycle(2024, most=most)
    _, unit, codes = the_district()
    hand_in(place, codes[:1], date(2025, 1, 8), leader=True)
    hand_in(place, codes[1:], date(2025, 1, 8))
    reviewing.find_complete(place, codes, hand("Phòng Tư pháp (minh họa)", date(2025, 1, 13)))
    reviewing.hold_council(place, unit, COUNCIL, hand("Thư ký (minh họa)", date(2025, 1, 24)))
    reviewing.finish_appraisals(place, codes, hand("Thư ký (minh họa)", date(2025, 1, 25)), agree_rest=True)


def the_district() -> tuple[Place, str, list[str]]:
    """The trial of 2024, its one district, the communes of it."""
    place = Place("96", 2024, True)
    ((unit, codes),) = districts(place).items()
    return place, unit, codes


def hand(by: str, on: date, at: time = time(10, 0)) -> Hand:
    return Hand(by, clock.moment(on, at))


def refused(act: Callable[[], object], code: str) -> Refusal:
    """The act is refused under this code, and nothing at all was changed by it."""
    before = everything()
    with pytest.raises(Refusal) as stop:
        act()
    assert stop.value.code == code
    assert everything() == before
    return stop.value


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but units and calendar, so that "nothing was changed" can be seen."""
    from models.records.tables import metadata

    still = ("units", "unit_lineage", "calendar_days", "calendar_versions", "cycle_laws")
    moving = [table for table in metadata.sorted_tables if table.name not in still]
    with reading() as session:
        return {table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in moving}

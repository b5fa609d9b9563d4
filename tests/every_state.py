"""The year lived until mid-January, taken on by people's acts until some file stands in every state there is."""

from datetime import date

from cycle_builders import COUNCIL, districts, hand, states
from databases import FILLINGS
from lived_year import mid_january, this_is_home
from sqlalchemy import select

from models.cycle.lifecycle import State
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import commune_acts, deciding, merging, reviewing
from tasks.database import reading
from tasks.deciding import Signed
from tasks.settings import Settings
from tasks.sittings import Place

PLACE = Place("96", 2024, trial=True)
LATER = date(2025, 7, 3)
"""After the mergers of 01/07/2025."""


def every_state(settings: Settings) -> None:
    """Filling `every_state`: in one district decided, in one appraised but for what was returned, in one complete."""
    mid_january(settings)
    with this_is_home(settings):
        stood = states(PLACE)
        of_district = {
            unit: [code for code in codes if stood[code] != State.SELF_ASSESSMENT]
            for unit, codes in districts(PLACE).items()
        }
        decided = next(unit for unit, codes in of_district.items() if "declared_not_met" in {stood[c] for c in codes})
        appraised, complete, *_ = (unit for unit, codes in of_district.items() if unit != decided and len(codes) > 3)
        for unit in (decided, appraised, complete):
            filed = [code for code in of_district[unit] if stood[code] == State.SUBMITTED]
            reviewing.find_complete(PLACE, filed[1:], hand("Phòng Tư pháp (minh họa)", date(2025, 1, 13)))
        _ask(next(code for code in of_district[complete] if states(PLACE)[code] == State.SUBMITTED))
        back, *others = _standing(of_district[appraised], State.COMPLETE)
        reviewing.return_indicators(
            PLACE, back, ["2.1"], "thiếu minh chứng (minh họa)", date(2025, 1, 20), _secretary(20)
        )
        for unit, codes in ((decided, _standing(of_district[decided], State.COMPLETE)), (appraised, others)):
            reviewing.hold_council(PLACE, unit, COUNCIL, _secretary(24))
            reviewing.finish_appraisals(PLACE, codes, _secretary(25), agree_rest=True)
        ready = [code for code in of_district[decided] if states(PLACE)[code] in ("appraised", "declared_not_met")]
        signed = Signed(
            decided, "1/QĐ-UBND", date(2025, 2, 5), "C (minh họa)", only=ready, partial_ground="hồ sơ đến sau"
        )
        deciding.sign(PLACE, signed, hand("Văn thư (minh họa)", date(2025, 2, 5)))
        _merge_one(_standing(of_district[complete], State.COMPLETE))


def _standing(codes: list[str], state: State) -> list[str]:
    now = states(PLACE)
    return [code for code in codes if now[code] == state]


def _secretary(day: int):
    return hand("Thư ký (minh họa)", date(2025, 1, day))


def _ask(code: str) -> None:
    wanting, at = {"1.1": "thiếu văn bản kế hoạch (minh họa)"}, hand("x", date(2025, 1, 13)).at
    assert at
    commune_acts.request_supplement(
        code, 2024, wanting, received_on=date(2025, 1, 13), by="Phòng Tư pháp (minh họa)", at=at, trial=True
    )


def _merge_one(codes: list[str]) -> None:
    """The first of these that went into another, its file closed by it."""
    with reading() as session:
        units = session.scalars(
            select(Unit).where(Unit.code.in_(codes), Unit.valid_to.is_not(None)).order_by(Unit.code)
        )
        old, new = next((u.code, kin[0].unit.code) for u in units if (kin := lineage(session, u.id)[1]))
    merging.merge(PLACE, [old], new, None, date(2025, 7, 1), hand("Sở Tư pháp (minh họa)", date(2025, 7, 2)))


FILLINGS |= {"every_state": every_state}

"""Homes in which every state is present, for people to look at before a release: makes them, looks at nothing.

Run by a person; each home is a whole province, a trial, and takes a minute or two:

    .venv/bin/python tests/full_home.py FOLDER
    .venv/bin/python tests/screenshots.py FOLDER/january 2025-01-14 PICTURES

`january`: files late, overdue, at risk, suspended and extended, supplements open and late, an amended plan, a notice
that cannot be sent, last year's remedies still open. `july`: decisions and one against the rule, one superseded,
remedies overdue, commendations, communes merged. `next`: the regime of 2026, whose thresholds nobody has read.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from lived_year import PLAN
from sqlalchemy import select

from models.cycle.lifecycle import State
from models.law.leaders import LeaderFinding, Measure, Role
from models.law.posting import Channel, Posted
from models.records import reviewing
from models.records.acting import Sitting
from models.records.complaints import ComplaintKind
from models.records.contacts import Contact
from models.records.cycles import Agency
from models.records.decisions import lines_of
from models.records.dossiers import Dossier
from models.records.filing import Filing
from models.records.inspections import Found, Planned
from models.records.journal import Signed
from models.records.local_acts import Grounds
from models.records.programme_money import Amount
from models.records.unit_queries import add_units, lineage
from models.records.units import Unit
from tasks import (
    clock,
    commune_acts,
    complaints,
    deciding,
    evidence,
    local_acts,
    merging,
    programme,
    rehearsing,
)
from tasks.amending import Amending, amend_plan
from tasks.cast import Script, answers_of
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.schema import initialise
from tasks.settings import Settings
from tasks.sittings import Hand, Place
from tasks.ticking import tick
from tasks.unit_files import package_units
from tasks.watching import watch_all

JANUARY, JULY, NEXT = date(2025, 1, 14), date(2025, 7, 3), date(2027, 1, 13)
PLACE = Place("96", 2024, trial=True)
OFFICE = "Sở Tư pháp (minh họa)"
GROUNDS = Grounds("bão lũ, giao thông chia cắt (minh họa)", "Chủ tịch UBND huyện (minh họa)", "12/UBND-NC (minh họa)")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "january").exists():
        _home(folder / "january", None, _until_january)
    _home(folder / "july", folder / "january", _until_july)
    _home(folder / "next", folder / "july", _until_next)


def _home(home: Path, before: Path | None, live_on: Callable[[Path], None]) -> None:
    if before:
        shutil.copytree(before, home)
    home.mkdir(exist_ok=True)
    with _this_is_home(home):
        if not before:
            initialise(Settings())
        live_on(home)


@contextmanager
def _this_is_home(home: Path) -> Iterator[None]:
    os.environ["TCPL_HOME"] = str(home)
    os.environ["TCPL_CHANNELS"] = '{"gateway": "json://127.0.0.1:9/{to}"}'  # answers nobody
    os.environ.pop("TCPL_DATABASE_URL", None)
    yield


def _until_january(home: Path) -> None:
    shipped = package_units().of_provinces("95", "96")
    with work() as session:
        add_units(session, shipped.units, shipped.descents)
    _year_before(home)
    opening = date(2024, 12, 2)
    cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(opening)).cycle
    _contacts()
    script = _some_very_late(rehearsing.write_script(cycle, seed=84))
    eighth, thirteenth = date(2025, 1, 8), date(2025, 1, 13)
    _live(script, opening, eighth)
    _before_the_last_day(script, _at(eighth))
    _live(script, eighth, thirteenth)
    _in_the_review(script, home, _at(thirteenth))
    _live(script, thirteenth, JANUARY)


def _live(script: Script, first: date, last: date) -> None:
    """Every morning and the acts from one day to another; the acts of the last day are still to come."""
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        tick(clock.moment(day))
        watch_all(day, clock.moment(day))
        if day < last:
            rehearsing.act_on(script, day)
            deliver(clock.moment(day, time(16)))


def _at(day: date, document: str | None = None) -> Hand:
    return Hand(OFFICE, clock.moment(day), document)


def _year_before(home: Path) -> None:
    """2023, whose remedies are not all done: two cycles are open at once."""
    text = PLAN.read_text("utf-8")
    for year in (2023, 2024, 2025):  # ascending, so that no year is moved twice
        text = text.replace(f"{year}-", f"{year - 1}-").replace(f"year: {year}", f"year: {year - 1}")
    plan = home / "ca-mau-2023.yaml"
    plan.write_text(text.replace("năm đánh giá 2024", "năm đánh giá 2023"), "utf-8")
    opening = date(2023, 12, 4)
    cycle = open_cycle("96", 2023, trial=True, plan_file=plan, at=clock.moment(opening)).cycle
    script = _never_mended(rehearsing.write_script(cycle, seed=5))
    for day in rehearsing.acting_days(script):
        rehearsing.act_on(script, day)


def _some_very_late(script: Script) -> Script:
    """The same script, but those who declare that they do not meet the standard file a week late."""
    late = date(2025, 1, 16)
    very = [replace(p, files_on=late) if p.profile == "declares_not_met" else p for p in script.people]
    return replace(script, people=tuple(very))


def _never_mended(script: Script) -> Script:
    """The same script, but for some who fail and never mend it."""
    failing = [person.code for person in script.people if person.profile.startswith(("fails", "declares"))][::3]
    return replace(script, people=tuple(replace(p, mends_on=None) if p.code in failing else p for p in script.people))


def _contacts() -> None:
    """Most offices have a contact; some have none; one's channel does not answer."""
    with work() as session:
        rows = session.execute(select(Agency, Unit).join(Unit, Unit.id == Agency.unit_id).order_by(Agency.id)).tuples()
        for place, (agency, unit) in enumerate(rows.all()):
            if place % 9:
                channel = "gateway" if place % 25 == 7 else "outbox"
                name = f"Đầu mối {unit.name} (minh họa)"
                session.add(Contact(agency_id=agency.id, name=name, channel=channel, address=f"{unit.code}@example.vn"))


def _before_the_last_day(script: Script, hand: Hand) -> None:
    late = [person.code for person in script.people if person.profile == "declares_not_met"]
    local_acts.extend(PLACE, "submit-dossier", late[:1], date(2025, 1, 17), GROUNDS, hand)
    local_acts.suspend(PLACE, late[1:2], date(2025, 1, 6), date(2025, 1, 9), GROUNDS, hand)
    for code in [person.code for person in script.people][:12]:
        hung = Posted(Channel.OFFICE, date(2024, 12, 23), date(2024, 12, 30), place="trụ sở UBND xã", proof="BB 01")
        commune_acts.record_posting(code, 2024, hung, by=OFFICE, at=hand.at, trial=True)


def _in_the_review(script: Script, home: Path, hand: Hand) -> None:
    plan = home / "amended.yaml"
    plan.write_text(PLAN.read_text("utf-8").replace("2025-01-14", "2025-01-15"), "utf-8")
    amend_plan(PLACE, plan, _at(JANUARY - timedelta(days=1), "99/KH-UBND (minh họa)"), Amending())
    early = [p.code for p in script.people if p.files_on <= date(2025, 1, 7) and p.profile == "ordinary"]
    wanting = {"1.1": "thiếu văn bản kế hoạch (minh họa)", "2.4": "thiếu ảnh niêm yết (minh họa)"}
    for code, day in ((early[0], date(2025, 1, 13)), (early[1], date(2025, 1, 8)), (early[2], date(2025, 1, 10))):
        commune_acts.request_supplement(code, 2024, wanting, received_on=day, by=OFFICE, at=hand.at, trial=True)
    _around(early[1], early[3], home, hand)


def _around(code: str, unlocked: str, home: Path, hand: Hand) -> None:
    """Everything that may lie beside a file, beside one file; and an indicator of another unlocked."""
    at = clock.moment(date(2025, 1, 13))
    scan = home / "Biên bản niêm yết công khai (minh họa).pdf"
    scan.write_bytes(b"%PDF-1.4 not a whole one")
    evidence.add_file(code, 2024, "2.4", scan, by="công chức (minh họa)", number="05/BB-UBND", at=at, trial=True)
    complaints.record(
        PLACE, code, "03/ĐN", ComplaintKind.REFLECTION, date(2025, 1, 9), "người dân", "niêm yết thiếu bản", hand
    )
    complaints.assign(PLACE, "03/ĐN", "district", date(2025, 1, 10), hand)
    signed = programme.signed_by(OFFICE, at, "kiểm tra", "07/KH (minh họa)")
    day = date(2025, 1, 13)
    programme.plan_visits("96", 2024, signed, [Planned(code, day, "Tổ kiểm tra số 1 (minh họa)", "nộp trễ năm trước")])
    mend = Found("bảng niêm yết bị che khuất", "dời bảng ra trước cổng", date(2025, 1, 20))
    programme.hold_visit("96", 2024, signed, code, day, [mend])
    finding = ("kê khai không trung thực (minh họa)", date(2024, 9, 5), "15/QĐ-KL (minh họa)", Measure.DISCIPLINED)
    about = LeaderFinding("ông A (minh họa)", Role.GOVERNMENT_HEAD, *finding[:3], finding[3], False)
    commune_acts.record_finding(code, 2024, about, by=OFFICE, at=at, trial=True)
    regular = ("train-officers", "96", "regular_budget")
    for purpose, sum_ in (("allocated", "45000000"), ("spent", "31500000")):
        amount = Amount(*regular, purpose, Decimal(sum_), date(2024, 12, 20), f"{purpose} (minh họa)")  # pyright: ignore[reportArgumentType]
        programme.record_amounts("96", 2024, signed, [amount])
    local_acts.unlock(PLACE, unlocked, ["1.2"], date(2025, 1, 20), GROUNDS, hand)


def _until_july(_home: Path) -> None:
    with reading() as session:
        cycle = session.scalars(select(Dossier.cycle_id).order_by(Dossier.cycle_id.desc()).limit(1)).one()
    script = _never_mended(_some_very_late(rehearsing.write_script(cycle, seed=84)))
    _answer_supplements(script, clock.moment(JANUARY))
    _live(script, JANUARY, date(2025, 7, 2))
    with reading() as session:
        lines = [line for line in lines_of(session, cycle) if line.recognised]
        codes = {line.code: session.get_one(Unit, line.district_id).code for line in lines}
    code, district = next(iter(codes.items()))
    signed = deciding.Signed(
        district, "88/QĐ-UBND (minh họa)", date(2025, 6, 5), "C (minh họa)", not_recognised={code: "khai sai"}
    )
    deciding.correct(PLACE, signed, "kê khai sai (minh họa)", "Chủ tịch UBND huyện (minh họa)", _at(date(2025, 6, 5)))
    _merge(cycle)
    _live(script, date(2025, 7, 2), JULY)


def _answer_supplements(script: Script, at: datetime) -> None:
    """What January's extra requests asked for; those of the cast answer by themselves."""
    with work() as session:
        sitting = Sitting.on(session, script.cycle_id, Signed("công chức (minh họa)", at, "bổ sung hồ sơ"))
        dossiers = sitting.dossiers([person.code for person in script.people])
        answers = [
            reviewing.SupplementAnswer(1, Filing(one.code, answers_of(one, sitting.law.regulation, appraised=False)))
            for one in script.people
            if not one.supplemented and dossiers[one.code].state == State.SUPPLEMENT_REQUESTED
        ]
        reviewing.answer_supplements(sitting, answers)


def _merge(cycle: int) -> None:
    with reading() as session:
        failed = (Dossier.cycle_id == cycle, Dossier.state == State.NOT_RECOGNISED)
        units = session.scalars(
            select(Unit).join(Dossier, Dossier.unit_id == Unit.id).where(*failed).order_by(Unit.code)
        ).all()
        pairs = [(unit.code, became[0].unit.code) for unit in units if (became := lineage(session, unit.id)[1])]
    for old, new in pairs[:4]:
        merging.merge(PLACE, [old], new, None, date(2025, 7, 1), _at(date(2025, 7, 2), "NQ sắp xếp (minh họa)"))


def _until_next(_home: Path) -> None:
    plan = Path("regulations/plans/ca-mau-2026.yaml")
    opening = date(2026, 12, 1)
    cycle = open_cycle("96", 2026, trial=True, plan_file=plan, at=clock.moment(opening)).cycle
    _live(rehearsing.write_script(cycle, seed=9), opening, NEXT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

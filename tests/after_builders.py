"""A database in which the year 2024 of some communes of Cà Mau has been lived, made once per session and engine."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import FILLINGS
from sqlalchemy import delete, select

from models.law.marks import Mark
from models.law.programme import FixedDay, PlanTask, TaskKind
from models.law.regulation import Actor
from models.records.cycles import find_cycle
from models.records.decisions import lines_of
from models.records.notices import Notice
from models.records.notices_addressed import LetterNotice
from models.records.unit_queries import add_units
from models.records.units import Unit
from tasks import clock, rehearsing
from tasks.database import reading, work
from tasks.deciding import Signed, correct
from tasks.opening import open_cycle
from tasks.reconciling import reconcile
from tasks.settings import Settings
from tasks.sittings import Hand, Place
from tasks.unit_files import package_units

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
PLAN_2026 = Path("regulations/plans/ca-mau-2026.yaml")
COMMUNES = 20


def _lived(until: str | None, more: int = 0) -> Callable[[Settings], None]:
    """Units of two provinces, and the cycle of 2024 lived by its cast up to the day of a step (null: to its end)."""

    def fill(settings: Settings) -> None:
        with work(settings) as session:
            shipped = package_units().of_provinces("95", "96")
            add_units(session, shipped.units, shipped.descents)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("TCPL_HOME", str(settings.home))
            environment.setenv("TCPL_DATABASE_URL", settings.database)
            at = clock.moment(date(2024, 12, 2))
            cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=at, most=COMMUNES).cycle
            script = rehearsing.write_script(cycle, seed=7)
            for day in rehearsing.acting_days(script):
                if until is None or day <= script.day(until, more):
                    rehearsing.act_on(script, day)

    return fill


LIVES: dict[str, Callable[[Settings], None]] = {
    "opened_2024": _lived("submit-dossier", -400),
    "commendations_proposed": _lived("propose-commendations"),
    "lived_2024": _lived(None),
}


def without_programme(text: str) -> str:
    """A sample plan without its tasks, where they are not what is looked at."""
    return text[: text.index("\nprogramme:")] + "\n"


def a_task(name: str, **said: object) -> PlanTask:
    """A task of every commune with a day in January, unless it is said otherwise."""
    content = {
        "id": name,
        "kind": TaskKind.TRAINING,
        "title": f"Việc {name} (minh họa)",
        "lead": Actor.COMMUNE,
        "begins": date(2024, 12, 2),
        "due": FixedDay(kind="fixed", date=date(2025, 1, 15)),
        "product": "báo cáo",
        "mark": Mark.ILLUSTRATIVE,
        "source": "minh họa",
    }
    return PlanTask.model_validate(content | said)


def supersede(cycle_id: int, code: str, number: str = "88/QĐ", on: date = date(2025, 6, 5)) -> str:
    """A later decision in place of the one by which a commune was recognised; the code of the unit that decided."""
    place = Place("96", 2024, trial=True)
    with reading() as session:
        district = next(one.district_id for one in lines_of(session, cycle_id) if one.code == code)
        unit = session.get_one(Unit, district).code
    signed = Signed(unit, number, on, "C (minh họa)", not_recognised={code: "khai sai (minh họa)"})
    hand = Hand("Sở Tư pháp (minh họa)", clock.moment(on), number)
    assert correct(place, signed, "khai sai (minh họa)", "chủ tịch (minh họa)", hand) == 1
    assert correct(place, signed, "khai sai (minh họa)", "chủ tịch (minh họa)", hand) == 0
    return unit


def the_cycle(year: int = 2024) -> int:
    """The id of Cà Mau's trial cycle of that year."""
    with reading() as session:
        found = find_cycle(session, "96", year, True)
        assert found is not None
        return found.id


def lived(engines: Any, life: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The trial cycle of 2024 as far as it was lived, in a database of the test's own; also in TCPL_DATABASE_URL."""
    FILLINGS.setdefault(life, LIVES[life])
    address = engines.copy(life, home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield the_cycle()
    engines.drop(address)


def lose_and_mend(kind: str, at: Any, like: str = "%") -> int:
    """Notices of a kind vanish from the outbox, and reconciling finds and restores each as it was; how many."""
    mine = (Notice.kind == kind, Notice.key.like(like))
    names = ("key", "cycle_id", "unit_id", "agency_id", "stage", "step", "occasion", "due_day", "said")
    query = select(*(getattr(Notice, name) for name in names)).where(*mine).order_by(Notice.key)
    with work() as session:
        before = session.execute(query).all()
        ids = session.scalars(select(Notice.id).where(*mine)).all()
        session.execute(delete(LetterNotice).where(LetterNotice.notice_id.in_(ids)))
        session.execute(delete(Notice).where(Notice.id.in_(ids)))
    lost = {row.key for row in before}
    missing = [one["key"] for one in reconcile(at)["missing"]]
    assert sorted(one for one in missing if one in lost) == sorted(lost)
    reconcile(at, mend=True)
    with reading() as session:
        assert session.execute(query).all() == before
    assert not lost & {one["key"] for one in reconcile(at)["missing"]}
    return len(before)

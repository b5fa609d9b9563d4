"""The product's side of the comparison: the acts of a cycle as one flow, a task for each day on which people act."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import select

from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier, latest_cards
from models.records.units import Unit
from tasks import rehearsing
from tasks.cast import Commune, Script
from tasks.database import reading
from tests.benchmarks import ground


@task(cache_policy=NO_CACHE, retries=2)
def open_cycle() -> int:
    return ground.opened().cycle


@task(cache_policy=NO_CACHE, retries=2)
def act_on(script: Script, day: date) -> None:
    rehearsing.act_on(script, day)


@flow(name="product-year")
def the_year(seed: int) -> None:
    """From the opening to the last publication of a decision."""
    script = rehearsing.write_script(open_cycle(), seed)
    for day in rehearsing.acting_days(script):
        if day <= script.day("decide", 1):
            act_on(script, day)


@flow(name="nothing-yet")
def nothing_yet() -> None:
    """An empty run."""


@dataclass(frozen=True)
class Cast:
    """Who plays, under which law, on which days."""

    people: tuple[Commune, ...]
    regulation: Regulation
    days: dict[str, date]


def cast_of(seed: int) -> Cast:
    with reading() as session:
        cycle = session.scalars(select(Cycle)).one()
        regulation = law_of(session, cycle).regulation
    script = rehearsing.write_script(cycle.id, seed)
    days = {
        "open": min(script.openings),
        "ask": script.day("submit-dossier", 3),
        "answer": script.day("submit-dossier", 6),
        "complete": script.day("check-completeness"),
        "appraise": script.day("hold-council"),
        "decide": script.day("decide", -3),
        "publish": script.day("decide", -3),
    }
    return Cast(script.people, regulation, days)


def outcomes() -> dict[str, tuple[str, Decimal | None, bool | None]]:
    """By commune: the state at the end, the total of the last card (appraised, else its own), its verdict."""
    with reading() as session:
        rows = session.execute(select(Unit.code, Dossier).join(Unit, Unit.id == Dossier.unit_id)).tuples().all()
        ids = [dossier.id for _, dossier in rows]
        cards = latest_cards(session, ids, "self") | latest_cards(session, ids, "appraised")
        return {code: (dossier.state, cards[dossier.id].total, cards[dossier.id].meets) for code, dossier in rows}

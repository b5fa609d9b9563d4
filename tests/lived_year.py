"""A trial of a few tens of communes lived through until a Saturday in mid-January, as a database to copy from.

On that day, some communes have filed in time, some late, some not at all; supplements are still to be asked for.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from databases import FILLINGS

from models.records.cycles import open_cycles
from models.records.unit_queries import add_units
from tasks import clock, rehearsing
from tasks.cast import Script
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.settings import Settings
from tasks.ticking import tick
from tasks.unit_files import package_units
from tasks.watching import watch_all

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
OPENING, STOP = date(2024, 12, 2), date(2025, 1, 11)
COMMUNES = 40
SEED = 84
MOMENT = clock.moment(STOP)
SIGNED = date(2025, 2, 11)
AFTER = clock.moment(SIGNED)


def mid_january(settings: Settings) -> None:
    """Filling `mid_january` of tests/conftest.py."""
    shipped = package_units().of_provinces("95", "96")
    with this_is_home(settings):
        with work() as session:
            add_units(session, shipped.units, shipped.descents)
        opening = clock.moment(OPENING)
        cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=opening, most=COMMUNES).cycle
        live(rehearsing.write_script(cycle, seed=SEED), OPENING, STOP)
        deliver(clock.moment(date(2025, 1, 10)))  # what the eleventh queues is still waiting


def decided(settings: Settings) -> None:
    """Filling `decided`: the same, lived on until the decisions are signed."""
    mid_january(settings)
    with this_is_home(settings):
        with reading() as session:
            cycle_id = open_cycles(session)[0].id
        live(rehearsing.write_script(cycle_id, seed=SEED), STOP, SIGNED)


def live(script: Script, first: date, last: date) -> None:
    """The mornings and the acts from one day to another; the acts of the last day are still to come."""
    acting = set(rehearsing.acting_days(script)) | {OPENING, STOP}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if day in acting:
            at = clock.moment(day)
            tick(at)
            watch_all(day, at)
            if day < last:
                rehearsing.act_on(script, day)


@contextmanager
def this_is_home(settings: Settings) -> Iterator[None]:
    given = {"TCPL_HOME": str(settings.home), "TCPL_DATABASE_URL": settings.database}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


FILLINGS |= {"mid_january": mid_january, "decided": decided}

"""A home made ready: its tables, the units that the package ships, and an office's own corrections."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from models.records.unit_checks import check_file_rows
from models.records.unit_queries import add_units, count_descents, count_units, provinces_in_force
from models.records.unit_rows import LEVELS, Level
from tasks.database import reading, work
from tasks.schema import initialise
from tasks.settings import Settings
from tasks.unit_corrections import read_unit_file
from tasks.unit_files import package_units


@dataclass(frozen=True)
class Imported:
    """What an import added, by level, and what there is now; `created`: the home was new or brought up to date."""

    imported: dict[Level, int]
    lineage: int
    created: bool
    total: dict[Level, int]


def import_units(settings: Settings, corrections: Path | None = None, *, upgrade: bool = False) -> Imported:
    """Initialise the home, take the shipped units in, then the file's; done already, it changes nothing.

    Raises a Refusal for a file that cannot be taken, then nothing is taken; and for a home of another version, unless
    `upgrade` brings its tables up to date.
    """
    rows = read_unit_file(corrections) if corrections else []
    shipped = package_units()
    created = initialise(settings, upgrade=upgrade)
    with work(settings) as session:
        units_before, descents_before = count_units(session), count_descents(session)
        add_units(session, shipped.units, shipped.descents)
        check_file_rows(session, corrections.name if corrections else "", rows)
        add_units(session, rows, [descent for row in rows for descent in row.descents()])
        total, descents = count_units(session), count_descents(session)
    added: dict[Level, int] = {level: total[level] - units_before[level] for level in LEVELS}
    return Imported(added, descents - descents_before, created, total)


def provinces_on(day: date) -> list[str]:
    """The codes of the provinces in force on a day, in their order."""
    with reading() as session:
        return [unit.code for unit in provinces_in_force(session, day)]

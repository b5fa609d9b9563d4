"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    cycles,
    deadlines,
    deciding,
    dossiers,
    journal,
    notices,
    reviewing,
    running,
    units,
)
from models.records.base import Table

MODULES = (afterwards, cycles, deadlines, deciding, dossiers, journal, notices, reviewing, running, units)

metadata = Table.metadata

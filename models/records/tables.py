"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    commendations,
    cycles,
    deadlines,
    deciding,
    dossiers,
    journal,
    notices,
    remedies,
    reporting,
    reviewing,
    running,
    units,
)
from models.records.base import Table

MODULES = (
    *(afterwards, commendations, cycles, deadlines, deciding, dossiers, journal, notices, remedies, reporting),
    *(reviewing, running, units),
)

metadata = Table.metadata

"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    appraising,
    complaints,
    councils,
    cycles,
    deadlines,
    decisions,
    dossiers,
    earlier_results,
    journal,
    local_rows,
    notices,
    publishing,
    running,
    units,
)
from models.records.base import Table

MODULES = (
    *(afterwards, appraising, complaints, councils, cycles, deadlines, decisions, dossiers, earlier_results),
    *(journal, local_rows, notices, publishing, running, units),
)

metadata = Table.metadata

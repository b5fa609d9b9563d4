"""Every table, imported, so that migrations and the metadata see them all."""

from models.records import (
    afterwards,
    appraising,
    complaints,
    contacts,
    councils,
    cycles,
    deadlines,
    decisions,
    dossiers,
    earlier_results,
    journal,
    local_rows,
    notices,
    notices_acknowledged,
    notices_addressed,
    notices_sending,
    publishing,
    running,
    units,
)
from models.records.base import Table

MODULES = (
    afterwards,
    appraising,
    complaints,
    contacts,
    councils,
    cycles,
    deadlines,
    decisions,
    dossiers,
    earlier_results,
    journal,
    local_rows,
    notices,
    notices_acknowledged,
    notices_addressed,
    notices_sending,
    publishing,
    running,
    units,
)

metadata = Table.metadata

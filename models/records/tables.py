"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    contacts,
    cycles,
    deadlines,
    deciding,
    dossiers,
    journal,
    notices,
    notices_acknowledged,
    notices_addressed,
    notices_sending,
    reviewing,
    running,
    units,
)
from models.records.base import Table

MODULES = (
    *(afterwards, contacts, cycles, deadlines, deciding, dossiers, journal, notices, notices_acknowledged),
    *(notices_addressed, notices_sending, reviewing, running, units),
)

metadata = Table.metadata

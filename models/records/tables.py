"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    cycles,
    deadlines,
    deciding,
    dossiers,
    evidence,
    findings,
    intake,
    journal,
    notices,
    postings,
    reviewing,
    running,
    supplements,
    units,
)
from models.records.base import Table

MODULES = (
    *(afterwards, cycles, deadlines, deciding, dossiers, evidence, findings, intake),
    *(journal, notices, postings, reviewing, running, supplements, units),
)

metadata = Table.metadata

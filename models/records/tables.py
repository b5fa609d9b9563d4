"""All tables at once, for migrations: importing this module makes `Table.metadata` whole."""

from models.records import (
    afterwards,
    cycles,
    deadlines,
    deciding,
    dossiers,
    focal_points,
    inspections,
    journal,
    notices,
    programme_tables,
    reviewing,
    running,
    units,
)
from models.records.base import Table

MODULES = (afterwards, cycles, deadlines, deciding, dossiers, journal, notices, reviewing, running, units)
PROGRAMME = (focal_points, inspections, programme_tables)

metadata = Table.metadata

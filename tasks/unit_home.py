"""A home made ready: its tables, and the units that the package ships."""

from models.records.unit_queries import add_units
from tasks.database import initialise, work
from tasks.settings import Settings
from tasks.unit_files import package_units


def import_units(settings: Settings) -> None:
    """Initialise the home and take the shipped units in; done already, it changes nothing."""
    shipped = package_units()
    initialise(settings)
    with work(settings) as session:
        add_units(session, shipped.units, shipped.descents)

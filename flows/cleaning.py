"""Every night: what is kept for a time only is taken away; nothing that the procedure rests on is among it."""

from datetime import datetime

from prefect import flow

from tasks import clock, engine
from tasks.cleaning import Cleaned


@flow(name="cleaning")
def cleaning(at: datetime | None = None) -> Cleaned:
    """Take away old lines of the access log and old runs of Prefect, as of the moment (null: now)."""
    return engine.clean(at or clock.now())

"""Every few minutes: sends what is queued, takes up what a dead sender left."""

from datetime import datetime

from prefect import flow

from tasks import clock, engine
from tasks.delivering import Delivered


@flow(name="delivery")
def delivery(at: datetime | None = None) -> Delivered:
    """Send everything that is due at the moment (null: now)."""
    return engine.deliver(at or clock.now())

"""Every few minutes: sends what is queued, takes up what a dead sender left."""

from datetime import datetime

from prefect import flow

from tasks import clock, engine
from tasks.sending import Delivered

PATIENCE_SECONDS = 200
"""Less than the five minutes until the next run."""


@flow(name="delivery")
def delivery(at: datetime | None = None) -> Delivered:
    """Send everything that is due at the moment (null: now, and for some minutes what a channel's limit holds back)."""
    return engine.deliver(at or clock.now(), patience_seconds=0 if at else PATIENCE_SECONDS)

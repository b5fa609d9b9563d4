"""Every few minutes: takes in what communes have put into the inbox."""

from datetime import datetime

from prefect import flow

from tasks import engine
from tasks.inbox import Emptied
from tasks.leases import alone


@flow(name="intake")
def intake(at: datetime | None = None) -> Emptied:
    """Empty the inbox as of the moment (null: now)."""
    with alone("intake"):
        return engine.empty_inbox(at)

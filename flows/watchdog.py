"""Every quarter of an hour: is the machine well; silence is an alarm, raised through the operator's own channel."""

from datetime import datetime

from prefect import flow

from tasks import clock, engine


@flow(name="watchdog")
def watchdog(at: datetime | None = None) -> list[str]:
    """Tell the operator what is not well (null: now), each thing once a day; returns what was told."""
    return engine.raise_alarm(at or clock.now())

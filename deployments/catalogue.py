"""Which flows run when: one entry a deployment, every schedule in the offices' own time zone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deployed:
    """A flow by its module path, its schedule as cron, and how many runs may go on at once."""

    entrypoint: str
    name: str
    cron: str
    timezone: str = "Asia/Ho_Chi_Minh"
    concurrency_limit: int = 1


CATALOGUE = (
    Deployed("flows.annual_cycle.annual_cycle", "annual-cycle", "30 6 * * *"),
    Deployed("flows.daily_watch.daily_watch", "daily-watch", "0 7 * * *"),
    Deployed("flows.delivery.delivery", "delivery-office-hours", "*/5 7-17 * * *"),
    Deployed("flows.delivery.delivery", "delivery-other-hours", "0 0-6,18-23 * * *"),
)

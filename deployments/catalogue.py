"""Which flows run when: one entry a deployment, every schedule in the offices' own time zone."""

from dataclasses import dataclass

ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Deployed:
    """A flow by its module path, its schedules as cron in `ZONE`, and how many of its runs may go on at once.

    A run that comes due while another is still going on is cancelled, not queued: the next one does its work.
    """

    entrypoint: str
    name: str
    crons: tuple[str, ...]
    concurrency_limit: int = 1


CATALOGUE = (
    Deployed("flows.annual_cycle.annual_cycle", "annual-cycle", ("30 6 * * *",)),
    Deployed("flows.daily_watch.daily_watch", "daily-watch", ("0 7 * * *",)),
    Deployed("flows.delivery.delivery", "delivery", ("*/5 7-17 * * *", "0 0-6,18-23 * * *")),
    Deployed("flows.reporting.reporting", "reporting", ("45 7 * * *",)),
    Deployed("flows.intake.intake", "intake", ("*/10 7-17 * * *",)),
    Deployed("flows.watchdog.watchdog", "watchdog", ("*/15 * * * *",)),
)

"""A whole year on a moved clock, through the real flows: each morning tick and watch, then people, then delivery.

Days on which nobody acts and no reminder is due are passed over. Running it again on the same home does nothing twice.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.annual_cycle import annual_cycle
from flows.daily_watch import daily_watch
from flows.delivery import delivery
from tasks import clock, rehearsing
from tasks.opening import cycle_span

EVENING = time(17, 30)


def live_through(cycle_id: int, seed: int, progress: Callable[[date, int, int], None]) -> dict[str, Any]:
    """Live the cycle through, from its opening to the plan's closing day: {"flow_runs", "deliveries"}."""
    first, last = cycle_span(cycle_id)
    script = rehearsing.write_script(cycle_id, seed)
    acting = set(rehearsing.acting_days(script))
    runs: Counter[str] = Counter()
    sent = failed = 0
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        day = first
        while day <= last:
            opening = rehearsing.opens_something(script, day)
            if opening or day in acting or day == last or rehearsing.has_rungs(script, day):
                annual_cycle(year=script.year, day=day)
                daily_watch(day=day)
                rehearsing.act_on(script, day)
                done = delivery(at=clock.moment(day, EVENING))
                runs.update(("annual-cycle", "daily-watch", "delivery"))
                sent, failed = sent + done.sent, failed + done.failed
            progress(day, (day - first).days + 1, (last - first).days + 1)
            day += timedelta(days=1)
    return {"flow_runs": dict(sorted(runs.items())), "deliveries": {"sent": sent, "failed": failed}}

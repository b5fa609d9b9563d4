"""A whole year on a moved clock, through the real flows: each morning tick and watch, then people, then delivery.

A run that would find nothing to do is passed over, so that quiet days cost nothing. Running it again on the same home
does nothing twice.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, time, timedelta

from prefect.context import SyncClientContext
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.annual_cycle import annual_cycle
from flows.daily_watch import daily_watch
from flows.delivery import delivery
from flows.reporting import reporting
from tasks import clock, rehearsing
from tasks.cast import Script
from tasks.opening import cycle_span

EVENING = time(17, 30)


def live_through(cycle_id: int, seed: int, progress: Callable[[date, int, int], None]) -> dict[str, int]:
    """Live the cycle through, from its opening to the plan's closing day; the number of runs by flow."""
    first, last = cycle_span(cycle_id)
    script = rehearsing.write_script(cycle_id, seed)
    runs: Counter[str] = Counter()
    # one client for all runs: each would otherwise read the certificates and ask for the server's version anew
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), SyncClientContext.get_or_create():
        for passed in range((last - first).days + 1):
            day = first + timedelta(days=passed)
            _live(script, day, day == last, runs)
            progress(day, passed + 1, (last - first).days + 1)
    return dict(sorted(runs.items()))


def _live(script: Script, day: date, is_last: bool, runs: Counter[str]) -> None:
    if is_last or rehearsing.morning_has_work(script, day):
        annual_cycle(year=script.year, day=day)
        runs["annual-cycle"] += 1
    if rehearsing.has_rungs(script, day):
        daily_watch(day=day, publish=False)
        runs["daily-watch"] += 1
    rehearsing.act_on(script, day)
    evening = clock.moment(day, EVENING)
    if rehearsing.something_to_send(evening):
        delivery(at=evening)
        runs["delivery"] += 1
    if is_last or day in script.openings:
        reporting(day=day)
        runs["reporting"] += 1

"""A whole year on a moved clock, through the real flows: each morning tick and watch, then people, then delivery.

A run that would find nothing to do is passed over, so that quiet days cost nothing. Running it again on the same home
does nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta

from prefect.context import SyncClientContext
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.annual_cycle import annual_cycle
from flows.daily_watch import daily_watch
from flows.delivery import delivery
from flows.reporting import reporting
from tasks import clock, rehearsing, second_sender
from tasks.cast import Script
from tasks.opening import cycle_span

EVENING = time(17, 30)


def live_through(
    cycle_ids: Sequence[int], seed: int, progress: Callable[[date, int, int], None] = lambda *_: None
) -> dict[str, int]:
    """Live the cycles through side by side, from the first opening to the last plan's closing day; the runs by flow."""
    spans = [cycle_span(cycle_id) for cycle_id in cycle_ids]
    first, last = min(begun for begun, _ in spans), max(ended for _, ended in spans)
    scripts = [rehearsing.write_script(cycle_id, seed) for cycle_id in cycle_ids]
    runs: Counter[str] = Counter()
    # one client for all runs: each would otherwise read the certificates and ask for the server's version anew
    client = SyncClientContext.get_or_create()
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), client, second_sender.kept():
        for passed in range((last - first).days + 1):
            day = first + timedelta(days=passed)
            _live(scripts, day, day == last, runs)
            progress(day, passed + 1, (last - first).days + 1)
    return dict(sorted(runs.items()))


def _live(scripts: Sequence[Script], day: date, is_last: bool, runs: Counter[str]) -> None:
    # A country's acts are not told to Prefect: its server, which writes a rehearsal's events when it ends, would write
    # forty thousand at once in between, and for minutes answer nobody. Its boards are drawn once.
    alone = len(scripts) == 1

    def tick() -> None:
        annual_cycle(year=scripts[0].year, day=day, tell=alone)
        runs["annual-cycle"] += 1

    def watch() -> None:
        daily_watch(day=day, publish=False)
        runs["daily-watch"] += 1

    rehearsing.morning(scripts, day, tick, watch, tick_anyway=is_last)
    rehearsing.all_act(scripts, day)
    evening = clock.moment(day, EVENING)
    if rehearsing.something_to_send(evening):
        delivery(at=evening)
        runs["delivery"] += 1
    if is_last or (alone and day in scripts[0].openings):
        reporting(day=day, tell=alone)
        runs["reporting"] += 1

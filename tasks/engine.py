"""The acts as Prefect tasks: the same functions that the command line calls, run and retried by the engine.

Importing this costs Prefect's two seconds, so only flows do. NO_CACHE: an act is idempotent by its keys in our own
database, and a cached result would hide that it did not run.
"""

from collections.abc import Callable
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from tasks import commune_acts, delivering, inbox, opening, watching, workbooks


def _as_task(act: Callable[..., Any]) -> Task[..., Any]:
    return task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5.0)(act)


cycles_open = _as_task(opening.cycles_open)
stages_due = _as_task(opening.stages_due)
open_planned_cycles = _as_task(opening.open_planned_cycles)
open_stage = _as_task(opening.open_stage)
close_stage = _as_task(opening.close_stage)
close_cycle = _as_task(opening.close_cycle)
watch_cycle = _as_task(watching.watch_cycle)
watch_all = _as_task(watching.watch_all)
deliver = _as_task(delivering.deliver)
empty_inbox = _as_task(inbox.empty_inbox)
write_workbooks = _as_task(workbooks.write_workbooks)
record_posting = _as_task(commune_acts.record_posting)
request_supplement = _as_task(commune_acts.request_supplement)
record_finding = _as_task(commune_acts.record_finding)

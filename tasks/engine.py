"""The acts as Prefect tasks: the same functions that the command line calls, run and retried by the engine.

Importing this costs Prefect's two seconds, so only flows do. NO_CACHE: an act is idempotent by its keys in our own
database, and a cached result would hide that it did not run.
"""

from collections.abc import Callable
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from tasks import board_artifacts, delivering, opening, prefect_events, stages, watching


def _as_task(act: Callable[..., Any]) -> Task[..., Any]:
    return task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5.0)(act)


cycles_open = _as_task(opening.cycles_open)
open_planned_cycles = _as_task(opening.open_planned_cycles)
stages_with_work = _as_task(stages.stages_with_work)
open_stage = _as_task(stages.open_stage)
note_missed = _as_task(stages.note_missed)
close_stage = _as_task(stages.close_stage)
close_cycle = _as_task(stages.close_cycle)
watch_all = _as_task(watching.watch_all)
deliver = _as_task(delivering.deliver)
publish_board = _as_task(board_artifacts.publish_board)
emit_events = _as_task(prefect_events.emit_events)

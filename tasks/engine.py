"""The acts as Prefect tasks: the same functions that the command line calls, run and retried by the engine.

Importing this costs Prefect's two seconds, so only flows do. NO_CACHE: an act is idempotent by its keys in our own
database, and a cached result would hide that it did not run.
"""

from collections.abc import Callable
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from models.errors import Refusal
from tasks import complaints, deciding, delivering, local_acts, opening, reviewing, watching


def _as_task(act: Callable[..., Any]) -> Task[..., Any]:
    return task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5.0)(act)


def _not_refused(_task: Any, _run: Any, state: State[Any]) -> bool:
    """A refusal is an answer: asking again gives the same one. Only a fault is worth another try."""
    return not isinstance(state.result(raise_on_failure=False), Refusal)


def _as_act(act: Callable[..., Any]) -> Task[..., Any]:
    """A person's act: as `_as_task`, but a refusal is not tried again."""
    return task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5.0, retry_condition_fn=_not_refused)(act)


cycles_open = _as_task(opening.cycles_open)
stages_due = _as_task(opening.stages_due)
open_planned_cycles = _as_task(opening.open_planned_cycles)
open_stage = _as_task(opening.open_stage)
close_stage = _as_task(opening.close_stage)
close_cycle = _as_task(opening.close_cycle)
watch_cycle = _as_task(watching.watch_cycle)
watch_all = _as_task(watching.watch_all)
deliver = _as_task(delivering.deliver)

find_complete = _as_act(reviewing.find_complete)
save_notes = _as_act(reviewing.save_notes)
hold_council = _as_act(reviewing.hold_council)
finish_appraisals = _as_act(reviewing.finish_appraisals)
return_indicators = _as_act(reviewing.return_indicators)
sign = _as_act(deciding.sign)
correct = _as_act(deciding.correct)
publish = _as_act(deciding.publish)
consolidate = _as_act(deciding.consolidate)
publish_list = _as_act(deciding.publish_list)
report = _as_act(deciding.report)
extend = _as_act(local_acts.extend)
suspend = _as_act(local_acts.suspend)
unlock = _as_act(local_acts.unlock)
reopen = _as_act(local_acts.reopen)
record_complaint = _as_act(complaints.record)
settle_complaint = _as_act(complaints.settle)

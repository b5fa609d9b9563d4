"""The acts as Prefect tasks: the same functions that the command line calls, run and retried by the engine.

Importing this costs Prefect's two seconds, so only flows do. NO_CACHE: an act is idempotent by its keys in our own
database, and a cached result would hide that it did not run.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from prefect import State, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed

from models.errors import Refusal
from tasks import (
    afterwards,
    amending,
    board_artifacts,
    calendar_changes,
    cleaning,
    closing,
    commune_acts,
    complaints,
    deciding,
    decision_papers,
    delivering,
    forms,
    health,
    inbox,
    local_acts,
    merging,
    opening,
    prefect_events,
    results,
    reviewing,
    stages,
    watching,
    workbooks,
)
from tasks.settings import current

P = ParamSpec("P")
R = TypeVar("R")


def _not_refused(_task: object, _run: object, state: State[object]) -> bool:
    """A refusal is an answer: asking again gives the same one. Only a fault is worth another try."""
    return not isinstance(state.result(raise_on_failure=False), Refusal)


def _as_task(act: Callable[P, R]) -> Callable[P, R]:
    """The act as a task, called as the act itself is: it returns what the act returns, and raises its refusal."""

    @task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5.0, retry_condition_fn=_not_refused)
    @wraps(act)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R | State[None]:
        try:
            return act(*args, **kwargs)
        except Refusal as refusal:  # an answer and no exception to Prefect, which would print where it was raised
            return Failed(message=" ".join(refusal.sentences(current().lang)), data=refusal)

    @wraps(act)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        answer = answered(*args, **kwargs)
        if isinstance(answer, State):
            answer.result()  # raises the refusal
        return cast("R", answer)

    return asked


cycles_open = _as_task(opening.cycles_open)
open_planned_cycles = _as_task(opening.open_planned_cycles)
stages_with_work = _as_task(stages.stages_with_work)
open_stage = _as_task(stages.open_stage)
note_missed = _as_task(stages.note_missed)
close_stage = _as_task(stages.close_stage)
close_cycles = _as_task(stages.close_cycles)
watch_all = _as_task(watching.watch_all)
deliver = _as_task(delivering.deliver)
raise_alarm = _as_task(health.raise_alarm)
watch_is_owed = _as_task(health.watch_is_owed)
clean = _as_task(cleaning.clean)
publish_board = _as_task(board_artifacts.publish_board)
emit_events = _as_task(prefect_events.emit_events)

find_complete = _as_task(reviewing.find_complete)
save_notes = _as_task(reviewing.save_notes)
hold_council = _as_task(reviewing.hold_council)
finish_appraisals = _as_task(reviewing.finish_appraisals)
return_indicators = _as_task(reviewing.return_indicators)
revise = _as_task(reviewing.revise)
submit_to_chair = _as_task(deciding.submit_to_chair)
attach = _as_task(decision_papers.attach)
sign = _as_task(deciding.sign)
correct = _as_task(deciding.correct)
publish = _as_task(deciding.publish)
consolidate = _as_task(deciding.consolidate)
publish_list = _as_task(deciding.publish_list)
report = _as_task(deciding.report)
extend = _as_task(local_acts.extend)
suspend = _as_task(local_acts.suspend)
unlock = _as_task(local_acts.unlock)
reopen = _as_task(local_acts.reopen)
record_complaint = _as_task(complaints.record)
assign_complaint = _as_task(complaints.assign)
report_complaint = _as_task(complaints.report)
settle_complaint = _as_task(complaints.settle)
write_forms = _as_task(forms.write_forms)
import_results = _as_task(results.import_results)
empty_inbox = _as_task(inbox.empty_inbox)
write_workbooks = _as_task(workbooks.write_workbooks)
record_posting = _as_task(commune_acts.record_posting)
request_supplement = _as_task(commune_acts.request_supplement)
record_finding = _as_task(commune_acts.record_finding)

open_remedies = _as_task(afterwards.open_all)
edit_remedy = _as_task(afterwards.edit)
prove_remedy = _as_task(afterwards.prove)
close_remedy = _as_task(afterwards.close)
reopen_remedy = _as_task(afterwards.reopen)
carry_remedies = _as_task(afterwards.carry)
propose_commendations = _as_task(afterwards.propose)
nominate = _as_task(afterwards.nominate)
confirm_commendations = _as_task(afterwards.confirm)
refuse_commendations = _as_task(afterwards.refuse)
award_commendations = _as_task(afterwards.award)
close_cycle = _as_task(closing.close)
amend_plan = _as_task(amending.amend_plan)
confirm_value = _as_task(amending.confirm_value)
change_calendar = _as_task(calendar_changes.change_calendar)
merge_units = _as_task(merging.merge)

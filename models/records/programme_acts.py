"""The acts on due tasks: done with its proof, extended, carried over to the next year."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.errors import Refusal
from models.law.calendar import spoken
from models.records.acting import Sitting, Traces
from models.records.bulk import insert_rows
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.programme_projection import CARRIED, DONE, EXTENDED, project
from models.records.programme_tables import TaskDue, TaskFact
from models.records.units import Unit
from models.words import Words


@dataclass(frozen=True)
class Which:
    """One due task: the task, the unit that owes it, the occasion where it comes round."""

    task: str
    unit: str
    occasion: str = ""

    @property
    def name(self) -> str:
        return "/".join(part for part in (self.task, self.occasion, self.unit) if part)


@dataclass(frozen=True)
class Proof:
    """What shows that a task was done: a paper's number, a file of the office by its name and SHA-256, or both."""

    document: str = ""
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Done:
    """A task was done on a day."""

    which: Which
    on: date
    proof: Proof


@dataclass(frozen=True)
class Granted:
    """A later day: an extension, or (`carry_over`) the day in the next year by which it is to be done."""

    which: Which
    until: date
    reason: str
    document: str = ""


def finish_tasks(sitting: Sitting, done: Sequence[Done]) -> int:
    """Record that tasks were done, each with its proof; returns how many were new."""
    dues = dues_of(sitting, [one.which for one in done])
    wanted = {f"task-done/{one.which.name}": one for one in done}
    new = sorted(sitting.fresh(wanted))
    for key in new:
        one = wanted[key]
        if not (one.proof.document.strip() or one.proof.sha256):
            raise _without_proof(one.which)
        if one.on > sitting.signed.day:
            raise _not_yet(one.which, one.on)
        if dues[one.which].carried_on is not None:
            raise _is_closed(one.which, Words("đã chuyển sang năm sau", "carried over"))
    facts = [_fact(sitting, dues[one.which], DONE, one.on, proof=one.proof) for one in map(wanted.__getitem__, new)]
    lines = [
        _line(dues[wanted[key].which], key, {"on": wanted[key].on, "proof": wanted[key].proof.__dict__}) for key in new
    ]
    return _finish(sitting, "finish-tasks", new, facts, lines)


def extend_tasks(sitting: Sitting, grants: Sequence[Granted]) -> int:
    """Grant later days, each with its reason and document (`local`); returns how many were new."""
    dues = dues_of(sitting, [one.which for one in grants])
    wanted = {f"task-extended/{one.which.name}/{one.until}/{one.document}": one for one in grants}
    new = sorted(sitting.fresh(wanted))
    for one in map(wanted.__getitem__, new):
        due = dues[one.which]
        _refuse_closed(one.which, due)
        if not (one.reason.strip() and one.document.strip()):
            raise _without_reason(one.which)
        if one.until <= due.due_day:
            raise _not_later(one.which, one.until, due.due_day)
    facts = [
        _fact(sitting, dues[one.which], EXTENDED, sitting.signed.day, granted=one)
        for one in map(wanted.get, new)
        if one
    ]
    lines = [_granted_line(dues[wanted[key].which], key, wanted[key]) for key in new]
    return _finish(sitting, "extend-tasks", new, facts, lines)


def carry_over(sitting: Sitting, grants: Sequence[Granted]) -> int:
    """Carry tasks that were not done to the next year's programme, each with its reason; how many were new."""
    dues = dues_of(sitting, [one.which for one in grants])
    wanted = {f"task-carried/{one.which.name}": one for one in grants}
    new = sorted(sitting.fresh(wanted))
    for one in map(wanted.__getitem__, new):
        due = dues[one.which]
        _refuse_closed(one.which, due)
        if not one.reason.strip():
            raise _without_reason(one.which)
        if one.until <= due.due_day:
            raise _not_later(one.which, one.until, due.due_day)
    facts = [
        _fact(sitting, dues[one.which], CARRIED, sitting.signed.day, granted=one) for one in map(wanted.get, new) if one
    ]
    lines = [_granted_line(dues[wanted[key].which], key, wanted[key]) for key in new]
    return _finish(sitting, "carry-tasks", new, facts, lines)


def dues_of(sitting: Sitting, which: Sequence[Which]) -> Mapping[Which, TaskDue]:
    """What these units owe; one that nobody owes is refused with its name."""
    if not which:
        return {}
    rows = sitting.session.execute(*_owed(sitting.cycle.id, sorted({one.task for one in which})))
    found = {Which(due.task, code, due.occasion): due for code, due in rows}
    missing = [one for one in which if one not in found]
    if missing:
        raise _unknown(missing[0], [one for one in found if one.task == missing[0].task])
    return found


@prepared
def _owed(cycle_id: int, tasks: Collection[str]):
    query = select(Unit.code, TaskDue).join(Unit, Unit.id == TaskDue.unit_id)
    query = query.where(TaskDue.cycle_id == cycle_id, TaskDue.task.in_(tasks))
    return query.execution_options(populate_existing=True)


def _finish(
    sitting: Sitting, act: str, new: Sequence[str], facts: Sequence[dict[str, object]], lines: Sequence[Touched]
) -> int:
    if new:
        insert_rows(sitting.session, TaskFact, list(facts[0]), (tuple(fact.values()) for fact in facts))
        sitting.finish(act, act_key(act, new), lines, Traces())
        project(sitting.session, sitting.cycle, {str(fact["task"]) for fact in facts})
    return len(new)


def _fact(
    sitting: Sitting, due: TaskDue, kind: str, on: date, *, proof: Proof | None = None, granted: Granted | None = None
) -> dict[str, object]:
    proof = proof or Proof(document=granted.document if granted else "")
    return {
        "cycle_id": sitting.cycle.id,
        "unit_id": due.unit_id,
        "task": due.task,
        "occasion": due.occasion,
        "kind": kind,
        "on_day": on,
        "at": sitting.signed.at,
        "by": sitting.signed.by,
        "until": granted.until if granted else None,
        "reason": granted.reason if granted else "",
        **proof.__dict__,
    }


def _line(due: TaskDue, key: str, change: Mapping[str, object]) -> Touched:
    late = {"holder": due.actor, "holder_unit": due.holder_id, "due": due.due_day}
    return Touched(due.unit_id, key, {**change, **late})


def _granted_line(due: TaskDue, key: str, one: Granted) -> Touched:
    return _line(due, key, {"until": one.until, "reason": one.reason, "document": one.document})


def _refuse_closed(which: Which, due: TaskDue) -> None:
    if due.done_on is not None:
        raise _is_closed(which, Words("đã xong", "done"))
    if due.carried_on is not None:
        raise _is_closed(which, Words("đã chuyển sang năm sau", "carried over"))


def _unknown(which: Which, near: Sequence[Which]) -> Refusal:
    owed = ", ".join(sorted(one.name for one in near)[:6])
    return Refusal(
        "task_not_owed",
        Words(f"Không đơn vị nào nợ việc “{which.name}”.", f"Nobody owes '{which.name}'."),
        Words(
            f"Việc này đang giao: {owed}." if owed else "Không có việc nào mang mã này.", f"Owed are: {owed or '—'}."
        ),
        Words(
            "Xem mã việc, đơn vị và kỳ hạn bằng `tcpl task list`.", "See tasks, units and occasions: `tcpl task list`."
        ),
        task=which.task,
        unit=which.unit,
        occasion=which.occasion,
    )


def _without_proof(which: Which) -> Refusal:
    return Refusal(
        "task_without_proof",
        Words(f"Việc “{which.name}” chưa có minh chứng.", f"'{which.name}' has no proof."),
        Words(
            "Việc xong phải có văn bản, biên bản hoặc tệp chứng minh.",
            "What is done is shown by a paper, or by a file.",
        ),
        Words("Thêm `--document SỐ` hoặc `--file TỆP`.", "Add `--document NUMBER` or `--file FILE`."),
    )


def _not_yet(which: Which, on: date) -> Refusal:
    return Refusal(
        "task_done_in_future",
        Words(f"Việc “{which.name}” không thể xong ngày {spoken(on)}.", f"'{which.name}' cannot be done on {on}."),
        Words("Ngày đó chưa đến.", "That day has not come."),
        Words("Ghi ngày đã làm xong.", "Name the day on which it was done."),
    )


def _without_reason(which: Which) -> Refusal:
    return Refusal(
        "task_without_reason",
        Words(
            f"Thiếu lý do hoặc số văn bản cho “{which.name}”.",
            f"The reason or the document of '{which.name}' is missing.",
        ),
        Words("Đổi hạn là việc của cơ quan, phải để lại căn cứ.", "A changed day is the office's own, on a ground."),
        Words("Thêm `--reason` và `--document`.", "Add `--reason` and `--document`."),
    )


def _not_later(which: Which, until: date, due: date) -> Refusal:
    return Refusal(
        "task_day_not_later",
        Words(
            f"Ngày {spoken(until)} không muộn hơn hạn hiện nay {spoken(due)} của “{which.name}”.",
            f"{until} is not later than the present day {due} of '{which.name}'.",
        ),
        Words(
            "Gia hạn hay chuyển năm chỉ có thể lùi ngày.", "Extending or carrying over moves a day back, not forward."
        ),
        Words(f"Chọn ngày sau {spoken(due)}.", f"Choose a day after {due}."),
        due_day=due.isoformat(),
    )


def _is_closed(which: Which, how: Words) -> Refusal:
    return Refusal(
        "task_closed",
        Words(f"Việc “{which.name}” {how.vi}.", f"'{which.name}' is {how.en}."),
        Words(
            "Việc đã kết thúc không gia hạn, không ghi lại.", "A task that has ended is not extended or ended again."
        ),
        Words("Xem `tcpl task list`.", "See `tcpl task list`."),
    )

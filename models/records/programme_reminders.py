"""Reminders of plan tasks: the rungs of their ladders, queued set-based beside those of the assessment's steps.

A notice of a task bears the stage "programme" and the task's id as its step; its title and the reason of its day stand
in `said`, one a line, since no regulation knows them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Integer, String, and_, bindparam, case, cast, exists, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.cycle.reminders import Rung, climbing_days, rungs_on, stood_on
from models.law.cycle_law import CycleLaw
from models.law.plan import Escalation, Ladder, Reminders
from models.law.programme import PROGRAMME
from models.law.regulation import Actor
from models.records.asking import send
from models.records.cycles import Agency, Cycle
from models.records.notices import LADDER_KINDS, Kind, Notice, NoticeState
from models.records.notices_ladder import AT, CYCLES, DAY
from models.records.prepared import prepared
from models.records.programme_tables import Task, TaskDue
from models.records.remembered import remembered
from models.records.rungs import kind_of, length_of, table_of, values_of
from models.records.units import Unit
from models.records.upserts import insert_new

Laws = Mapping[int, CycleLaw]
"""The law of each open cycle, by the cycle's id."""


def queue_task_ladders(session: Session, laws: Laws, day: date, at: datetime) -> None:
    """Remind those who owe tasks, and tell the level above of what is late; cycles with the same tasks go together."""
    dues = _owed_tasks(session, laws, at)
    tasks_under: dict[tuple[int, Ladder], list[str]] = defaultdict(list)
    for cycle_id, task in dues:
        tasks_under[cycle_id, _ladder(laws[cycle_id], task)].append(task)
    together: dict[tuple[Ladder, tuple[str, ...]], list[int]] = defaultdict(list)
    for (cycle_id, ladder), tasks in tasks_under.items():
        together[ladder, tuple(tasks)].append(cycle_id)
    for (ladder, tasks), cycle_ids in together.items():
        days = {due for cycle_id in cycle_ids for task in tasks for due in dues[cycle_id, task]}
        rungs = stood_on(rungs_on(ladder, day), days)
        if rungs:
            _queue(session, cycle_ids, tasks, rungs, at, day)
        late = [rung for rung in rungs if ladder.escalate_from is not None and rung.days <= -ladder.escalate_from]
        for above, alike in _with_the_same_superiors(laws, cycle_ids) if late else ():
            _escalate(session, alike, tasks, above, late, at, day)


def task_climbs(session: Session, laws: Laws, at: datetime) -> set[date]:
    """Every day on which a task that is open as of the moment climbs a rung."""
    return {
        day
        for (cycle_id, task), dues in _owed_tasks(session, laws, at).items()
        for due in dues
        for day in climbing_days(_ladder(laws[cycle_id], task), due)
    }


def _owed_tasks(session: Session, laws: Laws, at: datetime) -> dict[tuple[int, str], set[date]]:
    """The last days of the tasks that are open as of the moment, by cycle and task. Asked once, as `owed` is."""

    def ask() -> dict[tuple[int, str], set[date]]:
        found: dict[tuple[int, str], set[date]] = defaultdict(set)
        for cycle_id, task, due in session.execute(*_owed(list(laws), at)).tuples():
            found[cycle_id, task].add(due)
        return dict(found)

    return remembered(session, "owed tasks", (tuple(laws), at), ask)


@prepared
def _owed(cycle_ids: Sequence[int], at: datetime):
    query = select(TaskDue.cycle_id, TaskDue.task, TaskDue.due_day).distinct().order_by(TaskDue.task)
    return query.where(TaskDue.cycle_id.in_(cycle_ids), _is_open(at))


def _ladder(law: CycleLaw, task: str) -> Ladder:
    return (law.plan.reminders if law.plan else Reminders()).task_ladder(task)


def withdraw_outdated_tasks(session: Session, at: datetime) -> None:
    """Reminders of tasks that are done, carried over or extended are not sent; the reason is kept."""
    still_open = exists().where(
        TaskDue.cycle_id == Notice.cycle_id,
        TaskDue.unit_id == Notice.unit_id,
        TaskDue.task == Notice.step,
        TaskDue.occasion == Notice.occasion,
        TaskDue.due_day == Notice.due_day,
        _is_open(at),
    )
    session.execute(
        update(Notice)
        .where(
            Notice.state == NoticeState.QUEUED,
            Notice.stage == PROGRAMME,
            Notice.kind.in_([str(kind) for kind in LADDER_KINDS]),
            Notice.queued_at <= at,
            ~still_open,
        )
        .values(state=str(NoticeState.WITHDRAWN), reason="the task was done, carried over or extended")
        .execution_options(synchronize_session=False)
    )


def _queue(
    session: Session, cycle_ids: Sequence[int], tasks: Sequence[str], rungs: Sequence[Rung], at: datetime, day: date
) -> None:
    given = {"of_cycles": list(cycle_ids), "of_tasks": list(tasks), "at": at, "day": day}
    send(session, _reminders(length_of(rungs)), given | values_of(rungs))


@lru_cache(maxsize=16)
def _reminders(length: int) -> Insert:
    rung, agency = table_of(length, "task_rungs"), aliased(Agency)
    query = _open_on_a_rung(rung).join(agency, and_(agency.unit_id == TaskDue.holder_id, agency.actor == TaskDue.actor))
    return _inserted(query, kind_of(rung), agency, rung)


def _with_the_same_superiors(laws: Laws, cycle_ids: Sequence[int]) -> list[tuple[dict[str, Actor], list[int]]]:
    groups: dict[str, tuple[dict[str, Actor], list[int]]] = {}
    for cycle_id in cycle_ids:
        law = laws[cycle_id]
        above = superiors(law, law.plan.escalation if law.plan else ())
        groups.setdefault(repr(above), (above, []))[1].append(cycle_id)
    return [group for group in groups.values() if group[0]]


def superiors(law: CycleLaw, paths: Sequence[Escalation]) -> dict[str, Actor]:
    """Whom to tell of each holder: the nearest office above whose tier exists."""
    found: dict[str, Actor] = {}
    for path in paths:
        superior = next((actor for actor in path.then if actor.level in law.regulation.tiers), None)
        if superior is not None:
            found[str(path.holder)] = superior
    return found


def _escalate(
    session: Session,
    cycle_ids: Sequence[int],
    tasks: Sequence[str],
    above: dict[str, Actor],
    rungs: Sequence[Rung],
    at: datetime,
    day: date,
) -> None:
    given = {"of_cycles": list(cycle_ids), "of_tasks": list(tasks), "at": at, "day": day}
    statement = _escalations(length_of(rungs), tuple(above.items()))
    send(session, statement, given | values_of(rungs))


@lru_cache(maxsize=64)
def _escalations(length: int, above: tuple[tuple[str, Actor], ...]) -> Insert:
    rung, agency = table_of(length, "task_rungs"), aliased(Agency)
    of_district = [holder for holder, superior in above if superior.level == "district"]
    place = case((TaskDue.actor.in_(of_district), TaskDue.district_id), else_=Cycle.province_id)
    actor = case({holder: str(superior) for holder, superior in above}, value=TaskDue.actor)
    query = (
        _open_on_a_rung(rung)
        .join(Cycle, Cycle.id == TaskDue.cycle_id)
        .join(agency, and_(agency.unit_id == place, agency.actor == actor))
    )
    return _inserted(query, literal(str(Kind.ESCALATION), String), agency, rung)


def _is_open(at: Any) -> Any:
    return and_(
        TaskDue.known_at <= at,
        or_(TaskDue.done_at.is_(None), TaskDue.done_at > at),
        or_(TaskDue.carried_at.is_(None), TaskDue.carried_at > at),
    )


def _open_on_a_rung(rung: Any) -> Any:
    """Due tasks that were known and open as of the moment, and stand on a rung that day.

    The last occasion of a recurring task waits for its own period: nobody is reminded of December's in October.
    """
    return (
        select()
        .select_from(TaskDue)
        .join(rung, and_(TaskDue.due_day >= rung.c.first_due, TaskDue.due_day <= rung.c.last_due))
        .join(Task, and_(Task.cycle_id == TaskDue.cycle_id, Task.task == TaskDue.task))
        .join(Unit, Unit.id == TaskDue.unit_id)
        .where(
            TaskDue.cycle_id.in_(CYCLES),
            TaskDue.task.in_(bindparam("of_tasks", type_=String(), expanding=True)),
            TaskDue.starts_on <= DAY,
            _is_open(AT),
            or_(TaskDue.known_on <= rung.c.climbed_on, TaskDue.due_day < DAY),
        )
    )


def _inserted(query: Any, kind: Any, agency: Any, rung: Any) -> Insert:
    slash: Any = literal("/", String)
    key: Any = cast(TaskDue.cycle_id, String)
    due, days = cast(TaskDue.due_day, String), cast(rung.c.days, String)
    for part in (kind, TaskDue.task, TaskDue.occasion, Unit.code, due, days, agency.actor):
        key = key + slash + part
    chosen = {
        "key": key,
        "cycle_id": TaskDue.cycle_id,
        "unit_id": TaskDue.unit_id,
        "agency_id": agency.id,
        "kind": kind,
        "stage": literal(PROGRAMME, String),
        "step": TaskDue.task,
        "occasion": TaskDue.occasion,
        "due_day": TaskDue.due_day,
        "rung": rung.c.days,
        "said": Task.title + literal("\n", String) + Task.ground,
        "state": literal(str(NoticeState.QUEUED), String),
        "queued_at": AT,
        "not_before": AT,
        "attempts": literal(0, Integer),
    }
    rows = query.add_columns(*(value.label(name) for name, value in chosen.items())).order_by(
        TaskDue.due_day, TaskDue.task, Unit.code
    )
    return insert_new(Notice).from_select(list(chosen), rows)

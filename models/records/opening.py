"""Opening and closing: a cycle with its law, dossiers and agencies; its stages; and what keeps it open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from models.cycle.agencies import agency_name
from models.cycle.lifecycle import State, holder_of
from models.law.calendar import Calendar
from models.law.regulation import Actor, Regulation, Stage
from models.law.resolve import CycleLaw
from models.records.acting import Sitting, Traces
from models.records.base import count_rows
from models.records.cycles import Agency, Cycle, CycleLawVersion, CycleStage, find_cycle, stages_of
from models.records.deadlines import Deadline, store_calendar
from models.records.dossiers import Dossier
from models.records.journal import Signed, Touched, write
from models.records.notices import Kind, Word
from models.records.owing import DUE, IN_A_STAGE, stages_done
from models.records.prepared import prepared
from models.records.programme_tables import TaskDue
from models.records.projection import project
from models.records.units import Unit
from models.records.upserts import insert_new


@dataclass(frozen=True)
class Opened:
    """The cycle, and whether this call opened it."""

    cycle: Cycle
    created: bool


def open_cycle(
    session: Session,
    law: CycleLaw,
    calendar: Calendar,
    province: Unit,
    communes: Sequence[Unit],
    *,
    trial: bool,
    signed: Signed,
) -> Opened:
    """Open the cycle of a province and a year under a law that may open it; repeating it changes nothing.

    Whether the law may open it (its marks) is asked before, by `models.law.resolve.obstacles`.
    """
    existing = find_cycle(session, province.code, law.year, trial)
    if existing:
        return Opened(existing, created=False)
    cycle = _new_cycle(session, law, calendar, province, trial, signed)
    _add_dossiers(session, cycle, law.regulation, communes, signed.day)
    _add_agencies(session, law.regulation, province, communes)
    lines = [Touched(unit.id, f"open/{unit.code}", {"state": State.SELF_ASSESSMENT}) for unit in communes]
    write(session, cycle.id, "open-cycle", "open-cycle", signed, lines)
    count_rows(session, "calendar_days, dossiers")
    project(session, cycle, law, calendar)
    return Opened(cycle, created=True)


def _new_cycle(
    session: Session, law: CycleLaw, calendar: Calendar, province: Unit, trial: bool, signed: Signed
) -> Cycle:
    version = store_calendar(session, calendar)
    cycle = Cycle(
        province_id=province.id,
        year=law.year,
        trial=trial,
        regulation_id=law.regulation.id,
        law_version=1,
        opened_on=signed.day,
        opened_at=signed.at,
    )
    session.add(cycle)
    session.flush()
    session.add(
        CycleLawVersion(
            cycle_id=cycle.id,
            version=1,
            calendar_version=version,
            hash=law.content_hash(),
            text=law.text(),
            reason=signed.ground,
            made_at=signed.at,
        )
    )
    session.flush()
    return cycle


def _add_dossiers(session: Session, cycle: Cycle, regulation: Regulation, communes: Sequence[Unit], day: date) -> None:
    holder = str(holder_of(regulation, State.SELF_ASSESSMENT))
    three_tiers = "district" in regulation.tiers
    session.execute(
        insert(Dossier),
        [
            {
                "cycle_id": cycle.id,
                "unit_id": unit.id,
                "district_id": unit.parent_id if three_tiers else None,
                "state": str(State.SELF_ASSESSMENT),
                "holder": holder,
                "since": day,
                "round": 1,
            }
            for unit in communes
        ],
    )


def _add_agencies(session: Session, regulation: Regulation, province: Unit, communes: Sequence[Unit]) -> None:
    """Every office that acts under the regulation, for every unit that takes part; those known already stay."""
    actors = {step.actor for _, step in regulation.steps()} | {regulation.authority.decides}
    actors |= {Actor.COMMUNE, Actor.PROVINCE_JUSTICE, Actor.PROVINCE_COMMITTEE}
    units = [*communes, province]
    if "district" in regulation.tiers:
        ids = sorted({unit.parent_id for unit in communes if unit.parent_id})
        units += session.scalars(select(Unit).where(Unit.id.in_(ids))).all()
    rows = [
        {"unit_id": unit.id, "actor": str(actor), "name": agency_name(actor, unit.name)}
        for unit in units
        for actor in sorted(actors)
        if actor.level == unit.level
    ]
    session.execute(insert_new(Agency), rows)


def add_commune_agencies(session: Session, regulation: Regulation, communes: Sequence[Unit]) -> None:
    """The offices of communes that came into a cycle after its opening; those known already stay."""
    actors = {step.actor for _, step in regulation.steps() if step.actor.level == "commune"} | {Actor.COMMUNE}
    rows = [
        {"unit_id": unit.id, "actor": str(actor), "name": agency_name(actor, unit.name)}
        for unit in communes
        for actor in sorted(actors)
    ]
    session.execute(insert_new(Agency), rows)


def open_stage(sitting: Sitting, stage: Stage) -> bool:
    """Open a stage and tell those who act in it; False if it was open (or closed) already."""
    if stage in stages_of(sitting.session, sitting.cycle.id):
        return False
    sitting.session.add(CycleStage(cycle_id=sitting.cycle.id, stage=str(stage), opened_on=sitting.signed.day))
    sitting.session.flush()
    line = Touched(sitting.cycle.province_id, f"open-stage/{stage}", {"stage": stage, "opened": True})
    traces = Traces(words=_opening_words(sitting, stage))
    sitting.finish("open-stage", f"open-stage/{stage}", [line], traces)
    return True


def _opening_words(sitting: Sitting, stage: Stage) -> list[Word]:
    """To the holders of the stage's first step and of the one it is measured by."""
    spec = next(spec for spec in sitting.law.regulation.stages if spec.stage is stage)
    steps = {spec.steps[0].id, spec.measured_by}
    holders = sitting.session.execute(
        select(Deadline.holder_id, Deadline.actor, func.min(Deadline.due_day))
        .where(Deadline.cycle_id == sitting.cycle.id, Deadline.step.in_(steps))
        .group_by(Deadline.holder_id, Deadline.actor)
        .order_by(Deadline.actor, Deadline.holder_id)
    )
    return [
        Word(
            Kind.STAGE_OPENED,
            about_id=holder_id,
            to_unit_id=holder_id,
            to_actor=Actor(actor),
            key=f"stage_opened/{stage}/{holder_id}",
            stage=str(stage),
            due_day=due,
        )
        for holder_id, actor, due in holders
    ]


def close_stage(sitting: Sitting, stage: Stage) -> bool:
    """Close an open stage in which nothing is owed any more; False if something is, or it is not open."""
    found = stages_of(sitting.session, sitting.cycle.id).get(stage)
    done = (sitting.cycle.id, str(stage)) in stages_done(sitting.session, [sitting.cycle.id], sitting.signed.at)
    if found is None or found.closed_on is not None or not done:
        return False
    sitting.session.execute(
        update(CycleStage)
        .where(CycleStage.cycle_id == sitting.cycle.id, CycleStage.stage == str(stage))
        .values(closed_on=sitting.signed.day)
    )
    line = Touched(sitting.cycle.province_id, f"close-stage/{stage}", {"stage": stage, "closed": True})
    sitting.finish("close-stage", f"close-stage/{stage}", [line], Traces())
    return True


def what_keeps_it_open(session: Session, cycle: Cycle, at: datetime) -> list[tuple[str, int]]:
    """The closing checklist as of a moment: each step (and task of the plan) still owed, and by how many."""
    rows = session.execute(
        select(Deadline.step, func.count())
        .where(
            Deadline.cycle_id == cycle.id,
            Deadline.due_day.is_not(None),
            or_(Deadline.done_at.is_(None), Deadline.done_at > at),
        )
        .group_by(Deadline.step)
        .order_by(Deadline.step)
    )
    tasks = session.execute(
        select(TaskDue.task, func.count())
        .where(
            TaskDue.cycle_id == cycle.id,
            TaskDue.known_at <= at,
            or_(TaskDue.done_at.is_(None), TaskDue.done_at > at),
            or_(TaskDue.carried_at.is_(None), TaskDue.carried_at > at),
        )
        .group_by(TaskDue.task)
        .order_by(TaskDue.task)
    )
    return [*rows.tuples(), *tasks.tuples()]


def with_nothing_owed(session: Session, cycle_ids: Collection[int], at: datetime) -> list[int]:
    """Those of the cycles that are open and whose closing checklist is empty; one question, however many they are."""
    return list(session.scalars(*_with_nothing_owed(list(cycle_ids), at)))


@prepared
def _with_nothing_owed(cycle_ids: Collection[int], at: datetime):
    owing = exists().where(Deadline.cycle_id == Cycle.id, IN_A_STAGE, DUE.is_not(None))
    tasks = exists().where(
        TaskDue.cycle_id == Cycle.id,
        TaskDue.known_at <= at,
        or_(TaskDue.done_at.is_(None), TaskDue.done_at > at),
        or_(TaskDue.carried_at.is_(None), TaskDue.carried_at > at),
    )
    query = select(Cycle.id).where(Cycle.id.in_(cycle_ids), Cycle.closed_on.is_(None), ~tasks)
    query = query.where(~owing.where(Deadline.done_at.is_(None)), ~owing.where(Deadline.done_at > at))
    return query.order_by(Cycle.id)


def close_cycle(sitting: Sitting) -> bool:
    """Close the cycle when nothing is owed any more; False if it is closed already or something keeps it open."""
    if sitting.cycle.closed_on is not None or what_keeps_it_open(sitting.session, sitting.cycle, sitting.signed.at):
        return False
    line = Touched(sitting.cycle.province_id, "close-cycle", {"closed": True})
    sitting.finish("close-cycle", "close-cycle", [line], Traces())
    sitting.session.execute(update(Cycle).where(Cycle.id == sitting.cycle.id).values(closed_on=sitting.signed.day))
    return True

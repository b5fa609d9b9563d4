"""The ladder: which holders of open deadlines are reminded on a day, and whose superiors are told; set-based."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Insert, Integer, String, and_, bindparam, case, cast, exists, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.cycle.reminders import Rung
from models.law.programme import PROGRAMME
from models.law.regulation import Actor
from models.records.asking import send
from models.records.base import Moment
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.notices import LADDER_KINDS, Kind, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice
from models.records.owing import is_owed
from models.records.rungs import kind_of, length_of, table_of, values_of
from models.records.units import Unit
from models.records.upserts import insert_new

CYCLES, STEPS = bindparam("of_cycles", type_=Integer, expanding=True), bindparam("of_steps", expanding=True)
AT, DAY = bindparam("at", type_=Moment()), bindparam("day", type_=Date)


def queue_ladder(
    session: Session, cycle_ids: Sequence[int], steps: Sequence[str], rungs: Sequence[Rung], at: datetime, day: date
) -> None:
    """Remind the holders of open deadlines of these steps that stand on a rung today; one statement for all cycles."""
    given = {"of_cycles": list(cycle_ids), "of_steps": list(steps), "at": at, "day": day}
    send(session, _ladder(length_of(rungs)), given | values_of(rungs))


@lru_cache(maxsize=16)
def _ladder(length: int) -> Insert:
    """Built once for each number of rungs: to build it took longer than a quiet morning's run of it."""
    rung, agency = table_of(length, "rungs"), aliased(Agency)
    query = (
        _open_on_a_rung(rung)
        .where(Deadline.step.in_(STEPS))
        .join(agency, and_(agency.unit_id == Deadline.holder_id, agency.actor == Deadline.actor))
        .join(Unit, Unit.id == Deadline.unit_id)
    )
    return _inserted(query, kind_of(rung), agency, rung)


def queue_escalations(
    session: Session,
    cycle_ids: Sequence[int],
    holder: Actor,
    superior: Actor,
    rungs: Sequence[Rung],
    at: datetime,
    day: date,
) -> None:
    """Tell the superior about what its holders have not done; one statement for all. Told once under each rung."""
    given = {"of_cycles": list(cycle_ids), "holder": str(holder), "superior": str(superior), "at": at, "day": day}
    statement = _escalations(length_of(rungs), superior.level == "district")
    send(session, statement, given | values_of(rungs))


@lru_cache(maxsize=16)
def _escalations(length: int, to_district: bool) -> Insert:
    rung, agency = table_of(length, "rungs"), aliased(Agency)
    place: Any = Deadline.district_id if to_district else Cycle.province_id
    query = (
        _open_on_a_rung(rung)
        .where(Deadline.actor == bindparam("holder"))
        .join(Cycle, Cycle.id == Deadline.cycle_id)
        .join(agency, and_(agency.unit_id == place, agency.actor == bindparam("superior")))
        .join(Unit, Unit.id == Deadline.unit_id)
    )
    return _inserted(query, literal(str(Kind.ESCALATION), String), agency, rung)


def _open_on_a_rung(rung: Any) -> Any:
    """Deadlines that were known and not done as of the moment, and stand on a rung on that day."""
    return (
        select()
        .select_from(Deadline)
        .join(rung, and_(Deadline.due_day >= rung.c.first_due, Deadline.due_day <= rung.c.last_due))
        .where(
            *is_owed(CYCLES, AT),
            # a rung that was due before the deadline was known is not climbed after the fact
            or_(Deadline.known_on <= rung.c.climbed_on, Deadline.due_day < DAY),
        )
    )


def _inserted(query: Any, kind: Any, agency: Any, rung: Any) -> Insert:
    slash = literal("/", String)
    parts = (
        cast(Deadline.cycle_id, String),
        kind,
        Deadline.step,
        Deadline.occasion,
        Unit.code,
        cast(Deadline.due_day, String),
        cast(rung.c.days, String),
        agency.actor,
    )
    key: Any = parts[0]
    for part in parts[1:]:
        key = key + slash + part
    chosen = {
        "key": key,
        "cycle_id": Deadline.cycle_id,
        "unit_id": Deadline.unit_id,
        "agency_id": agency.id,
        "kind": kind,
        "stage": Deadline.stage,
        "step": Deadline.step,
        "occasion": Deadline.occasion,
        "due_day": Deadline.due_day,
        "rung": rung.c.days,
        "state": literal(str(NoticeState.QUEUED), String),
        "queued_at": AT,
        "not_before": AT,
        "attempts": literal(0, Integer),
    }
    rows = query.add_columns(*(value.label(name) for name, value in chosen.items())).order_by(
        Deadline.due_day, Unit.code
    )
    return insert_new(Notice).from_select(list(chosen), rows)


def withdraw_outdated(session: Session, at: datetime) -> None:
    """What is not sent yet and has become untrue or doubled is not sent; the reason is kept.

    A reminder whose deadline was met or has moved; a rung that a later one of the same deadline has overtaken (after
    an outage one message tells the true remaining time); a letter that has nothing left to say.
    """
    _withdraw(session, at, ~_deadline_still_open(at), "the deadline was met or has moved")
    _withdraw(session, at, _overtaken(), "a later reminder of the same deadline says it")
    something_to_say = exists().where(
        LetterNotice.letter_id == Letter.id, Notice.id == LetterNotice.notice_id, Notice.state == NoticeState.QUEUED
    )
    session.execute(
        update(Letter)
        .where(Letter.state == NoticeState.QUEUED, ~something_to_say)
        .values(state=str(NoticeState.WITHDRAWN))
        .execution_options(synchronize_session=False)
    )


def _withdraw(session: Session, at: datetime, why_not: Any, reason: str) -> None:
    under_way = exists().where(
        LetterNotice.notice_id == Notice.id, Letter.id == LetterNotice.letter_id, Letter.state == NoticeState.CLAIMED
    )
    session.execute(
        update(Notice)
        .where(
            Notice.state == NoticeState.QUEUED,
            Notice.kind.in_([str(kind) for kind in LADDER_KINDS]),
            Notice.stage != PROGRAMME,  # theirs are withdrawn by models.records.programme_reminders
            Notice.queued_at <= at,
            ~under_way,
            why_not,
        )
        .values(
            state=case((Notice.sent_at.is_(None), str(NoticeState.WITHDRAWN)), else_=str(NoticeState.SENT)),
            reason=reason,
        )
        .execution_options(synchronize_session=False)
    )


def _deadline_still_open(at: datetime) -> Any:
    return exists().where(
        Deadline.cycle_id == Notice.cycle_id,
        Deadline.unit_id == Notice.unit_id,
        Deadline.step == Notice.step,
        Deadline.occasion == Notice.occasion,
        Deadline.due_day == Notice.due_day,
        or_(Deadline.done_at.is_(None), Deadline.done_at > at),
    )


def _overtaken() -> Any:
    later = aliased(Notice)
    same = ("cycle_id", "unit_id", "agency_id", "step", "occasion", "due_day")
    return exists().where(
        *(getattr(later, name) == getattr(Notice, name) for name in same),
        later.kind.in_([str(kind) for kind in LADDER_KINDS]),
        (later.kind == Kind.ESCALATION) == (Notice.kind == Kind.ESCALATION),
        later.rung < Notice.rung,
        later.state.in_([str(NoticeState.QUEUED), str(NoticeState.SENT)]),
    )

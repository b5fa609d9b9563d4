"""A year lived through by its cast: who plays, which days want something done, and the figures at the end."""

from datetime import date, datetime, time

from sqlalchemy import or_, select

from models.cycle.reminders import climbing_days
from models.law.deadlines import reckon
from models.law.plan import Reminders
from models.records import board, notices
from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadlines import Deadline, load_calendar
from models.records.dossiers import Dossier
from models.records.programme_reminders import tasks_climb
from models.records.units import Unit
from tasks import clock
from tasks.anchors import anchor
from tasks.cast import Script, cast
from tasks.database import reading
from tasks.opening import cycle_span
from tasks.plays import PLAYS
from tasks.programme_plays import programme_days
from tasks.stages import stages_with_work

OFFICE = time(14, 0)


def morning_has_work(script: Script, day: date) -> bool:
    """Whether the day's tick would open, note or close anything."""
    return day == min(script.openings) or bool(stages_with_work(script.cycle_id, clock.moment(day)))


def write_script(cycle_id: int, seed: int) -> Script:
    """The whole year's script, from the cycle's law and units and the seed alone."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        calendar = load_calendar(session, calendar_version_of(session, cycle))
        steps = {
            step.id: reckon(stage, step, cycle.year, calendar, starts={}) for stage, step in law.regulation.steps()
        }
        days = {name: found.last_day for name, found in steps.items() if found.last_day}
        days |= programme_days(session, cycle, law)
        rows = session.execute(
            select(Unit.code, Dossier.district_id)
            .join(Unit, Unit.id == Dossier.unit_id)
            .where(Dossier.cycle_id == cycle_id)
        ).all()
        ids = sorted({district for _, district in rows if district})
        names = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids))).tuples().all())
        province = session.get_one(Unit, cycle.province_id)
        people = cast([code for code, _ in rows], seed, days["submit-dossier"], days["close-remedies"])
        return Script(
            cycle_id,
            (province.id, province.code),
            tuple(sorted(names.items(), key=lambda item: item[1])),
            tuple(people),
            {code: names.get(district, "") for code, district in rows},
            days,
            cycle.year,
            frozenset({cycle.opened_on, *(stage.on for stage in (law.plan.stages if law.plan else {}).values())}),
        )


def act_on(script: Script, day: date) -> None:
    """Everything that the cast does on a day; done already, it changes nothing."""
    if day not in acting_days(script):
        return
    at = clock.moment(day, OFFICE)
    with reading() as session:
        law = law_of(session, session.get_one(Cycle, script.cycle_id))
    for play in PLAYS:
        play(script, law, day, at)
    anchor()


def acting_days(script: Script) -> list[date]:
    """Every day on which somebody acts."""
    days = {person.files_on for person in script.people} | {script.day(name) for name in script.days}
    days |= {script.day("submit-dossier", 3), script.day("submit-dossier", 6), script.day("decide", -5)}
    days |= {script.day("decide", -3), script.day("decide", 1), *(p.mends_on for p in script.people if p.mends_on)}
    return sorted(days)


def has_rungs(script: Script, day: date) -> bool:
    """Whether any deadline that is open as of the morning climbs a rung on the day: a quiet day costs nothing."""
    at = clock.moment(day)
    with reading() as session:
        cycle = session.get_one(Cycle, script.cycle_id)
        law = law_of(session, cycle)
        reminders = law.plan.reminders if law.plan else Reminders()
        stages = {step.id: stage for stage, step in law.regulation.steps()}
        rows = session.execute(
            select(Deadline.step, Deadline.due_day)
            .where(
                Deadline.cycle_id == cycle.id,
                Deadline.due_day.is_not(None),
                Deadline.known_at <= at,
                or_(Deadline.done_at.is_(None), Deadline.done_at > at),
            )
            .distinct()
        ).tuples()
        if tasks_climb(session, cycle, law, day, at):
            return True
        return any(day in climbing_days(reminders.ladder(stages[step], step), due) for step, due in rows if due)


def something_to_send(at: datetime) -> bool:
    """Whether a delivery at the moment would find anything queued."""
    queued = (notices.NoticeState.QUEUED, notices.NoticeState.CLAIMED)
    with reading() as session:
        query = select(notices.Notice.id).where(notices.Notice.state.in_(queued), notices.Notice.not_before <= at)
        return session.scalar(query.limit(1)) is not None


def last_day(cycle_id: int) -> date:
    """The day on which the rehearsal ends."""
    return cycle_span(cycle_id)[1]


def summary(cycle_id: int, day: date) -> dict[str, object]:
    """The figures of a rehearsed year."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law, states = law_of(session, cycle), notices.counts_by_state(session)
        return {
            "regulation": cycle.regulation_id,
            "stages": [
                {
                    "stage": str(found.stage),
                    "opened_on": found.opened_on,
                    "last_day": found.last_day,
                    "on_time": found.all.done_on_time,
                    "late": found.all.done_late,
                    "outstanding": found.all.outstanding,
                }
                for found in board.figures(session, cycle, law, day)
            ],
            "outcomes": board.outcomes(session, cycle_id),
            "notices": notices.counts_by_kind(session, cycle_id),
            "deliveries": {"sent": states.get("sent", 0), "failed": states.get("abandoned", 0)},
        }

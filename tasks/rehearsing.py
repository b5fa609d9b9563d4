"""A year lived through by its cast: who plays, which days want something done, and the figures at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from models.law.deadlines import reckon
from models.records import board, notices
from models.records.cycles import Cycle, calendar_version_of, law_of, laws_of
from models.records.deadlines import load_calendar
from models.records.dossiers import Dossier
from models.records.units import Unit
from tasks import clock
from tasks.anchors import anchor
from tasks.cast import Script, cast
from tasks.database import reading
from tasks.opening import cycle_span
from tasks.plays import PLAYS
from tasks.programme_plays import programme_days
from tasks.quiet_days import morning

__all__ = ("morning",)  # in a module of its own, and reached from here too

OFFICE = time(14, 0)


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
    all_act([script], day)


def all_act(scripts: Sequence[Script], day: date) -> None:
    """The same in several provinces, one after another; the journals' heads are anchored once for all."""
    acting = [script for script in scripts if day in script.acting]
    if not acting:
        return
    with reading() as session:
        laws = laws_of(session, [script.cycle_id for script in acting])
    for script in acting:
        for play in PLAYS:
            play(script, laws[script.cycle_id], day, clock.moment(day, OFFICE))
    anchor()


def acting_days(script: Script) -> list[date]:
    """Every day on which somebody acts."""
    return sorted(script.acting)


def something_to_send(at: datetime) -> bool:
    """Whether a delivery at the moment would find anything queued."""
    queued = (notices.NoticeState.QUEUED, notices.NoticeState.CLAIMED)
    with reading() as session:
        query = select(notices.Notice.id).where(notices.Notice.state.in_(queued), notices.Notice.not_before <= at)
        return session.scalar(query.limit(1)) is not None


def last_day(cycle_id: int) -> date:
    """The day on which the rehearsal ends."""
    return cycle_span(cycle_id)[1]


def summary(cycle_id: int, day: date) -> dict[str, Any]:
    """The figures of a rehearsed year."""
    return summary_of([cycle_id], day)


def summary_of(cycle_ids: Sequence[int], day: date) -> dict[str, Any]:
    """The figures of the year in several provinces, counted together; the stages of the first stand for all."""
    with reading() as session:
        states = notices.counts_by_state(session)
        cycles = [session.get_one(Cycle, cycle_id) for cycle_id in cycle_ids]
        laws = laws_of(session, cycles)
        figures = [board.figures(session, cycle, laws[cycle.id], day) for cycle in cycles]
        return {
            "regulation": cycles[0].regulation_id,
            "stages": [_added(alike) for alike in zip(*figures, strict=True)],
            "outcomes": _sum(board.outcomes(session, cycle_id) for cycle_id in cycle_ids),
            "notices": _sum(notices.counts_by_kind(session, cycle_id) for cycle_id in cycle_ids),
            "deliveries": {"sent": states.get("sent", 0), "failed": states.get("abandoned", 0)},
        }


def _added(alike: Sequence[board.StageFigures]) -> dict[str, Any]:
    """One stage over the provinces: when it opened first, its latest last day, its counts."""
    return {
        "stage": str(alike[0].stage),
        "opened_on": min((found.opened_on for found in alike if found.opened_on), default=None),
        "last_day": max((found.last_day for found in alike if found.last_day), default=None),
        "on_time": sum(found.all.done_on_time for found in alike),
        "late": sum(found.all.done_late for found in alike),
        "outstanding": sum(found.all.outstanding for found in alike),
    }


def _sum(counted: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counted:
        total.update(one)
    return dict(sorted(total.items()))

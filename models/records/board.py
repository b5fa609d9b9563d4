"""The dashboard's figures: per stage and district, counted from the deadlines as of a day. Nothing here is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.law.regulation import Stage
from models.law.resolve import CycleLaw
from models.records.cycles import Cycle, CycleStage, stages_of_all
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.owing import DUE, IN_A_STAGE
from models.records.prepared import prepared
from models.records.units import Unit
from models.records.until_acts import by_cycle, of_acts

AT_RISK_DAYS = 3
"""`local`, of this product: so close before its last day, what is not done is at risk."""


@dataclass(frozen=True)
class Counts:
    """How many subjects of a stage are where. The six are exclusive; their sum is all that owe the stage's step."""

    not_started: int = 0
    in_progress: int = 0
    at_risk: int = 0
    overdue: int = 0
    done_on_time: int = 0
    done_late: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.not_started + other.not_started,
            self.in_progress + other.in_progress,
            self.at_risk + other.at_risk,
            self.overdue + other.overdue,
            self.done_on_time + other.done_on_time,
            self.done_late + other.done_late,
        )

    @property
    def outstanding(self) -> int:
        return self.not_started + self.in_progress + self.at_risk + self.overdue

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def worst(self) -> str:
        """The standing that the whole is coloured by: one overdue file outweighs all that are done."""
        if self.overdue or self.at_risk:
            return "overdue" if self.overdue else "at_risk"
        return "open" if self.outstanding else "done_late" if self.done_late else "done_on_time"


@dataclass(frozen=True)
class StageFigures:
    """One stage on the board: when it opened and closed, its last day, the counts by district (None: the province)."""

    stage: Stage
    opened_on: date | None
    closed_on: date | None
    last_day: date | None
    by_district: dict[str | None, Counts]

    @cached_property
    def all(self) -> Counts:
        return sum(self.by_district.values(), Counts())


@of_acts
def figures(session: Session, cycle: Cycle, law: CycleLaw, on: date) -> list[StageFigures]:
    """The board of a cycle as of a day, in the order of the regulation's stages."""
    return figures_by_cycle(session, {cycle.id: law}, on)[cycle.id]


def figures_by_cycle(session: Session, laws: Mapping[int, CycleLaw], on: date) -> dict[int, list[StageFigures]]:
    """The boards of many cycles at once, by cycle id; `laws`: the law of each. Three statements, however many."""
    ids, opened = sorted(laws), stages_of_all(session, sorted(laws))
    codes = dict(session.execute(*_district_codes(ids)).tuples().all())
    steps = sorted({spec.measured_by for law in laws.values() for spec in law.regulation.stages})
    rows: dict[int, list[Any]] = {cycle_id: [] for cycle_id in ids}
    for *row, cycle_id in session.execute(*counting(ids, steps, on, Deadline.district_id, Deadline.cycle_id)):
        rows[cycle_id].append(row)
    return {one: _figures(laws[one], opened.get(one, {}), codes, rows[one], on) for one in ids}


def _figures(
    law: CycleLaw, opened: Mapping[Stage, CycleStage], codes: Mapping[int, str], rows: Sequence[Any], on: date
) -> list[StageFigures]:
    measured = {spec.measured_by: spec.stage for spec in law.regulation.stages}
    counted: dict[Stage, dict[str | None, Counts]] = {spec.stage: {} for spec in law.regulation.stages}
    last: dict[Stage, date | None] = {}
    for step, district_id, last_day, *counts in sorted(rows, key=lambda row: (row[0], codes.get(row[1], ""))):
        if step not in measured:  # of another cycle's law
            continue
        stage = measured[step]
        begun = stage in opened and opened[stage].opened_on <= on
        last[stage] = max(filter(None, (last.get(stage), last_day)), default=None)
        district = codes.get(district_id)
        counted[stage][district] = counted[stage].get(district, Counts()) + counts_of(begun, counts)
    return [
        StageFigures(
            stage,
            opened[stage].opened_on if stage in opened else None,
            opened[stage].closed_on if stage in opened else None,
            last.get(stage),
            by_district,
        )
        for stage, by_district in counted.items()
    ]


@prepared
def _district_codes(cycle_ids: Sequence[int]):
    """Every id of a district of the cycles' deadlines, with its code: few rows, so that the counting joins nothing."""
    owing = select(Deadline.district_id).where(Deadline.cycle_id.in_(cycle_ids)).distinct()
    return select(Unit.id, Unit.code).where(Unit.id.in_(owing)).order_by(Unit.code)


@prepared
def counting(cycle_ids: Sequence[int], steps: Sequence[str], on: date, by: Any, and_by: Any = None) -> Any:
    """Counts by step and by a column of the deadlines or two; all that it reads stands in `ix_deadlines_counted`."""
    more = () if and_by is None else (and_by,)
    done = and_(Deadline.done_on.is_not(None), Deadline.done_on <= on)
    open_ = or_(Deadline.done_on.is_(None), Deadline.done_on > on)
    late = Deadline.done_on > Deadline.last_day
    overdue = and_(open_, Deadline.last_day < on)
    at_risk = and_(open_, Deadline.last_day >= on, Deadline.due_day <= on + timedelta(days=AT_RISK_DAYS))
    return (
        select(
            Deadline.step,
            by,
            func.max(Deadline.last_day),
            func.count(case((and_(done, or_(Deadline.last_day.is_(None), ~late)), 1))),
            func.count(case((and_(done, late), 1))),
            func.count(case((overdue, 1))),
            func.count(case((at_risk, 1))),
            func.count(case((open_, 1))),
            *more,
        )
        .where(
            Deadline.cycle_id.in_(cycle_ids),
            Deadline.step.in_(steps),
            Deadline.occasion == "",
            Deadline.known_on <= on,
        )
        .group_by(Deadline.step, by, *more)
    )


def known_by(on: date) -> Any:
    """Deadlines of which a past day knew already. What falls due ahead of an event is known before the event's day."""
    return or_(Deadline.known_on <= on, Deadline.starts_on > Deadline.due_day)


def counts_of(begun: bool, counts: Sequence[int]) -> Counts:
    on_time, late, overdue, at_risk, still_open = counts
    rest = still_open - overdue - at_risk
    return Counts(
        not_started=0 if begun else rest,
        in_progress=rest if begun else 0,
        at_risk=at_risk,
        overdue=overdue,
        done_on_time=on_time,
        done_late=late,
    )


def outcomes(session: Session, cycle_id: int, on: date | None = None) -> dict[str, int]:
    """How many communes are recognised, and how many not (by the day, if one is given); both keys are always there."""
    return outcomes_by_cycle(session, [cycle_id], on)[cycle_id]


def outcomes_by_cycle(session: Session, cycle_ids: Sequence[int], on: date | None = None) -> dict[int, dict[str, int]]:
    """The same for many cycles at once, by cycle id."""
    decided = (State.RECOGNISED, State.NOT_RECOGNISED)
    rows = session.execute(*_in_states(cycle_ids, decided, on))
    found = {(cycle_id, state): count for cycle_id, state, count in rows.tuples()}
    return {one: {str(state): found.get((one, state), 0) for state in decided} for one in cycle_ids}


@prepared
def _in_states(cycle_ids: Sequence[int], states: Sequence[State], on: date | None):
    return (
        select(Dossier.cycle_id, Dossier.state, func.count())
        .where(Dossier.cycle_id.in_(cycle_ids), Dossier.state.in_(states))
        .where(true() if on is None else Dossier.since <= on)
        .group_by(Dossier.cycle_id, Dossier.state)
    )


@of_acts
def district_names(session: Session, cycle_id: int) -> dict[str, str]:
    """The districts that have dossiers in the cycle: code and name."""
    return districts_by_cycle(session, [cycle_id])[cycle_id]


def districts_by_cycle(session: Session, cycle_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The same for many cycles at once, by cycle id."""
    found: dict[int, dict[str, str]] = {one: {} for one in cycle_ids}
    for cycle_id, code, name in session.execute(*_districts(cycle_ids)).tuples():
        found[cycle_id][code] = name
    return found


@prepared
def _districts(cycle_ids: Sequence[int]):
    having = select(Dossier.cycle_id, Dossier.district_id).where(Dossier.cycle_id.in_(cycle_ids)).distinct().subquery()
    return (
        select(having.c.cycle_id, Unit.code, Unit.name)
        .join(Unit, Unit.id == having.c.district_id)
        .order_by(having.c.cycle_id, Unit.code)
    )


def overdue_on(session: Session, cycle_ids: Sequence[int], on: date) -> int:
    """How many deadlines of any step are past the law's last day and not done, as of a day: the board's "overdue"."""
    return sum(overdue_of(session, cycle_ids, on).values())


def overdue_of(session: Session, cycle_ids: Sequence[int], on: date) -> dict[int, int]:
    """The same for many cycles at once, by cycle id."""

    def count(ids: Sequence[int]) -> dict[int, int]:
        return dict.fromkeys(ids, 0) | dict(session.execute(*_overdue(ids, on)).tuples().all())

    return by_cycle(session, cycle_ids, ("overdue", on), count)


@prepared
def _overdue(cycle_ids: Sequence[int], on: date):
    """Not done at all, by the index of those: of a year that is nearly over there are few. And done later than the day,
    of which today has none but what was announced."""
    past = select(func.count()).select_from(Deadline)  # else no rule of a territory reaches it
    past = past.where(Deadline.cycle_id == Cycle.id, Deadline.last_day < on, known_by(on))
    not_done = past.where(IN_A_STAGE, Deadline.done_at.is_(None), DUE.is_not(None))
    later = past.where(Deadline.done_on > on, Deadline.due_day.is_not(None))
    return select(Cycle.id, not_done.scalar_subquery() + later.scalar_subquery()).where(Cycle.id.in_(cycle_ids))

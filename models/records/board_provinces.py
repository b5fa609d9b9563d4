"""A country's board: how every province stands in every stage, in one statement over all of its cycles of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.law.regulation import Stage
from models.law.resolve import CycleLaw
from models.records import board, outcomes
from models.records.board import Counts, StageFigures
from models.records.cycle_choice import Named
from models.records.cycles import Cycle, CycleStage, laws_of, stages_of_all
from models.records.deadlines import Deadline
from models.records.until_acts import by_cycle

MANY = 3
"""So many cycles are shown whole on one page; beyond that a board has a line for each, which opens it."""


@dataclass(frozen=True)
class ProvinceRow:
    """One province's cycle in a line: the counts of each stage, and what was decided."""

    named: Named
    figures: Sequence[StageFigures]
    outcomes: Mapping[str, int]

    @property
    def overdue(self) -> int:
        """Subjects of any stage that are past its last day."""
        return sum(found.all.overdue for found in self.figures)

    @property
    def by_stage(self) -> dict[Stage, Counts]:
        return {found.stage: found.all for found in self.figures}


def provinces(session: Session, cycles: Sequence[Named], at: datetime) -> list[ProvinceRow]:
    """A row per cycle, in the order given."""
    rows = [one.cycle for one in cycles]
    figures, decided = figures_of(session, rows, at.date()), outcomes.outcomes_of(session, rows, at)
    return [ProvinceRow(one, figures[one.cycle.id], decided[one.cycle.id]) for one in cycles]


def figures_of(session: Session, cycles: Sequence[Cycle], on: date) -> dict[int, list[StageFigures]]:
    """The board of many cycles as of a day, by cycle id; `by_district` has the whole province alone, under None."""
    known = {cycle.id: cycle for cycle in cycles}
    return by_cycle(
        session, list(known), ("figures", on), lambda ids: _counted(session, [known[one] for one in ids], on)
    )


def _counted(session: Session, cycles: Sequence[Cycle], on: date) -> dict[int, list[StageFigures]]:
    laws = laws_of(session, cycles)
    opened = stages_of_all(session, [cycle.id for cycle in cycles])
    steps = {spec.measured_by for law in laws.values() for spec in law.regulation.stages}
    counted: dict[tuple[int, str], tuple[date | None, Sequence[int]]] = {}
    wanted = board.counting([cycle.id for cycle in cycles], sorted(steps), on, Deadline.cycle_id)
    for step, cycle_id, last_day, *counts in session.execute(*wanted):
        counted[cycle_id, step] = last_day, counts
    return {cycle.id: _stages(laws[cycle.id], cycle.id, opened.get(cycle.id, {}), counted, on) for cycle in cycles}


def _stages(
    law: CycleLaw,
    cycle_id: int,
    opened: Mapping[Stage, CycleStage],
    counted: Mapping[tuple[int, str], tuple[date | None, Sequence[int]]],
    on: date,
) -> list[StageFigures]:
    found = []
    for spec in law.regulation.stages:
        row = opened.get(spec.stage)
        last_day, counts = counted.get((cycle_id, spec.measured_by), (None, (0, 0, 0, 0, 0)))
        whole_of: dict[str | None, Counts] = {None: board.counts_of(row is not None and row.opened_on <= on, counts)}
        days = (row.opened_on, row.closed_on) if row else (None, None)
        found.append(StageFigures(spec.stage, *days, last_day, whole_of))
    return found


def whole(rows: Sequence[ProvinceRow]) -> dict[Stage, Counts]:
    """The country in a line: the counts of each stage over all rows."""
    found: dict[Stage, Counts] = {}
    for row in rows:
        for one in row.figures:
            found[one.stage] = found.get(one.stage, Counts()) + one.all
    return found

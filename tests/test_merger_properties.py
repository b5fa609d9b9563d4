"""Whatever is merged, in whatever order: no result crosses unasked, no dossier is doubled, no remedy is lost."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.records.acting import Sitting
from models.records.dossiers import Dossier
from models.records.earlier_results import recognised_years
from models.records.journal import Signed
from models.records.journal_verified import verify
from models.records.merging import Merger, merge_units, results_across
from models.records.remedies import Remedy
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import clock
from tasks.engines import engine_for
from tasks.settings import Settings
from tests.after_builders import lived

SIGNED = Signed("Sở Tư pháp (minh họa)", clock.moment(date(2025, 7, 2)), "NQ sắp xếp (minh họa)")
PLACES = st.integers(0, 19)
MERGERS = st.lists(st.tuples(st.sets(PLACES, min_size=1, max_size=3), PLACES, st.booleans()), min_size=1, max_size=5)


@pytest.fixture
def cycle_id(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


Results = dict[int, tuple[int, str]]
"""Of each decided dossier, by its number: whose it is, and what was decided."""


def results(session: Session, cycle_id: int) -> Results:
    query = select(Dossier.id, Dossier.unit_id, Dossier.state).where(
        Dossier.cycle_id == cycle_id, Dossier.state.in_([str(state) for state in DECIDED])
    )
    return {number: (unit, state) for number, unit, state in session.execute(query)}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(undecided=st.sets(PLACES, max_size=6), mergers=MERGERS)
def test_whatever_is_merged_no_result_crosses_and_nothing_is_lost(
    cycle_id: int, undecided: set[int], mergers: list[tuple[set[int], int, bool]]
) -> None:
    with Session(engine_for(Settings().database)) as session:
        communes = session.scalars(
            select(Unit).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == cycle_id)
        ).all()
        old = sorted(communes, key=lambda unit: unit.code)
        back = [old[place % len(old)].id for place in undecided]
        mine = (Dossier.cycle_id == cycle_id, Dossier.unit_id.in_(back))
        session.execute(update(Dossier).where(*mine).values(state=str(State.COMPLETE)))
        decided, open_remedies = results(session, cycle_id), _open(session)
        sitting = Sitting.on(session, cycle_id, SIGNED)
        for sources, of, carry in mergers:
            units = tuple(old[place % len(old)] for place in sorted(sources))
            successor = lineage(session, old[of % len(old)].id)[1][0].unit
            with suppress(Refusal), session.begin_nested():
                merge_units(sitting, Merger(units, successor, units[0] if carry else None))
            session.expire_all()
            _nothing_crossed(session, cycle_id, old, decided)
            assert _open(session).keys() == open_remedies.keys(), "no remedy is closed or lost by a merger"
        for number, unit in _open(session).items():
            before = open_remedies[number]
            became = {before, *(kin.unit.id for kin in lineage(session, before)[1])}
            assert unit in became, "a remedy goes to a successor or stays"
        assert verify(session)[1] is None
        session.rollback()


def _nothing_crossed(session: Session, cycle_id: int, old: list[Unit], decided: Results) -> None:
    assert results(session, cycle_id) == decided, "each result stays whose it was, and what it was"
    owners = Counter(session.scalars(select(Dossier.unit_id).where(Dossier.cycle_id == cycle_id)))
    assert max(owners.values()) == 1, "nobody has two dossiers"
    successors = {lineage(session, unit.id)[1][0].unit.id for unit in old}
    assert recognised_years(session, sorted(successors), True) == {unit: {} for unit in successors}
    for unit in successors:
        assert not any(one.own for one in results_across(session, unit))


def _open(session: Session) -> dict[int, int]:
    """The open remedies by their numbers, and whose each is."""
    return dict(session.execute(select(Remedy.id, Remedy.unit_id).where(Remedy.closed_on.is_(None))).tuples().all())

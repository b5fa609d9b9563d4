"""For any order of acts: one decision counts, a dossier stands in one list, and what is refused changes nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from cycle_builders import communes, full, hand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.law.answers import PointsGiven, Submission
from models.records import (
    appraisal_notes,
    appraising,
    correcting,
    deciding,
    local_acts,
    publishing,
    reviewing,
    revising,
)
from models.records.acting import Sitting
from models.records.complaints import ComplaintKind, record_complaint
from models.records.councils import Meeting
from models.records.deciding import Listed, Signature
from models.records.decisions import lines_of
from models.records.dossiers import Dossier
from models.records.filing import Filing, take_in
from models.records.journal import Signed
from models.records.journal_verified import verify
from models.records.local_acts import Grounds
from models.records.tables import metadata
from models.records.units import Unit
from tasks.engines import engine_for
from tasks.settings import Settings
from tasks.sittings import Place, cycle_or_refusal

DAY = date(2025, 2, 6)
STILL = ("units", "unit_lineage", "calendar_days", "calendar_versions", "cycle_laws", "cycles")
ACTS = (
    *("hand-in", "declare", "complete", "save", "finish", "return", "revise", "council", "decide", "decide", "decide"),
    *("decide-all", "correct", "correct", "unlock", "reopen", "reopen-appraisal", "extend", "suspend", "complain"),
    *("publish", "publish-list", "consolidate"),
)
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.booleans(), st.integers(1, 3), st.booleans()),
    min_size=1,
    max_size=10,
)


class Story:
    """One order of acts on one district, in one transaction that is given up at its end."""

    def __init__(self, session: Session, unit_code: str, codes: list[str]) -> None:
        self.session, self.codes, self.number = session, codes, 0
        self.cycle = cycle_or_refusal(session, Place("96", 2024, True))
        self.unit = session.scalars(select(Unit).where(Unit.code == unit_code, Unit.level == "district")).first()
        assert self.unit is not None

    def act(self, name: str, which: int, yes: bool, number: int, grounded: bool) -> bool:
        """Do one act in a savepoint; True if it was done, False if it was refused (and then all stands as before)."""
        before = self.snapshot()
        try:
            with self.session.begin_nested():
                at = hand("Người (minh họa)", DAY).at
                assert at is not None
                sitting = Sitting.on(self.session, self.cycle.id, Signed("Người (minh họa)", at, "minh họa"))
                self._do(
                    sitting, name, self.codes[which], yes, f"{number}/QĐ", "căn cứ (minh họa)" if grounded else None
                )
        except Refusal:
            self.session.expire_all()
            assert self.snapshot() == before
            return False
        return True

    def _do(self, sitting: Sitting, name: str, code: str, yes: bool, number: str, ground: str | None) -> None:
        law, grounds = sitting.law.regulation, Grounds("minh họa", "minh họa", number)
        half = full(law, {"2.1": PointsGiven(law.indicators()[2].maximum.points / 2)})  # type: ignore[operator, union-attr]
        listed = Listed(code, yes, ground)
        rest = tuple(Listed(one, yes, ground) for one in self.codes if one != code)
        noted = appraisal_notes.Notes(code, Submission({"2.1": half.answers["2.1"]}), {"2.1": ground or ""})
        unit: Any = self.unit
        council = Meeting(unit.id, unit.code, DAY, date(2025, 1, 20), 13, 9, number)
        acts: dict[str, Callable[[], object]] = {
            "hand-in": lambda: take_in(sitting, [Filing(code, full(law))]),
            "declare": lambda: take_in(sitting, [Filing(code, half, declares_not_met=True)]),
            "complete": lambda: reviewing.find_complete(sitting, [code]),
            "save": lambda: appraisal_notes.save_notes(sitting, noted),
            "finish": lambda: appraising.finish_appraisals(sitting, [code], agree_with_the_rest=yes),
            "return": lambda: appraising.return_indicators(sitting, code, ["2.1"], ground or "", DAY),
            "revise": lambda: revising.revise(sitting, Filing(code, half if yes else full(law))),
            "council": lambda: reviewing.hold_council(sitting, [council]),
            "decide": lambda: deciding.decide(sitting, self._signature(number, (listed,), ground)),
            "decide-all": lambda: deciding.decide(sitting, self._signature(number, (listed, *rest), None)),
            "correct": lambda: correcting.correct(sitting, self._signature(number, (listed,), None), ground or "", "x"),
            "unlock": lambda: local_acts.unlock(sitting, code, ["2.1"], DAY, grounds),
            "reopen": lambda: local_acts.reopen(sitting, code, State.SELF_ASSESSMENT, grounds),
            "reopen-appraisal": lambda: local_acts.reopen(sitting, code, State.COMPLETE, grounds),
            "extend": lambda: local_acts.extend(sitting, "decide", [code], date(2025, 3, 1), grounds),
            "suspend": lambda: local_acts.suspend(sitting, [code], DAY, date(2025, 2, 8), grounds),
            "complain": lambda: record_complaint(sitting, code, number, ComplaintKind.PETITION, DAY, "x", ground or ""),
            "publish": lambda: publishing.publish(sitting, unit.id, unit.code, number, DAY, "x"),
            "publish-list": lambda: publishing.publish_provincial_list(sitting, number, DAY, "x"),
            "consolidate": lambda: publishing.consolidate(sitting),
        }
        acts[name]()

    def _signature(self, number: str, lists: tuple[Listed, ...], partial: str | None) -> Signature:
        unit: Any = self.unit
        return Signature(unit.id, unit.code, number, DAY, "C (minh họa)", lists, partial_ground=partial)

    def snapshot(self) -> dict[str, Any]:
        moving = [table for table in metadata.sorted_tables if table.name not in STILL]
        return {one.name: sorted(map(tuple, self.session.execute(select(one))), key=repr) for one in moving}

    def holds(self) -> None:
        """One decision counts for each decided dossier, it says what the state says, and the chain is whole."""
        counting = [line for line in lines_of(self.session, self.cycle.id) if line.counts]
        assert max(Counter(line.code for line in counting).values(), default=0) <= 1
        lists = {line.dossier_id: line.recognised for line in counting}
        for dossier in self.session.scalars(select(Dossier).execution_options(populate_existing=True)):
            decided = State(dossier.state) in DECIDED
            assert (dossier.id in lists) == decided
            assert not decided or lists[dossier.id] == (State(dossier.state) is State.RECOGNISED)
        found = publishing.consolidation_of(self.session, self.cycle.id)
        assert not found.doubled
        assert not found.contradictory
        assert len(found.consistent) + len(found.undecided) == len(self.codes)
        assert verify(self.session)[1] is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=steps)
def test_whatever_the_order_of_acts(
    appraised: tuple[Place, str, list[str]], order: list[tuple[str, int, bool, int, bool]]
) -> None:
    _, unit, codes = appraised
    with Session(engine_for(Settings().database)) as session:
        story = Story(session, unit, codes)
        for name, which, yes, number, grounded in order:
            story.act(name, which, yes, number, grounded)
        story.holds()
        session.rollback()


def test_a_story_that_goes_all_the_way_is_not_refused(appraised: tuple[Place, str, list[str]]) -> None:
    place, unit, codes = appraised
    with Session(engine_for(Settings().database)) as session:
        story = Story(session, unit, codes)
        assert story.act("reopen-appraisal", 1, True, 1, True)
        assert story.act("save", 1, True, 1, True)
        assert not story.act("save", 2, True, 1, True)
        assert story.act("finish", 1, True, 1, True)
        assert not story.act("decide", 1, True, 1, False)
        assert story.act("decide", 1, True, 1, True)
        assert not story.act("correct", 1, False, 2, False)
        assert story.act("correct", 1, False, 2, True)
        story.holds()
        session.rollback()
    assert communes(place) == codes

"""Rows written many at once: the same on both engines as SQLAlchemy's own, whatever signs and blanks they hold."""

from contextlib import nullcontext, suppress
from datetime import date
from decimal import Decimal

import pytest
from cycle_builders import hand, trial_cycle
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.law.answers import PointsGiven, RatioGiven, Submission
from models.records.bulk import change_rows, insert_rows, next_numbers
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier, Score, Scorecard, kept_answers
from models.records.filing import StepDone, record_steps_done
from models.records.journal import Entry, Line
from models.records.notices import Notice
from models.records.units import Unit
from tasks import clock
from tasks.database import work
from tasks.settings import Settings
from tasks.sittings import Place, sit

AWKWARD = ('a "b"', "c\\d", "{e,f}", "NULL", "", "g%s", "h'i", "k\nl", "Xã Đất Mũi")
DAY = date(2025, 1, 6)
UNIT = ("id", "code", "name", "level", "kind", "valid_from", "valid_to", "source")
NOTICE = ("key", "kind", "occasion", "due_day", "said", "state", "queued_at", "not_before", "attempts")


def _units(first: int) -> list[tuple[object, ...]]:
    ends = (None, DAY)
    return [
        (first + place, str(place), name, "commune", "Xã", DAY, ends[place % 2], name)
        for place, name in enumerate(AWKWARD)
    ]


def _told(session: Session, table: type[Notice] | type[Unit], names: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(select(*(getattr(table, name) for name in names)).order_by(table.id))]


def test_awkward_words_and_blanks_stand_as_they_were_given(settings: Settings) -> None:
    with work(settings) as session:
        numbers = next_numbers(session, Unit, len(AWKWARD))
        insert_rows(session, Unit, UNIT, _units(numbers[0]))
        told = _told(session, Unit, UNIT)
        assert told == _units(numbers[0])
        session.execute(delete(Unit))
        session.execute(insert(Unit), [dict(zip(UNIT, row, strict=True)) for row in _units(numbers[0])])
        assert _told(session, Unit, UNIT) == told


def test_what_collides_is_passed_over_and_the_rest_goes_in(settings: Settings) -> None:
    at = clock.moment(DAY)
    rows = [(f"key {said}", "result", "", None, said, "queued", at, at, 0) for said in AWKWARD]
    with work(settings) as session:
        insert_rows(session, Notice, NOTICE, rows[:3], new_only=True)
        insert_rows(session, Notice, NOTICE, rows, new_only=True)
        assert _told(session, Notice, NOTICE) == rows


def test_rows_change_under_their_own_number_and_no_others(settings: Settings) -> None:
    with work(settings) as session:
        first = next_numbers(session, Unit, len(AWKWARD))[0]
        insert_rows(session, Unit, UNIT, _units(first))
        change_rows(session, Unit, ("name", "valid_to", "id"), [("k", None, first + 1), (AWKWARD[1], DAY, first + 2)])
        told = {row[0]: (row[2], row[6]) for row in _told(session, Unit, UNIT)}
    unchanged = {row[0]: (row[2], row[6]) for row in _units(first)}
    assert told == unchanged | {first + 1: ("k", None), first + 2: (AWKWARD[1], DAY)}


def test_no_rows_are_no_statement(settings: Settings) -> None:
    with work(settings) as session:
        insert_rows(session, Unit, UNIT, [])
        assert _told(session, Unit, UNIT) == []


@pytest.mark.usefixtures("units")
def test_points_are_kept_exactly_and_a_ratio_as_it_was_written() -> None:
    trial_cycle()
    answers = {"1.1": PointsGiven(Decimal("1.5")), "1.2": RatioGiven(Decimal("1.0"), Decimal("3.00"))}
    with work() as session:
        dossier = session.scalars(select(Dossier.id)).first()
        (card,) = next_numbers(session, Scorecard, 1)
        names = ("id", "dossier_id", "side", "round", "made_at", "by", "law_version", "verdict")
        insert_rows(session, Scorecard, names, [(card, dossier, "self", 1, clock.moment(DAY), "x", 1, "{}")])
        rows = ((card, *answer, None) for answer in kept_answers(Submission(answers)))
        insert_rows(session, Score, ("scorecard_id", *kept_answers(Submission(answers))[0]._fields, "reason"), rows)
        columns = (Score.indicator, Score.points, Score.part, Score.whole, Score.not_arisen)
        told = session.execute(select(*columns).order_by(Score.indicator)).all()
    assert [tuple(row) for row in told] == [
        ("1.1", Decimal("1.5000"), None, None, False),
        ("1.2", None, "1.0", "3.00", False),
    ]


class _Undone(Exception):
    pass


def _left_by(place: Place, *, together: bool) -> list[list[tuple[object, ...]]]:
    """What two steps done by every commune leave, read before it is undone."""
    left: list[list[tuple[object, ...]]] = []
    columns = (
        (Entry.number, Entry.text, Entry.digest),
        (Line.number, Line.key, Line.text),
        tuple(Deadline.__table__.c),
    )
    with suppress(_Undone), sit(place, hand("Công chức (minh họa)", DAY), "diễn tập") as alone:
        session = alone.session
        units = session.execute(select(Unit.id, Unit.code).join(Dossier, Dossier.unit_id == Unit.id)).tuples().all()
        with alone.together() if together else nullcontext(alone) as sitting:
            for name in ("score-indicators", "hold-meeting"):
                step = sitting.law.regulation.step(name)
                assert step is not None
                record_steps_done(sitting, step, [StepDone(unit, code, DAY) for unit, code in units])
        left += [sorted(map(tuple, session.execute(select(*some))), key=repr) for some in columns]
        raise _Undone
    return left


@pytest.mark.usefixtures("units")
def test_acts_together_leave_what_they_leave_one_by_one() -> None:
    place = trial_cycle()
    one_by_one = _left_by(place, together=False)
    assert _left_by(place, together=True) == one_by_one
    assert len(one_by_one[0]) >= 3
    assert sum(DAY in row for row in one_by_one[2]) >= 8

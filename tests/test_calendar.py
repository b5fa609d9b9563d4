"""The calendar: counting working days, the days of the shipped calendar, and what it refuses."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LawRefusal, Refusal
from models.law.calendar import ONE_DAY, Calendar, Day
from models.words import Words
from tasks.calendar_days import FIRST, LAST, shipped_calendar
from tasks.settings import CHECKOUT

REGULATIONS = CHECKOUT / "regulations"
SHIPPED = shipped_calendar(REGULATIONS)
inside = st.dates(date(2016, 6, 1), date(2031, 6, 30))
few = st.integers(1, 40)


def a_day(on: date, working: bool) -> Day:
    return Day(on, working, Words("lý do", "reason"), Words("nguồn", "source"))


def a_calendar(pattern: str, first: date = date(2024, 1, 1)) -> Calendar:
    """One letter a day: w works, any other rests."""
    return Calendar(a_day(first + timedelta(days=n), letter == "w") for n, letter in enumerate(pattern))


@given(inside, few)
def test_going_forward_and_back_the_same_number_of_working_days_returns_to_a_working_day(on: date, count: int):
    start = SHIPPED.last_working_on_or_before(on)
    assert SHIPPED.nth_working_before(SHIPPED.nth_working_after(start, count), count) == start
    assert SHIPPED.nth_working_after(SHIPPED.nth_working_before(start, count), count) == start


@given(inside, few)
def test_the_nth_working_day_has_exactly_n_working_days_after_the_start(on: date, count: int):
    reached = SHIPPED.nth_working_after(on, count)
    assert SHIPPED.works(reached)
    assert sum(day.working for day in SHIPPED.between(on + ONE_DAY, reached)) == count
    assert SHIPPED.ordinal(reached) - SHIPPED.ordinal(on) == count


@given(inside)
def test_ordinals_never_fall_and_grow_by_one_exactly_on_working_days(on: date):
    grown = SHIPPED.ordinal(on) - SHIPPED.ordinal(on - ONE_DAY)
    assert grown == int(SHIPPED.works(on))


@given(inside)
def test_the_last_working_day_on_or_before_skips_days_off_only(on: date):
    last = SHIPPED.last_working_on_or_before(on)
    assert SHIPPED.works(last)
    assert not any(day.working for day in SHIPPED.between(last + ONE_DAY, on))


@given(st.text("wr", min_size=1, max_size=60))
def test_a_calendar_gives_back_the_days_it_was_made_of(pattern: str):
    days = a_calendar(pattern).days()
    assert "".join("w" if day.working else "r" for day in days) == pattern
    assert Calendar(reversed(days)).content_hash() == Calendar(days).content_hash()


def test_the_shipped_calendar_runs_from_2016_to_2031_without_a_gap():
    assert (SHIPPED.first, SHIPPED.last) == (FIRST, LAST) == (date(2016, 1, 1), date(2031, 12, 31))
    assert len(SHIPPED.days()) == (LAST - FIRST).days + 1


@pytest.mark.parametrize(
    ("on", "working", "reason"),
    [
        ("2024-02-09", False, "Giao thừa Tết Nguyên Đán"),
        ("2024-04-29", False, "nghỉ hoán đổi, làm bù ngày 04/05/2024"),
        ("2024-05-04", True, "làm bù cho ngày nghỉ 29/04/2024"),
        ("2025-01-27", False, "29 Tết"),
        ("2025-04-26", True, "làm bù cho ngày nghỉ 02/05/2025"),
        ("2025-05-02", False, "nghỉ hoán đổi, làm bù ngày 26/04/2025"),
        ("2026-01-02", False, "nghỉ hoán đổi dịp Tết Dương lịch, làm bù ngày 10/01/2026"),
        ("2026-01-03", False, "nghỉ thứ Bảy"),
        ("2026-01-05", True, "ngày làm việc"),
        ("2026-01-10", True, "làm bù cho ngày nghỉ 02/01/2026"),
        ("2026-01-11", False, "nghỉ Chủ nhật"),
        ("2026-08-22", True, "làm bù cho ngày nghỉ 31/08/2026"),
    ],
)
def test_each_day_says_whether_it_works_and_why(on: str, working: bool, reason: str):
    day = SHIPPED.day(date.fromisoformat(on))
    assert (day.working, day.reason.vi) == (working, reason)


def test_a_swap_that_we_recorded_names_its_document():
    assert SHIPPED.day(date(2026, 1, 2)).document == "12729/VPCP-KGVX"
    assert "12729/VPCP-KGVX" in SHIPPED.day(date(2026, 1, 10)).explained().vi


def test_a_day_of_a_year_not_yet_announced_says_that_it_is_a_prediction():
    assert "dự báo" in SHIPPED.day(date(2027, 2, 8)).source.vi
    assert "predicted" in SHIPPED.day(date(2028, 3, 1)).source.en
    assert "not an official document" in SHIPPED.day(date(2025, 1, 29)).source.en


@pytest.mark.parametrize("on", [date(2015, 12, 31), date(2032, 1, 1), date(9999, 12, 31)])
def test_a_day_outside_the_range_is_refused_with_the_range(on: date):
    with pytest.raises(Refusal) as refusal:
        SHIPPED.works(on)
    assert refusal.value.details == {"first": "2016-01-01", "last": "2031-12-31"}
    assert "01/01/2016" in refusal.value.why.vi


def test_counting_past_either_end_is_refused():
    calendar = a_calendar("wwrw")
    assert calendar.nth_working_after(date(2024, 1, 1), 2) == date(2024, 1, 4)
    with pytest.raises(Refusal):
        calendar.nth_working_after(date(2024, 1, 1), 3)
    with pytest.raises(Refusal):
        calendar.nth_working_before(date(2024, 1, 1), 1)
    with pytest.raises(Refusal):
        a_calendar("rw").last_working_on_or_before(date(2024, 1, 1))


def test_a_gap_or_a_doubled_day_or_no_day_at_all_is_refused():
    for days in ([], [date(2024, 1, 1), date(2024, 1, 3)], [date(2024, 1, 1), date(2024, 1, 1)]):
        with pytest.raises(LawRefusal):
            Calendar(a_day(on, True) for on in days)


def test_one_changed_day_changes_the_hash():
    friday = SHIPPED.day(date(2026, 1, 9))
    changed = SHIPPED.overruled_by({friday.date: a_day(friday.date, False)})
    assert changed.content_hash() != SHIPPED.content_hash()
    assert changed.ordinal(LAST) == SHIPPED.ordinal(LAST) - 1


def test_building_and_hashing_sixteen_years_takes_less_than_a_tenth_of_a_second():
    days = SHIPPED.days()
    began = time.perf_counter()
    Calendar(days)
    assert time.perf_counter() - began < 0.1


GOOD = """
days:
  - from: "2024-12-30"
    to: "2024-12-31"
    works: false
    reason: {vi: nghỉ thử, en: a day off}
    source: công văn thử
    document: "1/TEST"
    mark: illustrative
"""


def with_records(folder: Path, text: str) -> Calendar:
    (folder / "calendar").mkdir(exist_ok=True)
    (folder / "calendar" / "test.yaml").write_text(text, encoding="utf-8")
    return shipped_calendar(folder)


def test_a_record_overrules_the_library_for_each_day_it_covers(tmp_path: Path):
    calendar = with_records(tmp_path, GOOD)
    assert [calendar.works(date(2024, 12, n)) for n in (29, 30, 31)] == [False, False, False]
    assert calendar.day(date(2024, 12, 31)).document == "1/TEST"
    assert calendar.works(date(2026, 1, 2)), "the swap of 2026 is a record, and this folder does not have it"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('from: "2024-02-30"', 'from: "2024-12-30"'),
        ('from: "20241230"', 'from: "2024-12-30"'),
        ('from: "2025-01-01"', 'from: "2024-12-30"'),
        ('from: "2015-12-30"', 'from: "2024-12-30"'),
        ('to: "2032-01-01"', 'to: "2024-12-31"'),
        ("works: maybe", "works: false"),
        ("mark: sure", "mark: illustrative"),
        ("mark: not_yet_read", "mark: illustrative"),
        ("", '    to: "2024-12-31"\n'),
        ("reasons: {vi: nghỉ thử", "reason: {vi: nghỉ thử"),
        ('reason: {vi: ""', "reason: {vi: nghỉ thử"),
        ("day:", "days:"),
    ],
)
def test_a_record_that_is_not_as_it_must_be_is_refused_with_its_file(tmp_path: Path, wrong: str, right: str):
    assert right in GOOD
    with pytest.raises(LawRefusal) as refusal:
        with_records(tmp_path, GOOD.replace(right, wrong))
    assert "test.yaml" in str(refusal.value) + str(refusal.value.details)


def test_two_records_for_one_day_are_refused(tmp_path: Path):
    with pytest.raises(LawRefusal):
        with_records(tmp_path, GOOD + GOOD.replace("days:\n", "").replace("2024-12-30", "2024-12-31"))

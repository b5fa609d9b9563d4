"""Money, visits, risk and focal points of the work programme, and its workbook; on both engines."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from databases import ON_SQLITE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from models.errors import Refusal
from models.law.programme import Estimate, MoneySource
from models.law.programme_checks import money_flaws
from models.records.appraisal_notes import ReturnedPlace
from models.records.dossiers import Dossier
from models.records.focal_points import Appointed
from models.records.inspections import Found, Planned
from models.records.programme_money import Amount, Purpose
from models.records.units import Unit
from tasks import clock, programme
from tasks.database import work
from tasks.opening import OpenedCycle, open_cycle
from tests.after_builders import lived

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
OPENING = date(2024, 12, 2)
SIGNED = programme.signed_by("người ghi (minh họa)", clock.moment(OPENING), "kế hoạch", "7/QĐ (minh họa)")
CA_MAU = ("96", 2024)


def opened(most: int | None = 4) -> OpenedCycle:
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=clock.moment(OPENING), most=most)


def an_amount(
    amount: int, purpose: Purpose = "allocated", document: str = "1/QĐ", task: str = "train-officers"
) -> Amount:
    return Amount(task, "96", MoneySource.REGULAR_BUDGET, purpose, Decimal(amount), date(2024, 12, 3), document)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(*(st.integers(0, 10**12) for _ in range(3)), st.integers(-3, 3))
def test_an_estimate_is_taken_exactly_when_its_sources_come_to_its_total(a: int, b: int, c: int, more: int) -> None:
    total = a + b + c + more
    if total < 0:
        return
    said = Estimate(total=Decimal(total), regular_budget=Decimal(a), support=Decimal(b), contribution=Decimal(c))
    assert (not list(money_flaws(("at",), "task", said))) == (more == 0)


@ON_SQLITE
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=5))
@pytest.mark.usefixtures("units")
def test_totals_are_the_sum_of_their_rows_to_the_last_dong(amounts: list[int]) -> None:
    opened(2)
    before = programme.money(*CA_MAU, OPENING.replace(day=9))["total"]["spent"]
    papers = [an_amount(amount, "spent", f"{before}/{place}") for place, amount in enumerate(amounts)]
    programme.record_amounts(*CA_MAU, SIGNED, papers)
    found = programme.money(*CA_MAU, OPENING.replace(day=9))
    assert found["total"]["spent"] == before + sum(amounts)
    for purpose in ("estimated", "allocated", "spent"):
        assert found["total"][purpose] == sum(row[purpose] for row in found["tasks"])
        assert found["total"][purpose] == sum(part[purpose] for part in found["by_source"].values())


@pytest.mark.usefixtures("units")
def test_the_same_paper_twice_is_one_amount() -> None:
    opened()
    assert programme.record_amounts(*CA_MAU, SIGNED, [an_amount(5)]) == 1
    assert programme.record_amounts(*CA_MAU, SIGNED, [an_amount(5)]) == 0


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_a_task_that_starts_without_its_money_is_warned_of_until_it_has_it() -> None:
    opened()
    on = date(2024, 12, 3)
    warned = {(one["task"], one["missing"]) for one in programme.money(*CA_MAU, on)["warnings"]}
    assert ("train-officers", Decimal(55_000_000)) in warned
    assert "review-at-end" not in {task for task, _ in warned}, "it starts in May"
    programme.record_amounts(*CA_MAU, SIGNED, [an_amount(55_000_000)])
    assert "train-officers" not in {one["task"] for one in programme.money(*CA_MAU, on)["warnings"]}


@ON_SQLITE
@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (an_amount(-1), "money_does_not_add_up"),
        (an_amount(0), "money_impossible"),
        (an_amount(5, document=" "), "money_impossible"),
        (an_amount(5, task="nothing"), "task_not_owed"),
    ],
)
@pytest.mark.usefixtures("units")
def test_money_that_cannot_be_is_refused(amount: Amount, code: str) -> None:
    opened()
    with pytest.raises(Refusal) as refused:
        programme.record_amounts(*CA_MAU, SIGNED, [amount])
    assert refused.value.code == code
    assert programme.money(*CA_MAU, date(2025, 1, 1))["total"]["allocated"] == 0


@pytest.fixture
def lived_year(engines: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    yield from lived(engines, "commendations_proposed", home, monkeypatch)


def test_visits_are_proposed_with_reasons_and_lead_to_findings_that_are_mended(lived_year: int) -> None:
    with work() as session:
        dossier, code = session.execute(
            select(Dossier.id, Unit.code).join(Unit, Unit.id == Dossier.unit_id).where(Dossier.cycle_id == lived_year)
        ).first() or (0, "")
        told = {"dossier_id": dossier, "round": 1, "reason": "minh họa", "by": "x", "at": clock.moment(OPENING)}
        session.add_all(ReturnedPlace(indicator=place, **told) for place in ("1.1", "2.1"))
    every = programme.proposed_visits(*CA_MAU, "vi", 20)
    assert "2 chỉ tiêu bị trả lại" in next(one["why"] for one in every if one["unit"] == code)
    assert {"late", "not_recognised"} <= {reason for one in every for reason in one["reasons"]}
    proposed = programme.proposed_visits(*CA_MAU, "vi", 5)
    assert proposed
    assert all(one["why"] and one["risk"] > 0 for one in proposed)
    assert [one["risk"] for one in proposed] == sorted((one["risk"] for one in proposed), reverse=True)
    one = next(one for one in proposed if not programme.visits(*CA_MAU, one["unit"]))
    unit = one["unit"]
    visit = Planned(unit, date(2025, 3, 5), "đoàn số 1 (minh họa)", "; ".join(one["why"]))
    assert programme.plan_visits(*CA_MAU, SIGNED, [visit]) == 1
    assert programme.plan_visits(*CA_MAU, SIGNED, [visit]) == 0
    finding = Found("thiếu sổ (minh họa)", "lập sổ", date(2025, 4, 1))
    assert programme.hold_visit(*CA_MAU, SIGNED, unit, date(2025, 3, 5), [finding])
    assert not programme.hold_visit(*CA_MAU, SIGNED, unit, date(2025, 3, 5), [finding])
    assert programme.mend_finding(*CA_MAU, SIGNED, unit, 1, "sổ đã lập")
    (seen,) = programme.visits(*CA_MAU, unit)
    assert (seen["held_on"], seen["findings"][0]["proof"]) == (date(2025, 3, 5), "sổ đã lập")
    with pytest.raises(Refusal) as refused:
        programme.hold_visit(*CA_MAU, SIGNED, unit, date(2025, 3, 6), [])
    assert refused.value.code == "visit_not_planned"


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_a_vacancy_is_found_on_the_day_after_and_not_on_the_last_day() -> None:
    opened()
    first, last = date(2024, 12, 2), date(2025, 1, 31)
    person = Appointed("96", "province_justice", "responsible", "Người phụ trách (minh họa)", first, last)
    assert programme.appoint(*CA_MAU, SIGNED, [person]) == 1
    assert programme.appoint(*CA_MAU, SIGNED, [person]) == 0

    def vacant(on: date) -> bool:
        return next(row["vacant"] for row in programme.focal(*CA_MAU, on) if row["actor"] == "province_justice")

    assert [vacant(day) for day in (first, last, date(2025, 2, 1))] == [False, False, True]
    assert vacant(date(2024, 12, 1))


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_somebody_new_ends_the_one_before_on_the_day_before() -> None:
    opened()
    for name, since in (("A (minh họa)", date(2024, 12, 2)), ("B (minh họa)", date(2025, 2, 3))):
        programme.appoint(*CA_MAU, SIGNED, [Appointed("96", "province_justice", "responsible", name, since)])
    people = [
        next(row["responsible"] for row in programme.focal(*CA_MAU, on) if row["actor"] == "province_justice")
        for on in (date(2025, 2, 2), date(2025, 2, 3))
    ]
    assert people == ["A (minh họa)", "B (minh họa)"]


@ON_SQLITE
@pytest.mark.usefixtures("units")
def test_the_workbook_of_the_plan_is_taken_back_as_it_was(tmp_path: Path) -> None:
    opened()
    file = tmp_path / "programme.xlsx"
    count = programme.export_programme(*CA_MAU, file)
    assert programme.import_programme(*CA_MAU, SIGNED, file) == 0, "what nobody changed stands there already"
    book = load_workbook(file)
    for row in book["Chương trình"].iter_rows(min_row=3):
        row[0].value = f"more-{row[0].value}"
    book.save(file)
    assert programme.import_programme(*CA_MAU, SIGNED, file) == count
    assert programme.import_programme(*CA_MAU, SIGNED, file) == 0
    rows = programme.list_tasks(*CA_MAU, OPENING, "vi")
    days = {row["task"]: [r["due_day"] for r in rows if r["task"] == row["task"]] for row in rows}
    assert all(days[task] == days[f"more-{task}"] for task in days if not task.startswith("more-"))


@ON_SQLITE
@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [("D", "nobody", "D3"), ("E", "nobody", "E3"), ("J", "2025-12-31", "J3"), ("T", 7, "T3")],
)
@pytest.mark.usefixtures("units")
def test_a_cell_that_cannot_be_taken_is_named_and_nothing_is_taken(
    tmp_path: Path, column: str, value: object, cell: str
) -> None:
    opened()
    file = tmp_path / "programme.xlsx"
    programme.export_programme(*CA_MAU, file)
    book = load_workbook(file)
    sheet = book["Chương trình"]
    sheet.delete_rows(3)  # the first task counts from a stage; the second has a fixed day and money
    sheet["A3"] = "another"
    sheet[f"{column}3"] = value
    book.save(file)
    with pytest.raises(Refusal) as refused:
        programme.import_programme(*CA_MAU, SIGNED, file)
    assert refused.value.code == "workbook_refused"
    assert refused.value.details["errors"][0]["cell"] == cell

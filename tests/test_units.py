"""Administrative units: what the package ships, what is in force on a day, what became of it."""

from collections import Counter
from datetime import date

import pytest
from databases import ON_SQLITE
from sqlalchemy import select

from models.errors import Refusal
from models.records.unit_queries import (
    add_units,
    communes_of,
    count_descents,
    count_units,
    find_unit,
    lineage,
    parent_codes,
    units_on,
)
from models.records.unit_rows import START_NOT_KNOWN, UnitRow
from models.records.unit_search import near_units, unit_or_refusal
from models.records.units import Unit
from tasks.database import reading, work
from tasks.settings import Settings
from tasks.unit_files import package_units

LAST_OF_THREE_TIERS, FIRST_OF_TWO_TIERS = date(2025, 6, 30), date(2025, 7, 1)


def levels(units: list[Unit]) -> dict[str, int]:
    return dict(Counter(unit.level for unit in units))


# What the package ships


def test_the_package_knows_63_provinces_then_34_and_10035_communes_then_3321() -> None:
    counted = Counter((unit.level, unit.valid_from) for unit in package_units().units)
    assert counted == {
        ("province", START_NOT_KNOWN): 63,
        ("district", START_NOT_KNOWN): 696,
        ("commune", START_NOT_KNOWN): 10_035,
        ("province", FIRST_OF_TWO_TIERS): 34,
        ("commune", FIRST_OF_TWO_TIERS): 3_321,
    }


def test_an_island_district_without_communes_is_kept() -> None:
    units = package_units().units
    childless = {"318", "471", "498", "536", "755"}
    assert childless <= {unit.code for unit in units if unit.level == "district"}
    assert not [unit for unit in units if unit.parent in childless]


def test_every_code_has_the_length_of_its_level_and_every_name_begins_with_its_kind() -> None:
    for unit in package_units().units:
        assert len(unit.code) == {"province": 2, "district": 3, "commune": 5}[unit.level]
        assert unit.name.startswith(unit.kind + " ")


def test_every_commune_descends_from_one_or_from_an_island_district_and_every_old_one_went_somewhere() -> None:
    shipped = package_units()
    old = {unit.code for unit in shipped.units if unit.level == "commune" and unit.valid_to}
    new = {unit.code: unit.name for unit in shipped.units if unit.level == "commune" and not unit.valid_to}
    descents = [descent for descent in shipped.descents if descent.level == "commune"]
    islands = {descent.from_code: new[descent.to_code] for descent in descents if descent.from_code not in old}
    assert {descent.from_code for descent in descents} == old | islands.keys()
    assert {descent.to_code for descent in descents} == new.keys()
    assert islands == {
        "318": "Đặc khu Bạch Long Vĩ",
        "471": "Đặc khu Cồn Cỏ",
        "498": "Đặc khu Hoàng Sa",
        "536": "Đặc khu Lý Sơn",
        "755": "Đặc khu Côn Đảo",
    }


def test_a_commune_that_was_not_divided_went_whole_into_one() -> None:
    into = Counter(descent.from_code for descent in package_units().descents if descent.level == "commune")
    whole = [descent for descent in package_units().descents if descent.whole and descent.level == "commune"]
    assert {into[descent.from_code] for descent in whole} == {1}
    assert len([code for code, times in into.items() if times > 1]) == 471


def test_every_row_says_where_it_is_from_and_that_the_old_list_is_of_spring_2025() -> None:
    sources = {unit.source for unit in package_units().units if unit.valid_to}
    assert len(sources) == 1
    assert "spring 2025" in sources.pop()
    assert max(len(unit.source) for unit in package_units().units) <= 200


# In the database


@ON_SQLITE
def test_the_whole_country_is_taken_in_and_a_second_import_adds_nothing(settings: Settings) -> None:
    shipped = package_units()
    with work(settings) as session:
        assert add_units(session, shipped.units, shipped.descents) == len(shipped.units)
        links = count_descents(session)
    with work(settings) as session:
        assert add_units(session, shipped.units, shipped.descents) == 0
        assert count_descents(session) == links == len(shipped.descents)
        assert count_units(session) == {"province": 97, "district": 696, "commune": 13_356}


def test_ca_mau_has_9_districts_and_100_communes_until_the_last_day_of_three_tiers(units: Settings) -> None:
    with reading(units) as session:
        for day in (date(2017, 1, 1), date(2024, 12, 31), LAST_OF_THREE_TIERS):
            assert levels(units_on(session, "96", day)) == {"province": 1, "district": 9, "commune": 100}


def test_ca_mau_has_no_district_and_64_communes_from_the_first_day_of_two_tiers(units: Settings) -> None:
    with reading(units) as session:
        for day in (FIRST_OF_TWO_TIERS, date(2026, 12, 31)):
            assert levels(units_on(session, "96", day)) == {"province": 1, "commune": 64}


def test_units_come_from_the_top_down_and_by_code(units: Settings) -> None:
    with reading(units) as session:
        found = units_on(session, "96", LAST_OF_THREE_TIERS)
    assert [unit.code for unit in found[:4]] == ["96", "964", "966", "967"]
    assert [unit.code for unit in found[10:]] == sorted(unit.code for unit in found[10:])


def test_communes_of_a_province_are_found_across_its_districts(units: Settings) -> None:
    with reading(units) as session:
        for day, communes in ((LAST_OF_THREE_TIERS, 100), (FIRST_OF_TWO_TIERS, 64)):
            province = unit_or_refusal(session, "96", day)
            assert len(communes_of(session, province.id, day)) == communes


def test_a_code_is_not_an_identity(units: Settings) -> None:
    with reading(units) as session:
        before = unit_or_refusal(session, "32002", LAST_OF_THREE_TIERS)
        since = unit_or_refusal(session, "32002", FIRST_OF_TWO_TIERS)
        assert (before.name, since.name) == ("Phường 2", "Phường An Xuyên")
        assert before.id != since.id
        assert parent_codes(session, [before, since]) == {before.parent_id: "964", since.parent_id: "96"}


def test_a_unit_is_found_by_code_and_day_and_by_level_where_it_is_asked_for(units: Settings) -> None:
    with reading(units) as session:
        assert find_unit(session, "96", LAST_OF_THREE_TIERS, "province")
        assert find_unit(session, "96", LAST_OF_THREE_TIERS, "commune") is None
        assert find_unit(session, "964", FIRST_OF_TWO_TIERS) is None
        assert find_unit(session, "96", date(2003, 12, 31)) is None


def test_an_xuyen_came_from_five_communes_whole(units: Settings) -> None:
    with reading(units) as session:
        came_from, became = lineage(session, unit_or_refusal(session, "32002", FIRST_OF_TWO_TIERS).id)
    assert [(kin.unit.code, kin.whole, kin.on) for kin in came_from] == [
        (code, True, FIRST_OF_TWO_TIERS) for code in ("31999", "32002", "32005", "32022", "32023")
    ]
    assert became == []


def test_a_divided_commune_became_several_none_of_them_all_of_it(units: Settings) -> None:
    with reading(units) as session:
        parts = lineage(session, unit_or_refusal(session, "32245", LAST_OF_THREE_TIERS).id)[1]
    assert len(parts) > 1
    assert not any(kin.whole for kin in parts)


def test_bac_lieu_went_into_ca_mau(units: Settings) -> None:
    with reading(units) as session:
        province = unit_or_refusal(session, "96", FIRST_OF_TWO_TIERS)
        assert [kin.unit.name for kin in lineage(session, province.id)[0]] == ["Tỉnh Bạc Liêu", "Tỉnh Cà Mau"]


def test_a_unit_whose_parent_is_not_there_is_refused_and_nothing_is_written(units: Settings) -> None:
    stray = UnitRow("99999", "Xã Ví Dụ", "commune", "Xã", "001", START_NOT_KNOWN, LAST_OF_THREE_TIERS)
    with pytest.raises(Refusal) as refused, work(units) as session:
        add_units(session, [stray])
    assert refused.value.code == "unknown_parent"
    with reading(units) as session:
        assert session.scalar(select(Unit).where(Unit.code == "99999")) is None


@ON_SQLITE
def test_a_code_of_another_time_is_refused_with_what_became_of_it(units: Settings) -> None:
    with reading(units) as session, pytest.raises(Refusal) as refused:
        unit_or_refusal(session, "95", FIRST_OF_TWO_TIERS)
    assert refused.value.code == "unit_not_in_force"
    assert "96 Tỉnh Cà Mau" in refused.value.why.vi


@ON_SQLITE
def test_a_mistyped_code_is_answered_with_its_neighbours(units: Settings) -> None:
    with reading(units) as session, pytest.raises(Refusal) as refused:
        unit_or_refusal(session, "32003", LAST_OF_THREE_TIERS)
    assert refused.value.code == "unknown_unit"
    assert "32002 Phường 2" in refused.value.do.vi


@ON_SQLITE
@pytest.mark.parametrize("typed", ["Cà Mau", "ca mau", "CAMAU", "tinh ca mao"])
def test_a_name_in_place_of_a_code_is_answered_with_the_code(units: Settings, typed: str) -> None:
    with reading(units) as session:
        assert near_units(session, typed, FIRST_OF_TWO_TIERS, "province")[0].code == "96"

"""`tcpl units`: what it answers, in JSON as the interface says and in words, and how it refuses."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE

from tasks.settings import Settings

Tcpl = Callable[..., Any]


def test_import_initialises_a_home_and_repeating_it_changes_nothing(home: Path, tcpl: Tcpl) -> None:
    first, second = tcpl("units", "import", "--json"), tcpl("units", "import", "--json")
    everything = {"province": 97, "district": 696, "commune": 13_356}
    assert first.status == second.status == 0
    assert first.json == {"imported": everything, "lineage": 10_665, "created": True, "total": everything}
    assert second.json["imported"] == {"province": 0, "district": 0, "commune": 0}
    assert (second.json["lineage"], second.json["created"]) == (0, False)
    assert (home / "tcpl.db").is_file()


@ON_SQLITE
def test_show_answers_as_the_interface_says(units: Settings, tcpl: Tcpl) -> None:  # noqa: ARG001
    shown = tcpl("units", "show", "--province", "96", "--on", "2024-12-31", "--json").json["units"]
    assert Counter(unit["level"] for unit in shown) == {"province": 1, "district": 9, "commune": 100}
    named = {key: shown[10][key] for key in ("code", "name", "level", "parent", "valid_from", "valid_to")}
    assert named == {
        "code": "31999",
        "name": "Phường 9",
        "level": "commune",
        "parent": "964",
        "valid_from": "2004-01-01",
        "valid_to": "2025-06-30",
    }
    assert (shown[0]["parent"], shown[1]["parent"]) == (None, "96")


@ON_SQLITE
def test_show_draws_the_districts_with_their_counts(units: Settings, tcpl: Tcpl) -> None:  # noqa: ARG001
    drawn = tcpl("units", "show", "--province", "96", "--on", "2024-12-31").out
    assert "96 Tỉnh Cà Mau · ngày 31/12/2024 · 9 cấp huyện, 100 cấp xã" in drawn
    assert "964 Thành phố Cà Mau · 16 cấp xã: 9 phường, 7 xã" in drawn
    drawn = tcpl("units", "show", "--province", "96", "--on", "2025-07-01", "--lang", "en").out
    assert "0 districts, 64 communes" in drawn


@ON_SQLITE
def test_lineage_answers_as_the_interface_says(units: Settings, tcpl: Tcpl) -> None:  # noqa: ARG001
    told = tcpl("units", "lineage", "32002", "--on", "2025-07-01", "--json").json
    assert told["unit"]["name"] == "Phường An Xuyên"
    assert [unit["code"] for unit in told["from"]] == ["31999", "32002", "32005", "32022", "32023"]
    assert told["to"] == []
    told = tcpl("units", "lineage", "32002", "--on", "2025-06-30", "--json").json
    assert [(unit["name"], unit["whole"]) for unit in told["to"]] == [("Phường An Xuyên", True)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "--province", "96", "--on", "31/12/2024"), "impossible_date"),
        (("show", "--province", "96", "--on", "2024-02-30"), "impossible_date"),
        (("show", "--province", "97", "--on", "2024-12-31"), "unknown_unit"),
        (("show", "--province", "32002", "--on", "2024-12-31"), "unknown_unit"),
        (("show", "--province", "95", "--on", "2025-07-01"), "unit_not_in_force"),
        (("lineage", "00000", "--on", "2024-12-31"), "unknown_unit"),
        (("lineage", "964", "--on", "2025-07-01"), "unit_not_in_force"),
    ],
)
def test_a_bad_question_is_refused_in_three_sentences(
    units: Settings,  # noqa: ARG001
    tcpl: Tcpl,
    words: tuple[str, ...],
    code: str,
) -> None:
    answer = tcpl("units", *words, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, code)
    assert all(answer.json["error"][part] for part in ("what", "why", "do"))
    in_words = tcpl("units", *words)
    assert (in_words.status, in_words.out) == (1, "")
    assert answer.json["error"]["do"] in in_words.err


def test_an_uninitialised_home_and_one_without_units_are_refused(tcpl: Tcpl, home: Path) -> None:
    answer = tcpl("units", "show", "--province", "96", "--on", "2024-12-31", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "home_not_initialised")
    assert list(home.iterdir()) == []


@ON_SQLITE
def test_a_home_without_units_says_how_to_get_them(settings: Settings, tcpl: Tcpl) -> None:  # noqa: ARG001
    answer = tcpl("units", "lineage", "32002", "--on", "2024-12-31", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "no_units")
    assert "tcpl units import" in answer.json["error"]["do"]

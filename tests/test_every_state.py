"""With a file in every state there is, each page counts what plain SQL counts, and each count leads to its files."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from databases import ON_SQLITE, Engines
from every_state import LATER
from test_dashboard import CELL, CHIP, MEASURED, counted, number, page, sql, total_of

from models.cycle.lifecycle import STATE_WORDS, State
from tasks import clock

pytestmark = ON_SQLITE
AT = clock.moment(LATER)


@pytest.fixture(autouse=True)
def lived(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = engines.copy("every_state", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    engines.drop(address)


def stand() -> dict[str, int]:
    return dict(tuple(row) for row in sql("SELECT state, count(*) FROM dossiers GROUP BY state"))


def test_the_heat_map_and_what_each_count_leads_to() -> None:
    assert stand().keys() == {str(state) for state in State}
    chips = []
    for stage, district, inside in CELL.findall(page("/", AT)):
        here = CHIP.findall(inside)
        counts = {name: int(count) for name, _, count in here}
        if stage in MEASURED:
            for how in ("done_on_time", "done_late", "overdue", "at_risk"):
                assert counts.get(how, 0) == counted(MEASURED[stage], district, how, LATER), (stage, district, how)
        chips += here[:1]
    assert len(chips) > 10
    for name, address, count in chips:
        assert total_of(page(unescape(address), AT)) == int(count), (name, address)


def test_results_count_the_files_by_what_was_decided() -> None:
    found, states = page("/results", AT), stand()
    for name in ("recognised", "not_recognised"):
        lines = number("SELECT count(*) FROM decision_lines WHERE recognised = :r", r=name == "recognised")
        assert states[name] == lines
        assert f'data-count="{name}">{lines}<' in found
    without = sum(states.values()) - states["recognised"] - states["not_recognised"]  # also what a merger closed
    assert f'data-count="undecided">{without}<' in found


def test_a_file_in_each_state_is_shown_in_words() -> None:
    for state in State:
        [[code]] = sql(
            "SELECT min(u.code) FROM dossiers d JOIN units u ON u.id = d.unit_id WHERE d.state = :state", state=state
        )
        words = STATE_WORDS[state].vi
        assert f"<strong>{words[0].upper()}{words[1:]}</strong>" in page(f"/dossiers/2024/{code}", AT), state

"""The journal's text of a content: what it was when the first journals were written, whatever writes it faster now."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cycle.lifecycle import State
from models.records.canonical import canonical

NUMBERS = st.integers(-(2**80), 2**80) | st.decimals(allow_nan=False, allow_infinity=False)
DAYS = st.dates() | st.datetimes(timezones=st.just(UTC)) | st.datetimes()
SINGLE = st.none() | st.booleans() | st.text() | st.sampled_from(State) | NUMBERS | DAYS
CONTENT = st.recursive(
    SINGLE,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def _as_first_written(content: Any) -> str:
    def plain(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


@given(st.dictionaries(st.text() | st.sampled_from(State), CONTENT))
def test_the_text_of_a_content_never_changes(content: dict[str, Any]) -> None:
    assert canonical(content) == _as_first_written(content)


def test_one_text_that_a_lawyer_can_read() -> None:
    content = {"until": date(2025, 1, 15), "points": Decimal("7.50"), "at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)}
    assert canonical(content | {"by": "Sở Tư pháp", "sha256": None}) == (
        '{"at":"2025-01-02T03:04:05+00:00","by":"Sở Tư pháp","points":"7.50","sha256":null,"until":"2025-01-15"}'
    )


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes cannot stand in the journal"):
        canonical({"file": b"1"})

"""What is said to people: days and points as offices write them, occasions and acts by a name, not by a code."""

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from models.cycle.programme import occasion_said
from models.errors import Refusal
from models.law.regulation import spoken_points
from models.records.act_words import ACT_WORDS
from models.words import Words, in_office_form


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("Ngày cuối 2025-01-03 trước ngày đầu 2025-01-09.", "Ngày cuối 03/01/2025 trước ngày đầu 09/01/2025."),
        ("Xem `tcpl units show --on 2025-07-01`.", "Xem `tcpl units show --on 2025-07-01`."),
        ("“2025-02-30” không phải là một ngày có thật.", "“2025-02-30” không phải là một ngày có thật."),
        ("Ghi lại, ví dụ: 2025-01-09.", "Ghi lại, ví dụ: 2025-01-09."),
        ("Đã có tệp /x/tcpl-2025-01-09.zip.", "Đã có tệp /x/tcpl-2025-01-09.zip."),
    ],
)
def test_a_refusal_says_days_as_offices_write_them_and_leaves_what_is_typed(made: str, said: str) -> None:
    assert in_office_form(Words(made, "2025-01-03")) == (said, "2025-01-03")
    assert Refusal("x", Words(made, ""), Words("", ""), Words("", "")).sentences("vi")[0] == said


def test_points_have_a_comma_in_vietnamese_and_a_point_in_english() -> None:
    assert spoken_points(Decimal("79.5")) == ("79,50", "79.50")


@pytest.mark.parametrize(
    ("occasion", "said"),
    [
        ("2025-01", ("tháng 01/2025", "01/2025")),
        ("2025-Q1", ("quý 1/2025", "quarter 1 of 2025")),
        ("2025", ("năm 2025", "2025")),
        ("carried-2023/2024-12", ("chuyển từ năm 2023 · tháng 12/2024", "carried over from 2023 · 12/2024")),
    ],
)
def test_an_occasion_is_said_in_words(occasion: str, said: tuple[str, str]) -> None:
    assert occasion_said(occasion) == said


def test_every_act_of_the_journal_has_a_name() -> None:
    named = set(_acts_named_in_code())
    assert len(named) > 30
    assert named <= ACT_WORDS.keys()


def _acts_named_in_code() -> Iterator[str]:
    """What `finish` and `write` are called with, where it is written out or a constant of its file."""
    for file in Path("models/records").glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 3):
            place = {"finish": 0, "write": 2}.get(getattr(call.func, "attr", getattr(call.func, "id", "")))
            act = call.args[place] if place is not None else None
            found = act.value if isinstance(act, ast.Constant) else constants.get(getattr(act, "id", ""))
            if isinstance(found, str):
                yield found

"""What pages are written with says the same as Jinja and Python's own JSON would, only sooner."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from dashboard import templating
from dashboard.answering import json_answer
from dashboard.templating import Templates, escaped


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)

    def written(text: str, language: Any = "vi", **given: Any) -> str:
        (tmp_path / "page.html").write_text(text)
        return Templates(language).get_template("page.html").render(given)

    return written


@given(st.text() | st.integers() | st.none() | st.floats(allow_nan=False) | st.text().map(Markup) | st.decimals())
def test_a_value_is_escaped_as_markupsafe_does(value: Any) -> None:
    assert escaped(value) == str(escape(value))


def test_what_somebody_typed_never_becomes_a_part_of_the_page(write: Any) -> None:
    bad = "<script>alert('1')</script>&\""
    page = "{% macro row(x) %}<td>{{ x }}</td>{% endmacro %}{{ row(bad) }}{{ t(bad, 'no') }}{{ said() }}{{ bad ~ '!' }}"
    found = write(page, bad=bad, said=lambda: bad)
    assert "<script" not in found
    assert found.count("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#34;") == 4
    assert found.startswith("<td>&lt;"), "what a macro wrote is not escaped again"


def test_a_template_speaks_the_language_that_is_asked_for_and_does_not_look_at_the_other(write: Any) -> None:
    page = "{% for n in (1, 2) %}{{ t('%d xã'|format(n), '%d communes'|format(m)) }} {% endfor %}{{ t('a', 'b') }}"
    assert write(page) == "1 xã 2 xã a", "the English words would need a name that is not there"
    assert write(page, "en", m=7) == "7 communes 7 communes b"


def test_a_dictionary_gives_its_own_values_first_and_a_name_that_is_not_there_is_a_fault(write: Any) -> None:
    assert write("{{ d.name }}{{ d.items()|length }}{{ d['items'] }}", d={"name": "x", "items": "y"}) == "x2y"
    for page in ("{{ d.nothing }}", "{{ nothing }}", "{{ nothing() }}", "{{ d.nothing.more }}"):
        with pytest.raises(UndefinedError):
            write(page, d={"name": 1})


def test_functions_and_macros_are_called_with_what_they_are_given(write: Any) -> None:
    page = (
        "{% macro two(a, b='B') %}{{ a }}{{ b }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}"
        "{% for n in [1] %}{{ two(n) }}{{ two(n, b=2) }}{{ told(n, more=3) }}{{ ','.join(['x', 'y']) }}{% endfor %}"
        "{% call two(5) %}inside{% endcall %}"
    )
    assert write(page, told=lambda one, more: one + more) == "1B124x,y5Binside"


class Pair(NamedTuple):
    one: int
    two: str


@pytest.mark.parametrize(
    "document",
    [
        {"day": date(2025, 1, 9), "points": Decimal("79.50"), "at": datetime(2025, 1, 9, 7, tzinfo=UTC)},
        {"at": datetime(2025, 1, 9, 7, 30, 1, 5, tzinfo=timezone(timedelta(hours=7))), "pair": Pair(1, "hai")},
        {2: "a", None: "b", True: "c"},
        {"xã": ["<script>", "</script>", "\u2028", '"'], "path": Path("a/b"), "share": 0.1},
        {"long": 10**30},
    ],
)
def test_an_answer_says_what_pythons_own_writer_says(document: Any) -> None:
    from models.json_values import json_value

    body = bytes(json_answer(document).body)
    assert json.loads(body) == json.loads(json.dumps(document, default=json_value))
    assert b"<" not in body


def test_half_a_sign_does_not_break_an_answer() -> None:
    assert json.loads(bytes(json_answer({"what": "x\ud800y"}).body)) == {"what": "x?y"}

"""The commands that answer a question of the law: `deadline`, `score`, `calendar show`: their JSON, their refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import cli.calendar
import cli.deadline
import cli.main
import cli.score


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    def run(*words: str | Path) -> tuple[int, Any, str]:
        status = cli.main.main([*map(str, words), "--json"])
        captured = capsys.readouterr()
        return status, json.loads(captured.out), captured.err

    return run


def used_wrongly(*words: str) -> bool:
    app = typer.Typer()
    for group in (cli.calendar, cli.deadline, cli.score):
        group.add_to(app)
    return CliRunner().invoke(app, [*words]).exit_code == 2


DEADLINE = ("deadline", "--regulation", "qd-25-2021", "--year")


def test_the_swap_of_january_2026_is_shown_with_its_document(ask: Any):
    status, document, _ = ask("calendar", "show", "2026-01-02", "2026-01-10")
    assert status == 0
    assert [(day["date"], day["working"], day["document"]) for day in document["days"]] == [
        ("2026-01-02", False, "12729/VPCP-KGVX"),
        ("2026-01-10", True, "12729/VPCP-KGVX"),
    ]


def test_three_working_days_from_the_thirtieth_of_december_2025_end_on_the_sixth_of_january(ask: Any):
    status, document, _ = ask(*DEADLINE, "2025", "--step", "answer-supplement", *EVENT)
    (step,) = document["steps"]
    assert (status, step["last_day"], step["start"]) == (0, "2026-01-06", "2025-12-30")
    assert step["skipped"][1]["date"] == "2026-01-02"
    assert step["citation"]["article"]


EVENT = ("--event", "supplement-request-received=2025-12-30")


def test_every_step_is_there_in_the_stages_of_the_year(ask: Any):
    _, document, _ = ask(*DEADLINE, "2024")
    assert [step["step"] for step in document["steps"]][:5] == [
        *("score-indicators", "post-drafts", "explain-opinions", "hold-meeting", "submit-dossier")
    ]
    assert document["governs"] is True


def test_a_year_that_the_text_does_not_govern_is_answered_with_a_remark(ask: Any):
    status, document, remark = ask(*DEADLINE, "2026", "--lang", "en")
    assert (status, document["governs"]) == (0, False)
    assert "governs the evaluation years" in remark


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("calendar", "show", "2026-02-30"), "impossible_date"),
        (("calendar", "show", "20260101"), "impossible_date"),
        (("calendar", "show", "1999-01-01"), "outside_calendar"),
        ((*DEADLINE, "2025", "--event", "supplement-request-received=2025-02-30"), "impossible_date"),
        ((*DEADLINE, "2025", "--event", "supplement-request-received=mai"), "impossible_date"),
        ((*DEADLINE, "2025", "--event", "supplement-request=2025-02-03"), "unknown_event"),
        ((*DEADLINE, "2025", "--step", "submit"), "unknown_step"),
        ((*DEADLINE, "2090"), "outside_calendar"),
        (("deadline", "--regulation", "qd-25-2012", "--year", "2025"), "unknown_regulation"),
        (("deadline", "--regulation", "../regulations/qd-25-2021", "--year", "2025"), "unknown_regulation"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_three_sentences(ask: Any, words: tuple[str, ...], code: str):
    status, document, _ = ask(*words)
    assert status == 1
    assert document["error"]["code"] == code
    assert all(document["error"][part] for part in ("what", "why", "do"))


@pytest.mark.parametrize(
    "words",
    [
        (*DEADLINE, "2025", "--event", "supplement-request-received"),
        (*DEADLINE, "2025", *EVENT, *EVENT),
        (*DEADLINE, "twenty"),
        ("deadline", "--year", "2025"),
        ("score", "--regulation", "qd-25-2021"),
        ("calendar", "show"),
        ("calendar", "2026-01-02"),
    ],
)
def test_an_option_that_cannot_be_parsed_is_a_wrong_use(words: tuple[str, ...]):
    assert used_wrongly(*words)


def test_a_file_of_answers_is_judged_exactly(ask: Any, tmp_path: Path):
    file = tmp_path / "answers.json"
    file.write_text('{"answers": {"1.1": {"points": 0.25}, "1.2": {"points": "7"}}, "leader_disciplined": true}')
    status, document, _ = ask("score", "--regulation", "qd-25-2021", file)
    assert status == 0
    assert document["criteria"][0] == {"id": "1", "points": "7.25", "maximum": "10.00", "meets": True}
    assert (document["total"], document["meets_standard"]) == (None, False)
    assert [short["rule"] for short in document["shortfalls"]] == ["leaders_clear"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"3",
        b'{"answers": {}',
        b'{"answers": {}, "answers": {}}',
        '{"answers": {"1.1": {"points": "ba điểm"}}}'.encode("utf-16"),
        b'{"answers": {"1.1": {"points": 1e99999999999999999999}}}',
        b'{"answers": {"1.1": {"points": NaN}}}',
        b'{"answers": {"\\ud800": {"points": "1"}}}',
        b'{"answers": {"1.1": {"\\ud800": "1"}}}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"answers": ' + b" " * (5 * 1024 * 1024) + b"{}}",
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(ask: Any, tmp_path: Path, content: bytes):
    file = tmp_path / "answers.json"
    file.write_bytes(content)
    status, document, _ = ask("score", "--regulation", "qd-25-2021", file)
    assert status == 1, document
    assert all(document["error"][part] for part in ("what", "why", "do"))


def test_a_missing_file_or_a_folder_is_refused(ask: Any, tmp_path: Path):
    for path in (tmp_path, tmp_path / "none.json", tmp_path / ("x" * 300)):
        status, document, _ = ask("score", "--regulation", "qd-25-2021", path)
        assert (status, document["error"]["code"]) == (1, "answer_file")


def test_what_json_gets_wrong_is_named_with_its_line_and_column(ask: Any, tmp_path: Path):
    file = tmp_path / "answers.json"
    file.write_text('{\n  "answers": {,}\n}')
    _, document, _ = ask("score", "--regulation", "qd-25-2021", file, "--lang", "en")
    assert "line 2, column 15" in document["error"]["what"]

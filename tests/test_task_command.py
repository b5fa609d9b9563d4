"""`tcpl task` as it is typed: each answer one JSON document, each mistake three sentences."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE
from docx import Document
from sqlalchemy import select

from models.records.dossiers import Dossier
from models.records.units import Unit
from tasks import clock
from tasks.database import reading
from tasks.opening import open_cycle

pytestmark = [pytest.mark.usefixtures("units"), ON_SQLITE]

WHERE = ("--province", "96", "--year", "2024")
BY = ("--by", "người ghi (minh họa)", "--document", "9/BC (minh họa)")


@pytest.fixture
def task(tcpl: Callable[..., Any]) -> Callable[..., Any]:
    """`tcpl task ... --json` on an open cycle of four communes."""
    plan = Path("regulations/plans/ca-mau-2024.yaml")
    open_cycle("96", 2024, trial=True, plan_file=plan, at=clock.moment(date(2024, 12, 2)), most=4)
    return lambda *words: tcpl("task", *words, *WHERE, "--json")


def test_a_task_lives_from_the_list_to_its_proof(task: Callable[..., Any], tmp_path: Path) -> None:
    listed = task("list", "--on", "2024-12-12").json["tasks"]
    assert next(row["standing"] for row in listed if row["task"] == "name-focal-agency") == "overdue"
    proof = tmp_path / "minutes.txt"
    proof.write_text("biên bản (minh họa)", "utf-8")
    words = ("done", "name-focal-agency", "--unit", "964", "--on", "2024-12-12", "--file", str(proof), *BY)
    assert task(*words).json == {"done": 1}
    assert task(*words).json == {"done": 0}
    row = task("list", "--on", "2024-12-12", "--unit", "964").json["tasks"][0]
    assert (row["standing"], row["days_late"], len(row["proof"][0]["sha256"])) == ("done_late", 1, 64)
    assert task("list", "--on", "2025-06-30", "--ended").json["tasks"] == []
    left = task("list", "--on", "2025-07-01", "--ended").json["tasks"]
    assert "964" in {one["unit"] for one in left}, "a district that is no more still owes"
    assert not [one for one in left if one["done_on"]]


def test_a_task_is_added_extended_and_carried_over(task: Callable[..., Any]) -> None:
    added = task(
        *("add", "extra", "--kind", "training", "--title", "Việc thêm", "--lead", "province_justice"),
        *("--from", "2024-12-02", "--until", "2025-01-15", "--product", "báo cáo", *BY),
    )
    assert added.json == {"added": 1}
    extend = task("extend", "extra", "--unit", "96", "--until", "2025-02-10", "--reason", "thiếu người", *BY)
    assert extend.json == {"extended": 1}
    carry = task("carry", "extra", "--unit", "96", "--until", "2026-02-10", "--reason", "chưa xong", *BY)
    assert carry.json == {"carried": 1}
    (row,) = (row for row in task("list").json["tasks"] if row["task"] == "extra")
    assert (row["standing"], row["carried_until"]) == ("carried_over", "2026-02-10")


def test_status_shows_the_programme(task: Callable[..., Any], tcpl: Callable[..., Any]) -> None:
    assert task("list").status == 0
    found = tcpl("status", "--on", "2024-12-12", "--json").json["cycles"][0]["programme"]
    assert (found["overdue"], found["total"]) == (1, len(task("list").json["tasks"]))
    assert "Chương trình công tác" in tcpl("status", "--on", "2024-12-12").out


@pytest.mark.parametrize("final", [False, True])
def test_a_draft_review_holds_the_facts_and_leaves_the_lessons_open(
    task: Callable[..., Any], tmp_path: Path, final: bool
) -> None:
    file = tmp_path / "review.docx"
    answer = task("review", "--out", str(file), "--on", "2024-12-20", *(["--final"] if final else [])).json
    paper = Document(str(file))
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert ("TỔNG KẾT" if final else "SƠ KẾT") in said
    assert "THỬ NGHIỆM" in paper.sections[0].header.paragraphs[0].text
    assert "Bài học kinh nghiệm: [Người soạn điền]" in said
    late = {row.cells[0].text for row in paper.tables[2].rows[1:]}
    assert {row["title"] for row in answer["late"]} == late != set()


def test_money_visits_and_focal_points_are_recorded(task: Callable[..., Any]) -> None:
    money = ("record", "train-officers", "1000000", "--unit", "96", "--source", "support", *BY)
    assert task("money", *money).json == {"recorded": 1}
    assert task("money", "show").json["by_source"]["support"]["allocated"] == "1000000"
    with reading() as session:
        unit = session.scalars(select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id)).first()
    focal = ("set", "Người phụ trách (minh họa)", "--unit", "96", "--actor", "province_justice", "--from", "2024-12-02")
    assert task("focal", *focal, *BY).json == {"appointed": 1}
    before, after = (task("focal", "show", "--on", day).json["vacancies"] for day in ("2024-12-01", "2024-12-02"))
    assert before == after + 1
    assert task("inspect", "propose").json == {"units": []}
    visit = ("--unit", str(unit), "--on", "2025-03-05")
    assert task("inspect", "plan", *visit, "--team", "đoàn 1", *BY).json == {"planned": 1}
    found = task("inspect", "record", *visit, "--finding", "thiếu sổ|lập sổ|2025-04-01", *BY).json
    assert found == {"recorded": True, "findings": 1}
    assert task("inspect", "mend", "1", "--unit", str(unit), "--proof", "sổ", "--by", "a").json == {"mended": True}
    (seen,) = task("inspect", "list").json["visits"]
    assert (seen["unit"], seen["findings"][0]["mend_by"]) == (unit, "2025-04-01")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("done", "nothing", "--unit", "96", *BY), "task_not_owed"),
        (("done", "guide-criteria", "--unit", "96", "--by", "a", "--file", "/nowhere/at-all"), "proof_not_readable"),
        (("import", "nowhere.xlsx", *BY), "workbook_unreadable"),
        (
            ("money", "record", "train-officers", "a lot", "--unit", "96", "--source", "support", *BY),
            "money_impossible",
        ),
        (
            (
                *("add", "old", "--kind", "training", "--title", "Việc cũ", "--lead", "province_justice"),
                *("--until", "2025-01-15", "--product", "báo cáo", *BY),
            ),
            "task_begin_not_named",
        ),
        (("inspect", "record", "--unit", "96", "--on", "2025-03-05", "--finding", "x", *BY), "finding_not_understood"),
    ],
)
def test_a_mistake_is_three_sentences_and_status_one(
    task: Callable[..., Any], words: tuple[str, ...], code: str
) -> None:
    answer = task(*words)
    error = answer.json["error"]
    assert (answer.status, error["code"]) == (1, code)
    assert all(error[part] for part in ("what", "why", "do"))

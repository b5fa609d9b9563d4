"""The journal's heads outside the database: written on by one process for a year, and by others beside it."""

import json
from datetime import date
from pathlib import Path

import pytest
from databases import ON_SQLITE

from tasks import clock
from tasks.anchors import anchor, read_anchors, verify_journal
from tasks.opening import open_cycle
from tasks.stages import open_stage, stages_with_work

pytestmark = [pytest.mark.usefixtures("units"), ON_SQLITE]

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
AT = clock.moment(date(2024, 12, 2))


def lived(home: Path) -> Path:
    """A cycle with a stage open, and its file of anchors."""
    cycle = open_cycle("96", 2024, trial=True, plan_file=PLAN, at=AT, most=2).cycle
    for stage, ids in stages_with_work([cycle], AT).items():
        open_stage(ids, stage, AT)
    return home / "anchors" / "journal.jsonl"


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()


def test_a_head_is_written_once(home: Path) -> None:
    file = lived(home)
    before = lines(file)
    anchor()
    assert lines(file) == before
    assert len(set(before)) == len(before) > 1


def test_what_another_process_wrote_meanwhile_is_not_written_again(home: Path) -> None:
    file = lived(home)
    last = json.loads(lines(file)[-1])
    with file.open("a", encoding="utf-8") as other:
        other.write(json.dumps(last | {"number": last["number"] + 5}) + "\n")
    before = lines(file)
    anchor()
    assert lines(file) == before
    assert read_anchors(home)[last["cycle"]][0] == last["number"] + 5


@pytest.mark.parametrize("torn", ["", '{"cycle": 1, "num'])
def test_a_file_that_lost_its_end_gets_the_head_again(home: Path, torn: str) -> None:
    file = lived(home)
    head = read_anchors(home)
    file.write_text("".join(f"{line}\n" for line in lines(file)[:-1]) + torn, "utf-8")
    anchor()
    anchor()  # a line that was torn takes the next one with it
    assert read_anchors(home) == head
    assert verify_journal()[1] is None


def test_another_file_in_its_place_is_read_from_its_beginning(home: Path) -> None:
    file = lived(home)
    head, first = read_anchors(home), lines(file)[0]
    file.rename(file.with_suffix(".old"))
    file.write_text(f"{first}\n" * 50, "utf-8")
    anchor()
    assert read_anchors(home) == head

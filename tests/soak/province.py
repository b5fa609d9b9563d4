"""A whole province by files and acts only: workbooks out, filled, in again, and two rounds of supplement for each.

Cà Mau's evaluation years 2024 (100 communes) and 2026 (64). Every tenth commune declares itself not met; every other
one is asked twice, gets the workbook of its request, and answers with it. Nobody is killed: what is counted is whether
every file, round and dossier stands where it should. The years go on in one home, as in an office.
"""

import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from sqlalchemy import func, select

from models.cycle.lifecycle import State
from models.law.regulation import Regulation
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier
from models.records.handed_in import HandedIn
from models.records.supplements import SupplementRound
from tasks import clock
from tasks.anchors import verify_journal
from tasks.commune_acts import complete, request_supplement
from tasks.database import reading
from tasks.intake import take_files
from tasks.opening import open_cycle
from tasks.workbook_layout import FIRST_ROW
from tasks.workbook_parts import parts_of
from tasks.workbooks import write_workbooks

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS.parent):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
YEARS = (2024, 2026)
ROUNDS = ((11, 13), (14, 16))
"""Of each round, the days of January on which it was asked for and answered."""


def run(kills: int = 0, seed: int = 7, engine: str = "sqlite", most: int | None = None) -> dict[str, Any]:  # noqa: ARG001  (as every soak)
    """`acts`: files taken in and requests made. `lost`: what is wanting at the end; `doubled`: what is there twice."""
    from soak.intake import home

    started, acts, lost, doubled, communes = time.perf_counter(), 0, 0, 0, {}
    with home(engine, 0) as (where, _):
        for year in YEARS:
            done, wanting, twice, communes[year] = _live(where, year, most)
            acts, lost, doubled = acts + done, lost + wanting, doubled + twice
        lost += verify_journal()[1] is not None
    return {
        "scenario": "province",
        "engine": engine,
        "seed": seed,
        "kills": 0,
        "communes": communes,
        "acts": acts,
        "lost": lost,
        "doubled": doubled,
        "recognisable_doubles": 0,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _live(where: Path, year: int, most: int | None) -> tuple[int, int, int, int]:
    """One evaluation year until every file is found complete: (acts, lost, doubled, communes)."""
    plan = TESTS.parent / "regulations" / "plans" / f"ca-mau-{year}.yaml"
    cycle = open_cycle("96", year, trial=True, plan_file=plan, at=clock.moment(date(year, 12, 2)), most=most).cycle
    with reading() as session:
        law = law_of(session, session.get_one(Cycle, cycle)).regulation
    out = where / str(year)
    given = {code: path for code, _, path in write_workbooks("96", year, out).files}
    not_met = set(list(given)[9::10])
    for code, path in given.items():
        _fill(path, law, "not_met" if code in not_met else "proposes")
    refused = _take_in(list(given.values()), date(year + 1, 1, 8))
    asked = [code for code in given if code not in not_met]
    items = [one.id for one in law.indicators()[:2]]
    for item, (day, answered) in zip(items, ROUNDS, strict=True):
        for code in asked:
            _ask(code, year, item, date(year + 1, 1, day))
        books = [path for _, _, path in write_workbooks("96", year, out, communes=asked).files]
        for path in books:
            _answer(path, law, item)
        refused += _take_in(books, date(year + 1, 1, answered))
    for code in asked:
        complete(code, year, by="Cơ quan thẩm định (minh họa)", at=clock.moment(date(year + 1, 1, 17)))
    acts = len(given) + len(ROUNDS) * 2 * len(asked) + len(asked)
    return acts, refused + sum(_wanting(cycle, len(not_met), len(asked))), _doubled(cycle), len(given)


def _fill(path: Path, law: Regulation, outcome: str) -> None:
    from workbook_filler import filled

    filled(path, law, path, outcome=outcome)


def _take_in(files: list[Path], on: date) -> int:
    """Take the files in; how many were not taken."""
    report = take_files(files, at=clock.moment(on))
    for one in report.refused:
        print(one.file, one.errors[0].what.en, file=sys.stderr)  # noqa: T201  (to be read)
    return len(files) - sum(one.new for one in report.accepted)


def _ask(code: str, year: int, item: str, day: date) -> None:
    by = "Cơ quan thẩm định (minh họa)"
    request_supplement(code, year, {item: "Thiếu tài liệu"}, received_on=day, by=by, at=clock.moment(day))


def _answer(path: Path, law: Regulation, item: str) -> None:
    """What a commune does with the workbook of a request: words at the returned indicator, and a piece of evidence."""
    workbook = load_workbook(path)
    parts = {part.key: part for part in parts_of(law)}
    scores, evidence = workbook[parts["scores"].sheet], parts["evidence"]
    row = next(row for row in range(FIRST_ROW, 80) if _is_of(scores[f"A{row}"].value, item))
    _type(workbook, parts["scores"].sheet, f"{parts['scores'].letter('reason')}{row}", f"Đã bổ sung mục {item}")
    free = next(_free_rows(workbook, evidence.sheet, evidence.letter("place")))
    for key, value in {"place": item, "title": "Tài liệu bổ sung (minh họa)"}.items():
        _type(workbook, evidence.sheet, f"{evidence.letter(key)}{free}", value)
    workbook.save(path)


def _is_of(said: object, item: str) -> bool:
    """The row of the item; of one with contents, that of its first content."""
    return str(said) == item or str(said).startswith(f"{item}.")


def _free_rows(workbook: Workbook, sheet: str, letter: str) -> Iterator[int]:
    yield from (row for row in range(FIRST_ROW, 200) if workbook[sheet][f"{letter}{row}"].value is None)


def _type(workbook: Workbook, sheet: str, cell: str, value: str) -> None:
    if workbook[sheet][cell].protection.locked:
        raise AssertionError(f"{sheet} {cell} is locked in the workbook of the request")
    workbook[sheet][cell] = value


def _wanting(cycle: int, not_met: int, asked: int) -> Iterator[int]:
    """How many dossiers, files and rounds are not where they should be."""
    with reading() as session:
        of = (Dossier.cycle_id == cycle, Dossier.state == State.COMPLETE, Dossier.round == 1 + len(ROUNDS))
        yield asked - (session.scalar(select(func.count()).select_from(Dossier).where(*of)) or 0)
        declared = (Dossier.cycle_id == cycle, Dossier.state == State.DECLARED_NOT_MET)
        yield not_met - (session.scalar(select(func.count()).select_from(Dossier).where(*declared)) or 0)
        files = session.scalar(select(func.count()).select_from(HandedIn).where(HandedIn.cycle_id == cycle)) or 0
        yield abs(not_met + asked * (1 + len(ROUNDS)) - files)
        answered = (SupplementRound.cycle_id == cycle, SupplementRound.answered_at.is_not(None))
        yield len(ROUNDS) * asked - (
            session.scalar(select(func.count()).select_from(SupplementRound).where(*answered)) or 0
        )


def _doubled(cycle: int) -> int:
    """Rounds of a commune that more than one file made."""
    with reading() as session:
        query = select(HandedIn.unit_id).where(HandedIn.cycle_id == cycle).group_by(HandedIn.unit_id, HandedIn.round)
        return len(session.scalars(query.having(func.count() > 1)).all())


if __name__ == "__main__":
    print(run(engine=(sys.argv[1:2] or ["sqlite"])[0], most=int(sys.argv[2]) if sys.argv[2:] else None))  # noqa: T201  (to be read)

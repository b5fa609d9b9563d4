"""How long taking workbooks in takes, against merely reading the same files with the same reader in the same run."""

import io
import os
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select

CHECKOUT = Path(__file__).resolve().parents[2]
for folder in ("tests", "tests/soak"):
    if str(CHECKOUT / folder) not in sys.path:
        sys.path.append(str(CHECKOUT / folder))

PROVINCES = ("01", "38")
"""Hà Nội and Thanh Hóa: together more than a thousand communes in 2024."""


def run(n: int = 1000, engine: str = "sqlite") -> dict[str, Any]:
    """Take n workbooks in, with one bad file among them; `floor_seconds`: merely reading them with calamine."""
    from soak.intake import ON, home

    from tasks.intake import take_files
    from tasks.intake_readers import readers_for

    with home(engine, 3) as (folder, _):
        files = _files(folder, n)
        bad = folder / "bad.xlsx"
        bad.write_bytes(b"ten;diem")
        given = [*files[: n // 2], bad, *files[n // 2 :]]
        floor = _merely_read(files)
        start = time.perf_counter()
        report = take_files(given, at=ON)
        seconds = time.perf_counter() - start
    assert (len(report.accepted), len(report.refused)) == (n, 1), report.refused[:2]
    assert all(one.new for one in report.accepted)
    return {
        "name": "intake",
        "engine": engine,
        "n": n,
        "seconds": round(seconds, 2),
        "floor_seconds": round(floor, 2),
        "ratio": round(seconds / floor, 2),
        "peak_mb": round(_peak(resource.RUSAGE_SELF) + readers_for(n) * _peak(resource.RUSAGE_CHILDREN)),
    }


def _peak(who: int) -> float:
    """The most memory of this process, or of the largest of its readers, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def _merely_read(files: list[Path]) -> float:
    start = time.perf_counter()
    for file in files:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return time.perf_counter() - start


def _files(folder: Path, n: int) -> list[Path]:
    """A filled workbook for each of n communes of two large provinces, each of its own cycle."""
    from workbook_filler import another, filled

    from models.records.cycles import Cycle, law_of
    from models.records.dossiers import Dossier
    from models.records.unit_queries import add_units
    from models.records.units import Unit
    from tasks import clock
    from tasks.database import reading, work
    from tasks.opening import open_cycle
    from tasks.unit_files import package_units
    from tasks.workbooks import write_workbooks

    shipped = package_units().of_provinces(*PROVINCES)
    with work() as session:
        add_units(session, shipped.units, shipped.descents)
    paths: list[Path] = []
    for province in PROVINCES:
        cycle = open_cycle(province, 2024, trial=True, at=clock.moment(date(2024, 12, 2))).cycle
        with reading() as session:
            law = law_of(session, session.get_one(Cycle, cycle)).regulation
            rows = session.execute(
                select(Unit.code, Unit.name)
                .join(Dossier, Dossier.unit_id == Unit.id)
                .where(Dossier.cycle_id == cycle)
                .order_by(Unit.code)
            )
            units = [(code, name) for code, name in rows]
        blank = write_workbooks(province, 2024, folder, communes=[units[0][0]]).files[0][2]
        content = filled(blank, law, folder / f"filled-{province}.xlsx").read_bytes()
        for code, name in units[: n - len(paths)]:
            path = folder / f"in-{code}.xlsx"
            path.write_bytes(another(content, units[0], (code, name)))
            paths.append(path)
    assert len(paths) == n
    return paths


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, *sys.argv[2:3]))  # noqa: T201

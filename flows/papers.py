"""Papers out and papers in, as flows with typed run forms: the official forms, results of earlier years."""

from pathlib import Path
from typing import Any

from flows.acts import act
from tasks import engine
from tasks.sittings import Place


@act("write-forms", "write_forms-{province}-{year}")
def write_forms(
    province: str,
    year: int,
    out: Path,
    form: str | None = None,
    communes: list[str] | None = None,
    trial: bool = False,
) -> dict[str, Any]:
    """Write the official forms and the lists of a cycle into a folder; one form or some communes, or all of them."""
    return engine.write_forms(Place(province, year, trial or None), out, form=form, communes=communes)


@act("import-results", "import_results-{file}")
def import_results(file: Path, by: str) -> dict[str, Any]:
    """Take a workbook of documented results of earlier years in, all of it or none."""
    return engine.import_results(file, by)

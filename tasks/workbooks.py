"""Writes the self-assessment workbooks of a cycle: one file per commune, whole or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import Refusal
from models.records.absent import not_in_cycle
from models.records.cycles import law_of
from models.words import Language, Words
from tasks.cycle_choice import cycle_of_province
from tasks.database import reading
from tasks.settings import Settings
from tasks.workbook_content import Book, books
from tasks.workbook_rows import fingerprint
from tasks.workbook_sheets import build


@dataclass(frozen=True)
class Written:
    """What was written: {"cycle", "trial", "files": [{"commune", "name", "file"}]} as plain values."""

    cycle: int
    province: str
    year: int
    trial: bool
    files: tuple[tuple[str, str, Path], ...]


def write_workbooks(
    province: str,
    year: int,
    out: Path,
    *,
    communes: Sequence[str] | None = None,
    trial: bool | None = None,
    language: Language = "vi",
    progress: Callable[[int, int], object] | None = None,
) -> Written:
    """Write the workbook of each commune (null: all) into the folder; writing again gives the same content.

    Raises Refusal for a cycle that is not open, a commune that is not in it, a folder that cannot be written to.
    """
    with reading() as session:
        cycle = cycle_of_province(session, province, year, trial)
        found = books(session, cycle, fingerprint(law_of(session, cycle).regulation), communes)
        if missing := sorted(set(communes or ()) - {book.code for book in found}):
            raise not_in_cycle(session, missing, cycle)
        cycle_id, is_trial = cycle.id, cycle.trial
    _make_folder(out)
    files = []
    for number, book in enumerate(found, start=1):
        files.append((book.code, book.name, save(book, out, language)))
        if progress:
            progress(number, len(found))
    return Written(cycle_id, province, year, is_trial, tuple(files))


def save(book: Book, out: Path, language: Language = "vi") -> Path:
    """Write one workbook beside its place and move it there: nobody ever opens half a file."""
    path = out / f"tu-danh-gia-{book.year}-{book.code}.xlsx"
    half = path.with_suffix(".half")
    try:
        build(book, language).save(half)
        half.replace(path)
    except OSError as error:
        raise _cannot_write(out, error) from error
    return path


def out_folder(settings: Settings, year: int) -> Path:
    """Where workbooks go when no folder is named."""
    return settings.home / "workbooks" / str(year)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _cannot_write(out: Path, error: OSError) -> Refusal:
    return Refusal(
        "cannot_write",
        Words(f"Không ghi được vào thư mục {out}.", f"Cannot write into the folder {out}."),
        Words(error.strerror or "lỗi hệ điều hành", error.strerror or "an error of the operating system"),
        Words("Chọn thư mục khác bằng --out, hoặc kiểm tra quyền ghi và dung lượng đĩa.", "Choose another --out."),
    )

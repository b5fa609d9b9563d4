"""The watched folder: what is put into the home's `inbox/` is taken in, and leaves the folder once it is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tasks import clock
from tasks.intake import take_files
from tasks.settings import Settings

QUIET = timedelta(seconds=20)
"""A file that was written to more recently may still be on its way."""
AT_ONCE = 500


@dataclass(frozen=True)
class Emptied:
    """What became of the inbox: how many files were new, known, returned; how many are left for the next run."""

    new: int
    known: int
    returned: int
    left: int


def empty_inbox(at: datetime | None = None) -> Emptied:
    """Take in every workbook of `inbox/` that lies still.

    Accepted originals are kept in `received/`, refused ones go to `returned/` beside their reasons; only then does a
    file leave the inbox, so that a kill loses none.
    """
    settings, moment = Settings(), at or clock.now()
    waiting = _waiting(settings.home / "inbox")
    ready = [path for path in waiting if _lies_still(path)][:AT_ONCE]
    report = take_files(ready, at=moment, by="hộp thư đến")
    for one in report.accepted:
        Path(one.file).unlink(missing_ok=True)
    for one in report.refused:
        if one.returned:  # without an answer to the sender it stays and is tried again
            Path(one.file).replace(one.returned.parent / f"{one.returned.name.split('.')[0]}.{Path(one.file).name}")
    new = sum(one.new for one in report.accepted)
    gone = sum(not path.exists() for path in ready)
    return Emptied(new, len(report.accepted) - new, len(report.refused), len(waiting) - gone)


def _waiting(folder: Path) -> list[Path]:
    """Files of the folder itself, by name; Office's own lock files and half-copied ones are not meant."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink())
    return [path for path in names if not path.name.startswith(("~", ".")) and path.suffix not in (".part", ".tmp")]


def _lies_still(path: Path) -> bool:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=clock.now().tzinfo)
    except OSError:
        return False  # taken away meanwhile
    return clock.now() - written >= QUIET

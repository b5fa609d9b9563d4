"""Takes self-assessments in: each file whole or not at all, many in one transaction, every original kept.

A kill at any point loses nothing and doubles nothing: an original is stored under its SHA-256 before the transaction
that takes it in, and a file that was taken in is known by that number.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from models.records.acting import Sitting
from models.records.intake import Intake, take_papers
from models.records.journal import Signed
from models.words import Language
from tasks import clock
from tasks.anchors import anchor
from tasks.database import reading, work
from tasks.intake_files import ReadFile, Unreadable, received, unlike_the_proposal
from tasks.intake_readers import read_files
from tasks.settings import Settings
from tasks.workbook_flaws import Flaw
from tasks.workbook_places import placed
from tasks.workbook_returning import give_back

TOGETHER = 200
"""Files in one transaction: long enough to be quick, short enough that nobody waits for the database."""


@dataclass(frozen=True)
class Taken:
    """A file that is in. `new` false: it was in already. `round`s and warnings are for whoever asks."""

    file: str
    commune: str
    year: int
    sha256: str
    new: bool
    declares_not_met: bool
    warnings: tuple[Flaw, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, with everything that is wrong, and the copy for its sender (null: none was made)."""

    file: str
    errors: tuple[Flaw, ...]
    returned: Path | None


@dataclass
class Report:
    """What became of all files, in the order in which they were given."""

    accepted: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def document(self, language: Language) -> dict[str, object]:
        """The JSON of `tcpl intake`."""
        return {
            "accepted": [
                {
                    "file": one.file,
                    "commune": one.commune,
                    "year": one.year,
                    "sha256": one.sha256,
                    "new": one.new,
                    "declares_not_met": one.declares_not_met,
                    "warnings": [flaw.document(language) for flaw in one.warnings],
                }
                for one in self.accepted
            ],
            "refused": [
                {
                    "file": one.file,
                    "errors": [flaw.document(language) for flaw in one.errors],
                    "returned": None if one.returned is None else str(one.returned),
                }
                for one in self.refused
            ],
        }


def take_files(
    paths: Sequence[Path],
    *,
    at: datetime | None = None,
    by: str = "đơn vị nộp",
    language: Language = "vi",
    progress: Callable[[int, int], object] | None = None,
) -> Report:
    """Take these files in, as of a moment (null: now). Refused ones change nothing and go back with their reasons."""
    settings, moment = Settings(), at or clock.now()
    with reading(settings):
        pass  # a home that is not ready refuses the whole call: no commune is to get its file back for that
    report, waiting = Report(), _Waiting()
    for number, found in enumerate(read_files(settings, paths), start=1):
        if isinstance(found, ReadFile):
            if waiting.has(found):
                _take(waiting.all(), settings, moment, by, language, report)
            waiting.add(found)
            if waiting.is_full():
                _take(waiting.all(), settings, moment, by, language, report)
        else:
            report.refused.append(_refuse(settings, found, language))
        if progress:
            progress(number, len(paths))
    _take(waiting.all(), settings, moment, by, language, report)
    if report.accepted:
        anchor()
    return report


class _Waiting:
    """Files that were read and wait for their transaction: one of a commune at a time."""

    def __init__(self) -> None:
        self._files: dict[tuple[int, str], ReadFile] = {}

    def has(self, one: ReadFile) -> bool:
        return (one.cycle_id, one.paper.filing.code) in self._files

    def add(self, one: ReadFile) -> None:
        self._files[one.cycle_id, one.paper.filing.code] = one

    def is_full(self) -> bool:
        return len(self._files) >= TOGETHER

    def all(self) -> list[ReadFile]:
        files = list(self._files.values())
        self._files.clear()
        return files


def _take(
    files: Sequence[ReadFile], settings: Settings, at: datetime, by: str, language: Language, report: Report
) -> None:
    for cycle_id, of_cycle in _by_cycle(files):
        with work() as session:
            sitting = Sitting.on(session, cycle_id, Signed(by, at, "bản tự đánh giá của đơn vị"))
            done = take_papers(sitting, [one.paper for one in of_cycle])
        for one in of_cycle:
            _tell(one, done, settings, language, report)


def _tell(one: ReadFile, done: Intake, settings: Settings, language: Language, report: Report) -> None:
    sha256, filing = one.paper.sha256, one.paper.filing
    if sha256 in done.refused:
        kept = received(settings, sha256).read_bytes()
        flaws = tuple(placed(done.refused[sha256], kept))
        report.refused.append(_refuse(settings, Unreadable(one.path, sha256, kept, flaws), language))
    else:
        new = sha256 in done.taken
        unlike = unlike_the_proposal(filing.declares_not_met, done.meets.get(sha256))
        warnings = (*one.warnings, *unlike) if new else ()
        taken = Taken(str(one.path), filing.code, one.year, sha256, new, filing.declares_not_met, warnings)
        report.accepted.append(taken)


def _by_cycle(files: Sequence[ReadFile]) -> Iterator[tuple[int, list[ReadFile]]]:
    by_cycle: dict[int, list[ReadFile]] = {}
    for one in files:
        by_cycle.setdefault(one.cycle_id, []).append(one)
    yield from by_cycle.items()


def _refuse(settings: Settings, found: Unreadable, language: Language) -> Refused:
    if not found.path.is_file():
        return Refused(str(found.path), found.flaws, None)  # a name mistyped: there is no sender to answer
    try:
        returned = give_back(settings, found.path.name, found.sha256, found.content, found.flaws, language)
    except OSError:
        returned = None  # the disk is full or the home read-only: the refusal itself still stands
    return Refused(str(found.path), found.flaws, returned)

"""Takes self-assessments in: each file whole or not at all, many in one transaction, every original kept.

A kill at any point loses nothing and doubles nothing: an original is stored under its SHA-256 before the transaction
that takes it in, and a file that was taken in is known by that number.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from models.errors import Refusal
from models.law.posting import PostingFound, check_posting
from models.law.scoring import judge
from models.records.acting import Sitting
from models.records.cycles import find_cycle, law_of
from models.records.dossiers import Dossier
from models.records.intake import Intake, Paper, take_papers
from models.records.journal import Signed
from models.records.postings import rule_in
from models.records.units import Unit
from models.words import Language, Words
from tasks import clock
from tasks.anchors import anchor
from tasks.database import reading, work
from tasks.settings import Settings
from tasks.workbook_reading import Expected, Flaw, Flawed, Identity, Opened, expectation, flaw_of, read
from tasks.workbook_returning import give_back
from tasks.workbook_rows import fingerprint, rows_of
from tasks.workbook_safety import look_at, refuse_size

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


@dataclass(frozen=True)
class _Read:
    """A file that was read and found in order."""

    path: Path
    content: bytes
    paper: Paper
    expected: Expected
    year: int


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
    report, waiting = Report(), _Waiting()
    seen = _Expectations()
    for number, path in enumerate(paths, start=1):
        found = _read(path, seen)
        if isinstance(found, _Read):
            if waiting.has(found):
                _take(waiting.all(), settings, moment, by, language, report)
            waiting.add(found)
            if waiting.is_full():
                _take(waiting.all(), settings, moment, by, language, report)
        else:
            report.refused.append(_refuse(settings, path, found, language))
        if progress:
            progress(number, len(paths))
    _take(waiting.all(), settings, moment, by, language, report)
    if report.accepted:
        anchor()
    return report


class _Waiting:
    """Files that were read and wait for their transaction: one of a commune at a time."""

    def __init__(self) -> None:
        self._files: dict[tuple[int, str], _Read] = {}

    def has(self, one: _Read) -> bool:
        return (one.expected.cycle_id, one.paper.filing.code) in self._files

    def add(self, one: _Read) -> None:
        self._files[one.expected.cycle_id, one.paper.filing.code] = one

    def is_full(self) -> bool:
        return len(self._files) >= TOGETHER

    def all(self) -> list[_Read]:
        files = list(self._files.values())
        self._files.clear()
        return files


def _take(
    files: Sequence[_Read], settings: Settings, at: datetime, by: str, language: Language, report: Report
) -> None:
    for one in files:
        keep_original(settings, one.paper.sha256, one.content)
    for cycle_id, of_cycle in _by_cycle(files):
        with work() as session:
            sitting = Sitting.on(session, cycle_id, Signed(by, at, "bản tự đánh giá của đơn vị"))
            done = take_papers(sitting, [one.paper for one in of_cycle])
        for one in of_cycle:
            _tell(one, done, settings, language, report)


def _tell(one: _Read, done: Intake, settings: Settings, language: Language, report: Report) -> None:
    sha256, filing = one.paper.sha256, one.paper.filing
    if sha256 in done.refused:
        flaw = flaw_of(done.refused[sha256])
        found = _Unreadable(sha256, one.content, (flaw,))
        report.refused.append(_refuse(settings, one.path, found, language))
    else:
        new = sha256 in done.taken
        warnings = tuple(_warnings(one)) if new else ()
        taken = Taken(str(one.path), filing.code, one.year, sha256, new, filing.declares_not_met, warnings)
        report.accepted.append(taken)


def _by_cycle(files: Sequence[_Read]) -> Iterator[tuple[int, list[_Read]]]:
    by_cycle: dict[int, list[_Read]] = {}
    for one in files:
        by_cycle.setdefault(one.expected.cycle_id, []).append(one)
    yield from by_cycle.items()


@dataclass(frozen=True)
class _Unreadable:
    """A file that cannot be taken. `content` null: it must not, or cannot, be opened again."""

    sha256: str
    content: bytes | None
    flaws: tuple[Flaw, ...]


def _read(path: Path, seen: "_Expectations") -> _Read | _Unreadable:
    """One file, looked over, opened, read against its cycle; whatever is wrong with it comes back as flaws."""
    try:
        refuse_size(path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        return _Unreadable("0" * 64, None, (_no_file(path, error),))
    except Refusal as refusal:
        return _Unreadable("0" * 64, None, (flaw_of(refusal),))
    sha256, opened = hashlib.sha256(content).hexdigest(), None
    try:
        opened = Opened(content, look_at(content))
        identity = opened.identity()
        expected = seen.of(identity)
        paper = read(opened, expected, identity, sha256=sha256, name=path.name, size=len(content))
        return _Read(path, content, paper, expected, identity.year)
    except Refusal as refusal:
        return _Unreadable(sha256, content if opened else None, (flaw_of(refusal),))
    except Flawed as flawed:
        return _Unreadable(sha256, content if opened else None, tuple(flawed.flaws))


def _refuse(settings: Settings, path: Path, found: _Unreadable, language: Language) -> Refused:
    try:
        returned = give_back(settings, path.name, found.sha256, found.content, found.flaws, language)
    except OSError:
        returned = None  # the disk is full or the home read-only: the refusal itself still stands
    return Refused(str(path), found.flaws, returned)


def keep_original(settings: Settings, sha256: str, content: bytes) -> Path:
    """The file as it came, under its SHA-256; never replaced."""
    path = settings.home / "received" / sha256[:2] / f"{sha256}.xlsx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_bytes(content)
        half.replace(path)
    return path


class _Expectations:
    """What workbooks of each cycle have to be; asked of the database once a run."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, bool], Expected] = {}

    def of(self, identity: Identity) -> Expected:
        """Raises Refusal for a cycle that is not open, another version of the law, a commune that is not in it."""
        key = (identity.province, identity.year, identity.trial)
        if key not in self._known:
            self._known[key] = _expected(*key)
        expected = self._known[key]
        if (identity.regulation, identity.criteria) != (expected.regulation.id, expected.criteria):
            raise _other_version(identity, expected)
        if identity.commune not in expected.names:
            raise _not_in_cycle(identity)
        return expected


def _expected(province: str, year: int, trial: bool) -> Expected:
    with reading() as session:
        cycle = find_cycle(session, province, year, trial)
        if cycle is None:
            raise _no_cycle(province, year, trial)
        regulation = law_of(session, cycle).regulation
        query = select(Unit.code, Unit.name).join(Dossier, Dossier.unit_id == Unit.id)
        names = dict(session.execute(query.where(Dossier.cycle_id == cycle.id)).tuples().all())
        return expectation(cycle.id, regulation, fingerprint(regulation), rows_of(regulation), names)


def _warnings(one: _Read) -> Iterator[Flaw]:
    """What forbids nothing and should be known: a posting that is not enough, a verdict unlike the proposal."""
    paper, regulation = one.paper, one.expected.regulation
    posting = next((part for part in one.expected.parts if part.key == "posting"), None)
    if posting and regulation.has_step("post-drafts"):
        found = check_posting(rule_in(regulation), paper.postings, one.year)
        yield from (_warning(posting.sheet, said, found) for said in (*found.wanting, *found.warnings))
    verdict = judge(regulation, paper.filing.submission.answers, paper.filing.submission.leader_disciplined)
    if verdict.meets_standard is False and not paper.filing.declares_not_met:
        yield _unlike(
            Words("đề nghị công nhận, nhưng điểm tự chấm chưa đạt", "proposed, but the answers do not meet it")
        )
    if verdict.meets_standard is True and paper.filing.declares_not_met:
        yield _unlike(Words("tự nhận chưa đạt, nhưng điểm tự chấm đạt", "declared not met, but the answers meet it"))


def _warning(sheet: str, said: Words, found: PostingFound) -> Flaw:
    what = Words("Niêm yết chưa đủ.", "The posting is not enough.") if said in found.wanting else said
    why = said if said in found.wanting else Words("Chỉ cảnh báo, không cấm.", "A warning; nothing is forbidden.")
    return Flaw(sheet, "", what, why, Words("Kiểm tra lại; hồ sơ vẫn được nhận.", "Check it; the file was taken."))


def _unlike(said: Words) -> Flaw:
    return Flaw(
        "Kết quả đề nghị",
        "",
        Words(f"Đơn vị {said.vi}.", f"The commune is {said.en}."),
        Words("Kết quả đề nghị và câu trả lời nên khớp nhau.", "The proposal and the answers should agree."),
        Words("Kiểm tra lại; hồ sơ vẫn được nhận.", "Check it; the file was taken."),
    )


def _no_file(path: Path, error: OSError) -> Flaw:
    return Flaw(
        "",
        "",
        Words(f"Không đọc được tệp {path.name}.", f"The file {path.name} cannot be read."),
        Words(error.strerror or "lỗi hệ điều hành", error.strerror or "an error of the operating system"),
        Words("Kiểm tra đường dẫn và quyền đọc.", "Check its path and its permissions."),
    )


def _no_cycle(province: str, year: int, trial: bool) -> Refusal:
    kind = Words("thử nghiệm", "trial") if trial else Words("chính thức", "official")
    return Refusal(
        "wrong_year",
        Words(
            f"Tệp thuộc kỳ {kind.vi} năm {year} của tỉnh {province}, kỳ này chưa mở ở đây.",
            f"The file is of the {kind.en} cycle of {year} of province {province}, which is not open here.",
        ),
        Words("Có thể là tệp của năm khác, hoặc tệp tập dượt.", "It may be of another year, or a trial's."),
        Words("Dùng tệp đã phát cho kỳ đang mở.", "Use the workbook that was given out for the open cycle."),
    )


def _other_version(identity: Identity, expected: Expected) -> Refusal:
    return Refusal(
        "wrong_regulation",
        Words("Tệp theo một bản quy định khác.", "The file is of another version of the regulation."),
        Words(
            f"Tệp theo {identity.regulation} ({identity.criteria[:8]}); kỳ này theo {expected.regulation.id} "
            f"({expected.criteria[:8]}): chỉ tiêu, điểm hoặc điều kiện đã khác.",
            f"It is of {identity.regulation} ({identity.criteria[:8]}); the cycle has {expected.regulation.id} "
            f"({expected.criteria[:8]}): indicators, points or conditions differ.",
        ),
        Words("Xin tệp mới (`tcpl workbook`) và điền lại.", "Ask for a new workbook and fill it in."),
    )


def _not_in_cycle(identity: Identity) -> Refusal:
    return Refusal(
        "wrong_commune",
        Words(f"Mã {identity.commune} không thuộc kỳ này.", f"The code {identity.commune} is not in this cycle."),
        Words("Mã trong tệp không phải đơn vị cấp xã của kỳ.", "The file's code is not a commune of the cycle."),
        Words("Dùng đúng tệp đã phát cho đơn vị mình.", "Use the workbook that was given to your commune."),
    )

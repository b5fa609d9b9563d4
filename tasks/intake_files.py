"""One received file: looked over, opened, read against its cycle; what is in order is kept, what is not says why.

Nothing is written to the database here. An original that is in order is kept under its SHA-256 before anybody asks
for it to be taken in.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from models.errors import Refusal
from models.law.posting import PostingFound, check_posting
from models.records.cycles import find_cycle, law_of
from models.records.dossiers import Dossier
from models.records.handed_in import Paper
from models.records.postings import rule_in
from models.records.units import Unit
from models.words import Words
from tasks.database import reading
from tasks.settings import Settings
from tasks.workbook_flaws import Flaw, Flawed, flaw_of
from tasks.workbook_opening import Identity, Opened
from tasks.workbook_reading import Expected, expectation, read
from tasks.workbook_rows import fingerprint, rows_of
from tasks.workbook_safety import look_at, refuse_size


@dataclass(frozen=True)
class ReadFile:
    """A file that was read and found in order; its original is kept. `warnings` forbid nothing."""

    path: Path
    paper: Paper
    cycle_id: int
    year: int
    warnings: tuple[Flaw, ...]


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be taken. `content` null: it must not, or cannot, be opened again."""

    path: Path
    sha256: str
    content: bytes | None
    flaws: tuple[Flaw, ...]


def read_file(settings: Settings, path: Path, seen: "Expectations") -> ReadFile | Unreadable:
    """One file, read and kept; whatever is wrong with it comes back as flaws."""
    try:
        refuse_size(path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        return Unreadable(path, "0" * 64, None, (_no_file(path, error),))
    except Refusal as refusal:
        return Unreadable(path, "0" * 64, None, (flaw_of(refusal),))
    sha256, opened = hashlib.sha256(content).hexdigest(), None
    try:
        opened = Opened(content, look_at(content))
        identity = opened.identity()
        expected = seen.of(identity)
        paper = read(opened, expected, identity, sha256=sha256, name=path.name, size=len(content))
    except Refusal as refusal:
        return Unreadable(path, sha256, content if opened else None, (flaw_of(refusal),))
    except Flawed as flawed:
        return Unreadable(path, sha256, content if opened else None, tuple(flawed.flaws))
    keep_original(settings, sha256, content)
    return ReadFile(path, paper, expected.cycle_id, identity.year, tuple(_warnings(paper, expected, identity.year)))


def received(settings: Settings, sha256: str) -> Path:
    """Where the original of that number is kept."""
    return settings.home / "received" / sha256[:2] / f"{sha256}.xlsx"


def keep_original(settings: Settings, sha256: str, content: bytes) -> None:
    """The file as it came, under its SHA-256; never replaced."""
    path = received(settings, sha256)
    if path.exists():
        return
    half = path.with_suffix(".half")
    try:
        half.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
    half.replace(path)


class Expectations:
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


def _warnings(paper: Paper, expected: Expected, year: int) -> Iterator[Flaw]:
    """What forbids nothing and should be known: a posting that is not enough."""
    regulation, posting = expected.regulation, expected.part("posting")
    if posting and regulation.has_step("post-drafts"):
        found = check_posting(rule_in(regulation), paper.postings, year)
        yield from (_warning(posting.sheet, said, found) for said in (*found.wanting, *found.warnings))


def unlike_the_proposal(declares_not_met: bool, meets: bool | None) -> Iterator[Flaw]:
    """A proposal that its own answers do not bear out; it forbids nothing."""
    if meets is False and not declares_not_met:
        yield _unlike(
            Words("đề nghị công nhận, nhưng điểm tự chấm chưa đạt", "proposed, but the answers do not meet it")
        )
    if meets is True and declares_not_met:
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
    what = Words(f"Không đọc được tệp “{path}”.", f"The file '{path}' cannot be read.")
    check = Words("Kiểm tra lại tên tệp, thư mục và quyền đọc.", "Check its name, its folder and its permissions.")
    match error:
        case FileNotFoundError():
            return Flaw("", "", what, Words("Không có tệp này.", "There is no such file."), check)
        case IsADirectoryError():
            all_of_it = Words(
                f"Ghi tên từng tệp, hoặc cả thư mục bằng dấu sao: {path / '*.xlsx'}.",
                f"Name its files, or all of them by a star: {path / '*.xlsx'}.",
            )
            return Flaw("", "", what, Words("Đây là một thư mục.", "It is a folder."), all_of_it)
        case PermissionError():
            return Flaw("", "", what, Words("Không có quyền đọc.", "There is no permission to read it."), check)
    said = error.strerror or "?"
    return Flaw("", "", what, Words(f"Lỗi hệ điều hành: {said}.", f"The operating system says: {said}."), check)


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

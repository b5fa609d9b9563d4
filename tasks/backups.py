"""Backups while everything runs: the database, anchors, evidence and plans in one archive, proved by the journal chain.

The archive is a zip with a manifest of SHA-256 digests. A restore checks all of it before anything of the home is
touched, and keeps what stood there in a folder beside it.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import Fault, Refusal
from models.words import Words
from tasks import dumps
from tasks.anchors import verify_journal
from tasks.folders import writing_into
from tasks.schema import initialise, newest_revision, schema_of
from tasks.served_home import refuse_if_served
from tasks.settings import Settings

MANIFEST = "manifest.json"
ANCHORS, STORED = "anchors", ("evidence", "plans")
KEPT = (ANCHORS, *STORED)
"""The folders of a home that are truth; outbox, logs and Prefect's folder are made anew.

While others write, anchors are taken before the database and what it refers to after it: an act is anchored once it is
committed, evidence is stored before it.
"""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: its file, the journal's entries, how many files, its size in bytes, the schema's number."""

    file: str
    entries: int
    files: int
    size: int
    schema: str


def back_up(to: Path, at: datetime) -> Backup:
    """Write the archive. Raises Refusal where the file exists; Fault where the journal is broken: that is no backup."""
    settings = Settings()
    if to.exists():
        raise _exists(to)
    schema, entries = schema_of(settings), _proved()
    with writing_into(to.parent), tempfile.TemporaryDirectory(dir=to.parent) as folder:
        if (settings.home / ANCHORS).is_dir():
            shutil.copytree(settings.home / ANCHORS, Path(folder) / ANCHORS)
        dumped = dumps.dump(settings, Path(folder))
        files = {dumped.name: dumped, **_kept(Path(folder), [ANCHORS]), **_kept(settings.home, STORED)}
        about = {
            "made_at": at.isoformat(),
            "engine": dumps.engine_of(settings),
            "schema": schema,
            "entries": entries,
            "files": {name: _digest(file) for name, file in files.items()},
        }
        unfinished = Path(folder) / "archive"
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(about, indent=1))
            for name, file in files.items():
                archive.write(file, name)
        unfinished.replace(to)
    return Backup(str(to), entries, len(files), to.stat().st_size, schema)


def restore(archive: Path, at: datetime) -> Backup:
    """Put an archive back into the home and bring its schema up to date.

    Raises Refusal for a file that is no backup, was changed, is of a newer schema or of the other engine; and while the
    home is served.
    """
    settings = Settings()
    refuse_if_served(settings.home)
    with _unpacked(archive) as (folder, about):
        if about["engine"] != dumps.engine_of(settings):
            raise _refused("other_engine", f"bản sao lưu thuộc {about['engine']}", f"it is of {about['engine']}")
        if about["schema"] > newest_revision():
            raise _refused("newer_schema", "lược đồ mới hơn phần mềm này", "its schema is newer than this software")
        aside = settings.home / f"before-restore-{at:%Y%m%d-%H%M%S}"
        settings.home.mkdir(parents=True, exist_ok=True)
        for name in KEPT:
            _put_back(folder / name, settings.home / name, aside)
        dumps.load(settings, folder, aside)
    initialise(settings, upgrade=True)
    return Backup(str(archive), _proved(), len(about["files"]), archive.stat().st_size, about["schema"])


def upgrade(at: datetime) -> Backup | None:
    """Bring the tables up to date, after a backup into backups/ of the home; None if they are already."""
    settings = Settings()
    schema = schema_of(settings)
    if schema == newest_revision():
        return None
    if schema > newest_revision():
        raise _refused("newer_schema", "lược đồ mới hơn phần mềm này", "the schema is newer than this software")
    refuse_if_served(settings.home)
    kept = back_up(settings.home / "backups" / f"before-upgrade-{at:%Y%m%d-%H%M%S}.zip", at)
    initialise(settings, upgrade=True)
    return kept


def _put_back(source: Path, to: Path, aside: Path) -> None:
    if to.exists():
        aside.mkdir(exist_ok=True)
        shutil.move(to, aside / to.name)
    if source.exists():
        shutil.copytree(source, to)


@contextmanager
def _unpacked(archive: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The archive's files in a folder of their own, each with the digest that the manifest says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(archive) as packed:
                about = json.loads(packed.read(MANIFEST))
                packed.extractall(folder)
            changed = [one for one, digest in about["files"].items() if _digest(folder / one) != digest]
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            vi, en = "không đọc được như một bản sao lưu của phần mềm này", "it does not read as a backup of ours"
            raise _refused("not_a_backup", vi, en) from error
        if changed:
            raise _refused("changed_backup", f"tệp {changed[0]} đã bị sửa", f"{changed[0]} was changed")
        yield folder, about


def _kept(home: Path, names: Sequence[str]) -> dict[str, Path]:
    files = (file for name in names for file in sorted((home / name).rglob("*")) if file.is_file())
    return {str(file.relative_to(home)): file for file in files}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _proved() -> int:
    read, broken = verify_journal(any_schema=True)
    if broken:
        raise Fault(
            "journal_broken",
            Words("Nhật ký không nguyên vẹn.", "The journal is not intact."),
            Words(f"Kỳ {broken.cycle_id}, mục {broken.number}: {broken.why}.", f"Entry {broken.number}: {broken.why}."),
            Words("Xem bằng `tcpl journal verify`; giữ nguyên dữ liệu.", "See `tcpl journal verify`; keep everything."),
        )
    return read


def _exists(to: Path) -> Refusal:
    return Refusal(
        "file_exists",
        Words(f"Đã có tệp {to}.", f"The file {to} exists."),
        Words("Bản sao lưu không ghi đè tệp nào.", "A backup overwrites nothing."),
        Words("Chọn tên tệp khác.", "Choose another name."),
    )


def _refused(code: str, why_vi: str, why_en: str) -> Refusal:
    return Refusal(
        code,
        Words("Không phục hồi được; chưa có gì bị thay đổi.", "It cannot be restored; nothing was changed."),
        Words(f"Lý do: {why_vi}.", f"The reason: {why_en}."),
        Words("Chọn bản sao lưu khác, hoặc phiên bản phần mềm phù hợp.", "Take another backup, or fitting software."),
    )

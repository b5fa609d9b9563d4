"""Files that belong to an act, copied into the home under their SHA-256: what was signed stays what it was."""

import hashlib
import shutil
from pathlib import Path

from models.errors import Refusal
from models.records.deciding import Paper
from models.words import Words
from tasks.settings import Settings

MOST_BYTES = 100 * 1024 * 1024


def keep_paper(path: Path | None) -> Paper | None:
    """Copy a file into `evidence/` of the home; the same file twice is kept once. Raises Refusal."""
    if path is None:
        return None
    hashed = hash_of(path)
    folder = Settings().home / "evidence" / hashed[:2]
    kept = folder / f"{hashed}{path.suffix.lower()}"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".half")
        shutil.copyfile(path, half)
        half.rename(kept)  # a crash leaves no half a file under the name that is its hash
    return Paper(path.name[:300], hashed)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises Refusal for what is no readable file, or too large a one."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(path, Words("tệp quá 100 MB", "it has more than 100 MB"))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        said = error.strerror or "?"
        raise _unreadable(path, Words(f"hệ điều hành báo {said}", f"the system says {said}")) from error


def _unreadable(path: Path, why: Words) -> Refusal:
    name = str(path).encode(errors="replace").decode()
    return Refusal(
        "unreadable_file",
        Words(f"Không đọc được tệp {name}.", f"The file {name} cannot be read."),
        Words(f"Vì {why.vi}.", f"Because {why.en}."),
        Words("Kiểm tra lại đường dẫn.", "Check the path."),
    )

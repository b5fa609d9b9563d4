"""The journal's head outside the database: a line per act in a file, so that a chain whose tail was cut is noticed."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from models.records import journal, journal_verified
from models.records.journal_verified import Break
from tasks.database import reading
from tasks.settings import current


def anchor() -> None:
    """Write down the head of every chain that has grown since the last line. Called after an act was committed."""
    settings = current()
    with reading() as session:
        heads = journal.heads(session)
    known = _anchored_so_far(settings.home)
    new = {cycle: head for cycle, head in heads.items() if known.get(cycle, (0, ""))[0] < head[0]}
    if new:
        path = _file(settings.home)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for cycle, (number, digest) in sorted(new.items()):
                file.write(json.dumps({"cycle": cycle, "number": number, "digest": digest}) + "\n")


def read_anchors(home: Path) -> Mapping[int, tuple[int, str]]:
    """The highest anchored number and digest of each cycle. A torn last line (a crash while writing) is passed over."""
    return _read_on(_file(home), _SoFar()).heads


@dataclass
class _SoFar:
    """What a file of anchors (by its inode) says up to `end`, the place after its last whole line."""

    inode: int = 0
    end: int = 0
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)


def _read_on(path: Path, known: _SoFar) -> _SoFar:
    """Read on from where the last reading ended; another file under the name, or a shorter one, from its beginning."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return _SoFar()
    with file:
        status = os.fstat(file.fileno())
        anew = status.st_ino != known.inode or status.st_size < known.end
        found = _SoFar(status.st_ino) if anew else known
        file.seek(found.end)
        for line in file:
            _take(line, found.heads)
            found.end += len(line) if line.endswith(b"\n") else 0
    return found


def _take(line: bytes, heads: dict[int, tuple[int, str]]) -> None:
    try:
        said = json.loads(line)
    except ValueError:  # torn
        return
    heads[said["cycle"]] = max(heads.get(said["cycle"], (0, "")), (said["number"], said["digest"]))


_read: dict[Path, _SoFar] = {}
_reading = Lock()


def _anchored_so_far(home: Path) -> Mapping[int, tuple[int, str]]:
    """The same for who adds a line after each act: a country's year has twenty thousand, of which one is new."""
    path = _file(home)
    with _reading:
        _read[path] = _read_on(path, _read.get(path, _SoFar()))
        return dict(_read[path].heads)


def verify_journal(*, any_schema: bool = False) -> tuple[int, Break | None]:
    """Walk every chain and hold its head against the anchors: (entries read, first break or None)."""
    anchored = read_anchors(current().home)  # before the chains: what is anchored while they are read, they lack
    with reading(any_schema=any_schema) as session:
        read, broken = journal_verified.verify(session)
        if broken:
            return read, broken
        digests = journal_verified.digests(session, [(cycle, number) for cycle, (number, _) in anchored.items()])
    for cycle, (number, digest) in sorted(anchored.items()):
        if (cycle, number) not in digests:
            return read, Break(cycle, number, "the entries from here on, which were anchored, are gone")
        if digests[cycle, number] != digest:
            return read, Break(cycle, number, "the entry is not the one that was anchored")
    return read, None


def _file(home: Path) -> Path:
    return home / "anchors" / "journal.jsonl"

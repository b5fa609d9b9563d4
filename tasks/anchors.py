"""The journal's head outside the database: a line per act in a file, so that a chain whose tail was cut is noticed."""

import json
from collections.abc import Mapping
from pathlib import Path

from models.records import journal
from tasks.database import reading
from tasks.settings import current


def anchor() -> None:
    """Write down the head of every chain that has grown since the last line. Called after an act was committed."""
    settings = current()
    with reading() as session:
        heads = journal.heads(session)
    known = read_anchors(settings.home)
    new = {cycle: head for cycle, head in heads.items() if known.get(cycle, (0, ""))[0] < head[0]}
    if new:
        path = _file(settings.home)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for cycle, (number, digest) in sorted(new.items()):
                file.write(json.dumps({"cycle": cycle, "number": number, "digest": digest}) + "\n")


def read_anchors(home: Path) -> Mapping[int, tuple[int, str]]:
    """The highest anchored number and digest of each cycle. A torn last line (a crash while writing) is passed over."""
    found: dict[int, tuple[int, str]] = {}
    path = _file(home)
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                said = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[said["cycle"]] = max(found.get(said["cycle"], (0, "")), (said["number"], said["digest"]))
    return found


def verify_journal(*, any_schema: bool = False) -> tuple[int, journal.Break | None]:
    """Walk every chain and hold its head against the anchors: (entries read, first break or None)."""
    anchored = read_anchors(current().home)  # before the chains: what is anchored while they are read, they lack
    with reading(any_schema=any_schema) as session:
        read, broken = journal.verify(session)
        if broken:
            return read, broken
        digests = journal.digests(session, [(cycle, number) for cycle, (number, _) in anchored.items()])
    for cycle, (number, digest) in sorted(anchored.items()):
        if (cycle, number) not in digests:
            return read, journal.Break(cycle, number, "the entries from here on, which were anchored, are gone")
        if digests[cycle, number] != digest:
            return read, journal.Break(cycle, number, "the entry is not the one that was anchored")
    return read, None


def _file(home: Path) -> Path:
    return home / "anchors" / "journal.jsonl"

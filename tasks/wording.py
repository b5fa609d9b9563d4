"""What notices say: the sentences of `templates/notices.yaml` filled in, and laid out as text, as HTML, or shortened.

What is said of which facts is gathered by `tasks.composing`; here is only wording and layout.
"""

import hashlib
import textwrap
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import BaseModel, ConfigDict

from models.records.notices import Kind
from models.words import Language
from tasks.letter_standing import Standing

TEMPLATES = Path(__file__).resolve().parent / "templates"
COLUMNS = 72
PICTURE = "standing@tcpl"
"""The Content-ID of the picture in a mail."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Both(_Read):
    """The same sentence in both languages."""

    vi: str
    en: str

    def filled(self, language: Language, **facts: object) -> str:
        return (self.en if language == "en" else self.vi).format(**facts)


class Sentences(_Read):
    """What a notice of one kind says: its subject, what has happened, the one action."""

    subject: Both
    what: Both
    action: Both


class Digest(_Read):
    """What stands around the notices of a digest."""

    subject: Both
    opening: Both
    more: Both


class Wording(_Read):
    """The whole file. A kind without sentences is refused when it is read, not when a notice is due."""

    version: str
    kinds: dict[Kind, Sentences]
    digest: Digest
    labels: dict[str, Both]


@dataclass(frozen=True)
class Item:
    """What is said of one notice, or of several that say the same of several units.

    `rows` are (label, text): the units, the day, why this day, the ground, who was told before, whom to ask.
    """

    notice_ids: Sequence[int]
    subject: str
    what: str
    action: str
    rows: Sequence[tuple[str, str]]
    due: str


@dataclass(frozen=True)
class Composed:
    """A letter ready to be sent. `key` is the stable id by which the other end recognises it."""

    letter_id: int
    key: str
    channel: str
    address: str
    recipient: str
    language: Language
    to: str
    day: str
    subject: str
    heading: str
    opening: str
    items: Sequence[Item]
    link: str
    footer: Sequence[str]
    trial: bool
    standing: Standing | None = None

    @property
    def notice_ids(self) -> list[int]:
        return [notice for item in self.items for notice in item.notice_ids]

    @property
    def subjects(self) -> dict[int, str]:
        """What each notice in it is called in lists and proofs: of a digest its own heading, not "7 things to know"."""
        if len(self.items) == 1:
            return dict.fromkeys(self.notice_ids, self.subject)
        head = f"[{label('trial', self.language)}] " if self.trial else ""
        return {notice: f"{head}{item.subject}" for item in self.items for notice in item.notice_ids}

    @cached_property
    def plain(self) -> str:
        """As plain text, at most 72 columns wide (links excepted)."""
        said = _template("notice.txt.j2").render(letter=self, labels=_labels(self.language), indent="   ")
        return said.strip() + "\n"

    def html(self, picture: str = f"cid:{PICTURE}") -> str:
        """`picture`: the address of the picture of `standing`, which travels with the mail."""
        return _template("notice.html.j2").render(letter=self, labels=_labels(self.language), picture=picture)

    def picture_in_line(self) -> str:
        """The picture as an address that holds it whole, for a page that is looked at alone; "": there is none."""
        return f"data:image/png;base64,{b64encode(self.standing.png()).decode()}" if self.standing else ""

    def short(self, most: int) -> str:
        """In at most so many signs, for a telephone: whole items as far as they go, then how many are left."""
        return shortened(self, most)


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The sentences, read once per process."""
    import yaml

    read = Wording.model_validate(yaml.safe_load((TEMPLATES / "notices.yaml").read_text("utf-8")))
    missing = [str(kind) for kind in Kind if kind not in read.kinds]
    if missing:
        raise ValueError(f"templates/notices.yaml has no sentences for: {', '.join(missing)}")
    return read


@lru_cache(maxsize=4096)
def label(which: str, language: Language, **facts: object) -> str:
    """A label with its facts, remembered: most letters of a day bear the same."""
    return wording().labels[which].filled(language, **facts)


@lru_cache(maxsize=1)
def template_version() -> str:
    """The version of the wording with a hash over all its files: "2/1f0c9a3b7d"."""
    digest = hashlib.sha256()
    for name in ("notices.yaml", "notice.txt.j2", "notice.html.j2"):
        digest.update((TEMPLATES / name).read_bytes())
    return f"{wording().version}/{digest.hexdigest()[:10]}"


def shortened(letter: Composed, most: int) -> str:
    """See `Composed.short`. The link, where there is room for it, is never cut in the middle."""
    head = f"[{label('trial', letter.language)}] " if letter.trial else ""
    parts = [item.subject for item in letter.items]
    tail = f"\n{letter.link}" if letter.link and len(letter.link) < most // 2 else ""
    for count in range(len(parts), 0, -1):
        left = len(parts) - count
        more = f"; {wording().digest.more.filled(letter.language, count=left)}" if left else ""
        said = f"{head}{'; '.join(parts[:count])}{more}"
        if len(said) + len(tail) <= most:
            return said + tail
    left = len(parts) - 1
    more = f"; {wording().digest.more.filled(letter.language, count=left)}" if left else ""
    room = most - len(head) - len(more) - len(tail) - 1
    return f"{head}{parts[0][: max(room, 0)].rstrip()}…{more}{tail}"[:most]


@lru_cache(maxsize=2)
def _labels(language: Language) -> SimpleNamespace:
    """Attributes, since a template asks for those first and for the keys of a mapping only then."""
    return SimpleNamespace(**{name: label(name, language) for name in ("to", "action", "acknowledge", "trial")})


@lru_cache(maxsize=2)
def _template(name: str) -> Template:
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each letter asks the disk whether the template has changed
    )
    environment.filters["folded"] = _folded
    return environment


def _folded(said: Any, indent: str = "", hang: str = "  ") -> str:
    """Folded at 72 columns, set in by `indent`; the lines after the first also by `hang`."""
    return _folded_text(str(said), indent, hang)


@lru_cache(maxsize=8192)
def _folded_text(said: str, indent: str, hang: str) -> str:
    """Most lines stand in many letters: grounds, days, the regulation's title."""
    return "\n".join(_folded_line(line, indent, indent + hang) for line in said.splitlines() or [""])


def _folded_line(line: str, first: str, rest: str) -> str:
    """Cut at its spaces where it has no other white space; what is set otherwise, `textwrap` folds, which is dear."""
    if not line or line[0] == " " or line[-1] == " " or "  " in line or not line.isprintable():
        return _wrapped(line, first, rest)
    lines, indent = [], first
    while len(line) > (room := COLUMNS - len(indent)):
        cut = line.rfind(" ", 0, room + 1)
        if cut < 0:  # a word that is longer than the line stays whole
            cut = line.find(" ", room + 1)
        if cut < 0:
            break
        lines.append(indent + line[:cut])
        line, indent = line[cut + 1 :], rest
    return "\n".join([*lines, indent + line])


def _wrapped(line: str, first: str, rest: str) -> str:
    return textwrap.fill(
        line,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )

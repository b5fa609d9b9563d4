"""Reads one YAML file as text: every scalar stays what was written, so that nothing is reinterpreted.

`on:`, `1.10`, `00123` and `10:30` arrive as they stand; only a bare `null`, `~` or nothing is None. Types come later,
from pydantic. Each part of the document knows its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath

import yaml

from models.law.addresses import Path
from models.law.flaws import Flaw
from tasks.settings import CHECKOUT
from tasks.yaml_refusals import FileFlaw, empty, not_a_group, problem, refuse_files, too_large, unreadable

Tree = str | None | list["Tree"] | dict[str, "Tree"]

SHOWN = 80
"""How much of a faulty line is repeated."""
MOST_BYTES = 1_000_000
MOST_NODES = 50_000
"""Aliases let a small file stand for billions of values; no honest file here comes near this."""
MOST_ALIASES = 50
"""A chain of aliases nests as deeply as it is long, which the depth of brackets does not show."""
MOST_DEPTH = 40
"""libyaml's composer recurses in C and crashes the process at some ten thousand levels; ours are under fifteen."""

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value", "binary")
)


@dataclass(frozen=True, eq=False)
class YamlText:
    """A file's document: `content` as texts, lists and dicts, which nobody changes; `line(path)` for later faults.

    Equal only to itself, so that what was made of it can be kept under it.
    """

    file: FilePath
    content: dict[str, Tree]
    root: yaml.MappingNode

    @property
    def name(self) -> str:
        return shown(self.file)

    def line(self, path: Path) -> int:
        """The line of what is at `path`, or of its nearest ancestor; names that are not keys are passed over.

        (Pydantic puts the kind of a union into its paths.)
        """
        node: yaml.Node = self.root
        line = node.start_mark.line
        passed: yaml.Node | None = None
        for key in path:
            if node is not passed and _kind(node) == key:
                passed = node
                continue
            found = _child(node, key)
            if found is not None:
                line, node = found
        return line + 1

    def flaw(self, flaw: Flaw) -> FileFlaw:
        """A flaw of the document as one of the file, with its line."""
        return FileFlaw(self.name, self.line(flaw.path), flaw.value, flaw.what, flaw.why, flaw.do)


def shown(file: FilePath) -> str:
    """The file's name as a person knows it: from the checkout where it lies in it."""
    resolved = file.resolve()
    return str(resolved.relative_to(CHECKOUT)) if resolved.is_relative_to(CHECKOUT) else str(file)


def read_yaml(file: FilePath) -> YamlText:
    """Read one file. Raises LawRefusal, with file and line, for whatever it cannot take as it stands."""
    return _read(file, _text(file))


@lru_cache(maxsize=64)
def _read(file: FilePath, text: str) -> YamlText:
    """Kept under the text itself: a morning, and a page, ask for the same law many times, and it seldom changes."""
    root = _composed(file, text)
    reader = _Reader(shown(file))
    content = reader.tree(root)
    if reader.flaws:
        raise refuse_files(reader.flaws)
    if not isinstance(root, yaml.MappingNode) or not isinstance(content, dict):
        raise refuse_files([not_a_group(shown(file), root.start_mark.line + 1)])
    return YamlText(file, content, root)


def _text(file: FilePath) -> str:
    name = shown(file)
    try:
        if not file.is_file():
            raise FileNotFoundError
        if file.stat().st_size > MOST_BYTES:
            raise refuse_files([too_large(name, MOST_BYTES)])
        raw = file.read_bytes()
    except OSError as error:
        raise refuse_files([unreadable(name, error)]) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse_files([problem(name, line, "utf-8", None)]) from error


def _composed(file: FilePath, text: str) -> yaml.Node:
    name = shown(file)
    try:
        _measure(name, text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark: yaml.Mark | None = error.problem_mark or error.context_mark
        raise refuse_files([_said(name, text, mark.line + 1 if mark is not None else 1, str(error.problem))]) from error
    except yaml.YAMLError as error:
        at = getattr(error, "position", 0)
        raise refuse_files([problem(name, text.count("\n", 0, at) + 1, "character", None)]) from error
    if root is None:
        raise refuse_files([empty(name)])
    return root


def _measure(name: str, text: str) -> None:
    """Walk the events, which needs no recursion, before anything recurses over the document."""
    depth = aliases = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > MOST_DEPTH or aliases > MOST_ALIASES:
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise refuse_files([problem(name, line, "depth" if depth > MOST_DEPTH else "bomb", None)])


def _said(name: str, text: str, line: int, said: str) -> FileFlaw:
    lines = text.splitlines()
    written = lines[line - 1][:SHOWN] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return problem(name, line, "tab", written.strip() or None)
    if "another document" in said:
        return problem(name, line, "documents", None)
    if "undefined alias" in said:
        return problem(name, line, "alias", written.strip())
    return problem(name, line, said, written.strip() or None)


class _Reader:
    """Builds the tree of texts and collects what is wrong on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.flaws: list[FileFlaw] = []
        self.count = 0
        self.open: list[yaml.Node] = []

    def tree(self, node: yaml.Node) -> Tree:
        self.count += 1
        if self.count > MOST_NODES or any(node is each for each in self.open):
            raise refuse_files([problem(self.name, node.start_mark.line + 1, "bomb", None)])
        if node.tag not in _PLAIN_TAGS:
            self.flaws.append(problem(self.name, node.start_mark.line + 1, "tag", node.tag))
        match node:
            case yaml.ScalarNode():
                return _scalar(node)
            case yaml.SequenceNode():
                self.open.append(node)
                items = [self.tree(item) for item in node.value]
                self.open.pop()
                return items
            case yaml.MappingNode():
                self.open.append(node)
                group = dict(self._pairs(node))
                self.open.pop()
                return group
            case _:
                raise TypeError(type(node).__name__)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, Tree]]:
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.flaws.append(problem(self.name, line, "key", None))
                continue
            if key.value in lines:
                self.flaws.append(problem(self.name, line, "twice", key.value, lines[key.value]))
            lines.setdefault(key.value, line)
            yield key.value, self.tree(value)


def _scalar(node: yaml.ScalarNode) -> str | None:
    bare = not node.style and node.value in ("", "~", "null", "Null", "NULL")
    return None if bare else node.value


def _kind(node: yaml.Node) -> str | None:
    """The `kind` of a group, which pydantic puts into a path after the group's own name."""
    found = _child(node, "kind")
    return found[1].value if found and isinstance(found[1], yaml.ScalarNode) else None


def _child(node: yaml.Node, key: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return (node.value[key].start_mark.line, node.value[key]) if key < len(node.value) else None
    if not isinstance(node, yaml.MappingNode):
        return None
    for name, value in node.value:
        if name.value == str(key):
            return name.start_mark.line, value
    return None

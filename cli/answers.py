"""How a command answers: one JSON document, or what a person reads; in Vietnamese, or English by a switch."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from rich.console import Console

from models.errors import Stop
from models.json_values import json_value
from models.words import Language, Words


class _Manner:
    """How this one command was asked to answer; set once by `cli.main` before the command runs."""

    language: Language = "vi"
    as_json: bool = False


manner = _Manner()


def say(vi: str, en: str) -> str:
    """The sentence in the language asked for."""
    return Words(vi, en).to(manner.language)


def screen() -> Console:
    """Standard output for people."""
    return Console(highlight=False)


def aside() -> Console:
    """Standard error: progress and remarks, so that standard output stays one JSON document."""
    return Console(stderr=True, highlight=False)


def answer(document: Mapping[str, Any] | BaseModel, tell: Callable[[Console], None]) -> None:
    """Print `document` as JSON when asked to, else let `tell` write for a person."""
    if manner.as_json:
        print_json(document)
    else:
        tell(screen())


def answer_count(name: str, count: int, verb: str) -> None:
    """How many rows an act made, with what was done to them; none: it was done already."""
    already = say("đã có từ trước, không đổi gì", "stood there already, nothing changed")
    told = f"[bold green]✓[/] {verb}: {count}" if count else f"[dim]{already}[/]"
    answer({name: count}, lambda console: console.print(told))


def print_json(document: Mapping[str, Any] | BaseModel) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=json_value) + "\n")


def refuse(stop: Stop) -> int:
    """Say why not, in the manner asked for; the exit status belongs to the kind of stop."""
    if manner.as_json:
        print_json(stop.document(manner.language))
    else:
        what, why, do = stop.sentences(manner.language)
        console = aside()
        console.print(f"[bold red]✗[/] {_safe(what)}")
        console.print(f"  {_safe(why)}")
        console.print(f"  [bold]→[/] {_safe(do)}")
    return stop.exit_status


def _safe(text: str) -> str:
    return text.replace("[", r"\[")


_SUBJECTS = {
    "total": Words("tổng điểm", "total"),
    "leader_disciplined": Words("người đứng đầu", "leaders"),
    "dossier": Words("hồ sơ", "dossier"),
}


def subject(name: str) -> str:
    """What a shortfall is about, as people call it; an indicator is called by its number."""
    return _SUBJECTS[name].to(manner.language) if name in _SUBJECTS else name

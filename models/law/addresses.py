"""Where a legal value stands: a readable address ("criteria/2.5/maximum") and the path to it inside the data.

The models are walked generically: a new kind of value needs no line here. An address survives the reordering of a
file, because items are named by their id; a path does not, and is used only to reach into one document.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel

from models.law.marks import LegalValue
from models.law.plan import Escalation, Plan
from models.law.regulation import Content, Criterion, Indicator, LegalText, Regulation, StageSpec, Step

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """One legal value with its address and its path."""

    address: str
    path: Path
    value: LegalValue


def legal_values(regulation: Regulation) -> Iterator[tuple[str, LegalValue]]:
    """Every legal value of the regulation with its address, in the order of the text."""
    for place in places(regulation):
        yield place.address, place.value


def plan_values(plan: Plan) -> Iterator[tuple[str, LegalValue]]:
    """Every legal value of the plan; each address begins with `plan/`."""
    for place in _walk(plan, (), "plan"):
        yield place.address, place.value


def places(regulation: Regulation) -> Iterator[Place]:
    """Every legal value of the regulation with address and path."""
    return _walk(regulation, (), "")


def near(name: str, known: list[str]) -> list[str]:
    """The names that somebody may have meant; the cutoff lets `criteria/2/max` find `criteria/2/maximum`."""
    return get_close_matches(name, known, n=3, cutoff=0.6)


def reach(document: Any, path: Path) -> Any:
    """The part of a plain document (dicts and lists) at `path`."""
    for key in path:
        document = document[key]
    return document


def _walk(node: object, path: Path, address: str) -> Iterator[Place]:
    match node:
        case LegalValue():
            yield Place(address, path, node)
        case BaseModel():
            for name in type(node).model_fields:
                yield from _walk(getattr(node, name), (*path, name), _under(address, name))
        case tuple():
            for index, item in enumerate(node):
                yield from _walk(item, (*path, index), _item(address, item, index))
        case Mapping():
            for key, item in node.items():
                name = str(key.value if isinstance(key, Enum) else key)
                yield from _walk(item, (*path, name), _under(address, name))
        case _:
            pass  # plain data: a title, an id, a code


def _under(address: str, name: str) -> str:
    return f"{address}/{name}" if address else name


def _item(address: str, item: object, index: int) -> str:
    match item:
        case Criterion() | Indicator() | Content():
            return f"criteria/{item.id}"
        case StageSpec():
            return ""  # steps are unique in the whole regulation and named without their stage
        case Step():
            return f"steps/{item.id}"
        case LegalText():
            return f"texts/{item.number.replace('/', '-')}"
        case Escalation():
            return f"{address}/{item.holder.value}"
        case _:
            return f"{address}/{getattr(item, 'id', index + 1)}"

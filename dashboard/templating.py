"""How templates are turned into pages: Jinja, with what costs it most made cheap. What a template says stays the same.

A page has some thousands of words, names and numbers, each of which Jinja looks up, calls and escapes in Python. Here a
word is chosen for its language when the template is compiled, a value of a dictionary is asked of the dictionary first,
a plain function is called plainly, and text is escaped without being wrapped to be unwrapped. A third of a page's time
was spent so. Each of the four is Jinja's own hook; whatever it is not sure of is left to Jinja.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, select_autoescape
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import (
    Markup,
    _escape_inner,  # pyright: ignore[reportPrivateImportUsage]
    escape,
)

from models.words import Language

TEMPLATES = Path(__file__).resolve().parent / "templates"
CHOICE = "t"
"""What templates call with the Vietnamese and the English words, in this order."""


@lru_cache(maxsize=4)
def templates(language: Language) -> "Templates":
    """The templates as they speak one language."""
    return Templates(language)


class _Chosen(NodeTransformer):
    """In place of `t(vi, en)` the words of one language alone: the others are neither looked up nor put together."""

    def __init__(self, language: Language) -> None:
        self.place = 1 if language == "en" else 0

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        is_choice = isinstance(node.node, nodes.Name) and node.node.name == CHOICE
        return node.args[self.place] if is_choice else node


class _Calling(Context):
    """Calls a macro, and a function that wants nothing of the template, without asking what it may want."""

    def call(self, what: Any, /, *given: Any, **named: Any) -> Any:
        kind = type(what)
        if kind is Macro:
            given = (self.eval_ctx, *given)
        elif kind not in _FUNCTIONS or hasattr(what, "jinja_pass_arg"):
            return super().call(what, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return what(*given, **named)


_FUNCTIONS = frozenset((FunctionType, BuiltinFunctionType, MethodType))


def escaped(value: Any) -> str:
    """Text that is safe on a page, as `markupsafe.escape` gives it, but as plain text: it is joined and no more."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    if kind is Markup:
        return value
    return str(value) if kind is int else escape(value)


class _Written(Template):
    """A compiled template, whose output goes through `escaped`."""

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> Template:
        if "escape" not in namespace:
            raise RuntimeError("Jinja's compiled templates no longer escape by `escape`: see dashboard/templating.py")
        namespace["escape"] = escaped
        return super()._from_namespace(environment, namespace, globals)


class Templates(Environment):
    """The folder's templates in one language; a name that a template does not know is a fault, never an empty place."""

    context_class = _Calling
    template_class = _Written

    def __init__(self, language: Language) -> None:
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # a template does not change under a running server
        )
        self._chosen = _Chosen(language)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return self._chosen.visit(super()._parse(source, name, filename))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute not in _OF_DICTIONARIES:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


_OF_DICTIONARIES = frozenset(dir(dict))

"""Statements that are built once a process and asked with other values each time.

To build a statement costs SQLAlchemy as much as to ask it: a page of fifty questions spent a third of its time so.
A prepared function is written as if it were called with its values; it is called once, with places for them instead:

    @prepared
    def _cards(dossier_id: int, at: datetime):
        return select(Scorecard).where(Scorecard.dossier_id == dossier_id, Scorecard.made_at <= at)

    session.scalars(*_cards(dossier.id, at))

What decides how a statement is built is no value: None, True and False, members of an enumeration, classes, columns.
There is one statement for each. So there is for a list of one value, which most are (the one cycle of a province): how
many places a list has is otherwise spelt out each time it is asked.
"""

from collections.abc import Callable, Hashable
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import update_wrapper
from inspect import signature
from typing import Any, NamedTuple, NoReturn, ParamSpec, Self, TypeVar

from sqlalchemy import BindParameter, ClauseElement
from sqlalchemy.sql.elements import ClauseList

_ONE, _MANY = (str, int, float, Decimal, date), (list, tuple, set, frozenset, dict)
_SINGLE = "a list of one value"
_NO_DAYS = timedelta()
P = ParamSpec("P")
S = TypeVar("S")


class _Use(NamedTuple):
    """A parameter of the statement: its name, which argument it takes, and how much later than this."""

    name: str
    argument: int
    later: timedelta


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise TypeError("a prepared statement is built before its values are there: give it what follows from them")


class Place(BindParameter[Any]):
    """Stands for an argument while a statement is built: a column compares itself with it, a day is moved by days.

    Whatever else is done with it would be done once and for all, with no value there: that is refused.
    """

    inherit_cache = True
    _argument: int
    _later: timedelta
    _uses: list[_Use]

    @classmethod
    def of(cls, argument: int, later: timedelta, uses: list[_Use], many: bool) -> Self:
        found = cls(_named(argument, later, uses), expanding=many)
        found._argument, found._later, found._uses = argument, later, uses
        return found

    def _with_binary_element_type(self, type_: Any) -> Self:
        """Each use has a parameter of its own: the same argument may be compared with columns of two types."""
        found = super()._with_binary_element_type(type_)
        found.key = found._orig_key = _named(self._argument, self._later, self._uses)
        return found

    def __add__(self, later: Any) -> Any:
        return self._moved(later, 1)

    def __sub__(self, earlier: Any) -> Any:
        return self._moved(earlier, -1)

    def _moved(self, by: Any, sign: int) -> Self:
        if not isinstance(by, timedelta):
            _refuse()
        return self.of(self._argument, self._later + by * sign, self._uses, many=False)

    def operate(self, op: Any, *other: Any, **more: Any) -> Any:
        if not all(isinstance(one, ClauseElement) or hasattr(one, "__clause_element__") for one in other):
            _refuse()
        return super().operate(op, *other, **more)

    __bool__ = __iter__ = __len__ = reverse_operate = _refuse


class _Single(ClauseList):
    """Stands for a list of one value: what it is compared with is among its one place."""

    inherit_cache = True
    __bool__ = __iter__ = __len__ = __eq__ = operate = reverse_operate = _refuse
    __hash__ = ClauseList.__hash__


def _named(argument: int, later: timedelta, uses: list[_Use]) -> str:
    uses.append(_Use(f"given_{len(uses)}", argument, later))
    return uses[-1].name


def prepared(build: Callable[P, S]) -> Callable[P, tuple[S, dict[str, Any]]]:
    """The function's statement with its parameters, to be handed to a session as two arguments (`*`)."""
    shape, known = signature(build), dict[Hashable, tuple[S, list[_Use]]]()
    arguments = len(shape.parameters)
    any_number = any(one.kind is one.VAR_POSITIONAL for one in shape.parameters.values())

    def asked(*given: P.args, **named: P.kwargs) -> tuple[S, dict[str, Any]]:
        values: Any = given
        if named or not (any_number or len(given) == arguments):
            whole = shape.bind(*given, **named)
            whole.apply_defaults()
            values = tuple(whole.arguments.values())
        kinds = tuple(map(_kind, values))
        found = known.get(kinds)
        if found is None:
            found = known[kinds] = _built(build, values, kinds)
        statement, uses = found
        return statement, {name: _given(values[argument], kinds[argument], later) for name, argument, later in uses}

    update_wrapper(asked, build)
    return asked


def _built(build: Any, values: tuple[Any, ...], kinds: tuple[Any, ...]) -> tuple[Any, list[_Use]]:
    uses: list[_Use] = []
    places = (_place(number, value, kind, uses) for number, (value, kind) in enumerate(zip(values, kinds, strict=True)))
    return build(*places), uses


def _place(number: int, value: Any, kind: Any, uses: list[_Use]) -> Any:
    if kind is _ONE or kind is _MANY:
        return Place.of(number, _NO_DAYS, uses, kind is _MANY)
    return _Single(Place.of(number, _NO_DAYS, uses, many=False)) if kind is _SINGLE else value


def _given(value: Any, kind: Any, later: timedelta) -> Any:
    if kind is _SINGLE:
        return next(iter(value))
    if kind is _MANY:
        return list(value)
    return value if later is _NO_DAYS else value + later


def _kind(value: Any) -> Hashable:
    """Whether an argument is one value, many, or something by which the statement is built."""
    if isinstance(value, bool | Enum):
        return value
    if hasattr(value, "_sa_instance_state"):
        raise TypeError("a row is no value: give the statement its id, or it keeps the row for good")
    if isinstance(value, _MANY):
        return _SINGLE if len(value) == 1 else _MANY
    return _ONE if isinstance(value, _ONE) else value

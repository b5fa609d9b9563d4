"""A session in which columns are asked for as if there were no objects.

A page or an act asks up to fifty questions, most of them for a few columns. What SQLAlchemy does for each in case
objects come back (it looks for options, events, loaders) costs it three times as much as to ask. A prepared statement
(`models.records.prepared`) that wants columns alone is compiled once, by SQLAlchemy's own ORM with all its options, and
from then on goes straight to the connection. Everything else goes the usual way.
"""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ClauseElement, ColumnElement, Compiled, CompoundSelect, Connection, CursorResult, Dialect, Select
from sqlalchemy.orm import ColumnProperty, QueryableAttribute, Session, SessionTransaction

from models.records.reach import unreached

Narrowed = tuple[Any, Mapping[str, str]]
"""The option that narrows every statement to a territory, and the parameters that it needs."""

_compiled: WeakKeyDictionary[Dialect, WeakKeyDictionary[Any, dict[Any, Compiled | None]]] = WeakKeyDictionary()


class Asking(Session):
    """`narrowed` is set by `models.records.territory.narrow` alone, and goes with every question."""

    narrowed: Narrowed | None = None
    _held: tuple[SessionTransaction | None, Connection | None] = None, None

    def execute(self, statement: Any, params: Any = None, **more: Any) -> Any:
        straight = self._straight(statement, params, more)
        return super().execute(statement, params, **more) if straight is None else straight

    def scalars(self, statement: Any, params: Any = None, **more: Any) -> Any:
        straight = self._straight(statement, params, more)
        return super().scalars(statement, params, **more) if straight is None else straight.scalars()

    def scalar(self, statement: Any, params: Any = None, **more: Any) -> Any:
        straight = self._straight(statement, params, more)
        return super().scalar(statement, params, **more) if straight is None else straight.scalar()

    def _straight(self, statement: Any, params: Any, more: Mapping[str, Any]) -> Any:
        """The answer, if the statement was prepared (it comes with its parameters) and wants columns alone."""
        if type(params) is not dict or more or not isinstance(statement, Select | CompoundSelect):
            return None
        option, values = self.narrowed or (None, {})
        compiled = _compiled_of(statement, option, self.get_bind().dialect)
        if compiled is None:
            return None
        self.flush()  # an act's own rows are in its answers; where there are none to write, nothing is sent
        return self._connection().execute(compiled, params | values)  # type: ignore[call-overload]  # it takes them, unsaid

    def _connection(self) -> Connection:
        """The transaction's connection: to be handed it anew each time takes as long as to send it a short question."""
        of, connection = self._held
        if connection is None or of is None or of is not self.get_transaction():
            connection = self.connection()
            self._held = self.get_transaction(), connection
        return connection


def send(session: Session, statement: ClauseElement, params: Mapping[str, Any]) -> CursorResult[Any]:
    """Send a statement of tables that is kept and sent again and again: it is compiled once, and goes as it is.

    What the session has not written yet it does not see, as with `session.connection().execute`.
    """
    connection = session._connection() if isinstance(session, Asking) else session.connection()
    known = _kept.setdefault(connection.dialect, WeakKeyDictionary())
    compiled = known.get(statement)
    if compiled is None:
        compiled = known[statement] = statement.compile(dialect=connection.dialect)
    return connection.execute(compiled, params)  # type: ignore[call-overload]  # it takes them, unsaid


_kept: WeakKeyDictionary[Dialect, WeakKeyDictionary[Any, Compiled]] = WeakKeyDictionary()


def _compiled_of(statement: Select[Any] | CompoundSelect[Any], option: Any, dialect: Dialect) -> Compiled | None:
    known = _compiled.setdefault(dialect, WeakKeyDictionary()).setdefault(statement, {})
    if option not in known:
        if option is None:
            known[option] = _compile(statement, dialect)
        else:  # of a union each part would have to be narrowed: it goes the usual way, as does what is to be refused
            whole = isinstance(statement, Select) and not unreached(statement)
            known[option] = _compile(statement.options(option), dialect) if whole else None
    return known[option]


def _compile(statement: Select[Any] | CompoundSelect[Any], dialect: Dialect) -> Compiled | None:
    """Null: the usual way is to be gone, which refuses in a narrowed session what no rule of a territory reaches."""
    parts = statement.selects if isinstance(statement, CompoundSelect) else [statement]
    return statement.compile(dialect=dialect) if all(map(_is_plain, parts)) else None


def _is_plain(statement: Any) -> bool:
    through_classes = statement._propagate_attrs.get("compile_state_plugin") == "orm"
    return through_classes and all(_is_column(one["expr"]) for one in statement.column_descriptions)


def _is_column(wanted: Any) -> bool:
    """A column of a table or an expression; no class, no bundle of columns, nothing that a loader puts together."""
    if isinstance(wanted, QueryableAttribute):
        return isinstance(wanted.property, ColumnProperty)
    return isinstance(wanted, ColumnElement)

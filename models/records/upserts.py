"""INSERT ... ON CONFLICT in the same words on both engines, in a form that SQLAlchemy keeps compiled.

SQLAlchemy 2.0 compiles its own `on_conflict_do_...` anew each time, since that clause has no cache key: 10 ms for a
projection whose run takes 2. These clauses have one; nothing else differs.
"""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from sqlalchemy import Insert, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import InternalTraversal

from models.records.base import Table


class _OnConflict(ClauseElement):
    """`key` empty: whatever collides, nothing is done. Else the `changed` columns take the new row's values."""

    _traverse_internals: ClassVar[Any] = [
        ("key", InternalTraversal.dp_string_list),
        ("changed", InternalTraversal.dp_string_list),
    ]

    def __init__(self, key: Sequence[str] = (), changed: Sequence[str] = ()) -> None:
        self.key, self.changed = list(key), list(changed)


@compiles(_OnConflict)
def _spelt(clause: _OnConflict, _compiler: Any, **_: Any) -> str:
    if not clause.key:
        return "ON CONFLICT DO NOTHING"
    changes = ", ".join(f"{name} = excluded.{name}" for name in clause.changed)
    return f"ON CONFLICT ({', '.join(clause.key)}) DO UPDATE SET {changes}"


def insert_new(table: type[Table]) -> Insert:
    """INSERT that passes over what is there already."""
    return _ending(insert(table), _OnConflict())


def insert_or_change(table: type[Table], names: Sequence[str], rows: Any, key: Collection[str]) -> Insert:
    """INSERT from a select; a row that is there under its `key` takes the new values of all other columns."""
    changed = [name for name in names if name not in key]
    return _ending(insert(table).from_select(list(names), rows), _OnConflict(list(key), changed))


def _ending(statement: Insert, clause: _OnConflict) -> Insert:
    statement._post_values_clause = clause  # where its own dialects put theirs
    return statement

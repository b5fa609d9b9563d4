"""Which tables a statement asks without naming them: no rule of a territory would reach those.

SQLAlchemy adds a rule to what stands among the columns, in `select_from` and in joins. A class that only a condition
speaks of is taken into the statement all the same, and every row of it counts: a commune that asked
`select(func.count()).where(Unit.id > 1)` would be told of the whole country.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Select
from sqlalchemy.sql.selectable import Join, ScalarSelect, Subquery


def unreached(statement: Any) -> list[str]:
    """The names of such tables, in the statement, in the queries among its columns and in those that it reads from."""
    return sorted({table.name for table in _unreached(statement, frozenset())})


def _unreached(statement: Any, around: Iterable[Any]) -> Iterator[Any]:
    if isinstance(statement, CompoundSelect):
        for part in statement.selects:
            yield from _unreached(part, around)
    if not isinstance(statement, Select):
        return
    froms = statement.get_final_froms()
    named = {*statement.columns_clause_froms, *statement._from_obj, *around}
    yield from (one for one in froms if not isinstance(one, Join) and one not in named)
    read = [part for one in froms for part in _parts(one)]
    for part in read:
        if isinstance(part, Subquery | CTE):
            yield from _unreached(part.element, ())
    for column in statement.inner_columns:
        for query in _queries(column):
            yield from _unreached(query.element, [*around, *read])


def _queries(element: Any) -> Iterator[ScalarSelect[Any]]:
    """The queries in an expression, without those that stand in another."""
    if isinstance(element, ScalarSelect):
        yield element
    else:
        for child in element.get_children():
            yield from _queries(child)


def _parts(from_: Any) -> Iterator[Any]:
    """The tables and queries of a join."""
    if isinstance(from_, Join):
        yield from _parts(from_.left)
        yield from _parts(from_.right)
    else:
        yield from_

"""Whose records a question may see. One place: a narrowed session adds the territory's condition to every statement.

Nothing that asks has to remember it: lists, counts, searches, exports and pictures all put their questions to the
session, and a table that no rule of `territory_rules` speaks of answers with nothing at all.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, select, text, union
from sqlalchemy.orm import ORMExecuteState, Session

from models.errors import Fault
from models.records.accounts import Held, Role, refuse_ended
from models.records.asking import Asking
from models.records.cycles import Cycle
from models.records.reach import unreached
from models.records.remembered import keep, newest
from models.records.territory_rules import RULE, values_of
from models.records.units import Unit
from models.records.until_acts import until_an_act
from models.words import Words


@dataclass(frozen=True)
class Territory:
    """`roots`: the unit and what went into it as a whole; with all below them (`units`) they are the territory.

    `above`: the units over these, of which the names are seen. `everything`: no condition at all.
    """

    roots: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    everything: bool = False
    units: frozenset[int] | None = field(default=None, compare=False)
    cycles: frozenset[int] | None = field(default=None, compare=False)
    """The cycles of its provinces. Both follow from the roots and those above; null: not asked yet."""


EVERYTHING = Territory(everything=True)
NOTHING = Territory()
"""What somebody sees who has not signed in."""


def territory_of(session: Session, role: str, unit: Held | None, on: date) -> Territory:
    """What an account sees on a day. Raises Refusal `territory_ended` where its unit is no longer."""
    if role in (Role.ADMINISTRATOR, Role.MINISTRY):
        return EVERYTHING
    if unit is None or unit.level != role:
        return NOTHING  # the tables say otherwise than `tcpl users` ever wrote
    refuse_ended(unit, on)
    around: Territory = until_an_act(session, (), ("territory", unit.id), lambda: _around(session, unit.id))
    provinces = around.roots | around.above
    given = ("cycles", unit.id, newest(session).cycle)
    cycles: frozenset[int] = until_an_act(session, (), given, lambda: _cycles_of(session, provinces))
    return replace(around, cycles=cycles)


def _around(session: Session, unit_id: int) -> Territory:
    """It follows from the units, to which rows are added and none is changed."""
    found: dict[str, set[int]] = {"root": set(), "above": set(), "unit": set()}
    for what, found_id in session.connection().execute(_AROUND, {"unit": unit_id}):
        found[what].add(found_id)
    roots, above, units = (frozenset(found[what]) for what in ("root", "above", "unit"))
    return Territory(roots, above, units=units)


_AROUND = text("""
WITH RECURSIVE past(id) AS (
    SELECT CAST(:unit AS INTEGER)
    UNION SELECT line.from_id FROM unit_lineage line JOIN past ON line.to_id = past.id WHERE line.whole
)
SELECT 'root', id FROM past
UNION ALL SELECT 'above', id FROM (
    SELECT units.parent_id AS id FROM past JOIN units ON units.id = past.id WHERE units.parent_id IS NOT NULL
    UNION SELECT over.parent_id FROM past JOIN units ON units.id = past.id JOIN units over ON over.id = units.parent_id
        WHERE over.parent_id IS NOT NULL
) higher
UNION ALL SELECT 'unit', id FROM (
    SELECT id FROM past
    UNION SELECT units.id FROM past JOIN units ON units.parent_id = past.id
    UNION SELECT below.id FROM past JOIN units ON units.parent_id = past.id
        JOIN units below ON below.parent_id = units.id
) lower
""")
"""The unit and the units that went into it as a whole, and theirs, however far back (a part of a unit brings nothing
along); the units over these; and all that are under them. Of levels there are three, so that each step is written out:
in a recursion PostgreSQL expects many rows and reads all units of the country. Every request of an account asks it."""


def narrow(session: Session, territory: Territory) -> None:
    """From here on the session answers only with what is of the territory. It is not widened again."""
    session.expunge_all()  # what was read to find out who asks is not to be had from the session's memory
    session.info["territory"] = territory
    if territory.everything:
        return
    given = ("territory values", newest(session).cycle)
    values: dict[str, str] = until_an_act(session, (), given, lambda: _values(session, territory))

    def within(state: ORMExecuteState):
        if not (state.is_select and state.is_orm_statement):
            raise _not_to_be_narrowed()
        narrowed = _narrowed(state.statement)
        if isinstance(state.parameters, dict):
            state.parameters.update(values)  # what is prepared has a dictionary of its own for each question
            state.statement = narrowed
            return None
        state.parameters = {}
        return state.invoke_statement(statement=narrowed, params=values)

    event.listen(session, "do_orm_execute", within)
    if isinstance(session, Asking):
        session.narrowed = RULE, values


def _values(session: Session, territory: Territory) -> dict[str, str]:
    units, cycles = territory.units, territory.cycles
    if units is None:
        units = _all_of(session, territory.roots) if territory.roots else frozenset()
    if cycles is None:
        cycles = _cycles_of(session, territory.roots | territory.above)
    return values_of(session.get_bind().dialect.name, units, territory.above, cycles)


def _cycles_of(session: Session, provinces: frozenset[int]) -> frozenset[int]:
    """The cycles of these units, of which the provinces have some."""
    table = Cycle.__table__.c
    return frozenset(session.connection().scalars(select(table.id).where(table.province_id.in_(provinces))))


_known: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _narrowed(statement: Any) -> Any:
    """The statement with the rule; of one that is kept and asked again, this is kept too, with all SQLAlchemy found."""
    found = _known.get(statement)
    if found is None:
        if names := _beyond(statement):
            raise _not_to_be_narrowed(names)
        found = _known[statement] = statement.options(RULE)
    return found


ALIKE = 1000
_looked_at: OrderedDict[Any, list[str]] = OrderedDict()
_looking = Lock()


def _beyond(statement: Any) -> list[str]:
    """Tables that no rule would reach. To look takes as long as to ask: of statements alike, one is looked at."""
    key = statement._generate_cache_key()
    if key is None:
        return unreached(statement)
    found = _looked_at.get(key.key)
    if found is None:
        found = unreached(statement)
        with _looking:
            keep(_looked_at, key.key, found, ALIKE)
    return found


def _all_of(session: Session, roots: Iterable[int]) -> frozenset[int]:
    """The roots, what is under them, and what is under that."""
    children = select(Unit.id).where(Unit.parent_id.in_(roots))
    whole = union(
        select(Unit.id).where(Unit.id.in_(roots)), children, select(Unit.id).where(Unit.parent_id.in_(children))
    )
    return frozenset(session.scalars(whole))


def _not_to_be_narrowed(names: Iterable[str] = ()) -> Fault:
    return Fault(
        "not_narrowed",
        Words("Không thu hẹp được câu hỏi theo địa bàn.", "The question cannot be narrowed to a territory."),
        Words(
            "Câu lệnh không đi qua các lớp của SQLAlchemy, có ghi dữ liệu, hoặc chỉ nêu một bảng trong điều kiện.",
            "The statement does not go through the mapped classes, it writes, or names a table in a condition alone.",
        ),
        Words("Đây là lỗi của phần mềm: báo người phụ trách.", "It is a fault of ours: tell whoever maintains it."),
        tables=[*names],
    )

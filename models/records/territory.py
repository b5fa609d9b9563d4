"""Whose records a question may see. One place: a narrowed session adds the territory's condition to every statement.

Nothing that asks has to remember it: lists, counts, searches, exports and pictures all put their questions to the
session, and a table that no rule of `territory_rules` speaks of answers with nothing at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import event, select, union
from sqlalchemy.orm import ORMExecuteState, Session

from models.errors import Fault
from models.records.accounts import Account, Role, refuse_ended
from models.records.territory_rules import RULE, values_of
from models.records.units import Descent, Unit
from models.words import Words

GENERATIONS = 10
"""How many rearrangements back a unit's past is followed."""


@dataclass(frozen=True)
class Territory:
    """`roots`: the unit and what went into it as a whole; with all below them they are the territory.

    `above`: the units over these, of which the names are seen. `everything`: no condition at all.
    """

    roots: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    everything: bool = False


EVERYTHING = Territory(everything=True)
NOTHING = Territory()
"""What somebody sees who has not signed in."""


def territory_of(session: Session, account: Account, unit: Unit | None, on: date) -> Territory:
    """What an account sees on a day. Raises Refusal `territory_ended` where its unit is no longer."""
    if account.role in (Role.ADMINISTRATOR, Role.MINISTRY):
        return EVERYTHING
    if unit is None or unit.level != account.role:
        return NOTHING  # the tables say otherwise than `tcpl users` ever wrote
    refuse_ended(unit, on)
    roots = _with_past(session, unit.id)
    return Territory(roots, _above(session, roots))


def _with_past(session: Session, unit_id: int) -> frozenset[int]:
    """The unit and the units that went into it as a whole, and theirs: a part of a unit brings nothing along."""
    found, newest = {unit_id}, {unit_id}
    for _ in range(GENERATIONS):
        query = select(Descent.from_id).where(Descent.to_id.in_(newest), Descent.whole.is_(True))
        newest = set(session.scalars(query)) - found
        if not newest:
            break
        found |= newest
    return frozenset(found)


def _above(session: Session, units: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    wanted = set(units)
    while wanted:
        parents = set(session.scalars(select(Unit.parent_id).where(Unit.id.in_(wanted), Unit.parent_id.is_not(None))))
        wanted = {one for one in parents if one is not None} - found
        found |= wanted
    return frozenset(found)


def narrow(session: Session, territory: Territory) -> None:
    """From here on the session answers only with what is of the territory. It is not widened again."""
    session.expunge_all()  # what was read to find out who asks is not to be had from the session's memory
    session.info["territory"] = territory
    if territory.everything:
        return
    values = values_of(session.get_bind().dialect.name, _all_of(session, territory.roots), territory.above)

    def within(state: ORMExecuteState):
        if not (state.is_select and state.is_orm_statement):
            raise _not_to_be_narrowed()
        state.parameters = state.parameters or {}
        return state.invoke_statement(statement=state.statement.options(RULE), params=values)

    event.listen(session, "do_orm_execute", within)


def _all_of(session: Session, roots: Iterable[int]) -> set[int]:
    """The roots, what is under them, and what is under that."""
    children = select(Unit.id).where(Unit.parent_id.in_(roots))
    whole = union(
        select(Unit.id).where(Unit.id.in_(roots)), children, select(Unit.id).where(Unit.parent_id.in_(children))
    )
    return set(session.scalars(whole))


def _not_to_be_narrowed() -> Fault:
    return Fault(
        "not_narrowed",
        Words("Không thu hẹp được câu hỏi theo địa bàn.", "The question cannot be narrowed to a territory."),
        Words(
            "Câu lệnh không đi qua các lớp của SQLAlchemy, hoặc có ghi dữ liệu.",
            "The statement does not go through the mapped classes, or it writes.",
        ),
        Words("Đây là lỗi của phần mềm: báo người phụ trách.", "It is a fault of ours: tell whoever maintains it."),
    )

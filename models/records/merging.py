"""Units that change in mid-cycle: dossiers closed or carried to the successor, open remedies moved, each by this act.

The lineage itself (who became whom, when) is data of `unit_lineage`. No result crosses it: a decided dossier stays with
the unit that was decided on, and can be read from the successor's side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.cycles import Cycle
from models.records.deadlines import Deadline, DeadlineFact, Fact, Happening, record
from models.records.dossiers import Dossier
from models.records.earlier_results import documented
from models.records.journal import Touched
from models.records.mending import move_remedies
from models.records.notices import Kind, Word
from models.records.opening import add_commune_agencies
from models.records.programme_carried import hand_on
from models.records.projection import project
from models.records.unit_queries import forebears, lineage
from models.records.units import Unit
from models.words import Words


@dataclass(frozen=True)
class Merger:
    """What becomes of the dossiers of `sources` when they go into `successor`.

    `carried`: the one whose dossier goes on as the successor's; the others' are closed. Null: all are closed.
    """

    sources: tuple[Unit, ...]
    successor: Unit
    carried: Unit | None = None


@dataclass(frozen=True)
class Merged:
    """Codes of the units whose dossiers were closed, carried, left as decided; numbers of the remedies that moved.

    `tasks`: what the units still owed of the work programme, now owed by the successor.
    """

    closed: tuple[str, ...]
    carried: tuple[str, ...]
    decided: tuple[str, ...]
    remedies: tuple[int, ...]
    tasks: tuple[str, ...]


def merge_units(sitting: Sitting, merger: Merger) -> Merged | None:
    """Deal with a merger in one cycle; null if that was done. Refused where the lineage does not know of it."""
    _refuse_strangers(sitting, merger)
    keys = {f"merge/{unit.id}/{merger.successor.id}": unit for unit in merger.sources}
    new = sorted(sitting.fresh(keys))
    if not new:
        return None
    sources = [keys[key] for key in new]
    found = _dossiers(sitting, [unit.id for unit in sources])
    closed, carried, decided, remedies, tasks = [], [], [], [], []
    traces, lines = Traces(), []
    for key, unit in zip(new, sources, strict=True):
        fate = _fate(sitting, merger, unit, found.get(unit.id))
        {"closed": closed, "carried": carried, "decided": decided}.get(fate, []).append(unit.code)
        moved = move_remedies(sitting, unit.id, merger.successor.id)
        remedies += moved
        handed_on = hand_on(sitting, unit, merger.successor, with_dossier=fate == "carried")
        tasks += [f"{unit.code}/{task}" for task in handed_on]
        change = {"into": merger.successor.code, "dossier": fate, "remedies": moved, "tasks": handed_on}
        lines.append(Touched(unit.id, key, change))
        traces.words += _words(sitting, unit, merger.successor, idle=fate == "none" and not moved and not handed_on)
    sitting.session.expire_all()
    project(sitting.session, sitting.cycle, sitting.law, sitting.calendar)
    number = "-".join(str(unit.id) for unit in sources)[:120]
    sitting.finish("merge-units", f"merge/{number}/{merger.successor.id}", lines, traces)
    return Merged(tuple(closed), tuple(carried), tuple(decided), tuple(remedies), tuple(tasks))


def _fate(sitting: Sitting, merger: Merger, unit: Unit, dossier: Dossier | None) -> str:
    """What becomes of one unit's dossier: "none", "decided" (left alone), "carried" or "closed"."""
    is_carried = merger.carried is not None and merger.carried.id == unit.id
    if dossier is None:
        return "none"
    if State(dossier.state) in DECIDED:
        if is_carried:
            raise _decided(unit)
        return "decided"
    if is_carried:
        _carry(sitting, dossier, unit, merger.successor)
        return "carried"
    _close(sitting, dossier)
    return "closed"


def _close(sitting: Sitting, dossier: Dossier) -> None:
    """It ends here, with nothing decided; what it owed is owed by nobody. Cards, facts and journal stay."""
    sitting.session.execute(
        update(Dossier).where(Dossier.id == dossier.id).values(state=str(State.MERGED), since=sitting.signed.day)
    )
    _forget_deadlines(sitting, dossier.unit_id)


def _carry(sitting: Sitting, dossier: Dossier, unit: Unit, successor: Unit) -> None:
    """The same dossier, now the successor's: its facts hold for the successor, its deadlines are projected anew."""
    session, cycle = sitting.session, sitting.cycle
    if session.scalar(select(Dossier.id).where(Dossier.cycle_id == cycle.id, Dossier.unit_id == successor.id)):
        raise _has_one(successor)
    add_commune_agencies(session, sitting.law.regulation, [successor])
    facts = session.scalars(
        select(DeadlineFact).where(DeadlineFact.cycle_id == cycle.id, DeadlineFact.unit_id == unit.id)
    ).all()
    names = ("step", "on_day", "at", "occasion", "days", "document")
    copies = [
        Happening(unit_id=successor.id, kind=Fact(fact.kind), **{name: getattr(fact, name) for name in names})
        for fact in facts
    ]
    record(session, cycle.id, copies)
    session.execute(update(Dossier).where(Dossier.id == dossier.id).values(unit_id=successor.id))
    _forget_deadlines(sitting, unit.id)


def _forget_deadlines(sitting: Sitting, unit_id: int) -> None:
    """The projection follows the dossiers; its rows for a unit without one go. The facts stay."""
    sitting.session.execute(delete(Deadline).where(Deadline.cycle_id == sitting.cycle.id, Deadline.unit_id == unit_id))


def _words(sitting: Sitting, unit: Unit, successor: Unit, *, idle: bool) -> list[Word]:
    """To the successor, which has to know what comes to it, and whose contacts are asked for."""
    add_commune_agencies(sitting.session, sitting.law.regulation, [successor])
    if idle:
        return []
    return [
        Word(
            Kind.UNIT_MERGED,
            about_id=unit.id,
            to_unit_id=successor.id,
            to_actor=Actor.COMMUNE,
            key=f"unit_merged/{unit.id}/{successor.id}",
            said=f"{unit.code} {unit.name} → {successor.code} {successor.name}",
        )
    ]


def _dossiers(sitting: Sitting, unit_ids: Sequence[int]) -> dict[int, Dossier]:
    rows = sitting.session.scalars(
        select(Dossier).where(Dossier.cycle_id == sitting.cycle.id, Dossier.unit_id.in_(unit_ids))
    )
    return {dossier.unit_id: dossier for dossier in rows}


@dataclass(frozen=True)
class PastResult:
    """A result on the lineage of a unit: whose it was. `own`: the unit's itself, not a predecessor's.

    `decision` and `source` stand where it is not of a cycle of this product but of a document that was taken in.
    """

    code: str
    name: str
    year: int
    trial: bool
    recognised: bool
    own: bool
    until: date | None
    decision: str | None = None
    source: str | None = None


def results_across(session: Session, unit_id: int) -> list[PastResult]:
    """The results of a unit and of everything it came from: to be read, never to be counted as its own."""
    line = forebears(session, unit_id)
    rows = session.execute(
        select(Unit, Cycle.year, Cycle.trial, Dossier.state)
        .join(Dossier, Dossier.unit_id == Unit.id)
        .join(Cycle, Cycle.id == Dossier.cycle_id)
        .where(Unit.id.in_(line), Dossier.state.in_([str(state) for state in DECIDED]))
    ).all()
    found = [
        PastResult(unit.code, unit.name, year, trial, state == State.RECOGNISED, unit.id == unit_id, unit.valid_to)
        for unit, year, trial, state in rows
    ]
    for (owner, year), one in documented(session, line).items():
        unit, told = session.get_one(Unit, owner), (one.decision, one.source)
        found.append(
            PastResult(unit.code, unit.name, year, False, one.recognised, owner == unit_id, unit.valid_to, *told)
        )
    return sorted(found, key=lambda one: (-one.year, one.code, one.trial))


def _refuse_strangers(sitting: Sitting, merger: Merger) -> None:
    known = {kin.unit.id for kin in lineage(sitting.session, merger.successor.id)[0]}
    strangers = [unit for unit in merger.sources if unit.id not in known]
    if not strangers:
        return
    named = ", ".join(f"{unit.code} {unit.name}" for unit in strangers)
    into = f"{merger.successor.code} {merger.successor.name}"
    raise Refusal(
        "not_in_lineage",
        Words(f"{named} không nhập vào {into} theo danh mục.", f"{named} did not go into {into} by our list."),
        Words(
            "Việc sắp xếp đơn vị phải có trong danh mục trước khi chuyển hồ sơ.",
            "A merger stands in the list of units before any file follows it.",
        ),
        Words(
            "Xem `tcpl units lineage`; bổ sung danh mục bằng `tcpl units import FILE`.",
            "See `tcpl units lineage`; complete the list with `tcpl units import FILE`.",
        ),
    )


def _decided(unit: Unit) -> Refusal:
    return Refusal(
        "result_crosses_no_merger",
        Words(f"Hồ sơ của {unit.name} đã có quyết định.", f"The file of {unit.name} is decided."),
        Words(
            "Kết quả thuộc về đơn vị được đánh giá, không chuyển sang đơn vị mới.",
            "A result belongs to the unit that was assessed and does not pass to a successor.",
        ),
        Words("Bỏ --carry của đơn vị này.", "Leave out --carry for this unit."),
    )


def _has_one(successor: Unit) -> Refusal:
    return Refusal(
        "successor_has_a_dossier",
        Words(f"{successor.name} đã có hồ sơ trong kỳ này.", f"{successor.name} has a file in this cycle."),
        Words("Mỗi đơn vị có một hồ sơ trong một kỳ.", "A unit has one file in a cycle."),
        Words("Đóng hồ sơ của các đơn vị cũ (không --carry).", "Close the old units' files (no --carry)."),
    )

"""Closing a cycle by hand: what keeps it open, what goes on into the next year, and the act that freezes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.contacts import Contact
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.journal import Touched
from models.records.programme_tables import Task, TaskDue
from models.records.remedies import CLOSE, open_in
from models.records.units import Unit
from models.words import Words

ENDED = (*DECIDED, State.MERGED)


@dataclass(frozen=True)
class Owed:
    """A step, or a task of the plan, that is still owed: by how many, and the communes (or districts) themselves."""

    step: str
    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """What keeps a cycle open as of a moment, and what would go on into the next year."""

    owed: tuple[Owed, ...]
    undecided: tuple[str, ...]
    open_remedies: tuple[int, ...]
    contacts: int
    recognised: int

    @property
    def is_clear(self) -> bool:
        return not self.owed and not self.undecided

    @property
    def only_remedies(self) -> bool:
        """Nothing keeps it open but remedies not mended yet."""
        return not self.undecided and all(one.step == CLOSE for one in self.owed)


def checklist(session: Session, cycle: Cycle, steps: dict[str, str], at: datetime) -> Checklist:
    """The closing checklist as of a moment; `steps` gives the title of each step of the cycle's law."""
    owed: dict[str, list[str]] = {}
    rows = session.execute(
        select(Deadline.step, Unit.code)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(
            Deadline.cycle_id == cycle.id,
            Deadline.due_day.is_not(None),
            or_(Deadline.done_at.is_(None), Deadline.done_at > at),
        )
        .order_by(Deadline.step, Unit.code)
    )
    for step, code in rows.tuples():
        owed.setdefault(step, []).append(code)
    tasks = session.execute(
        select(Task.task, Task.title, Unit.code)
        .join(TaskDue, and_(TaskDue.cycle_id == Task.cycle_id, TaskDue.task == Task.task))
        .join(Unit, Unit.id == TaskDue.unit_id)
        .where(
            Task.cycle_id == cycle.id,
            TaskDue.known_at <= at,
            or_(TaskDue.done_at.is_(None), TaskDue.done_at > at),
            or_(TaskDue.carried_at.is_(None), TaskDue.carried_at > at),
        )
        .order_by(Task.task, Unit.code)
    )
    for task, title, code in tasks.tuples():
        owed.setdefault(task, []).append(code)
        steps = {task: title, **steps}
    undecided = session.scalars(
        select(Unit.code)
        .join(Dossier, Dossier.unit_id == Unit.id)
        .where(Dossier.cycle_id == cycle.id, Dossier.state.not_in([str(state) for state in ENDED]))
        .order_by(Unit.code)
    )
    return Checklist(
        tuple(Owed(step, steps.get(step, step), tuple(dict.fromkeys(codes))) for step, codes in owed.items()),
        tuple(undecided),
        tuple(remedy.id for remedy in open_in(session, cycle.id)),
        _contacts(session, cycle),
        _recognised(session, cycle),
    )


def _contacts(session: Session, cycle: Cycle) -> int:
    taking_part = select(Dossier.unit_id).where(Dossier.cycle_id == cycle.id)
    query = select(func.count()).select_from(Contact).join(Agency, Agency.id == Contact.agency_id)
    return session.scalar(query.where(Agency.unit_id.in_(taking_part))) or 0


def _recognised(session: Session, cycle: Cycle) -> int:
    query = select(func.count()).select_from(Dossier).where(Dossier.cycle_id == cycle.id)
    return session.scalar(query.where(Dossier.state == State.RECOGNISED)) or 0


def close_by_hand(sitting: Sitting, *, standing: str | None = None) -> bool:
    """Close the cycle; False if it is closed already. What is closed takes no more acts.

    Refused while anything keeps it open. `standing`: the ground on which remedies not yet mended stay open beyond it,
    for the next cycle to carry on; they are never closed by this.
    """
    if sitting.cycle.closed_on is not None:
        return False
    titles = {step.id: step.title for _, step in sitting.law.regulation.steps()}
    found = checklist(sitting.session, sitting.cycle, titles, sitting.signed.at)
    if not (found.is_clear or (found.only_remedies and standing and standing.strip())):
        raise _kept_open(sitting.cycle, found)
    change = {"closed": True, "standing": list(found.open_remedies), "ground": standing}
    line = Touched(sitting.cycle.province_id, "close-cycle", change)
    sitting.finish("close-cycle", "close-cycle", [line], Traces())
    sitting.session.execute(update(Cycle).where(Cycle.id == sitting.cycle.id).values(closed_on=sitting.signed.day))
    return True


def _kept_open(cycle: Cycle, found: Checklist) -> Refusal:
    steps = "; ".join(f"{one.title} ({len(one.codes)})" for one in found.owed[:4])
    more = Words(f"; {len(found.undecided)} hồ sơ chưa có quyết định", f"; {len(found.undecided)} files undecided")
    remedies_only = Words(
        "Hoàn thành việc khắc phục, hoặc đóng kèm lý do để việc còn lại sang kỳ sau (--standing).",
        "Mend what is open, or close with the ground on which it stands into the next cycle (--standing).",
    )
    finish = Words(
        "Hoàn thành các việc trên; việc của kế hoạch thì có thể chuyển năm sau (`tcpl task carry`). Danh sách: --json.",
        "Do what is listed, or carry the plan's tasks over (`tcpl task carry`). The whole list: --json.",
    )
    return Refusal(
        "cycle_kept_open",
        Words(f"Chưa đóng được kỳ {cycle.year}.", f"The cycle of {cycle.year} cannot close."),
        Words(
            f"Còn: {steps or '—'}" + (more.vi if found.undecided else "") + ".",
            f"Still owed: {steps or '—'}" + (more.en if found.undecided else "") + ".",
        ),
        remedies_only if found.only_remedies else finish,
        owed=[{"step": one.step, "title": one.title, "codes": list(one.codes)} for one in found.owed],
        undecided=list(found.undecided),
        open_remedies=list(found.open_remedies),
    )

"""Remedies: what each shortfall asks for, of whom, by when, with which proof; and the questions asked of them.

A remedy belongs to the dossier whose verdict made it. It is owed by `unit_id` and followed in `cycle_id`: at first the
dossier's own; a merger moves the one, a later cycle that carries it on moves the other. All of it is `local`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, case, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.cycle.remediation import shared_task, title_of, years_words
from models.law.regulation import Regulation
from models.records.base import Table
from models.records.cycles import Cycle, law_of
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier, batched
from models.records.units import Unit

OPEN, CLOSE = "open-remedies", "close-remedies"


class Remedy(Table):
    """One shortfall that has to be mended: which rule, about what; closed with a proof by the level above.

    `task`: what to do; `suggested`: nobody has edited it yet. `last_day` null: that of the plan's step. `occasion` is
    the one of its own deadline, empty where it rides on its dossier's. `edits` and `reopened` count those acts.
    """

    __tablename__ = "remedies"
    __table_args__ = (
        UniqueConstraint("dossier_id", "rule", "subject"),
        Index(None, "closed_on"),
        Index(None, "unit_id"),
        Index(None, "cycle_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    rule: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(String(300))
    required: Mapped[str] = mapped_column(String(300))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(String(300))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    occasion: Mapped[str] = mapped_column(String(60), default="")
    owner: Mapped[str] = mapped_column(String(200), default="commune")
    task: Mapped[str] = mapped_column(String(1000), default="")
    suggested: Mapped[bool] = mapped_column(default=True)
    last_day: Mapped[date | None]
    proved_on: Mapped[date | None]
    proved_by: Mapped[str | None] = mapped_column(String(200))
    closed_by: Mapped[str | None] = mapped_column(String(200))
    edits: Mapped[int] = mapped_column(default=0)
    reopened: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Seen:
    """A remedy as people see it. `years`: for how many years running the same is wanting under the same regulation.

    `year` is the evaluation year whose verdict made it; `due` the day by which it is owed, null where none is known.
    """

    id: int
    unit_id: int
    code: str
    name: str
    district: str | None
    year: int
    rule: str
    subject: str
    title: str
    found: str
    required: str
    owner: str
    task: str
    suggested: bool
    due: date | None
    opened_on: date
    proof: str | None
    proved_on: date | None
    closed_on: date | None
    reopened: int
    years: int

    @property
    def state(self) -> str:
        """ "open", "proved" (the level above has yet to look), or "closed"."""
        return "closed" if self.closed_on else "proved" if self.proof else "open"

    @property
    def repeated(self) -> str:
        """ "năm thứ hai", or nothing."""
        return years_words(self.years)

    def is_late(self, on: date) -> bool:
        return self.closed_on is None and self.due is not None and self.due < on


def followed_in(session: Session, cycle: Cycle, *, codes: Collection[str] = (), open_only: bool = False) -> list[Seen]:
    """The remedies followed in a cycle, by commune and rule; its own and those carried into it."""
    query = _seeing().where(Remedy.cycle_id == cycle.id)
    if codes:
        query = query.where(Unit.code.in_(list(codes)))
    return _seen(session, query.where(Remedy.closed_on.is_(None)) if open_only else query)


def standing(session: Session, unit_ids: Sequence[int], *, trial: bool, before: int) -> dict[int, list[Seen]]:
    """The open remedies of earlier evaluation years that these units owe, by unit: what stands beside the same
    indicator in the workbook and the dossier of the year `before`. Scores are not among it.
    """
    found: dict[int, list[Seen]] = {}
    for chunk in batched(list(unit_ids)):
        query = _seeing().where(
            Remedy.unit_id.in_(chunk), Remedy.closed_on.is_(None), Cycle.trial == trial, Cycle.year < before
        )
        for one in _seen(session, query):
            found.setdefault(one.unit_id, []).append(one)
    return found


@dataclass(frozen=True)
class Shared:
    """The same shortfall in several communes: what may be mended once for all of them."""

    rule: str
    subject: str
    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    open: int
    suggestion: str


def grouped(seen: Iterable[Seen]) -> list[Shared]:
    """Remedies by what is wanting, the widest first."""
    groups: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        groups.setdefault((one.rule, one.subject), []).append(one)
    shared = [
        Shared(
            rule,
            subject,
            ones[0].title,
            tuple(one.code for one in ones),
            tuple(one.name for one in ones),
            sum(one.closed_on is None for one in ones),
            shared_task(subject, ones[0].title, len(ones)),
        )
        for (rule, subject), ones in groups.items()
    ]
    return sorted(shared, key=lambda group: (-len(group.codes), group.rule, group.subject))


def find_remedy(session: Session, remedy_id: int) -> Remedy | None:
    return session.get(Remedy, remedy_id, populate_existing=True)


def open_in(session: Session, cycle_id: int, dossier_id: int | None = None) -> Sequence[Remedy]:
    """The open remedies followed in a cycle; of one dossier where it is given."""
    query = select(Remedy).where(Remedy.cycle_id == cycle_id, Remedy.closed_on.is_(None)).order_by(Remedy.id)
    if dossier_id is not None:
        query = query.where(Remedy.dossier_id == dossier_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


_District = aliased(Unit)


def _seeing():
    """Remedies beside unit, the dossier's cycle and the deadline; the caller narrows it."""
    return (
        select(Remedy, Unit, Cycle, Deadline.due_day, _District.name)
        .select_from(Remedy)
        .join(Dossier, Dossier.id == Remedy.dossier_id)
        .join(Cycle, Cycle.id == Dossier.cycle_id)
        .join(Unit, Unit.id == Remedy.unit_id)
        .outerjoin(_District, _District.id == Dossier.district_id)
        .outerjoin(
            Deadline,
            and_(
                Deadline.cycle_id == Remedy.cycle_id,
                # in its own cycle the deadline stands under the unit that was decided on, merged or not
                Deadline.unit_id == case((Dossier.cycle_id == Remedy.cycle_id, Dossier.unit_id), else_=Remedy.unit_id),
                Deadline.step == CLOSE,
                Deadline.occasion == Remedy.occasion,
            ),
        )
        .order_by(Unit.code, Cycle.year, Remedy.rule, Remedy.subject)
    )


def _seen(session: Session, query) -> list[Seen]:
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    laws = {cycle.id: law_of(session, cycle).regulation for _, _, cycle, *_ in rows}
    wanting = _wanting(session, {remedy.unit_id for remedy, *_ in rows})
    return [
        _one(remedy, unit, cycle, due, district, laws[cycle.id], wanting) for remedy, unit, cycle, due, district in rows
    ]


Wanting = set[tuple[int, str, bool, str, str, int]]
"""(unit, regulation, trial, rule, subject, year): what was found wanting, of all years."""


def _wanting(session: Session, unit_ids: Collection[int]) -> Wanting:
    found: Wanting = set()
    for chunk in batched(sorted(unit_ids)):
        rows = session.execute(
            select(Remedy.unit_id, Cycle.regulation_id, Cycle.trial, Remedy.rule, Remedy.subject, Cycle.year)
            .join(Dossier, Dossier.id == Remedy.dossier_id)
            .join(Cycle, Cycle.id == Dossier.cycle_id)
            .where(Remedy.unit_id.in_(chunk))
        )
        found |= set(rows.tuples())
    return found


def _one(
    remedy: Remedy, unit: Unit, cycle: Cycle, due: date | None, district: str | None, law: Regulation, wanting: Wanting
) -> Seen:
    years = 1
    while (unit.id, law.id, cycle.trial, remedy.rule, remedy.subject, cycle.year - years) in wanting:
        years += 1
    plain = {name: getattr(remedy, name) for name in _PLAIN}
    return Seen(
        code=unit.code,
        name=unit.name,
        district=district,
        year=cycle.year,
        title=title_of(law, remedy.subject),
        due=due or remedy.last_day,
        years=years,
        **plain,
    )


_PLAIN = (
    *("id", "unit_id", "rule", "subject", "found", "required", "owner", "task", "suggested", "opened_on"),
    *("proof", "proved_on", "closed_on", "reopened"),
)

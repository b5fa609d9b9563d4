"""For each table, which rows are of a territory. A new table needs its line here: without one it answers nothing.

Each rule is a condition with the territory's units as parameters, so that a statement is compiled once for all
accounts, and one that would go out without its parameters fails instead of telling.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, String, bindparam, false, func, literal_column, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal

from models.records import tables
from models.records.access_log import AccessEvent
from models.records.accounts import AccessKey, Account
from models.records.appraisal_notes import AppraisalNote, ReturnedPlace
from models.records.commendations import Commendation
from models.records.complaints import Complaint
from models.records.contacts import Contact
from models.records.councils import CouncilMeeting, CouncilOpinion, CouncilRecord
from models.records.cycles import Agency, Cycle, CycleLawVersion, CycleStage
from models.records.deadlines import CalendarDay, CalendarVersion, Deadline, DeadlineFact
from models.records.decisions import Decision, DecisionLine, DecisionPaper, Replacement
from models.records.dossiers import Dossier, Score, Scorecard
from models.records.earlier_results import EarlierResult, ResultImport
from models.records.evidence import EvidenceFile, EvidenceLink, EvidenceSignature
from models.records.findings import FindingRecord
from models.records.focal_points import FocalPoint
from models.records.inspections import Visit, VisitFinding
from models.records.intake import HandedIn, HandedInLine
from models.records.journal import Entry, Line
from models.records.local_rows import LocalAct
from models.records.notices import Attempt, Notice
from models.records.notices_acknowledged import Acknowledgement
from models.records.notices_addressed import Letter, LetterNotice
from models.records.notices_sending import Allowance
from models.records.postings import PostingRecord
from models.records.programme_tables import Task, TaskDue, TaskFact, TaskMoney, TaskOccasion
from models.records.publishing import Report
from models.records.remedies import Remedy
from models.records.reporting import ReportFigures
from models.records.running import Cursor, Lease, Pulse
from models.records.supplements import SupplementItem, SupplementRound
from models.records.units import Descent, Unit

UNITS, SEEN, CYCLES = "territory_units", "territory_seen", "territory_cycles"


def values_of(engine: str, units: Collection[int], above: Collection[int], cycles: Collection[int]) -> dict[str, str]:
    """The parameters of every rule, for one territory: lists of ids, in the words of the engine."""
    seen = {*units, *above}
    return {UNITS: _list(engine, units), SEEN: _list(engine, seen), CYCLES: _list(engine, cycles)}


def _list(engine: str, ids: Collection[int]) -> str:
    said = ",".join(map(str, sorted(ids)))
    return f"{{{said}}}" if engine == "postgresql" else f"[{said}]"


class Among(ColumnElement[bool]):
    """Whether a column is among the ids of a parameter: one parameter, however many they are.

    The sum keeps an engine from going by the index of that column: a rule says what may be seen of the rows that the
    question itself finds, and to begin with a whole territory costs a page a second.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals: ClassVar[Any] = [
        ("column", InternalTraversal.dp_clauseelement),
        ("ids", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, name: str) -> None:
        self.column, self.ids = coercions.expect(roles.ExpressionElementRole, column), bindparam(name, type_=String())


@compiles(Among)
def _among(element: Among, compiler: Any, **more: Any) -> str:
    column, ids = compiler.process(element.column, **more), compiler.process(element.ids, **more)
    if compiler.dialect.name == "postgresql":
        return f"({column} + 0 = ANY (CAST({ids} AS INTEGER[])))"
    return f"({column} + 0 IN (SELECT value FROM json_each({ids})))"


def _table(mapped: Any) -> Any:
    """The table beneath a mapped class: inside a rule no rule is applied again."""
    return mapped.__table__


def _within(column: Any) -> Any:
    """Whether a unit is of the territory."""
    return Among(column, UNITS)


def _seen(column: Any) -> Any:
    """Whether a unit is of the territory or over it: its name is seen."""
    return Among(column, SEEN)


def _of_cycle(column: Any) -> Any:
    """Whether a cycle is of the territory's province. Said so that PostgreSQL expects it of nearly every row: of a few
    cycles among many it expects few, and then joins row by row what has hundreds."""
    return func.nullif(Among(column, CYCLES), false()).is_not(None)


def _there(query: Any, *tables: Any) -> Any:
    """Whether the query finds a row, asked for each row of the question: so that no engine begins with it."""
    return query.correlate_except(*tables).limit(1).scalar_subquery().is_not(None)


def _beside(mapped: Any, column: Any, wanted: str = "id", of: str = "unit_id") -> Any:
    """Whether a row of the table, whose `wanted` is the column, is of the territory by its unit."""
    table = _table(mapped).alias()
    return _there(select(literal_column("1")).where(table.c[wanted] == column, _within(table.c[of])), table)


def _through_dossier(mapped: Any, column: Any, wanted: str) -> Any:
    """The same for a row of a table that knows its dossier, which knows the unit."""
    table, dossier = _table(mapped).alias(), _table(Dossier).alias()
    query = select(literal_column("1")).join_from(table, dossier, dossier.c.id == table.c.dossier_id)
    return _there(query.where(table.c[wanted] == column, _within(dossier.c.unit_id)), table, dossier)


EVIDENCE = select(_table(EvidenceLink).c.sha256).where(_within(_table(EvidenceLink).c.unit_id))
IMPORTS = select(_table(EarlierResult).c.import_id).where(_within(_table(EarlierResult).c.unit_id))


BY_UNIT = (
    *(Commendation, Complaint, Deadline, DeadlineFact, Dossier, EarlierResult),
    *(EvidenceLink, FindingRecord, HandedIn, Line, LocalAct, Notice, PostingRecord, Remedy, Report, ReportFigures),
    *(SupplementRound, TaskDue, TaskFact, TaskMoney, Visit),
)
BY_CYCLE = (CycleLawVersion, CycleStage, Task)
FOR_EVERYBODY = (CalendarVersion, CalendarDay, Descent)
"""The calendar is public; a lineage names units by numbers, and the units themselves have their own rule."""
FOR_NOBODY = (Account, AccessKey, AccessEvent, Allowance, Cursor, Lease, Pulse)
"""Of the machine, and of those who look: only who sees everything is shown them."""

THROUGH: Mapping[Any, Callable[[Any], Any]] = {
    AppraisalNote: lambda cls: _beside(Dossier, cls.dossier_id),
    ReturnedPlace: lambda cls: _beside(Dossier, cls.dossier_id),
    Scorecard: lambda cls: _beside(Dossier, cls.dossier_id),
    Score: lambda cls: _through_dossier(Scorecard, cls.scorecard_id, "id"),
    DecisionLine: lambda cls: _beside(Dossier, cls.dossier_id),
    Replacement: lambda cls: _beside(Dossier, cls.dossier_id),
    Decision: lambda cls: or_(_within(cls.unit_id), _through_dossier(DecisionLine, cls.id, "decision_id")),
    DecisionPaper: lambda cls: _through_dossier(DecisionLine, cls.decision_id, "decision_id"),
    Attempt: lambda cls: _beside(Notice, cls.notice_id),
    Acknowledgement: lambda cls: _beside(Notice, cls.notice_id),
    LetterNotice: lambda cls: _beside(Notice, cls.notice_id),
    Letter: lambda cls: _beside(Agency, cls.agency_id),
    Contact: lambda cls: _beside(Agency, cls.agency_id),
    FocalPoint: lambda cls: _beside(Agency, cls.agency_id),
    CouncilMeeting: lambda cls: _within(cls.district_id),
    CouncilRecord: lambda cls: _beside(CouncilMeeting, cls.meeting_id, of="district_id"),
    CouncilOpinion: lambda cls: _beside(CouncilMeeting, cls.meeting_id, of="district_id"),
    EvidenceFile: lambda cls: cls.sha256.in_(EVIDENCE),
    EvidenceSignature: lambda cls: cls.sha256.in_(EVIDENCE),
    HandedInLine: lambda cls: _beside(HandedIn, cls.handed_in_id),
    SupplementItem: lambda cls: _beside(SupplementRound, cls.round_id),
    VisitFinding: lambda cls: _beside(Visit, cls.visit_id),
    ResultImport: lambda cls: cls.id.in_(IMPORTS),
    TaskOccasion: lambda cls: or_(_within(cls.unit_id), cls.unit_id.is_(None) & _of_cycle(cls.cycle_id)),
    Entry: lambda cls: _beside(Line, cls.id, "entry_id"),
    Cycle: lambda cls: _seen(cls.province_id),
    Unit: lambda cls: _seen(cls.id),
    Agency: lambda cls: _seen(cls.unit_id),
}
"""Names of units and offices above are seen, nothing else of them."""


def _by_unit(mapped: Any) -> Any:
    return _within(mapped.unit_id)


def _by_cycle(mapped: Any) -> Any:
    return _of_cycle(mapped.cycle_id)


def _rule(mapped: Any) -> Callable[[Any], Any]:
    if mapped in THROUGH:
        return THROUGH[mapped]
    if mapped in BY_UNIT:
        return _by_unit
    if mapped in BY_CYCLE:
        return _by_cycle
    return (lambda _: true()) if mapped in FOR_EVERYBODY else (lambda _: false())


def every_table() -> list[Any]:
    """Every mapped class."""
    return [mapper.class_ for mapper in tables.Table.registry.mappers]


def without_rule() -> list[str]:
    """The tables of which no rule speaks: they answer nothing to whoever does not see everything."""
    told = {*THROUGH, *BY_UNIT, *BY_CYCLE, *FOR_EVERYBODY, *FOR_NOBODY}
    return sorted(mapped.__tablename__ for mapped in every_table() if mapped not in told)


for _mapped in every_table():
    _mapped.of_territory = classmethod(_rule(_mapped))

RULE = with_loader_criteria(tables.Table, lambda cls: cls.of_territory(), include_aliases=True)
"""Added to a statement, it narrows every table and every alias in it, in subqueries too."""

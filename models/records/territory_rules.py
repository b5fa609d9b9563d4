"""For each table, which rows are of a territory. A new table needs its line here: without one it answers nothing.

Each rule is a condition with the territory's units as parameters, so that a statement is compiled once for all
accounts, and one that would go out without its parameters fails instead of telling.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, false, or_, select, true, union_all
from sqlalchemy.orm import with_loader_criteria

from models.records import tables
from models.records.access_log import AccessEvent
from models.records.accounts import AccessKey, Account
from models.records.appraising import AppraisalNote, ReturnedPlace
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

ROOTS, ABOVE = "territory_roots", "territory_above"
NO_UNIT = -1


def values_of(roots: Collection[int], above: Collection[int]) -> dict[str, list[int]]:
    """The parameters of every rule, for one territory."""
    return {ROOTS: sorted(roots) or [NO_UNIT], ABOVE: sorted(above) or [NO_UNIT]}


def _table(mapped: Any) -> Any:
    """The table beneath a mapped class: inside a rule no rule is applied again."""
    return mapped.__table__


_units = _table(Unit)


def _roots() -> Any:
    return bindparam(ROOTS, expanding=True)


_children = select(_units.c.id).where(_units.c.parent_id.in_(_roots()))
UNITS = select(
    union_all(
        select(_units.c.id).where(_units.c.id.in_(_roots())),
        _children,
        select(_units.c.id).where(_units.c.parent_id.in_(_children)),
    )
    .subquery("territory")
    .c.id
)
"""The units of the territory: the roots, what is under them, and what is under that."""

_above = bindparam(ABOVE, expanding=True)


def _of(mapped: Any, column: str, inner: Any, wanted: str = "id") -> Select[Any]:
    """The `wanted` column of the rows whose `column` is among the inner ones."""
    table = _table(mapped)
    return select(table.c[wanted]).where(table.c[column].in_(inner))


CYCLES = select(_table(Cycle).c.id).where(or_(_table(Cycle).c.province_id.in_(UNITS),
                                              _table(Cycle).c.province_id.in_(_above)))  # fmt: skip
DOSSIERS = _of(Dossier, "unit_id", UNITS)
SCORECARDS = _of(Scorecard, "dossier_id", DOSSIERS)
NOTICES = _of(Notice, "unit_id", UNITS)
AGENCIES = _of(Agency, "unit_id", UNITS)
MEETINGS = _of(CouncilMeeting, "district_id", UNITS)
DECISIONS = _of(DecisionLine, "dossier_id", DOSSIERS, "decision_id")
EVIDENCE = _of(EvidenceLink, "unit_id", UNITS, "sha256")

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
    AppraisalNote: lambda cls: cls.dossier_id.in_(DOSSIERS),
    ReturnedPlace: lambda cls: cls.dossier_id.in_(DOSSIERS),
    Scorecard: lambda cls: cls.dossier_id.in_(DOSSIERS),
    Score: lambda cls: cls.scorecard_id.in_(SCORECARDS),
    DecisionLine: lambda cls: cls.dossier_id.in_(DOSSIERS),
    Replacement: lambda cls: cls.dossier_id.in_(DOSSIERS),
    Decision: lambda cls: or_(cls.unit_id.in_(UNITS), cls.id.in_(DECISIONS)),
    DecisionPaper: lambda cls: cls.decision_id.in_(DECISIONS),
    Attempt: lambda cls: cls.notice_id.in_(NOTICES),
    Acknowledgement: lambda cls: cls.notice_id.in_(NOTICES),
    LetterNotice: lambda cls: cls.notice_id.in_(NOTICES),
    Letter: lambda cls: cls.agency_id.in_(AGENCIES),
    Contact: lambda cls: cls.agency_id.in_(AGENCIES),
    FocalPoint: lambda cls: cls.agency_id.in_(AGENCIES),
    CouncilMeeting: lambda cls: cls.district_id.in_(UNITS),
    CouncilRecord: lambda cls: cls.meeting_id.in_(MEETINGS),
    CouncilOpinion: lambda cls: cls.meeting_id.in_(MEETINGS),
    EvidenceFile: lambda cls: cls.sha256.in_(EVIDENCE),
    EvidenceSignature: lambda cls: cls.sha256.in_(EVIDENCE),
    HandedInLine: lambda cls: cls.handed_in_id.in_(_of(HandedIn, "unit_id", UNITS)),
    SupplementItem: lambda cls: cls.round_id.in_(_of(SupplementRound, "unit_id", UNITS)),
    VisitFinding: lambda cls: cls.visit_id.in_(_of(Visit, "unit_id", UNITS)),
    ResultImport: lambda cls: cls.id.in_(_of(EarlierResult, "unit_id", UNITS, "import_id")),
    TaskOccasion: lambda cls: or_(cls.unit_id.in_(UNITS), cls.unit_id.is_(None) & cls.cycle_id.in_(CYCLES)),
    Entry: lambda cls: cls.id.in_(_of(Line, "unit_id", UNITS, "entry_id")),
    Cycle: lambda cls: or_(cls.province_id.in_(UNITS), cls.province_id.in_(_above)),
    Unit: lambda cls: or_(cls.id.in_(UNITS), cls.id.in_(_above)),
    Agency: lambda cls: or_(cls.unit_id.in_(UNITS), cls.unit_id.in_(_above)),
}
"""Names of units and offices above are seen, nothing else of them."""


def _by_unit(mapped: Any) -> Any:
    return mapped.unit_id.in_(UNITS)


def _by_cycle(mapped: Any) -> Any:
    return mapped.cycle_id.in_(CYCLES)


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

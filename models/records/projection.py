"""From facts, law and calendar to the days that stand on the board: one statement for all dossiers of a cycle.

What one deadline is follows from the pure `models.law.deadlines.reckon`; this is the same rule as a join with the
calendar's ordinals, tested against it. Running it again changes nothing.
"""

import hashlib
import json
from collections.abc import Collection, Hashable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Insert,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.law.calendar import Calendar
from models.law.deadline_rules import Ahead, Lasting, Within
from models.law.deadlines import reckon
from models.law.plan import StepPlan
from models.law.regulation import Stage, Step
from models.law.resolve import CycleLaw
from models.records.asking import send
from models.records.base import Moment, forget
from models.records.cycles import Cycle, calendar_version_of
from models.records.deadlines import CalendarDay, Deadline, DeadlineFact, Fact
from models.records.dossiers import Dossier, batched
from models.records.places import CYCLE, OPENED_AT, OPENED_ON, PROVINCE, UNITS
from models.records.upserts import insert_or_change

KEY = ("cycle_id", "unit_id", "step", "occasion")
MOST_STATEMENTS = 300


def project(
    session: Session,
    cycle: Cycle,
    law: CycleLaw,
    calendar: Calendar,
    *,
    steps: Collection[str] | None = None,
    units: Collection[int] | None = None,
) -> None:
    """Bring the deadlines of these steps and subjects (null: all) to what facts, law and calendar say."""
    known = [step.id for _, step in law.regulation.steps()]
    chosen = tuple(known if steps is None else [step for step in known if step in steps])
    if not chosen:
        return
    narrowed = units is not None
    version = calendar_version_of(session, cycle)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    key = (_rules_of(law), version, calendar.content_hash(), is_postgresql, chosen, narrowed)
    if key not in _statements:
        if len(_statements) > MOST_STATEMENTS:
            _statements.clear()
        _statements[key] = _Builder(law, calendar, version, is_postgresql, chosen, narrowed).statement()
    given = {CYCLE: cycle.id, PROVINCE: cycle.province_id, OPENED_ON: cycle.opened_on, OPENED_AT: cycle.opened_at}
    values: dict[str, Any] = {param.key: value for param, value in given.items()}
    # in portions: SQLite compares each unit with every other of them, and so many are still few
    for portion in batched(sorted(units)) if units is not None else [()]:
        asked = values | ({UNITS.key: list(portion)} if narrowed else {})
        send(session, _statements[key], asked)
    forget(session, Deadline)


_statements: dict[Hashable, Insert] = {}
"""The statement of each set of rules and steps: building one costs ten times its run; most acts ask for the same."""

# As tables: through their classes, SQLAlchemy takes twice as long to build and to spell a statement.
DOSSIERS, FACTS = Dossier.__table__.c, DeadlineFact.__table__.c
LATER = DeadlineFact.__table__.alias("later").c
START, LAST, WORKING, FROM, MOVED = (
    CalendarDay.__table__.alias(name) for name in ("start_day", "last_day", "working_day", "from_day", "moved_day")
)

_rules: dict[int, tuple[CycleLaw, str]] = {}


def _rules_of(law: CycleLaw) -> str:
    """What of the law a projection depends on, as text: the same for all provinces whose plans set the same days."""
    if id(law) not in _rules:
        if len(_rules) > MOST_STATEMENTS:
            _rules.clear()
        plan = {name: step.model_dump(mode="json") for name, step in law.plan.steps.items()} if law.plan else {}
        text = json.dumps([law.year, law.regulation.model_dump(mode="json"), plan], sort_keys=True)
        _rules[id(law)] = (law, hashlib.sha256(text.encode()).hexdigest())  # the law is kept, and so its id
    return _rules[id(law)][1]


class _Builder:
    """The selects for one set of rules, one calendar version, these steps; for one cycle, narrowed to some units."""

    def __init__(
        self, law: CycleLaw, calendar: Calendar, version: int, postgresql: bool, steps: Sequence[str], narrowed: bool
    ) -> None:
        self.law, self.calendar, self.version, self.postgresql = law, calendar, version, postgresql
        self.steps, self.narrowed = steps, narrowed

    def statement(self) -> Insert:
        """The upsert of all these deadlines."""
        bases = [self.base(stage, step) for stage, step in self.law.regulation.steps() if step.id in self.steps]
        rows = self.with_facts(union_all(*bases).subquery("base"))
        return insert_or_change(Deadline, [column.name for column in rows.selected_columns], rows, KEY)

    def base(self, stage: Stage, step: Step) -> Select[Any]:
        """One row per subject (and occasion) that owes the step, with the day of the rule."""
        match step.deadline:
            case Within() | Ahead() | Lasting() as rule:
                return self._counted(stage, step, rule)
            case _:
                return self._fixed(stage, step)

    def _subjects(self, step: Step) -> Subquery:
        """unit_id, holder_id, district_id of everyone who owes the step."""
        district = DOSSIERS.district_id
        match step.per:
            case "dossier":
                unit: Any = DOSSIERS.unit_id
            case "district":
                unit = DOSSIERS.district_id
            case "province":
                unit = PROVINCE
        holder = {"commune": DOSSIERS.unit_id, "district": district}.get(step.actor.level, PROVINCE)
        query = select(
            unit.label("unit_id"),
            holder.label("holder_id"),
            (self._nothing(Integer) if step.per == "province" else district).label("district_id"),
        ).where(DOSSIERS.cycle_id == CYCLE, DOSSIERS.state != State.MERGED)
        if step.per == "district":
            query = query.where(district.is_not(None))
        if self.narrowed:
            query = query.where(unit.in_(UNITS))
        return query.distinct().subquery()

    def _fixed(self, stage: Stage, step: Step) -> Select[Any]:
        reckoned = reckon(stage, step, self.law.year, self.calendar, starts={}, plan=self._step_plan(step))
        subjects = self._subjects(step)
        applies = None if step.applies_to == "all" else self._facts(step, Fact.APPLIES)
        columns = self._columns(
            stage,
            step,
            subjects,
            # a remedy with a day of its own is an occasion of its own
            occasion=literal("", String) if applies is None else applies.c.occasion,
            starts_on=self._nothing(Date),
            known_on=OPENED_ON if applies is None else applies.c.on_day,
            known_at=OPENED_AT if applies is None else applies.c.at,
            last_day=self._day(reckoned.last_day),
            last_working_day=self._day(reckoned.last_working_day),
        )
        if applies is None:
            return select(*columns)
        return select(*columns).join_from(subjects, applies, applies.c.unit_id == subjects.c.unit_id)

    def _counted(self, stage: Stage, step: Step, rule: Within | Ahead | Lasting) -> Select[Any]:
        """The event's day joined with the calendar: by ordinal for working days, by number for all days."""
        subjects, facts = self._subjects(step), self._facts(step, Fact.STARTED)
        start, last, working = START.c, LAST.c, WORKING.c
        if rule.unit == "calendar":
            target = start.number - rule.count if isinstance(rule, Ahead) else start.number + rule.count
            found = last.number == target
        else:
            before_event = start.ordinal - case((start.working, 1), else_=0)
            target = before_event - rule.count + 1 if isinstance(rule, Ahead) else start.ordinal + rule.count
            found = and_(last.ordinal == target, last.working)
        columns = self._columns(
            stage,
            step,
            subjects,
            occasion=facts.c.occasion,
            starts_on=facts.c.on_day,
            known_on=facts.c.on_day,
            known_at=facts.c.at,
            last_day=last.day,
            last_working_day=self._nothing(Date) if isinstance(rule, Lasting) else working.day,
        )
        version = self.version
        return (
            select(*columns)
            .join_from(subjects, facts, facts.c.unit_id == subjects.c.unit_id)
            .join(START, and_(start.version_id == version, start.day == facts.c.on_day))
            .join(LAST, and_(last.version_id == version, found))
            .join(WORKING, and_(working.version_id == version, working.ordinal == last.ordinal, working.working))
        )

    def _columns(self, stage: Stage, step: Step, subjects: Subquery, **given: Any) -> list[Any]:
        plan = self._step_plan(step)
        tightened = plan.tightened_to.on if plan and plan.tightened_to else None
        accepted = plan.accepted_until.on if plan and plan.accepted_until else None
        return [
            subjects.c.unit_id.label("unit_id"),
            literal(step.id, String).label("step"),
            given["occasion"].label("occasion"),
            literal(str(stage), String).label("stage"),
            literal(str(step.actor), String).label("actor"),
            subjects.c.holder_id.label("holder_id"),
            subjects.c.district_id.label("district_id"),
            *(given[name].label(name) for name in ("starts_on", "known_on", "known_at", "last_day")),
            given["last_working_day"].label("last_working_day"),
            self._day(tightened).label("tightened"),
            self._day(accepted or tightened).label("local_day"),
        ]

    def with_facts(self, base: Subquery) -> Select[Any]:
        """The base rows beside what was done, extended and suspended."""
        done = self._summary(Fact.DONE, func.min(FACTS.on_day), func.min(FACTS.document))
        extended = self._summary(Fact.EXTENDED, func.max(FACTS.on_day), func.max(FACTS.document))
        suspended = self._summary(Fact.SUSPENDED, func.max(FACTS.on_day), func.max(FACTS.document))
        from_day, moved_day = FROM.c, MOVED.c
        granted = func.coalesce(extended.c.on_day, base.c.local_day)
        moved = or_any(extended.c.on_day, suspended.c.days)
        local = case((moved, moved_day.day), else_=base.c.local_day)
        is_floor = base.c.step.in_(
            [step.id for _, step in self.law.regulation.steps() if isinstance(step.deadline, Lasting)]
        )
        due = case(
            (is_floor, self._nothing(Date)),
            (moved, moved_day.day),
            else_=func.coalesce(base.c.tightened, base.c.last_day),
        )
        query = select(
            CYCLE.label("cycle_id"),
            *(base.c[name] for name in ("unit_id", "step", "occasion", "stage", "actor", "holder_id", "district_id")),
            *(base.c[name] for name in ("starts_on", "known_on", "known_at", "last_day", "last_working_day")),
            local.label("local_last_day"),
            due.label("due_day"),
            done.c.on_day.label("done_on"),
            done.c.at.label("done_at"),
            func.coalesce(done.c.document, "").label("document"),
        ).select_from(base)
        for facts in (done, extended, suspended):
            same = [facts.c[name] == base.c[name] for name in ("unit_id", "step", "occasion")]
            query = query.outerjoin(facts, and_(*same))
        return (
            query.outerjoin(
                FROM,
                and_(from_day.version_id == self.version, from_day.day == func.coalesce(granted, base.c.last_day)),
            )
            .outerjoin(
                MOVED,
                and_(
                    moved_day.version_id == self.version,
                    moved_day.number == from_day.number + func.coalesce(suspended.c.days, 0),
                ),
            )
            .where(base.c.unit_id.is_not(None))
        )

    def _facts(self, step: Step, kind: Fact) -> Subquery:
        return (
            select(FACTS.unit_id, FACTS.occasion, FACTS.on_day, FACTS.at)
            .where(FACTS.cycle_id == CYCLE, FACTS.step == step.id, FACTS.kind == kind)
            .where(*self._ours())
            .subquery()
        )

    def _summary(self, kind: Fact, on_day: Any, document: Any) -> Subquery:
        columns = (FACTS.unit_id, FACTS.step, FACTS.occasion)
        return (
            select(
                *columns,
                on_day.label("on_day"),
                func.min(FACTS.at, type_=Moment()).label("at"),
                document.label("document"),
                func.sum(FACTS.days).label("days"),
            )
            .where(
                FACTS.cycle_id == CYCLE,
                FACTS.step.in_(self.steps),
                FACTS.kind == kind,
                *self._ours(),
                *self._standing(kind),
            )
            .group_by(*columns)
            .subquery()
        )

    def _ours(self) -> list[Any]:
        return [FACTS.unit_id.in_(UNITS)] if self.narrowed else []

    def _standing(self, kind: Fact) -> list[Any]:
        """What was done stands until an office reopens the step."""
        if kind is not Fact.DONE:
            return []
        same = (LATER[name] == FACTS[name] for name in KEY)
        reopened = exists().where(*same, LATER.kind == Fact.REOPENED, LATER.id > FACTS.id)
        return [~reopened]

    def _step_plan(self, step: Step) -> StepPlan | None:
        return self.law.plan.steps.get(step.id) if self.law.plan else None

    def _day(self, day: date | None) -> Any:
        return self._nothing(Date) if day is None else literal(day, Date)

    def _nothing(self, kind: Any) -> Any:
        """NULL of a type: PostgreSQL wants to be told in a union, SQLite would make a number of a cast date."""
        return cast(null(), kind) if self.postgresql else null()


def or_any(*columns: Any) -> Any:
    """True where any of the columns holds something."""
    return func.coalesce(*(case((column.is_not(None), 1)) for column in columns)).is_not(None)

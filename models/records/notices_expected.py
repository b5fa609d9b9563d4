"""What should have gone out in a cycle by a moment, recomputed from facts alone, beside what stands in the outbox."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models.cycle.expected import Owed, climbed, escalated
from models.law.cycle_law import CycleLaw
from models.law.plan import Reminders
from models.law.regulation import Actor
from models.records.afterwards import Commendation
from models.records.canonical import canonical
from models.records.correcting import correction_key, correction_said, told_of
from models.records.cycles import Agency, Cycle, stages_of
from models.records.deadlines import Deadline, DeadlineFact, Fact
from models.records.decisions import Decision, DecisionLine, DecisionPaper, Replacement
from models.records.dossiers import Dossier, batched
from models.records.journal import Line
from models.records.notices import LADDER_KINDS, Attempt, Kind, Notice, NoticeState
from models.records.notices_journalled import carried_files, expected_of_acts
from models.records.notices_owed import Expected, Offices
from models.records.programme_expected import expected_of_tasks
from models.records.units import Unit
from models.records.upserts import insert_new

SUPPLEMENT, OPEN_REMEDIES, SUBMIT = "answer-supplement", "open-remedies", "submit-dossier"


def expected(
    session: Session, cycle: Cycle, law: CycleLaw, until: datetime, morning: Callable[[date], datetime]
) -> Iterator[Expected]:
    """Everything, the ladders of every deadline and what acts told. `until` and `morning` in the offices' zone."""
    rows = session.execute(select(Agency.unit_id, Agency.actor, Agency.id)).tuples()
    offices: Offices = {(unit, actor): agency for unit, actor, agency in rows}
    yield from _ladders(session, cycle, law, offices, until, morning)
    yield from expected_of_tasks(session, cycle, law, offices, until, morning)
    yield from _stages(session, cycle, law, offices, until)
    yield from _from_facts(session, cycle, law, offices, until)
    yield from _results(session, cycle, law, offices, until)
    yield from _commendations(session, cycle, offices)
    yield from expected_of_acts(session, cycle, offices, until, str(law.regulation.steps()[0][1].actor))


def _ladders(
    session: Session,
    cycle: Cycle,
    law: CycleLaw,
    offices: Offices,
    until: datetime,
    morning: Callable[[date], datetime],
) -> Iterator[Expected]:
    reminders = law.plan.reminders if law.plan else Reminders()
    stages = {step.id: stage for stage, step in law.regulation.steps()}
    paths = {path.holder: path.then for path in (law.plan.escalation if law.plan else ())}
    tiers, carried = law.regulation.tiers, carried_files(session, cycle)
    query = select(Deadline, Unit.code).join(Unit, Unit.id == Deadline.unit_id).where(Deadline.cycle_id == cycle.id)
    for deadline, code in session.execute(query.where(Deadline.due_day.is_not(None))).tuples():
        if deadline.step not in stages or deadline.due_day is None or deadline.known_at > until:
            continue
        since = max(deadline.known_at, carried.get(deadline.unit_id, deadline.known_at))
        owed = Owed(deadline.due_day, deadline.known_on, since, deadline.done_at)
        ladder = reminders.ladder(stages[deadline.step], deadline.step)
        holder = offices.get((deadline.holder_id, deadline.actor))
        for rung in climbed(owed, ladder, cycle.opened_on, until, morning) if holder else ():
            kind = Kind.REMINDER if rung > 0 else Kind.OVERDUE if rung < 0 else Kind.DUE_TODAY
            yield _rung(cycle, deadline, code, kind, rung, deadline.actor, holder or 0, until)
        above = [actor for actor in paths.get(Actor(deadline.actor), ()) if actor.level in tiers]
        told = escalated(owed, reminders.default, len(above), cycle.opened_on, until, morning)
        for level, rung in told if Actor(deadline.actor).level in tiers else ():
            place = deadline.district_id if above[level].level == "district" else cycle.province_id
            agency = offices.get((place or 0, above[level]))
            if agency:
                yield _rung(cycle, deadline, code, Kind.ESCALATION, rung, above[level], agency, until)


def _rung(
    cycle: Cycle, deadline: Deadline, code: str, kind: Kind, rung: int, actor: str, agency: int, until: datetime
) -> Expected:
    parts = (cycle.id, kind, deadline.step, deadline.occasion, code, deadline.due_day, rung, actor)
    return Expected(
        "/".join(str(part) for part in parts),
        kind,
        deadline.unit_id,
        agency,
        deadline.stage,
        deadline.step,
        deadline.occasion,
        deadline.due_day,
        rung,
        still_open=deadline.done_at is None or deadline.done_at > until,
    )


def _stages(session: Session, cycle: Cycle, law: CycleLaw, offices: Offices, until: datetime) -> Iterator[Expected]:
    carried = {unit: at.astimezone(until.tzinfo).date() for unit, at in carried_files(session, cycle).items()}
    for stage, opened in stages_of(session, cycle.id).items():
        spec = next((spec for spec in law.regulation.stages if spec.stage is stage), None)
        if spec is None or opened.opened_on > until.date():
            continue
        rows = session.execute(
            select(Deadline.holder_id, Deadline.actor, func.min(Deadline.due_day))
            .where(
                Deadline.cycle_id == cycle.id,
                Deadline.step.in_({spec.steps[0].id, spec.measured_by}),
                Deadline.known_on <= opened.opened_on,
            )
            .group_by(Deadline.holder_id, Deadline.actor)
        )
        for holder, actor, due in rows.tuples():
            key = f"{cycle.id}/stage_opened/{stage}/{holder}/{actor}"
            agency = offices.get((holder, actor))
            if agency and carried.get(holder, date.min) <= opened.opened_on:
                yield Expected(key, Kind.STAGE_OPENED, holder, agency, str(stage), due_day=due)


def _from_facts(session: Session, cycle: Cycle, law: CycleLaw, offices: Offices, until: datetime) -> Iterator[Expected]:
    query = select(DeadlineFact, Unit.code).join(Unit, Unit.id == DeadlineFact.unit_id)
    query = query.where(DeadlineFact.cycle_id == cycle.id, DeadlineFact.at <= until)
    first, carried = str(law.regulation.steps()[0][1].actor), carried_files(session, cycle)
    for fact, code in session.execute(query).tuples():
        if fact.unit_id in carried and fact.at <= carried[fact.unit_id]:
            continue  # it was told to the unit that did it
        unit, commune = fact.unit_id, offices.get((fact.unit_id, str(Actor.COMMUNE)), 0)
        holder = offices.get((unit, first), 0)
        match fact.kind, fact.step:
            case Fact.DONE, "submit-dossier" | "answer-supplement":
                occasion = "1" if fact.step == SUBMIT else fact.occasion
                key = f"{cycle.id}/dossier_received/{fact.step}/{occasion}/{unit}/{first}"
                yield Expected(key, Kind.DOSSIER_RECEIVED, unit, holder, step=fact.step)
            case Fact.STARTED, "answer-supplement":
                key = f"{cycle.id}/supplement_requested/{unit}/{fact.occasion}/commune"
                said = _notes(session, cycle, code, fact.occasion)
                kind, occasion = Kind.SUPPLEMENT_REQUESTED, fact.occasion
                yield Expected(key, kind, unit, commune, step=SUPPLEMENT, occasion=occasion, said=said)
            case Fact.DONE, "open-remedies" if commune:
                key = f"{cycle.id}/remedy_opened/{unit}/commune"
                yield Expected(key, Kind.REMEDY_OPENED, unit, commune, step="close-remedies")


def _notes(session: Session, cycle: Cycle, code: str, number: str) -> str | None:
    key = f"request-supplement/{code}/{number}"
    text = session.scalar(select(Line.text).where(Line.cycle_id == cycle.id, Line.key == key))
    return json.loads(text).get("notes") if text else None


def _results(session: Session, cycle: Cycle, law: CycleLaw, offices: Offices, until: datetime) -> Iterator[Expected]:
    """A first decision is told to the commune; one that supersedes another, to everybody who is told of corrections."""
    before = aliased(Decision)
    query = (
        select(Dossier, DecisionLine.recognised, Decision, before.number, DecisionPaper.reason)
        .join(DecisionLine, DecisionLine.dossier_id == Dossier.id)
        .join(Decision, Decision.id == DecisionLine.decision_id)
        .outerjoin(
            Replacement, and_(Replacement.decision_id == Decision.id, Replacement.dossier_id == DecisionLine.dossier_id)
        )
        .outerjoin(before, before.id == Replacement.replaced_id)
        .outerjoin(DecisionPaper, DecisionPaper.decision_id == Decision.id)
        .where(Decision.cycle_id == cycle.id, Decision.recorded_at <= until)
    )
    for dossier, recognised, decision, replaces, reason in session.execute(query).tuples():
        unit, number = dossier.unit_id, decision.number
        if replaces is None:
            said = canonical({"recognised": recognised, "number": number, "on": decision.signed_on})
            key, agency = f"{cycle.id}/result/{unit}/{number}/commune", offices.get((unit, str(Actor.COMMUNE)), 0)
            yield Expected(key, Kind.RESULT, unit, agency, step="decide", said=said)
            continue
        said = correction_said(recognised, number, decision.signed_on, replaces, reason)
        for one in told_of(law.regulation, cycle.province_id, dossier):
            key = f"{cycle.id}/{correction_key(unit, number)}/{one.actor}"
            agency = offices.get((one.unit_id, str(one.actor)), 0)
            yield Expected(key, Kind.CORRECTION, unit, agency, step="decide", said=said)


def _commendations(session: Session, cycle: Cycle, offices: Offices) -> Iterator[Expected]:
    query = select(Commendation.unit_id, Commendation.document).where(
        Commendation.cycle_id == cycle.id, Commendation.state == "awarded"
    )
    for unit, document in session.execute(query.distinct()).tuples():
        agency = offices.get((unit, str(Actor.COMMUNE)), 0)
        key = f"{cycle.id}/commendation/{unit}/{document}/commune"
        yield Expected(key, Kind.COMMENDATION, unit, agency, said=document)


@dataclass(frozen=True)
class Reconciled:
    """How many notices the facts ask for, how many of them there are, which are missing, which went out twice.

    `overtaken`: rungs that nobody climbed in time and that a later one has told since; they are not missing.
    """

    expected: int
    actual: int
    overtaken: int
    missing: list[Expected]
    doubled: list[tuple[str, str, int]]


def reconcile(session: Session, cycle: Cycle, wanted: Sequence[Expected]) -> Reconciled:
    """Hold what is expected against the outbox. Doubled: (key, recipient, how often the same letter was taken)."""
    there = dict(session.execute(select(Notice.key, Notice.id).where(Notice.cycle_id == cycle.id)).tuples().all())
    latest: dict[tuple[object, ...], int] = {}
    for one in wanted:
        if one.key in there and one.rung is not None:
            latest[one.deadline] = min(latest.get(one.deadline, one.rung), one.rung)
    absent = [one for one in wanted if one.key not in there]
    overtaken = [one for one in absent if one.rung is not None and latest.get(one.deadline, one.rung) < one.rung]
    passed = {one.key for one in overtaken}
    return Reconciled(
        len(wanted),
        len(wanted) - len(absent),
        len(overtaken),
        [one for one in absent if one.key not in passed],
        _doubled(session, cycle),
    )


def _doubled(session: Session, cycle: Cycle) -> list[tuple[str, str, int]]:
    """The same notice taken twice by one recipient; and one rung told to one office under two keys."""
    twice = session.execute(
        select(Notice.key, Attempt.recipient, func.count())
        .join(Attempt, Attempt.notice_id == Notice.id)
        .where(Notice.cycle_id == cycle.id, Attempt.ok)
        .group_by(Notice.key, Attempt.recipient)
        .having(func.count() > 1)
    )
    same = (Notice.agency_id, Notice.unit_id, Notice.kind, Notice.step, Notice.occasion, Notice.due_day, Notice.rung)
    two_keys = session.execute(
        select(func.min(Notice.key), func.max(Notice.key), func.count())
        .where(
            Notice.cycle_id == cycle.id,
            Notice.kind.in_([str(kind) for kind in LADDER_KINDS]),
            Notice.state != NoticeState.WITHDRAWN,
        )
        .group_by(*same)
        .having(func.count() > 1)
    )
    return [*((key, to or "", times) for key, to, times in twice.tuples()), *two_keys.tuples()]


def repair(session: Session, cycle: Cycle, missing: Sequence[Expected], at: datetime) -> int:
    """Queue what is missing and still true, of each deadline the last rung only; returns how many."""
    last: dict[tuple[object, ...], Expected] = {}
    for one in missing:
        if one.still_open and one.agency_id:
            slot = one.deadline if one.rung is not None else (one.key,)
            before = last.get(slot)
            if before is None or (one.rung or 0) < (before.rung or 0):
                last[slot] = one
    rows = [_row(cycle, one, at) for one in last.values()]
    for chunk in batched(list(range(len(rows)))):
        session.execute(insert_new(Notice), [rows[place] for place in chunk])
    return len(rows)


def _row(cycle: Cycle, one: Expected, at: datetime) -> dict[str, object]:
    names = ("key", "unit_id", "agency_id", "stage", "step", "occasion", "due_day", "rung", "said")
    row = {name: getattr(one, name) for name in names}
    queued = {"state": str(NoticeState.QUEUED), "queued_at": at, "not_before": at, "attempts": 0}
    return {**row, **queued, "kind": str(one.kind), "cycle_id": cycle.id}

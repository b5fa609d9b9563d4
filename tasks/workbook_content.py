"""What goes into the workbooks of a cycle: units, their own dates with reasons, last year's result, open remedies.

Read for many communes in a handful of statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.deadlines import rule_of
from models.law.plan import StepPlan
from models.law.regulation import Actor, Regulation, Step, whole
from models.law.spoken_rules import spoken_rule
from models.records.afterwards import Remedy
from models.records.cycles import Cycle, law_of
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier, Score, batched, latest_cards, rows_of_cards
from models.records.last_file import Said, last_said
from models.records.supplements import OpenRound, open_rounds
from models.records.units import Unit
from models.words import Words
from tasks.workbook_rows import ScoreRow, mark_words, rows_of


@dataclass(frozen=True)
class Due:
    """One date of the commune, with its reason."""

    title: str
    last_day: date | None
    last_working_day: date | None
    accepted_until: date | None
    why: Words


@dataclass(frozen=True)
class Before:
    """Last year's result: the words of the outcome, the total, and what each indicator got."""

    outcome: Words
    total: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class LeftOver:
    """A remedy of an earlier year that nobody has closed: the indicator, and what is to be done."""

    subject: str
    text: str


@dataclass(frozen=True)
class Book:
    """Everything that one commune's workbook says."""

    province: str
    province_name: str
    district_name: str
    code: str
    name: str
    year: int
    trial: bool
    regulation: Regulation
    fingerprint: str
    rows: Sequence[ScoreRow]
    dues: Sequence[Due] = ()
    before: Before | None = None
    remedies: Sequence[LeftOver] = ()
    asked: OpenRound | None = None
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    said: Said = field(default_factory=dict)


def books(session: Session, cycle: Cycle, fingerprint: str, codes: Sequence[str] | None = None) -> list[Book]:
    """The workbooks of the cycle, or of some of its communes, by code. A code that is not in it is absent."""
    law = law_of(session, cycle)
    regulation, rows = law.regulation, rows_of(law.regulation)
    found = _communes(session, cycle, codes)
    units = [unit.id for _, unit, _ in found]
    dues, before = _dues(session, cycle, units), _before(session, cycle, units)
    remedies, asked = _remedies(session, units, cycle), {}
    for chunk in batched(units):
        asked |= open_rounds(session, cycle.id, list(chunk))
    answers = _answers(session, [dossier for dossier, unit, _ in found if unit.id in asked])
    said = last_said(session, cycle.id, list(asked))
    province = session.get_one(Unit, cycle.province_id)
    return [
        Book(
            province.code,
            province.name,
            district or "",
            unit.code,
            unit.name,
            cycle.year,
            cycle.trial,
            regulation,
            fingerprint,
            rows,
            dues.get(unit.id, []),
            before.get(unit.id),
            remedies.get(unit.id, []),
            asked.get(unit.id),
            answers.get(dossier.id, {}),
            said.get(unit.id, {}),
        )
        for dossier, unit, district in found
    ]


def _communes(session: Session, cycle: Cycle, codes: Sequence[str] | None) -> list[tuple[Dossier, Unit, str | None]]:
    names = dict(session.execute(select(Unit.id, Unit.name).where(Unit.level == "district")).tuples().all())
    query = select(Dossier, Unit).join(Unit, Unit.id == Dossier.unit_id).where(Dossier.cycle_id == cycle.id)
    if codes is not None:
        query = query.where(Unit.code.in_(codes))
    rows = session.execute(query.order_by(Unit.code)).tuples()
    return [(dossier, unit, names.get(dossier.district_id or 0)) for dossier, unit in rows]


def _dues(session: Session, cycle: Cycle, units: Sequence[int]) -> dict[int, list[Due]]:
    """What the commune itself owes, in the order of the procedure."""
    law = law_of(session, cycle)
    steps = {step.id: step for _, step in law.regulation.steps() if step.actor is Actor.COMMUNE}
    order = list(steps)
    plans = law.plan.steps if law.plan else {}
    whys = {name: _why(step, plans.get(name)) for name, step in steps.items()}
    rows: dict[int, dict[str, list[Deadline]]] = {unit: {} for unit in units}
    for chunk in batched(list(units)):
        query = select(Deadline).where(
            Deadline.cycle_id == cycle.id, Deadline.unit_id.in_(chunk), Deadline.step.in_(order)
        )
        for row in session.scalars(query.order_by(Deadline.occasion)):
            rows[row.unit_id].setdefault(row.step, []).append(row)
    return {
        unit: [
            Due(steps[name].title, row.last_day, row.last_working_day, row.local_last_day, whys[name])
            if row
            else Due(steps[name].title, None, None, None, whys[name])
            for name in order
            if steps[name].applies_to == "all"
            for row in rows[unit].get(name, [None])
        ]
        for unit in units
    }


def _why(step: Step, plan: StepPlan | None) -> Words:
    """The rule in words, where it stands, how sure it is, and what the office accepts beyond it."""
    rule = rule_of(step, plan)
    said, mark = spoken_rule(rule), mark_words(rule.mark)
    cited = f"{rule.citation.article} {rule.citation.text}" if rule.citation and rule.citation.article else rule.source
    accepted = f". {plan.accepted_until.source}" if plan and plan.accepted_until else ""
    return Words(
        f"{_first(said.vi)} ({cited}; {mark.vi}){accepted}", f"{_first(said.en)} ({cited}; {mark.en}){accepted}"
    )


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _before(session: Session, cycle: Cycle, units: Sequence[int]) -> dict[int, Before]:
    """The result of the year before, in a cycle of the same kind; a commune that is another unit now has none."""
    last = session.scalars(
        select(Cycle).where(
            Cycle.province_id == cycle.province_id, Cycle.year == cycle.year - 1, Cycle.trial == cycle.trial
        )
    ).first()
    if last is None:
        return {}
    dossiers = {
        dossier.id: dossier
        for chunk in batched(list(units))
        for dossier in session.scalars(select(Dossier).where(Dossier.cycle_id == last.id, Dossier.unit_id.in_(chunk)))
    }
    cards = latest_cards(session, list(dossiers), "self") | latest_cards(session, list(dossiers), "appraised")
    rows = rows_of_cards(session, [card.id for card in cards.values()])
    return {
        dossiers[dossier_id].unit_id: Before(
            _outcome(dossiers[dossier_id]),
            "" if card.total is None else whole(card.total),
            {str(row["content"] or row["indicator"]): _said(row) for row in rows[card.id]},
        )
        for dossier_id, card in cards.items()
    }


def _outcome(dossier: Dossier) -> Words:
    return STATE_WORDS[State(dossier.state)]


def _said(row: Mapping[str, object]) -> str:
    """An answer of last year, short enough for its cell."""
    if row["not_arisen"]:
        return "k. phát sinh"
    if row["points"] is not None:
        return whole(row["points"])  # type: ignore[arg-type]  # a Decimal, as `score_rows` has it
    if row["met"] is not None:
        return "Đạt" if row["met"] else "Chưa đạt"
    return f"{row['part']}/{row['whole']}" if row["part"] is not None else str(row["count"] or "")


def _remedies(session: Session, units: Sequence[int], cycle: Cycle) -> dict[int, list[LeftOver]]:
    """Remedies of earlier years that nobody has closed."""
    found: dict[int, list[LeftOver]] = {}
    for chunk in batched(list(units)):
        rows = session.execute(
            select(Dossier.unit_id, Remedy)
            .join(Dossier, Dossier.id == Remedy.dossier_id)
            .join(Cycle, Cycle.id == Dossier.cycle_id)
            .where(Dossier.unit_id.in_(chunk), Cycle.year < cycle.year, Cycle.trial == cycle.trial)
            .where(Remedy.closed_on.is_(None))
            .order_by(Remedy.id)
        ).tuples()
        for unit_id, remedy in rows:
            text = f"{remedy.found}; yêu cầu {remedy.required} (giao ngày {remedy.opened_on:%d/%m/%Y})"
            found.setdefault(unit_id, []).append(LeftOver(remedy.subject, text))
    return found


def _answers(session: Session, dossiers: Sequence[Dossier]) -> dict[int, dict[str, Mapping[str, object]]]:
    """The answers as they were handed in last, by dossier and place: what a supplement begins from."""
    cards = latest_cards(session, [dossier.id for dossier in dossiers], "self")
    rows = rows_of_cards(session, [card.id for card in cards.values()])
    reasons = select(Score.scorecard_id, Score.indicator, Score.content, Score.reason).where(
        Score.scorecard_id.in_([card.id for card in cards.values()])
    )
    said = {(card, content or indicator): reason for card, indicator, content, reason in session.execute(reasons)}
    return {
        dossier_id: {
            place: {**row, "reason": said.get((card.id, place))}
            for row in rows[card.id]
            for place in [str(row["content"] or row["indicator"])]
        }
        for dossier_id, card in cards.items()
    }

"""What the forms are filled from: one cycle read once, with its communes, scorecards, sessions and decisions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.cycle_law import CycleLaw
from models.law.posting import Posted
from models.records.complaints import Complaint, complaints_of
from models.records.councils import Held, councils_held
from models.records.cycles import Cycle, law_of
from models.records.deadlines import Deadline, DeadlineFact
from models.records.decisions import Decided, DecisionPaper, Replacement, lines_of
from models.records.dossiers import Dossier, Score, Scorecard, batched, latest_cards, rows_of_cards
from models.records.handed_in import HandedIn, HandedInLine, newest_files
from models.records.postings import postings_of
from models.records.units import Unit

Rows = Mapping[str, Mapping[str, Any]]
"""The answers of a card by place: an indicator, or a content."""


@dataclass(frozen=True)
class CommuneFacts:
    """One commune's file, both scorecards with reasons, and the decision line that counts."""

    unit: Unit
    dossier: Dossier
    own: Scorecard | None
    appraised: Scorecard | None
    own_rows: Rows
    appraised_rows: Rows
    reasons: Mapping[str, str]
    decided: Decided | None


@dataclass(frozen=True)
class CycleFacts:
    """The whole cycle, detached from the database."""

    cycle: Cycle
    law: CycleLaw
    province: Unit
    districts: Mapping[int, Unit]
    communes: Sequence[CommuneFacts]
    lines: Sequence[Decided]
    papers: Mapping[int, DecisionPaper]
    reasons: Mapping[int, tuple[str, ...]]
    sessions: Sequence[Held]
    complaints: Sequence[Complaint]
    submitted: Mapping[int, tuple[date | None, date | None]]
    postings: Mapping[int, tuple[date | None, date | None]]
    posted: Mapping[int, Sequence[Posted]]
    handed_in: Mapping[int, HandedIn]
    lines_beside: Mapping[int, Mapping[str, Sequence[Mapping[str, Any]]]]
    proposals: Mapping[int, tuple[date | None, str]]

    def beside(self, one: CommuneFacts, part: str) -> Sequence[Mapping[str, Any]]:
        """What a commune's newest workbook says in one of its parts (opinions, models, meeting, officers)."""
        return self.lines_beside.get(one.unit.id, {}).get(part, ())

    def of_unit(self, unit: Unit) -> list[CommuneFacts]:
        """The communes of a district, or of the province."""
        if unit.id == self.province.id:
            return list(self.communes)
        return [one for one in self.communes if one.dossier.district_id == unit.id]


def read_facts(session: Session, cycle: Cycle) -> CycleFacts:
    """Read a cycle, set by set, whatever its number of communes."""
    rows = (
        session.execute(
            select(Unit, Dossier)
            .join(Dossier, Dossier.unit_id == Unit.id)
            .where(Dossier.cycle_id == cycle.id)
            .order_by(Unit.code)
        )
        .tuples()
        .all()
    )
    lines = lines_of(session, cycle.id)
    ids = sorted({dossier.district_id for _, dossier in rows if dossier.district_id})
    decision_ids = sorted({line.decision_id for line in lines})
    units = [unit.id for unit, _ in rows]
    files = newest_files(session, cycle.id, units)
    return CycleFacts(
        cycle,
        law_of(session, cycle),
        session.get_one(Unit, cycle.province_id),
        {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.code))},
        _communes(session, rows, {line.dossier_id: line for line in lines if line.counts}),
        lines,
        {
            paper.decision_id: paper
            for paper in session.scalars(select(DecisionPaper).where(DecisionPaper.decision_id.in_(decision_ids)))
        },
        _replacing(session, decision_ids, lines),
        councils_held(session, cycle.id),
        complaints_of(session, cycle.id),
        _days(session, cycle, "submit-dossier"),
        _postings(session, cycle),
        postings_of(session, cycle.id, units),
        files,
        _beside(session, files),
        _proposed_to_the_chair(session, cycle),
    )


def _communes(
    session: Session, rows: Sequence[tuple[Unit, Dossier]], decided: Mapping[int, Decided]
) -> list[CommuneFacts]:
    ids = [dossier.id for _, dossier in rows]
    own, appraised = latest_cards(session, ids, "self"), latest_cards(session, ids, "appraised")
    answers = rows_of_cards(session, [card.id for card in (*own.values(), *appraised.values())])
    reasons = _reasons(session, [card.id for card in appraised.values()])
    return [
        CommuneFacts(
            unit,
            dossier,
            own.get(dossier.id),
            appraised.get(dossier.id),
            _by_place(answers, own.get(dossier.id)),
            _by_place(answers, appraised.get(dossier.id)),
            reasons.get(appraised[dossier.id].id, {}) if dossier.id in appraised else {},
            decided.get(dossier.id),
        )
        for unit, dossier in rows
    ]


def _by_place(answers: Mapping[int, list[dict[str, Any]]], card: Scorecard | None) -> Rows:
    return {str(row["content"] or row["indicator"]): row for row in (answers[card.id] if card else [])}


def _reasons(session: Session, card_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for chunk in batched(card_ids):
        query = select(Score.scorecard_id, Score.indicator, Score.content, Score.reason)
        for card, indicator, content, reason in session.execute(
            query.where(Score.scorecard_id.in_(chunk), Score.reason.is_not(None))
        ).tuples():
            found.setdefault(card, {})[content or indicator] = reason or ""
    return found


def _replacing(session: Session, decision_ids: Sequence[int], lines: Sequence[Decided]) -> dict[int, tuple[str, ...]]:
    """The numbers of the decisions that a superseding one replaces in part or whole."""
    numbers = {line.decision_id: line.number for line in lines}
    found: dict[int, set[str]] = {}
    for row in session.scalars(select(Replacement).where(Replacement.decision_id.in_(decision_ids))):
        found.setdefault(row.decision_id, set()).add(numbers[row.replaced_id])
    return {decision: tuple(sorted(replaced)) for decision, replaced in found.items()}


def _beside(session: Session, files: Mapping[int, HandedIn]) -> dict[int, dict[str, list[Mapping[str, Any]]]]:
    units = {file.id: unit_id for unit_id, file in files.items()}
    found: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
    for chunk in batched(sorted(units)):
        query = select(HandedInLine).where(
            HandedInLine.handed_in_id.in_(chunk), HandedInLine.part.in_(("opinions", "models", "meeting", "officers"))
        )
        for line in session.scalars(query.order_by(HandedInLine.part, HandedInLine.number)):
            parts = found.setdefault(units[line.handed_in_id], {})
            parts.setdefault(line.part, []).append(json.loads(line.text))
    return found


def _proposed_to_the_chair(session: Session, cycle: Cycle) -> dict[int, tuple[date | None, str]]:
    """When the reviewers of a deciding unit handed the file to the one who decides, and by which document."""
    rows = session.execute(
        select(Deadline.unit_id, Deadline.done_on, Deadline.document).where(
            Deadline.cycle_id == cycle.id, Deadline.step == "submit-to-chair", Deadline.done_on.is_not(None)
        )
    )
    return {unit_id: (done, document or "") for unit_id, done, document in rows.tuples()}


def _days(session: Session, cycle: Cycle, step: str) -> dict[int, tuple[date | None, date | None]]:
    rows = session.execute(
        select(Deadline.unit_id, Deadline.last_day, Deadline.done_on).where(
            Deadline.cycle_id == cycle.id, Deadline.step == step
        )
    )
    return {unit_id: (last, done) for unit_id, last, done in rows.tuples()}


def _postings(session: Session, cycle: Cycle) -> dict[int, tuple[date | None, date | None]]:
    found: dict[int, dict[str, date]] = {}
    rows = session.execute(
        select(DeadlineFact.unit_id, DeadlineFact.kind, DeadlineFact.on_day).where(
            DeadlineFact.cycle_id == cycle.id, DeadlineFact.step == "post-drafts"
        )
    )
    for unit_id, kind, day in rows.tuples():
        found.setdefault(unit_id, {})[kind] = day
    return {unit_id: (days.get("started"), days.get("done")) for unit_id, days in found.items()}

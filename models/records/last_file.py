"""What the last file of a commune says beside its scores, part by part, and where an answer to a supplement differs.

Only what was returned may change. A row that is about a returned indicator (its evidence, opinions on it, its officer)
belongs to it; the number of the covering letter, its day and who filled the file in are the answer's own.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.law.leaders import LeaderFinding
from models.law.posting import Posted
from models.records.canonical import canonical
from models.records.dossiers import InHand, Score, batched, latest_cards
from models.records.findings import FindingRecord
from models.records.handed_in import HandedIn, HandedInLine, Paper
from models.records.postings import PostingRecord, posted_in
from models.records.prepared import prepared
from models.records.supplements import LEADERS, OUTCOME, SHEETS, OpenRound

POSTING = "posting"
OWN = {OUTCOME: frozenset({"document", "signed_on", "filled_by"})}
"""What every file says anew: no change of what was handed in."""

Said = Mapping[str, list[dict[str, Any]]]
"""Part -> its rows, with days as ISO text."""


def last_said(session: Session, cycle_id: int, unit_ids: Sequence[int]) -> Mapping[int, Said]:
    """What the last file of each commune said, by unit; a commune that handed no file in is absent."""
    files: dict[int, int] = {}
    for chunk in batched(list(unit_ids)):
        files |= {file: unit for unit, file in session.execute(*_last_files(cycle_id, chunk)).tuples()}
    found: dict[int, dict[str, list[dict[str, Any]]]] = {unit: {} for unit in files.values()}
    for chunk in batched(list(files)):
        for line in session.scalars(*_lines_in(chunk)):
            found[files[line.handed_in_id]].setdefault(line.part, []).append(json.loads(line.text))
        for row in session.scalars(*_postings_in(chunk)):
            found[_unit(files, row)].setdefault(POSTING, []).append(_plain(_posted(row)))
        for case in session.scalars(*_cases_in(chunk)):
            found[_unit(files, case)].setdefault(LEADERS, []).append(_plain(_case(case)))
    return found


@prepared
def _last_files(cycle_id: int, unit_ids: Sequence[int]):
    query = select(HandedIn.unit_id, func.max(HandedIn.id)).where(
        HandedIn.cycle_id == cycle_id, HandedIn.unit_id.in_(unit_ids)
    )
    return query.group_by(HandedIn.unit_id)


@prepared
def _lines_in(files: Sequence[int]):
    lines = select(HandedInLine).where(HandedInLine.handed_in_id.in_(files))
    return lines.order_by(HandedInLine.handed_in_id, HandedInLine.part, HandedInLine.number)


@prepared
def _postings_in(files: Sequence[int]):
    return select(PostingRecord).where(PostingRecord.handed_in_id.in_(files)).order_by(PostingRecord.id)


@prepared
def _cases_in(files: Sequence[int]):
    return select(FindingRecord).where(FindingRecord.handed_in_id.in_(files)).order_by(FindingRecord.id)


def _unit(files: Mapping[int, int], row: PostingRecord | FindingRecord) -> int:
    assert row.handed_in_id is not None
    return files[row.handed_in_id]


def said_in(paper: Paper) -> Said:
    """What a paper says, in the form of `last_said`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in paper.lines:
        found.setdefault(line.part, []).append(json.loads(line.text))
    if paper.postings:
        found[POSTING] = [_plain(_of_posted(one)) for one in paper.postings]
    if paper.findings:
        found[LEADERS] = [_plain(_of_finding(one)) for one in paper.findings]
    return found


def changed_parts(asked: OpenRound, before: Said, now: Said) -> list[str]:
    """The parts that were not returned and yet differ, in the order of the file."""
    return [
        part
        for part in SHEETS
        if not asked.opens_part(part) and _locked(asked, part, before) != _locked(asked, part, now)
    ]


def changed_grounds(session: Session, answers: Sequence[tuple[InHand, OpenRound, Paper]]) -> dict[int, list[str]]:
    """Indicators and contents, by dossier, whose grounds were changed though they were not returned."""
    cards = latest_cards(session, [dossier.id for dossier, _, _ in answers], "self")
    reasons: dict[int, dict[str, tuple[str, str]]] = {card.id: {} for card in cards.values()}
    for chunk in batched(list(reasons)):
        query = select(Score.scorecard_id, Score.indicator, Score.content, Score.reason)
        for card_id, indicator, content, reason in session.execute(query.where(Score.scorecard_id.in_(chunk))):
            reasons[card_id][content or indicator] = (indicator, reason or "")
    found: dict[int, list[str]] = {}
    for dossier, asked, paper in answers:
        kept = reasons[cards[dossier.id].id] if dossier.id in cards else {}
        places = [
            place
            for place, (indicator, reason) in sorted(kept.items())
            if not asked.opens(indicator, place) and paper.filing.reasons.get(place, "") != reason
        ]
        if places:
            found[dossier.id] = places
    return found


def _locked(asked: OpenRound, part: str, said: Said) -> list[dict[str, Any]]:
    own = OWN.get(part, frozenset())
    rows = [{key: value for key, value in row.items() if key not in own} for row in said.get(part, [])]
    return [row for row in rows if row and not asked.opens_place(str(row.get("place", "")))]


def _posted(row: PostingRecord) -> dict[str, object]:
    return _of_posted(posted_in(row))


def _of_posted(one: Posted) -> dict[str, object]:
    return {
        "channel": str(one.channel),
        "place_of": one.place,
        "began": one.began,
        "ended": one.ended,
        "times": one.times,
        "proof": one.proof,
    }


def _case(row: FindingRecord) -> dict[str, object]:
    return _of_case(row.person, row.role, row.act, row.on_day, row.document, row.measure, row.duty_related)


def _of_finding(one: LeaderFinding) -> dict[str, object]:
    return _of_case(one.person, one.role, one.act, one.on, one.document, one.measure, one.duty_related)


def _of_case(
    person: str, role: object, act: str, on: object, document: str, measure: object, duty: bool
) -> dict[str, object]:
    return {
        "any": "yes",
        "person": person,
        "role": str(role),
        "act": act,
        "on": on,
        "measure": str(measure),
        "duty": "yes" if duty else "no",
        "document": document,
    }


def _plain(row: Mapping[str, object]) -> dict[str, Any]:
    return json.loads(canonical({key: value for key, value in row.items() if value not in (None, "")}))

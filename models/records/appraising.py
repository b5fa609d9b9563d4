"""The acts with which an appraisal in notes ends: finished into one scorecard, or sent back at some indicators."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from models.cycle.lifecycle import Act, State
from models.law.answers import AnswerRow, Submission, from_rows
from models.law.regulation import Actor, Regulation
from models.records import appraising_refusals as refusals
from models.records.acting import Sitting, Traces
from models.records.appraisal_notes import ANSWER, AppraisalNote, ReturnedPlace, current_notes, reopen_notes
from models.records.canonical import digest_of
from models.records.dossiers import InHand, Scorecard, latest_cards, rows_of_cards
from models.records.filing import Filing
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.reviewing import LEADER, appraise


def finish_appraisals(sitting: Sitting, codes: Sequence[str], *, agree_with_the_rest: bool = False) -> int:
    """Make the notes of these dossiers their appraised scorecards; returns how many were new.

    Every indicator has to be noted; `agree_with_the_rest` takes the self-score where nobody noted anything.
    """
    dossiers = sitting.dossiers(codes)
    own = latest_cards(sitting.session, [dossier.id for dossier in dossiers.values()], "self")
    answers = rows_of_cards(sitting.session, [card.id for card in own.values()])
    filings = []
    for code in codes:
        dossier = dossiers[code]
        if State(dossier.state) is State.APPRAISED:
            continue
        card = own.get(dossier.id) if agree_with_the_rest else None
        filings.append(_finished(sitting, code, dossier, card, answers[card.id] if card else []))
    return appraise(sitting, filings) if filings else 0


def _finished(
    sitting: Sitting, code: str, dossier: InHand, card: Scorecard | None, own: Sequence[Mapping[str, object]]
) -> Filing:
    notes = {place: note for place, note in current_notes(sitting.session, dossier.id).items() if not note.returned}
    chosen = _by_indicator(notes)
    places, by_parts = {note.place for note in chosen}, {n.indicator for n in chosen if n.place != n.indicator}
    whole = {note.indicator for note in chosen} - by_parts
    kept = [row for row in own if row["indicator"] not in whole and _may_stand(row, places, by_parts)]
    chosen_rows = [AnswerRow(**_numbers(row)) for row in kept] + [_as_row(note) for note in chosen]
    answered = from_rows(chosen_rows)
    missing = _missing(sitting.law.regulation, chosen_rows)
    leader = notes[LEADER].met if LEADER in notes else (card.leader_disciplined if card else None)
    if leader is None:
        missing.append(LEADER)
    if missing:
        raise refusals.incomplete(code, missing)
    reasons = {note.place: note.reason for note in notes.values() if note.reason}
    return Filing(code, Submission(answered, leader), reasons=reasons)


def _may_stand(row: Mapping[str, object], places: set[str], by_parts: set[str]) -> bool:
    """Whether a row of the self-score stands beside the notes: of an indicator noted by its contents, only contents."""
    if row["indicator"] in by_parts:
        return bool(row["content"]) and row["content"] not in places
    return True


def _missing(regulation: Regulation, rows_: Sequence[AnswerRow]) -> list[str]:
    """Indicators without an answer, and the contents that want one where an indicator is answered by contents."""
    given = {row.content or row.indicator for row in rows_}
    by_parts = {row.indicator for row in rows_ if row.content}
    missing: list[str] = []
    for one in regulation.indicators():
        if one.id in by_parts:
            missing += [content.id for content in one.contents if content.id not in given]
        elif one.id not in given:
            missing.append(one.id)
    return missing


def _by_indicator(notes: Mapping[str, AppraisalNote]) -> list[AppraisalNote]:
    """An indicator is answered whole or by its contents: the way that was noted last is the one that is meant."""
    of: dict[str, list[AppraisalNote]] = {}
    for note in notes.values():
        if note.place != LEADER:
            of.setdefault(note.indicator, []).append(note)
    chosen: list[AppraisalNote] = []
    for indicator, group in sorted(of.items()):
        whole = [note for note in group if note.place == indicator]
        parts = [note for note in group if note.place != indicator]
        last_part = max((note.at for note in parts), default=None)
        chosen += whole if whole and (last_part is None or whole[0].at >= last_part) else parts
    return chosen


def _as_row(note: AppraisalNote) -> AnswerRow:
    content = "" if note.place == note.indicator else note.place
    given = {name: getattr(note, name) for name in ANSWER}
    return AnswerRow(indicator=note.indicator, content=content, **_numbers(given))


def _numbers(row: Mapping[str, object]) -> dict[str, Any]:
    """Parts and wholes are kept as text, so that a budget of any size stays exact."""
    return {
        **row,
        **{name: None if row[name] is None else Decimal(str(row[name])) for name in ("part", "whole")},
    }


def return_indicators(sitting: Sitting, code: str, indicators: Sequence[str], reason: str, received_on: date) -> bool:
    """Send some indicators back to the commune; only those open to it. False if that was done already."""
    dossier = sitting.dossiers([code])[code]
    places = sorted(set(indicators))
    known = [one.id for one in sitting.law.regulation.indicators()]
    unknown = [place for place in places if place not in (*known, LEADER)]
    if unknown or not places:
        raise refusals.unknown_places(unknown, known)
    if not reason.strip():
        raise refusals.no_reason(code)
    key = f"return/{code}/{dossier.round}/{digest_of(' '.join(places))[:12]}"
    if not sitting.fresh([key]):
        return False
    traces = Traces()
    to = traces.move(sitting, code, dossier, Act.RETURN)
    who = {"by": sitting.signed.by, "at": sitting.signed.at}
    sitting.session.execute(
        insert(ReturnedPlace),
        [
            {"dossier_id": dossier.id, "round": dossier.round, "indicator": one, "reason": reason, **who}
            for one in places
        ],
    )
    reopen_notes(sitting, dossier, places)
    traces.words.append(
        Word(
            Kind.SUPPLEMENT_REQUESTED,
            about_id=dossier.unit_id,
            to_unit_id=dossier.unit_id,
            to_actor=Actor.COMMUNE,
            key=f"indicators_returned/{dossier.unit_id}/{dossier.round}",
            said=f"chấm lại {', '.join(places)}: {reason}",
        )
    )
    change = {"from": dossier.state, "to": to, "indicators": places, "reason": reason, "received_on": received_on}
    sitting.finish("return-indicators", key, [Touched(dossier.unit_id, key, change)], traces)
    return True

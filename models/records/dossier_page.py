"""One dossier as a whole: where it stands, both scores, each day with its reason, notices with proof, the journal."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.cycle.lifecycle import STATE_WORDS, State, holder_of
from models.errors import Refusal
from models.law.regulation import ACTOR_WORDS, STAGE_WORDS, Regulation, Stage
from models.records.absent import ask_the_heirs, heirs_of
from models.records.afterwards import Remedy
from models.records.bearers import bearers
from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadline_reasons import awaited, explained
from models.records.deadlines import load_calendar
from models.records.dossier_handed_in import handed_in_by
from models.records.dossier_journal import WHOLE, Part, count_lines, journal_of, last_move
from models.records.dossier_papers import papers_of
from models.records.dossier_review import earlier_of, review_of
from models.records.dossier_scores import card_document, cards_of, latest, side_by_side
from models.records.dossiers import Dossier
from models.records.notice_pages import MOST_NOTICES, count_notices, with_proof
from models.records.notice_pages import Asked as NoticesAsked
from models.records.prepared import prepared
from models.records.unit_search import near_units
from models.records.units import Unit
from models.records.until_acts import until_an_act
from models.words import Words

NEXT_STEPS = {
    State.SELF_ASSESSMENT: ("submit-dossier",),
    State.SUBMITTED: ("check-completeness",),
    State.SUPPLEMENT_REQUESTED: ("answer-supplement",),
    State.COMPLETE: ("hold-council", "appraise"),
    State.RETURNED: ("hold-council", "appraise"),
    State.APPRAISED: ("decide",),
    State.DECLARED_NOT_MET: ("decide",),
    State.RECOGNISED: ("consolidate", "publish-decision"),
    State.NOT_RECOGNISED: ("close-remedies", "consolidate"),
    State.MERGED: (),
}
"""The step that a dossier in a state is at; the first that the regulation has."""


class Found(NamedTuple):
    """A dossier with what it belongs to; `district` is null where there are none."""

    dossier: Dossier
    unit: Unit
    cycle: Cycle
    province: Unit
    district: Unit | None


def find_dossier(
    session: Session, code: str, year: int, *, province: str | None = None, trial: bool | None = None
) -> Found:
    """The dossier of the commune that bore this code in that year. Raises Refusal `no_dossier`.

    Where a trial and an official cycle both have one, the official is meant unless `trial` says so.
    """
    row = session.execute(*_found(code, year, province, trial)).first()
    if row is None:
        raise _no_dossier(session, code, year)
    return Found(*row)


@prepared
def _found(code: str, year: int, province: str | None, trial: bool | None):
    of_province, district = aliased(Unit), aliased(Unit)
    query = (
        select(Dossier, Unit, Cycle, of_province, district)
        .join(Unit, Unit.id == Dossier.unit_id)
        .join(Cycle, Cycle.id == Dossier.cycle_id)
        .join(of_province, of_province.id == Cycle.province_id)
        .outerjoin(district, district.id == Dossier.district_id)
        .where(Unit.code == code, Cycle.year == year)
        .order_by(Cycle.trial, of_province.code)
    )
    if province is not None:
        query = query.where(of_province.code == province)
    if trial is not None:
        query = query.where(Cycle.trial == trial)
    return query.limit(1)


def stage_of(regulation: Regulation, state: State) -> Stage:
    """The stage that a dossier in this state is at."""
    stages = {step.id: stage for stage, step in regulation.steps()}
    return next(stages[step] for step in (*NEXT_STEPS[state], "submit-dossier") if step in stages)


def dossier_page(
    session: Session, found: Found, at: datetime, journal: Part = WHOLE, notices: Part = WHOLE
) -> dict[str, Any]:
    """Everything about the dossier as of a moment given in the office's own zone: plain values and `Words`.

    `journal`, `notices`: which part of these, which grow without end; how many there are stands beside them.
    """
    dossier, unit, cycle, _, _ = found
    given = (dossier.id, at, str(at.tzinfo))
    bore, recorded = until_an_act(session, cycle, ("dossier", *given), lambda: _recorded(session, found, at))
    written: dict[str, Any] = until_an_act(
        session, cycle, ("dossier's journal", *given, journal), lambda: _journal(session, cycle, bore, at, journal)
    )
    own_notices = NoticesAsked(cycle.id, units=bore)
    beside = {
        "earlier_results": earlier_of(session, unit.id),
        "notices": with_proof(session, own_notices, at, most=notices.most or MOST_NOTICES, skip=notices.skip),
        "notices_total": count_notices(session, own_notices, at),
    }
    return recorded | written | in_zone(beside, at.tzinfo)


def _journal(session: Session, cycle: Cycle, bore: Sequence[int], at: datetime, part: Part) -> dict[str, Any]:
    """The lines of the units that bore it, and how many there are."""
    lines, total = journal_of(session, cycle.id, bore, at, part), count_lines(session, cycle.id, bore, at)
    return in_zone({"journal": lines, "journal_total": total}, at.tzinfo)


def _recorded(session: Session, found: Found, at: datetime) -> tuple[Sequence[int], dict[str, Any]]:
    """What follows from the acts of its cycle, with the units that bore it."""
    dossier, unit, cycle, province, district = found
    law, on = law_of(session, cycle), at.date()
    calendar = load_calendar(session, calendar_version_of(session, cycle))
    cards = cards_of(session, dossier.id, at)
    newest = latest(cards)
    around = [one.id for one in (unit, district, province) if one is not None]
    days = explained(session, cycle, law, calendar, around, on)
    own = [row for row in days if row["unit"] == unit.code]
    above = [row for row in days if row["unit"] != unit.code]
    bore = bearers(session, cycle.id, unit.id)
    corrections = journal_of(session, cycle.id, bore, at, act="correct")
    documents = {card.id: card_document(session, law.regulation, card) for card in cards}
    document = {
        "dossier": _identity(found, law.regulation, last_move(session, cycle.id, bore, at)),
        "scorecards": {side: documents[card.id] if card else None for side, card in newest.items()},
        "answers": side_by_side(session, law.regulation, newest),
        "rounds": [_round(one) for one in documents.values() if one],
        **review_of(session, cycle, dossier, bore, corrections, at),
        "deadlines": own,
        "deadlines_above": above,
        "awaited": awaited(cycle, law, calendar, {row["step"] for row in days}),
        "remedies": _remedies(session, dossier.id, at),
        "handed_in": handed_in_by(session, cycle, bore, at),
        **papers_of(session, cycle, unit, at),
    }
    return bore, in_zone(document, at.tzinfo)


def in_zone(thing: Any, zone: tzinfo | None) -> Any:
    """The same document with its moments in the office's zone."""
    match thing:
        case datetime():
            return thing.astimezone(zone)
        case Words():
            return thing
        case dict():
            return {key: in_zone(part, zone) for key, part in thing.items()}
        case list():
            return [in_zone(part, zone) for part in thing]
        case _:
            return thing


def _identity(found: Found, regulation: Regulation, move: tuple[dict[str, Any], State] | None) -> dict[str, Any]:
    """Where it stands: by the last journal line of the time asked about, which is the present one for today."""
    dossier, unit, cycle, province, district = found
    moved, state = move or (None, State.SELF_ASSESSMENT)
    holder, stage = holder_of(regulation, state), stage_of(regulation, state)
    return {
        "code": unit.code,
        "name": unit.name,
        "district": district.code if district else None,
        "district_name": district.name if district else None,
        "province": province.code,
        "province_name": province.name,
        "year": cycle.year,
        "trial": cycle.trial,
        "regulation": cycle.regulation_id,
        "regulation_title": regulation.title,
        "law_version": cycle.law_version,
        "stage": str(stage),
        "stage_words": STAGE_WORDS[stage],
        "state": str(state),
        "state_words": STATE_WORDS[state],
        "holder": str(holder),
        "holder_words": ACTOR_WORDS[holder],
        "since": moved["on"] if moved else cycle.opened_on,
        "round": dossier.round,
    }


def _round(card: dict[str, Any]) -> dict[str, Any]:
    return {name: card[name] for name in ("side", "round", "made_at", "by", "total", "meets_standard")}


def _remedies(session: Session, dossier_id: int, at: datetime) -> list[dict[str, Any]]:
    rows = session.scalars(*_remedies_by(dossier_id, at.date()))
    names = ("rule", "subject", "found", "required", "opened_on")
    return [
        {name: getattr(row, name) for name in names}
        | ({"closed_on": row.closed_on, "proof": row.proof} if row.closed_on and row.closed_on <= at.date() else {})
        for row in rows
    ]


@prepared
def _remedies_by(dossier_id: int, on: date):
    return select(Remedy).where(Remedy.dossier_id == dossier_id, Remedy.opened_on <= on).order_by(Remedy.id)


def _no_dossier(session: Session, code: str, year: int) -> Refusal:
    years = session.scalars(select(Cycle.year).distinct().order_by(Cycle.year)).all()
    listed = ", ".join(map(str, years))
    near = near_units(session, code[:60], _last_day(year), "commune") if code else []
    named = "; ".join(f"{one.code} {one.name}" for one in near)
    found = heirs_of(session, [code[:60]], year)
    return Refusal(
        "no_dossier",
        Words(
            f"Không có hồ sơ của đơn vị mã “{code[:60]}” trong năm đánh giá {year}.",
            f"There is no dossier of unit “{code[:60]}” in evaluation year {year}.",
        ),
        Words(
            f"Các năm đã mở kỳ: {listed}." if years else "Chưa mở kỳ đánh giá nào.",
            f"Cycles were opened for: {listed}." if years else "No cycle was opened yet.",
        ),
        ask_the_heirs(found)
        if found
        else Words(f"Có phải: {named}?", f"Did you mean: {named}?")
        if near
        else Words("Xem danh mục bằng `tcpl units show`.", "See the list with `tcpl units show`."),
        near=[one._asdict() for one in near],
        successors=[one._asdict() for one in found],
        years=list(years),
    )


def _last_day(year: int) -> date:
    return date(min(max(year, 1990), 2200), 12, 31)

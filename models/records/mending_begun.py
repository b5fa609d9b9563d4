"""Remedies begun: every shortfall of a commune that was not recognised, and what the plan asks for beside them."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from models.cycle.lifecycle import State
from models.cycle.remediation import LOST_POINTS, lost_points, points_words, suggested
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.deadlines import Fact, Happening
from models.records.dossiers import Dossier, Score, Scorecard, batched, latest_cards
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.remedies import CLOSE, OPEN, Remedy
from models.records.units import Unit
from models.records.upserts import insert_new


def open_remedies(sitting: Sitting) -> int:
    """Make every shortfall of every commune that was not recognised a remedy; returns how many communes were new.

    Where the plan says so (`lost_points_too`), each indicator of theirs that lost points becomes one as well.
    """
    rows = sitting.session.execute(
        select(Unit.code, Dossier)
        .join(Unit, Unit.id == Dossier.unit_id)
        .where(Dossier.cycle_id == sitting.cycle.id, Dossier.state == State.NOT_RECOGNISED)
        .order_by(Unit.code)
    )
    keys = {f"{OPEN}/{code}": dossier for code, dossier in rows}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    ids = [dossier.id for dossier in keys.values()]
    cards = latest_cards(sitting.session, ids, "self") | latest_cards(sitting.session, ids, "appraised")
    lost = _lost(sitting, [card.id for card in cards.values()])
    traces, lines, remedies = Traces(), [], []
    for key in new:
        dossier, signed, card = keys[key], sitting.signed, cards.get(keys[key].id)
        wanting = [*_shortfalls(card), *(lost.get(card.id, []) if card else [])]
        remedies += [_row(sitting, dossier, one) for one in wanting]
        lines.append(Touched(dossier.unit_id, key, {"remedies": len(wanting)}))
        traces.happenings.append(Happening(dossier.unit_id, OPEN, Fact.DONE, signed.day, signed.at))
        traces.words.append(remedy_word(dossier.unit_id, f"remedy_opened/{dossier.unit_id}"))
    if remedies:
        sitting.session.execute(insert_new(Remedy), remedies)
    sitting.finish(OPEN, act_key(OPEN, new), lines, traces)
    return len(new)


def _row(sitting: Sitting, dossier: Dossier, wanting: Mapping[str, str]) -> dict[str, object]:
    return {
        "dossier_id": dossier.id,
        "opened_on": sitting.signed.day,
        "unit_id": dossier.unit_id,
        "cycle_id": sitting.cycle.id,
        "occasion": "",
        "owner": str(Actor.COMMUNE),
        "task": suggested(sitting.law.regulation, wanting["rule"], wanting["subject"])[:1000],
        "suggested": True,
        "edits": 0,
        "reopened": 0,
        **wanting,
    }


def _shortfalls(card: Scorecard | None) -> list[dict[str, str]]:
    """What the verdict found wanting. A commune that declared itself not met on a good score owes its own account."""
    found = json.loads(card.verdict)["shortfalls"] if card else []
    kept = [{name: str(item[name])[:300] for name in ("rule", "subject", "found", "required")} for item in found]
    return kept or [{"rule": "declared", "subject": "dossier", "found": "tự nhận chưa đạt", "required": "giải trình"}]


def _lost(sitting: Sitting, card_ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """By card: the indicators that lost points, where the plan asks for them."""
    if sitting.law.plan is None or not sitting.law.plan.remediation.lost_points_too:
        return {}
    points: dict[int, dict[str, Decimal]] = {}
    for chunk in batched(list(card_ids)):
        rows = sitting.session.execute(
            select(Score.scorecard_id, Score.indicator, Score.points).where(
                Score.scorecard_id.in_(chunk), Score.points.is_not(None)
            )
        ).tuples()
        for card_id, indicator, given in rows:
            if given is not None:
                of_card = points.setdefault(card_id, {})
                of_card[indicator] = of_card.get(indicator, Decimal(0)) + given
    return {
        card_id: [
            {"rule": LOST_POINTS, "subject": one.indicator, "found": found, "required": required}
            for one in lost_points(sitting.law.regulation, of_card)
            for found, required in [points_words(one)]
        ]
        for card_id, of_card in points.items()
    }


def remedy_word(unit_id: int, key: str) -> Word:
    """The notice to the commune that owes it."""
    return Word(Kind.REMEDY_OPENED, about_id=unit_id, to_unit_id=unit_id, to_actor=Actor.COMMUNE, key=key, step=CLOSE)

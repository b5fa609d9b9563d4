"""What the rule says of each commune of a deciding unit, with its reasons, for the person who signs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cycle.lifecycle import State
from models.records.cycles import Cycle
from models.records.dossiers import Dossier, InHand, Judged, Scorecard, latest_cards
from models.records.units import Unit


@dataclass(frozen=True)
class Proposed:
    """What the rule says of one commune, for the person who signs; `verdict` null: undetermined, or not appraised."""

    code: str
    name: str
    state: State
    verdict: bool | None
    total: Decimal | None
    shortfalls: tuple[dict[str, Any], ...]
    undetermined: tuple[dict[str, Any], ...]
    marks: tuple[str, ...]
    declared: bool
    """The commune said itself that it does not meet the standard, and nobody appraised it: that is the reason."""


def proposals(session: Session, cycle: Cycle, unit_id: int) -> list[Proposed]:
    """The rule's verdict on every commune of a deciding unit, with its reasons, in the order of codes."""
    query = select(Unit, Dossier).join(Dossier, Dossier.unit_id == Unit.id)
    query = query.where(Dossier.cycle_id == cycle.id, Dossier.state != State.MERGED)
    if unit_id != cycle.province_id:
        query = query.where(Dossier.district_id == unit_id)
    rows = session.execute(query.order_by(Unit.code)).tuples().all()
    ids = [dossier.id for _, dossier in rows]
    cards, own = latest_cards(session, ids, "appraised"), latest_cards(session, ids, "self")
    return [_proposed(unit, dossier, cards.get(dossier.id), own.get(dossier.id)) for unit, dossier in rows]


def _proposed(unit: Unit, dossier: Dossier, card: Scorecard | None, own: Scorecard | None) -> Proposed:
    shown = card or (own if State(dossier.state) is State.DECLARED_NOT_MET else None)
    said: Mapping[str, Any] = json.loads(shown.verdict) if shown else {}
    return Proposed(
        unit.code,
        unit.name,
        State(dossier.state),
        verdict_on(dossier, card),
        shown.total if shown else None,
        tuple(said.get("shortfalls", ())),
        tuple(said.get("undetermined", ())),
        tuple(said.get("marks", ())),
        declared=(card is None or card.round != dossier.round) and verdict_on(dossier, card) is False,
    )


def verdict_on(dossier: Dossier | InHand, card: Scorecard | Judged | None) -> bool | None:
    """The rule's verdict: that of the appraised card; a commune that declared itself not met has none and is not met.

    An appraisal that was reopened, or that no longer is the last word on the file, gives no verdict.
    """
    if card is not None and card.round == dossier.round:
        return card.meets
    state = State(dossier.state)
    return False if state is State.DECLARED_NOT_MET or (card is None and state is State.NOT_RECOGNISED) else None

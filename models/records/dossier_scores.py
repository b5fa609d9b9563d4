"""The two scores of a dossier side by side: each answer with the reason for a difference, each verdict with its own."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.answers import AnswerRow, from_rows
from models.law.regulation import Content, Indicator, Regulation, whole
from models.law.scoring import judge
from models.records.canonical import canonical
from models.records.dossiers import Score, Scorecard
from models.records.prepared import prepared
from models.words import Words

SIDES = ("self", "appraised")
Cards = Mapping[str, Scorecard | None]


def cards_of(session: Session, dossier_id: int, at: datetime) -> list[Scorecard]:
    """Every scorecard of the dossier that was made by the moment, oldest round first."""
    return list(session.scalars(*_cards(dossier_id, at)))


@prepared
def _cards(dossier_id: int, at: datetime):
    return (
        select(Scorecard)
        .where(Scorecard.dossier_id == dossier_id, Scorecard.made_at <= at)
        .order_by(Scorecard.round, Scorecard.made_at)
    )


def latest(cards: Sequence[Scorecard]) -> dict[str, Scorecard | None]:
    """The last card of each side."""
    return {side: next((card for card in reversed(cards) if card.side == side), None) for side in SIDES}


def card_document(session: Session, regulation: Regulation, card: Scorecard | None) -> dict[str, Any] | None:
    """Total, verdict with its reasons, who and when; null: there is no such card."""
    if card is None:
        return None
    verdict = _verdict(session, regulation, card)
    return {
        "side": card.side,
        "round": card.round,
        "made_at": card.made_at,
        "by": card.by,
        "law_version": card.law_version,
        "leader_disciplined": card.leader_disciplined,
        "total": None if card.total is None else whole(card.total),
        "meets_standard": card.meets,
        **{name: verdict[name] for name in ("maximum", "criteria", "undetermined", "shortfalls", "marks")},
    }


def _verdict(session: Session, regulation: Regulation, card: Scorecard) -> dict[str, Any]:
    """The verdict that was kept, in both languages: it was kept in Vietnamese, and judging it again gives English.

    Where a later law would judge otherwise, the kept words stand alone: a verdict does not change after the fact.
    """
    kept = json.loads(card.verdict)
    scores = session.scalars(*_scores_on(card.id))
    again = judge(regulation, from_rows(map(_answer_row, scores)), card.leader_disciplined)
    if canonical(again.document("vi")) != canonical(kept):
        return kept
    english = again.document("en")
    for part, words in (("undetermined", ("why",)), ("shortfalls", ("found", "required"))):
        for vi, en in zip(kept[part], english[part], strict=True):
            vi.update({word: Words(vi[word], en[word]) for word in words})
    return kept


def _answer_row(score: Score) -> AnswerRow:
    part, whole_of = (None if text is None else Decimal(text) for text in (score.part, score.whole))
    return AnswerRow(
        score.indicator, score.content, score.points, score.met, part, whole_of, score.count, score.not_arisen
    )


def side_by_side(session: Session, regulation: Regulation, cards: Cards) -> list[dict[str, Any]]:
    """One row per indicator, and one per content that was answered by itself, in the order of the text."""
    scores = {side: _scores(session, card) for side, card in cards.items()}
    rows = []
    for criterion in regulation.criteria:
        for indicator in criterion.indicators:
            answered = [c for c in indicator.contents if any(c.id in given for given in scores.values())]
            for item in (indicator, *answered):
                rows.append({"criterion": criterion.id, **_row(indicator, item, scores)})
    return rows


def _scores(session: Session, card: Scorecard | None) -> dict[str, Score]:
    if card is None:
        return {}
    return {score.content or score.indicator: score for score in session.scalars(*_scores_on(card.id))}


@prepared
def _scores_on(card_id: int):
    return select(Score).where(Score.scorecard_id == card_id)


def _row(indicator: Indicator, item: Indicator | Content, scores: Mapping[str, Mapping[str, Score]]) -> dict[str, Any]:
    own, appraised = scores["self"].get(item.id), scores["appraised"].get(item.id)
    maximum = indicator.maximum if item is indicator else None
    answers = {"self": answer_of(own), "appraised": answer_of(appraised)}
    return {
        "id": item.id,
        "title": item.title,
        "maximum": whole(maximum.points) if maximum and maximum.points is not None else None,
        "mark": str(maximum.mark if maximum else item.wording.mark),
        **answers,
        "differs": appraised is not None and answers["self"] != answers["appraised"],
        "reason": appraised.reason if appraised else None,
    }


def answer_of(score: Score | None) -> dict[str, Any] | None:
    """The answer in the form in which it is given to `tcpl score`; null: there is none."""
    if score is None:
        return None
    if score.not_arisen:
        return {"not_arisen": True}
    if score.points is not None:
        return {"points": whole(score.points)}
    if score.met is not None:
        return {"met": score.met}
    if score.part is not None:
        return {"ratio": [score.part, score.whole]}
    return {"count": score.count}

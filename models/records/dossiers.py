"""Dossiers, one per commune and cycle, and their scorecards: self and appraised side by side, by round."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.answers import Submission, rows
from models.records.base import ExactPoints, Moment, Table, forget
from models.records.prepared import prepared
from models.records.units import Unit

Some = TypeVar("Some")
BATCH = 500
SMALLEST = Decimal("0.0001")
"""Points have at most four decimal places."""


class Dossier(Table):
    """Where one commune's file stands: its state under `models.cycle.lifecycle`, and the level that holds it."""

    __tablename__ = "dossiers"
    __table_args__ = (
        UniqueConstraint("cycle_id", "unit_id"),
        Index(None, "cycle_id", "district_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(30))
    since: Mapped[date]
    round: Mapped[int] = mapped_column(default=1)


class Scorecard(Table):
    """One judged set of answers: `side` is "self" or "appraised"; a later round supersedes, none is erased.

    `meets` null: undetermined. `verdict` is the verdict as JSON, with its shortfalls and what is undetermined.
    """

    __tablename__ = "scorecards"
    __table_args__ = (UniqueConstraint("dossier_id", "side", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    side: Mapped[str] = mapped_column(String(10))
    round: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    law_version: Mapped[int]
    leader_disciplined: Mapped[bool | None]
    total: Mapped[Decimal | None] = mapped_column(ExactPoints)
    meets: Mapped[bool | None]
    verdict: Mapped[str] = mapped_column(Text)


class Score(Table):
    """One answer of a scorecard: to an indicator (`content` empty) or to one of its contents."""

    __tablename__ = "scores"

    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecards.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(12), primary_key=True)
    content: Mapped[str] = mapped_column(String(12), primary_key=True, default="")
    points: Mapped[Decimal | None] = mapped_column(ExactPoints)
    met: Mapped[bool | None]
    part: Mapped[str | None] = mapped_column(String(40))
    whole: Mapped[str | None] = mapped_column(String(40))
    count: Mapped[int | None]
    not_arisen: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(1000))


def score_rows(submission: Submission) -> list[dict[str, object]]:
    """The answers of a submission as rows of `scores`, without the card they belong to."""
    return [
        {
            "indicator": row.indicator,
            "content": row.content,
            "points": None if row.points is None else row.points.quantize(SMALLEST),
            "met": row.met,
            "part": None if row.part is None else str(row.part),
            "whole": None if row.whole is None else str(row.whole),
            "count": row.count,
            "not_arisen": row.not_arisen,
        }
        for row in rows(submission.answers)
    ]


def rows_of_cards(session: Session, card_ids: Sequence[int]) -> dict[int, list[dict[str, object]]]:
    """The answers on these scorecards, by card id, in the form of `score_rows`."""
    found: dict[int, list[dict[str, object]]] = {card_id: [] for card_id in card_ids}
    columns = [column for column in Score.__table__.columns if column.name not in ("scorecard_id", "reason")]
    for chunk in batched(card_ids):
        query = select(Score.scorecard_id, *columns).where(Score.scorecard_id.in_(chunk))
        for card_id, *values in session.execute(query):
            found[card_id].append(dict(zip((column.name for column in columns), values, strict=True)))
    return found


def batched(ids: Sequence[Some]) -> Iterable[Sequence[Some]]:
    """Lists that are short enough to be parameters of one statement on either engine."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def dossiers_by_code(session: Session, cycle_id: int, codes: Sequence[str]) -> dict[str, Dossier]:
    """The dossiers of these communes in the cycle, by the commune's code; a code without one is absent."""
    found: dict[str, Dossier] = {}
    for some in batched(codes):
        found |= dict(session.execute(*_of_codes(cycle_id, some)).tuples().all())
    return found


@prepared
def _of_codes(cycle_id: int, codes: Sequence[str]):
    # asked of the units first: SQLite would look up the name of every dossier of the cycle
    units = select(Unit.id).where(Unit.code.in_(codes))
    query = select(Unit.code, Dossier).join(Unit, Unit.id == Dossier.unit_id)
    query = query.where(Dossier.cycle_id == cycle_id, Dossier.unit_id.in_(units))
    return query.execution_options(populate_existing=True)


def latest_cards(session: Session, dossier_ids: Sequence[int], side: str) -> dict[int, Scorecard]:
    """The last scorecard of that side of each dossier, by dossier id."""
    found: dict[int, Scorecard] = {}
    for chunk in batched(dossier_ids):
        found |= {card.dossier_id: card for card in session.scalars(*_cards(chunk, side))}
    return found


@prepared
def _cards(dossier_ids: Sequence[int], side: str):
    cards = select(Scorecard).where(Scorecard.dossier_id.in_(dossier_ids), Scorecard.side == side)
    return cards.order_by(Scorecard.round)


def send_on(session: Session, moves: Sequence[Mapping[str, object]]) -> None:
    """Write where dossiers went, in one statement; a move is {"dossier", "state", "holder", "since", "round"}."""
    if moves:
        session.connection().execute(
            update(Dossier)
            .where(Dossier.id == bindparam("dossier"))
            .values(
                state=bindparam("to_state"),
                holder=bindparam("to_holder"),
                since=bindparam("from_day"),
                round=bindparam("to_round"),
            ),
            [
                {
                    "dossier": move["dossier"],
                    "to_state": move["state"],
                    "to_holder": move["holder"],
                    "from_day": move["since"],
                    "to_round": move["round"],
                }
                for move in moves
            ],
        )
        forget(session, Dossier)

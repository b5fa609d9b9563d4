"""Dossiers, one per commune and cycle, and their scorecards: self and appraised side by side, by round."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.answers import RatioGiven, SimpleAnswer, Submission, one_by_one, row_of
from models.records.base import ExactPoints, Moment, Table, forget
from models.records.bulk import change_rows
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


class InHand(NamedTuple):
    """A dossier as it stood when an act took it in hand. What the act makes of it is asked for again."""

    id: int
    cycle_id: int
    unit_id: int
    district_id: int | None
    state: str
    holder: str
    since: date
    round: int


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


class KeptAnswer(NamedTuple):
    """One answer as a row of `scores`, without the card it belongs to and the words beside it."""

    indicator: str
    content: str
    points: Decimal | None
    met: bool | None
    part: str | None
    whole: str | None
    count: int | None  # pyright: ignore[reportIncompatibleMethodOverride]
    not_arisen: bool

    @property
    def place(self) -> str:
        """The content that was answered, else the indicator."""
        return self.content or self.indicator


def kept_answers(submission: Submission) -> list[KeptAnswer]:
    """The answers of a submission as they are kept."""
    return [
        _kept(*each) if type(each[2]) is RatioGiven else _kept_once(*each) for each in one_by_one(submission.answers)
    ]


def _kept(indicator: str, content: str, answer: SimpleAnswer) -> KeptAnswer:
    """A ratio is not remembered: 1 and 1.0 are equal, and are kept as they were written."""
    row = row_of(indicator, content, answer)
    points = None if row.points is None else row.points.quantize(SMALLEST)
    part, whole = (None if number is None else str(number) for number in (row.part, row.whole))
    return KeptAnswer(indicator, content, points, row.met, part, whole, row.count, row.not_arisen)


_kept_once = lru_cache(maxsize=4096)(_kept)
"""Communes answer alike: each answer is made once, and held once however many dossiers are in hand."""


def score_rows(submission: Submission) -> list[dict[str, object]]:
    """The same by the names of the columns."""
    return [row._asdict() for row in kept_answers(submission)]


def answers_on(session: Session, card_ids: Sequence[int]) -> dict[int, list[KeptAnswer]]:
    """The answers on these scorecards, by card id."""
    found: dict[int, list[KeptAnswer]] = {card_id: [] for card_id in card_ids}
    for chunk in batched(card_ids):
        for row in session.execute(*_answers_on(chunk)):
            found[row[0]].append(KeptAnswer._make(row[1:]))
    return found


@prepared
def _answers_on(card_ids: Sequence[int]):
    columns = [getattr(Score, name) for name in KeptAnswer._fields]
    return select(Score.scorecard_id, *columns).where(Score.scorecard_id.in_(card_ids))


def rows_of_cards(session: Session, card_ids: Sequence[int]) -> dict[int, list[dict[str, object]]]:
    """The same by the names of the columns."""
    found = answers_on(session, card_ids)
    return {card_id: [row._asdict() for row in answers] for card_id, answers in found.items()}


def batched(ids: Sequence[Some]) -> Iterable[Sequence[Some]]:
    """Lists that are short enough to be parameters of one statement on either engine."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def dossiers_by_code(session: Session, cycle_id: int, codes: Sequence[str]) -> dict[str, InHand]:
    """The dossiers of these communes in the cycle, by the commune's code; a code without one is absent."""
    found: dict[str, InHand] = {}
    for some in batched(codes):
        found |= {code: InHand(*held) for code, *held in session.execute(*_of_codes(cycle_id, some))}
    return found


@prepared
def _of_codes(cycle_id: int, codes: Sequence[str]):
    # asked of the units first: SQLite would look up the name of every dossier of the cycle
    units = select(Unit.id).where(Unit.code.in_(codes))
    columns = [getattr(Dossier, name) for name in InHand._fields]
    query = select(Unit.code, *columns).join(Unit, Unit.id == Dossier.unit_id)
    return query.where(Dossier.cycle_id == cycle_id, Dossier.unit_id.in_(units))


def latest_cards(session: Session, dossier_ids: Sequence[int], side: str) -> dict[int, Scorecard]:
    """The last scorecard of that side of each dossier, by dossier id."""
    found: dict[int, Scorecard] = {}
    for chunk in batched(dossier_ids):
        found |= {card.dossier_id: card for card in session.scalars(*_cards(chunk, side))}
    return found


class Judged(NamedTuple):
    """What the last scorecard of a side says, without its verdict's text and without an object for each."""

    id: int
    round: int
    meets: bool | None
    total: Decimal | None
    leader_disciplined: bool | None


def latest_judged(session: Session, dossier_ids: Sequence[int], side: str) -> dict[int, Judged]:
    """What the last scorecard of that side says of each dossier, by dossier id."""
    found: dict[int, Judged] = {}
    for chunk in batched(dossier_ids):
        found |= {dossier_id: Judged(*said) for dossier_id, *said in session.execute(*_judged(chunk, side))}
    return found


@prepared
def _judged(dossier_ids: Sequence[int], side: str):
    query = select(Scorecard.dossier_id, *(getattr(Scorecard, name) for name in Judged._fields))
    return query.where(Scorecard.dossier_id.in_(dossier_ids), Scorecard.side == side).order_by(Scorecard.round)


@prepared
def _cards(dossier_ids: Sequence[int], side: str):
    cards = select(Scorecard).where(Scorecard.dossier_id.in_(dossier_ids), Scorecard.side == side)
    return cards.order_by(Scorecard.round)


def send_on(session: Session, moves: Sequence[Mapping[str, object]]) -> None:
    """Write where dossiers went, in one statement; a move is {"dossier", "state", "holder", "since", "round"}."""
    if moves:
        names = ("state", "holder", "since", "round")
        rows_ = ((*(move[name] for name in names), move["dossier"]) for move in moves)
        change_rows(session, Dossier, (*names, "id"), rows_)
        forget(session, Dossier)

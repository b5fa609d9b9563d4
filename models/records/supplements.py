"""Rounds of supplement: what was returned with which notes, when it was received, when it was answered. All are kept.

Only what was returned may change in the answer; a request that names no item leaves everything open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.law.regulation import Regulation
from models.records.acting import Sitting
from models.records.base import Moment, Table
from models.records.bulk import change_rows, insert_rows, next_numbers
from models.records.canonical import canonical
from models.records.dossiers import InHand, batched, latest_cards, rows_of_cards, score_rows
from models.records.filing import Filing
from models.records.prepared import prepared
from models.words import Words

LEADERS = "leaders"
OUTCOME = "outcome"
PART_WORDS = {
    "posting": Words("Niêm yết", "posting"),
    "opinions": Words("Ý kiến và giải trình", "opinions"),
    "models": Words("Mẫu 04", "form 04"),
    "meeting": Words("Họp đánh giá", "meeting"),
    "officers": Words("Phân công", "officers"),
    "evidence": Words("Minh chứng", "evidence"),
    LEADERS: Words("Người đứng đầu", "leaders"),
    OUTCOME: Words("Kết quả đề nghị", "proposal"),
}
SHEETS = tuple(PART_WORDS)
"""What may be returned beside indicators and contents, by the name of its part of the file."""


class SupplementRound(Table):
    """One request to one commune; `answered_at` null: still open."""

    __tablename__ = "supplement_rounds"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[int]
    notes: Mapped[str] = mapped_column(String(2000))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str | None] = mapped_column(String(200))


class SupplementItem(Table):
    """An indicator, a content or a part of the file that was returned, with the reviewer's note."""

    __tablename__ = "supplement_items"

    round_id: Mapped[int] = mapped_column(ForeignKey("supplement_rounds.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(12), primary_key=True)
    note: Mapped[str] = mapped_column(String(1000))


@dataclass(frozen=True)
class OpenRound:
    """A request that waits for its answer; `items` empty: everything is open."""

    id: int
    number: int
    received_on: date
    notes: str
    items: Mapping[str, str]

    def opens(self, indicator: str, content: str = "") -> bool:
        """Whether the answer to an indicator or content may change."""
        return not self.items or indicator in self.items or content in self.items

    def opens_part(self, part: str) -> bool:
        return not self.items or part in self.items

    def opens_place(self, place: str) -> bool:
        """Whether a row about an indicator or content may change: of a returned indicator, all its contents' rows."""
        return not self.items or any(place == item or place.startswith(f"{item}.") for item in self.items)

    @property
    def returns_places(self) -> bool:
        """Whether any indicator or content was returned: its evidence may then be added to."""
        return not self.items or any(item not in SHEETS for item in self.items)


def refuse_unknown_items(regulation: Regulation, items: Mapping[str, str]) -> None:
    """A note must be about something that the file has."""
    places = {indicator.id for indicator in regulation.indicators()}
    places |= {content.id for indicator in regulation.indicators() for content in indicator.contents}
    unknown = sorted(set(items) - places - set(SHEETS))
    if unknown:
        listed = ", ".join(unknown)
        raise Refusal(
            "unknown_item",
            Words(f"Hồ sơ không có mục {listed}.", f"The file has no item {listed}."),
            Words(
                f"Chỉ yêu cầu bổ sung được chỉ tiêu, nội dung của {regulation.id}, hoặc: {', '.join(SHEETS)}.",
                f"Only indicators and contents of {regulation.id} can be returned, or: {', '.join(SHEETS)}.",
            ),
            Words("Sửa mã mục rồi ghi lại.", "Correct the item and record it again."),
        )


def keep_rounds(sitting: Sitting, rounds: Sequence[tuple[int, int, date, str, Mapping[str, str]]]) -> None:
    """Keep requests: (unit, number, received on, notes, items)."""
    if not rounds:
        return
    ids = next_numbers(sitting.session, SupplementRound, len(rounds))
    by, at = sitting.signed.by, sitting.signed.at
    rows = (
        (id_, sitting.cycle.id, unit_id, number, notes, at, by, received_on)
        for id_, (unit_id, number, received_on, notes, _) in zip(ids, rounds, strict=True)
    )
    names = ("id", "cycle_id", "unit_id", "number", "notes", "asked_at", "asked_by", "received_on")
    insert_rows(sitting.session, SupplementRound, names, rows)
    items = [
        {"round_id": round_id, "place": place, "note": note}
        for round_id, (*_, places) in zip(ids, rounds, strict=True)
        for place, note in places.items()
    ]
    if items:
        sitting.session.execute(insert(SupplementItem), items)


def open_rounds(session: Session, cycle_id: int, unit_ids: Sequence[int]) -> dict[int, OpenRound]:
    """The request that each of these communes still has to answer."""
    rows = session.scalars(
        select(SupplementRound)
        .where(
            SupplementRound.cycle_id == cycle_id,
            SupplementRound.unit_id.in_(unit_ids),
            SupplementRound.answered_at.is_(None),
        )
        .order_by(SupplementRound.number)
    ).all()
    items: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    for item in session.scalars(select(SupplementItem).where(SupplementItem.round_id.in_(items))):
        items[item.round_id][item.place] = item.note
    return {row.unit_id: OpenRound(row.id, row.number, row.received_on, row.notes, items[row.id]) for row in rows}


def rounds_of(session: Session, cycle_id: int, unit_id: int) -> list[SupplementRound]:
    """Every round of a commune, in order."""
    return list(session.scalars(*_rounds(cycle_id, unit_id)))


@prepared
def _rounds(cycle_id: int, unit_id: int):
    return (
        select(SupplementRound)
        .where(SupplementRound.cycle_id == cycle_id, SupplementRound.unit_id == unit_id)
        .order_by(SupplementRound.number)
    )


def items_of(session: Session, round_id: int) -> dict[str, str]:
    rows = select(SupplementItem.place, SupplementItem.note).where(SupplementItem.round_id == round_id)
    return dict(session.execute(rows.order_by(SupplementItem.place)).tuples().all())


def close_rounds(sitting: Sitting, answered: Sequence[tuple[int, int]]) -> None:
    """Mark requests answered: (unit, number)."""
    wanted, signed = set(answered), sitting.signed
    for some in batched(sorted({unit_id for unit_id, _ in wanted})):
        rows = sitting.session.execute(*_asked(sitting.cycle.id, some)).tuples().all()
        done = ((signed.at, signed.by, id_) for id_, *round_ in rows if tuple(round_) in wanted)
        change_rows(sitting.session, SupplementRound, ("answered_at", "answered_by", "id"), done)


@prepared
def _asked(cycle_id: int, unit_ids: Sequence[int]):
    query = select(SupplementRound.id, SupplementRound.unit_id, SupplementRound.number)
    return query.where(SupplementRound.cycle_id == cycle_id, SupplementRound.unit_id.in_(unit_ids))


def locked_changes(sitting: Sitting, answers: Sequence[tuple[InHand, Filing]]) -> dict[int, Refusal]:
    """For each dossier (id) whose answer changes scores that were not returned: the refusal that says which places."""
    rounds = open_rounds(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier, _ in answers])
    limited = [(dossier, rounds[dossier.unit_id], filing) for dossier, filing in answers if dossier.unit_id in rounds]
    changed = changed_scores(sitting.session, limited)
    return {
        dossier.id: not_returned(filing.code, changed[dossier.id], asked)
        for dossier, asked, filing in limited
        if dossier.id in changed
    }


def changed_scores(session: Session, answers: Sequence[tuple[InHand, OpenRound, Filing]]) -> dict[int, list[str]]:
    """Indicators and contents, by dossier, that were answered otherwise though they were not returned."""
    answers = [one for one in answers if one[1].items]
    cards = latest_cards(session, [dossier.id for dossier, _, _ in answers], "self")
    kept = rows_of_cards(session, [card.id for card in cards.values()])
    found: dict[int, list[str]] = {}
    for dossier, asked, filing in answers:
        card = cards.get(dossier.id)
        if asked.items and card and (places := _changed(asked, kept[card.id], filing)):
            found[dossier.id] = places
    return found


def _changed(asked: OpenRound, before: Sequence[Mapping[str, object]], filing: Filing) -> list[str]:
    old = {(str(row["indicator"]), str(row["content"])): canonical(row) for row in before}
    new = {(str(row["indicator"]), str(row["content"])): canonical(row) for row in score_rows(filing.submission)}
    return sorted(
        content or indicator
        for indicator, content in old.keys() | new.keys()
        if old.get((indicator, content)) != new.get((indicator, content)) and not asked.opens(indicator, content)
    )


def not_returned(code: str, places: Sequence[str], asked: OpenRound) -> Refusal:
    listed, opened = _named(places), _named(sorted(asked.items))
    return Refusal(
        "item_not_returned",
        Words(
            f"Bản bổ sung của đơn vị {code} sửa cả mục không được yêu cầu: {listed.vi}.",
            f"The answer of {code} changes items that were not returned: {listed.en}.",
        ),
        Words(
            f"Yêu cầu bổ sung lần {asked.number} chỉ mở: {opened.vi}; các mục khác giữ nguyên.",
            f"Request {asked.number} opens only: {opened.en}; everything else stays as it was.",
        ),
        Words(
            "Khôi phục các mục đó như lần nộp trước, hoặc đề nghị cơ quan thẩm định mở thêm mục.",
            "Put them back as they were handed in, or ask the reviewer to return them too.",
        ),
        places=list(places),
    )


def _named(places: Sequence[str]) -> Words:
    words = [PART_WORDS.get(place, Words(place, place)) for place in places]
    return Words(", ".join(one.vi for one in words), ", ".join(one.en for one in words))

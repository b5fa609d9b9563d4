"""Where an act takes place: finds the cycle, opens the one unit of work, anchors the journal's head when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.acting import Sitting
from models.records.cycles import Cycle, find_cycle
from models.records.journal import Signed
from models.records.unit_search import unit_or_refusal
from models.records.units import Unit
from models.words import Words
from tasks import clock
from tasks.anchors import anchor
from tasks.database import reading, work


@dataclass(frozen=True)
class Place:
    """Which cycle: the province's code, the evaluation year; `trial` null: the official one, else the trial."""

    province: str
    year: int
    trial: bool | None = None


@dataclass(frozen=True)
class Hand:
    """Who does it (a person's name), when (null: now), and by which document where there is one."""

    by: str
    at: datetime | None = None
    document: str | None = None


@contextmanager
def sit(place: Place, hand: Hand, ground: str) -> Iterator[Sitting]:
    """One act on one cycle: all of it is committed together, or nothing. Raises Refusal where there is no cycle."""
    if not hand.by.strip():
        raise _nobody()
    with work() as session:
        cycle = cycle_or_refusal(session, place)
        yield Sitting.on(session, cycle.id, Signed(hand.by.strip(), clock.in_office(hand.at), ground, hand.document))
    anchor()


@contextmanager
def look(place: Place) -> Iterator[tuple[Session, Cycle]]:
    """Questions about one cycle; nothing is written."""
    with reading() as session:
        yield session, cycle_or_refusal(session, place)


def cycle_or_refusal(session: Session, place: Place) -> Cycle:
    """The cycle asked for. Without `trial`: the official one where there is one, else the trial."""
    wanted = (False, True) if place.trial is None else (place.trial,)
    for trial in wanted:
        found = find_cycle(session, place.province, place.year, trial)
        if found is not None:
            return found
    kind = {True: Words("thử nghiệm ", "trial "), False: Words("chính thức ", "official "), None: Words("", "")}
    which = kind[place.trial]
    raise Refusal(
        "no_such_cycle",
        Words(
            f"Chưa mở kỳ {which.vi}năm {place.year} của tỉnh {place.province}.",
            f"No {which.en}cycle of {place.year} is open for province {place.province}.",
        ),
        Words("Việc này ghi vào một kỳ đánh giá đã mở.", "This act is recorded in an open cycle."),
        Words("Xem bằng `tcpl status`, mở bằng `tcpl open`.", "See `tcpl status`; open one with `tcpl open`."),
    )


def unit_of(session: Session, cycle: Cycle, code: str) -> Unit:
    """The unit that bears the code on the last day of the evaluation year. Raises Refusal."""
    return unit_or_refusal(session, code, date(cycle.year, 12, 31))


def _nobody() -> Refusal:
    return Refusal(
        "nobody_signs",
        Words("Chưa ghi ai làm việc này.", "Nobody is named who does it."),
        Words("Mỗi việc trong sổ nhật ký có tên người làm.", "Every act in the journal bears a person's name."),
        Words("Ghi tên bằng --by.", "Name the person with --by."),
    )

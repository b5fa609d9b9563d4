"""What every act on a cycle has in common: it holds the cycle, moves dossiers, and leaves its traces together.

An act is a function handed a `Sitting`. It asks which of its subjects are new (`fresh`), does its work on those, and
ends with `finish`: journal, deadline facts, projection and notices in the one transaction. What was done already is
passed over, so that an act repeated, or resumed after a crash, changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.cycle.lifecycle import Act, State, follow, holder_of
from models.errors import Refusal
from models.law.calendar import Calendar
from models.law.resolve import CycleLaw
from models.records import journal
from models.records.absent import not_in_cycle
from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadlines import Happening, load_calendar, record
from models.records.done_marks import mark_done, only_done
from models.records.dossiers import InHand, dossiers_by_code, send_on
from models.records.journal import Signed, Touched, Written
from models.records.notices import Word, queue
from models.records.projection import project
from models.words import Words


@dataclass(frozen=True)
class Sitting:
    """One act's hold of one cycle: nobody else acts on it until the transaction ends.

    `gathered`: what acts `together` leave behind at their end. `known`: the dossiers that they have in hand.
    """

    session: Session
    cycle: Cycle
    law: CycleLaw
    calendar: Calendar
    signed: Signed
    gathered: "list[_Ended] | None" = None
    known: dict[str, InHand] = field(default_factory=dict)

    @classmethod
    def on(cls, session: Session, cycle_id: int, signed: Signed) -> "Sitting":
        cycle = journal.lock(session, cycle_id)
        if signed.day < min(date(cycle.year, 1, 1), cycle.opened_on):
            raise _before_the_year(cycle, signed.day)
        calendar = load_calendar(session, calendar_version_of(session, cycle))
        return cls(session, cycle, law_of(session, cycle), calendar, signed)

    def fresh(self, keys: Iterable[str]) -> set[str]:
        """Those keys under which nothing was done yet. A closed cycle takes nothing new."""
        new = journal.unseen(self.session, self.cycle.id, keys)
        if new and self.cycle.closed_on is not None:
            raise _closed(self.cycle)
        return new

    def dossiers(self, codes: Sequence[str]) -> Mapping[str, InHand]:
        """The dossiers of these communes; a code that is not in the cycle is refused with its name."""
        if self.gathered is not None and self.known.keys() >= set(codes):
            return {code: self.known[code] for code in codes}
        found = dossiers_by_code(self.session, self.cycle.id, codes)
        missing = sorted(set(codes) - found.keys())
        if missing:
            raise not_in_cycle(self.session, missing, self.cycle)
        if self.gathered is not None:
            self.known.update(found)
        return found

    @contextmanager
    def together(self) -> Iterator["Sitting"]:
        """Several acts of one sitting, none of which asks for what another leaves: it is written at their end.

        Each has its own entry in the journal, in their order. The decisions of a country's districts, a transaction and
        ten statements for each of them, took a quarter of its year.
        """
        acting = replace(self, gathered=[], known={})
        yield acting
        self._leave(acting.gathered or [])

    def finish(self, act: str, key: str, lines: Sequence[Touched], traces: "Traces") -> None:
        """Journal, facts, projection, notices: the act is whole or it is not."""
        ended = _Ended(Written(act, key, lines), traces)
        if self.gathered is None:
            self._leave([ended])
        else:
            self.gathered.append(ended)

    def _leave(self, ended: "Sequence[_Ended]") -> None:
        journal.write_all(self.session, self.cycle.id, self.signed, [one.written for one in ended])
        send_on(self.session, [move for one in ended for move in one.traces.moves])
        happenings = [happening for one in ended for happening in one.traces.happenings]
        record(self.session, self.cycle.id, happenings)
        done = only_done(happenings)
        marked = {happening.unit_id for happening in happenings if happening.step in done}
        others = [happening for happening in happenings if happening.step not in done]
        mark_done(self.session, self.cycle.id, done, marked)
        steps, units = {happening.step for happening in others}, {happening.unit_id for happening in others}
        project(self.session, self.cycle, self.law, self.calendar, steps=steps, units=units)
        queue(self.session, self.cycle, [word for one in ended for word in one.traces.words], self.signed.at)


@dataclass
class Traces:
    """What an act leaves behind beside its journal entry, gathered while it works."""

    moves: list[Mapping[str, object]] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    _ways: dict[tuple[str, Act], tuple[State, str]] = field(default_factory=dict)
    """Where an act leads from a state, and who holds the file then: the same for all dossiers of the act."""

    def move(self, sitting: Sitting, code: str, dossier: InHand, act: Act, *, new_round: bool = False) -> State:
        """Send a dossier on by the table of moves; refused with what is possible instead."""
        way = (dossier.state, act)
        if way not in self._ways:
            law = sitting.law.regulation
            to = follow(law, State(dossier.state), act, dossier=f"{code}/{sitting.cycle.year}")
            self._ways[way] = to, str(holder_of(law, to))
        to, holder = self._ways[way]
        self.moves.append(
            {
                "dossier": dossier.id,
                "state": str(to),
                "holder": holder,
                "since": sitting.signed.day,
                "round": dossier.round + int(new_round),
            }
        )
        return to


class _Ended(NamedTuple):
    """An act that has done its work: its entry, and what it leaves beside."""

    written: Written
    traces: Traces


def _before_the_year(cycle: Cycle, day: date) -> Refusal:
    """A cycle may be opened late, and what was done before is recorded then: only its year bounds an act."""
    return Refusal(
        "before_the_year",
        Words(f"Ngày {day:%d/%m/%Y} là trước năm đánh giá {cycle.year}.", f"{day} is before the year {cycle.year}."),
        Words(
            f"Năm đánh giá bắt đầu ngày 01/01/{cycle.year}; chưa có gì của kỳ này để ghi vào lúc đó.",
            f"That evaluation year began on {cycle.year}-01-01; nothing of this cycle could be done before.",
        ),
        Words("Kiểm tra ngày hoặc năm đánh giá.", "Check the day or the evaluation year."),
    )


def _closed(cycle: Cycle) -> Refusal:
    return Refusal(
        "cycle_closed",
        Words(f"Kỳ đánh giá năm {cycle.year} đã đóng.", f"The cycle of {cycle.year} is closed."),
        Words(f"Kỳ này đóng ngày {cycle.closed_on}.", f"It was closed on {cycle.closed_on}."),
        Words(
            "Ghi nhận vào kỳ đang mở, hoặc dùng quyết định đính chính khi có.",
            "Record it in the open cycle, or by a superseding decision.",
        ),
    )

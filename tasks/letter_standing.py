"""Where a stage stands, for a letter that tells a district or a province of what is late: figures, words, a picture.

The figures are read while the letter is composed, once for a cycle and delivery; the picture is drawn when it is sent,
with no database session open, and is kept for the letters that show the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.law.calendar import spoken
from models.law.cycle_law import CycleLaw
from models.law.programme import PROGRAMME
from models.law.regulation import STAGE_WORDS
from models.records import board
from models.records.board import Counts, StageFigures
from models.records.cycles import Agency, Cycle
from models.records.notices import Kind
from models.records.notices_said import Spoken
from models.records.standing import STANDING_WORDS
from models.records.standing import Standing as StandingOf
from models.records.units import Unit
from models.words import Language, Words

WHOLE = Words("Toàn tỉnh", "Whole province")
TITLE = Words("{stage} của các xã, tính đến {day}", "{stage}: the communes as of {day}")
LINE = Words("{area}: {done}/{all} đơn vị đã xong", "{area}: {done} of {all} done")


@dataclass(frozen=True)
class Standing:
    """One stage in the areas of one reader; `areas` are (name, counts), the whole province last."""

    stage: Words
    day: date
    areas: tuple[tuple[str, Counts], ...]
    language: Language

    @cached_property
    def title(self) -> str:
        return TITLE.to(self.language).format(stage=self.stage.to(self.language), day=spoken(self.day))

    @cached_property
    def lines(self) -> list[str]:
        """The picture in words: an area a line."""
        return [self._line(area, counts) for area, counts in self.areas]

    def _line(self, area: str, counts: Counts) -> str:
        said = LINE.to(self.language).format(area=area, done=counts.done, all=counts.done + counts.outstanding)
        late = [(StandingOf.OVERDUE, counts.overdue), (StandingOf.AT_RISK, counts.at_risk)]
        more = [f"{count} {STANDING_WORDS[name].to(self.language).lower()}" for name, count in late if count]
        return ", ".join([said, *more])

    def png(self) -> bytes:
        from tasks.letter_pictures import standing_bars

        words = tuple((str(name), said.to(self.language)) for name, said in STANDING_WORDS.items())
        parts = self.areas[:-1] or self.areas  # beside the whole province no district's bar could be read
        return standing_bars(tuple((area, _by_standing(counts)) for area, counts in parts), words)


def _by_standing(counts: Counts) -> tuple[tuple[str, int], ...]:
    by_name = {
        "open": counts.not_started + counts.in_progress,
        **{name: getattr(counts, name) for name in ("done_on_time", "done_late", "at_risk", "overdue")},
    }
    return tuple(sorted(by_name.items()))


@dataclass
class Standings:
    """The figures of one delivery: read once for each cycle, whatever the number of letters."""

    day: date
    _figures: dict[int, tuple[list[StageFigures], dict[str, str]]] = field(default_factory=dict)
    _places: dict[int, tuple[str, str]] = field(default_factory=dict)
    _told: dict[tuple[int, str | None, str, str, Language], Standing | None] = field(default_factory=dict)

    def of(
        self, session: Session, spoken_: Sequence[Spoken], law: CycleLaw | None, language: Language
    ) -> Standing | None:
        """For a letter that escalates: the stage most of it speaks of. Null for every other, and for communes."""
        late = [
            one for one in spoken_ if one.notice.kind == Kind.ESCALATION and one.notice.stage not in (None, PROGRAMME)
        ]
        if not late or law is None or late[0].cycle is None:
            return None
        cycle = late[0].cycle
        of_cycle = [one.notice.stage for one in late if one.cycle is not None and one.cycle.id == cycle.id]
        [(stage, _)] = Counter(of_cycle).most_common(1)
        reader = (cycle.id, stage, *self._place(session, late[0].notice.agency_id or 0), language)
        if reader not in self._told:
            self._told[reader] = self._standing(session, cycle, law, *reader[1:])
        return self._told[reader]

    def _standing(
        self,
        session: Session,
        cycle: Cycle,
        law: CycleLaw,
        stage: str | None,
        code: str,
        level: str,
        language: Language,
    ) -> Standing | None:
        found = next((one for one in self._read(session, cycle, law)[0] if one.stage == stage), None)
        if found is None or level not in ("district", "province") or not found.all.done + found.all.outstanding:
            return None
        names = self._read(session, cycle, law)[1]
        areas = [(name, found.by_district.get(of)) for of, name in names.items() if level == "province" or of == code]
        told = [(name, counts) for name, counts in areas if counts is not None]
        whole = [(WHOLE.to(language), found.all)] if level == "province" else []
        return Standing(STAGE_WORDS[found.stage], self.day, (*told, *whole), language) if told or whole else None

    def _read(self, session: Session, cycle: Cycle, law: CycleLaw) -> tuple[list[StageFigures], dict[str, str]]:
        if cycle.id not in self._figures:
            districts = board.district_names(session, cycle.id)
            self._figures[cycle.id] = (board.figures(session, cycle, law, self.day), districts)
        return self._figures[cycle.id]

    def _place(self, session: Session, agency_id: int) -> tuple[str, str]:
        if agency_id not in self._places:
            query = select(Unit.code, Unit.level).join(Agency, Agency.unit_id == Unit.id).where(Agency.id == agency_id)
            self._places[agency_id] = session.execute(query).tuples().one_or_none() or ("", "")
        return self._places[agency_id]

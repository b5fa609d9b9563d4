"""What a letter says: composed when it is sent, from the facts as they stand; a set-based read, whatever its number."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.law.calendar import spoken
from models.law.cycle_law import CycleLaw
from models.law.programme import PROGRAMME
from models.law.regulation import STAGE_WORDS, Stage, Step
from models.records import journal
from models.records.cycles import Cycle, law_of
from models.records.notices import LADDER_KINDS, Kind
from models.records.notices_acknowledged import token
from models.records.notices_said import (
    SaidLetter,
    SaidNotice,
    Spoken,
    spoken_of,
    told_before,
    whom_to_ask,
)
from models.words import Language
from tasks.letter_rows import chain_of, grounds, of_task_words, wanting
from tasks.letter_standing import Standing, Standings
from tasks.settings import Settings
from tasks.wording import Composed, Item, label, wording


@dataclass
class Composer:
    """Composes the letters of one delivery: settings, cycles and the journals' heads are read once for all of them."""

    settings: Settings
    day: date
    begun: datetime | None = None
    heads: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    key: bytes = b""
    cycles: dict[int, Cycle] = field(default_factory=dict)
    laws: dict[int, CycleLaw] = field(default_factory=dict)
    standings: Standings = field(init=False)
    asked: dict[int, str | None] = field(default_factory=dict)
    grounds: dict[tuple[object, ...], Sequence[tuple[str, str]]] = field(default_factory=dict)
    """The rows that hundreds of letters share, since they follow from the law and the same days."""

    def __post_init__(self) -> None:
        self.standings = Standings(self.day)

    @classmethod
    def on(cls, session: Session, settings: Settings, day: date, begun: datetime | None = None) -> "Composer":
        """`begun`: the moment at which the delivery began, where there is one."""
        return cls(settings, day, begun, journal.heads(session), settings.signing_key())

    def _law(self, session: Session, cycle: Cycle | None) -> CycleLaw | None:
        if cycle is None:
            return None
        if cycle.id not in self.laws:
            self.laws[cycle.id] = law_of(session, cycle)
        return self.laws[cycle.id]

    def compose(self, session: Session, letter_ids: Sequence[int]) -> list[Composed]:
        """The letters in their order. One whose notices were all withdrawn has no items."""
        found = spoken_of(session, letter_ids, self.cycles)
        asked = self._asked(session, {one.notice.agency_id or 0 for _, all_ in found for one in all_} - {0})
        told = told_before(session, [one.notice for _, all_ in found for one in all_], self.begun)
        return [self.letter(session, letter, all_, asked, told) for letter, all_ in found]

    def _asked(self, session: Session, agency_ids: Collection[int]) -> dict[int, str]:
        """Whom each agency asks: looked up once in a delivery, since an office gets many letters."""
        new = {one for one in agency_ids if one not in self.asked}
        if new:
            found = whom_to_ask(session, new, self.day)
            self.asked |= {one: found.get(one) for one in new}
        return {one: text for one in agency_ids if (text := self.asked[one])}

    def letter(
        self,
        session: Session,
        letter: SaidLetter,
        spoken_: Sequence[Spoken],
        asked: Mapping[int, str],
        told: Mapping[int, Sequence[tuple[str, int, date]]],
    ) -> Composed:
        """One letter: a single notice in full, or a digest of several, the nearest day first."""
        language: Language = "en" if letter.language == "en" else "vi"
        ordered = sorted(spoken_, key=lambda one: (one.notice.due_day or date.max, one.notice.id))
        items = [self._item(session, alike, language, asked, told) for alike in self._alike(ordered)]
        several, says = len(items) > 1, wording()
        heading = (
            says.digest.subject.filled(language, count=len(items)) if several else items[0].subject if items else ""
        )
        trial = any(one.cycle is not None and one.cycle.trial for one in ordered)
        agency = ordered[0].agency if ordered else ""
        stamp, made_on = _made(letter.made_at, self.settings.zone)
        key = f"tcpl-{letter.id}-{stamp}"
        return Composed(
            letter_id=letter.id,
            key=key,
            channel=letter.channel,
            address=letter.address,
            recipient=letter.recipient,
            language=language,
            to=f"{letter.name} — {agency}" if letter.name else agency,
            day=made_on,
            subject=f"[{label('trial', language)}] {heading}" if trial else heading,
            heading=heading,
            opening=says.digest.opening.filled(language, count=len(items)) if several else "",
            items=items,
            link=f"{self.settings.public_address}/ack/{token(self.key, letter.id)}" if items else "",
            footer=self._footer(session, key, ordered, language),
            trial=trial,
            standing=self._standing(session, ordered, language),
        )

    def _standing(self, session: Session, ordered: Sequence[Spoken], language: Language) -> Standing | None:
        late = next((one for one in ordered if one.notice.kind == Kind.ESCALATION), None)
        return self.standings.of(session, ordered, self._law(session, late.cycle), language) if late else None

    def _alike(self, ordered: Sequence[Spoken]) -> list[list[Spoken]]:
        """Reminders that say the same of several units stand together: one thing to do, not eleven."""
        if len(ordered) == 1:
            return [[ordered[0]]]
        groups: dict[tuple[object, ...], list[Spoken]] = {}
        for one in ordered:
            notice = one.notice
            alike = (notice.cycle_id, _kind_now(notice, self.day), notice.step, notice.due_day, notice.agency_id)
            groups.setdefault(alike if notice.kind in LADDER_KINDS else (notice.id,), []).append(one)
        return list(groups.values())

    def _item(
        self,
        session: Session,
        alike: Sequence[Spoken],
        language: Language,
        asked: Mapping[int, str],
        told: Mapping[int, Sequence[tuple[str, int, date]]],
    ) -> Item:
        one, says = alike[0], wording()
        notice = one.notice
        law = self._law(session, one.cycle)
        step = law.regulation.step(notice.step) if law and notice.step else None
        facts = self._facts(one, step, language)
        sentences = says.kinds[_kind_now(notice, self.day)]
        rows: list[tuple[str, str]] = []
        if len(alike) > 1:
            facts["unit"] = label("several_units", language, count=len(alike))
            units = "; ".join(dict.fromkeys(each.unit for each in alike))
            rows.append((label("units", language), units))
        rows += self._grounds(one, law, step, language)
        rows += [(label("wanting", language), text) for text in wanting(notice, language)]
        chain = [told[each.notice.id] for each in alike if each.notice.id in told]
        if chain:
            rows.append((label("told", language), chain_of(chain, language)))
        rows.append((label("ask", language), asked.get(notice.agency_id or 0) or label("operator", language)))
        return Item(
            [each.notice.id for each in alike],
            *(sentence.filled(language, **facts) for sentence in (sentences.subject, sentences.what, sentences.action)),
            rows=rows,
            due=spoken(notice.due_day) if notice.due_day else "",
        )

    def _grounds(
        self, one: Spoken, law: CycleLaw | None, step: Step | None, language: Language
    ) -> Sequence[tuple[str, str]]:
        notice = one.notice
        said = notice.said if notice.stage == PROGRAMME else None
        alike = (notice.cycle_id, notice.kind, notice.stage, notice.step, notice.due_day, said, one.deadline, language)
        if alike not in self.grounds:
            found = grounds(one, law, step, language)
            self.grounds[alike] = [(label(name, language), text) for name, text in found if text]
        return self.grounds[alike]

    def _facts(self, one: Spoken, step: Step | None, language: Language) -> dict[str, object]:
        notice = one.notice
        of_task = notice.stage == PROGRAMME  # a task of the plan says itself what it is
        named, _, change = of_task_words(notice) if of_task else ("", "", "")
        stage = STAGE_WORDS[Stage(notice.stage)].to(language) if notice.stage and not of_task and not step else ""
        title = named if of_task else step.title if step else stage
        told = (Kind.RESULT, Kind.CORRECTION, Kind.OPENING_REFUSED)
        said = json.loads(notice.said or "{}") if notice.kind in told else {}
        verdict = "recognised" if said.get("recognised") else "not_recognised"
        return {
            "unit": one.unit,
            "title": title,
            "due": spoken(notice.due_day) if notice.due_day else "—",
            "left": abs((notice.due_day - self.day).days) if notice.due_day else 0,
            "year": one.cycle.year if one.cycle else notice.occasion,
            "said": said.get(language) or change or (notice.said or "").strip(),
            "verdict": label(verdict, language),
            "number": said.get("number", ""),
            "replaces": said.get("replaces", ""),
            "reason": (said.get("reason") or "").rstrip("."),
        }

    def _footer(self, session: Session, key: str, spoken_: Sequence[Spoken], language: Language) -> list[str]:
        """The cycles, the notices' keys, and the heads of their journals: an anchor outside the database."""
        lines: list[str] = []
        cycles = {one.cycle.id: one.cycle for one in spoken_ if one.cycle}
        for cycle in cycles.values():
            law = self._law(session, cycle)
            title = law.regulation.title if law else ""
            lines.append(label("cycle", language, year=cycle.year, regulation=title))
        keys = [one.notice.key for one in spoken_]
        lines.append(f"{label('number', language)}: {keys[0] if len(keys) == 1 else key}")
        for cycle_id in cycles:
            if cycle_id in self.heads:
                number, digest = self.heads[cycle_id]
                lines.append(f"{label('journal', language)}: {cycle_id}/{number} {digest[:16]}")
        return lines


@lru_cache(maxsize=64)
def _made(at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """When a letter was made: for its key, and the day in the offices' zone. Thousands were made at one moment."""
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}", at.astimezone(zone).date().isoformat()


def _kind_now(notice: SaidNotice, day: date) -> Kind:
    """A reminder says the true time left on the day of sending, whatever its rung was."""
    kind = Kind(notice.kind)
    if kind not in LADDER_KINDS or kind is Kind.ESCALATION or notice.due_day is None:
        return kind
    left = (notice.due_day - day).days
    return Kind.REMINDER if left > 0 else Kind.OVERDUE if left < 0 else Kind.DUE_TODAY

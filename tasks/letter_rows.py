"""The rows under a letter's sentences: the day in all its senses and why, the ground, who was told before, what wants.

Which rows a letter has is decided by `tasks.composing`; here is what stands in each.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date

from models.law.calendar import spoken
from models.law.cycle_law import CycleLaw
from models.law.deadlines import rule_of
from models.law.marks import MARK_WORDS, LegalValue, Mark
from models.law.programme import PROGRAMME
from models.law.regulation import Step
from models.law.spoken_rules import spoken_rule
from models.records.notices import LADDER_KINDS, Kind
from models.records.notices_said import SaidDeadline, SaidNotice, Spoken
from models.words import Language
from tasks.wording import label, wording

MOST_TOLD = 8
"""So many offices are named in the chain of a digest; the whole of it stands in the proof of notice."""
MOST_WANTING = 40
"""So many missing values are listed for each who can fill them; `tcpl open --json` lists them all."""


def of_task_words(notice: SaidNotice) -> tuple[str, str, str]:
    """What a notice of a plan task says, a line each: its title, the reason of its day, and what changed."""
    title, ground, change, *_ = [*(notice.said or "").split("\n", 2), "", ""]
    return title, ground, change


def grounds(one: Spoken, law: CycleLaw | None, step: Step | None, language: Language) -> Iterable[tuple[str, str]]:
    """The day in all its senses, why this day, and the legal ground with its mark where it is not confirmed."""
    if one.deadline and one.deadline.done_on and Kind(one.notice.kind) not in LADDER_KINDS:
        return  # what is done has no day to keep
    yield "due", _days(one.deadline, language) or (spoken(one.notice.due_day) if one.notice.due_day else "")
    if one.notice.stage == PROGRAMME:
        yield "ground", of_task_words(one.notice)[1]
    if step is None or law is None:
        return
    rule = rule_of(step, law.plan.steps.get(step.id) if law.plan else None)
    starts = one.deadline.starts_on if one.deadline else None
    why = [spoken_rule(rule).to(language), rule.reading or "", f"{spoken(starts)}" if starts else ""]
    yield "why", "; ".join(part for part in why if part) if one.deadline and one.deadline.due_day else ""
    yield "ground", _ground(rule, language)


def wanting(notice: SaidNotice, language: Language) -> list[str]:
    """What a cycle wants that could not open: one text for each who can fill it, with what they are to fill."""
    if notice.kind != Kind.OPENING_REFUSED:
        return []
    by_whom: dict[str, list[str]] = {}
    for one in json.loads(notice.said or "{}").get("wanting", ()):
        by_whom.setdefault(one[f"who_{language}"], []).append(f"{one[language]} ({one['address']})")
    rows = []
    for who, what in by_whom.items():
        more = [wording().digest.more.filled(language, count=len(what) - MOST_WANTING)]
        lines = [*what[:MOST_WANTING], *(more if len(what) > MOST_WANTING else [])]
        rows.append("\n".join([f"{who}", *(f"- {line}" for line in lines)]))
    return rows


def _ground(value: LegalValue, language: Language) -> str:
    citation = value.citation
    named = ", ".join(part for part in (citation.text, citation.article) if part) if citation else value.source
    mark = "" if value.mark is Mark.CONFIRMED else f" ({MARK_WORDS[value.mark].to(language)})"
    return f"{named}{mark}"


def _days(deadline: SaidDeadline | None, language: Language) -> str:
    if deadline is None or deadline.last_day is None:
        return ""
    days = [("last_day", deadline.last_day)]
    if deadline.last_working_day and deadline.last_working_day != deadline.last_day:
        days.append(("last_working_day", deadline.last_working_day))
    if deadline.local_last_day and deadline.local_last_day != deadline.last_day:
        days.append(("local_last_day", deadline.local_last_day))
    return "; ".join(label(name, language, day=spoken(day)) for name, day in days)


def chain_of(chains: Sequence[Sequence[tuple[str, int, date]]], language: Language) -> str:
    """Who was told before, of one unit with how often; of several only the offices and the last day of each."""
    last: dict[str, tuple[int, date]] = {}
    for name, times, day in (one for chain in chains for one in chain):
        before = last.get(name, (0, date.min))
        last[name] = (max(before[0], times), max(before[1], day))
    said = [
        label("told_times", language, name=name, times=times, day=spoken(day)) for name, (times, day) in last.items()
    ]
    return "; ".join(said[:MOST_TOLD]) + (" …" if len(said) > MOST_TOLD else "")

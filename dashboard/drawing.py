"""How a page is written: the templates, and the few words and signs that all of them use."""

import json
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.orm import Session

from dashboard import step_words, verdict_words
from dashboard.asked import Asked
from dashboard.templating import templates
from models.cycle.lifecycle import STATE_WORDS
from models.cycle.programme import occasion_said
from models.law.calendar import ONE_DAY, spoken
from models.law.marks import MARK_WORDS, Mark
from models.law.regulation import STAGE_WORDS, whole
from models.law.scoring import KEPT_WORDS
from models.records import notice_pages
from models.records.accounts import ROLE_WORDS
from models.records.act_words import ACT_WORDS
from models.records.cycle_choice import Named, offered
from models.records.cycles import Cycle
from models.records.standing import STANDING_WORDS
from models.records.until_acts import until_an_act
from models.words import Language, Words

FOLDER = Path(__file__).resolve().parent

MARK_SIGNS = {
    Mark.INFERRED: Words("suy ra", "inferred"),
    Mark.LOCAL: Words("địa phương", "local"),
    Mark.SECONDARY: Words("thứ cấp", "secondary"),
    Mark.RECALLED: Words("trí nhớ", "recalled"),
    Mark.PEER: Words("nơi khác", "peer"),
    Mark.ILLUSTRATIVE: Words("minh họa", "illustrative"),
    Mark.NOT_YET_READ: Words("chưa đọc", "not read"),
}
"""The short sign of a mark where it had an effect; the legend at the foot of the page says what it means."""

COUNT_WORDS = {
    "not_started": Words("chưa bắt đầu", "not started"),
    "in_progress": Words("đang làm", "in progress"),
    "at_risk": Words("sắp đến hạn", "at risk"),
    "overdue": Words("quá hạn", "overdue"),
    "done_on_time": Words("đúng hạn", "on time"),
    "done_late": Words("trễ hạn", "late"),
}


@lru_cache(maxsize=4)
def _environment(language: Language) -> Environment:
    found = templates(language)
    found.filters |= {
        "day": day,
        "moment": moment,
        "points": points,
        "number": number,
        "json": _json,
        "dong": dong,
        "q": lambda text: quote(text, safe=""),
    }
    return found


def write(template: str, asked: Asked, context: Mapping[str, Any], named: Named | None = None) -> str:
    """The page. Templates speak through `t(vi, en)` and `w(words)`, and link through `link` and `same`."""

    def w(thing: Any) -> Any:
        words = KEPT_WORDS.get(thing, thing) if isinstance(thing, str) else thing
        return words.to(asked.language) if isinstance(words, Words) else words

    def step_said(step: str, title: str) -> str:
        return step_words.step_said(step, title, asked.language)

    common = {
        "asked": asked,
        "step_said": step_said,
        "named": named,
        "w": w,
        "link": asked.link,
        "same": asked.same,
        "mark_words": MARK_WORDS,
        "mark_signs": MARK_SIGNS,
        "stage_words": STAGE_WORDS,
        "standing_words": STANDING_WORDS,
        "count_words": COUNT_WORDS,
        "act_words": ACT_WORDS,
        "offered": offered,
        "role_words": ROLE_WORDS,
        "state_words_of": STATE_WORDS,
        "notice_state_words": notice_pages.state_words,
        "occasion_said": occasion_said,
        "subject_said": verdict_words.subject_said,
        "one_day": ONE_DAY,
        "last_of": lambda one: date(one.cycle.year, 12, 31),
    }
    return _environment(asked.language).get_template(template).render({**common, **context})


def part(
    session: Session, asked: Asked, cycle: Cycle, template: str, given: tuple[Hashable, ...], context: Mapping[str, Any]
) -> Markup:
    """A part of a page that follows from the acts of one cycle, the day and `given`, written once for each act.

    Its template links to other pages alone (`link`), never to this one (`same`).
    """
    key = ("part", template, given, asked.language, asked.at, *asked.carried().items())
    return until_an_act(session, cycle, key, lambda: Markup(write(template, asked, context)))


def day(value: date | None) -> str:
    """09/01/2025, or a dash."""
    return "—" if value is None else spoken(value)


def moment(value: datetime | None, zone: Any = None) -> str:
    """09/01/2025 14:00 in the office's zone."""
    return "—" if value is None else f"{value.astimezone(zone):%d/%m/%Y %H:%M}"


@pass_context
def points(context: Context, value: Any) -> Any:
    """79,50 on a Vietnamese page, 79.50 on an English one; what is no number stays as it is, nothing is a dash."""
    if value is None:
        return "—"
    text = whole(value) if isinstance(value, Decimal) else str(value)
    return verdict_words.number_said(text, context["asked"].language) if isinstance(value, Decimal | str) else value


@pass_context
def number(context: Context, value: float) -> str:
    """One decimal, in the page's language."""
    return verdict_words.number_said(f"{value:.1f}", context["asked"].language)


def dong(amount: Any) -> str:
    """351000000 is 351.000.000 in the Vietnamese way."""
    return f"{amount:,.0f}".replace(",", ".")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

"""The work programme: what the plan asks beside the assessment, who owes it, with what money, and how it stands."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.pages import PER_PAGE, cycle_asked
from models.cycle.programme import STANDING_WORDS, Standing
from models.law.programme import KIND_WORDS, SOURCE_WORDS, TaskKind
from models.records import programme_board, programme_pages
from models.records.cycles import Cycle
from models.records.focal_points import focal_points_on
from models.records.inspections import visits_of
from models.records.programme_money import PURPOSES, money_on
from models.records.programme_pages import Wanted
from models.records.unit_search import communes_like
from models.words import Words

SHOWN = ("overdue", "at_risk", "in_progress", "not_started", "done_on_time", "done_late", "carried_over")
TO_SIGN = {"not_started": "undated", "in_progress": "open", "carried_over": "undated"}
"""Which sign of the pages a standing of the programme bears; the others bear their own."""
PURPOSE_WORDS = {
    "estimated": Words("dự toán", "estimated"),
    "allocated": Words("đã giao", "allocated"),
    "spent": Words("đã chi", "spent"),
}


def programme_page(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    of, figures = named.cycle.id, programme_board.figures_on(session, named.cycle.id, asked.on)
    wanted = _wanted(session, asked, named.cycle)
    total, skip = programme_pages.count_on(session, of, wanted, asked.on), (asked.page() - 1) * PER_PAGE
    rows = programme_pages.page_on(
        session, of, wanted, asked.on, asked.language, most=PER_PAGE, skip=skip, undone_first=True
    )
    money = money_on(session, of, asked.on)
    return {
        "known": known,
        "named": named,
        "figures": figures,
        "shown": SHOWN,
        "sign_of": TO_SIGN,
        "task_words": STANDING_WORDS,
        "kinds": {kind: KIND_WORDS[kind] for kind in TaskKind if str(kind) in figures["by_kind"]},
        "tasks": programme_pages.titles(session, of),
        "rows": rows,
        "total": total,
        "pages": max(-(-total // PER_PAGE), 1),
        "owed": figures["total"],
        "money": money,
        "purposes": {name: PURPOSE_WORDS[name] for name in PURPOSES},
        "source_words": SOURCE_WORDS,
        "visits": _visits(session, of, asked.on),
        "vacant": [one for one in focal_points_on(session, of, asked.on) if one["vacant"]],
        "per_page": PER_PAGE,
    }


def _wanted(session: Session, asked: Asked, cycle: Cycle) -> Wanted:
    """The filter of the address: a unit is found by the words of its name or code."""
    standing, kind, text = asked.one_of(Standing, "standing"), asked.one_of(TaskKind, "kind"), asked.text("q")
    units: tuple[int, ...] | None = None
    if text:
        alike = {unit.id for unit in communes_like(session, text, date(cycle.year, 12, 31), 400, cycle.id)}
        owing = programme_pages.owing(session, cycle.id)
        sought = text.casefold()
        units = tuple(one for one, code, name in owing if one in alike or sought in f"{code} {name}".casefold())
    return Wanted(standing, kind, asked.text("task"), units=units)


def _visits(session: Session, cycle_id: int, on: date) -> list[dict[str, Any]]:
    """Visits as of the day; `open`: findings that are not mended, `late`: of those, the ones past their day."""
    found = []
    for one in visits_of(session, cycle_id):
        held = one["held_on"] if one["held_on"] and one["held_on"] <= on else None
        findings = one["findings"] if held else []
        still = [each for each in findings if not (each["mended_on"] and each["mended_on"] <= on)]
        late = Counter(each["mend_by"] < on for each in still)[True]
        found.append({**one, "held_on": held, "found": len(findings), "open": len(still), "late": late})
    return found

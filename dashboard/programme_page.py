"""The work programme: what the plan asks beside the assessment, who owes it, with what money, and how it stands."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.pages import PER_PAGE, cycle_asked
from models.cycle.programme import STANDING_WORDS, Standing
from models.law.programme import KIND_WORDS, SOURCE_WORDS, TaskKind
from models.records import programme_board
from models.records.cycles import Cycle
from models.records.focal_points import focal_points_on
from models.records.inspections import visits_of
from models.records.programme_money import PURPOSES, money_on
from models.records.unit_search import communes_like
from models.words import Words

DONE = (Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.CARRIED_OVER)
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
    every = programme_board.rows_on(session, named.cycle.id, asked.on, asked.language)
    rows = _wanted(session, asked, named.cycle, every)
    skip = (asked.page() - 1) * PER_PAGE
    return {
        "known": known,
        "named": named,
        "figures": programme_board.figures_on(session, named.cycle.id, asked.on),
        "shown": SHOWN,
        "sign_of": TO_SIGN,
        "task_words": STANDING_WORDS,
        "kinds": {kind: KIND_WORDS[kind] for kind in TaskKind if any(row["kind"] == kind for row in every)},
        "tasks": {row["task"]: row["title"] for row in every},
        "rows": rows[skip : skip + PER_PAGE],
        "total": len(rows),
        "pages": max(-(-len(rows) // PER_PAGE), 1),
        "owed": len(every),
        "money": money_on(session, named.cycle.id, asked.on),
        "purposes": {name: PURPOSE_WORDS[name] for name in PURPOSES},
        "source_words": SOURCE_WORDS,
        "visits": _visits(session, named.cycle.id, asked.on),
        "vacant": [one for one in focal_points_on(session, named.cycle.id, asked.on) if one["vacant"]],
    }


def _wanted(session: Session, asked: Asked, cycle: Cycle, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the filter, what is not done before what is, nearest day first."""
    standing, kind, task = asked.one_of(Standing, "standing"), asked.one_of(TaskKind, "kind"), asked.text("task")
    text = asked.text("q")
    units = (
        {unit.code for unit in communes_like(session, text, date(cycle.year, 12, 31), 400, cycle.id)} if text else set()
    )
    found = [
        row
        for row in rows
        if standing in (None, row["standing"])
        and kind in (None, row["kind"])
        and task in (None, row["task"])
        and (not text or row["unit"] in units or text.casefold() in f"{row['unit']} {row['unit_name']}".casefold())
    ]
    return sorted(found, key=lambda row: (Standing(row["standing"]) in DONE, row["due_day"], row["task"], row["unit"]))


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

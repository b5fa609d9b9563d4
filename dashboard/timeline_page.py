"""The year as a line: stages and steps as bars, what moved from which day to which, and why."""

from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.on_page import on_page
from dashboard.pages import cycle_asked, step_titles
from dashboard.step_words import step_said
from models.records import timeline
from models.records.cycles import law_of
from models.words import Words
from tasks.year_picture import year_line


def timeline_page(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    law = law_of(session, named.cycle)
    stages = timeline.year_line(session, named.cycle, law, asked.on)
    days = [named.cycle.opened_on, *(stage["last_day"] for stage in stages if stage["last_day"])]
    moved = timeline.moved_deadlines(session, named.cycle, asked.at)
    amended, bars = timeline.amended_days(session, named.cycle, asked.at), _bars(stages, asked)
    special = timeline.special_days(session, named.cycle, min(days), max(days))
    return {
        "known": known,
        "named": named,
        "law": law,
        "stages": stages,
        "step_titles": step_titles(law),
        "special": special,
        "moved": moved,
        "amended": amended,
        "versions": timeline.law_versions(session, named.cycle),
        "picture": on_page(
            year_line(bars, special, _arrows(bars, [*moved, *amended]), asked.on, {"today": _today(asked)}),
            Words(f"Dòng thời gian năm {named.cycle.year}", f"The line of the year {named.cycle.year}").to(
                asked.language
            ),
        ),
    }


def _today(asked: Asked) -> str:
    return Words("hôm nay", "today").to(asked.language) if not asked.another_day else f"{asked.on:%d/%m}"


def _bars(stages: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """A bar per stage from its opening to its last day, and one per dated step from the step before it."""
    bars: list[dict[str, Any]] = []
    for stage in stages:
        if stage["last_day"] is None:
            continue
        start = min(stage["opened_on"] or stage["planned_on"], stage["last_day"])
        name = stage["words"].to(asked.language).upper()
        bars.append({"name": name, "from": start, "to": stage["last_day"], "kind": "stage", "order": len(bars)})
        for step in stage["steps"]:
            if step["last_due"] is not None:
                title = step_said(step["step"], step["title"], asked.language)
                begin = min(step["first_due"], step["last_due"])
                bars.append(
                    {
                        "name": title,
                        "from": begin,
                        "to": step["last_due"],
                        "kind": "step",
                        "order": len(bars),
                        "step": step["step"],
                    }
                )
    return bars


def _arrows(bars: list[dict[str, Any]], moved: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each move once, on the bar of its step, however many units it was for."""
    place = {bar["step"]: bar["order"] for bar in bars if "step" in bar}
    found = {(place[one["step"]], one["from"], one["to"]) for one in moved if one["step"] in place}
    return [
        {"order": order, "from": was, "to": now}
        for order, was, now in sorted(found, key=str)
        if was is not None and now is not None and was != now
    ]

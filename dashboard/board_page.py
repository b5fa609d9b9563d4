"""The board: for each open cycle, what to do today, the heat map, the burn-up, the map. One function per picture."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.drawing import part
from dashboard.on_page import on_page
from models.law.regulation import STAGE_WORDS, Stage
from models.law.resolve import CycleLaw
from models.records import board, board_pictures, board_provinces, notices_health, outcomes, programme_board, worklist
from models.records.board_provinces import MANY, ProvinceRow
from models.records.cycle_choice import Named, chosen, cycles_known, open_on
from models.records.cycles import law_of
from models.records.until_acts import until_an_act
from models.words import Words
from tasks.pictures import burn_up, commune_map

Days = Sequence[tuple[date, int]]

TODAY_MOST = 12
PROVINCES_MOST = 70
TO_STANDING = {
    "not_started": "open",
    "in_progress": "open",
    "at_risk": "at_risk",
    "overdue": "overdue",
    "done_on_time": "done_on_time",
    "done_late": "done_late",
}
"""Which filter of the deadlines page shows the communes behind a count of the board."""


def board_page(session: Session, asked: Asked) -> dict[str, Any]:
    """Everything that the board shows, for the cycle that the address names or for all that are open."""
    known = cycles_known(session)
    named = chosen(known, asked.text("cycle"), asked.on)
    shown = [named] if named and asked.text("cycle") else open_on(known, asked.on)
    trial = any(one.cycle.trial for one in shown)
    if len(shown) > MANY:
        return {"known": known, "cycles": [], "trial": trial, **_country(session, asked, shown)}
    most = 200 if asked.text("all") else TODAY_MOST
    cycles = [_cycle(session, asked, one, most) for one in shown]
    return {"known": known, "cycles": cycles, "many": [], "trial": trial}


def _country(session: Session, asked: Asked, shown: list[Named]) -> dict[str, Any]:
    """A line for each cycle, where more are open than a board can show whole; of very many, a year at a time."""
    years = sorted({one.cycle.year for one in shown}) if len(shown) > PROVINCES_MOST else []
    year = next((one for one in years if str(one) == asked.text("year")), years[0] if years else None)
    mine = [one for one in shown if year in (None, one.cycle.year)]
    pages = max(-(-len(mine) // PROVINCES_MOST), 1)
    rows = board_provinces.provinces(session, mine, asked.at)
    skip = (min(asked.page(), pages) - 1) * PROVINCES_MOST
    whole = board_provinces.whole(rows)

    def written(row: ProvinceRow) -> Markup:
        context = {"row": row, "whole": whole, "year": year}
        return part(session, asked, row.named.cycle, "board_province_row.html", (year, *whole), context)

    return {
        "many": [written(row) for row in rows[skip : skip + PROVINCES_MOST]],
        "all_many": len(rows),
        "year": year,
        "years": years,
        "pages": pages,
        "whole": whole,
        "outcomes": {name: sum(row.outcomes[name] for row in rows) for name in ("recognised", "not_recognised")},
    }


def _cycle(session: Session, asked: Asked, named: Named, most: int) -> dict[str, Any]:
    cycle, law = named.cycle, law_of(session, named.cycle)
    figures = board.figures(session, cycle, law, asked.on)
    todo, total = worklist.todays_list(session, cycle, law, asked.on, most=most)
    stage = asked.stage() or current_stage(figures)
    measured = {spec.stage: spec.measured_by for spec in law.regulation.stages}
    spec_stage = stage if stage in measured else next(iter(measured))
    communes = board_pictures.communes_standing(session, cycle, measured[spec_stage], asked.on)

    def written(template: str, *given: Hashable) -> Markup:
        return part(session, asked, cycle, template, given, {"one": found})

    found: dict[str, Any] = {
        "named": named,
        "law": law,
        "figures": figures,
        "measured": measured,
        "step_titles": {step.id: step.title for _, step in law.regulation.steps()},
        "step_marks": {step.id: str(step.deadline.mark) for _, step in law.regulation.steps()},
        "districts": heat_rows(session, named, figures),
        "urgencies": worklist.urgencies(session, cycle, asked.on),
        "todo": todo,
        "todo_all": total,
        "outcomes": outcomes.outcomes_at(session, cycle, asked.at),
        "burn_up": _burn_up(session, asked, named, law),
        "map": {
            "stage": spec_stage,
            "stages": list(measured),
            "communes": communes,
            "counts": Counter(one["standing"] for one in communes),
            "picture": _map(session, asked, named, spec_stage, communes),
        },
        "to_standing": TO_STANDING,
        "unreached": notices_health.offices_without_contact(session, [cycle], asked.at)
        if cycle.closed_on is None
        else 0,
        "programme": programme_board.figures_on(session, cycle.id, asked.on),
    }
    found["map"]["list"] = written("board_list.html", spec_stage)
    return found | {"today": written("board_today.html", most), "heat": written("board_heat.html")}


def current_stage(figures: list[board.StageFigures]) -> Stage:
    """The first stage that has begun and in which something is outstanding; else the last that has begun."""
    begun = [found for found in figures if found.opened_on is not None]
    open_ = next((found for found in begun if found.all.outstanding), None)
    return (open_ or (begun or figures)[-1]).stage


def heat_rows(session: Session, named: Named, figures: list[board.StageFigures]) -> list[dict[str, Any]]:
    """The rows of the heat map: the whole province, then each district by code, with the counts of every stage."""
    names = board.district_names(session, named.cycle.id)
    codes = [code for code in names if any(code in found.by_district for found in figures)]
    whole = {"code": None, "name": None, "cells": [found.all for found in figures]}
    empty = board.Counts()
    rows = [
        {"code": code, "name": names[code], "cells": [found.by_district.get(code, empty) for found in figures]}
        for code in codes
    ]
    return [whole, *rows]


def _burn_up(session: Session, asked: Asked, named: Named, law: CycleLaw) -> dict[str, Any]:
    mine = board_pictures.submissions(session, named.cycle, law, asked.on)
    before = board_pictures.year_before(session, named.cycle)
    last_year: list[Any] = []
    if before is not None:
        earlier = board_pictures.submissions(session, before, law_of(session, before), asked.on)
        last_year = board_pictures.moved_a_year_on(earlier["days"], earlier["last_day"], mine["last_day"])
    names = _said(asked, _BURN_UP) | {"this_year": str(named.cycle.year), "last_year": str(named.cycle.year - 1)}
    picture = burn_up(mine["days"], last_year, mine["total"], mine["last_day"], asked.on, names)
    label = Words(
        f"Số xã đã nộp hồ sơ theo ngày: {mine['done']} trên {mine['total']}",
        f"Communes that have filed, by day: {mine['done']} of {mine['total']}",
    ).to(asked.language)
    return mine | {
        "last_year": last_year,
        "table": side_by_side(mine["days"], last_year, asked.on),
        "picture": on_page(picture, label),
    }


def side_by_side(days: Days, before: Days, on: date) -> list[tuple[date, int, int | None]]:
    """The stairs as a table: each day on which either year grew, both counts then; null: no year before."""
    known = sorted({day for day, _ in (*days, *before) if day <= on})

    def at(stairs: Days, day: date) -> int:
        return max((count for step, count in stairs if step <= day), default=0)

    return [(day, at(days, day), at(before, day) if before else None) for day in known]


_BURN_UP = {
    "last_day": Words("hạn cuối", "last day"),
    "today": Words("hôm nay", "today"),
    "communes": Words("xã", "communes"),
}


def _said(asked: Asked, words: Mapping[str, Words]) -> dict[str, str]:
    return {name: one.to(asked.language) for name, one in words.items()}


def _map(session: Session, asked: Asked, named: Named, stage: Stage, communes: list[dict[str, Any]]) -> Any:
    key = ("map", stage, asked.language, asked.at, *asked.carried().items())
    return until_an_act(session, named.cycle, key, lambda: _map_of(asked, named, stage, communes))


def _map_of(asked: Asked, named: Named, stage: Stage, communes: list[dict[str, Any]]) -> Any:
    nothing = Words("không có việc ở bước này", "owes nothing here").to(asked.language)
    dots = [
        {
            "longitude": one["longitude"],
            "latitude": one["latitude"],
            "standing": one["standing"],
            "label": f"{one['name']}: {one['standing_words'].to(asked.language) if one['standing_words'] else nothing}",
            "address": asked.link(f"/dossiers/{named.cycle.year}/{one['code']}", cycle=named.name),
        }
        for one in communes
        if one["longitude"] is not None and one["latitude"] is not None
    ]
    label = Words(
        f"Bản đồ các xã theo tình trạng ở giai đoạn {STAGE_WORDS[stage].vi}",
        f"Map of the communes by standing in the stage {STAGE_WORDS[stage].en}",
    ).to(asked.language)
    return on_page(commune_map(dots), label, "group")

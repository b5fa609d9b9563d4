"""The pages about one thing (a dossier, a unit), the lists of deadlines and notices: each fills a template."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.reconciled import reconciled
from models.law.resolve import CycleLaw
from models.records import board, notice_pages, unit_page, worklist
from models.records.cycle_choice import Named, chosen, cycles_known
from models.records.cycles import law_of
from models.records.dossier_journal import Part
from models.records.dossier_page import dossier_page, find_dossier
from models.records.notice_pages import Asked as NoticesAsked
from models.records.notices import Kind, NoticeState
from models.records.prepared import prepared
from models.records.programme_tables import Task
from models.records.unit_queries import find_unit
from models.records.unit_search import communes_like, communes_on, near_units, unit_or_refusal
from models.records.units import Unit
from models.records.until_acts import of_acts
from models.records.worklist import Filter

PER_PAGE = MOST_FOUND = 50
MOST_BELOW = 100
"""Names of units in columns: they take less room than rows."""


def cycle_asked(session: Session, asked: Asked) -> tuple[list[Named], Named | None]:
    """The cycles there are, and the one that the page is about."""
    known = cycles_known(session)
    return known, chosen(known, asked.text("cycle"), asked.on)


def dossier(session: Session, asked: Asked, year: int, code: str) -> dict[str, Any]:
    named = asked.text("cycle") or ""
    trial = True if named.endswith("-trial") else None
    province = named[:2] if named[2:7] == f"-{year}" else None
    found = find_dossier(session, code, year, province=province, trial=trial if province else None)
    return {
        "found": found,
        "page": dossier_page(session, found, asked.at, _part(asked, "page_journal"), _part(asked, "page_notices")),
        "per_page": PER_PAGE,
        "trial": found.cycle.trial,
        "step_titles": step_titles(law_of(session, found.cycle)) | task_titles(session, found.cycle.id),
    }


def _part(asked: Asked, name: str) -> Part:
    return Part(PER_PAGE, (asked.page(name) - 1) * PER_PAGE, newest_first=True)


def step_titles(law: CycleLaw) -> dict[str, str]:
    return {step.id: step.title for _, step in law.regulation.steps()}


@of_acts
def task_titles(session: Session, cycle_id: int) -> dict[str, str]:
    """What the tasks of the plan are called: notices speak of them as of steps."""
    return dict(session.execute(*_tasks(cycle_id)).tuples().all())


@prepared
def _tasks(cycle_id: int):
    return select(Task.task, Task.title).where(Task.cycle_id == cycle_id)


def unit(session: Session, asked: Asked, code: str) -> dict[str, Any]:
    """The unit of this code on the day; where it is not in force then, the one of the year's cycle is meant."""
    found = find_unit(session, code, asked.on)
    if found is None:
        known, named = cycle_asked(session, asked)
        last = date(named.cycle.year, 12, 31) if named and known else asked.on
        found = find_unit(session, code, last) or unit_or_refusal(session, code, asked.on)
    skip = (asked.page("page_below") - 1) * MOST_BELOW
    return {"page": unit_page.unit_page(session, found, asked.on, asked.at, MOST_BELOW, skip), "per_page": MOST_BELOW}


def search(session: Session, asked: Asked) -> dict[str, Any]:
    """Communes by name or code, in the chosen cycle's year and today."""
    text = asked.text("q") or ""
    _, named = cycle_asked(session, asked)
    days = [date(named.cycle.year, 12, 31)] if named else []
    cycle_id = named.cycle.id if named else None
    units, cut = communes_on(session, text, [*days, asked.on], MOST_FOUND, cycle_id)
    near = near_units(session, text, (*days, asked.on)[0]) if text and not units else []
    parents = dict(session.execute(*_names({unit.parent_id for unit in units})).tuples().all())
    return {"text": text, "units": units, "parents": parents, "cut": cut, "near": near, "named": named}


@prepared
def _names(unit_ids: Collection[int | None]):
    return select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))


def deadlines(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    law, wanted = law_of(session, named.cycle), filter_of(session, asked, named)
    total = worklist.count_deadlines(session, named.cycle, wanted, asked.on)
    skip = (asked.page() - 1) * PER_PAGE
    return {
        "known": known,
        "named": named,
        "law": law,
        "wanted": wanted,
        "rows": worklist.list_deadlines(session, named.cycle, law, wanted, asked.on, most=PER_PAGE, skip=skip),
        "total": total,
        "pages": max(-(-total // PER_PAGE), 1),
        "months": _months(worklist.days_of(session, named.cycle, wanted, asked.on), asked.on),
        "districts": _districts(session, named),
    }


def filter_of(session: Session, asked: Asked, named: Named) -> Filter:
    units: tuple[int, ...] | None = None
    if asked.text("q"):
        found = communes_like(session, asked.text("q") or "", date(named.cycle.year, 12, 31), 400, named.cycle.id)
        units = tuple(unit.id for unit in found)
    stage = asked.stage()
    return Filter(
        stage=str(stage) if stage else None,
        step=asked.text("step"),
        standing=asked.standing(),
        district=asked.text("district"),
        due=asked.day("due"),
        urgency=asked.urgency(),
        units=units,
    )


def _districts(session: Session, named: Named) -> dict[str, str]:
    return board.district_names(session, named.cycle.id)


def _months(days: dict[date, dict[str, int]], on: date) -> list[dict[str, Any]]:
    """The months that have a due day, as weeks of days; at most a year of them around the day."""
    wanted = sorted({day.replace(day=1) for day in days} | {on.replace(day=1)} if days else [])
    months = []
    for first in wanted[:14]:
        monday = first - timedelta(days=first.weekday())
        weeks = []
        while monday < _next_month(first):
            week = [monday + timedelta(days=n) for n in range(7)]
            weeks.append([(day, days.get(day, {})) if day.month == first.month else None for day in week])
            monday += timedelta(days=7)
        months.append({"first": first, "weeks": weeks})
    return months


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def notices(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    here = NoticesAsked(named.cycle.id if named else None, bool(asked.text("other")))
    wanted = here._replace(state=asked.text("state"), kind=asked.text("kind"))
    if asked.text("q") and named:
        found = communes_like(session, asked.text("q") or "", date(named.cycle.year, 12, 31), 400, named.cycle.id)
        wanted = wanted._replace(units=[unit.id for unit in found])
    counts = notice_pages.count_by_state_and_kind(session, here, asked.at)
    narrowed = counts if wanted == here else notice_pages.count_by_state_and_kind(session, wanted, asked.at)
    total = sum(narrowed.values())
    skip = (asked.page() - 1) * PER_PAGE
    return {
        "known": known,
        "named": named,
        "step_titles": step_titles(law_of(session, named.cycle)) | task_titles(session, named.cycle.id)
        if named
        else {},
        "counts": counts,
        "kinds": [str(kind) for kind in Kind],
        "states": [str(state) for state in NoticeState],
        "kind_words": notice_pages.kind_words,
        "state_words": notice_pages.state_words,
        "rows": notice_pages.with_proof(session, wanted, asked.at, most=PER_PAGE, skip=skip),
        "total": total,
        "pages": max(-(-total // PER_PAGE), 1),
        "reconciled": reconciled(session, named, asked.at) if named and asked.text("reconcile") else None,
    }

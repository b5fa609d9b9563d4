"""The results of a cycle: the lists, which indicators fail most, how totals are spread, self and appraised scores."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.on_page import on_page
from dashboard.pages import PER_PAGE, cycle_asked
from models.law.regulation import MinimumTotal
from models.law.resolve import CycleLaw
from models.records import outcomes, results
from models.records.cycle_choice import Named
from models.records.cycles import law_of
from models.records.results_drill import short_of
from models.words import Words
from tasks.pictures import bands


def results_page(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    law = law_of(session, named.cycle)
    every = results.totals(session, named.cycle, asked.at)
    side = "appraised" if any(row["appraised"] is not None for row in every) else "self"
    spread = results.distribution(every, side)
    short = results.indicators(session, named.cycle, law.regulation, side, asked.at)
    chosen = _chosen(session, asked, named, law, every, side)
    lists = {name: [row for row in every if row["recognised"] is verdict] for name, verdict in OUTCOMES.items()}
    gaps = sorted((row for row in every if row["gap"]), key=lambda row: (row["gap"], row["code"]))
    return {
        "known": known,
        "named": named,
        "law": law,
        "side": side,
        "lists": _paged(session, asked, named, lists | ({"chosen": chosen.pop("rows")} if chosen else {})),
        "indicators": short,
        "by_criterion": [
            (one.id, one.title, mine)
            for one in law.regulation.criteria
            if (mine := [row for row in short if row["criterion"] == one.id and row["short"]])
        ],
        "chosen": chosen,
        "spread": spread,
        "threshold": threshold(law),
        "picture": _spread(asked, law, spread),
        "gaps": gaps[:GAPS_MOST],
        "gaps_all": len(gaps),
        "years": [
            one | {"name": f"{one['code']}-{one['year']}{'-trial' if named.cycle.trial else ''}"}
            for one in outcomes.years(session, named.cycle, asked.at)
        ],
    }


OUTCOMES = {"not_recognised": False, "recognised": True, "undecided": None}
GAPS_MOST = 15


def _paged(
    session: Session, asked: Asked, named: Named, lists: Mapping[str, Sequence[dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Of each list how many there are, and the communes of its page in full: {"total","pages","rows"}."""
    shown: dict[str, Sequence[dict[str, Any]]] = {}
    for name, rows in lists.items():
        skip = (asked.page(f"page_{name}") - 1) * PER_PAGE
        shown[name] = rows[skip : skip + PER_PAGE]
    ids = {row["id"] for rows in shown.values() for row in rows}
    told = {row["code"]: row for row in results.results(session, named.cycle, asked.at, dossiers=ids)} if ids else {}
    return {
        name: {
            "total": len(lists[name]),
            "pages": max(-(-len(lists[name]) // PER_PAGE), 1),
            "rows": [told[row["code"]] for row in rows],
        }
        for name, rows in shown.items()
    }


def _chosen(
    session: Session, asked: Asked, named: Named, law: CycleLaw, rows: list[dict[str, Any]], side: str
) -> dict[str, Any] | None:
    """The communes behind a count: short of an indicator (`short`), or with a total in a band (`band`)."""
    indicator, band = asked.text("short"), asked.text("band")
    if indicator:
        codes = short_of(session, named.cycle, law.regulation, side, indicator, asked.at)
        return {"indicator": indicator, "rows": [row for row in rows if row["code"] in codes]}
    if band and band.isascii() and band.isdecimal() and len(band) < 5:
        low = int(band)
        inside = [row for row in rows if row[side] is not None and low <= row[side] < low + results.BAND]
        return {"band": (low, low + results.BAND), "rows": inside}
    return None


def threshold(law: CycleLaw) -> MinimumTotal | None:
    """The rule that asks for a minimum total, where the regulation has one."""
    return next((rule for rule in law.regulation.pass_rules if isinstance(rule, MinimumTotal)), None)


def _spread(asked: Asked, law: CycleLaw, spread: list[dict[str, Any]]) -> Any:
    rule = threshold(law)
    names = {
        "points": Words("tổng điểm", "total of points").to(asked.language),
        "communes": Words("số xã", "communes").to(asked.language),
        "threshold": Words("mức tối thiểu", "minimum").to(asked.language),
    }
    label = Words("Phân bố tổng điểm", "Distribution of totals").to(asked.language)
    return on_page(bands(spread, float(rule.points) if rule else None, names) if spread else "", label)

"""A regulation as the JSON of `tcpl law show` and `/api/law`: every value with its mark, its source and its article."""

from collections import Counter
from typing import Any

from pydantic import BaseModel

from models.law.addresses import legal_values
from models.law.check_sums import most
from models.law.marks import LegalValue, Mark
from models.law.regulation import Content, Criterion, Indicator, Regulation, StageSpec, Step
from models.law.years import NotEvaluated
from models.words import Language

Json = dict[str, Any]


def regulation_document(regulation: Regulation) -> Json:
    """The whole of one regulation."""
    authority = regulation.authority
    return {
        "id": regulation.id,
        "title": regulation.title,
        "texts": [_plain(text) for text in regulation.texts],
        "evaluation_years": _plain(regulation.evaluation_years),
        "scoring": regulation.scoring,
        "opens_cycles": regulation.opens_cycles,
        "why_not": regulation.why_not,
        "authority": authority.decides.value,
        "authority_mark": authority.mark.value,
        "authority_source": authority.source,
        "authority_citation": _citation(authority),
        "council": _plain(regulation.council) if regulation.council else None,
        "tiers": list(regulation.tiers),
        "total": _plain(regulation.total) if regulation.total else None,
        "criteria": [_criterion(criterion) for criterion in regulation.criteria],
        "pass_rules": [_plain(rule) for rule in regulation.pass_rules],
        "stages": [_stage(spec) for spec in regulation.stages],
        "verified": [_plain(each) for each in regulation.verified],
        "marks": marks_document(regulation),
    }


def summary_document(regulation: Regulation) -> Json:
    """One line of `tcpl law list`."""
    whole = regulation_document(regulation)
    kept = ("id", "title", "evaluation_years", "scoring", "authority", "opens_cycles", "why_not", "marks")
    return {key: whole[key] for key in kept}


def governing_document(year: int, found: Regulation | NotEvaluated, language: Language) -> Json:
    """Which regulation governs an evaluation year, or why none does."""
    if isinstance(found, Regulation):
        opens = {"opens_cycles": found.opens_cycles, "why_not": found.why_not}
        mark = found.evaluation_years.mark
        return {"year": year, "regulation": found.id, "title": found.title, "mark": mark, **opens}
    return {
        "year": year,
        "regulation": None,
        "reason": found.reason.to(language),
        "sources": list(found.sources),
        "mark": found.mark.value,
        "note": found.note,
    }


def marks_document(regulation: Regulation) -> dict[str, int]:
    """How many values carry each mark; marks without any are left out."""
    counts = Counter(value.mark for _, value in legal_values(regulation))
    return {mark.value: counts[mark] for mark in Mark if counts[mark]}


def known_by(item: Criterion | Indicator | Content) -> LegalValue:
    """The value by which an item is judged to be known: its maximum, else its measure, else its wording."""
    maximum = None if isinstance(item, Content) else item.maximum
    measure = None if isinstance(item, Criterion) else item.measure
    return maximum or measure or item.wording


def points_of(item: Criterion | Indicator | Content) -> str | None:
    """The most points that an item gives, as text; None where there are none or nobody has read them."""
    points = most(item.measure) if isinstance(item, Content) else (item.maximum.points if item.maximum else None)
    return None if points is None else format(points, "f")


def _item(item: Criterion | Indicator | Content) -> Json:
    value = known_by(item)
    return {
        "id": item.id,
        "title": item.title,
        "maximum": points_of(item),
        "mark": value.mark.value,
        "source": value.source,
        "note": value.note,
        "citation": _citation(value),
        "wording": _plain(item.wording),
    }


def _criterion(criterion: Criterion) -> Json:
    return _item(criterion) | {"indicators": [_indicator(indicator) for indicator in criterion.indicators]}


def _indicator(indicator: Indicator) -> Json:
    return _measured(indicator) | {"contents": [_measured(content) for content in indicator.contents]}


def _measured(item: Indicator | Content) -> Json:
    return _item(item) | {
        "measure": _plain(item.measure) if item.measure else None,
        "not_arisen": _plain(item.not_arisen) if item.not_arisen else None,
    }


def _stage(spec: StageSpec) -> Json:
    steps = [_step(step) for step in spec.steps]
    return {"stage": spec.stage.value, "measured_by": spec.measured_by, "steps": steps}


def _step(step: Step) -> Json:
    own = {"mark": step.performed.mark.value, "citation": _citation(step.performed)}
    return {"id": step.id, "title": step.title, **own} | _plain(step)


def _citation(value: LegalValue) -> Json | None:
    return _plain(value.citation) if value.citation else None


def _plain(model: BaseModel) -> Json:
    return model.model_dump(mode="json")

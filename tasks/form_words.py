"""The words that the forms share: head and foot, points, verdicts, shortfalls as official papers put them."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models.law.regulation import Content, Criterion, Indicator, whole
from models.records.units import Unit
from tasks.appraisal_sheets import said
from tasks.form_facts import CommuneFacts, CycleFacts, Rows
from tasks.form_notes import Notes

BLANK = "…………"
VERDICTS = {True: "đạt", False: "chưa đạt", None: "chưa xác định được"}
Context = dict[str, Any]


def points(number: Decimal | None) -> str:
    """Points as Vietnamese papers write them: "79,50"."""
    return "–" if number is None else whole(number).replace(".", ",")


def criterion_line(facts: CycleFacts, criterion: Criterion, verdict: Mapping[str, Any], notes: Notes) -> Context:
    found = next((item for item in verdict.get("criteria", []) if item["id"] == criterion.id), None)
    given = (found or {}).get("points")
    return {
        "id": criterion.id,
        "title": criterion.title,
        "maximum": maximum_of(criterion, notes),
        "found": given.replace(".", ",") if given else ("–" if facts.law.regulation.scoring == "points" else ""),
        "meets": VERDICTS[found["meets"]] if found else "–",
    }


def items_of(facts: CycleFacts, rows: Rows) -> list[Criterion | Indicator | Content]:
    """Criteria, indicators, and the contents that were answered (under levels: all of them)."""
    found: list[Criterion | Indicator | Content] = []
    for criterion in facts.law.regulation.criteria:
        found.append(criterion)
        for indicator in criterion.indicators:
            found.append(indicator)
            if indicator.id not in rows and (any(one.id in rows for one in indicator.contents)):
                found += indicator.contents
    return found


def maximum_of(item: Criterion | Indicator | Content, notes: Notes) -> str:
    """The most points with its sign; under levels the sign of the measure alone."""
    if isinstance(item, Content):
        return notes.beside(f"criteria/{item.id}/measure")
    if item.maximum is None:
        return notes.beside(f"criteria/{item.id}/measure")
    return f"{points(item.maximum.points)}{notes.beside(f'criteria/{item.id}/maximum')}"


def shown(row: Mapping[str, Any] | None) -> str:
    text = said(dict(row)) if row else None
    return (text or "").replace(".", ",") if row and row["points"] is not None else text or ""


def verdict_of(card: Any) -> dict[str, Any]:
    return json.loads(card.verdict) if card else {}


def total_words(facts: CycleFacts, verdict: Mapping[str, Any]) -> str:
    if not verdict:
        return "Chưa có điểm"
    if facts.law.regulation.scoring == "points":
        total = (verdict["total"] or "chưa đủ").replace(".", ",")
        return f"Tổng điểm {total}/{(verdict['maximum'] or '–').replace('.', ',')}"
    return f"Kết luận: {VERDICTS[verdict['meets_standard']]}"


def shortfalls_of(verdict: Mapping[str, Any]) -> list[str]:
    found = verdict.get("shortfalls", [])
    return [f"{subject_of(item)}: {_commas(item['found'])}; yêu cầu: {_commas(item['required'])}" for item in found]


def _commas(text: str) -> str:
    """Decimals as Vietnamese papers write them."""
    return re.sub(r"(\d)\.(\d)", r"\1,\2", text)


def subject_of(item: Mapping[str, Any]) -> str:
    subject = str(item["subject"])
    names = {"total": "Tổng điểm", "leader_disciplined": "Người đứng đầu"}
    kinds = ("Tiêu chí", "Chỉ tiêu", "Nội dung")
    return names.get(subject) or f"{kinds[min(subject.count('.'), 2)]} {subject}"


def result_of(facts: CycleFacts, card: Any) -> str:
    """The total under points; under levels whether the standard is met."""
    if card is None:
        return "–"
    return points(card.total) if facts.law.regulation.scoring == "points" else VERDICTS[card.meets]


def declared(one: CommuneFacts) -> bool:
    """Decided without an appraisal: it had declared itself not met."""
    return one.appraised is None and one.decided is not None


def frame(facts: CycleFacts, form: str, title: str, unit: Unit, notes: Notes) -> Context:
    """What every paper opens and ends with."""
    trial = facts.cycle.trial
    circular = next((text.number for text in facts.law.regulation.texts if "TT-" in text.number), "")
    named = (
        f"Tên mẫu theo Thông tư {circular}; bố cục do phần mềm trình bày, phụ lục mẫu chưa đọc được." if form else ""
    )
    return {
        "banner": "THỬ NGHIỆM · KHÔNG CÓ GIÁ TRỊ CHÍNH THỨC" if trial else "",
        "layout_note": named or "Bố cục do phần mềm trình bày; mẫu của văn bản chưa đọc được.",
        "form_name": f"Mẫu số {form}: {title}" if form else "",
        "title": title.upper(),
        "year": facts.cycle.year,
        "about": unit.name,
        "above": _above(facts, unit),
        "issuer": f"UBND {unit.name}".upper(),
        "issuer_plain": f"UBND {unit.name[:1].lower()}{unit.name[1:]}",
        "number": BLANK,
        "place_and_day": f"{BLANK}, ngày …… tháng …… năm {facts.cycle.year + 1}",
        "regulation": facts.law.regulation.title,
        "result_heading": "Tổng điểm" if facts.law.regulation.scoring == "points" else "Kết quả",
        "notes": notes.lines,
    }


def _above(facts: CycleFacts, unit: Unit) -> str:
    """The office over the one that gives the paper out: a commune's district where it has one, else the province."""
    if unit.level == "province":
        return ""
    of = {one.unit.id: one.dossier.district_id for one in facts.communes}
    over = facts.districts.get(of.get(unit.id) or 0, facts.province)
    return f"UBND {over.name}".upper()


def of_council(district: Unit | None) -> Context:
    """The head of a paper that the Council of a district gives out."""
    if district is None:
        return {}
    issuer = "HỘI ĐỒNG ĐÁNH GIÁ\nCHUẨN TIẾP CẬN PHÁP LUẬT"
    return {"above": f"UBND {district.name}".upper(), "issuer": issuer}

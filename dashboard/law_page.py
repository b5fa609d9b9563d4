"""The law page: every legal value in force in the cycle with its article and mark, and what still has to be read."""

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.law_words import said, titles
from dashboard.pages import cycle_asked
from models.law.addresses import legal_values, plan_values
from models.law.described import described
from models.law.marks import Mark
from models.law.resolve import CycleLaw
from models.records.cycles import law_hash, law_of
from models.records.until_acts import until_an_act
from models.words import Words


def law_page(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    law = law_of(session, named.cycle)
    hashed = law_hash(session, named.cycle)
    values: list[dict[str, Any]] = until_an_act(session, (), ("law values", hashed), lambda: values_of(law))
    wanted = asked.text("mark")
    return {
        "known": known,
        "named": named,
        "law": law,
        "hash": hashed,
        "counts": Counter(value["mark"] for value in values),
        "groups": _groups([value for value in values if wanted in (None, value["mark"])]),
        "unread": [value for value in values if value["mark"] == Mark.NOT_YET_READ or value["stands_in"]],
        "verified": law.regulation.verified,
    }


def values_of(law: CycleLaw) -> list[dict[str, Any]]:
    """Every legal value of the cycle, regulation first, then plan. `stands_in`: the plan's, for an unread text."""
    named = titles(law.regulation)
    both = [*legal_values(law.regulation), *(plan_values(law.plan) if law.plan else ())]
    return [
        {
            "address": address,
            "what": described(law, address),
            "value": said(value, named.get(address, Words("", ""))),
            "mark": value.mark,
            "source": value.source,
            "citation": value.citation,
            "checked": value.checked,
            "stands_in": address in law.stand_ins,
        }
        for address, value in both
    ]


GROUPS = {
    "texts": Words("Văn bản, thẩm quyền, tổng điểm", "Texts, authority, total"),
    "criteria": Words("Tiêu chí, chỉ tiêu, nội dung", "Criteria, indicators, contents"),
    "pass_rules": Words("Điều kiện công nhận", "Conditions for recognition"),
    "steps": Words("Các bước và thời hạn", "Steps and deadlines"),
    "plan": Words("Kế hoạch của tỉnh", "The province's plan"),
}


def _groups(values: list[dict[str, Any]]) -> list[tuple[str, Words, list[dict[str, Any]]]]:
    """The values under the heading that the first part of their address belongs to."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for value in values:
        first = value["address"].partition("/")[0]
        found[first if first in found else "texts"].append(value)
    return [(name, GROUPS[name], rows) for name, rows in found.items() if rows]

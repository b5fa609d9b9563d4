"""The law page: every legal value in force in the cycle with its article and mark, and what still has to be read."""

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.pages import cycle_asked
from models.law.addresses import legal_values, plan_values
from models.law.deadline_rules import Ahead, Before, Lasting, NoDate, NotYetRead, OnOrBefore, Within
from models.law.described import described
from models.law.marks import LegalValue, Mark
from models.law.resolve import CycleLaw
from models.law.spoken_rules import spoken_rule
from models.records.cycles import law_of
from models.words import Words

PLAIN = frozenset({*LegalValue.model_fields, "id", "title", "kind", "reading"})
RULES = (Before, OnOrBefore, Within, Ahead, Lasting, NoDate, NotYetRead)


def law_page(session: Session, asked: Asked) -> dict[str, Any]:
    known, named = cycle_asked(session, asked)
    if named is None:
        return {"known": known, "named": None}
    law = law_of(session, named.cycle)
    values = values_of(law)
    wanted = asked.text("mark")
    return {
        "known": known,
        "named": named,
        "law": law,
        "hash": law.content_hash(),
        "counts": Counter(value["mark"] for value in values),
        "values": [value for value in values if wanted in (None, value["mark"])],
        "unread": [value for value in values if value["mark"] == Mark.NOT_YET_READ or value["stands_in"]],
        "verified": law.regulation.verified,
    }


def values_of(law: CycleLaw) -> list[dict[str, Any]]:
    """Every legal value of the cycle, regulation first, then plan. `stands_in`: the plan's, for an unread text."""
    both = [*legal_values(law.regulation), *(plan_values(law.plan) if law.plan else ())]
    return [
        {
            "address": address,
            "what": described(law, address),
            "value": said(value),
            "mark": value.mark,
            "source": value.source,
            "citation": value.citation,
            "checked": value.checked,
            "stands_in": address in law.stand_ins,
        }
        for address, value in both
    ]


def said(value: LegalValue) -> Words:
    """What the value says, in words where there are any, else its plain parts; empty where it only says that it is."""
    if isinstance(value, RULES):
        return spoken_rule(value)
    parts = {
        name: part for name, part in value.model_dump(mode="json").items() if name not in PLAIN and part is not None
    }
    text = "; ".join(str(part) if len(parts) == 1 else f"{name}: {_flat(part)}" for name, part in parts.items())
    return Words(text, text)


def _flat(part: Any) -> str:
    return ", ".join(map(str, part)) if isinstance(part, list) else str(part)

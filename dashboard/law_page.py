"""The law page: every legal value in force in the cycle with its article and mark, and what still has to be read."""

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.pages import cycle_asked
from models.law.addresses import legal_values, plan_values
from models.law.calendar import spoken
from models.law.deadline_rules import Ahead, Before, Lasting, NoDate, NotYetRead, OnOrBefore, Within
from models.law.described import described
from models.law.marks import LegalValue, Mark
from models.law.plan import Escalation, Ladder, LocalDay, OpeningDay
from models.law.regulation import ACTOR_WORDS, Authority, Regulation
from models.law.resolve import CycleLaw
from models.law.spoken_rules import spoken_rule
from models.records.cycles import law_of
from models.words import Words

PLAIN = frozenset({*LegalValue.model_fields, "id", "title", "kind", "reading"})


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
        "groups": _groups([value for value in values if wanted in (None, value["mark"])]),
        "unread": [value for value in values if value["mark"] == Mark.NOT_YET_READ or value["stands_in"]],
        "verified": law.regulation.verified,
    }


def values_of(law: CycleLaw) -> list[dict[str, Any]]:
    """Every legal value of the cycle, regulation first, then plan. `stands_in`: the plan's, for an unread text."""
    titles = _titles(law.regulation)
    both = [*legal_values(law.regulation), *(plan_values(law.plan) if law.plan else ())]
    return [
        {
            "address": address,
            "what": described(law, address),
            "value": said(value, titles.get(address, "")),
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


def said(value: LegalValue, title: str = "") -> Words:
    """What the value says, in words where there are any, else its plain parts; `title`: the wording it vouches for."""
    match value:
        case Before() | OnOrBefore() | Within() | Ahead() | Lasting() | NoDate() | NotYetRead():
            return spoken_rule(value)
        case Ladder():
            return _ladder(value)
        case Escalation():
            names = [ACTOR_WORDS[actor] for actor in value.then]
            return Words(" → ".join(name.vi for name in names), " → ".join(name.en for name in names))
        case Authority():
            return ACTOR_WORDS[value.decides]
        case OpeningDay() | LocalDay():
            return Words(spoken(value.on), spoken(value.on))
    parts = {
        name: part for name, part in value.model_dump(mode="json").items() if name not in PLAIN and part is not None
    }
    text = "; ".join(str(part) if len(parts) == 1 else f"{name}: {_flat(part)}" for name, part in parts.items())
    return Words(text or title, text or title)


def _ladder(ladder: Ladder) -> Words:
    before, after = (", ".join(map(str, days)) for days in (ladder.before, ladder.after))
    return Words(
        f"trước {before} ngày; sau {after} ngày"
        + (f", rồi mỗi {ladder.then_every} ngày" if ladder.then_every else "")
        + (f"; báo cấp trên từ ngày {ladder.escalate_from}" if ladder.escalate_from else ""),
        f"{before} days before; {after} after"
        + (f", then every {ladder.then_every}" if ladder.then_every else "")
        + (f"; escalated from day {ladder.escalate_from}" if ladder.escalate_from else ""),
    )


def _titles(regulation: Regulation) -> dict[str, str]:
    """What the address of a wording stands for."""
    found = {}
    for criterion in regulation.criteria:
        for item in (criterion, *criterion.indicators, *(c for i in criterion.indicators for c in i.contents)):
            found[f"criteria/{item.id}/wording"] = item.title
    return found | {f"pass_rules/{rule.id}": rule.title for rule in regulation.pass_rules}


def _flat(part: Any) -> str:
    return ", ".join(map(str, part)) if isinstance(part, list) else str(part)

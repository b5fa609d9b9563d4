"""What stands in the forms of one commune: its report, both score sheets, the opinions that it took in and answered."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.cycle.lifecycle import State
from models.law.calendar import spoken
from models.law.posting import CHANNEL_WORDS, Posted
from models.law.regulation import Content, Criterion, Indicator
from tasks.form_facts import CommuneFacts, CycleFacts, Rows
from tasks.form_notes import Notes, notes_on
from tasks.form_words import (
    VERDICTS,
    Context,
    criterion_line,
    declared,
    items_of,
    maximum_of,
    of_council,
    points,
    shortfalls_of,
    shown,
    total_words,
    verdict_of,
)

HANDLED = {"accepted": "Tiếp thu", "explained": "Giải trình"}
NOT_POSTED = "chưa ghi nhận trong hệ thống"


def report_of_commune(facts: CycleFacts, one: CommuneFacts) -> Context:
    verdict = verdict_of(one.own)
    notes, handed_in = notes_on(facts.law), facts.handed_in.get(one.unit.id)
    return {
        **_posting(facts, one),
        "opinions_count": _count_words(facts, one),
        "meeting": _meeting(facts, one),
        "explanation": handed_in.explanation if handed_in else "",
        "total_words": total_words(facts, verdict),
        "criteria": [criterion_line(facts, criterion, verdict, notes) for criterion in facts.law.regulation.criteria],
        "leader": _leader(one.own.leader_disciplined if one.own else None),
        "shortfalls": shortfalls_of(verdict),
        "undetermined": "; ".join(f"{item['subject']}: {item['why']}" for item in verdict.get("undetermined", [])[:8]),
        "declares_not_met": State(one.dossier.state) is State.DECLARED_NOT_MET or one.own is None or declared(one),
    }


def scorecard(facts: CycleFacts, one: CommuneFacts) -> Context:
    notes, verdict = notes_on(facts.law), verdict_of(one.own)
    officers = {str(row.get("place")): str(row.get("officer") or "") for row in facts.beside(one, "officers")}
    sums = _sums(one.own_rows, verdict)
    lines = [
        _own_line(item, one.own_rows, notes, sums) | {"officer": officers.get(item.id, "")}
        for item in items_of(facts, one.own_rows)
    ]
    return {"lines": lines, "total_words": total_words(facts, verdict)}


def _own_line(item: Criterion | Indicator | Content, rows: Rows, notes: Notes, sums: Mapping[str, str]) -> Context:
    row = rows.get(item.id)
    has_ratio = row is not None and row["part"] is not None
    return {
        "id": item.id,
        "title": item.title,
        "maximum": maximum_of(item, notes),
        "basis": f"{row['part']}/{row['whole']}" if row and has_ratio else "",
        "ratio": _percent(row) if row and has_ratio else "",
        "own": shown(row) or sums.get(item.id, ""),
        "strong": isinstance(item, Criterion),
    }


def _sums(rows: Rows, verdict: Mapping[str, Any]) -> dict[str, str]:
    """The points of criteria as the verdict has them, and of indicators that were answered by their contents."""
    found = {item["id"]: item["points"].replace(".", ",") for item in verdict.get("criteria", []) if item["points"]}
    parts: dict[str, list[Decimal]] = {}
    for row in rows.values():
        if row["content"] and row["points"] is not None:
            parts.setdefault(str(row["indicator"]), []).append(row["points"])
    return found | {indicator: points(sum(each, Decimal(0))) for indicator, each in parts.items()}


def _percent(row: Mapping[str, Any]) -> str:
    share = Decimal(row["part"]) * 100 / Decimal(row["whole"])
    return f"{share:.2f} %".replace(".", ",")


def opinions_on_drafts(facts: CycleFacts, one: CommuneFacts) -> Context:
    """What the commune's own workbook says of opinions; blank rows are left for those that came otherwise."""
    found = [
        {
            "number": number,
            "on": _day(row.get("on")),
            "sender": row.get("from") or "",
            "place": row.get("place") or "",
            "opinion": row.get("opinion") or "",
            "how": HANDLED.get(str(row.get("how")), ""),
            "answer": row.get("answer") or "",
        }
        for number, row in enumerate(facts.beside(one, "opinions"), start=1)
    ]
    return {**_posting(facts, one), "opinions": found, "opinions_count": _count_words(facts, one)}


def opinions_on_models(facts: CycleFacts, one: CommuneFacts) -> Context:
    found = [
        {
            "number": number,
            "model": row.get("model") or "",
            "asked": _whole(row.get("asked")),
            "collected": _whole(row.get("collected")),
            "effective": _whole(row.get("effective")),
            "share": _share(row.get("effective"), row.get("collected")),
            "note": row.get("note") or "",
            "blank": "",
        }
        for number, row in enumerate(facts.beside(one, "models"), start=1)
    ]
    return {"models": found}


def _posting(facts: CycleFacts, one: CommuneFacts) -> Context:
    postings = [_posted(posted) for posted in facts.posted.get(one.unit.id, ())]
    began, ended = facts.postings.get(one.unit.id, (None, None))
    span = f"từ {spoken(began)} đến {spoken(ended)}" if began and ended else NOT_POSTED
    return {"postings": postings, "posting": span}


def _posted(posted: Posted) -> str:
    until = f" đến {spoken(posted.ended)}" if posted.ended else ""
    times = f", phát {posted.times} lần" if posted.times else ""
    place = f" ({posted.place})" if posted.place else ""
    name = CHANNEL_WORDS[posted.channel].vi
    return f"tại {name[:1].lower()}{name[1:]}{place}: từ {spoken(posted.began)}{until}{times}"


def _meeting(facts: CycleFacts, one: CommuneFacts) -> str:
    row = next(iter(facts.beside(one, "meeting")), {})
    if not row.get("held_on"):
        return NOT_POSTED
    parts = [f"ngày {_day(row['held_on'])}"]
    parts += [f"chủ trì: {row['chaired_by']}"] if row.get("chaired_by") else []
    parts += [f"{_whole(row['attended'])} người dự"] if row.get("attended") else []
    parts += [f"biên bản {row['minutes']}"] if row.get("minutes") else []
    return ", ".join(parts)


def _count_words(facts: CycleFacts, one: CommuneFacts) -> str:
    if one.unit.id not in facts.handed_in:
        return NOT_POSTED
    return f"{len(facts.beside(one, 'opinions'))} ý kiến"


def _day(text: Any) -> str:
    return f"{date.fromisoformat(str(text)):%d/%m/%Y}" if text else ""


def _whole(number: Any) -> str:
    return "" if number is None else str(number).removesuffix(".0")


def _share(part: Any, whole: Any) -> str:
    if part is None or not whole:
        return ""
    return f"{Decimal(str(part)) * 100 / Decimal(str(whole)):.2f} %".replace(".", ",")


def appraised_scorecard(facts: CycleFacts, one: CommuneFacts) -> Context:
    notes, verdict = notes_on(facts.law), verdict_of(one.appraised)
    rows = {**one.own_rows, **one.appraised_rows}
    own, appraised = _sums(one.own_rows, verdict_of(one.own)), _sums(one.appraised_rows, verdict)
    lines = [
        {
            "id": item.id,
            "title": item.title,
            "maximum": maximum_of(item, notes),
            "own": shown(one.own_rows.get(item.id)) or own.get(item.id, ""),
            "appraised": shown(one.appraised_rows.get(item.id)) or appraised.get(item.id, ""),
            "strong": isinstance(item, Criterion),
            "reason": one.reasons.get(item.id, ""),
        }
        for item in items_of(facts, rows)
    ]
    return {
        **of_council(facts.districts.get(one.dossier.district_id or 0)),
        "lines": lines,
        "total_words": total_words(facts, verdict),
        "verdict": VERDICTS[one.appraised.meets if one.appraised else None],
        "shortfalls": shortfalls_of(verdict),
    }


def _leader(disciplined: bool | None) -> str:
    words = {True: "có người bị kỷ luật hoặc truy cứu trách nhiệm hình sự", False: "không có người bị xử lý"}
    return words.get(disciplined, "chưa cho biết") if disciplined is not None else "chưa cho biết"

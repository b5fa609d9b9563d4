"""What a commune handed in, as `tcpl dossier` tells it to a person: files, posting, supplements, cases, evidence."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from cli.answers import say


def tell_papers(console: Console, document: Mapping[str, Any]) -> None:
    """A few lines each; what there is none of is not mentioned."""
    papers = document["handed_in"]
    for one in papers["files"]:
        kind = say("tự nhận chưa đạt", "declares not met") if one["declares_not_met"] else say("đề nghị", "proposes")
        _line(
            console,
            f"{say('Bản nộp vòng', 'Handed in, round')} {one['round']}",
            f"{one['name']} · {one['at']:%d/%m/%Y %H:%M} · {kind} · {one['sha256'][:12]}",
        )
    _tell_posting(console, papers["posting"])
    for one in document["supplements"]:
        answered = one["answered_at"]
        state = (
            say(f"đã bổ sung {answered:%d/%m/%Y}", f"answered {answered:%d/%m/%Y}")
            if answered
            else say("đang chờ", "open")
        )
        items = "; ".join(f"{place}: {note}" for place, note in one["items"].items()) or one["notes"]
        _line(
            console,
            f"{say('Yêu cầu bổ sung lần', 'Supplement')} {one['number']}",
            f"{say('nhận', 'received')} {one['received_on']:%d/%m/%Y}, {state} – {items}",
        )
    for one in papers["late_days"]:
        listed = ", ".join(f"{holder['holder_words']} {holder['days']}" for holder in one["holders"])
        _line(console, say("Ngày trễ", "Late days"), f"{one['title']}: {listed}")
    _tell_findings(console, document["leaders"])
    _tell_evidence(console, document["evidence"])
    beside = ", ".join(f"{one['title']} ({len(one['rows'])})" for one in papers["beside"])
    if beside:
        _line(console, say("Trong bản nộp cuối còn có", "The last file also holds"), beside)


def _tell_posting(console: Console, posting: Mapping[str, Any]) -> None:
    for one in posting["postings"]:
        to = f"{one['to']:%d/%m/%Y}" if one["to"] else "…"
        times = say(f", {one['times']} lần", f", {one['times']} times") if one["times"] else ""
        text = f"{one['channel_words']} {one['from']:%d/%m/%Y} – {to}{times} {one['place']}"
        _line(console, say("Niêm yết", "Posted"), text.strip())
    enough = {True: say("đủ theo quy định", "enough"), False: say("chưa đủ", "not enough")}.get(posting["satisfied"])
    if enough:
        _line(console, say("Niêm yết", "Posting"), "; ".join([enough, *posting["wanting"], *posting["warnings"]]))


def _tell_findings(console: Console, findings: list[Mapping[str, Any]]) -> None:
    for one in findings:
        text = f"{one['role']}, {one['measure']} ({one['document']}): {one['why']}"
        _line(console, say("Trường hợp người đứng đầu", "Case about a head"), text)


def _tell_evidence(console: Console, evidence: list[Mapping[str, Any]]) -> None:
    for one in evidence:
        signed = " · ".join(signature["finding"] for signature in one["signatures"])
        _line(
            console,
            say("Minh chứng", "Evidence"),
            f"{one['place']}: {one['name']}{' – ' if signed else ''}{signed}",
        )


def _line(console: Console, head: str, text: str) -> None:
    console.print(f"[bold]{head}[/]: {escape(text)}")

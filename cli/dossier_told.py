"""What review and decision left on a dossier, told to a person: council, decisions, what was granted, complaints."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import Console

from cli.answers import say


def tell_review(console: Console, document: Mapping[str, Any]) -> None:
    """Only what is there is told; a dossier without a decision has no line about one."""
    for lines in (_council, _returned, _decisions, _granted, _complaints, _earlier):
        for line in lines(document):
            console.print(line, markup=False)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"


def _council(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["council"]:
        present = f"{one['attended']}/{one['members']}"
        how = present if one["track"] != "written" else say("bằng văn bản", "in writing")
        written = (
            f", {len(one['opinions'])} {say('ý kiến bằng văn bản', 'written opinions')}" if one["opinions"] else ""
        )
        yield f"{say('Hội đồng', 'Council')} {_day(one['held_on'])}: {how}{written}; {one['minutes']}"


def _returned(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["returned"]:
        yield f"{say('Trả lại để chấm lại', 'Returned')} {one['indicator']}: {one['reason']} ({one['by']})"


def _decisions(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["decisions"]:
        verdict = say("đạt chuẩn", "recognised") if one["recognised"] else say("chưa đạt chuẩn", "not recognised")
        yield f"{say('Quyết định', 'Decision')} {one['number']} ({_day(one['signed_on'])}, {one['signer']}): {verdict}"
        yield from (f"  – {remark}" for remark in _remarks(one))


def _remarks(one: Mapping[str, Any]) -> Iterator[str]:
    if one["contrary_ground"]:
        yield f"{say('KHÁC KẾT LUẬN THEO QUY ĐỊNH', 'CONTRARY TO THE RULE')}: {one['contrary_ground']}"
    if one["replaces"]:
        yield f"{say('thay thế', 'supersedes')} {one['replaces']}: {one['reason']} ({one['authority']})"
    if one["replaced_by"]:
        yield f"{say('bị thay thế bởi', 'superseded by')} {one['replaced_by']}"
    if one["told"]:
        named = "; ".join(f"{each['unit']} ({each['actor_words']})" for each in one["told"])
        yield f"{say('đã báo cho', 'told')}: {named}"
    if one["publish_by"]:
        done = _day(one["published_on"]) if one["published_on"] else say("CHƯA", "NOT YET")
        yield f"{say('công khai', 'published')}: {done} ({say('hạn', 'by')} {_day(one['publish_by'])})"
    if one["file_name"]:
        yield f"{say('tệp', 'file')}: {one['file_name']}"
    yield from one["signatures"]


def _granted(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["granted"]:
        parts = [one["kind_words"], one["step"], one["places"]]
        parts.append(f"{say('đến', 'until')} {_day(one['until'])}" if one["until"] else "")
        parts.append(f"{one['days']} {say('ngày', 'days')}" if one["days"] else "")
        said = " ".join(part for part in parts if part)
        ground = f"{one['document']}, {one['reason']} ({one['authority']})"
        yield f"{say('Địa phương cho', 'Granted (local)')}: {said}; {ground}"


def _complaints(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["complaints"]:
        settled = f"{one['settlement']}: {one['outcome']}" if one["settlement"] else say("chưa giải quyết", "open")
        yield f"{one['kind_words']} {one['number']} ({_day(one['received_on'])}): {one['about']} → {settled}"


def _earlier(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["earlier_results"]:
        verdict = say("đạt", "recognised") if one["recognised"] else say("chưa đạt", "not recognised")
        yield f"{say('Kết quả năm', 'Result of')} {one['year']}: {verdict}, {one['decision']} ({one['source']})"

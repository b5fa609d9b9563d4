"""A regulation as a person reads it on the screen: criteria, conditions, steps; each value with its mark."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import manner, say
from models.law.documents import known_by, marks_document, points_of
from models.law.marks import MARK_WORDS, LegalValue, Mark
from models.law.regulation import (
    ACTOR_WORDS,
    STAGE_WORDS,
    Content,
    Criterion,
    EvaluationYears,
    Indicator,
    Pause,
    Regulation,
    StageSpec,
)
from models.law.spoken_rules import spoken_rule

_COLOURS = {Mark.CONFIRMED: "green", Mark.INFERRED: "green", Mark.LOCAL: "cyan", Mark.NOT_YET_READ: "red"}
"""The other marks are yellow: enough for a trial, not for an official cycle."""


def tell_list(console: Console, regulations: Sequence[Regulation], pauses: Sequence[Pause]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        say("Mã", "Id"),
        say("Năm đánh giá", "Years"),
        say("Văn bản", "Text"),
        say("Các giá trị", "Values"),
    ):
        table.add_column(heading, overflow="fold")
    for each in regulations:
        table.add_row(each.id, _years(each.evaluation_years), escape(each.title), _marks(each))
    for pause in pauses:
        reason = pause.reason if manner.language == "vi" else pause.reason_en or pause.reason
        table.add_row("—", str(pause.year), f"[yellow]{escape(reason)}[/]", _mark(pause))
    console.print(table)


def tell_regulation(console: Console, regulation: Regulation) -> None:
    console.print(f"[bold]{escape(regulation.title)}[/]  [dim]{regulation.id}[/]")
    authority = ACTOR_WORDS[regulation.authority.decides].to(manner.language)
    console.print(f"{say('Năm đánh giá', 'Evaluation years')}: {_years(regulation.evaluation_years)}")
    console.print(f"{say('Người quyết định', 'Decides')}: {authority} · {_mark(regulation.authority)}")
    console.print(f"{say('Các giá trị', 'Values')}: {_marks(regulation)}")
    if regulation.why_not:
        console.print(f"[yellow]{escape(regulation.why_not)}[/]")
    console.print()
    console.print(_criteria(regulation))
    console.print(_pass_rules(regulation))
    for spec in regulation.stages:
        console.print(_stage(spec))


def _criteria(regulation: Regulation) -> Table:
    table = _table(say("Tiêu chí, chỉ tiêu", "Criteria and indicators"))
    table.add_column("", no_wrap=True)
    table.add_column("", ratio=6)
    table.add_column(say("Tối đa", "Max"), justify="right")
    table.add_column(say("Mức độ tin cậy", "How sure"), ratio=2)
    for criterion in regulation.criteria:
        _row(table, criterion, "bold")
        for indicator in criterion.indicators:
            _row(table, indicator, "")
            for content in indicator.contents:
                _row(table, content, "dim")
    return table


def _row(table: Table, item: Criterion | Indicator | Content, style: str) -> None:
    table.add_row(item.id, escape(item.title), points_of(item) or "", _mark(known_by(item)), style=style)


def _pass_rules(regulation: Regulation) -> Table:
    table = _table(say("Điều kiện công nhận", "Conditions for recognition"))
    table.add_column("", ratio=6)
    table.add_column(say("Căn cứ", "Ground"), ratio=3)
    table.add_column(say("Mức độ tin cậy", "How sure"), ratio=2)
    for rule in regulation.pass_rules:
        table.add_row(escape(rule.title), _ground(rule), _mark(rule))
    return table


def _stage(spec: StageSpec) -> Table:
    table = _table(STAGE_WORDS[spec.stage].to(manner.language))
    table.add_column(say("Bước", "Step"), ratio=4)
    table.add_column(say("Ai làm", "Who"), ratio=2)
    table.add_column(say("Thời hạn", "Deadline"), ratio=3)
    table.add_column(say("Căn cứ", "Ground"), ratio=2)
    for step in spec.steps:
        name = f"{escape(step.title)}\n[dim]{step.id}[/]"
        rule = step.deadline
        when = _mark(rule)
        if rule.mark is not Mark.NOT_YET_READ:
            when = f"{escape(spoken_rule(rule).to(manner.language))}\n{when}"
        table.add_row(name, ACTOR_WORDS[step.actor].to(manner.language), when, _ground(step.performed))
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=True)


def _years(years: EvaluationYears) -> str:
    return f"{years.first}–{years.to}" if years.to else say(f"từ {years.first}", f"from {years.first}")


def _ground(value: LegalValue) -> str:
    if value.citation is None:
        return _mark(value)
    parts = (value.citation.article, value.citation.text)
    return escape(", ".join(part for part in parts if part))


def _mark(value: LegalValue) -> str:
    return _coloured(value.mark, MARK_WORDS[value.mark].to(manner.language))


def _marks(regulation: Regulation) -> str:
    counts = marks_document(regulation)
    said = [
        _coloured(mark, f"{counts[mark]} {MARK_WORDS[mark].to(manner.language)}") for mark in Mark if mark in counts
    ]
    return " · ".join(said)


def _coloured(mark: Mark, text: str) -> str:
    colour = _COLOURS.get(mark, "yellow")
    return f"[{colour}]{escape(text)}[/]"

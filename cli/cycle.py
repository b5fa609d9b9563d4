"""`tcpl open`, `tcpl status`: open a cycle, and see where the year stands."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.answers import answer, manner, say
from cli.days import day_or_refusal
from models.law.regulation import STAGE_WORDS, Stage
from models.records import programme_board
from models.records.status_document import cycles_on_board
from tasks import clock
from tasks.database import reading

Province = Annotated[str, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")]
Year = Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]


def add_to(app: typer.Typer) -> None:
    app.command("open", help="Mở kỳ đánh giá · open a cycle")(open_)
    app.command("status", help="Bảng điều hành · where the year stands")(status)


def open_(
    province: Province,
    year: Year,
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE", help="kế hoạch của tỉnh · the plan")] = None,
    trial: Annotated[bool, typer.Option("--trial", help="kỳ thử nghiệm · a trial, not official")] = False,
) -> None:
    from tasks.contacts import offices_without_contact
    from tasks.opening import open_cycle

    opened = open_cycle(province, year, trial=trial, plan_file=plan)
    document = {
        **opened.__dict__,
        "offices_without_contact": len(offices_without_contact(province, year, clock.today())),
    }
    answer(document, lambda console: _tell_opened(console, document))


def status(
    province: Annotated[str | None, typer.Option("--province", metavar="CODE")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="tính đến ngày · as of a day")] = None,
) -> None:
    day = day_or_refusal(on) if on else clock.today()
    with reading() as session:
        found = cycles_on_board(session, province, year, day)
    answer({"on": day, "cycles": found}, lambda console: _tell_status(console, found, day))


def _tell_opened(console: Console, opened: dict[str, Any]) -> None:
    kind = say("thử nghiệm", "trial") if opened["trial"] else say("chính thức", "official")
    verb = say("Đã mở", "Opened") if opened["created"] else say("Đã mở từ trước", "Was open already")
    console.print(
        f"[bold green]✓[/] {verb}: {say('kỳ', 'cycle')} {kind} {opened['year']}, {opened['communes']} "
        f"{say('đơn vị cấp xã, theo', 'communes, under')} {opened['regulation']} "
        f"({say('bản', 'version')} {opened['law_version']}, {opened['hash'][:12]})"
    )
    if opened["offices_without_contact"]:
        count, words = opened["offices_without_contact"], f"tcpl contacts missing --province {opened['province']}"
        console.print(
            say(
                f"[yellow]![/] {count} cơ quan chưa có đầu mối liên hệ: `{words} --year {opened['year']}`.",
                f"[yellow]![/] {count} offices have no contact: `{words} --year {opened['year']}`.",
            )
        )


def _tell_status(console: Console, cycles: list[dict[str, Any]], day: date) -> None:
    if not cycles:
        console.print(say("Chưa có kỳ đánh giá nào. Mở bằng `tcpl open`.", "No cycle yet. Open one: `tcpl open`."))
    for cycle in cycles:
        trial = say(" · THỬ NGHIỆM", " · TRIAL") if cycle["trial"] else ""
        console.print(f"\n[bold]{cycle['name']} {cycle['year']}{trial}[/] · {day:%d/%m/%Y}\n")
        console.print(_board(cycle["stages"]))
        behind = [(stage, code, counts) for stage in cycle["stages"] for code, counts in _behind(stage)]
        for stage, code, counts in behind:
            name = cycle["districts"].get(code, cycle["name"])
            word = STAGE_WORDS[Stage(stage["stage"])].to(manner.language)
            console.print(f"  {_said(counts)}: {name} [dim]({word})[/]")
        met, unmet = cycle["outcomes"]["recognised"], cycle["outcomes"]["not_recognised"]
        _tell_programme(console, cycle["programme"])
        if met or unmet:
            console.print(say(f"\nĐạt chuẩn {met} · chưa đạt {unmet}", f"\nRecognised {met} · not recognised {unmet}"))


def _said(counts: dict[str, int]) -> str:
    late = f"[bold red]{counts['overdue']}[/] {say('quá hạn', 'overdue')}" if counts["overdue"] else ""
    near = f"[yellow]{counts['at_risk']}[/] {say('sắp đến hạn', 'at risk')}" if counts["at_risk"] else ""
    return ", ".join(filter(None, (late, near)))


def _behind(stage: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """The districts with something overdue or at risk, the worst first."""
    found = [(code, counts) for code, counts in stage["by_district"].items() if counts["overdue"] or counts["at_risk"]]
    return sorted(found, key=lambda item: (-item[1]["overdue"], -item[1]["at_risk"], item[0]))


def _board(stages: list[dict[str, Any]]) -> Table:
    heads = (
        *(say("Hạn cuối", "Last day"), say("Chưa mở", "Not begun"), say("Đang làm", "In work")),
        *(say("Sắp hạn", "At risk"), say("Quá hạn", "Overdue"), say("Đúng hạn", "On time"), say("Trễ", "Late")),
    )
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(say("Giai đoạn", "Stage"), no_wrap=True)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for stage in stages:
        last = f"{stage['last_day']:%d/%m/%Y}" if stage["last_day"] else "—"
        names = ("not_started", "in_progress", "at_risk", "overdue", "done_on_time", "done_late")
        counts = [_shown(name, stage[name]) for name in names]
        table.add_row(STAGE_WORDS[Stage(stage["stage"])].to(manner.language), last, *counts)
    return table


def _shown(name: str, count: int) -> str:
    if not count:
        return "[dim]0[/]"
    return f"[bold red]{count}[/]" if name == "overdue" else f"[yellow]{count}[/]" if name == "at_risk" else str(count)


def _tell_programme(console: Console, found: dict[str, Any]) -> None:
    if found["total"]:
        names = ("overdue", "at_risk", "in_progress", "not_started", "done_on_time", "done_late", "carried_over")
        parts = [
            f"{programme_board.said_standing(name, manner.language)} {found[name]}" for name in names if found[name]
        ]
        console.print(f"{say('Chương trình công tác', 'Work programme')} ({found['total']}): {' · '.join(parts)}")

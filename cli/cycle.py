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
from models.records import board, programme_board
from models.records.cycles import Cycle, law_of
from models.records.units import Unit
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
    from tasks.opening import open_cycle

    opened = open_cycle(province, year, trial=trial, plan_file=plan)
    answer(opened.__dict__, lambda console: _tell_opened(console, opened.__dict__))


def status(
    province: Annotated[str | None, typer.Option("--province", metavar="CODE")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="tính đến ngày · as of a day")] = None,
) -> None:
    day = day_or_refusal(on) if on else clock.today()
    found = cycles_on_board(province, year, day)
    answer({"on": day, "cycles": found}, lambda console: _tell_status(console, found, day))


def cycles_on_board(province: str | None, year: int | None, day: date) -> list[dict[str, Any]]:
    """The board of each cycle asked for, as of a day."""
    from sqlalchemy import select

    with reading() as session:
        query = select(Cycle, Unit).join(Unit, Unit.id == Cycle.province_id).order_by(Cycle.year, Unit.code)
        if province:
            query = query.where(Unit.code == province)
        if year:
            query = query.where(Cycle.year == year)
        return [
            {
                "province": unit.code,
                "name": unit.name,
                "year": cycle.year,
                "trial": cycle.trial,
                "opened_on": cycle.opened_on,
                "closed_on": cycle.closed_on,
                "outcomes": board.outcomes(session, cycle.id),
                "overdue": board.overdue_on(session, cycle.id, day),
                "stages": [_stage(found) for found in board.figures(session, cycle, law_of(session, cycle), day)],
                "districts": board.district_names(session, cycle.id),
                "programme": programme_board.figures_on(session, cycle.id, day),
            }
            for cycle, unit in session.execute(query).all()
        ]


def _stage(found: board.StageFigures) -> dict[str, Any]:
    return {
        "stage": str(found.stage),
        "opened_on": found.opened_on,
        "closed_on": found.closed_on,
        "last_day": found.last_day,
        **found.all.__dict__,
        "by_district": {code or "": counts.__dict__ for code, counts in found.by_district.items()},
    }


def _tell_opened(console: Console, opened: dict[str, Any]) -> None:
    kind = say("thử nghiệm", "trial") if opened["trial"] else say("chính thức", "official")
    verb = say("Đã mở", "Opened") if opened["created"] else say("Đã mở từ trước", "Was open already")
    console.print(
        f"[bold green]✓[/] {verb}: {say('kỳ', 'cycle')} {kind} {opened['year']}, {opened['communes']} "
        f"{say('đơn vị cấp xã, theo', 'communes, under')} {opened['regulation']} "
        f"({say('bản', 'version')} {opened['law_version']}, {opened['hash'][:12]})"
    )


def _tell_status(console: Console, cycles: list[dict[str, Any]], day: date) -> None:
    if not cycles:
        console.print(say("Chưa có kỳ đánh giá nào. Mở bằng `tcpl open`.", "No cycle yet. Open one: `tcpl open`."))
    for cycle in cycles:
        trial = say(" · THỬ NGHIỆM", " · TRIAL") if cycle["trial"] else ""
        table = Table(title=f"{cycle['name']} {cycle['year']}{trial} · {day:%d/%m/%Y}")
        heads = ("Giai đoạn", "Hạn cuối", "Chưa bắt đầu", "Đang làm", "Sắp đến hạn", "Quá hạn", "Đúng hạn", "Trễ hạn")
        english = ("Stage", "Last day", "Not started", "In progress", "At risk", "Overdue", "On time", "Late")
        for head in english if manner.language == "en" else heads:
            table.add_column(head, justify="left" if head in ("Giai đoạn", "Stage") else "right")
        for stage in cycle["stages"]:
            last = f"{stage['last_day']:%d/%m/%Y}" if stage["last_day"] else "—"
            names = ("not_started", "in_progress", "at_risk", "overdue", "done_on_time", "done_late")
            counts = [str(stage[name]) for name in names]
            table.add_row(STAGE_WORDS[Stage(stage["stage"])].to(manner.language), last, *counts)
        console.print(table)
        _tell_programme(console, cycle["programme"])


def _tell_programme(console: Console, found: dict[str, Any]) -> None:
    if found["total"]:
        names = ("overdue", "at_risk", "in_progress", "not_started", "done_on_time", "done_late", "carried_over")
        parts = [
            f"{programme_board.said_standing(name, manner.language)} {found[name]}" for name in names if found[name]
        ]
        console.print(f"{say('Chương trình công tác', 'Work programme')} ({found['total']}): {' · '.join(parts)}")

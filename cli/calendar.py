"""`tcpl calendar show / feed`: whether days are working days, and why; the deadlines as a calendar feed."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.amendments import add_days
from cli.answers import answer, manner, say
from cli.days import day_or_refusal
from models.law.calendar import Day, spoken
from models.words import Words
from tasks.calendar_days import shipped_calendar
from tasks.settings import Settings

_WEEKDAYS = (
    *(Words("Thứ Hai", "Monday"), Words("Thứ Ba", "Tuesday"), Words("Thứ Tư", "Wednesday")),
    *(Words("Thứ Năm", "Thursday"), Words("Thứ Sáu", "Friday"), Words("Thứ Bảy", "Saturday")),
    Words("Chủ nhật", "Sunday"),
)


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Lịch làm việc · the office's calendar")
    group.callback()(_calendar)
    group.command("show", help="Ngày làm việc hay ngày nghỉ, vì sao · works or rests, and why")(show)
    group.command("feed", help="Lịch hạn dạng .ics · the deadlines as an .ics")(feed)
    group.command("add", help="Ghi ngày nghỉ, ngày làm bù · record an official change")(add_days)
    app.add_typer(group, name="calendar")


def _calendar() -> None:
    """With a callback, Typer keeps `show` as a word of its own while it is the only command."""


def show(
    days: Annotated[list[str], typer.Argument(metavar="DATE ...", help="ngày, dạng 2026-01-10 · ISO days only")],
) -> None:
    asked = [day_or_refusal(text) for text in days]
    calendar = shipped_calendar(Settings().regulations)  # pyright: ignore[reportCallIssue]
    found = [calendar.day(day) for day in asked]
    answer({"days": [_document(day) for day in found]}, lambda console: _tell(console, found))


def feed(
    province: Annotated[str, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")],
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="chỉ của một đơn vị · one unit's")] = None,
) -> None:
    from models.records.feeds import feed as feed_of
    from tasks.database import reading

    settings = Settings()  # pyright: ignore[reportCallIssue]
    with reading(settings) as session:
        text = feed_of(session, province, year, unit, manner.language, settings.public_address)
    answer({"ics": text}, lambda _: print(text, end=""))


def _document(day: Day) -> dict[str, Any]:
    language = manner.language
    return {
        "date": day.date,
        "working": day.working,
        "reason": day.reason.to(language),
        "source": day.source.to(language),
        "document": day.document,
    }


def _tell(console: Console, days: Sequence[Day]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (say("Ngày", "Day"), "", say("Lý do", "Reason"), say("Nguồn", "Source")):
        table.add_column(heading)
    for day in days:
        works = f"[green]{say('làm việc', 'works')}[/]" if day.working else f"[yellow]{say('nghỉ', 'rests')}[/]"
        weekday = _WEEKDAYS[day.date.weekday()].to(manner.language)
        reason, source = day.explained().to(manner.language), day.source.to(manner.language)
        table.add_row(f"{weekday} {spoken(day.date)}", works, escape(reason), f"[dim]{escape(source)}[/]")
    console.print(table)

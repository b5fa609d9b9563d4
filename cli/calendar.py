"""`tcpl calendar show`: whether days are working days, and why."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say
from models.errors import Refusal
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


def day_or_refusal(text: str) -> date:
    """The day of `2026-01-10`. Raises Refusal for any other way of writing it, and for a day that does not exist."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # 30 February is said below
    shown = text.encode(errors="replace").decode()[:60]
    raise Refusal(
        "impossible-date",
        Words(f"“{shown}” không phải là một ngày có thật.", f"'{shown}' is an impossible date."),
        Words(
            "Ngày được ghi dạng năm-tháng-ngày (ISO) và phải có trong lịch.",
            "A date is written year-month-day (ISO) and must exist.",
        ),
        Words("Ghi lại, ví dụ: 2026-01-10.", "Write it again, for instance: 2026-01-10."),
    )


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

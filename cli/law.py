"""`tcpl law`: which regulations there are, what one says and how sure that is, whether the files hold together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.amendments import confirm
from cli.answers import answer, aside, manner, say
from cli.given_law import given_law
from cli.law_tables import tell_list, tell_regulation
from models.errors import LawRefusal, Refusal
from models.law.documents import governing_document, regulation_document, summary_document
from models.law.marks import MARK_WORDS
from models.law.regulation import Regulation
from models.law.years import NotEvaluated, regulation_for_year
from models.words import Words
from tasks.law_check import Checked, check_folder
from tasks.law_files import load_pauses, load_regulations
from tasks.settings import Settings

EARLIEST, LATEST = 1900, 2200


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Văn bản quy định · the law as data")
    group.command("list", help="Các văn bản và năm đánh giá áp dụng · regulations and their years")(list_)
    group.command("show", help="Toàn bộ một văn bản · all of one regulation")(show)
    group.command("check", help="Kiểm tra các tệp luật, kế hoạch · validates files, with line and remedy")(check)
    group.command("for-year", help="Văn bản áp dụng cho một năm · which regulation governs a year")(for_year)
    group.command("confirm", help="Xác nhận một giá trị cho kỳ đang mở · confirm a value for an open cycle")(confirm)
    app.add_typer(group, name="law")


def list_() -> None:
    folder = _folder()
    regulations, pauses = load_regulations(folder), load_pauses(folder)
    document = {
        "regulations": [summary_document(regulation) for regulation in regulations],
        "pauses": [pause.model_dump(mode="json") for pause in pauses],
    }
    answer(document, lambda console: tell_list(console, regulations, pauses))


def show(regulation_id: Annotated[str, typer.Argument(metavar="ID", help="ví dụ · e.g. qd-25-2021")]) -> None:
    law, _ = given_law(regulation_id, None)
    answer(regulation_document(law.regulation), lambda console: tell_regulation(console, law.regulation))


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="thư mục văn bản hoặc tệp kế hoạch · a folder, or a plan's file"),
    ] = None,
) -> None:
    try:
        checked = check_folder(folder or _folder())
    except LawRefusal as refusal:
        if manner.as_json or "faults" not in refusal.details:
            raise
        _tell_faults(aside(), refusal.details["faults"])
        raise typer.Exit(refusal.exit_status) from refusal
    document = {
        "ok": True,
        "regulations": [regulation.id for regulation in checked.regulations],
        "pauses": list(checked.pauses),
        "plans": list(checked.plans),
        "faults": [],
    }
    answer(document, lambda console: _tell_checked(console, checked))


def for_year(year: Annotated[int, typer.Argument(metavar="YEAR", help="năm đánh giá · evaluation year")]) -> None:
    if not EARLIEST <= year <= LATEST:
        raise _impossible_year(year)
    folder = _folder()
    found = regulation_for_year(load_regulations(folder), load_pauses(folder), year)
    answer(governing_document(year, found, manner.language), lambda console: _tell_governing(console, found))


def _folder() -> Path:
    return Settings().regulations  # pyright: ignore[reportCallIssue]


def _tell_governing(console: Console, found: Regulation | NotEvaluated) -> None:
    if isinstance(found, Regulation):
        console.print(f"[bold]{found.id}[/]  {escape(found.title)}")
        mark, source = MARK_WORDS[found.evaluation_years.mark], found.evaluation_years.source
        console.print(f"[dim]{mark.to(manner.language)}: {escape(source)}[/]")
        if found.why_not:
            console.print(escape(found.why_not))
        return
    console.print(f"[bold yellow]{say('Không đánh giá', 'Not evaluated')}[/] · {found.year}")
    console.print(escape(found.reason.to(manner.language)))
    for source in found.sources:
        console.print(f"  [dim]· {escape(source)}[/]")
    note = f" · {escape(found.note)}" if found.note else ""
    console.print(f"[dim]{MARK_WORDS[found.mark].to(manner.language)}{note}[/]")


def _tell_checked(console: Console, checked: Checked) -> None:
    console.print(f"[bold green]✓[/] {say('Các tệp hợp lệ và khớp nhau.', 'The files are valid and agree.')}")
    for heading, names in (
        (say("văn bản", "regulations"), [regulation.id for regulation in checked.regulations]),
        (say("năm tạm dừng", "pauses"), [str(year) for year in checked.pauses]),
        (say("kế hoạch", "plans"), list(checked.plans)),
    ):
        if names:
            console.print(f"  {heading}: {escape(', '.join(names))}")


def _tell_faults(console: Console, faults: Sequence[dict[str, Any]]) -> None:
    count = len(faults)
    console.print(f"[bold red]✗[/] {say(f'Có {count} lỗi.', f'{count} fault(s).')}")
    for fault in faults:
        line = say(f", dòng {fault['line']}", f", line {fault['line']}") if fault["line"] else ""
        what, why, do = (escape(fault[key].to(manner.language)) for key in ("what", "why", "do"))
        console.print(f"\n[bold]{escape(fault['file'])}{line}[/]\n  {what}\n  [dim]{why}[/]\n  [bold]→[/] {do}")


def _impossible_year(year: int) -> Refusal:
    return Refusal(
        "impossible_year",
        Words(f"{year} không phải là một năm đánh giá.", f"{year} is no evaluation year."),
        Words(
            f"Năm đánh giá nằm trong khoảng {EARLIEST}-{LATEST}.", f"An evaluation year is within {EARLIEST}-{LATEST}."
        ),
        Words("Nhập năm dương lịch gồm bốn chữ số, ví dụ 2024.", "Give a year of four digits, such as 2024."),
    )

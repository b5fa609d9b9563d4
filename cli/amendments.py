"""`tcpl plan amend`, `tcpl law confirm`, `tcpl calendar add`: what changes the dates of open cycles."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import By, Document, On, Province, Trial, Year, hand_of, place_of
from cli.answers import answer, say
from cli.days import day_or_refusal
from tasks import clock

DryRun = Annotated[bool, typer.Option("--dry-run", help="chỉ xem hạn nào dời · only show which dates would move")]
PastToo = Annotated[bool, typer.Option("--past-too", help="dời cả hạn đã qua · days that have passed move too")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Kế hoạch của tỉnh · the provincial plan")
    group.callback()(_plan)
    group.command("amend", help="Sửa kế hoạch của kỳ đang mở · amend the plan of an open cycle")(amend)
    app.add_typer(group, name="plan")


def _plan() -> None:
    """With a callback, Typer keeps `amend` as a word of its own while it is the only command."""


def amend(
    province: Province,
    year: Year,
    plan: Annotated[Path, typer.Option("--plan", metavar="FILE", help="kế hoạch mới · the new plan")],
    document: Document,
    by: By,
    dry_run: DryRun = False,
    past_too: PastToo = False,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.amending import Amending, amend_plan

    hand = hand_of(by, on, document)
    done = amend_plan(place_of(province, year, trial), plan, hand, Amending(dry_run, past_too))
    answer(done, lambda console: tell(console, done))


def confirm(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="ví dụ · for instance criteria/2.1/maximum")],
    province: Province,
    year: Year,
    document: Document,
    page: Annotated[str, typer.Option("--page", metavar="PAGE", help="trang · the page")],
    by: By,
    value: Annotated[
        str | None, typer.Option("--value", metavar="NAME=VALUE", help="không ghi: như đang có · else: as it stands")
    ] = None,
    dry_run: DryRun = False,
    past_too: PastToo = False,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.amending import Amending, as_confirmation, confirm_value

    hand = hand_of(by, on, document)
    read_on = day_or_refusal(on) if on else clock.today()
    read = as_confirmation(address, value, document, page, by, read_on)
    done = confirm_value(place_of(province, year, trial), read, hand, Amending(dry_run, past_too))
    answer(done, lambda console: tell(console, done))


def add_days(
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="từ ngày · from")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="đến ngày · to")],
    works: Annotated[bool, typer.Option("--works/--rests", help="làm việc, nghỉ · works or rests")],
    document: Document,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="lý do · why")] = "",
    dry_run: DryRun = False,
    past_too: PastToo = False,
    on: On = None,
) -> None:
    from tasks.amending import Amending
    from tasks.calendar_changes import Change, change_calendar

    change = Change(day_or_refusal(first), day_or_refusal(last), works, document, reason, by)
    done = change_calendar(change, hand_of(by, on, document), Amending(dry_run, past_too))

    def told(console: Console) -> None:
        for cycle in done["cycles"]:
            tell(console, cycle)
        if not done["cycles"]:
            console.print(say("Không có kỳ nào đang mở.", "No cycle is open."))

    answer(done, told)


def tell(console: Console, done: dict[str, Any]) -> None:
    """Which dates moved, or would."""
    trial = say(" THỬ NGHIỆM", " TRIAL") if done["trial"] else ""
    head = say(f"Kỳ {done['year']}{trial}", f"Cycle {done['year']}{trial}")
    if not done["changed"]:
        console.print(say(f"[bold]=[/] {head}: không có gì thay đổi.", f"[bold]=[/] {head}: nothing changes."))
        return
    moved = [*done["moved"], *done["tasks"]]
    count = len(moved)
    if done["dry_run"]:
        console.print(say(f"{head}: sẽ dời {count} hạn (chưa ghi gì).", f"{head}: {count} dates would move."))
    else:
        version = done["law_version"]
        console.print(
            say(
                f"[green]✓[/] {head}: bản {version} của quy định, {count} hạn được dời.",
                f"[green]✓[/] {head}: version {version} of its law, {count} dates moved.",
            )
        )
    for one in moved[:40]:
        past = say(" (đã qua)", " (passed)") if one["passed"] else ""
        was, now = (f"{day:%d/%m/%Y}" if day else "—" for day in (one["was"], one["now"]))
        what = " ".join(part for part in (one["step"], one["occasion"]) if part)
        console.print(escape(f"  {one['code']} {one['name']} · {what}: {was} → {now}{past}"))
    if count > 40:
        console.print(say(f"  … và {count - 40} hạn khác (--json)", f"  … and {count - 40} more (--json)"))

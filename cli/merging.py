"""`tcpl units merge`, `tcpl units results`: files and remedies of merged units, results over the lineage."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import By, Document, On, Province, Trial, Year, hand_of, place_of
from cli.answers import answer, say
from cli.days import day_or_refusal
from tasks import clock


def merge(
    province: Province,
    year: Year,
    source: Annotated[list[str], typer.Option("--from", metavar="CODE", help="đơn vị cũ, lặp lại được · old unit(s)")],
    successor: Annotated[str, typer.Option("--to", metavar="CODE", help="đơn vị mới · the new unit")],
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="ngày đầu của đơn vị mới · its first day")],
    document: Document,
    by: By,
    carry: Annotated[
        str | None, typer.Option("--carry", metavar="CODE", help="hồ sơ được chuyển tiếp · whose file goes on")
    ] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import merging

    hand = hand_of(by, on, document)
    done = merging.merge(place_of(province, year, trial), source, successor, carry, day_or_refusal(since), hand)
    answer(done, lambda console: _tell(console, done))


def results(
    code: Annotated[str, typer.Argument(metavar="CODE", help="mã đơn vị cấp xã · the commune's code")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE")] = None,
) -> None:
    from tasks import merging

    found = merging.results(code, day_or_refusal(on) if on else clock.today())
    answer(found, lambda console: _tell_results(console, found))


def _tell(console: Console, done: dict[str, Any]) -> None:
    if not done["new"]:
        console.print(say("[bold]=[/] Đã ghi từ trước, không đổi gì.", "[bold]=[/] Recorded before, nothing changed."))
        return
    for key, words in (
        ("closed", say("hồ sơ đóng", "files closed")),
        ("carried", say("hồ sơ chuyển tiếp", "files carried on")),
        ("decided", say("đã có kết quả, giữ ở đơn vị cũ", "decided, stays with the old unit")),
        ("remedies", say("việc khắc phục chuyển sang đơn vị mới", "remedies now owed by the new unit")),
        ("tasks", say("việc của kế hoạch chuyển sang đơn vị mới", "plan tasks now owed by the new unit")),
    ):
        if done[key]:
            console.print(f"[green]✓[/] {words}: {', '.join(map(str, done[key]))}")
    console.print(say(f"Cần đầu mối liên hệ của {done['into']}.", f"Contacts of {done['into']} are asked for."))


def _tell_results(console: Console, found: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(found['code'])} {escape(found['name'])}[/]")
    for one in found["results"]:
        word = say("đạt chuẩn", "recognised") if one["recognised"] else say("chưa đạt", "not recognised")
        whose = "" if one["own"] else say(f" — của {one['name']} (đơn vị cũ)", f" — of {one['name']} (a former unit)")
        trial = say(" · thử nghiệm", " · trial") if one["trial"] else ""
        paper = say(" · theo {}, {}", " · by {}, {}").format(one["decision"], one["source"]) if one["decision"] else ""
        console.print(f"  {one['year']}: {word}{escape(whose + paper)}{trial}")
    if not found["results"]:
        console.print(say("  chưa có kết quả", "  no result yet"))

"""`tcpl complaint`: kiến nghị, phản ánh, khiếu nại about an evaluation, from receipt to settlement."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import By, Commune, Document, On, Province, Trial, Year, hand_of, place_of, tell_done
from cli.answers import answer, manner, say
from cli.days import day_or_refusal
from models.records.complaints import COMPLAINT_WORDS, ComplaintKind
from tasks import clock

Number = Annotated[str, typer.Option("--number", metavar="NUMBER", help="số tiếp nhận · the number of its receipt")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Kiến nghị, phản ánh, khiếu nại · complaints")
    group.command("record", help="Ghi nhận đơn · record one")(record)
    group.command("assign", help="Giao cho một cấp · assign it to a level")(assign)
    group.command("report", help="Báo cáo Chủ tịch UBND cùng cấp · report it to the chair of that level")(report)
    group.command("settle", help="Ghi văn bản giải quyết · settle it by a document")(settle)
    group.command("show", help="Danh sách đơn · the complaints")(show)
    app.add_typer(group, name="complaint")


def record(
    province: Province,
    year: Year,
    commune: Commune,
    number: Number,
    kind: Annotated[ComplaintKind, typer.Option("--kind", help="petition | reflection | complaint")],
    sender: Annotated[str, typer.Option("--from", help="ai gửi · from whom")],
    about: Annotated[str, typer.Option("--about", help="nội dung · what it says")],
    received: Annotated[str, typer.Option("--received", metavar="DATE", help="ngày nhận · received on")],
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.complaints import record as act

    day, hand = day_or_refusal(received), hand_of(by, on)
    new = act(place_of(province, year, trial), commune, number, kind, day, sender, about, hand)
    tell_done("record-complaint", f"đã ghi đơn {number}", f"{number} is recorded", new, number=number)


def assign(
    province: Province,
    year: Year,
    number: Number,
    level: Annotated[str, typer.Option("--level", help="district | province")],
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.complaints import assign as act

    new = act(place_of(province, year, trial), number, level, _day(on), hand_of(by, on))
    tell_done("assign-complaint", f"đã giao đơn {number}", f"{number} is assigned", new, level=level)


def report(
    province: Province, year: Year, number: Number, document: Document, by: By, on: On = None, trial: Trial = False
) -> None:
    from tasks.complaints import report as act

    new = act(place_of(province, year, trial), number, _day(on), document, hand_of(by, on, document))
    tell_done("report-complaint", f"đã báo cáo về đơn {number}", f"{number} is reported", new)


def settle(
    province: Province,
    year: Year,
    number: Number,
    document: Document,
    outcome: Annotated[str, typer.Option("--outcome", help="kết quả giải quyết · the outcome")],
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.complaints import settle as act

    new = act(place_of(province, year, trial), number, _day(on), document, outcome, hand_of(by, on, document))
    tell_done("settle-complaint", f"đã giải quyết đơn {number}", f"{number} is settled", new)


def show(
    province: Province,
    year: Year,
    commune: Annotated[str | None, typer.Option("--commune", metavar="CODE")] = None,
    trial: Trial = False,
) -> None:
    from tasks.complaints import listed

    found = listed(place_of(province, year, trial), commune)
    answer({"complaints": found}, lambda console: _tell(console, found))


def _tell(console: Console, found: list[dict[str, Any]]) -> None:
    for one in found:
        kind = COMPLAINT_WORDS[ComplaintKind(one["kind"])].to(manner.language)
        done = one["settlement"] or say("chưa giải quyết", "open")
        told = f"{one['number']} · {kind} · {one['received_on']:%d/%m/%Y} · {one['name']}: {one['about']} → {done}"
        console.print(escape(told))
    if not found:
        console.print(say("Chưa có đơn nào.", "No complaint."))


def _day(on: str | None):
    return day_or_refusal(on) if on else clock.today()

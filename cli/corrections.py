"""`tcpl extend`, `unlock`, `reopen`, `suspend`: four different acts of an office's own, each with its ground."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import (
    Authority,
    By,
    Commune,
    Communes,
    Document,
    On,
    Province,
    Reason,
    Trial,
    Year,
    hand_of,
    place_of,
    tell_done,
)
from cli.answers import answer, say
from cli.days import day_or_refusal
from models.cycle.lifecycle import State
from models.records.local_acts import Grounds

Until = Annotated[str, typer.Option("--until", metavar="DATE", help="đến hết ngày · until, inclusive")]
Step = Annotated[str, typer.Option("--step", metavar="STEP", help="mã bước · the step's id")]


def add_to(app: typer.Typer) -> None:
    app.command("extend", help="Gia hạn: thêm thời gian, hạn theo luật không đổi · give more time")(extend)
    app.command("unlock", help="Mở khóa chỉ tiêu của hồ sơ đã nộp · open indicators of a file handed in")(unlock)
    app.command("reopen", help="Mở lại hồ sơ về bước trước · take a file back a stage")(reopen)
    app.command("suspend", help="Tạm dừng, trả lại số ngày · stop the clock and give the days back")(suspend)
    app.command("granted", help="Những gì cơ quan đã cho · what offices granted")(granted)


def extend(
    province: Province,
    year: Year,
    step: Step,
    commune: Communes,
    until: Until,
    reason: Reason,
    authority: Authority,
    document: Document,
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.local_acts import extend as act

    grounds, day = Grounds(reason, authority, document), day_or_refusal(until)
    new = act(place_of(province, year, trial), step, commune, day, grounds, hand_of(by, on, document))
    vi, en = f"gia hạn bước {step} đến {day:%d/%m/%Y}: {new} đơn vị", f"{step} extended to {day}: {new} communes"
    tell_done("extend", vi, en, new, until=day)


def suspend(
    province: Province,
    year: Year,
    commune: Communes,
    begun: Annotated[str, typer.Option("--from", metavar="DATE", help="từ ngày · from, inclusive")],
    ended: Annotated[str, typer.Option("--to", metavar="DATE", help="đến hết ngày · to, inclusive")],
    reason: Reason,
    authority: Authority,
    document: Document,
    by: By,
    step: Annotated[str | None, typer.Option("--step", metavar="STEP", help="mặc định mọi bước còn mở")] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.local_acts import suspend as act

    first, last = day_or_refusal(begun), day_or_refusal(ended)
    grounds = Grounds(reason, authority, document)
    new = act(place_of(province, year, trial), commune, first, last, grounds, hand_of(by, on, document), step)
    days = (last - first).days + 1
    tell_done("suspend", f"tạm dừng, trả lại {days} ngày", f"suspended, {days} days given back", new, days=days)


def unlock(
    province: Province,
    year: Year,
    commune: Commune,
    indicator: Annotated[list[str], typer.Option("--indicator", metavar="ID", help="chỉ tiêu; “*”: tất cả · all")],
    until: Until,
    reason: Reason,
    authority: Authority,
    document: Document,
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.local_acts import unlock as act

    grounds = Grounds(reason, authority, document)
    hand = hand_of(by, on, document)
    new = act(place_of(province, year, trial), commune, indicator, day_or_refusal(until), grounds, hand)
    listed = ", ".join(indicator)
    tell_done("unlock", f"mở khóa {listed} của {commune}", f"{listed} of {commune} is unlocked", new)


def reopen(
    province: Province,
    year: Year,
    commune: Commune,
    reason: Reason,
    authority: Authority,
    document: Document,
    by: By,
    to: Annotated[State, typer.Option("--to", help="self_assessment | complete")] = State.SELF_ASSESSMENT,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="nhận lại đến · accepted until")] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.local_acts import reopen as act

    grounds = Grounds(reason, authority, document)
    day = day_or_refusal(until) if until else None
    new = act(place_of(province, year, trial), commune, to, grounds, hand_of(by, on, document), day)
    tell_done("reopen", f"đã mở lại hồ sơ {commune}", f"dossier {commune} is reopened", new, to=str(to))


def granted(province: Province, year: Year, trial: Trial = False) -> None:
    from tasks.local_acts import granted as listed

    found = listed(place_of(province, year, trial))
    answer({"acts": found}, lambda console: _tell(console, found))


def _tell(console: Console, found: list[dict[str, Any]]) -> None:
    for one in found:
        until = f" → {one['until']:%d/%m/%Y}" if one["until"] else ""
        told = (
            f"{one['unit']} {one['kind']} {one['step']}{until}: {one['reason']} ({one['authority']}, {one['document']})"
        )
        console.print(escape(told))
    if not found:
        console.print(say("Chưa có.", "None yet."))

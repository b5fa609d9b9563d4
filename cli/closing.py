"""`tcpl close`: what keeps a cycle open, what goes on into the next year, and the closing that freezes it."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import On, Province, Trial, Year, hand_of, place_of, tell_done
from cli.answers import answer, say


def add_to(app: typer.Typer) -> None:
    app.command("close", help="Đóng kỳ đánh giá; --check: chỉ xem việc còn lại · close a cycle; --check only looks")(
        close
    )


def close(
    province: Province,
    year: Year,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="người đóng kỳ · who closes it")] = "",
    standing: Annotated[
        str | None,
        typer.Option("--standing", metavar="GROUND", help="lý do để việc khắc phục sang kỳ sau · remedies stand on"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="chỉ xem, không đóng · look only")] = False,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import closing

    place = place_of(province, year, trial)
    if check:
        left = closing.what_is_left(place, hand_of(by, on).at)
        answer(left, lambda console: _tell(console, left))
        return
    new = closing.close(place, hand_of(by, on), standing)
    tell_done("close-cycle", f"đã đóng kỳ {year}", f"the cycle of {year} is closed", new)


def _tell(console: Console, left: dict[str, Any]) -> None:
    for one in left["owed"]:
        console.print(f"[yellow]•[/] {escape(one['title'])}: {len(one['codes'])} — {', '.join(one['codes'][:12])}")
    if left["undecided"]:
        told = ", ".join(left["undecided"][:12])
        console.print(say(f"[yellow]•[/] chưa có quyết định: {told}", f"[yellow]•[/] undecided: {told}"))
    if left["clear"]:
        console.print(say("[green]✓[/] Không còn việc nào: đóng được.", "[green]✓[/] Nothing is owed: it can close."))
    goes = left["goes_on"]
    console.print(
        say(
            f"Sang kỳ sau: {goes['open_remedies']} việc khắc phục, {goes['contacts']} đầu mối, kết quả của "
            f"{goes['recognised_years']} đơn vị đạt chuẩn. Điểm không chuyển.",
            f"Goes on: {goes['open_remedies']} remedies, {goes['contacts']} contacts, the results of "
            f"{goes['recognised_years']} recognised communes. Scores do not.",
        )
    )

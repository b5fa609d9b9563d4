"""`tcpl report`: drafted from the figures, frozen when it is sent, added to when the figures change."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.acts import On, Province, Trial, Year, hand_of, place_of
from cli.answers import answer, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.words import Words
from tasks import clock


def add_to(app: typer.Typer) -> None:
    app.command("report", help="Báo cáo lên cấp trên: dự thảo, gửi, bổ sung · reports upward")(report)


def report(
    province: Province,
    year: Year,
    unit: Annotated[
        str | None,
        typer.Option("--district", "--unit", metavar="CODE", help="huyện; không ghi: tỉnh · else the province"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="nơi ghi tệp · where the files go")] = None,
    document: Annotated[
        str | None,
        typer.Option("--document", metavar="NUMBER", help="số báo cáo đã gửi · the number it was sent under"),
    ] = None,
    amends: Annotated[
        str | None, typer.Option("--amends", metavar="NUMBER", help="bổ sung báo cáo này · an addendum to this report")
    ] = None,
    responsibility: Annotated[
        bool, typer.Option("--responsibility", help="bản nháp xác định trách nhiệm · the draft on who held what")
    ] = False,
    sent: Annotated[str | None, typer.Option("--sent", metavar="DATE", help="ngày gửi · sent on")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="người gửi · who sends it")] = "",
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import reports

    place = place_of(province, year, trial)
    said = sent or on
    day = day_or_refusal(said) if said else clock.today()
    if document and amends:
        done = reports.addend(place, unit, document, amends, day, hand_of(by, on, document), out)
    elif document:
        done = reports.send(place, unit, document, day, hand_of(by, on, document), out)
    elif out is None:
        raise _nowhere()
    elif responsibility:
        done = reports.responsibility(place, day, out)
    else:
        done = reports.draft(place, unit, day, out)
    answer(done, lambda console: _tell(console, done))


def _tell(console: Console, done: dict[str, Any]) -> None:
    if "figures" in done:
        said = done["figures"]
        draft = say("dự thảo, chưa ghi nhận", "a draft, not recorded")
        state = say("đã ghi nhận, số liệu chốt", "recorded, figures frozen") if done["frozen"] else draft
        name, n, good, bad = said["unit"]["name"], said["communes"], said["recognised"], said["not_recognised"]
        told = say(f"{n} đơn vị, {good} đạt, {bad} chưa đạt", f"{n} communes, {good} recognised, {bad} not")
        console.print(f"[bold]{name} {said['year']}[/]: {told} ({state})")
    for one in done.get("changes", [])[:30]:
        console.print(f"  {one['what']}: {one['was'] or '—'} → {one['now'] or '—'}")
    for file in done["files"]:
        console.print(f"  {file}")


def _nowhere() -> Refusal:
    return Refusal(
        "report_without_folder",
        Words("Chưa ghi nơi lưu bản dự thảo.", "No folder is named for the draft."),
        Words("Dự thảo chỉ là tệp, không được ghi nhận.", "A draft is files only; nothing is recorded."),
        Words("Thêm --out DIR, hoặc --document khi gửi.", "Add --out DIR, or --document when it is sent."),
    )

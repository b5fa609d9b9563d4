"""`tcpl dossier`: one dossier as a whole, for a person or as JSON."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say, subject
from cli.days import day_or_refusal
from cli.dossier_papers import tell_papers
from cli.dossier_told import tell_review
from models.words import said
from tasks import clock
from tasks.database import reading

END_OF_DAY = time(23, 59, 59)
"""A day in the past is asked about as it ended."""


def add_to(app: typer.Typer) -> None:
    app.command("dossier", help="Một hồ sơ: trạng thái, điểm, hạn, thông báo, nhật ký · one dossier")(dossier)


def dossier(
    code: Annotated[str, typer.Argument(metavar="CODE", help="mã đơn vị cấp xã · the commune's code")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")],
    province: Annotated[str | None, typer.Option("--province", metavar="CODE", help="mã tỉnh · its province")] = None,
    trial: Annotated[
        bool | None, typer.Option("--trial/--official", help="kỳ thử nghiệm hay chính thức · which cycle")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="tính đến ngày · as of a day")] = None,
) -> None:
    from models.records.dossier_page import dossier_page, find_dossier

    at = clock.moment(day_or_refusal(on), END_OF_DAY) if on else clock.now()
    with reading() as session:
        found = find_dossier(session, code, year, province=province, trial=trial)
        document = said(dossier_page(session, found, at), manner.language)
    answer(document, lambda console: _tell(console, document))


def _tell(console: Console, document: Mapping[str, Any]) -> None:
    one = document["dossier"]
    trial = say(" · THỬ NGHIỆM", " · TRIAL") if one["trial"] else ""
    place = ", ".join(name for name in (one["name"], one["district_name"], one["province_name"]) if name)
    console.print(f"[bold]{escape(place)}[/] ({one['code']}) · {one['year']}{trial}")
    console.print(
        f"{one['stage_words']} · [bold]{one['state_words']}[/] · "
        f"{say('đang ở', 'held by')} {one['holder_words']} {say('từ', 'since')} {one['since']:%d/%m/%Y}"
    )
    _tell_scores(console, document)
    tell_papers(console, document)
    tell_review(console, document)
    console.print(_deadlines(document))
    sent = sum(notice["state"] == "sent" for notice in document["notices"])
    console.print(
        say(
            f"Thông báo: {len(document['notices'])}, đã gửi {sent}. Nhật ký: {len(document['journal'])} dòng "
            "(xem đủ: --json).",
            f"Notices: {len(document['notices'])}, sent {sent}. Journal: {len(document['journal'])} lines "
            "(all of it: --json).",
        )
    )


def _tell_scores(console: Console, document: Mapping[str, Any]) -> None:
    names = {"self": say("Điểm tự chấm", "Self-score"), "appraised": say("Điểm thẩm định", "Appraised score")}
    verdicts = {
        True: say("đạt", "meets the standard"),
        False: say("chưa đạt", "does not meet it"),
        None: say("chưa xác định", "undetermined"),
    }
    for side, card in document["scorecards"].items():
        if card:
            console.print(f"{names[side]}: [bold]{_number(card['total'])}[/] · {verdicts[card['meets_standard']]}")
            for short in card["shortfalls"]:
                found, wanted = _number(short["found"]), _number(short["required"])
                line = f"{short['article'] or ''} {subject(short['subject'])}: {found} ({wanted})"
                console.print(f"  [dim]{escape(line.strip())}[/]")
    for row in document["answers"]:
        if row["differs"]:
            console.print(f"  {row['id']}: {_short(row['self'])} → {_short(row['appraised'])}  {row['reason'] or ''}")


def _short(given: Mapping[str, Any] | None) -> str:
    return "—" if given is None else " ".join(_number(value) for value in given.values())


def _number(given: object) -> str:
    """Points and shares as offices write them: with a comma in Vietnamese."""
    text = "—" if given is None else str(given)
    return say(re.sub(r"(?<=\d)\.(?=\d)", ",", text), text)


def _deadlines(document: Mapping[str, Any]) -> Table:
    table = Table(title=say("Thời hạn", "Deadlines"), title_justify="left")
    for head in (say("Bước", "Step"), say("Hạn cuối", "Last day"), say("Xong", "Done"), say("Tình trạng", "Standing")):
        table.add_column(head)
    for row in document["deadlines"]:
        last, done = (f"{day:%d/%m/%Y}" if day else "—" for day in (row["last_day"], row["done_on"]))
        local = row["local_last_day"]
        if local and local != row["last_day"]:
            last += f"\n{say('địa phương', 'local')} {local:%d/%m/%Y}"
        table.add_row(escape(row["title"]), last, done, f"{row['standing_words']}{_lateness(row)}")
    return table


def _lateness(row: Mapping[str, Any]) -> str:
    """Against the legal day, and where the office has a day of its own against that too."""
    if not row["days_late"]:
        return ""
    late = say(f" {row['days_late']} ngày", f" {row['days_late']} days")
    if not row["local_last_day"] or row["local_last_day"] == row["last_day"]:
        return late
    own = row["days_late_local"]
    return late + say(f" (theo hạn địa phương: {own})", f" (by the local day: {own})")

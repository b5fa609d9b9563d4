"""`tcpl remedy`: what was found wanting, who mends it by when, with which proof; closed by the level above."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.acts import By, Document, On, Province, Trial, Year, hand_of, place_of, tell_done
from cli.answers import answer, say
from cli.days import day_or_refusal
from tasks import clock

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="số việc khắc phục · the remedy's number")]
LastDay = Annotated[str, typer.Option("--last-day", metavar="DATE", help="hạn mới · the new last day")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Khắc phục tồn tại, hạn chế · remedies")
    group.command("list", help="Việc khắc phục, và theo nội dung thiếu · remedies, and by what is wanting")(list_)
    group.command("open", help="Giao việc từ nội dung chưa đạt · make every shortfall a remedy")(open_)
    group.command("edit", help="Sửa người làm, việc làm, hạn · change owner, task, day")(edit)
    group.command("prove", help="Nộp minh chứng · hand in the proof")(prove)
    group.command("close", help="Cấp trên đóng việc · the level above closes")(close)
    group.command("reopen", help="Mở lại, có căn cứ · open again, with the ground")(reopen)
    group.command("carry", help="Theo dõi tiếp việc của các kỳ trước · follow those of earlier cycles here")(carry)
    app.add_typer(group, name="remedy")


def list_(
    province: Province,
    year: Year,
    commune: Annotated[list[str] | None, typer.Option("--commune", metavar="CODE")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="chỉ việc chưa đóng · only what is open")] = False,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.afterwards import remedies

    day = day_or_refusal(on) if on else clock.today()
    found = remedies(place_of(province, year, trial), commune or [], day, open_only=only_open)
    answer(found, lambda console: _tell(console, found))


def open_(province: Province, year: Year, by: By, on: On = None, trial: Trial = False) -> None:
    from tasks.afterwards import open_all

    new = open_all(place_of(province, year, trial), hand_of(by, on))
    tell_done("open-remedies", f"đã giao việc cho {new} đơn vị", f"{new} communes have remedies", new)


def edit(
    number: Number,
    by: By,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="ai làm · who does it")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="TEXT", help="việc phải làm · what to do")] = None,
    last_day: Annotated[str | None, typer.Option("--last-day", metavar="DATE", help="hạn · the last day")] = None,
    document: Annotated[str | None, typer.Option("--document", metavar="NUMBER")] = None,
    on: On = None,
) -> None:
    from models.records.afterwards import Edit
    from tasks import afterwards

    change = Edit(owner, task, day_or_refusal(last_day) if last_day else None)
    new = afterwards.edit(number, change, hand_of(by, on, document))
    tell_done("edit-remedy", f"đã sửa việc {number}", f"remedy {number} is changed", new)


def prove(number: Number, document: Document, by: By, on: On = None) -> None:
    from tasks import afterwards

    new = afterwards.prove(number, document, hand_of(by, on, document))
    tell_done("prove-remedy", f"đã nhận minh chứng của việc {number}", f"proof of remedy {number} is recorded", new)


def close(number: Number, by: By, on: On = None) -> None:
    from tasks import afterwards

    new = afterwards.close(number, hand_of(by, on))
    tell_done("close-remedy", f"đã đóng việc {number}", f"remedy {number} is closed", new)


def reopen(
    number: Number,
    last_day: LastDay,
    ground: Annotated[str, typer.Option("--ground", metavar="TEXT", help="căn cứ · the ground")],
    by: By,
    document: Annotated[str | None, typer.Option("--document", metavar="NUMBER")] = None,
    on: On = None,
) -> None:
    from tasks import afterwards

    new = afterwards.reopen(number, day_or_refusal(last_day), ground, hand_of(by, on, document))
    tell_done("reopen-remedy", f"đã mở lại việc {number}", f"remedy {number} is open again", new)


def carry(province: Province, year: Year, by: By, on: On = None, trial: Trial = False) -> None:
    from tasks import afterwards

    new = afterwards.carry(place_of(province, year, trial), hand_of(by, on))
    tell_done("carry-remedies", f"theo dõi tiếp {new} việc", f"{new} remedies are followed here", new)


def _tell(console: Console, found: dict[str, Any]) -> None:
    trial = say(" · THỬ NGHIỆM", " · TRIAL") if found["trial"] else ""
    title = say(f"Việc khắc phục năm {found['year']}", f"Remedies of {found['year']}")
    table = Table(title=f"{title}{trial} · {found['on']:%d/%m/%Y}")
    heads = say("Số|Đơn vị|Nội dung|Có/Cần|Việc phải làm|Hạn|Trạng thái", "No.|Commune|Subject|Found|Task|Due|State")
    for head in heads.split("|"):
        table.add_column(head)
    for one in found["remedies"]:
        due = f"{one['due']:%d/%m/%Y}" if one["due"] else "—"
        repeated = f" [bold]({one['repeated']})[/]" if one["repeated"] else ""
        table.add_row(
            str(one["id"]),
            escape(f"{one['code']} {one['name']}"),
            escape(f"{one['subject']}") + repeated,
            escape(f"{one['found']} / {one['required']}"),
            escape(one["task"]) + (say(" [dim](gợi ý)[/]", " [dim](suggested)[/]") if one["suggested"] else ""),
            f"[red]{due}[/]" if one["late"] else due,
            _STATES[one["state"]][1] if say("vi", "en") == "en" else _STATES[one["state"]][0],
        )
    console.print(table)
    for group in found["groups"]:
        if group["suggestion"]:
            console.print("  · " + escape(group["suggestion"]))


_STATES = {
    "open": ("chưa xong", "open"),
    "proved": ("chờ cấp trên xem", "to be looked at"),
    "closed": ("xong", "closed"),
}

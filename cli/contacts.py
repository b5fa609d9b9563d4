"""`tcpl contacts import / export / missing / channels`: who is reached, through which channel."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say
from cli.days import day_or_refusal
from models.law.regulation import ACTOR_WORDS, Actor
from tasks import clock
from tasks.settings import Settings

File = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="ngày của các mã đơn vị · day of the codes")]
Province = Annotated[str | None, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")]
Year = Annotated[int | None, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Đầu mối liên hệ · contacts")
    group.command("import", help="Nhập đầu mối từ bảng tính · take a workbook in")(import_)
    group.command("export", help="Xuất đầu mối, kèm chỗ trống · write one, with what is missing")(export)
    group.command("missing", help="Cơ quan chưa có đầu mối · offices nobody answers for")(missing)
    group.command("channels", help="Các kênh đã khai · the channels there are")(channels)
    app.add_typer(group, name="contacts")


def import_(file: File, on: On = None) -> None:
    from tasks.contacts import import_contacts

    count = import_contacts(file, day_or_refusal(on) if on else clock.today())
    answer({"contacts": count}, lambda console: console.print(say(f"✓ {count} đầu mối.", f"✓ {count} contacts.")))


def export(file: File, province: Province = None, year: Year = None) -> None:
    from tasks.contacts import export_contacts

    count = export_contacts(file, province, year)
    document = {"file": file, "rows": count}
    answer(document, lambda console: console.print(say(f"✓ {file}: {count} dòng.", f"✓ {file}: {count} lines.")))


def missing(
    province: Annotated[str, typer.Option("--province", metavar="CODE")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR")],
    on: On = None,
) -> None:
    from tasks.contacts import Office, offices_without_contact

    found: list[Office] = offices_without_contact(province, year, day_or_refusal(on) if on else date(year, 12, 31))
    units = len({office.code for office in found})

    def tell(console: Console) -> None:
        table = Table(box=None)
        for office in found[:40]:
            table.add_row(office.code, escape(office.name), ACTOR_WORDS[Actor(office.actor)].to(manner.language))
        console.print(table)
        console.print(
            say(
                f"{len(found)} cơ quan của {units} đơn vị chưa có đầu mối; thông báo của họ vào kênh chung.",
                f"{len(found)} offices of {units} units have no contact; their notices go to the common channel.",
            )
        )

    answer({"offices": len(found), "units": units, "missing": [office.__dict__ for office in found]}, tell)


def channels() -> None:
    from tasks.channels import named

    found = dict(named(Settings()))
    answer(
        {"channels": found},
        lambda console: console.print("\n".join(f"{name}: {kind}://***" for name, kind in sorted(found.items()))),
    )

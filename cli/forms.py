"""`tcpl forms`: the official forms of a cycle as Word documents, and its lists as a workbook."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.acts import Province, Trial, Year, place_of
from cli.answers import answer, say


def add_to(app: typer.Typer) -> None:
    app.command("forms", help="Biểu mẫu, danh sách (Word, Excel) · the official forms")(forms)


def forms(
    province: Province,
    year: Year,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="thư mục ghi ra · the folder to write to")],
    form: Annotated[str | None, typer.Option("--form", metavar="N", help="chỉ mẫu này · that form only")] = None,
    commune: Annotated[
        list[str] | None, typer.Option("--commune", metavar="CODE", help="chỉ các đơn vị này · these communes only")
    ] = None,
    trial: Trial = False,
) -> None:
    from tasks.forms import write_forms

    number = form.zfill(2) if form else None
    found = write_forms(place_of(province, year, trial), out, form=number, communes=commune)
    answer(found, lambda console: _tell(console, found, out))


def _tell(console: Console, found: dict[str, Any], out: Path) -> None:
    trial = say(" (THỬ NGHIỆM)", " (TRIAL)") if found["trial"] else ""
    files = say(f"{len(found['files'])} tài liệu trong {out}", f"{len(found['files'])} papers in {out}")
    console.print(f"[bold green]✓[/] {escape(files)}{trial}")
    for number, title in found["forms"].items():
        console.print(f"  {number}  {escape(title)}")
    if found["unread"]:
        told = say("Mẫu của văn bản này chưa đọc được: chỉ có danh sách.", "Its forms were not read: lists only.")
        console.print(f"[yellow]{told}[/]")

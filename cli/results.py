"""`tcpl results`: documented results of earlier years, taken in from a workbook, and what is known of each commune."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.acts import By, Province, Year, tell_done
from cli.answers import answer, say


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Kết quả các năm trước · results of earlier years")
    group.command("import", help="Nhập từ tệp Excel · take a workbook in")(import_)
    group.command("template", help="Tệp Excel mẫu · an empty workbook")(template)
    group.command("show", help="Kết quả đã biết của từng đơn vị · what is known of each unit")(show)
    app.add_typer(group, name="results")


def import_(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")], by: By) -> None:
    from tasks.results import import_results

    found = import_results(file, by)
    vi, en = f"{file.name}: {found['new']} kết quả mới", f"{file.name}: {found['new']} new results"
    tell_done("import-results", vi, en, found["new"], file=file.name, rows=found["rows"])


def template(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")]) -> None:
    from tasks.results import write_template

    write_template(file)
    answer({"file": file}, lambda console: console.print(say(f"Đã ghi {file}", f"Written to {file}")))


def show(
    province: Province, year: Year, trial: Annotated[bool, typer.Option("--trial", help="kể cả kỳ thử nghiệm")] = False
) -> None:
    from tasks.results import known_results

    found = known_results(province, year, trial)
    answer({"year": year, "communes": found}, lambda console: _tell(console, found, year))


def _tell(console: Console, found: list[dict[str, Any]], year: int) -> None:
    years = sorted({each for one in found for each in one["years"]})
    table = Table(header_style="bold")
    for heading in (say("Đơn vị", "Unit"), *years, say("Năm liên tục", "Years running")):
        table.add_column(heading)
    signs = {True: "✓", False: "✗", None: "–"}
    for one in found:
        row = [signs[one["years"].get(each)] for each in years]
        table.add_row(escape(f"{one['code']} {one['name']}"), *row, str(one["years_running"]))
    console.print(table)
    console.print(say(f"– : chưa có tài liệu · tính đến năm {year}", f"– : not documented · up to {year}"))

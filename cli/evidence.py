"""`tcpl evidence`: the files that prove a commune's indicators, stored and listed."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.answers import answer, manner, say
from cli.commune_acts import AsOf, By, Commune, Trial, Year, moment, told
from cli.days import day_or_refusal


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Tài liệu minh chứng · evidence")
    group.command("add")(evidence_add)
    group.command("list")(evidence_list)
    app.add_typer(group, name="evidence")


def evidence_add(
    code: Commune,
    year: Year,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp · the file")],
    place: Annotated[str, typer.Option("--indicator", metavar="ID", help="chỉ tiêu · indicator")],
    by: By,
    number: Annotated[str, typer.Option("--number", help="số, ký hiệu · number")] = "",
    dated: Annotated[str | None, typer.Option("--dated", metavar="DATE", help="ngày ban hành · dated")] = None,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Lưu một tệp minh chứng cho chỉ tiêu; kiểm chữ ký số · store evidence and look into its signatures."""
    from tasks.evidence import add_file
    from tasks.settings import Settings

    day = day_or_refusal(dated) if dated else None
    at, zone = moment(as_of), Settings().zone
    stored = add_file(code, year, place, file, by=by, number=number, dated=day, at=at, trial=trial)
    document = {
        "commune": code,
        "year": year,
        "indicator": place,
        "sha256": stored.sha256,
        "kind": stored.kind,
        "size": stored.size,
        "new": stored.new,
        "signatures": [{**one.document(zone), "finding": one.finding.to(manner.language)} for one in stored.signatures],
    }

    def tell(console: Console) -> None:
        told(console, stored.new)
        console.print(f"  {stored.kind} {stored.size} B · {stored.sha256}")
        for one in stored.signatures:
            console.print(f"  – {one.finding.to(manner.language)}", markup=False)

    answer(document, tell)


def evidence_list(code: Commune, year: Year, trial: Trial = None) -> None:
    """Minh chứng của đơn vị theo chỉ tiêu · the commune's evidence by indicator."""
    from tasks.evidence import list_evidence

    found = list_evidence(code, year, manner.language, trial)

    def tell(console: Console) -> None:
        if not found:
            console.print(say("Chưa có minh chứng nào.", "There is no evidence yet."))
        for one in found:
            console.print(f"{one['indicator']}: {one['name']} ({one['kind']}) {one['number']}", markup=False)
            for said in one["signatures"]:
                console.print(f"    {said}", markup=False)

    answer({"commune": code, "year": year, "evidence": found}, tell)

"""`tcpl finding`: what was found about the leaders of a commune, and whether it counts."""

from typing import Annotated, Any

import typer
from rich.console import Console

from cli.answers import answer, manner, say
from cli.commune_acts import AsOf, By, Commune, Trial, Year, moment, told
from cli.days import day_or_refusal
from models.law.leaders import LeaderFinding, Measure, Role


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Người đứng đầu bị xử lý · findings about leaders")
    group.command("add")(finding_add)
    group.command("list")(finding_list)
    group.command("withdraw")(finding_withdraw)
    app.add_typer(group, name="finding")


def finding_add(
    code: Commune,
    year: Year,
    person: Annotated[str, typer.Option("--person", help="họ tên · name")],
    role: Annotated[Role, typer.Option("--role", help="chức vụ · role")],
    act: Annotated[str, typer.Option("--act", help="hành vi · act")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="ngày hành vi hoặc khởi tố · day")],
    document: Annotated[str, typer.Option("--document", help="quyết định · decision")],
    measure: Annotated[Measure, typer.Option("--measure", help="kỷ luật hay truy cứu · measure")],
    duty_related: Annotated[bool, typer.Option("--duty-related/--not-duty-related", help="trong công vụ · in duty")],
    by: By,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Ghi một trường hợp về người đứng đầu · record a finding about a leader."""
    from tasks.commune_acts import findings, record_finding

    finding = LeaderFinding(person, role, act, day_or_refusal(on), document, measure, duty_related)
    new = record_finding(code, year, finding, by=by, at=moment(as_of), trial=trial)
    _answer_findings(code, year, findings(code, year, trial), new)


def finding_list(code: Commune, year: Year, trial: Trial = None) -> None:
    """Các trường hợp đã ghi và có tính vào điều kiện không · findings, and whether they count."""
    from tasks.commune_acts import findings

    _answer_findings(code, year, findings(code, year, trial), None)


def finding_withdraw(
    code: Commune,
    year: Year,
    number: Annotated[int, typer.Argument(metavar="ID", help="số của phát hiện · the finding's id")],
    ground: Annotated[str, typer.Option("--ground", help="căn cứ · ground")],
    by: By,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Rút một trường hợp ghi nhầm, kèm căn cứ · withdraw a finding recorded in error."""
    from tasks.commune_acts import findings, withdraw_finding

    new = withdraw_finding(code, year, number, ground, by=by, at=moment(as_of), trial=trial)
    _answer_findings(code, year, findings(code, year, trial), new)


def _answer_findings(code: str, year: int, found: Any, new: bool | None) -> None:
    document: dict[str, Any] = {
        "commune": code,
        "year": year,
        "clear": not any(one.bearing.counts for one in found),
        "findings": [
            {
                "id": one.id,
                **one.finding.__dict__,
                "role": str(one.finding.role),
                "measure": str(one.finding.measure),
                "counts": one.bearing.counts,
                "why": one.bearing.why.to(manner.language),
                "by": one.by,
            }
            for one in found
        ],
    }
    if new is not None:
        document["new"] = new

    def tell(console: Console) -> None:
        if new is not None:
            told(console, new)
        if not found:
            console.print(say("Không có trường hợp nào được ghi.", "Nothing is recorded."))
        for one in found:
            mark = "[bold red]✗[/]" if one.bearing.counts else "[dim]–[/]"
            console.print(f"{mark} {one.id}: {one.finding.person} – {one.bearing.why.to(manner.language)}")

    answer(document, tell)

"""`tcpl task money`, `inspect`, `focal`: what stands around the tasks: their money, visits to units, who answers."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, answer_count, manner, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.law.programme import SOURCE_WORDS, MoneySource
from models.records.journal import Signed
from models.words import Words
from tasks import clock

Province = Annotated[str, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")]
Year = Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]
UnitCode = Annotated[str, typer.Option("--unit", metavar="CODE", help="mã đơn vị · the unit")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="người ghi · who records it")]
Document = Annotated[str, typer.Option("--document", metavar="NUMBER", help="số văn bản · the document")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="ngày · the day")]


def add_to(group: typer.Typer) -> None:
    money = typer.Typer(no_args_is_help=True, help="Kinh phí: dự toán, phân bổ, đã chi · money")
    money.command("show", help="Theo việc, đơn vị, nguồn; cảnh báo · by task, unit, source; warnings")(show_money)
    money.command("record", help="Ghi phân bổ hoặc đã chi theo văn bản · record an amount")(record_money)
    group.add_typer(money, name="money")
    inspect = typer.Typer(no_args_is_help=True, help="Kiểm tra: chương trình, kết quả, khắc phục · inspection")
    inspect.command("propose", help="Đề xuất đơn vị theo rủi ro, kèm lý do · units by risk")(propose)
    inspect.command("plan", help="Thêm cuộc kiểm tra · plan a visit")(plan)
    inspect.command("record", help="Ghi kết quả kiểm tra · record what was found")(record_visit)
    inspect.command("mend", help="Ghi đã khắc phục · record that it was mended")(mend)
    inspect.command("list", help="Các cuộc kiểm tra · the visits")(list_visits)
    group.add_typer(inspect, name="inspect")
    focal = typer.Typer(no_args_is_help=True, help="Đầu mối: người phụ trách, người thay · focal points")
    focal.command("show", help="Ai phụ trách, nơi nào khuyết · who answers, and where nobody does")(show_focal)
    focal.command("set", help="Ghi người phụ trách từ ngày · name a person from a day")(set_focal)
    group.add_typer(focal, name="focal")


def show_money(province: Province, year: Year, on: On = None) -> None:
    from tasks import programme

    day = day_or_refusal(on) if on else clock.today()
    found = programme.money(province, year, day)
    answer({"on": day, **found}, lambda console: _tell_money(console, found))


def record_money(
    task: Annotated[str, typer.Argument(metavar="TASK")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="đồng")],
    province: Province,
    year: Year,
    unit: UnitCode,
    source: Annotated[MoneySource, typer.Option("--source")],
    document: Document,
    by: By,
    spent: Annotated[bool, typer.Option("--spent", help="đã chi, thay vì phân bổ · spent")] = False,
    on: On = None,
) -> None:
    from models.records.programme_money import Amount
    from tasks import programme

    day = day_or_refusal(on) if on else clock.today()
    purpose = "spent" if spent else "allocated"
    one = Amount(task, unit, source, purpose, _dong(amount), day, document)
    count = programme.record_amounts(province, year, _signed(by, document), [one])
    answer_count("recorded", count, say("Đã ghi số tiền", "Amounts recorded"))


def _dong(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Refusal(
            "money_impossible",
            Words(f"“{text[:40]}” không phải số tiền.", f"'{text[:40]}' is no amount."),
            Words("Số tiền ghi bằng chữ số, đơn vị đồng.", "An amount is written in digits, in đồng."),
            Words("Ví dụ: 15000000.", "For instance: 15000000."),
        )
    return amount


def propose(province: Province, year: Year, most: Annotated[int, typer.Option("--most", min=1, max=1000)] = 10) -> None:
    from tasks import programme

    found = programme.proposed_visits(province, year, manner.language, most)

    def tell(console: Console) -> None:
        for one in found:
            console.print(f"{one['risk']:>3}  {one['unit']}  {one['name']}: {escape('; '.join(one['why']))}")
        if not found:
            console.print(say("Chưa đơn vị nào có dấu hiệu rủi ro.", "No unit shows a sign of risk yet."))

    answer({"units": found}, tell)


def plan(
    province: Province,
    year: Year,
    unit: UnitCode,
    day: Annotated[str, typer.Option("--on", metavar="DATE")],
    team: Annotated[str, typer.Option("--team", metavar="TEXT", help="đoàn kiểm tra · the team")],
    document: Document,
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="vì sao đơn vị này · why this unit")] = "",
) -> None:
    from models.records.inspections import Planned
    from tasks import programme

    one = Planned(unit, day_or_refusal(day), team, why, document)
    count = programme.plan_visits(province, year, _signed(by, document), [one])
    answer_count("planned", count, say("Đã đưa vào chương trình kiểm tra", "Visits planned"))


def record_visit(
    province: Province,
    year: Year,
    unit: UnitCode,
    day: Annotated[str, typer.Option("--on", metavar="DATE", help="ngày kiểm tra · the day of the visit")],
    document: Document,
    by: By,
    finding: Annotated[
        list[str] | None,
        typer.Option("--finding", metavar="TEXT|REMEDY|DATE", help="tồn tại | biện pháp | hạn · repeatable"),
    ] = None,
) -> None:
    from tasks import programme

    found = [_finding(text) for text in finding or []]
    held = programme.hold_visit(province, year, _signed(by, document), unit, day_or_refusal(day), found)
    told = (
        say(
            f"[bold green]✓[/] Đã ghi kết quả: {len(found)} tồn tại",
            f"[bold green]✓[/] Recorded: {len(found)} findings",
        )
        if held
        else say("[dim]đã có từ trước, không đổi gì[/]", "[dim]stood there already, nothing changed[/]")
    )
    answer({"recorded": held, "findings": len(found)}, lambda console: console.print(told))


def _finding(text: str) -> Any:
    from models.records.inspections import Found

    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3 or not all(parts):
        raise Refusal(
            "finding_not_understood",
            Words(f"Không hiểu “{text[:60]}”.", f"'{text[:60]}' is not understood."),
            Words("Một tồn tại gồm ba phần cách nhau bằng dấu |.", "A finding is three parts with | between them."),
            Words("Ví dụ: 'thiếu sổ|lập sổ|2025-04-01'.", "For instance: 'no register|keep one|2025-04-01'."),
        )
    return Found(parts[0], parts[1], day_or_refusal(parts[2]))


def mend(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="số của tồn tại · the finding's number")],
    province: Province,
    year: Year,
    unit: UnitCode,
    proof: Annotated[str, typer.Option("--proof", metavar="TEXT")],
    by: By,
) -> None:
    from tasks import programme

    mended = programme.mend_finding(province, year, _signed(by, ""), unit, number, proof)
    told = (
        say("[bold green]✓[/] Đã ghi khắc phục", "[bold green]✓[/] Mended")
        if mended
        else say("[dim]đã có từ trước, không đổi gì[/]", "[dim]stood there already, nothing changed[/]")
    )
    answer({"mended": mended}, lambda console: console.print(told))


def list_visits(province: Province, year: Year, unit: Annotated[str | None, typer.Option("--unit")] = None) -> None:
    from tasks import programme

    found = programme.visits(province, year, unit)

    def tell(console: Console) -> None:
        for one in found:
            held = f"{one['held_on']:%d/%m/%Y}" if one["held_on"] else say("chưa kiểm tra", "not held yet")
            console.print(f"{one['planned_on']:%d/%m/%Y}  {one['unit']} {one['name']}: {escape(one['team'])} · {held}")
            for finding in one["findings"]:
                mended = "✓" if finding["mended_on"] else f"{say('hạn', 'by')} {finding['mend_by']:%d/%m/%Y}"
                text = escape(f"{finding['found']} → {finding['remedy']}")
                console.print(f"    {finding['number']}. {text} ({mended})")

    answer({"visits": found}, tell)


def show_focal(province: Province, year: Year, on: On = None) -> None:
    from tasks import programme

    day = day_or_refusal(on) if on else clock.today()
    found = programme.focal(province, year, day)
    vacant = [row for row in found if row["vacant"]]

    def tell(console: Console) -> None:
        for row in found:
            person = escape(row["responsible"] or "") or say("[bold red]khuyết[/]", "[bold red]vacant[/]")
            deputy = f" ({say('người thay', 'deputy')}: {escape(row['deputy'])})" if row["deputy"] else ""
            console.print(f"{row['unit']}  {row['agency']}: {person}{deputy}")

    answer({"on": day, "focal_points": found, "vacancies": len(vacant)}, tell)


def set_focal(
    person: Annotated[str, typer.Argument(metavar="NAME")],
    province: Province,
    year: Year,
    unit: UnitCode,
    actor: Annotated[str, typer.Option("--actor", metavar="ACTOR", help="ví dụ · e.g. province_justice")],
    since: Annotated[str, typer.Option("--from", metavar="DATE")],
    document: Document,
    by: By,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE")] = None,
    deputy: Annotated[bool, typer.Option("--deputy", help="người thay · as deputy")] = False,
) -> None:
    from models.records.focal_points import Appointed
    from tasks import programme

    role = "deputy" if deputy else "responsible"
    until = day_or_refusal(to) if to else None
    one = Appointed(unit, actor, role, person, day_or_refusal(since), until, document)
    count = programme.appoint(province, year, _signed(by, document), [one])
    answer_count("appointed", count, say("Đã ghi người phụ trách", "Appointed"))


def _signed(by: str, document: str) -> Signed:
    return Signed(by, clock.now(), document or "kế hoạch của tỉnh", document or None)


def _tell_money(console: Console, found: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say("Việc", "Task"))
    table.add_column(say("Đơn vị", "Unit"))
    for head in (say("Dự toán", "Estimated"), say("Phân bổ", "Allocated"), say("Đã chi", "Spent")):
        table.add_column(head, justify="right")
    for row in found["tasks"]:
        table.add_row(row["task"], row["unit"], *_amounts(row))
    for source, part in found["by_source"].items():
        table.add_row(f"[dim]{SOURCE_WORDS[MoneySource(source)].to(manner.language)}[/]", "", *_amounts(part))
    table.add_row(f"[bold]{say('Tổng', 'Total')}[/]", "", *_amounts(found["total"]))
    console.print(table)
    for one in found["warnings"]:
        said = (
            say("chưa đủ kinh phí, thiếu", "is short of money:")
            if one["warning"] == "unfunded"
            else say("chi vượt phân bổ", "spent beyond its allocation:")
        )
        console.print(f"[yellow]![/] {one['task']} ({one['unit']}): {said} {_shown(one['missing'])}")


def _amounts(row: dict[str, Any]) -> list[str]:
    return [_shown(row[purpose]) for purpose in ("estimated", "allocated", "spent")]


def _shown(amount: Decimal) -> str:
    return f"{amount:,}".replace(",", ".") + " đ"

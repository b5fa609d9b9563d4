"""`tcpl task`: the plan's work programme: what is owed, done, extended, carried over; its workbook and its reviews."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import task_around
from cli.answers import answer, answer_count, manner, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.records.journal import Signed
from models.words import Words
from tasks import clock

Province = Annotated[str, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")]
Year = Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]
TaskId = Annotated[str, typer.Argument(metavar="TASK", help="mã việc · the task's id")]
UnitCode = Annotated[str, typer.Option("--unit", metavar="CODE", help="đơn vị thực hiện · the unit that owes it")]
Occasion = Annotated[str, typer.Option("--occasion", metavar="NAME", help="kỳ hạn, ví dụ 2025-01 · which time")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="người ghi · who records it")]
Document = Annotated[str, typer.Option("--document", metavar="NUMBER", help="số văn bản · the document")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="lý do · the reason")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="ngày · the day")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Chương trình công tác của kế hoạch · the plan's work programme")
    group.command("list", help="Việc của ai, hạn nào, đang ở đâu · what is owed and how it stands")(list_)
    group.command("add", help="Thêm một việc · add a task")(add)
    group.command("done", help="Ghi việc đã xong, kèm minh chứng · record that it is done, with proof")(done)
    group.command("extend", help="Gia hạn · grant a later day")(extend)
    group.command("carry", help="Chuyển sang năm sau · carry over to the next year")(carry)
    group.command("import", help="Nạp sổ chương trình · take a workbook in")(import_)
    group.command("export", help="Xuất sổ chương trình · write the workbook")(export)
    group.command("review", help="Dự thảo sơ kết, tổng kết · a draft review")(review)
    task_around.add_to(group)
    app.add_typer(group, name="task")


def signed(by: str, ground: str, document: str = "", at: str | None = None) -> Signed:
    """Who does it, now (or, in a trial, as of the morning of a day)."""
    moment = clock.as_of(day_or_refusal(at)) if at else clock.now()
    return Signed(by, moment, ground, document or None)


def list_(
    province: Province,
    year: Year,
    on: On = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE")] = None,
    standing: Annotated[str | None, typer.Option("--standing", metavar="NAME", help="ví dụ · e.g. overdue")] = None,
    ended: Annotated[
        bool, typer.Option("--ended", help="chỉ việc của đơn vị đã kết thúc · only what units that are no more owe")
    ] = False,
) -> None:
    from tasks import programme

    day = day_or_refusal(on) if on else clock.today()
    rows = programme.list_tasks(province, year, day, manner.language, unit)
    kept = [row for row in rows if standing in (None, row["standing"]) and (row["unit_ended"] or not ended)]
    answer({"on": day, "tasks": kept}, lambda console: _tell_list(console, kept))


def add(
    task: TaskId,
    province: Province,
    year: Year,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT")],
    lead: Annotated[str, typer.Option("--lead", metavar="ACTOR", help="ví dụ · e.g. province_justice")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="ngày cuối · the last day")],
    product: Annotated[str, typer.Option("--product", metavar="TEXT", help="sản phẩm · what comes of it")],
    by: By,
    document: Document,
    begins: Annotated[str | None, typer.Option("--from", metavar="DATE")] = None,
    helping: Annotated[list[str] | None, typer.Option("--with", metavar="AGENCY", help="cơ quan phối hợp")] = None,
    per: Annotated[str | None, typer.Option("--per", metavar="LEVEL")] = None,
) -> None:
    from pydantic import ValidationError

    from models.law.flaws import refusal
    from models.law.programme import PlanTask
    from models.law.spoken_errors import spoken
    from tasks import programme

    last_day, first_day = day_or_refusal(until), day_or_refusal(begins) if begins else clock.today()
    if begins is None and last_day < first_day:
        raise _begins_after_its_end(last_day, first_day)
    content = {
        "id": task,
        "kind": kind,
        "title": title,
        "lead": lead,
        "cooperating": helping or [],
        "per": per,
        "begins": first_day,
        "due": {"kind": "fixed", "date": last_day},
        "product": product,
        "mark": "local",
        "source": document,
    }
    try:
        one = PlanTask.model_validate(content)
    except ValidationError as error:
        raise refusal("task_not_possible", spoken(error), Words(f"Việc {task}", f"Task {task}")) from error
    added = programme.add_tasks(province, year, signed(by, document, document), [one])
    answer_count("added", added, say("Đã thêm", "Added"))


def _begins_after_its_end(last_day: date, today: date) -> Refusal:
    return Refusal(
        "task_begin_not_named",
        Words(f"Hạn {last_day:%d/%m/%Y} đã qua.", f"The last day, {last_day}, has passed."),
        Words(
            f"Không ghi --from thì việc bắt đầu từ hôm nay, {today:%d/%m/%Y}, sau cả hạn của nó.",
            f"Without --from a task begins today, {today}, which is after its last day.",
        ),
        Words(
            f"Ghi ngày bắt đầu bằng --from, không sau {last_day:%d/%m/%Y}.",
            f"Name the day it began with --from, {last_day} or before.",
        ),
    )


def done(
    task: TaskId,
    province: Province,
    year: Year,
    unit: UnitCode,
    by: By,
    occasion: Occasion = "",
    on: On = None,
    document: Document = "",
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="tệp minh chứng · the proof")] = None,
) -> None:
    from models.records.programme_acts import Done, Which
    from tasks import programme

    day = day_or_refusal(on) if on else clock.today()
    one = Done(Which(task, unit, occasion), day, programme.proof_of(document, file))
    count = programme.finish_tasks(province, year, signed(by, "kế hoạch của tỉnh", document), [one])
    answer_count("done", count, say("Đã ghi xong", "Recorded as done"))


def extend(
    task: TaskId,
    province: Province,
    year: Year,
    unit: UnitCode,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="hạn mới · the new day")],
    reason: Reason,
    document: Document,
    by: By,
    occasion: Occasion = "",
) -> None:
    from models.records.programme_acts import Granted, Which
    from tasks import programme

    one = Granted(Which(task, unit, occasion), day_or_refusal(until), reason, document)
    count = programme.extend_tasks(province, year, signed(by, reason, document), [one])
    answer_count("extended", count, say("Đã gia hạn", "Extended"))


def carry(
    task: TaskId,
    province: Province,
    year: Year,
    unit: UnitCode,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="hạn trong năm sau · its day next year")],
    reason: Reason,
    by: By,
    occasion: Occasion = "",
    document: Document = "",
) -> None:
    from models.records.programme_acts import Granted, Which
    from tasks import programme

    one = Granted(Which(task, unit, occasion), day_or_refusal(until), reason, document)
    count = programme.carry_over(province, year, signed(by, reason, document), [one])
    answer_count("carried", count, say("Đã chuyển sang năm sau", "Carried over"))


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")],
    province: Province,
    year: Year,
    by: By,
    document: Document,
) -> None:
    from tasks import programme

    count = programme.import_programme(province, year, signed(by, document, document), file)
    answer_count("added", count, say("Đã thêm", "Added"))


def export(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")], province: Province, year: Year) -> None:
    from tasks import programme

    count = programme.export_programme(province, year, file)
    answer({"file": file, "tasks": count}, lambda console: console.print(f"[bold green]✓[/] {file}: {count}"))


def review(
    province: Province,
    year: Year,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.docx")],
    final: Annotated[bool, typer.Option("--final", help="tổng kết, thay vì sơ kết · at the end")] = False,
    on: On = None,
) -> None:
    from tasks.programme_review import write_review

    day = day_or_refusal(on) if on else clock.today()
    facts = write_review(province, year, day, out, final=final)
    answer(facts, lambda console: console.print(f"[bold green]✓[/] {say('Dự thảo', 'Draft')}: {out}"))


def _tell_list(console: Console, rows: list[dict[str, Any]]) -> None:
    from models.records.programme_board import said_kind, said_standing

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head, whole in (
        (say("Việc", "Task"), True),
        (say("Đơn vị", "Unit"), True),
        (say("Tên việc, vì sao hạn này", "Title, and why this day"), False),
        (say("Hạn", "Due"), True),
        (say("Tình trạng", "Standing"), True),
    ):
        table.add_column(head, no_wrap=whole, overflow="fold")  # an id or a day that is cut short cannot be typed again
    for row in rows:
        late = f" +{row['days_late']}" if row["days_late"] else ""
        table.add_row(
            f"{row['task']}\n[dim]{said_kind(row['kind'], manner.language)}[/]",
            row["unit"] + (f"\n[dim]† {row['unit_ended']:%d/%m/%Y}[/]" if row["unit_ended"] else ""),
            f"{escape(row['title'])}\n[dim]{escape(row['why'])}[/]",
            f"{row['due_day']:%d/%m/%Y}" + (f"\n[dim]{row['occasion']}[/]" if row["occasion"] else ""),
            said_standing(row["standing"], manner.language) + late,
        )
    console.print(table if rows else say("Không có việc nào.", "There is none."))
    if any(row["unit_ended"] for row in rows):
        console.print(
            say(
                "† đơn vị đã kết thúc mà còn việc: chuyển bằng `tcpl task carry` (kỳ sau giao cho đơn vị kế thừa duy "
                "nhất, không có thì Sở Tư pháp, và báo cho nơi nhận).",
                "† the unit is no more and still owes it: `tcpl task carry` hands it on (the next cycle gives it to "
                "its only successor, else to Sở Tư pháp, and tells it).",
            )
        )

"""`tcpl deadline`: the days of every step of an evaluation year, each with its ground and what was counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, aside, manner, say
from cli.days import day_or_refusal
from cli.given_law import PlanFile, RegulationId, given_law
from models.errors import Refusal
from models.law.calendar import spoken
from models.law.deadlines import Reckoned, reckon_all
from models.law.events import AWAITED_WORDS
from models.law.marks import MARK_WORDS
from models.law.regulation import ACTOR_WORDS, STAGE_WORDS, Regulation, Stage
from models.words import Words


def add_to(app: typer.Typer) -> None:
    app.command("deadline", help="Hạn của từng bước, vì sao là ngày đó · the days of every step, and why")(deadline)


def deadline(
    regulation: RegulationId,
    year: Annotated[
        int, typer.Option("--year", metavar="Y", min=1990, max=2200, help="năm đánh giá · evaluation year")
    ],
    plan: PlanFile = None,
    step: Annotated[str | None, typer.Option("--step", metavar="STEP", help="chỉ một bước · one step only")] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="NAME=DATE", help="ngày xảy ra sự kiện · the day of an event; repeatable"),
    ] = None,
) -> None:
    starts = _starts(event or [])
    law, calendar = given_law(regulation, plan, year)
    if step is not None:
        _refuse_unknown_step(law.regulation, step)
    governs = law.regulation.governs(year)
    if not governs:
        _remark(law.regulation, year)
    reckoned = [one for one in reckon_all(law.regulation, law.plan, year, calendar, starts) if step in (None, one.step)]
    document = {
        "regulation": law.regulation.id,
        "year": year,
        "governs": governs,
        "plan": law.plan.title if law.plan else None,
        "steps": [one.document(manner.language) for one in reckoned],
    }
    answer(document, lambda console: _tell(console, law.regulation, year, reckoned))


def _starts(events: Sequence[str]) -> dict[str, date]:
    starts: dict[str, date] = {}
    for text in events:
        name, equals, day = text.partition("=")
        if not (name and equals and day):
            raise typer.BadParameter(f"--event NAME=DATE, không phải · not {text!r}")
        if name in starts:
            raise typer.BadParameter(f"--event {name}: ghi hai lần · given twice")
        starts[name] = day_or_refusal(day)
    return starts


def _refuse_unknown_step(regulation: Regulation, step: str) -> None:
    if regulation.has_step(step):
        return
    known = [one.id for _, one in regulation.steps()]
    near = get_close_matches(step, known, n=1)
    shown = step.encode(errors="replace").decode()[:60]
    raise Refusal(
        "unknown_step",
        Words(f"{regulation.id} không có bước “{shown}”.", f"{regulation.id} has no step '{shown}'."),
        Words(f"Các bước: {', '.join(known)}.", f"Its steps: {', '.join(known)}."),
        Words(f"Có phải là “{near[0]}”?", f"Did you mean '{near[0]}'?")
        if near
        else Words("Dùng đúng một trong các tên trên.", "Use one of those names."),
        known=known,
    )


def _remark(regulation: Regulation, year: int) -> None:
    years = regulation.evaluation_years
    span = f"{years.first}–{years.to or '…'}"
    aside().print(
        say(
            f"Lưu ý: {regulation.id} điều chỉnh các năm đánh giá {span}, không điều chỉnh năm {year}.",
            f"Note: {regulation.id} governs the evaluation years {span}, not {year}.",
        )
    )


def _tell(console: Console, regulation: Regulation, year: int, reckoned: Sequence[Reckoned]) -> None:
    console.print(f"[bold]{escape(regulation.title)}[/]")
    console.print(f"{say('Năm đánh giá', 'Evaluation year')} {year}\n")
    if not reckoned:
        console.print(say("Văn bản này chưa ghi bước nào.", "No steps of this text are recorded."))
    by_stage: dict[Stage, list[Reckoned]] = {}
    for one in reckoned:
        by_stage.setdefault(one.stage, []).append(one)
    titles = {one.id: one.title for _, one in regulation.steps()}
    for stage, steps in by_stage.items():
        console.print(_stage_table(stage, steps, titles))
    for one in reckoned:
        if one.counted:
            _tell_counting(console, one, titles[one.step])


def _stage_table(stage: Stage, steps: Sequence[Reckoned], titles: Mapping[str, str]) -> Table:
    table = Table(title=STAGE_WORDS[stage].to(manner.language), title_justify="left", title_style="bold", expand=True)
    table.add_column(say("Bước", "Step"), ratio=4)
    table.add_column(say("Ai làm", "Who"), ratio=2)
    table.add_column(say("Hạn cuối", "Last day"), ratio=3)
    table.add_column(say("Căn cứ", "Ground"), ratio=3)
    for one in steps:
        name = f"{escape(titles[one.step])}\n[dim]{one.step}[/]"
        table.add_row(name, ACTOR_WORDS[one.actor].to(manner.language), _when(one), _ground(one))
    return table


def _when(one: Reckoned) -> str:
    if one.status == "waits_for_event":
        awaited = AWAITED_WORDS.get(one.event or "", Words(one.event or "", one.event or ""))
        lines = [f"[yellow]{say('chờ', 'waits')}: {escape(awaited.to(manner.language))}[/]"]
    elif one.last_day is None:
        lines = [f"[red]{say('chưa đọc được, không tính hạn', 'not yet read: nothing falls due')}[/]"]
    elif one.is_floor:
        lines = [f"[bold]{spoken(one.last_day)}[/]", say("(sớm nhất được kết thúc)", "(earliest end)")]
    else:
        lines = [f"[bold]{spoken(one.last_day)}[/]"]
    if one.last_working_day and one.last_working_day != one.last_day:
        lines.append(f"{say('ngày làm việc cuối', 'last working day')} {spoken(one.last_working_day)}")
    if one.local_last_day:
        lines.append(f"{say('hạn của địa phương', 'local')} {spoken(one.local_last_day)}")
    return "\n".join(lines)


def _ground(one: Reckoned) -> str:
    cited = one.citation
    lines = [", ".join(part for part in (cited.article, cited.text) if part)] if cited else []
    return "\n".join([*map(escape, lines), f"[dim]{MARK_WORDS[one.mark].to(manner.language)}[/]"])


def _tell_counting(console: Console, one: Reckoned, title: str) -> None:
    counted = ", ".join(spoken(day) for day in one.counted)
    start = spoken(one.start) if one.start else ""
    unit = say("ngày làm việc", "working days") if one.unit == "working" else say("ngày", "days")
    console.print(f"\n[bold]{escape(title)}[/] · {say('tính từ', 'from')} {start}")
    console.print(f"  {say('đếm', 'counted')} {len(one.counted)} {unit}: {counted}")
    for day, reason in one.skipped:
        console.print(f"  [dim]{say('bỏ qua', 'skipped')} {spoken(day)}: {escape(reason.to(manner.language))}[/]")

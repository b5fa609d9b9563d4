"""`tcpl score`: the verdict on a file of answers, with every ground for it and everything that is missing."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say
from cli.given_law import PlanFile, RegulationId, given_law
from models.law.allowed import submission
from models.law.marks import MARK_WORDS, OFFICIAL
from models.law.regulation import Regulation, whole
from models.law.scoring import judge
from models.law.verdict import Verdict, same
from models.words import Words
from tasks.answer_files import read_answer_file


def add_to(app: typer.Typer) -> None:
    app.command("score", help="Chấm một bộ câu trả lời: đạt hay chưa, vì sao · judge a file of answers, and why")(score)


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="các câu trả lời · the answers")],
    regulation: RegulationId,
    plan: PlanFile = None,
) -> None:
    law, _ = given_law(regulation, plan)
    given = submission(law.regulation, read_answer_file(file))
    verdict = judge(law.regulation, given.answers, given.leader_disciplined)
    document = {
        "regulation": law.regulation.id,
        "plan": law.plan.title if law.plan else None,
        **verdict.document(manner.language),
    }
    answer(document, lambda console: _tell(console, law.regulation, verdict))


_VERDICTS = {
    True: Words("[bold green]✓ ĐẠT chuẩn tiếp cận pháp luật[/]", "[bold green]✓ MEETS the legal access standard[/]"),
    False: Words("[bold red]✗ CHƯA ĐẠT chuẩn tiếp cận pháp luật[/]", "[bold red]✗ DOES NOT MEET the standard[/]"),
    None: Words("[bold yellow]? CHƯA XÁC ĐỊNH được[/]", "[bold yellow]? UNDETERMINED[/]"),
}

_RULES = {
    "minimum_total": Words("tổng điểm", "total"),
    "minimum_share": Words("điểm của tiêu chí", "share of a criterion"),
    "leaders_clear": Words("người đứng đầu", "leaders"),
    "all_met": Words("chỉ tiêu", "indicator"),
    "unread": Words("điều kiện chưa đọc được", "unread condition"),
}

_SUBJECTS = {
    "total": Words("cả bộ tiêu chí", "all criteria"),
    "leader_disciplined": Words("cấp ủy, chính quyền cấp xã", "Party committee, government"),
}


def _tell(console: Console, regulation: Regulation, verdict: Verdict) -> None:
    console.print(f"[bold]{escape(regulation.title)}[/]\n")
    console.print(_VERDICTS[verdict.meets_standard].to(manner.language))
    if regulation.scoring == "points":
        most = whole(verdict.maximum) if verdict.maximum is not None else "?"
        total = whole(verdict.total) if verdict.total is not None else say("chưa đủ", "incomplete")
        console.print(f"{say('Tổng điểm', 'Total')}: [bold]{total}[/] / {most}")
    console.print(_criteria(regulation, verdict))
    _tell_shortfalls(console, verdict)
    _tell_undetermined(console, verdict)
    unsure = [MARK_WORDS[mark].to(manner.language) for mark in verdict.marks if mark not in OFFICIAL]
    if unsure:
        told = say("Kết quả dựa trên cả giá trị chưa đối chiếu", "This rests on values not confirmed, too")
        console.print(f"\n[yellow]{told}: {', '.join(unsure)}.[/]")


def _criteria(regulation: Regulation, verdict: Verdict) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (say("Tiêu chí", "Criterion"), "", say("Điểm", "Points"), say("Tối đa", "Maximum"), ""):
        table.add_column(heading, justify="right" if heading in ("Điểm", "Points", "Tối đa", "Maximum") else "left")
    titles = {criterion.id: criterion.title for criterion in regulation.criteria}
    signs = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]?[/]"}
    for one in verdict.criteria:
        points, maximum = (whole(n) if n is not None else "–" for n in (one.points, one.maximum))
        table.add_row(one.id, escape(titles[one.id]), points, maximum, signs[one.meets])
    return table


def _tell_shortfalls(console: Console, verdict: Verdict) -> None:
    if verdict.shortfalls:
        console.print(f"\n[bold]{say('Nội dung chưa đạt', 'Shortfalls')}[/]")
    for short in verdict.shortfalls:
        found, required = short.found.to(manner.language), short.required.to(manner.language)
        line = f"{_about(short.rule, short.subject)}: {found}; {say('yêu cầu', 'required')}: {required}"
        article = f", {short.article}" if short.article else ""
        console.print(f"  [red]✗[/] {escape(line)} [dim]({MARK_WORDS[short.mark].to(manner.language)}{article})[/]")


def _tell_undetermined(console: Console, verdict: Verdict) -> None:
    lang = manner.language
    if verdict.undetermined:
        console.print(f"\n[bold]{say('Chưa xác định được', 'Undetermined')}[/]")
    together: dict[tuple[str, Words], list[str]] = {}
    for one in verdict.undetermined:
        together.setdefault((one.rule, one.why), []).append(_SUBJECTS.get(one.subject, same(one.subject)).to(lang))
    for (rule, why), subjects in together.items():
        line = f"{_RULES[rule].to(lang)} · {', '.join(subjects)}: {why.to(lang)}"
        console.print(f"  [yellow]?[/] {escape(line)}")


def _about(rule: str, subject: str) -> str:
    known = _SUBJECTS.get(subject, same(subject))
    return f"{_RULES[rule].to(manner.language)} · {known.to(manner.language)}"

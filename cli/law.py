"""`tcpl law`: the regulations as data; which one governs a year; whether the files are as they must be."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say
from cli.given_law import refuse_unknown
from models.errors import Refusal
from models.law.addresses import legal_values
from models.law.marks import MARK_WORDS, LegalValue, Mark
from models.law.regulation import ACTOR_WORDS, STAGE_WORDS, Content, Criterion, Indicator, Regulation
from models.law.years import NotEvaluated, regulation_for_year
from models.words import Words
from tasks.law_check import check_folder
from tasks.law_files import load_pauses, load_regulation, load_regulations
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Văn bản quy định dưới dạng dữ liệu · the law as data")
    group.command("list", help="Các văn bản và năm đánh giá · regulations and their years")(list_)
    group.command("show", help="Toàn bộ một văn bản · all of one")(show)
    group.command("for-year", help="Văn bản của một năm đánh giá · which one governs a year")(for_year)
    group.command("check", help="Kiểm tra các tệp · check the files")(check)
    app.add_typer(group, name="law")


def list_() -> None:
    regulations = load_regulations(Settings().regulations)
    rows = [_listed(regulation) for regulation in regulations]
    answer({"regulations": rows}, lambda console: _tell_list(console, rows))


def show(regulation: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    folder = Settings().regulations
    refuse_unknown(regulation, folder)
    found = load_regulation(folder / regulation)
    answer(_shown(found), lambda console: _tell_one(console, found))


def for_year(year: Annotated[int, typer.Argument(metavar="YEAR")]) -> None:
    _refuse_odd_year(year)
    folder = Settings().regulations
    found = regulation_for_year(load_regulations(folder), load_pauses(folder), year)
    if isinstance(found, Regulation):
        document = {"year": year, "regulation": found.id, "title": found.title}
    else:
        document = _not_evaluated(found)
    answer(document, lambda console: _tell_year(console, found))


def check(folder: Annotated[Path | None, typer.Argument(metavar="FOLDER")] = None) -> None:
    found = check_folder(folder or Settings().regulations)
    document = {
        "ok": True,
        "regulations": [regulation.id for regulation in found.regulations],
        "pauses": list(found.pauses),
        "plans": list(found.plans),
    }
    listed = ", ".join([*document["regulations"], *document["plans"]])  # type: ignore[misc]
    answer(document, lambda console: console.print(say(f"Không có lỗi: {listed}.", f"No fault: {listed}.")))


def _listed(regulation: Regulation) -> dict[str, Any]:
    years = regulation.evaluation_years
    counts = Counter(value.mark for _, value in legal_values(regulation))
    return {
        "id": regulation.id,
        "title": regulation.title,
        "evaluation_years": {"from": years.first, "to": years.to},
        "opens_cycles": regulation.opens_cycles,
        "marks": {str(mark): counts[mark] for mark in Mark if counts[mark]},
    }


def _shown(regulation: Regulation) -> dict[str, Any]:
    whole = regulation.model_dump(mode="json")
    years = regulation.evaluation_years
    whole["evaluation_years"] = {"from": years.first, "to": years.to, **_ground(years)}
    whole["criteria"] = [_criterion(criterion) for criterion in regulation.criteria]
    return whole


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {**_measured(criterion), "indicators": [_indicator(indicator) for indicator in criterion.indicators]}


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        **_measured(indicator),
        "measure": _plain(indicator.measure),
        "not_arisen": _plain(indicator.not_arisen),
        "contents": [_content(content) for content in indicator.contents],
    }


def _content(content: Content) -> dict[str, Any]:
    ground = _ground(content.measure)
    return {
        "id": content.id,
        "title": content.title,
        **ground,
        "measure": _plain(content.measure),
        "not_arisen": _plain(content.not_arisen),
    }


def _measured(part: Criterion | Indicator) -> dict[str, Any]:
    """Mark and citation are those of the maximum where there is one, else of the measure, else of the wording."""
    measure = part.measure if isinstance(part, Indicator) else None
    maximum = part.maximum
    points = None if maximum is None or maximum.points is None else f"{maximum.points.normalize():f}"
    return {"id": part.id, "title": part.title, "maximum": points, **_ground(maximum or measure or part.wording)}


def _ground(value: LegalValue) -> dict[str, Any]:
    citation = value.citation.model_dump() if value.citation else None
    return {"mark": str(value.mark), "citation": citation, "source": value.source}


def _plain(value: LegalValue | None) -> dict[str, Any] | None:
    return None if value is None else value.model_dump(mode="json")


def _not_evaluated(found: NotEvaluated) -> dict[str, Any]:
    return {
        "year": found.year,
        "regulation": None,
        "reason": found.reason.to(manner.language),
        "sources": list(found.sources),
        "mark": str(found.mark),
        "note": found.note,
    }


def _refuse_odd_year(year: int) -> None:
    if not 1900 <= year <= 2200:
        raise Refusal(
            "impossible_year",
            Words(f"{year} không phải một năm đánh giá.", f"{year} is not an evaluation year."),
            Words("Năm phải nằm trong khoảng 1900-2200.", "A year lies between 1900 and 2200."),
            Words("Ghi lại năm, ví dụ 2024.", "Write the year again, for instance 2024."),
        )


def _tell_list(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table(say("Mã", "Id"), say("Năm đánh giá", "Years"), say("Văn bản", "Text"), say("Giá trị", "Values"))
    for row in rows:
        years = row["evaluation_years"]
        marks = ", ".join(f"{n} {MARK_WORDS[Mark(mark)].to(manner.language)}" for mark, n in row["marks"].items())
        table.add_row(row["id"], f"{years['from']}-{years['to'] or '…'}", escape(row["title"]), marks)
    console.print(table)


def _tell_year(console: Console, found: Regulation | NotEvaluated) -> None:
    if isinstance(found, Regulation):
        console.print(f"[bold]{found.id}[/]  {escape(found.title)}")
        return
    console.print(escape(found.reason.to(manner.language)))
    for source in found.sources:
        console.print(f"  · {escape(source)}")
    console.print(f"  [dim]{MARK_WORDS[found.mark].to(manner.language)}[/]")


def _tell_one(console: Console, found: Regulation) -> None:
    console.print(f"[bold]{found.id}[/]  {escape(found.title)}")
    for criterion in found.criteria:
        console.print(f"\n[bold]{criterion.id}. {escape(criterion.title)}[/]{_points_of(criterion)}")
        for indicator in criterion.indicators:
            console.print(f"  {indicator.id}  {escape(indicator.title)}{_points_of(indicator)}")
            for content in indicator.contents:
                mark = MARK_WORDS[content.measure.mark].to(manner.language)
                console.print(f"      {content.id}  {escape(content.title)} [dim]({mark})[/]")
    for spec in found.stages:
        console.print(f"\n[bold]{STAGE_WORDS[spec.stage].to(manner.language)}[/]")
        for step in spec.steps:
            console.print(f"  {step.id}  {escape(step.title)} [dim]({ACTOR_WORDS[step.actor].to(manner.language)})[/]")


def _points_of(part: Criterion | Indicator) -> str:
    shown = _measured(part)
    mark = MARK_WORDS[Mark(shown["mark"])].to(manner.language)
    points = "" if shown["maximum"] is None else f" {shown['maximum']} {say('điểm', 'points')}"
    return f" [dim]—{points} ({mark})[/]"

"""`tcpl workbook`, `tcpl intake`: the self-assessment workbooks out, and in again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.answers import answer, aside, manner, say
from cli.cycle import Province, Year
from cli.days import moment_or_refusal


def add_to(app: typer.Typer) -> None:
    app.command("workbook", help="Bản tự đánh giá của các đơn vị · the communes' workbooks")(workbook)
    app.command("intake", help="Nhận bản tự đánh giá · take self-assessments in")(intake)


def workbook(
    province: Province,
    year: Year,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="thư mục ghi ra · where to write")],
    commune: Annotated[list[str] | None, typer.Option("--commune", metavar="CODE", help="chỉ đơn vị · only")] = None,
    trial: Annotated[bool | None, typer.Option("--trial/--official", help="kỳ thử nghiệm · the trial")] = None,
) -> None:
    from tasks.workbooks import write_workbooks

    with _progress(say("Ghi bản tự đánh giá", "Writing workbooks")) as step:
        written = write_workbooks(
            province, year, out, communes=commune, trial=trial, language=manner.language, progress=step
        )
    files = [{"commune": code, "name": name, "file": str(path)} for code, name, path in written.files]
    document: dict[str, Any] = {
        "cycle": written.cycle,
        "province": province,
        "year": year,
        "trial": written.trial,
        "files": files,
    }

    def tell(console: Console) -> None:
        kind = say(" THỬ NGHIỆM", " TRIAL") if written.trial else ""
        console.print(f"[bold green]✓[/] {len(files)} {say('bản tự đánh giá', 'workbooks')} {year}{kind} → {out}")

    answer(document, tell)


def intake(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.xlsx ...", help="các tệp · the files")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="MOMENT", help="thời điểm nhận · received at")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="người nhận · who takes them in")] = "tcpl intake",
) -> None:
    from tasks.intake import Report, take_files

    at = moment_or_refusal(as_of) if as_of else None
    with _progress(say("Nhận hồ sơ", "Taking in")) as step:
        report: Report = take_files(files, at=at, by=by, language=manner.language, progress=step)
    answer(report.document(manner.language), lambda console: _tell_intake(console, report))
    if report.refused:
        raise typer.Exit(1)


def _tell_intake(console: Console, report: Any) -> None:
    new = sum(one.new for one in report.accepted)
    known = len(report.accepted) - new
    console.print(
        say(
            f"Đã nhận {new} tệp, {known} tệp đã có từ trước, trả lại {len(report.refused)} tệp.",
            f"Took {new} files in, {known} were in already, {len(report.refused)} are returned.",
        )
    )
    for one in report.accepted:
        for flaw in one.warnings:
            said = " ".join(words.to(manner.language) for words in (flaw.what, flaw.why))
            console.print(f"[yellow]![/] {one.commune}: {escape(said)}")
    for said in _superseded(report):
        console.print(f"[yellow]![/] {said}")
    for one in report.refused:
        console.print(f"[bold red]✗[/] {escape(Path(one.file).name or one.file)}")
        for flaw in one.errors[:5]:
            place = " ".join(part for part in (flaw.sheet, flaw.cell) if part)
            said = " ".join(words.to(manner.language) for words in (flaw.what, flaw.why))
            console.print(f"    {f'[{place}] ' if place else ''}{said}", markup=False)
            console.print(f"      {say('Cần làm', 'To do')}: {flaw.do.to(manner.language)}", markup=False)
        if len(one.errors) > 5:
            console.print(say(f"    … và {len(one.errors) - 5} lỗi nữa", f"    ... and {len(one.errors) - 5} more"))
        if one.returned:
            console.print(f"    → {one.returned}", markup=False)


def _superseded(report: Any) -> Iterator[str]:
    """Communes of which several new files came at once: the last one is in force."""
    files: dict[tuple[str, int], list[str]] = {}
    for one in report.accepted:
        if one.new:
            files.setdefault((one.commune, one.year), []).append(escape(Path(one.file).name))
    for (commune, year), names in files.items():
        if len(names) > 1:
            yield say(
                f"{commune}/{year} gửi {len(names)} tệp; dùng bản nhận sau cùng ({names[-1]}), vẫn lưu các bản trước.",
                f"{commune}/{year} sent {len(names)} files; the last ({names[-1]}) is in force, the others are kept.",
            )


class _progress:
    """A bar on standard error while it is a terminal; a step that does nothing otherwise."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=aside(),
            transient=True,
            auto_refresh=False,  # its own thread would forbid the readers to be forked
        )

    def __enter__(self) -> Callable[[int, int], None]:
        self._bar.start()
        task = self._bar.add_task(self._label, total=None)
        drawn = time.monotonic()

        def step(done: int, of: int) -> None:
            nonlocal drawn
            self._bar.update(task, completed=done, total=of)
            if time.monotonic() - drawn > 0.1:
                self._bar.refresh()
                drawn = time.monotonic()

        return step

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

"""`tcpl rehearse`, `tcpl demo`: a whole year as a trial, through the real flows on Prefect's embedded server."""

import os
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cli.answers import answer, aside, manner, say
from models.law.marks import MARK_WORDS, Mark
from models.law.regulation import STAGE_WORDS, Stage
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("rehearse", help="Diễn tập trọn một năm · a whole year as a trial")(rehearse)
    app.command("demo", help="Diễn tập Cà Mau năm 2024 · rehearse Cà Mau 2024")(demo)


def rehearse(
    province: Annotated[str, typer.Option("--province", metavar="CODE")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR")],
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE")] = None,
    seed: Annotated[int, typer.Option("--seed")] = 7,
    communes: Annotated[int | None, typer.Option("--communes", min=1, help="chỉ lấy N đơn vị · only N")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="nơi để kết quả · where to leave it")] = None,
) -> None:
    home = out or Path(tempfile.mkdtemp(prefix="tcpl-"))
    document = live(home, province, year, plan, seed, communes)
    answer(document, lambda console: tell(console, document, home))


def demo() -> None:
    home = Settings().home / "demo"
    document = live(home, "96", 2024, None, 7, None)
    answer(document, lambda console: tell(console, document, home))


def live(home: Path, province: str, year: int, plan: Path | None, seed: int, communes: int | None) -> dict[str, Any]:
    """Rehearse in a home of its own; the environment is set before Prefect is imported, which reads it once."""
    started = time.monotonic()
    sample = Settings().regulations / "plans" / f"ca-mau-{year}.yaml"
    os.environ["TCPL_HOME"] = str(home.resolve())
    os.environ.pop("TCPL_DATABASE_URL", None)
    os.environ["PREFECT_HOME"] = str(home.resolve() / "prefect")
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    os.environ.pop("PREFECT_API_URL", None)
    from tasks import rehearsing
    from tasks.law_files import load_plan
    from tasks.opening import OpenedCycle, law_marks, open_cycle
    from tasks.unit_home import import_units

    path = plan or sample
    day = load_plan(path).opening.on
    import_units(Settings())
    from tasks import clock

    opened: OpenedCycle = open_cycle(
        province, year, trial=True, plan_file=path, at=clock.moment(day, clock.MORNING), most=communes
    )
    from flows.rehearsal import live_through

    with Progress(console=aside(), transient=True) as bar:
        task = bar.add_task(say("Diễn tập", "Rehearsing"), total=1)

        def progress(on: date, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f"{on:%d/%m/%Y}")

        lived = live_through(opened.cycle, seed, progress)
        last = rehearsing.last_day(opened.cycle)
    return {
        "province": province,
        "year": year,
        "communes": opened.communes,
        **rehearsing.summary(opened.cycle, last),
        "marks": law_marks(opened.cycle),
        **lived,
        "elapsed_seconds": round(time.monotonic() - started, 1),
    }


def tell(console: Console, found: dict[str, Any], home: Path) -> None:
    language = manner.language
    console.print(
        say(
            f"\n[bold]Diễn tập kỳ {found['year']} (THỬ NGHIỆM)[/]: {found['communes']} đơn vị cấp xã, "
            f"theo {found['regulation']}",
            f"\n[bold]Rehearsal of {found['year']} (TRIAL)[/]: {found['communes']} communes, {found['regulation']}",
        )
    )
    heads = ("Giai đoạn", "Mở ngày", "Hạn cuối", "Đúng hạn", "Trễ hạn", "Còn lại")
    english = ("Stage", "Opened", "Last day", "On time", "Late", "Outstanding")
    table = Table(*(english if language == "en" else heads))
    for stage in found["stages"]:
        days = (f"{stage[name]:%d/%m/%Y}" if stage[name] else "—" for name in ("opened_on", "last_day"))
        counts = (str(stage[name]) for name in ("on_time", "late", "outstanding"))
        table.add_row(STAGE_WORDS[Stage(stage["stage"])].to(language), *days, *counts)
    console.print(table)
    outcomes = found["outcomes"]
    console.print(
        say(
            f"Đạt chuẩn: [bold green]{outcomes['recognised']}[/] · chưa đạt: [bold]{outcomes['not_recognised']}[/]",
            f"Recognised: {outcomes['recognised']} · not recognised: {outcomes['not_recognised']}",
        )
    )
    listed = ", ".join(f"{kind} {count}" for kind, count in found["notices"].items())
    console.print(say("Thông báo: ", "Notices: ") + listed)
    marks = ", ".join(f"{count} {MARK_WORDS[Mark(mark)].to(language)}" for mark, count in found["marks"].items())
    console.print(say("Giá trị pháp lý đã dùng: ", "Legal values in use: ") + marks)
    console.print(say(f"Kết quả ở: {home}", f"Everything is in: {home}"))
    console.print(say("Xem tiếp: ", "Next: ") + f"tcpl status --home {home}  ·  tcpl journal verify --home {home}")

"""`tcpl rehearse`, `tcpl demo`: a whole year as a trial, through the real flows on Prefect's embedded server."""

import os
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.answers import answer, aside, say
from cli.rehearsal_told import tell
from models.law.plan import Plan
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("rehearse", help="Diễn tập trọn một năm · a whole year as a trial")(rehearse)
    app.command("demo", help="Diễn tập Cà Mau năm 2024 · rehearse Cà Mau 2024")(demo)


def rehearse(
    province: Annotated[str, typer.Option("--province", metavar="CODE|all", help="mã tỉnh, hoặc all · or all")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR")],
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE")] = None,
    seed: Annotated[int, typer.Option("--seed")] = 7,
    communes: Annotated[int | None, typer.Option("--communes", min=1, help="chỉ lấy N đơn vị · only N")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="nơi để kết quả · where to leave it")] = None,
) -> None:
    from tasks.law_files import load_plan, sample_plan

    chosen = load_plan(plan) if plan else sample_plan(Settings().regulations, province, year)
    home = out or Path(tempfile.mkdtemp(prefix="tcpl-"))
    document = live(home, province, year, chosen, seed, communes)
    answer(document, lambda console: tell(console, document, home))


def demo() -> None:
    from tasks.law_files import sample_plan

    settings = Settings()
    home = settings.home / "demo"
    document = live(home, "96", 2024, sample_plan(settings.regulations, "96", 2024), 7, None)
    answer(document, lambda console: tell(console, document, home))


def live(home: Path, province: str, year: int, plan: Plan, seed: int, communes: int | None) -> dict[str, Any]:
    """Rehearse in a home of its own; `province` "all": every province of the year side by side, under the same plan.

    Prefect reads its environment when it is imported, so that is set before.
    """
    from deployments import prefect_server
    from deployments.children import free_port
    from tasks import clock
    from tasks.opening import law_for, law_marks, open_under
    from tasks.unit_home import import_units, provinces_on

    started = time.monotonic()
    law_for(province if province != EVERYWHERE else plan.province, year, plan)  # what is refused is refused at once
    os.environ["TCPL_HOME"] = str(home.resolve())
    os.environ.pop("TCPL_DATABASE_URL", None)
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with _bar() as bar, prefect_server.start(home, port, quiet=True) as server:
        line = bar.add_task(say("chuẩn bị đơn vị hành chính", "taking the units in"), total=None)
        import_units(Settings(), upgrade=True)  # a home of an earlier demo; nothing in it wants a backup
        codes = provinces_on(date(year, 12, 31)) if province == EVERYWHERE else [province]
        plans = [plan.model_copy(update={"province": code}) for code in codes] if len(codes) > 1 else [plan]
        opened = [
            open_under(law_for(own.province, year, own), trial=True, at=clock.moment(own.opening.on), most=communes)
            for own in plans
        ]
        ids = [one.cycle for one in opened]
        bar.update(line, description=say("khởi động Prefect", "starting Prefect"))
        os.environ.update(prefect_server.environment(home, port))
        from flows.rehearsal import live_through
        from tasks import rehearsing

        prefect_server.wait(server, port)

        def progress(on: date, done: int, total: int) -> None:
            bar.update(line, completed=done, total=total, description=f"{on:%d/%m/%Y}")

        runs = live_through(ids, seed, progress)
    return {
        "province": province,
        "year": year,
        "communes": sum(one.communes for one in opened),
        **({"provinces": len(ids)} if province == EVERYWHERE else {}),
        **rehearsing.summary_of(ids, max(rehearsing.last_day(cycle_id) for cycle_id in ids)),
        "marks": law_marks(ids[0]),
        "flow_runs": runs,
        "elapsed_seconds": round(time.monotonic() - started, 1),
    }


EVERYWHERE = "all"


def _bar() -> Progress:
    columns = (TextColumn(say("Diễn tập", "Rehearsing")), BarColumn(), TextColumn("{task.description}"))
    return Progress(*columns, TimeElapsedColumn(), console=aside(), transient=True)

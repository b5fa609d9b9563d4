"""The law that a command was asked about: `--regulation`, with what `--plan` confirms, fills and dates."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from models.errors import LawRefusal
from models.law.calendar import Calendar
from models.law.cycle_law import CycleLaw
from models.law.resolve import resolve
from models.words import Words
from tasks.calendar_days import shipped_calendar
from tasks.law_files import load_plan, load_regulation
from tasks.settings import Settings

RegulationId = Annotated[
    str, typer.Option("--regulation", metavar="ID", help="mã văn bản, ví dụ qd-25-2021 · a regulation's id")
]
PlanFile = Annotated[
    Path | None, typer.Option("--plan", metavar="FILE", help="kế hoạch của UBND tỉnh (YAML) · the province's plan")
]


def given_law(regulation_id: str, plan_file: Path | None, year: int | None = None) -> tuple[CycleLaw, Calendar]:
    """The law as the plan completes it (without `year`: for the plan's own), and the shipped calendar.

    Raises LawRefusal for an unknown id, for files that are not as they must be, and for a plan of another year.
    """
    folder = Settings().regulations  # pyright: ignore[reportCallIssue]
    refuse_unknown(regulation_id, folder)
    regulation = load_regulation(folder / regulation_id)
    plan = load_plan(plan_file) if plan_file else None
    calendar = shipped_calendar(folder)
    province = plan.province if plan else ""
    year = year or (plan.year if plan else regulation.evaluation_years.first)
    return resolve(regulation, plan, province=province, year=year, calendar_hash=calendar.content_hash()), calendar


def refuse_unknown(regulation_id: str, folder: Path) -> None:
    """Refuse an id that no folder of regulations bears, naming the known ones."""
    known = sorted(file.parent.name for file in folder.glob("*/regulation.yaml"))
    if regulation_id in known:
        return
    shown = regulation_id.encode(errors="replace").decode()[:60]
    near = get_close_matches(regulation_id, known, n=1)
    listed = ", ".join(known) or "—"
    raise LawRefusal(
        "unknown_regulation",
        Words(f"Không có văn bản “{shown}”.", f"There is no regulation '{shown}'."),
        Words(f"Các văn bản đã có: {listed}.", f"The known ones: {listed}."),
        Words(f"Có phải là “{near[0]}”?", f"Did you mean '{near[0]}'?")
        if near
        else Words("Xem danh sách bằng `tcpl law list`.", "See them with `tcpl law list`."),
        known=known,
    )

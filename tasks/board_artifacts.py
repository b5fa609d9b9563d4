"""The board of a cycle as Prefect artifacts: a table, the heat map, a page to read. Only `tasks.engine` uses it.

Each leads to the dashboard, where every number opens its dossiers.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from prefect.artifacts import create_image_artifact, create_markdown_artifact, create_table_artifact

from models.law.regulation import STAGE_WORDS
from models.records import board, notices
from models.records.cycle_choice import name_of
from models.records.cycles import Cycle, law_of
from models.records.notice_pages import kind_words
from models.records.standing import STANDING_WORDS
from models.records.units import Unit
from tasks.database import reading
from tasks.settings import current

HEADS: tuple[str, ...] = (
    "Giai đoạn",
    "Hạn cuối",
    "Chưa bắt đầu",
    "Đang làm",
    "Sắp đến hạn",
    "Quá hạn",
    "Đúng hạn",
    "Trễ hạn",
)
PROVINCE = "Toàn tỉnh"


def publish_board(cycle_id: int, day: date) -> None:
    """Write the artifacts of the cycle as of a day; a new version under the same keys."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        province = session.get_one(Unit, cycle.province_id)
        name = name_of(cycle, province.code)
        figures = board.figures(session, cycle, law_of(session, cycle), day)
        outcomes, queued = board.outcomes(session, cycle_id, day), notices.counts_by_kind(session, cycle_id)
        districts = board.district_names(session, cycle_id)
    rows: list[dict[str, str]] = [dict(zip(HEADS, _row(found), strict=True)) for found in figures]
    trial = " (THỬ NGHIỆM)" if cycle.trial else ""
    title = f"{province.name} {cycle.year}{trial}, tính đến {day:%d/%m/%Y}"
    link = _link("/", cycle=name, on=day.isoformat())
    said = f"{title} · [mở bàn điều hành]({link})"
    create_table_artifact([*rows], key=f"board-{name}", description=said)
    create_image_artifact(_heat_map(figures, districts), key=f"heat-{name}", description=said)
    create_markdown_artifact(_page(title, name, rows, outcomes, queued, link), key=f"summary-{name}", description=title)


def _row(found: board.StageFigures) -> tuple[str, ...]:
    counts = found.all
    numbers = (counts.not_started, counts.in_progress, counts.at_risk, counts.overdue)
    last = f"{found.last_day:%d/%m/%Y}" if found.last_day else "—"
    return (STAGE_WORDS[found.stage].vi, last, *map(str, (*numbers, counts.done_on_time, counts.done_late)))


def _heat_map(figures: Sequence[board.StageFigures], districts: dict[str, str]) -> str:
    """The picture as an address that holds it whole: Prefect's page needs nothing from elsewhere to show it."""
    from tasks.pictures import heat_map

    words = {"district": "", **{str(name): said.vi for name, said in STANDING_WORDS.items()}}
    picture = heat_map(heat_cells(figures, districts), words)
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"


def heat_cells(figures: Sequence[board.StageFigures], districts: dict[str, str]) -> list[dict[str, Any]]:
    """A cell for each stage of the province and of each district: done of all that owe the step, and the worst."""
    cells = []
    for found in figures:
        of_areas = {PROVINCE: found.all, **{name: found.by_district.get(code) for code, name in districts.items()}}
        for area, counts in of_areas.items():
            if counts is not None and (owed := counts.outstanding + counts.done):
                stage = STAGE_WORDS[found.stage].vi
                cells.append(
                    {"district": area, "stage": stage, "done": counts.done, "all": owed, "standing": counts.worst}
                )
    return cells


def _page(
    title: str, name: str, rows: list[dict[str, str]], outcomes: dict[str, int], queued: dict[str, int], link: str
) -> str:
    table = [" | ".join(HEADS), " | ".join("---" for _ in HEADS), *(" | ".join(row.values()) for row in rows)]
    told = ", ".join(f"{kind_words(kind).vi} {count}" for kind, count in queued.items())
    return "\n".join(
        [
            f"# {title}",
            "",
            *(f"| {line} |" for line in table),
            "",
            f"Đạt chuẩn: **{outcomes['recognised']}** · chưa đạt: **{outcomes['not_recognised']}**"
            f" · [danh sách]({_link('/results', cycle=name)})",
            "",
            f"Thông báo: {told or 'chưa có'} · [bằng chứng]({_link('/notices', cycle=name)})",
            "",
            f"[Bàn điều hành của kỳ]({link}) · [việc quá hạn]({_link('/deadlines', cycle=name, standing='overdue')})",
        ]
    )


def _link(path: str, **parameters: str) -> str:
    return f"{current().public_address}{path}?{urlencode(parameters)}"

"""The board of a cycle as Prefect artifacts: a table of stages and a page to read. Only `tasks.engine` uses it."""

from datetime import date

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from models.law.regulation import STAGE_WORDS
from models.records import board, notices
from models.records.cycles import Cycle, law_of
from models.records.units import Unit
from tasks.database import reading
from tasks.settings import Settings

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


def publish_board(cycle_id: int, day: date) -> None:
    """Write both artifacts of the cycle as of a day; a new version under the same key."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        province = session.get_one(Unit, cycle.province_id)
        figures = board.figures(session, cycle, law_of(session, cycle), day)
        outcomes, queued = board.outcomes(session, cycle_id, day), notices.counts_by_kind(session, cycle_id)
    rows: list[dict[str, str]] = [dict(zip(HEADS, _row(found), strict=True)) for found in figures]
    key, trial = f"{province.code}-{cycle.year}", " (THỬ NGHIỆM)" if cycle.trial else ""
    title = f"{province.name} {cycle.year}{trial}, tính đến {day:%d/%m/%Y}"
    create_table_artifact([*rows], key=f"board-{key}", description=title)
    create_markdown_artifact(_page(title, rows, outcomes, queued), key=f"summary-{key}", description=title)


def _row(found: board.StageFigures) -> tuple[str, ...]:
    counts = found.all
    numbers = (counts.not_started, counts.in_progress, counts.at_risk, counts.overdue)
    last = f"{found.last_day:%d/%m/%Y}" if found.last_day else "—"
    return (STAGE_WORDS[found.stage].vi, last, *map(str, (*numbers, counts.done_on_time, counts.done_late)))


def _page(title: str, rows: list[dict[str, str]], outcomes: dict[str, int], queued: dict[str, int]) -> str:
    table = [" | ".join(HEADS), " | ".join("---" for _ in HEADS), *(" | ".join(row.values()) for row in rows)]
    return "\n".join(
        [
            f"# {title}",
            "",
            *(f"| {line} |" for line in table),
            "",
            f"Đạt chuẩn: **{outcomes['recognised']}** · chưa đạt: **{outcomes['not_recognised']}**",
            "",
            "Thông báo: " + (", ".join(f"{kind} {count}" for kind, count in queued.items()) or "chưa có"),
            "",
            f"Trang của kỳ đánh giá: http://127.0.0.1:{Settings().dashboard_port}/",
        ]
    )

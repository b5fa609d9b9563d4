"""What a rehearsal says at its end, to a person: the year in one screen, and what to type next."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.answers import manner, say
from models.law.marks import MARK_WORDS, Mark
from models.law.regulation import STAGE_WORDS, Stage
from models.records.notice_pages import kind_words


def tell(console: Console, found: dict[str, Any], home: Path) -> None:
    console.print(_title(found))
    console.print(_stages(found))
    _outcomes(console, found)
    _listed(console, say("Thông báo", "Notices"), _notices(found))
    _listed(console, say("Giá trị pháp lý đã dùng", "Legal values in use"), _marks(found))
    _next(console, found, home)


def _title(found: dict[str, Any]) -> str:
    seconds = round(found["elapsed_seconds"])
    many = found.get("provinces")
    where_vi, where_en = (f"{many} tỉnh, ", f"{many} provinces, ") if many else ("", "")
    return say(
        f"\n[bold]Kỳ đánh giá {found['year']} · diễn tập, THỬ NGHIỆM[/]\n"
        f"{where_vi}{found['communes']} đơn vị cấp xã, theo {found['regulation']}; cả năm trong {seconds} giây\n",
        f"\n[bold]Evaluation year {found['year']} · a rehearsal, TRIAL[/]\n"
        f"{where_en}{found['communes']} communes under {found['regulation']}; the year took {seconds} seconds\n",
    )


def _stages(found: dict[str, Any]) -> Table:
    heads = (
        (say("Giai đoạn", "Stage"), "left"),
        (say("Mở ngày", "Opened"), "right"),
        (say("Hạn cuối", "Last day"), "right"),
        (say("Đúng hạn", "On time"), "right"),
        (say("Trễ hạn", "Late"), "right"),
        (say("Còn lại", "Left"), "right"),
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head, justify in heads:
        table.add_column(head, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for stage in found["stages"]:
        days = (f"{stage[name]:%d/%m/%Y}" if stage[name] else "—" for name in ("opened_on", "last_day"))
        late, left = (_warned(stage[name]) for name in ("late", "outstanding"))
        table.add_row(STAGE_WORDS[Stage(stage["stage"])].to(manner.language), *days, str(stage["on_time"]), late, left)
    return table


def _warned(count: int) -> str:
    return f"[yellow]{count}[/]" if count else "[dim]0[/]"


def _outcomes(console: Console, found: dict[str, Any]) -> None:
    met, unmet = found["outcomes"]["recognised"], found["outcomes"]["not_recognised"]
    width = 40
    green = round(width * met / (met + unmet)) if met + unmet else 0
    bar = f"[green]{'█' * green}[/][red]{'░' * (width - green)}[/]"
    console.print(
        f"\n{bar}  " + say(f"đạt chuẩn {met} · chưa đạt {unmet}", f"recognised {met} · not recognised {unmet}")
    )


def _notices(found: dict[str, Any]) -> list[tuple[int, str]]:
    return [(count, kind_words(kind).to(manner.language)) for kind, count in found["notices"].items()]


def _marks(found: dict[str, Any]) -> list[tuple[int, str]]:
    return [(count, MARK_WORDS[Mark(mark)].to(manner.language)) for mark, count in found["marks"].items()]


def _listed(console: Console, head: str, counted: list[tuple[int, str]]) -> None:
    console.print(f"\n[bold]{head}[/] ({sum(count for count, _ in counted)})")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    halves = [*sorted(counted, reverse=True), (0, "")]
    for (count, word), (second, other) in zip(halves[:-1:2], halves[1::2], strict=False):
        table.add_row(f"{count:>6}", word, f"{second:>6}" if other else "", other)
    console.print(table)


def _next(console: Console, found: dict[str, Any], home: Path) -> None:
    day = f"{found['year'] + 1}-01-13"
    console.print(
        say(f"\nTất cả ở [bold]{home}[/]: tcpl.db, outbox/", f"\nAll of it is in [bold]{home}[/]: tcpl.db, outbox/")
    )
    console.print(say("Xem tiếp:", "Look on:"))
    for command, why in (
        (f"tcpl status --home {home} --on {day}", say("bảng điều hành ngày 13/01", "the board of 13 January")),
        (f"tcpl journal verify --home {home}", say("nhật ký nguyên vẹn", "the journal is intact")),
        (f"tcpl serve --home {home}", say("trang điều hành và trang Prefect", "the board and Prefect's own page")),
    ):
        console.print(f"  [cyan]{command}[/]  [dim]{why}[/]")

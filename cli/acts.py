"""The switches that acts share: which cycle, who does it, on which day; and how a done act is told."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.answers import answer, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.words import Words
from tasks import clock
from tasks.sittings import Hand, Place

Province = Annotated[str, typer.Option("--province", metavar="CODE", help="mã tỉnh · the province's code")]
Year = Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]
Trial = Annotated[
    bool,
    typer.Option(
        "--trial",
        help="kỳ thử nghiệm; không ghi: kỳ chính thức nếu có · the trial; else the official one if there is one",
    ),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="người làm việc này · the person who does it")]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="ngày làm, mặc định hôm nay · the day it is done, else today")
]
Commune = Annotated[str, typer.Option("--commune", metavar="CODE", help="mã đơn vị cấp xã · the commune's code")]
Communes = Annotated[
    list[str], typer.Option("--commune", metavar="CODE", help="mã đơn vị cấp xã, lặp lại được · may be repeated")
]
Unit = Annotated[
    str, typer.Option("--unit", metavar="CODE", help="đơn vị có thẩm quyền (huyện, tỉnh) · the deciding unit")
]
Document = Annotated[str, typer.Option("--document", metavar="NUMBER", help="số văn bản · the document's number")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="lý do · why")]
Authority = Annotated[str, typer.Option("--authority", metavar="TEXT", help="căn cứ thẩm quyền · on which authority")]


def place_of(province: str, year: int, trial: bool) -> Place:
    return Place(province, year, True if trial else None)


def hand_of(by: str, on: str | None, document: str | None = None) -> Hand:
    """The hand that does an act now, or on the day that was named (never one that has not come)."""
    if on is None:
        return Hand(by, None, document)
    day = day_or_refusal(on)
    if day > clock.today():
        raise Refusal(
            "not_yet",
            Words(f"Ngày {day:%d/%m/%Y} chưa đến.", f"{day} has not come yet."),
            Words("Chỉ ghi việc đã làm.", "Only what was done is recorded."),
            Words("Ghi lại khi việc đã xong.", "Record it once it is done."),
        )
    return Hand(by, clock.as_of(day), document)


def tell_done(act: str, vi: str, en: str, new: int | bool, **more: Any) -> None:
    """Say that an act was done, or that it stood already: {"act", "new", ...}."""

    def tell(console: Console) -> None:
        known = say("đã ghi từ trước, không đổi gì", "was recorded before, nothing changed")
        told = say(vi, en)
        console.print(f"[bold green]✓[/] {escape(told)}" if new else f"[bold]=[/] {escape(told)} ({known})")

    answer({"act": act, "new": int(new), **more}, tell)


def pairs(given: list[str]) -> dict[str, str]:
    """CODE or CODE=GROUND, as many times as it was given."""
    return {code.strip(): ground.strip() for code, _, ground in (one.partition("=") for one in given)}

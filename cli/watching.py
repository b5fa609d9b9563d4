"""`tcpl watch`: one morning's look at the dates, without Prefect."""

from typing import Annotated

import typer
from rich.console import Console

from cli.answers import answer, manner, say
from cli.days import day_or_refusal, moment_or_refusal
from models.records.notice_pages import kind_words
from models.records.notices import Kind
from tasks import clock


def add_to(app: typer.Typer) -> None:
    app.command("watch", help="Rà hạn một buổi sáng · one morning's watch")(watch)
    app.command("deliver", help="Gửi thông báo đang chờ · send what is queued")(deliver)


def watch(
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="ngày rà · the day")] = None,
) -> None:
    from tasks.leases import alone
    from tasks.ticking import tick
    from tasks.watching import watch_all

    day = day_or_refusal(today) if today else clock.today()
    at = clock.as_of(day)
    with alone("annual-cycle"):
        ticked = tick(at)
    with alone("watch"):
        seen = watch_all(day, at)
    told = sum(planned.told for planned in ticked.refused)
    queued = {**seen.queued, **({str(Kind.OPENING_REFUSED): told} if told else {})}
    refused = [
        {"province": one.province, "year": one.year, "code": one.refused, "missing": one.wanting}
        for one in ticked.refused
    ]
    document = {"today": day, "opened": ticked.opened, "refused": refused, "queued": queued, "late": seen.late}

    def tell(console: Console) -> None:
        console.print(say(f"Rà hạn ngày {day:%d/%m/%Y}:", f"Watch of {day:%d/%m/%Y}:"))
        for one in ticked.refused:
            where = f"{one.province}/{one.year}"
            console.print(
                say(
                    f"  [bold red]✗[/] chưa mở được kỳ {where}: {one.refused}, thiếu {one.wanting} giá trị",
                    f"  [bold red]✗[/] {where} was not opened: {one.refused}, {one.wanting} values are wanting",
                )
            )
        for kind, count in sorted(queued.items()):
            console.print(f"  {kind_words(kind).to(manner.language)}: {count}")
        console.print(say(f"  quá hạn: {seen.late}", f"  late: {seen.late}"))

    answer(document, tell)


def deliver(
    now: Annotated[str | None, typer.Option("--now", metavar="MOMENT", help="thời điểm · the moment (ISO)")] = None,
) -> None:
    from tasks.delivering import deliver as send_queued

    at = moment_or_refusal(now) if now else clock.now()
    done = send_queued(at)
    answer(
        done.__dict__,
        lambda console: console.print(
            say(
                f"Đã gửi {done.sent}, thử lại sau {done.retry_later}, bỏ {done.abandoned}.",
                f"Sent {done.sent}, to be tried again {done.retry_later}, abandoned {done.abandoned}.",
            )
        ),
    )

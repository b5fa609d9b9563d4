"""`tcpl serve`: everything on this machine, until Ctrl-C; `tcpl deploy`: the schedules on a server elsewhere."""

import os
from typing import Annotated

import typer

from cli.answers import answer, aside, say
from models.errors import Refusal
from models.words import Words
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("serve", help="Chạy Prefect và các lịch trên máy này · Prefect and the schedules, until Ctrl-C")(serve)
    app.command("deploy", help="Đăng ký các lịch vào máy chủ Prefect · register with a server elsewhere")(deploy)


def serve(
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="như TCPL_DATABASE_URL (lộ trong ps) · the same, seen in ps"),
    ] = None,
    log_format: Annotated[
        str | None, typer.Option("--log-format", metavar="lines|json", help="dạng nhật ký · form of the logs")
    ] = None,
) -> None:
    if log_format not in (None, "lines", "json"):
        raise typer.BadParameter(f"--log-format: lines | json, không phải · not {log_format!r}")
    given = {"TCPL_DATABASE_URL": database, "TCPL_LOG_FORMAT": log_format}
    os.environ.update({name: value for name, value in given.items() if value})  # the processes it starts read them
    from tasks.database import reading

    settings, console = Settings(), aside()
    with reading():
        pass  # an uninitialised home is refused before anything starts, and before Prefect is imported
    from deployments.operator_address import refuse_unreadable
    from deployments.serving import serve as serve_until_stopped

    refuse_unreadable(settings)
    console.print(say("Đang khởi động …", "Starting …"))

    def ready() -> None:
        board, prefect = f"{settings.dashboard_address}/", f"http://127.0.0.1:{settings.prefect_port}/"
        console.print(
            say(
                f"[bold green]✓[/] Bàn điều hành: {board}\n  Trang Prefect: {prefect}\n  Ctrl-C để dừng.",
                f"[bold green]✓[/] Dashboard: {board}\n  Prefect's own page: {prefect}\n  Ctrl-C stops it.",
            )
        )

    serve_until_stopped(settings, ready)
    console.print(say("Đã dừng.", "Stopped."))


def deploy(
    pool: Annotated[str, typer.Option("--pool", metavar="NAME", help="nhóm máy chạy · the work pool")] = "tcpl",
) -> None:
    if not os.environ.get("PREFECT_API_URL"):
        raise Refusal(
            "no_prefect_server",
            Words("Chưa biết máy chủ Prefect ở đâu.", "It is not said where Prefect's server is."),
            Words("Biến PREFECT_API_URL chưa được đặt.", "PREFECT_API_URL is not set."),
            Words(
                "Đặt PREFECT_API_URL=http://may-chu:4200/api; trên một máy, dùng `tcpl serve`.",
                "Set PREFECT_API_URL=http://server:4200/api; on one machine use `tcpl serve`.",
            ),
        )
    from deployments.deploying import deploy as register
    from deployments.operator_address import refuse_unreadable

    refuse_unreadable(Settings())
    found = register(pool)
    answer(
        {"pool": pool, "deployments": [one.__dict__ for one in found]},
        lambda console: console.print(
            say(f"✓ Đã đăng ký {len(found)} lịch vào nhóm {pool}.", f"✓ {len(found)} deployments in pool {pool}.")
        ),
    )

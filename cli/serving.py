"""`tcpl serve`: Prefect's server and the schedules on this machine, until Ctrl-C."""

import typer

from cli.answers import aside, say
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("serve", help="Chạy Prefect và các lịch trên máy này · Prefect and the schedules, until Ctrl-C")(serve)


def serve() -> None:
    from deployments.serving import serve as serve_until_stopped
    from tasks.database import reading

    settings, console = Settings(), aside()
    with reading():
        pass  # an uninitialised home is refused before anything starts
    console.print(say("Đang khởi động …", "Starting …"))

    def ready() -> None:
        page = f"http://127.0.0.1:{settings.prefect_port}"
        console.print(
            say(
                f"[bold green]✓[/] Đang chạy; trang Prefect: {page}. Ctrl-C để dừng.",
                f"[bold green]✓[/] Running; Prefect's own page: {page}. Ctrl-C stops it.",
            )
        )

    serve_until_stopped(settings, ready)
    console.print(say("Đã dừng.", "Stopped."))

"""`tcpl dashboard`: just the pages, with no schedules beside them."""

from typing import Annotated

import typer

from cli.answers import answer, aside, say
from tasks import clock
from tasks.database import reading
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("dashboard", help="Chỉ mở các trang điều hành · serve the pages alone")(dashboard)


def dashboard(
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="cổng · the port (TCPL_DASHBOARD_PORT)")
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="địa chỉ · the address (TCPL_DASHBOARD_HOST)")
    ] = None,
) -> None:
    from dashboard.serving import refuse_off_loopback, serve
    from deployments.pages import OF_EACH, sources

    settings = Settings()
    host = host or settings.dashboard_host
    refuse_off_loopback(host, settings)
    with reading():
        pass  # a home that is not initialised is refused before the port is opened
    chosen = port or settings.dashboard_port
    scheme = "https" if settings.tls_certificate else "http"
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{chosen}/"
    aside().print(say(f"Bàn điều hành: {address} (Ctrl-C để dừng)", f"Dashboard: {address} (Ctrl-C stops it)"))
    serve(host, chosen, clock.now, sources(), OF_EACH)
    answer({"address": address, "stopped": True}, lambda console: console.print(say("Đã dừng.", "Stopped.")))

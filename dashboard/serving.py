"""Starts the dashboard on the loopback address, and refuses any other: until there is access control, whoever reaches
the page sees everything."""

import ipaddress
import signal
from collections.abc import Callable
from datetime import datetime

from models.errors import Fault, Refusal
from models.words import Words


def serve(host: str, port: int, now: Callable[[], datetime]) -> None:
    """Serve the pages until Ctrl-C or SIGTERM. Raises Refusal off the loopback, Fault where the port is taken."""
    import uvicorn

    from dashboard.app import build

    refuse_off_loopback(host)
    server = uvicorn.Server(configuration(build(now), host, port))
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # both end it in the same way
    try:
        server.run()
    except KeyboardInterrupt:
        return  # uvicorn has closed everything, and hands the signal on
    except SystemExit:
        raise _port_taken(host, port) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def configuration(application: object, host: str, port: int):
    """How uvicorn serves it: quiet, with no header that names the software."""
    import uvicorn

    return uvicorn.Config(
        application,  # type: ignore[arg-type]  # any ASGI application
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost is not trusted to stay one."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_off_loopback(host: str) -> None:
    if not is_loopback(host):
        raise Refusal(
            "dashboard_off_loopback",
            Words(f"Không mở bàn điều hành ở địa chỉ {host[:60]}.", f"The dashboard does not open at {host[:60]}."),
            Words(
                "Trang chưa có kiểm soát truy cập: ai vào được địa chỉ này đều xem được mọi hồ sơ.",
                "It has no access control yet: whoever reaches that address would see every dossier.",
            ),
            Words(
                "Dùng 127.0.0.1; từ máy khác thì vào qua đường hầm SSH.",
                "Use 127.0.0.1, and from another machine an SSH tunnel.",
            ),
        )


def _port_taken(host: str, port: int) -> Fault:
    return Fault(
        "port_taken",
        Words(f"Không mở được {host}:{port}.", f"{host}:{port} cannot be opened."),
        Words("Cổng này có thể đang được dùng.", "The port may be in use."),
        Words("Chọn cổng khác bằng --port.", "Choose another with --port."),
    )

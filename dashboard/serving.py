"""Starts the dashboard: on this machine for whoever sits there; anywhere else only with accounts, and over TLS."""

import ipaddress
import signal
from collections.abc import Callable
from datetime import datetime

from dashboard.api import Sources
from models.errors import Fault, Refusal
from models.records.accounts import any_account
from models.words import Words
from tasks.database import reading
from tasks.settings import Settings


def serve(host: str, port: int, now: Callable[[], datetime], sources: Sources | None = None) -> None:
    """Serve the pages until Ctrl-C or SIGTERM. Raises Refusal off the loopback, Fault where the port is taken."""
    import uvicorn

    from dashboard.app import build

    settings = Settings()
    refuse_off_loopback(host, settings)
    application = build(now, loopback=is_loopback(host), sources=sources)
    server = uvicorn.Server(configuration(application, host, port, settings))
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # both end it in the same way
    try:
        server.run()
    except KeyboardInterrupt:
        return  # uvicorn has closed everything, and hands the signal on
    except SystemExit:
        raise _port_taken(host, port) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def configuration(application: object, host: str, port: int, settings: Settings | None = None):
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
        ssl_certfile=settings.tls_certificate if settings else None,
        ssl_keyfile=settings.tls_key if settings else None,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost is not trusted to stay one."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_off_loopback(host: str, settings: Settings) -> None:
    """Off this machine only with accounts, and with https in front or here: a password is not sent in the open."""
    if is_loopback(host):
        return
    with reading(settings) as session:
        if not any_account(session):
            raise _without_accounts(host)
    if not settings.public_address.startswith("https://"):
        raise _without_tls(host)


def _without_accounts(host: str) -> Refusal:
    return Refusal(
        "dashboard_off_loopback",
        Words(f"Không mở bàn điều hành ở địa chỉ {host[:60]}.", f"The dashboard does not open at {host[:60]}."),
        Words(
            "Chưa có tài khoản nào: ai vào được địa chỉ này đều xem được mọi hồ sơ.",
            "There is no account yet: whoever reaches that address would see every dossier.",
        ),
        Words(
            "Tạo bằng `tcpl users add TÊN --role administrator`; hoặc dùng 127.0.0.1.",
            "Make one: `tcpl users add NAME --role administrator`; or use 127.0.0.1.",
        ),
    )


def _without_tls(host: str) -> Refusal:
    return Refusal(
        "dashboard_without_tls",
        Words(f"Không mở bàn điều hành ở địa chỉ {host[:60]}.", f"The dashboard does not open at {host[:60]}."),
        Words(
            "TCPL_PUBLIC_URL không bắt đầu bằng https://: mật khẩu sẽ đi qua mạng không được mã hóa.",
            "TCPL_PUBLIC_URL does not begin with https://: passwords would travel in the open.",
        ),
        Words(
            "Đặt TCPL_PUBLIC_URL=https://…, cùng TCPL_TLS_CERTIFICATE và TCPL_TLS_KEY hoặc máy chủ https phía trước; "
            "hoặc dùng 127.0.0.1.",
            "Set TCPL_PUBLIC_URL=https://…, with TCPL_TLS_CERTIFICATE and TCPL_TLS_KEY or an https server in front; "
            "or use 127.0.0.1.",
        ),
    )


def _port_taken(host: str, port: int) -> Fault:
    return Fault(
        "port_taken",
        Words(f"Không mở được {host}:{port}.", f"{host}:{port} cannot be opened."),
        Words("Cổng này có thể đang được dùng.", "The port may be in use."),
        Words("Chọn cổng khác bằng --port.", "Choose another with --port."),
    )

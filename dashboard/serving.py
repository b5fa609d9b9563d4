"""Starts the dashboard: on this machine for whoever sits there; anywhere else only with accounts, and over TLS.

Offices that sign in are served by several processes on one port: one processor alone answers too few at once.
"""

import gc
import ipaddress
import os
import signal
import ssl
from collections.abc import Callable
from datetime import datetime

from dashboard.api import Sources
from models.errors import Fault, Refusal
from models.records.accounts import any_account
from models.words import Words
from tasks.database import reading
from tasks.settings import Settings

MOST_PROCESSES = 4
"""`local`, of this product: so many are started by themselves; the settings may say more."""


def serve(
    host: str, port: int, now: Callable[[], datetime], sources: Sources | None = None, of_each: str | None = None
) -> None:
    """Serve the pages until Ctrl-C or SIGTERM. Raises Refusal off the loopback, Fault where the port is taken.

    `of_each`: where each of several processes finds its own application ("module:function"); without it there is one.
    """
    import uvicorn

    from dashboard.app import build

    settings = Settings()
    refuse_off_loopback(host, settings)
    if of_each and (many := processes(host, settings)) > 1:
        _serve_together(host, port, settings, of_each, many)
        return
    application = build(now, loopback=is_loopback(host), sources=sources)
    settle()
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


def settle() -> None:
    """What a process that serves does once all is loaded: its half a million objects stay for good.

    Python's collector looked through them again and again, and whoever asked meanwhile waited for a third of a second.
    It still looks through all that came later, once in some thousands of requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 5, 100)


def processes(host: str, settings: Settings) -> int:
    """How many processes answer: one for whoever sits here; one a processor, few in all, for offices that sign in."""
    if settings.dashboard_processes is not None:
        return settings.dashboard_processes
    here = is_loopback(host) and not settings.public_address.startswith("https://")
    return 1 if here else min(os.cpu_count() or 1, MOST_PROCESSES)


def _serve_together(host: str, port: int, settings: Settings, of_each: str, many: int) -> None:
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    os.environ["TCPL_DASHBOARD_HOST"] = host  # each process asks its settings whether others reach it
    plan = configuration(of_each, host, port, settings, many)
    try:
        listening = plan.bind_socket()
    except SystemExit:
        raise _port_taken(host, port) from None
    with listening:
        together = Multiprocess(plan, sockets=[listening])  # starts anew whichever of them ends by itself
        together.run()
    if any(one.exitcode == STARTUP_FAILURE for one in together.processes):
        raise _not_started()


def configuration(application: object, host: str, port: int, settings: Settings | None = None, many: int = 1):
    """How uvicorn serves it: quiet, with no header that names the software. `many`: `application` is then a name."""
    import uvicorn

    return uvicorn.Config(
        application,  # type: ignore[arg-type]  # any ASGI application
        factory=isinstance(application, str),
        workers=many,
        loop="dashboard.accepting:Loop" if many > 1 else "auto",
        timeout_worker_healthcheck=60,  # a machine that is busy for seconds is no reason to end it
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
    _refuse_bad_certificate(settings)
    if is_loopback(host):
        return
    with reading(settings) as session:
        if not any_account(session):
            raise _without_accounts(host)
    if not settings.public_address.startswith("https://"):
        raise _without_tls(host)


def _refuse_bad_certificate(settings: Settings) -> None:
    """A certificate that cannot be used is said before anything starts."""
    if settings.tls_certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.tls_certificate, settings.tls_key, password=lambda: ""
        )
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise _bad_certificate(error) from None


def _bad_certificate(error: Exception) -> Refusal:
    why = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
    return Refusal(
        "bad_tls_certificate",
        Words("Không dùng được chứng thư TLS đã khai.", "The TLS certificate that was named cannot be used."),
        Words(
            f"Không mở được TCPL_TLS_CERTIFICATE cùng TCPL_TLS_KEY ({why}).",
            f"TCPL_TLS_CERTIFICATE with TCPL_TLS_KEY cannot be opened ({why}).",
        ),
        Words(
            "Kiểm tra hai tệp PEM: có đọc được, đúng cặp, khóa không đặt mật khẩu.",
            "Check the two PEM files: readable, of one pair, the key without a passphrase.",
        ),
    )


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


def _not_started() -> Fault:
    return Fault(
        "pages_not_started",
        Words("Bàn điều hành không khởi động được.", "The dashboard did not start."),
        Words("Một tiến trình của nó dừng ngay khi bắt đầu.", "One of its processes ended at its beginning."),
        Words("Xem lý do trong nhật ký ngay phía trên, rồi chạy lại.", "See why in the log just above; run it again."),
    )

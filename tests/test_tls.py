"""The dashboard as offices reach it: over TLS, by several processes on one port, which all end with the one above them.

It is started as `tcpl serve` starts it: the same module, the same settings, its standard input held open.
"""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from databases import ON_SQLITE

from deployments.children import free_port
from models.records.accounts import Role
from tasks import clock
from tasks.settings import CHECKOUT, Settings
from tasks.users import add_user
from tests.waiting import eventually

pytestmark = ON_SQLITE


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of this machine, signed by itself; the settings name it and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (tmp_path / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("TCPL_TLS_CERTIFICATE", str(tmp_path / "tls.pem"))
    monkeypatch.setenv("TCPL_TLS_KEY", str(tmp_path / "key.pem"))
    return tmp_path / "tls.pem"


@contextmanager
def pages(port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The dashboard's process of `tcpl serve`."""
    words = [sys.executable, "-m", "deployments.pages", str(port)]
    started = subprocess.Popen(
        words, cwd=CHECKOUT, env={**os.environ, **more}, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def children(pid: int) -> list[int]:
    """The processes that answer; beside them Python keeps one of its own."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_offices_are_answered_over_tls_by_processes_that_end_with_the_one_above(
    units: Settings, certificate: Path
) -> None:
    add_user("quan.tri", Role.ADMINISTRATOR, None, clock.now(), may_sign_in=False)
    port, trusted = free_port(), ssl.create_default_context(cafile=str(certificate))
    address = f"https://127.0.0.1:{port}"

    def ask(path: str) -> HTTPResponse:
        return urlopen(Request(address + path), timeout=60, context=trusted)

    more = {"TCPL_DASHBOARD_HOST": "0.0.0.0", "TCPL_PUBLIC_URL": address, "TCPL_DASHBOARD_PROCESSES": "2"}
    with pages(port, TCPL_HOME=str(units.home), **more) as started:
        answer = eventually(lambda: ask("/healthz"))
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        found = ask("/")
        assert found.url.startswith(f"{address}/sign-in?next=")
        cookie = found.headers["set-cookie"].lower()
        assert cookie.startswith("__host-tcpl-visitor=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert not plain.recv(100).startswith(b"HTTP"), "nothing is said in the open"
        first = eventually(lambda: len(found := children(started.pid)) == 2 and found)
        os.kill(first[0], signal.SIGKILL)
        second = eventually(lambda: len(now := children(started.pid)) == 2 and first[0] not in now and now)
        assert first[1] in second, "the one that ended is started anew, the other goes on"
        assert ask("/healthz").status == 200
        assert started.stdin
        started.stdin.close()  # what `tcpl serve` held is gone
        assert started.wait(120) == 0
        eventually(lambda: not any(Path(f"/proc/{one}").exists() for one in second))


def test_processes_whose_parent_is_killed_end_by_themselves(units: Settings) -> None:
    port = free_port()
    with pages(port, TCPL_HOME=str(units.home), TCPL_DASHBOARD_PROCESSES="2") as started:
        eventually(lambda: urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60))
        known = eventually(lambda: len(found := children(started.pid)) == 2 and found)
        started.kill()
        eventually(lambda: not any(Path(f"/proc/{one}").exists() for one in known))


@pytest.mark.parametrize("fault", ["gone", "no certificate", "another key"])
@pytest.mark.parametrize("command", ["dashboard", "serve"])
def test_a_certificate_that_cannot_be_used_is_refused_before_anything_starts(
    command: str, fault: str, units: Settings, certificate: Path, tcpl: Any
) -> None:
    assert units.home.is_dir()
    if fault == "gone":
        certificate.unlink()
    elif fault == "no certificate":
        certificate.write_text("x")
    else:
        key = ec.generate_private_key(ec.SECP256R1())
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (certificate.parent / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    found = tcpl(command, "--json") if command == "dashboard" else tcpl(command)
    assert found.status == 1
    assert "TCPL_TLS_CERTIFICATE" in found.out + found.err
    assert "Traceback" not in found.err

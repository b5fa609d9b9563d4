"""Real servers that misbehave by script: an SMTP server and an HTTP receiver, which keep what they took.

A script is a list of words, one for each message in turn; when it is at its end everything is accepted.
"""

import asyncio
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Taken:
    """What a receiver took: the ids in the order of their coming, and the messages or documents themselves."""

    ids: list[str] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    answers_lost: set[str] = field(default_factory=set)
    script: list[str] = field(default_factory=list)
    tries: int = 0
    port: int = 0
    refused_recipients: set[str] = field(default_factory=set)
    at_try: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What else happens in the world while a message is being taken, by the number of the try."""

    def next_word(self) -> str:
        self.tries += 1
        self.at_try.get(self.tries, lambda: None)()
        return self.script.pop(0) if self.script else "accept"

    def doubled(self) -> set[str]:
        return {one for one, times in Counter(self.ids).items() if times > 1}


class _Mailbox:
    """aiosmtpd calls these by name."""

    def __init__(self, taken: Taken, slow: float) -> None:
        self.taken, self.slow = taken, slow

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.taken.refused_recipients:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        message: Message = message_from_bytes(envelope.content)
        word = self.taken.next_word()
        match word:
            case "4xx":
                return "451 try again later"
            case "5xx":
                return "554 refused"
            case "slow":
                await asyncio.sleep(self.slow)
            case "drop":  # taken, and the answer never leaves
                self._take(message)
                self.taken.answers_lost.add(str(message["X-TCPL-Notice"]))
                server.transport.abort()
                return "250 OK"
            case "timeout":  # not taken, and no answer within the sender's patience
                await asyncio.sleep(self.slow * 4)
                server.transport.abort()
                return "451 too late"
        self._take(message)
        return "250 OK"

    def _take(self, message: Message) -> None:
        self.taken.ids.append(str(message["X-TCPL-Notice"]))
        self.taken.messages.append(message)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


@contextmanager
def smtp_server(script: list[str] | None = None, slow: float = 0.3, certificate: Path | None = None) -> Iterator[Taken]:
    """A mail server on this machine; `taken.port` is where it listens. `certificate`: a folder, and it wants TLS."""
    taken = Taken(script=script or [])
    tls = {"tls_context": _own_certificate(certificate), "require_starttls": True} if certificate else {}
    controller = Controller(_Mailbox(taken, slow), hostname="127.0.0.1", port=free_port(), **tls)
    controller.start()
    taken.port = controller.port
    try:
        yield taken
    finally:
        controller.stop()


def _own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost that vouches for itself, left in the folder as certificate.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@contextmanager
def http_receiver(script: list[str] | None = None, zalo: bool = False) -> Iterator[Taken]:
    """A web service that keeps what it took by its Idempotency-Key; as Zalo, it answers 200 whatever happens."""
    taken = Taken(script=script or [])

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            word = taken.next_word()
            if zalo and self.headers.get("access_token") != "good-token-123":
                return self._say(200, {"error": -124, "message": "Access token is invalid"})
            if word in ("4xx", "5xx", "429"):
                status = {"4xx": 400, "5xx": 503, "429": 429}[word]
                return self._say(status, {"error": "no"})
            if word == "quota":
                return self._say(200, {"error": -144, "message": "OA exceeded quota"})
            if word == "slow":
                time.sleep(0.2)
            taken.ids.append(self.headers["Idempotency-Key"])
            taken.messages.append(document)
            if word == "drop":
                taken.answers_lost.add(self.headers["Idempotency-Key"])
                self.close_connection = True
                return self.connection.close()
            return self._say(200, {"error": 0, "message": "Success", "data": {"msg_id": f"m{taken.tries}"}})

        def _say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            with suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    taken.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()

"""`tcplmail://user:password@host:port/?from=...&to=...&mode=starttls|ssl|plain`: mail over one kept connection.

A message says its id twice (`X-TCPL-Notice`, `Message-ID`), so that the rare double after a lost answer is known at
the other end. `mode` is starttls unless the server is this machine; certificates are verified.
"""

import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from tasks import clock
from tasks.channels import Parcel, Receipt
from tasks.wording import PICTURE, Composed

TIMEOUT_SECONDS = 20.0
LOCAL = ("127.0.0.1", "localhost", "::1")


class _Answer(Exception):
    """The server's refusal of one message: its code and its words. The connection is still good."""

    def __init__(self, code: int, said: bytes) -> None:
        self.code = code
        super().__init__(f"{code} {said.decode(errors='replace')}")


def send_mail(parcel: Parcel, meta: dict[str, Any]) -> Receipt:
    """Hand one message over; a kept connection that has died meanwhile is opened anew, once, before any text went."""
    key = (*(str(meta.get(part)) for part in ("host", "port", "user")), _mode(meta))
    to, sender = str(meta["qsd"].get("to", "")), str(meta["qsd"].get("from") or meta.get("user") or "")
    if "@" not in to or "@" not in sender:
        return Receipt("refused", "an e-mail address is wanting in `to` or `from`")
    message = message_of(parcel.letter, sender, str(meta["qsd"].get("name") or "TCPL Cycle"), to)
    kept = parcel.post.kept
    was_kept = key in kept
    try:
        try:
            connection = kept.get(key) or _connect(kept, key, meta)
            _begin(connection, sender, to)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            if not was_kept:
                raise
            connection = _connect(kept, key, meta)
            _begin(connection, sender, to)
    except _Answer as answer:
        return _refusal(answer, kept, key)
    except (smtplib.SMTPException, OSError) as error:
        _forget(kept, key)
        return Receipt("unreachable", _words(error))
    return _hand_over(lambda: connection.data(message.as_bytes(policy=SMTP)), kept, key)


def _hand_over(data: Callable[[], tuple[int, bytes]], kept: dict[Any, Any], key: Any) -> Receipt:
    """From DATA on an answer that is lost may mean that the message was taken."""
    try:
        code, said = data()
    except (smtplib.SMTPException, OSError) as error:
        _forget(kept, key)
        return Receipt("failed", f"the answer was lost: {_words(error)}")
    if code == 250:
        return Receipt("taken", said.decode(errors="replace")[:200] or None)
    return _refusal(_Answer(code, said), kept, key)


def _begin(connection: smtplib.SMTP, sender: str, to: str) -> None:
    for say in (lambda: connection.mail(sender), lambda: connection.rcpt(to)):
        code, said = say()
        if code == 421:
            raise smtplib.SMTPServerDisconnected(f"421 {said.decode(errors='replace')}")
        if code not in (250, 251):
            raise _Answer(code, said)


def _refusal(answer: _Answer, kept: dict[Any, Any], key: Any) -> Receipt:
    if answer.code == 421:
        _forget(kept, key)
        return Receipt("failed", str(answer))
    try:
        kept[key].rset()
    except (smtplib.SMTPException, OSError):
        _forget(kept, key)
    return Receipt("refused" if answer.code >= 500 else "failed", str(answer))


def _connect(kept: dict[Any, Any], key: Any, meta: dict[str, Any]) -> smtplib.SMTP:
    _forget(kept, key)
    host, mode = str(meta["host"]), _mode(meta)
    timeout = float(meta["qsd"].get("timeout") or TIMEOUT_SECONDS)
    port = int(meta.get("port") or {"ssl": 465, "starttls": 587}.get(mode, 25))
    if mode == "ssl":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=timeout)
    kept[key] = connection
    connection.ehlo_or_helo_if_needed()
    if mode == "starttls":
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    if meta.get("password"):
        connection.login(str(meta["user"]), str(meta["password"]))
    return connection


def _forget(kept: dict[Any, Any], key: Any) -> None:
    connection = kept.pop(key, None)
    if connection is not None:
        connection.close()


def _mode(meta: dict[str, Any]) -> str:
    return str(meta["qsd"].get("mode") or ("plain" if meta.get("host") in LOCAL else "starttls"))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:250]


def message_of(letter: Composed, sender: str, name: str, to: str) -> EmailMessage:
    """The message, plain and HTML; subject and names in their own signs."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = to
    message["Date"] = format_datetime(clock.instant())
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["X-TCPL-Notice"] = letter.key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.plain if letter.items else letter.opening)
    if letter.items:
        picture = _picture(letter)
        message.add_alternative(letter.html() if picture else letter.html(picture=""), subtype="html")
        if picture:
            body = message.get_body(("html",))
            assert isinstance(body, EmailMessage)
            body.add_related(
                picture, "image", "png", cid=f"<{PICTURE}>", filename="tinh-hinh.png", disposition="inline"
            )
    return message


def _picture(letter: Composed) -> bytes | None:
    """Its figures stand in the text too: a picture that cannot be drawn never keeps a letter back."""
    try:
        return letter.standing.png() if letter.standing else None
    except ValueError:  # what the drawing library raises
        return None

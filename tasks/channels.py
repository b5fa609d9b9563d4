"""Where notices go: any Apprise address, one target per send; by default readable text files in the home's outbox.

Apprise tells one boolean. Our own plug-ins (`tasks.plugins`, registered with Apprise) tell more through the parcel that
is under way; for the others the reason is read from Apprise's log, with every part of the address masked.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import apprise

from tasks.outbox_files import write_file
from tasks.settings import Settings
from tasks.wording import Composed

OUTBOX = "outbox"
REPEATABLE = frozenset({OUTBOX})
"""Channels on which sending twice leaves one message: they are confirmed in batches, the others one by one."""
BLOCK = "secret:"
KEPT_TARGETS = 32
LONG = 1000
"""A service whose messages are shorter than this gets the short text."""

Verdict = Literal["taken", "refused", "failed", "unreachable"]
"""refused: this message, probably for good · failed: perhaps not next time · unreachable: no message gets through."""


@dataclass(frozen=True)
class Receipt:
    """What the other end said."""

    verdict: Verdict
    detail: str | None = None

    @property
    def ok(self) -> bool:
        return self.verdict == "taken"


@dataclass
class Parcel:
    """A letter on its way through Apprise to a plug-in of ours, and the receipt that comes back."""

    letter: Composed
    post: "Post"
    receipt: Receipt | None = None


under_way: ContextVar[Parcel | None] = ContextVar("under_way", default=None)


@dataclass
class Post:
    """Sends letters. Connections are kept from one letter to the next, and closed at the end (`open_post`)."""

    settings: Settings
    kept: dict[Any, Any] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    _addresses: dict[str, str] = field(default_factory=dict)
    _targets: dict[str, apprise.Apprise] = field(default_factory=dict)

    def send(self, letter: Composed) -> Receipt:
        """Send one letter to its one target. Never raises for what the other end does."""
        if letter.channel == OUTBOX and OUTBOX not in self.settings.channels:
            # our own file on our own disk: what Apprise adds to it is half of its cost
            receipt = into_file(self._folder, letter)
            if receipt.verdict == "unreachable":
                self.down.add(OUTBOX)
            return receipt
        try:
            template = self._address(letter.channel)
        except _NoSecret as wanting:
            self.down.add(letter.channel)
            return Receipt("unreachable", str(wanting))
        if template is None:
            return Receipt("failed", f"no channel is named {letter.channel!r} in TCPL_CHANNELS")
        address = template.replace("{to}", quote(letter.address, safe="@"))
        receipt = self._through_apprise(address, letter)
        if receipt.verdict == "unreachable":
            self.down.add(letter.channel)
        return receipt

    @cached_property
    def _folder(self) -> str:
        return str(outbox(self.settings))

    def _through_apprise(self, address: str, letter: Composed) -> Receipt:
        target = self._target(address)
        if target is None:
            return Receipt("failed", "the channel's address cannot be read")
        own = target[0].category == "custom"  # type: ignore[union-attr]  # one address, one plug-in
        body = " " if own else self._body(letter, target[0].body_maxlen)  # type: ignore[union-attr]
        parcel = Parcel(letter, self)
        mark = under_way.set(parcel)
        try:
            with _heard(address) as remarks:
                answer = target.notify(title=letter.subject, body=body, body_format=apprise.NotifyFormat.TEXT)
        finally:
            under_way.reset(mark)
        if parcel.receipt is not None:
            return Receipt(parcel.receipt.verdict, masked(parcel.receipt.detail, address))
        return Receipt("taken") if answer else Receipt("failed", "; ".join(remarks) or "the channel did not take it")

    def _target(self, address: str) -> apprise.Apprise | None:
        """Apprise for one address; the last few are kept, since an address without `{to}` serves every letter."""
        if address not in self._targets:
            target = apprise.Apprise()
            if not target.add(address):
                return None
            if len(self._targets) >= KEPT_TARGETS:
                self._targets.clear()
            self._targets[address] = target
        return self._targets[address]

    def _body(self, letter: Composed, most: int) -> str:
        return letter.plain if most >= LONG else letter.short(min(most, self.settings.sms_length))

    def _address(self, channel: str) -> str | None:
        if channel not in self._addresses:
            found = channel_address(self.settings, channel)
            if found is None:
                return None
            self._addresses[channel] = found
        return self._addresses[channel]

    def close(self) -> None:
        for connection in self.kept.values():
            connection.close()
        self.kept.clear()


@contextmanager
def open_post(settings: Settings) -> Iterator[Post]:
    """A post whose connections live as long as the block."""
    from tasks import plugins

    plugins.register()
    post = Post(settings)
    try:
        yield post
    finally:
        post.close()


def into_file(folder: str, letter: Composed) -> Receipt:
    """The letter as a text file in the folder."""
    try:
        write_file(folder, letter)
    except OSError as error:
        return Receipt("unreachable", error.strerror or "the file cannot be written")
    return Receipt("taken")


def office_channel(settings: Settings) -> str:
    """The name of the office's own channel, to which goes whatever has no contact."""
    if settings.channel is None:
        return OUTBOX
    address = settings.channel.get_secret_value()
    return BLOCK.rstrip(":") if address.startswith(BLOCK) else address.partition("://")[0]


def channel_address(settings: Settings, channel: str) -> str | None:
    """The Apprise address of a channel, which may hold a secret; null: nobody named one."""
    if channel in settings.channels:
        return _from_block(settings.channels[channel].get_secret_value())
    if channel == OUTBOX:
        return f"tcploutbox://file?folder={quote(quote(str(outbox(settings)), safe=''), safe='')}"
    if settings.channel is not None and channel == office_channel(settings):
        return _from_block(settings.channel.get_secret_value())
    return None


def outbox(settings: Settings) -> Path:
    return settings.home.resolve() / "outbox"


class _NoSecret(Exception):
    """The Secret block that a channel names cannot be read: it is not there, or Prefect does not answer."""


def _from_block(address: str) -> str:
    if not address.startswith(BLOCK):
        return address
    from prefect.blocks.system import Secret

    name = address.removeprefix(BLOCK)
    try:
        return str(Secret.load(name).get())  # pyright: ignore[reportAttributeAccessIssue]
    except Exception as error:
        # Prefect tells of a missing block, of a server that is away and of a wrong key in many types; none may end
        # the delivery of the other channels
        raise _NoSecret(f"the Secret block {name!r} cannot be read ({type(error).__name__})") from error


def alarm(settings: Settings, subject: str, body: str, key: str) -> Receipt:
    """Tell the operator, through a channel of its own where one is set; the outbox where none is."""
    letter = Composed(
        *(0, key, OUTBOX if settings.channel is None else office_channel(settings), "", "operator", settings.lang),
        *("", key[:10], subject, subject, body, (), "", (), False),
    )
    if settings.operator is not None:
        own = settings.model_copy(update={"channels": {**settings.channels, "operator": settings.operator}})
        letter = Composed(**{**letter.__dict__, "channel": "operator"})
        settings = own
    with open_post(settings) as post:
        return post.send(letter)


@contextmanager
def _heard(address: str) -> Iterator[list[str]]:
    """What Apprise's log says meanwhile, warnings and worse, masked."""
    remarks: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            remarks.append(masked(record.getMessage(), address) or "")

    logger, ear = logging.getLogger("apprise"), Ear(logging.WARNING)
    logger.addHandler(ear)
    was, logger.propagate = logger.propagate, False
    try:
        yield remarks
    finally:
        logger.propagate = was
        logger.removeHandler(ear)


def masked(said: str | None, address: str) -> str | None:
    """What was said without any part of the address that may be a secret: user names, passwords, tokens, paths."""
    if said is None:
        return None
    for part in sorted(_secret_parts(address), key=len, reverse=True):
        said = said.replace(part, "***")
    return said


def _secret_parts(address: str) -> set[str]:
    rest = address.partition("://")[2]
    before_at = rest.rpartition("@")[0]
    parts = set(re.split(r"[:/?&=@]", before_at)) | set(re.split(r"[/?&=]", rest.partition("@")[2] or rest)[1:])
    return {part for part in parts if len(part) >= 6}


def named(settings: Settings) -> Mapping[str, str]:
    """The channels that contacts may name, each with its kind: never the address itself."""
    kinds = {
        name: BLOCK.rstrip(":") if said.startswith(BLOCK) else said.partition("://")[0]
        for name, said in ((name, address.get_secret_value()) for name, address in settings.channels.items())
    }
    return {OUTBOX: "tcploutbox", **kinds}

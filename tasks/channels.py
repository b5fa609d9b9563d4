"""Where notices go: any Apprise address, one target per send; by default readable text files in the home's outbox."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import apprise
from apprise.decorators import notify

from tasks.settings import Settings


@notify(on="tcploutbox", name="TCPL outbox")
def write_letter(body: str, title: str, notify_type: Any, *_: Any, meta: dict[str, Any], **__: Any) -> bool:  # noqa: ARG001
    """Write a notice as a text file whose name follows from its id: sent twice, it is one file."""
    path = Path(unquote(meta["qsd"]["file"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(f"{title}\n{'=' * min(len(title), 72)}\n\n{body}\n", encoding="utf-8")
    unfinished.replace(path)
    return True


def address_for(letter_id: int, subject: str, day: str) -> tuple[str, str]:
    """(the name of the channel, the Apprise address for this one letter). The address may hold a secret."""
    settings = Settings()
    if settings.channel is not None:
        address = settings.channel.get_secret_value()
        return address.partition("://")[0], address
    slug = re.sub(r"[\\/:*?\"<>|]+", "-", subject)[:80].strip()
    file = settings.home.resolve() / "outbox" / day / f"{letter_id:06d} {slug}.txt"
    return "outbox", f"tcploutbox://file?file={quote(quote(str(file), safe=''), safe='')}"


def send(address: str, subject: str, body: str) -> tuple[bool, str | None]:
    """Send to one target: (sent, what was wrong). Apprise answers True, False or None and does not raise."""
    target = apprise.Apprise()
    if not target.add(address):
        return False, "the channel's address cannot be read"
    answer = target.notify(title=subject, body=body)
    return answer is True, None if answer else "the channel did not take it"

"""Our own Apprise plug-ins, registered under their schemas once per process; each leaves a receipt in the parcel.

- `tcploutbox://` a text file per letter
- `tcplmail://` mail over one kept SMTP connection, our id in a header, text and HTML
- `tcplhook://`, `tcplhooks://` JSON to a web service with an Idempotency-Key
- `tcplzalo://` Zalo's template messages (ZNS)
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from apprise.decorators import notify

from tasks.channels import Parcel, Receipt, into_file, under_way
from tasks.plugin_hook import post_json
from tasks.plugin_mail import send_mail
from tasks.plugin_zalo import send_template

Carry = Callable[[Parcel, dict[str, Any]], Receipt]

_registered: set[str] = set()


def register() -> None:
    """Make Apprise know our schemas; a second call changes nothing."""
    for schema, carry, name in (
        ("tcploutbox", write_letter, "TCPL outbox"),
        ("tcplmail", send_mail, "TCPL mail"),
        ("tcplhook", post_json, "TCPL webhook"),
        ("tcplhooks", post_json, "TCPL webhook over TLS"),
        ("tcplzalo", send_template, "Zalo ZNS"),
    ):
        if schema not in _registered:
            notify(on=schema, name=name)(_plug(carry))
            _registered.add(schema)


def _plug(carry: Carry) -> Callable[..., bool]:
    def plug(*_: Any, meta: dict[str, Any], **__: Any) -> bool:
        parcel = under_way.get()
        if parcel is None:
            raise RuntimeError("a letter is sent through tasks.channels only")
        parcel.receipt = carry(parcel, {"qsd": {}, **plain(meta)})  # an address without a query has none
        return parcel.receipt.ok

    return plug


def plain(meta: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address with user and password as they are: Apprise hands those on as the address spells them."""
    return meta | {part: unquote(str(meta[part])) for part in ("user", "password") if meta.get(part)}


def write_letter(parcel: Parcel, meta: dict[str, Any]) -> Receipt:
    """A text file in the folder that the address names."""
    return into_file(unquote(meta["qsd"]["folder"]), parcel.letter)

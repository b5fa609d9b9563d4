"""The operator's address in words that Prefect's server understands, which has Apprise but not our own plug-ins.

Mail goes by Apprise's own plug-in, a web service and Zalo get the same document that ours would send; only a file
(`tcploutbox`) has nothing to stand in for it. What cannot be understood is refused before anything starts.
"""

from typing import Any
from urllib.parse import quote, urlencode

from apprise import Apprise
from apprise.utils.parse import parse_url
from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
from pydantic import SecretStr

from models.errors import Refusal
from models.words import Words
from tasks.channels import BLOCK as BY_SECRET
from tasks.plugin_hook import web_address
from tasks.plugin_mail import LOCAL
from tasks.plugin_zalo import PATH, international
from tasks.plugins import plain
from tasks.settings import Settings

FILE = "tcploutbox"
Block = SlackWebhook | CustomWebhookNotificationBlock


def refuse_unreadable(settings: Settings) -> None:
    """Refuse an operator's address of which nothing can be made, before a server starts that could not use it.

    What a Secret block holds is known once the server answers.
    """
    address = settings.operator
    if address is None or address.get_secret_value().startswith(BY_SECRET):
        return
    if block_for(address.get_secret_value()) is None and not address.get_secret_value().startswith(f"{FILE}://"):
        raise Refusal(
            "bad_operator_address",
            Words("Địa chỉ người vận hành không dùng được.", "The operator's address cannot be used."),
            Words(
                "TCPL_OPERATOR không phải địa chỉ Apprise đọc được (không in ra vì có thể chứa mật khẩu).",
                "TCPL_OPERATOR is no address that Apprise can read (not shown: it may hold a password).",
            ),
            Words(
                "Ghi dạng tcplmail://nguoi:mat-khau@may?from=…&to=…, tcplhooks://may/duong-dan hoặc địa chỉ Apprise.",
                "Write tcplmail://user:password@host?from=…&to=…, tcplhooks://host/path, or any address of Apprise.",
            ),
        )


def block_for(address: str) -> Block | None:
    """A block of Prefect that sends there; null for a file, and for what cannot be read.

    The block that is named after Slack hands any address that is not Slack's to Apprise as it is, and every Prefect
    server knows it; a block type of our own would have to be installed there.
    """
    scheme = address.partition("://")[0].lower()
    parsed = parse_url(address, verify_host=False, simple=False)
    if not parsed or not parsed.get("host"):
        return None
    meta = plain(parsed)
    match scheme:
        case "tcplmail":
            spoken = _mail(meta)
        case "tcplhook" | "tcplhooks":
            return _web(meta, secure=scheme == "tcplhooks")
        case "tcplzalo":
            return _zalo(meta)
        case _:
            spoken = address.replace("{to}", "")
    if spoken is None or not Apprise().add(spoken):
        return None
    return SlackWebhook(url=SecretStr(spoken))


def _mail(meta: dict[str, Any]) -> str | None:
    asked = meta["qsd"]
    sender, to = asked.get("from") or meta.get("user"), asked.get("to")
    if not sender or not to or "@" not in str(to):
        return None
    host = str(meta["host"])
    mode = asked.get("mode") or ("plain" if host in LOCAL else "starttls")
    port = meta.get("port") or {"ssl": 465, "starttls": 587}.get(mode, 25)
    user = quote(str(meta["user"]), safe="") if meta.get("user") else ""
    password = f":{quote(str(meta['password']), safe='')}" if meta.get("password") else ""
    query = {"from": sender, "to": to, "smtp": host, "mode": "insecure" if mode == "plain" else mode}
    query |= {"name": asked.get("name") or "TCPL Cycle", "format": "text"}
    scheme = "mailto" if mode == "plain" else "mailtos"
    return f"{scheme}://{user}{password}{'@' if user else ''}{host}:{port}/?{urlencode(query)}"


def _web(meta: dict[str, Any], *, secure: bool) -> CustomWebhookNotificationBlock:
    """No Idempotency-Key: a block knows one key only, and a receiver would take one alarm and no other."""
    bearer = meta["qsd"].get("bearer")
    address = web_address(meta, secure=secure)
    if meta.get("user"):  # the client makes an Authorization header of it
        user, password = (quote(str(meta.get(part) or ""), safe="") for part in ("user", "password"))
        address = address.replace("://", f"://{user}:{password}@", 1)
    said = {"id": "alarm", "to": "operator", "address": "", "subject": "{{subject}}", "text": "{{body}}"}
    return CustomWebhookNotificationBlock(
        name="tcpl-operator",
        url="{{address}}",
        json_data=said | {"trial": False, "acknowledge": "", "notices": []},
        headers={"Authorization": "{{bearer}}"} if bearer else None,
        cookies=None,
        secrets={"address": address, **({"bearer": f"Bearer {bearer}"} if bearer else {})},  # pyright: ignore[reportArgumentType]
    )


def _zalo(meta: dict[str, Any]) -> CustomWebhookNotificationBlock | None:
    phone = international(str(meta["qsd"].get("to", "")))
    if phone is None:
        return None
    port = f":{meta['port']}" if meta.get("port") else ""
    scheme = "http" if meta["qsd"].get("plain") == "yes" else "https"
    filled = {"co_quan": "TCPL", "noi_dung": "{{subject}}", "han": "—", "ma_so": "tcpl-operator"}
    return CustomWebhookNotificationBlock(
        name="tcpl-operator",
        url=f"{scheme}://{meta['host']}{port}{PATH}",
        json_data={
            "phone": phone,
            "template_id": str(meta.get("fullpath") or "").strip("/"),
            "template_data": filled,
        },
        headers={"access_token": "{{token}}"},
        cookies=None,
        secrets={"token": str(meta.get("user") or "")},  # pyright: ignore[reportArgumentType]
    )

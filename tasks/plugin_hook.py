"""`tcplhook(s)://user:password@host:port/path?bearer=TOKEN`: a letter as JSON, with an Idempotency-Key.

The key is the letter's own and stays the same on every attempt: a receiver that keeps it takes a letter once.
"""

from typing import Any

import requests

from tasks.channels import Parcel, Receipt

TIMEOUT_SECONDS = 20.0
PERHAPS_LATER = (408, 409, 425, 429)


def post_json(parcel: Parcel, meta: dict[str, Any]) -> Receipt:
    """Any 2xx is taken; 4xx is refused, but for those that ask to come again; the rest may pass next time."""
    letter = parcel.letter
    document = {
        "id": letter.key,
        "to": letter.to,
        "address": letter.address,
        "language": letter.language,
        "subject": letter.subject,
        "text": letter.plain if letter.items else letter.opening,
        "trial": letter.trial,
        "acknowledge": letter.link,
        "notices": [{"ids": list(item.notice_ids), "subject": item.subject, "due": item.due} for item in letter.items],
    }
    headers = {"Idempotency-Key": letter.key, "X-TCPL-Notice": letter.key}
    if bearer := meta["qsd"].get("bearer"):
        headers["Authorization"] = f"Bearer {bearer}"
    user = (str(meta["user"]), str(meta.get("password") or "")) if meta.get("user") else None
    return exchange(parcel, web_address(meta, secure=meta["schema"] == "tcplhooks"), document, headers, user)[0]


def web_address(meta: dict[str, Any], *, secure: bool) -> str:
    port = f":{meta['port']}" if meta.get("port") else ""
    return f"{'https' if secure else 'http'}://{meta['host']}{port}{meta.get('fullpath') or '/'}"


def exchange(
    parcel: Parcel,
    address: str,
    document: dict[str, Any],
    headers: dict[str, str],
    user: tuple[str, str] | None = None,
) -> tuple[Receipt, Any]:
    """POST over one kept connection: the receipt, and the JSON that came back (null: none)."""
    session = parcel.post.kept.setdefault("web", requests.Session())
    try:
        answer = session.post(
            address, json=document, headers=headers, auth=user, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.exceptions.ConnectTimeout as error:
        return Receipt("unreachable", type(error).__name__), None
    except requests.exceptions.ConnectionError as error:
        unreached = "Failed to establish" in str(error)
        return Receipt("unreachable" if unreached else "failed", type(error).__name__), None
    except requests.exceptions.RequestException as error:
        return Receipt("failed", type(error).__name__), None
    if answer.ok and not answer.is_redirect:
        return Receipt("taken", f"HTTP {answer.status_code}"), _json(answer)
    refused = 300 <= answer.status_code < 500 and answer.status_code not in PERHAPS_LATER
    return Receipt("refused" if refused else "failed", f"HTTP {answer.status_code}"), _json(answer)


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None

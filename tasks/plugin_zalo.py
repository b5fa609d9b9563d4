"""`tcplzalo://ACCESS_TOKEN@business.openapi.zalo.me/TEMPLATE_ID?to=0912345678`: Zalo's template messages (ZNS).

Zalo approves each template by hand, tied to the office's account; its fields are to be named `co_quan`, `noi_dung`,
`han`, `ma_so`. The interface (path, header, error codes) is as Zalo documents it, recalled and not tried against Zalo
itself: a local server that behaves like it stands in the tests. `?plain=yes` speaks HTTP, for that server only.
"""

import re
from typing import Any

from tasks.channels import Parcel, Receipt
from tasks.plugin_hook import exchange

PATH = "/message/template"
CONTENT_LENGTH = 200
TOKEN_FAULTS = (-124, -216, -220)
"""The access token is wrong or has expired: no message gets through until it is renewed."""
LATER_FAULTS = (-100, -115, -133, -144, -147, -200)
"""Unknown fault, no quota or money left, not at night, a limit of the day: perhaps next time."""


def send_template(parcel: Parcel, meta: dict[str, Any]) -> Receipt:
    """Zalo answers 200 also when it does not take a message: `error` is 0 only when it did."""
    letter = parcel.letter
    phone = international(str(meta["qsd"].get("to", "")))
    if phone is None:
        return Receipt("refused", "the telephone number cannot be read")
    port = f":{meta['port']}" if meta.get("port") else ""
    scheme = "http" if meta["qsd"].get("plain") == "yes" else "https"
    document = {
        "phone": phone,
        "template_id": str(meta.get("fullpath") or "").strip("/"),
        "template_data": {
            "co_quan": letter.to[:100],
            "noi_dung": letter.short(CONTENT_LENGTH).partition("\n")[0],
            "han": next((item.due for item in letter.items if item.due), "—"),
            "ma_so": letter.key,
        },
        "tracking_id": letter.key,
    }
    headers = {"access_token": str(meta.get("user") or ""), "Idempotency-Key": letter.key}
    receipt, answer = exchange(parcel, f"{scheme}://{meta['host']}{port}{PATH}", document, headers)
    return receipt if not receipt.ok else _read(answer)


def _read(answer: Any) -> Receipt:
    if not isinstance(answer, dict) or "error" not in answer:
        return Receipt("failed", "Zalo's answer cannot be read")
    fault = answer["error"]
    detail = f"Zalo {fault}: {answer.get('message', '')}"[:250]
    if fault == 0:
        return Receipt("taken", f"msg_id {answer.get('data', {}).get('msg_id', '?')}")
    if fault in TOKEN_FAULTS:
        return Receipt("unreachable", detail)
    return Receipt("failed" if fault in LATER_FAULTS else "refused", detail)


def international(number: str) -> str | None:
    """0912 345 678 as 84912345678; null where it is not a number of Vietnam."""
    digits = re.sub(r"[\s.()+-]", "", number)
    digits = f"84{digits[1:]}" if digits.startswith("0") else digits
    return digits if re.fullmatch(r"84\d{9,10}", digits) else None

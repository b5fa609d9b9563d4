"""Who is asking: nobody, somebody with a session or an API token, or the operator on a machine without accounts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy.orm import Session
from starlette.requests import Request

from dashboard.cookies import SESSION, cookie_of
from models.errors import Refusal
from models.records.accounts import KeyKind, Role, any_account, holder_of_key
from models.records.territory import EVERYTHING, NOTHING, Territory, territory_of
from models.words import Words

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1", "[::1]")
"""The names of this machine for itself: no other site can make a name of its own lead here."""


class Audience(StrEnum):
    """For whom a page is. Every address has to say it; what they see of the records is their territory."""

    ANYONE = "anyone"
    """Without signing in; such a page is given a session that answers nothing."""
    SIGNED_IN = "signed_in"
    OPERATORS = "operators"


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, and at which territory. `how`: "open" where nobody has to sign in."""

    how: Literal["open", "session", "token", "nobody"]
    territory: Territory
    name: str = ""
    role: Role | None = None
    unit: str | None = None

    def may(self, audience: Audience) -> bool:
        match audience:
            case Audience.ANYONE:
                return True
            case Audience.SIGNED_IN:
                return self.how != "nobody"
            case Audience.OPERATORS:
                return self.how == "open" or self.role is Role.ADMINISTRATOR


OPEN = Viewer("open", EVERYTHING)
NOBODY = Viewer("nobody", NOTHING)


def viewer_of(session: Session, request: Request, now: datetime, *, loopback: bool) -> Viewer:
    """Who asks. Raises Refusal where a key was shown that is not good, or the account's unit has ended.

    `loopback`: whether this process can be reached from this machine alone.
    """
    token = _token(request)
    if token is not None:
        return _holder(session, token, KeyKind.API, now) or _bad_token()
    secret = cookie_of(request, SESSION)
    found = _holder(session, secret, KeyKind.SESSION, now) if secret else None
    if found is not None:
        return found
    here = loopback and request.url.hostname in LOOPBACK_NAMES
    return OPEN if here and not any_account(session) else NOBODY


def _token(request: Request) -> str | None:
    """The API token that the request shows; in the address only for feeds, which calendars ask for without headers."""
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() == "bearer":
        return said.strip()
    return request.query_params.get("key") if request.url.path.startswith("/feeds/") else None


def _holder(session: Session, said: str, kind: KeyKind, now: datetime) -> Viewer | None:
    held = holder_of_key(session, said, kind, now) if len(said) <= 200 else None
    if held is None:
        return None
    territory = territory_of(session, held.role, held.unit, now.date())
    how = "session" if kind is KeyKind.SESSION else "token"
    return Viewer(how, territory, held.name, Role(held.role), held.unit.name if held.unit else None)


def _bad_token() -> Viewer:
    raise Refusal(
        "bad_api_token",
        Words("Mã truy cập không dùng được.", "The API token is not good."),
        Words(
            "Mã sai, đã hết hạn, bị thu hồi, hoặc tài khoản đã khóa.", "It is wrong, expired, withdrawn or disabled."
        ),
        Words("Người quản trị cấp mã mới bằng `tcpl users token`.", "Have a new one made: `tcpl users token`."),
    )

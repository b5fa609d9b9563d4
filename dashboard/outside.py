"""Sign-in through the office's OpenID Connect provider: there with state, nonce and PKCE, back with a signed name.

The provider only says who it is; whether that person has an account, which role and which unit, is said here.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard import writing
from dashboard.cookies import OUTSIDE, cookie_of, drop_cookie, sealed, set_cookie, unsealed
from dashboard.door import Door, Guarded, visit_of
from dashboard.entrance import entered, way_on
from dashboard.viewer import NOBODY, Audience
from models.errors import Fault, Refusal, Stop
from models.words import Words
from tasks.settings import Settings

UNDER_WAY_SECONDS = 600
TIMEOUT = 10
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]


def routes(door: Door) -> list[Guarded]:
    return [
        door.visit("/sign-in/office", lambda request: go_there(door, request), Audience.ANYONE),
        door.visit("/sign-in/office/back", lambda request: come_back(door, request), Audience.ANYONE),
    ]


def go_there(door: Door, request: Request) -> Response:
    settings = door.settings()
    client, known = _client(settings), _provider(settings, door.now())
    begun = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24)}
    begun |= {"verifier": secrets.token_urlsafe(48), "next": way_on(request.query_params.get("next", ""))}
    address, _ = client.create_authorization_url(
        known["authorization_endpoint"],
        state=begun["state"],
        nonce=begun["nonce"],
        code_verifier=begun["verifier"],
    )
    found = RedirectResponse(address, 303)
    text = json.dumps({**begun, "until": door.now().timestamp() + UNDER_WAY_SECONDS})
    kept = sealed(settings.signing_key(), urlsafe_b64encode(text.encode()).decode())
    set_cookie(request, found, OUTSIDE, kept, UNDER_WAY_SECONDS)
    return found


def come_back(door: Door, request: Request) -> Response:
    settings = door.settings()
    begun = _begun(settings, cookie_of(request, OUTSIDE), door.now())
    said = request.query_params
    if begun is None or not secrets.compare_digest(said.get("state", "").encode(), begun["state"].encode()):
        raise _not_begun_here()
    if "code" not in said:
        raise _not_vouched_for(said.get("error", "?"))
    names = _names(settings, said["code"], begun, door.now())
    visit = visit_of(request, NOBODY)
    found = entered(request, writing.sign_in_outside(settings, names, visit, door.now()), begun["next"])
    drop_cookie(request, found, OUTSIDE)
    return found


def _names(settings: Settings, code: str, begun: dict[str, Any], now: datetime) -> list[str]:
    """The names under which the provider knows who came: its subject, and an e-mail address that it has verified."""
    known = _provider(settings, now)
    try:
        token = _client(settings).fetch_token(
            known["token_endpoint"], code=code, code_verifier=begun["verifier"], timeout=TIMEOUT
        )
        keys = KeySet.import_key_set(_asked(known["jwks_uri"]))  # type: ignore[arg-type]  # it says what it is not
        claims = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS).claims
        JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=60,
            iss={"essential": True, "value": known["issuer"]},
            aud={"essential": True, "value": settings.openid_client},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": begun["nonce"]},
        ).validate(claims)
    except Stop:
        raise
    except Exception as error:  # whatever the provider's answer makes authlib and joserfc say
        raise _not_vouched_for(type(error).__name__) from error
    verified = [str(claims["email"])] if claims.get("email_verified") is True and claims.get("email") else []
    return [str(claims["sub"]), *verified]


def _client(settings: Settings) -> OAuth2Session:
    return OAuth2Session(
        settings.openid_client,
        settings.openid_secret.get_secret_value() if settings.openid_secret else None,
        scope="openid email",
        redirect_uri=f"{settings.public_address}/sign-in/office/back",
        code_challenge_method="S256",
    )


def _provider(settings: Settings, now: datetime) -> dict[str, Any]:
    """What the provider says of itself, asked once an hour."""
    if settings.openid_issuer is None:
        raise Refusal(
            "no_openid",
            Words("Chưa khai hệ thống đăng nhập của cơ quan.", "No sign-in of the office is set up."),
            Words("TCPL_OPENID_ISSUER chưa được đặt.", "TCPL_OPENID_ISSUER is not set."),
            Words("Đăng nhập bằng tên và mật khẩu.", "Sign in with a name and a password."),
        )
    issuer = settings.openid_issuer.rstrip("/")
    found = _described(issuer, int(now.timestamp() // 3600))
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise _not_vouched_for("issuer")
    return found


@lru_cache(maxsize=4)
def _described(issuer: str, _hour: int) -> dict[str, Any]:
    return _asked(f"{issuer}/.well-known/openid-configuration")


def _asked(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Fault(
            "openid_unreachable",
            Words("Không hỏi được hệ thống đăng nhập của cơ quan.", "The office's sign-in cannot be asked."),
            Words(f"Nó không trả lời ({type(error).__name__}).", f"It did not answer ({type(error).__name__})."),
            Words("Thử lại sau, hoặc dùng mật khẩu.", "Try again later, or use a password."),
        ) from error


def _begun(settings: Settings, kept: str | None, now: datetime) -> dict[str, Any] | None:
    text = unsealed(settings.signing_key(), kept) if kept else None
    if text is None:
        return None
    begun = json.loads(urlsafe_b64decode(text))
    return begun if begun["until"] > now.timestamp() else None


def _not_begun_here() -> Refusal:
    return Refusal(
        "not_our_form",
        Words("Không đăng nhập được.", "You are not signed in."),
        Words("Lần đăng nhập này không bắt đầu từ đây, hoặc đã quá 10 phút.", "It was not begun here, or is too old."),
        Words("Bắt đầu lại từ trang đăng nhập.", "Begin again from the sign-in page."),
    )


def _not_vouched_for(why: str) -> Refusal:
    return Refusal(
        "not_signed_in",
        Words("Không đăng nhập được.", "You are not signed in."),
        Words(
            f"Hệ thống đăng nhập của cơ quan không xác nhận ({why[:40]}).",
            f"The office's sign-in does not vouch for you ({why[:40]}).",
        ),
        Words("Thử lại; nếu còn lỗi, hỏi người quản trị.", "Try again; if it stays, ask the administrator."),
    )

"""The cookies there are, and the token that a form carries to show that our own page wrote it."""

import hmac
import secrets
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

SESSION, VISITOR, OUTSIDE = "tcpl-session", "tcpl-visitor", "tcpl-outside"
"""A session's key; a number that ties a form to a browser before there is a session; a sign-in under way elsewhere."""


def cookie_of(request: Request, name: str) -> str | None:
    """The cookie's value. Over TLS only one that no other host of the domain can have set (`__Host-`)."""
    return request.cookies.get(_full(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    secure = _secure(request)
    response.set_cookie(
        _full(request, name), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    secure = _secure(request)
    response.delete_cookie(_full(request, name), path="/", secure=secure, httponly=True, samesite="lax")


def _secure(request: Request) -> bool:
    """Over TLS, and on every address but this machine's own."""
    return request.url.scheme == "https" or bool(getattr(request.app.state, "public", False))


def _full(request: Request, name: str) -> str:
    return f"__Host-{name}" if _secure(request) else name


def new_visitor() -> str:
    return secrets.token_urlsafe(18)


def form_token(key: bytes, tie: str) -> str:
    """A token for a form, tied to a cookie; another one each time, so that the length of a page tells nothing of it."""
    salt = secrets.token_urlsafe(9)
    return f"{salt}.{_tied(key, tie, salt)}"


def is_form_token(key: bytes, tie: str, said: str) -> bool:
    salt, _, mark = said.partition(".")
    return hmac.compare_digest(_tied(key, tie, salt).encode(), mark.encode("utf-8", "replace"))


def _tied(key: bytes, tie: str, salt: str) -> str:
    return hmac.new(key, f"form:{tie}:{salt}".encode("utf-8", "replace"), sha256).hexdigest()[:40]


def sealed(key: bytes, text: str) -> str:
    """A text that a browser keeps for us and cannot change."""
    return f"{text}.{hmac.new(key, f'sealed:{text}'.encode(), sha256).hexdigest()}"


def unsealed(key: bytes, said: str) -> str | None:
    text, _, _ = said.rpartition(".")
    return text if hmac.compare_digest(sealed(key, text).encode(), said.encode("utf-8", "replace")) else None

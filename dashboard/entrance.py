"""The sign-in, its end, and a new password: forms and what they do. What is written is in `dashboard.writing`."""

import re
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard import writing
from dashboard.asked import Asked
from dashboard.cookies import SESSION, cookie_of, drop_cookie, set_cookie
from dashboard.door import Door, Guarded, Posted
from dashboard.drawing import write
from dashboard.refusals import status_of
from dashboard.viewer import Audience
from models.errors import Stop

OUR_PATH = re.compile(r"/(?![/\\])[^\s\\]{0,500}")


def routes(door: Door) -> list[Guarded]:
    return [
        door.page("/sign-in", "sign_in.html", lambda _session, asked: sign_in_page(door, asked), Audience.ANYONE),
        door.act("/sign-in", sign_in, Audience.ANYONE),
        door.act("/sign-out", sign_out, Audience.SIGNED_IN),
        door.page("/password", "password.html", password_page, Audience.SIGNED_IN),
        door.act("/password", change_password, Audience.SIGNED_IN),
    ]


def sign_in_page(door: Door, asked: Asked, stop: Stop | None = None, name: str = "") -> dict[str, Any]:
    return {
        "known": [],
        "trial": False,
        "next": way_on(asked.parameters.get("next", "")),
        "name": name,
        "outside": door.settings().openid_issuer is not None,
        "said": stop.sentences(asked.language) if stop else None,
        "zone": asked.now.tzinfo,
    }


def sign_in(posted: Posted) -> Response:
    name = posted.form.get("name", "")[:200]
    try:
        secret = writing.sign_in(
            posted.settings, name, posted.form.get("password", "")[:1000], posted.visit, posted.now
        )
    except Stop as stop:
        asked = posted.asked()
        context = sign_in_page(posted.door, asked, stop, name) | {"next": way_on(posted.form.get("next", ""))}
        found = HTMLResponse(write("sign_in.html", asked, context), status_of(stop))
        if "seconds" in stop.details:
            found.headers["Retry-After"] = str(stop.details["seconds"])
        return found
    return entered(posted.request, secret, posted.form.get("next", ""))


def entered(request: Any, secret: str, there: str) -> Response:
    """On to the page that was wanted, with the session's cookie."""
    found = RedirectResponse(way_on(there), 303)
    set_cookie(request, found, SESSION, secret, int(writing.SESSION_LASTS.total_seconds()))
    return found


def way_on(said: str) -> str:
    """A path of ours; whatever else an address was made to say leads to the board."""
    return said if OUR_PATH.fullmatch(said) else "/"


def sign_out(posted: Posted) -> Response:
    secret = cookie_of(posted.request, SESSION)
    if secret and posted.viewer.how == "session":
        writing.sign_out(posted.settings, secret, posted.visit, posted.now)
    found = RedirectResponse("/sign-in", 303)
    drop_cookie(posted.request, found, SESSION)
    return found


def password_page(_session: Session, asked: Asked, stop: Stop | None = None) -> dict[str, Any]:
    said = stop.sentences(asked.language) if stop else None
    return {"known": [], "trial": False, "said": said, "done": asked.parameters.get("done") == "1"}


def change_password(posted: Posted) -> Response:
    form = posted.form
    try:
        secret = writing.change_password(
            *(posted.settings, posted.viewer.name, form.get("old", "")[:1000], form.get("new", "")[:1000]),
            *(posted.visit, posted.now),
        )
    except Stop as stop:
        asked = posted.asked()
        context = {"known": [], "trial": False, "zone": asked.now.tzinfo, "said": stop.sentences(asked.language)}
        return HTMLResponse(write("password.html", asked, {**context, "done": False}), status_of(stop))
    return entered(posted.request, secret, "/password?done=1")

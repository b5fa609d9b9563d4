"""Between a request and a page: who asks, what of the records they may see, what is asked, how a refusal is said.

The only way to an address: a route is made by one of the door's methods, each of which wants to know for whom it is,
and each hands the page a session that is narrowed to the viewer's territory. `refuse_unguarded` holds it.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from dashboard.answering import json_answer
from dashboard.asked import Asked
from dashboard.cookies import SESSION, VISITOR, cookie_of, form_token, is_form_token, new_visitor, set_cookie
from dashboard.drawing import write
from dashboard.refusals import fault_of, no_such_page, not_for_you, not_our_form, sign_in_first, status_of
from dashboard.rooms import READING, WAITING, Room, in_room
from dashboard.shared_answers import Shelf, as_anybody, key_of
from dashboard.viewer import NOBODY, Audience, Viewer, viewer_of
from dashboard.writing import note_event
from models.errors import Refusal, Stop
from models.records.access_log import Event, Visit
from models.records.cycle_choice import Named, cycles_known
from models.records.remembered import VERSION
from models.records.territory import narrow
from tasks.database import looking, reading
from tasks.settings import Settings

log = logging.getLogger(__name__)

Show = Callable[..., dict[str, Any]]
Answer = Callable[..., Response]
Act = Callable[["Posted"], Response]
MOST_FORM_BYTES = 8192
MOST_NUMBER = 2_000_000_000
PLAIN = ("/api/", "/feeds/", "/metrics", "/healthz")
"""What machines ask for: they are answered in JSON, and not led to the sign-in."""


class Guarded(Route):
    """An address with whom it is for."""

    def __init__(self, path: str, endpoint: Callable[..., Any], audience: Audience, methods: list[str]) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.audience = audience


class Posted:
    """A form that was sent, and everything an act needs to know of it."""

    def __init__(self, request: Request, viewer: Viewer, form: Mapping[str, str], door: "Door") -> None:
        self.request, self.viewer, self.form, self.door = request, viewer, form, door
        self.settings, self.now = door.settings(), door.now()

    @property
    def visit(self) -> Visit:
        return visit_of(self.request, self.viewer)

    def asked(self, viewer: Viewer | None = None) -> Asked:
        return self.door.asked(self.request, viewer or self.viewer, self.settings, self.now)


def visit_of(request: Request, viewer: Viewer) -> Visit:
    """Of nobody known, the address as the route writes it: so nobody fills the log with addresses of their own."""
    route = request.scope.get("route")
    path = getattr(route, "path", "") if viewer.how == "nobody" else request.url.path
    return Visit(viewer.name, request.client.host if request.client else "-", path)


class Door:
    """`loopback`: whether this process can be reached from this machine alone."""

    def __init__(self, now: Callable[[], datetime], settings: Callable[[], Settings], loopback: bool) -> None:
        self.now, self.settings, self.loopback = now, settings, loopback
        self.shelf = Shelf()

    def page(
        self, path: str, template: str, show: Show, audience: Audience, room: Room = READING, *, shared: bool = False
    ) -> Guarded:
        """A page: `show(session, asked, **of_the_path)` gives the template its values."""

        def answer(session: Session, asked: Asked, **given: Any) -> Response:
            return HTMLResponse(self.written(template, session, asked, show(session, asked, **given)))

        return self.answer(path, answer, audience, room, shared=shared)

    def written(self, template: str, session: Session, asked: Asked, context: dict[str, Any]) -> str:
        known: list[Named] = context.pop("known", None) or cycles_known(session)
        named: Named | None = context.pop("named", None)
        about = [named] if named else known
        trial = bool(about) and all(one.cycle.trial for one in about)
        return write(template, asked, {"known": known, "zone": asked.now.tzinfo, "trial": trial, **context}, named)

    def answer(
        self, path: str, show: Answer, audience: Audience, room: Room = READING, *, shared: bool = False
    ) -> Guarded:
        """Anything that is not a page: `show` gives the whole answer.

        `shared`: it follows from the database, the address and who may see what alone, so that one is made for all.
        """
        seen = self._shared(show) if shared else show

        async def endpoint(request: Request) -> Response:
            return await in_room(room, self._answered, request, audience, seen)

        return Guarded(path, endpoint, audience, ["GET"])

    def _shared(self, show: Answer) -> Answer:
        def answer(session: Session, asked: Asked, **given: Any) -> Response:
            if session.info.get("territory") != asked.viewer.territory:
                return show(session, asked, **given)  # what is seen beyond the viewer's own territory is never kept
            stamp = session.info[VERSION], asked.now.replace(second=0, microsecond=0)
            found = self.shelf.answer(stamp, key_of(asked), lambda: show(session, as_anybody(asked), **given))
            return found.response(asked)

        return answer

    def visit(self, path: str, go: Callable[[Request], Response], audience: Audience) -> Guarded:
        """An address that needs the request itself, and no record: the way to another sign-in and back."""

        return self.answer(path, lambda _session, asked: go(asked.request), audience, WAITING)

    def act(self, path: str, act: Act, audience: Audience) -> Guarded:
        """A form that is sent here. It carries a token, in the field "form", that our own page put into it."""

        async def endpoint(request: Request) -> Response:
            form = await _form_of(request)
            return await in_room(WAITING, self._acted, request, audience, act, form)

        return Guarded(path, endpoint, audience, ["POST"])

    def asked(self, request: Request, viewer: Viewer, settings: Settings, now: datetime) -> Asked:
        token = form_token(settings.signing_key(), _tie(request)) if viewer.how in ("session", "nobody") else ""
        parameters = {name: clean(value) for name, value in request.query_params.items()}
        return Asked.read(clean(request.url.path), parameters, now, settings.lang, viewer, token, request)

    def _answered(self, request: Request, audience: Audience, show: Answer) -> Response:
        settings, now, viewer = self.settings(), self.now(), NOBODY
        try:
            with looking(settings) as session:
                viewer = viewer_of(session, request, now, loopback=self.loopback)
                if not viewer.may(audience):
                    return self._turned_away(request, viewer, now)
                narrow(session, viewer.territory)
                found = show(session, self.asked(request, viewer, settings, now), **_of_the_path(request))
        except Stop as stop:
            self._keep(request, viewer, audience, show, stop)
            found = self.refused(request, stop, viewer)
        except Exception as surprise:
            log.exception("a page could not be shown")
            found = self.refused(request, fault_of(surprise), viewer)
        if viewer.how == "nobody" and isinstance(found, HTMLResponse) and _cookie(request) is None:
            set_cookie(request, found, VISITOR, _tie(request), None)
        return found

    def _acted(self, request: Request, audience: Audience, act: Act, form: Mapping[str, str]) -> Response:
        viewer = NOBODY
        try:
            with reading(self.settings()) as session:
                viewer = viewer_of(session, request, self.now(), loopback=self.loopback)
            if not viewer.may(audience):
                return self._turned_away(request, viewer, self.now())
            tie = _cookie(request)
            ours = tie is not None and is_form_token(self.settings().signing_key(), tie, form.get("form", ""))
            if not ours or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                note_event(self.settings(), Event.REFUSED, visit_of(request, viewer), self.now(), "not_our_form")
                return self.refused(request, not_our_form(), viewer)
            return act(Posted(request, viewer, form, self))
        except Stop as stop:
            return self.refused(request, stop, viewer)
        except Exception as surprise:
            log.exception("a form could not be taken")
            return self.refused(request, fault_of(surprise), viewer)

    def _turned_away(self, request: Request, viewer: Viewer, now: datetime) -> Response:
        """Somebody may not: nobody known is led to the sign-in (a machine is told), somebody known is refused."""
        if viewer.how == "nobody" and not request.url.path.startswith(PLAIN):
            there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?next={quote(there[:500])}", 303)
        stop = sign_in_first() if viewer.how == "nobody" else not_for_you()
        note_event(self.settings(), Event.REFUSED, visit_of(request, viewer), now, stop.code)
        return self.refused(request, stop, viewer)

    def _keep(self, request: Request, viewer: Viewer, audience: Audience, show: Answer, stop: Stop) -> None:
        """A refused access is kept: a bad key, an account whose unit has ended, somebody else's territory."""
        if stop.code in ("bad_api_token", "territory_ended"):
            note_event(self.settings(), Event.REFUSED, visit_of(request, viewer), self.now(), stop.code)
        elif stop.code in ("bad_token", "link_expired"):
            note_event(self.settings(), Event.LINK_REFUSED, visit_of(request, viewer), self.now(), stop.code)
        elif self._others_may(request, viewer, audience, show, stop):
            note_event(self.settings(), Event.REFUSED, visit_of(request, viewer), self.now(), "other_territory")

    def _others_may(self, request: Request, viewer: Viewer, audience: Audience, show: Answer, stop: Stop) -> bool:
        """Whether only the territory stands between: the same question, put by somebody who sees everything."""
        if not isinstance(stop, Refusal) or viewer.territory.everything or audience is not Audience.SIGNED_IN:
            return False
        try:
            with reading(self.settings()) as session:
                show(session, self.asked(request, viewer, self.settings(), self.now()), **_of_the_path(request))
        except Exception:
            return False
        return True

    def refused(self, request: Request, stop: Stop, viewer: Viewer = NOBODY) -> Response:
        status, language = status_of(stop, request.url.path), self.settings().lang
        if request.url.path.startswith(PLAIN):
            language = "en" if request.query_params.get("lang") == "en" else language
            found = json_answer(stop.document(language), status)
            if status == 401:
                found.headers["WWW-Authenticate"] = "Bearer"
            return found
        plain = {"lang": request.query_params["lang"]} if "lang" in request.query_params else {}
        token = form_token(self.settings().signing_key(), _tie(request)) if viewer.how == "session" else ""
        asked = Asked.read("", plain, self.now(), language, viewer, token)
        what, why, do = stop.sentences(asked.language)
        context = {"what": what, "why": why, "do": do, "known": [], "trial": False, "zone": asked.now.tzinfo}
        return HTMLResponse(write("refused.html", asked, context), status)

    def not_found(self, request: Request, _: Exception) -> Response:
        return self.refused(request, no_such_page())


def refuse_unguarded(routes: list[BaseRoute]) -> None:
    """Every address says for whom it is; the folder of stylesheet and script is for everybody."""
    for route in routes:
        if not isinstance(route, Guarded | Mount) or (isinstance(route, Mount) and route.path != "/static"):
            raise RuntimeError(f"{getattr(route, 'path', route)} does not say for whom it is: make it with the door")


def clean(text: str) -> str:
    """Without what a database or a page does not take: NUL, halves of signs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _of_the_path(request: Request) -> dict[str, Any]:
    found = {name: clean(value) if isinstance(value, str) else value for name, value in request.path_params.items()}
    if any(isinstance(value, int) and value > MOST_NUMBER for value in found.values()):
        raise no_such_page()
    return found


def _cookie(request: Request) -> str | None:
    return cookie_of(request, SESSION) or cookie_of(request, VISITOR)


def _tie(request: Request) -> str:
    """What the forms of the answer are tied to: the browser's cookie, or the one that it will be given."""
    if not hasattr(request.state, "tie"):
        request.state.tie = _cookie(request) or new_visitor()
    return request.state.tie


async def _form_of(request: Request) -> Mapping[str, str]:
    """A form of ours is short and plainly encoded; anything else is an empty one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM_BYTES:
            return {}
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=None)
    return {name: clean(value) for name, value in fields}

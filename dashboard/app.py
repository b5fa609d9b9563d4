"""The dashboard as a web application: which address shows what, and what every answer has in common.

It reads and never writes. The present moment is handed in (`now`), because only the clock of the house may ask for it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import exports, machine_pages, pages
from dashboard.asked import Asked
from dashboard.board_page import board_page
from dashboard.drawing import FOLDER, write
from dashboard.law_page import law_page
from dashboard.programme_page import programme_page
from models.errors import Fault, HomeRefusal, Refusal, Stop
from models.records.cycle_choice import Named, cycles_known
from models.words import Words
from tasks.database import reading
from tasks.settings import Settings

log = logging.getLogger(__name__)

Now = Callable[[], datetime]
Show = Callable[..., dict[str, Any]]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
HOSTS = ["127.0.0.1", "localhost", "::1", "[::1]"]
"""The names under which these pages may be asked for: no other site can make a name of its own lead here."""


def build(now: Now, settings: Callable[[], Settings] = Settings) -> Starlette:
    """The application. `now` gives the present moment in the offices' zone; `settings` are read at each request."""
    door = _Door(now, settings)
    routes = [
        Route("/", door.page("board.html", board_page)),
        Route("/timeline", door.page("timeline.html", pages.timeline_page)),
        Route("/units/{code}", door.page("unit.html", pages.unit)),
        Route("/dossiers/{year:int}/{code}", door.page("dossier.html", pages.dossier)),
        Route("/search", door.page("search.html", pages.search)),
        Route("/deadlines", door.page("deadlines.html", pages.deadlines)),
        Route("/notices", door.page("notices.html", pages.notices)),
        Route("/results", door.page("results.html", pages.results_page)),
        Route("/results.xlsx", door.answer(_workbook)),
        Route("/law", door.page("law.html", law_page)),
        Route("/programme", door.page("programme.html", programme_page)),
        Route("/health", door.page("health.html", lambda session, asked: _health(session, asked, settings()))),
        Route("/healthz", door.answer(_alive)),
        Route("/metrics", door.answer(lambda session, asked: PlainTextResponse(machine_pages.metrics(session, asked)))),
        Route("/feeds/{name}.ics", door.answer(_feed)),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
        Middleware(GZipMiddleware, minimum_size=2000),
    ]
    return Starlette(routes=routes, middleware=middleware, exception_handlers={404: door.not_found})


class _Door:
    """Between a request and a page: reads what is asked, opens the database for reading, says refusals as a page."""

    def __init__(self, now: Now, settings: Callable[[], Settings]) -> None:
        self.now, self.settings = now, settings

    def page(self, template: str, show: Show) -> Callable[[Request], Response]:
        def answer(session: Session, asked: Asked, **given: Any) -> Response:
            context = show(session, asked, **given)
            known: list[Named] = context.pop("known", None) or cycles_known(session)
            named: Named | None = context.pop("named", None)
            about = [named] if named else known
            trial = bool(about) and all(one.cycle.trial for one in about)
            common = {"known": known, "zone": asked.now.tzinfo, "trial": trial}
            return HTMLResponse(write(template, asked, {**common, **context}, named))

        return self.answer(answer)

    def answer(self, show: Callable[..., Response]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            settings, now = self.settings(), self.now()
            try:
                asked = Asked.read(request.url.path, dict(request.query_params), now, settings.lang)
                with reading(settings) as session:
                    found = show(session, asked, **request.path_params)
            except Stop as stop:
                found = self._refused(request, stop)
            except Exception as surprise:
                log.exception("a page could not be shown")
                found = self._refused(request, _fault(surprise))
            found.headers.update(HEADERS)
            return found

        return endpoint

    def _refused(self, request: Request, stop: Stop) -> Response:
        status = 503 if isinstance(stop, Fault | HomeRefusal) else 404
        plain = {name: value for name, value in request.query_params.items() if name in ("lang", "on", "cycle")}
        plain = {"lang": plain["lang"]} if "lang" in plain else {}
        asked = Asked.read(request.url.path, plain, self.now(), self.settings().lang)
        if request.url.path in ("/healthz", "/metrics"):
            return JSONResponse(stop.document("en"), status)
        what, why, do = stop.sentences(asked.language)
        context = {"what": what, "why": why, "do": do, "known": [], "trial": False, "zone": asked.now.tzinfo}
        return HTMLResponse(write("refused.html", asked, context), status)

    def not_found(self, request: Request, _: Exception) -> Response:
        found = self._refused(
            request,
            Refusal(
                "no_such_page",
                Words("Không có trang này.", "There is no such page."),
                Words("Địa chỉ không đúng, hoặc đã cũ.", "The address is wrong, or an old one."),
                Words("Bắt đầu lại từ bàn điều hành.", "Start again from the board."),
            ),
        )
        found.headers.update(HEADERS)
        return found


def _fault(surprise: Exception) -> Fault:
    name = type(surprise).__name__
    return Fault(
        "unexpected",
        Words(f"Phần mềm gặp lỗi ngoài dự kiến ({name}).", f"The software met a fault it did not foresee ({name})."),
        Words("Đây là lỗi của phần mềm; không có gì bị thay đổi.", "It is a fault of ours; nothing was changed."),
        Words("Tải lại trang; nếu còn lỗi, báo người phụ trách.", "Load the page again; if it stays, tell us."),
    )


def _workbook(session: Session, asked: Asked) -> Response:
    content, name = exports.results_workbook(session, asked)
    return Response(content, media_type=exports.XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _feed(session: Session, asked: Asked, name: str) -> Response:
    return Response(exports.deadline_feed(session, asked, name), media_type="text/calendar; charset=utf-8")


def _health(session: Session, asked: Asked, settings: Settings) -> dict[str, Any]:
    return machine_pages.health_page(session, asked, settings)


def _alive(session: Session, asked: Asked) -> Response:
    """Whether the dashboard can answer: it could read the database. What is late or stuck stands on /health."""
    return JSONResponse({"ok": True, "cycles": len(cycles_known(session)), "on": asked.on.isoformat()})

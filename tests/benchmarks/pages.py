"""Every page for a whole country: one user, twenty at once, five thousand requests, beside the bare queries.

The server is a process of its own, as in production. Times are of the client's clock; beside them stands the server's
processor time per request, which a busy machine falsifies less, and that of the bare queries. `seconds` and
`floor_seconds` are processor time of the pages that show most rows; `peak_mb` is the server's after all requests. A
table of every page goes to standard error.
"""

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any

from tasks.settings import Settings
from tests.benchmarks import ground, national_home

PORT = 8917
AT_ONCE, EACH, MIXED, LONG = 20, 40, 1000, 5000
PAGES = (
    "/",
    "/?year={next}",
    "/?cycle={cycle}",
    "/timeline?cycle={cycle}",
    "/deadlines?cycle={cycle}",
    "/deadlines?cycle={cycle}&standing=overdue&page=2",
    "/deadlines?cycle={cycle}&q=xa+so+12",
    "/notices?cycle={cycle}",
    "/results?cycle={past}",
    "/programme?cycle={cycle}",
    "/law?cycle={cycle}",
    "/health",
    "/healthz",
    "/metrics",
    "/units/{code}",
    "/dossiers/{year}/{code}",
    "/search?q=xa+so+12",
    "/search?q=khong+co+ten",
    "/feeds/{cycle}.ics",
    "/api/status?year={year}",
    "/api/deadlines?cycle={cycle}",
    "/api/notices?year={year}",
    "/api/results?cycle={past}",
    "/api/programme?cycle={cycle}",
    "/api/dossiers/{year}/{code}",
)
PLAIN = {
    "/?cycle={cycle}": (
        "SELECT step, district_id, last_day, due_day, done_on, count(*) FROM deadlines WHERE cycle_id = {id}"
        " GROUP BY 1, 2, 3, 4, 5",
        "SELECT u.code, u.name, u.latitude, u.longitude, d.done_on FROM dossiers o JOIN units u ON u.id = o.unit_id"
        " JOIN deadlines d ON d.cycle_id = o.cycle_id AND d.unit_id = o.unit_id AND d.step = 'submit-dossier'"
        " WHERE o.cycle_id = {id}",
    ),
    "/deadlines?cycle={cycle}": (
        "SELECT d.*, u.code, u.name FROM deadlines d JOIN units u ON u.id = d.unit_id WHERE d.cycle_id = {id}"
        " ORDER BY d.done_on IS NOT NULL, d.due_day, u.code LIMIT 50",
        "SELECT due_day, last_day, done_on, count(*) FROM deadlines WHERE cycle_id = {id} GROUP BY 1, 2, 3",
    ),
    "/notices?cycle={cycle}": (
        "SELECT kind, state, count(*) FROM notices WHERE cycle_id = {id} GROUP BY 1, 2",
        "SELECT n.*, a.* FROM notices n JOIN notice_attempts a ON a.notice_id = n.id WHERE n.cycle_id = {id}"
        " ORDER BY n.queued_at DESC LIMIT 50",
    ),
}
"""What no page can do without, in plain SQL: the pages that show most rows."""


def run(n: int, engine: str) -> dict[str, Any]:
    lives = national_home.live(n)
    with ground.home(engine) as settings:
        national_home.build(engine, lives)
        return measured(n, engine, settings)


def measured(n: int, engine: str, settings: Settings) -> dict[str, Any]:
    with ground.plain(settings) as connection:
        cursor = connection.cursor()
        ask = _asker(cursor)
        every = list(_places(ask))
        floors = {page: _floor(ask, queries, every) for page, queries in PLAIN.items()}
    with served(settings) as server:
        chance = random.Random(7)
        for page in PAGES:  # the law is read, templates are compiled, the engine of pictures starts: once per process
            get(page.format(**every[-1]))
        alone = {page: [timed(page, chance.choice(every)) for _ in range(EACH)] for page in PAGES}
        spent = {page: _processor(server, page, every) for page in PAGES}
        crowd = together([(chance.choice(PAGES), chance.choice(every)) for _ in range(MIXED)])
        before = resident(server.pid)
        together([(chance.choice(PAGES), chance.choice(every)) for _ in range(LONG)])
        after = resident(server.pid)
    told = {page: (p95(alone[page]), p95(crowd[page])) for page in PAGES}
    for page, (one, twenty) in told.items():
        bare = f"   bare queries {floors[page] * 1000:5.1f}" if page in floors else ""
        sys.stderr.write(
            f"{page:50} p95 of one {one * 1000:6.0f} ms   of twenty {twenty * 1000:6.0f} ms"
            f"   processor {spent[page] * 1000:6.1f} ms{bare}\n"
        )
    line = ground.answer("pages", engine, n, sum(spent[page] for page in PLAIN), sum(floors.values()))
    return line | {
        "p95_one_ms": round(max(one for one, _ in told.values()) * 1000),
        "p95_twenty_ms": round(max(twenty for _, twenty in told.values()) * 1000),
        "p95_one_ms_over_all": round(p95(list(chain.from_iterable(alone.values()))) * 1000),
        "p95_twenty_ms_over_all": round(p95(list(chain.from_iterable(crowd.values()))) * 1000),
        "processor_ms": {page: round(seconds * 1000, 1) for page, seconds in spent.items()},
        "mb_before": before,
        "mb_after": after,
        "peak_mb": after,
    }


def _asker(cursor: Any) -> Callable[[str], list[Any]]:
    def ask(query: str) -> list[Any]:
        cursor.execute(query)
        return cursor.fetchall()

    return ask


def _places(ask: Callable[[str], list[Any]]) -> Iterator[dict[str, Any]]:
    """What stands for the names in the addresses, a province after the other, the largest last."""
    year = national_home.YEAR
    query = (
        "SELECT p.code, c.id, min(u.code) FROM cycles c JOIN units p ON p.id = c.province_id"
        f" JOIN dossiers d ON d.cycle_id = c.id JOIN units u ON u.id = d.unit_id WHERE c.year = {year}"
        " GROUP BY p.code, c.id ORDER BY p.code"
    )
    for code, cycle_id, commune in ask(query):
        names = {"cycle": f"{code}-{year}", "past": f"{code}-{year - 1}", "next": year + 1, "year": year}
        yield {**names, "id": cycle_id, "code": commune}


def _floor(ask: Callable[[str], list[Any]], queries: Sequence[str], every: Sequence[dict[str, Any]]) -> float:
    """Seconds of the processor that the bare queries take, over every tenth province and the largest."""
    begun = time.process_time()
    few = [*every[::10], every[-1]]
    for place in few:
        for query in queries:
            ask(query.format(**place))
    return (time.process_time() - begun) / len(few)


def _processor(server: subprocess.Popen[bytes], page: str, every: Sequence[dict[str, Any]]) -> float:
    """Seconds of the server's own processor time per request, over the same provinces; seen before, as at any hour."""
    few = [*every[::10], every[-1]]
    for place in few:
        get(page.format(**place))
    begun, rounds = processor(server.pid), 5
    for place in few * rounds:
        get(page.format(**place))
    return (processor(server.pid) - begun) / (len(few) * rounds)


@contextmanager
def served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The dashboard as production serves it, on the day that the country stands at."""
    environment = {**os.environ, "TCPL_HOME": str(settings.home)}
    server = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.pages"], env=environment)
    try:
        for _ in range(600):
            try:
                get("/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait()


def get(address: str) -> None:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
    try:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}")


def timed(page: str, place: dict[str, Any]) -> float:
    return ground.seconds_of(lambda: get(page.format(**place)))


def together(asked: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, list[float]]:
    """All of these, twenty at a time; the seconds of each, by page."""
    found: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(AT_ONCE) as users:
        for (page, _), seconds in zip(asked, users.map(lambda one: timed(*one), asked), strict=True):
            found[page].append(seconds)
    return found


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(int(len(seconds) * 0.95), len(seconds) - 1)]


def resident(pid: int) -> int:
    """Megabytes that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024)


def processor(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    import uvicorn

    from dashboard.app import build
    from dashboard.serving import configuration
    from tasks import clock

    now = clock.moment(national_home.TODAY)
    uvicorn.Server(configuration(build(lambda: now), "127.0.0.1", PORT)).run()

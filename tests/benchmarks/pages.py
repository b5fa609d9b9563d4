"""Every page for a whole country: one user, twenty at once, five thousand requests, beside the bare queries.

The dashboard is served as offices get it: by two processes, to accounts that have signed in (the administrator, the
Ministry, a province, a commune), each within the own territory. One user asks what nobody asked before; twenty ask as
people do. Once a second somebody acts in a province, one after the other, and a row changes elsewhere: so no answer is
an old one, and every province's figures are found anew about once a minute, as on a busy morning.

Times are of the client's clock, which shares the processors; beside them stands the processor time of the server, its
database included, which a busy machine falsifies less, and that of the bare queries. `seconds` and `floor_seconds` are
processor time of the pages that show most rows; `peak_mb` is the server's after all requests. A table of every page
goes to standard error. The country is built once and kept under TCPL_HOME.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from itertools import chain, count
from pathlib import Path
from typing import Any
from uuid import uuid4

from models.records.accounts import Account, KeyKind, Role, find_account, give_key
from tasks import clock
from tasks.database import work
from tasks.settings import Settings
from tasks.users import add_user
from tests.benchmarks import ground, national_home

PORT, PROCESSES = 8917, 2
AT_ONCE, EACH, MIXED, LONG = 20, 100, 2500, 5000
"""Each page a hundred times: of forty the 95th percentile is the second worst, which is chance."""
FEW, ROUNDS, WRITES_EVERY = 10, 4, 1.0
PAGES = (
    "/",
    "/?year={next}",  # the Ministry's: over all provinces
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


ROLES: dict[str, str] = {"/health": "administrator", "/healthz": "nobody", "/metrics": "administrator"}
MINISTRYS = ("/", "/?year={next}", "/api/status?year={year}", "/search?q=xa+so+12", "/search?q=khong+co+ten")
OF_COMMUNES = ("/dossiers/{year}/{code}", "/units/{code}", "/api/dossiers/{year}/{code}")
"""Who asks for what; whatever is not here is asked by the account of the province."""

Place = dict[str, Any]


def run(n: int, engine: str) -> dict[str, Any]:
    with national_home.kept(n, engine) as settings:
        return measured(n, engine, settings)


def measured(n: int, engine: str, settings: Settings) -> dict[str, Any]:
    with ground.plain(settings) as connection:
        ask = _asker(connection.cursor())
        every = _with_keys(list(_places(ask)))
        floors = {page: _floor(connection, ask, queries, every) for page, queries in PLAIN.items()}
    with served(settings) as server, somebody_acts(settings, [place["id"] for place in every]):
        chance = random.Random(7)
        # laws are read, templates and statements compiled, pages were open before, as at any hour: twenty at once reach
        # every process, one after the other the same
        for _ in range(2):
            together([(page, place) for place in every for page in PAGES])
        alone = {page: [timed(page, chance.choice(every), anew=True) for _ in range(EACH)] for page in PAGES}
        spent = {page: _processor(server, page, every) for page in PAGES}
        crowd = together([(chance.choice(PAGES), chance.choice(every)) for _ in range(MIXED)])
        held = [server.resident()]
        for _ in range(LONG // 1000):
            together([(chance.choice(PAGES), chance.choice(every)) for _ in range(1000)])
            held.append(server.resident())
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
        "processor_ms_over_all": round(sum(spent.values()) / len(spent) * 1000, 1),
        "mb_each_thousand": held,
        "peak_mb": held[-1],
    }


def _asker(cursor: Any) -> Callable[[str], list[Any]]:
    def ask(query: str) -> list[Any]:
        cursor.execute(query)
        return cursor.fetchall()

    return ask


def _places(ask: Callable[[str], list[Any]]) -> Iterator[Place]:
    """What stands for the names in the addresses, a province after the other, the largest last."""
    year = national_home.YEAR
    query = (
        "SELECT p.code, c.id, min(u.code) FROM cycles c JOIN units p ON p.id = c.province_id"
        f" JOIN dossiers d ON d.cycle_id = c.id JOIN units u ON u.id = d.unit_id WHERE c.year = {year}"
        " GROUP BY p.code, c.id ORDER BY p.code"
    )
    for code, cycle_id, commune in ask(query):
        names = {"cycle": f"{code}-{year}", "past": f"{code}-{year - 1}", "next": year + 1, "year": year}
        yield {**names, "id": cycle_id, "code": commune, "province": code}


def _with_keys(places: list[Place]) -> list[Place]:
    """Each place with the session's key of who asks there, by role."""
    now = clock.moment(national_home.TODAY)
    wanted = {"administrator": (Role.ADMINISTRATOR, None), "ministry": (Role.MINISTRY, None)}
    for place in places:
        wanted[f"province-{place['province']}"] = Role.PROVINCE, place["province"]
        wanted[f"commune-{place['code']}"] = Role.COMMUNE, place["code"]
    keys: dict[str, str] = {}
    for name, (role, unit) in wanted.items():
        with work() as session:
            known = find_account(session, name) is not None
        if not known:
            add_user(name, role, unit, now, may_sign_in=False)
    with work() as session:
        for name in wanted:
            account = find_account(session, name)
            assert isinstance(account, Account)
            keys[name] = give_key(session, account, KeyKind.SESSION, now, now + timedelta(days=1), "benchmark")
    return [
        place
        | {role: keys[role] for role in ("administrator", "ministry")}
        | {"of_province": keys[f"province-{place['province']}"], "of_commune": keys[f"commune-{place['code']}"]}
        for place in places
    ]


def _key(page: str, place: Place) -> str:
    role = ROLES.get(page) or ("ministry" if page in MINISTRYS else None)
    return place.get(role or ("of_commune" if page in OF_COMMUNES else "of_province"), "")


def _floor(connection: Any, ask: Callable[[str], list[Any]], queries: Sequence[str], every: Sequence[Place]) -> float:
    """Seconds of the processor that the bare queries take, the database's own included, over some provinces."""
    few, rounds = [*every[::FEW], every[-1]], 10
    backend = [] if not hasattr(connection, "get_backend_pid") else [connection.get_backend_pid()]
    begun = time.process_time() + sum(map(processor, backend))
    for place in few * rounds:
        for query in queries:
            ask(query.format(**place))
    return (time.process_time() + sum(map(processor, backend)) - begun) / (len(few) * rounds)


class Server:
    """The dashboard's processes, and those of its database."""

    def __init__(self, pid: int, database: int | None) -> None:
        self.pid, self.database = pid, database

    def processor(self) -> float:
        """Seconds of the processor that all of them have used."""
        roots = [self.pid, *([self.database] if self.database else [])]
        return sum(processor(pid) for root in roots for pid in (root, *children(root)))

    def resident(self) -> int:
        """Megabytes that the dashboard's processes hold."""
        return sum(resident(pid) for pid in (self.pid, *children(self.pid)))


def _processor(server: Server, page: str, every: Sequence[Place]) -> float:
    """Seconds of processor time per request, over some provinces; seen before, as at any hour."""
    few = [*every[::FEW], every[-1]]
    for place in few:
        get(page, place)
    begun = server.processor()
    for place in few * ROUNDS:
        get(page, place, anew=True)
    return (server.processor() - begun) / (len(few) * ROUNDS)


@contextmanager
def served(settings: Settings) -> Iterator[Server]:
    """The dashboard as production serves it, on the day that the country stands at."""
    environment = {**os.environ, "TCPL_HOME": str(settings.home)}
    server = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.pages"], env=environment)
    try:
        for _ in range(3000):
            try:
                get("/healthz", {})
                break
            except OSError:
                time.sleep(0.1)
        yield Server(server.pid, national_home.postmaster(settings))
    finally:
        server.terminate()
        server.wait()


@contextmanager
def somebody_acts(settings: Settings, cycles: Sequence[int]) -> Iterator[None]:
    """An act each second, as on a morning of acts and letters; what it did does not matter here."""
    over = threading.Event()
    mark = "?" if settings.database.startswith("sqlite") else "%s"
    act = (
        "INSERT INTO journal (id, cycle_id, number, key, act, at, by, text, digest)"
        f" SELECT (SELECT max(id) + 1 FROM journal), {mark}, max(number) + 1, {mark}, 'benchmark', max(at),"
        f" 'benchmark', '{{}}', {mark} FROM journal WHERE cycle_id = {mark}"
    )

    def write() -> None:
        with ground.plain(settings) as connection:
            for number in count():
                if over.wait(WRITES_EVERY):
                    break
                cycle, once = cycles[number % len(cycles)], uuid4().hex
                connection.cursor().execute(act, (cycle, f"benchmark/{once}", once, cycle))
                connection.cursor().execute(f"UPDATE accounts SET outside_name = 'n{number}' WHERE name = 'ministry'")
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


_fresh = count()


def get(page: str, place: Place, *, anew: bool = False) -> None:
    """`anew`: asked as nobody asked before, so that no answer made for another is given."""
    address, key = page.format(**place), _key(page, place)
    if anew:
        address += f"{'&' if '?' in address else '?'}fresh={next(_fresh)}"
    headers = {"Accept-Encoding": "gzip"} | ({"Cookie": f"tcpl-session={key}"} if key else {})
    connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
    try:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}")


def timed(page: str, place: Place, *, anew: bool = False) -> float:
    return ground.seconds_of(lambda: get(page, place, anew=anew))


def together(asked: Sequence[tuple[str, Place]]) -> dict[str, list[float]]:
    """All of these, twenty at a time; the seconds of each, by page."""
    found: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(AT_ONCE) as users:
        for (page, _), seconds in zip(asked, users.map(lambda one: timed(*one), asked), strict=True):
            found[page].append(seconds)
    return found


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(int(len(seconds) * 0.95), len(seconds) - 1)]


def children(pid: int) -> list[int]:
    """The processes that a process has started, but for the keeper of its semaphores."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]


def resident(pid: int) -> int:
    """Megabytes that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024)


def processor(pid: int) -> float:
    """Seconds of the processor that a process has used, with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def application() -> Any:
    from dashboard.app import build
    from dashboard.serving import settle

    now = clock.moment(national_home.TODAY)
    found = build(lambda: now)
    settle()
    return found


if __name__ == "__main__":
    from uvicorn.supervisors import Multiprocess

    from dashboard.serving import configuration

    plan = configuration("tests.benchmarks.pages:application", "127.0.0.1", PORT, many=PROCESSES)
    Multiprocess(plan, sockets=[plan.bind_socket()]).run()

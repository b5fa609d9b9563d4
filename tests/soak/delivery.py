"""kill -9 of a sender at seeded random moments, with two senders at work: nothing is lost, nothing doubled unknown.

A crash between the server's answer and our confirmation sends one letter again: under the same id, so that the other
end knows it. More than one such double for a kill, or a notice under two ids, counts as doubled.
"""

import asyncio
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from benchmarks import delivery as bench  # noqa: E402  (after the path)

MONDAY = date(2024, 12, 9)
LEASE = timedelta(seconds=3)
BATCH = 10
"""Less than in the product: a dead one's letters hold up their recipients until the claim runs out, and with fifty of
them the living would mostly wait, and be killed while waiting."""
EACH = 10
"""Notices for each kill: so many that the senders are still at work when the last one comes."""
FORK = multiprocessing.get_context("fork")


def run(kills: int, seed: int = 7, engine: str = "sqlite") -> dict[str, Any]:
    """{"scenario", "engine", "seed", "kills", "acts", "lost", "doubled", "recognisable_doubles", "at_work", "seconds"}.

    `at_work`: how many of the killed held letters at that moment.
    """
    from tasks import plugins

    chance, n = random.Random(seed), max(kills * EACH, 120)
    with tempfile.TemporaryDirectory(prefix="tcpl-soak-") as folder, bench.database(engine, Path(folder)):
        log = Path(folder) / "taken.log"
        with sink(log) as port:
            address = f"tcplmail://127.0.0.1:{port}/?from=tcpl@example.vn&to={{to}}"
            os.environ["TCPL_CHANNELS"] = f'{{"email": "{address}"}}'
            bench.queue(n)
            plugins.register()  # once, before the forks: it costs a second
            started = time.monotonic()
            done, at_work = _kill_and_start(chance, kills, started)
            _finish(started)
            seconds = time.monotonic() - started
        taken = [line.split("\t") for line in log.read_text("utf-8").splitlines()]
    times, ids = Counter(letter for letter, _ in taken), {}
    for letter, key in taken:
        ids.setdefault(key, set()).add(letter)
    recognisable = sum(count - 1 for count in times.values())
    return {
        "scenario": "delivery",
        "engine": engine,
        "seed": seed,
        "kills": done,
        "acts": n,
        "lost": n - len(ids),
        "doubled": sum(len(letters) - 1 for letters in ids.values()) + max(recognisable - done, 0),
        "recognisable_doubles": recognisable,
        "at_work": at_work,
        "seconds": round(seconds, 1),
    }


def moment(started: float) -> datetime:
    """The clock of the soak: a Monday's, moved on by what has passed; every process reads the same one."""
    from tasks import clock

    return clock.moment(MONDAY) + timedelta(seconds=time.monotonic() - started)


def _kill_and_start(chance: random.Random, kills: int, started: float) -> tuple[int, int]:
    """Two senders; one is killed after a random while, and another takes its place. How many, and how many at work."""
    senders = [_start(started), _start(started)]
    done = at_work = 0
    while done < kills and _waiting():
        time.sleep(chance.uniform(0.02, 0.3))
        place = chance.randrange(2)
        pid = senders[place].pid
        if senders[place].is_alive() and pid:
            os.kill(pid, signal.SIGKILL)
            done += 1
            senders[place].join()
            at_work += _held_by(pid)
        senders[place].join()
        senders[place] = _start(started)
    for sender in senders:
        sender.kill()
        sender.join()
    return done, at_work


def _start(started: float) -> Any:
    from tasks.engines import forget_engines

    forget_engines()  # a connection is not shared over a fork
    process = FORK.Process(target=_send, args=(started,), daemon=True)
    process.start()
    return process


def _send(started: float) -> None:
    from tasks import sending
    from tasks.delivering import deliver

    sending.BATCH = sending.FILES = BATCH
    while True:
        deliver(moment(started), lease=LEASE)
        time.sleep(0.05)


def _waiting() -> int:
    from sqlalchemy import func, select

    from models.records.notices import Notice, NoticeState
    from tasks.database import reading

    with reading() as session:
        query = select(func.count()).select_from(Notice).where(Notice.state == NoticeState.QUEUED)
        return session.scalar(query) or 0


def _held_by(pid: int) -> bool:
    from sqlalchemy import exists, select

    from models.records.notices import NoticeState
    from models.records.notices_addressed import Letter
    from tasks.database import reading

    with reading() as session:
        held = exists().where(Letter.state == NoticeState.CLAIMED, Letter.claimed_by.like(f"%:{pid}:%"))
        return bool(session.scalar(select(held)))


def _finish(started: float) -> None:
    """What the dead still hold is taken up when their claims have run out; the clock goes on an hour each time."""
    from tasks.delivering import deliver

    for hour in range(1, 24):
        deliver(moment(started) + timedelta(hours=hour), lease=LEASE)
        if not _waiting():
            return


@contextmanager
def sink(log: Path) -> Iterator[int]:
    """A mail server in a process of its own that writes down the id and the notice of each letter it has taken."""
    ready = FORK.Queue()
    process = FORK.Process(target=_serve, args=(log, ready), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=60)
    finally:
        process.terminate()
        process.join()


def _serve(log: Path, ready: Any) -> None:
    from aiosmtpd.smtp import SMTP

    file = log.open("a", encoding="utf-8", buffering=1)

    class Keeper:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            message = message_from_bytes(envelope.content, policy=policy.default)
            body = message.get_body(("plain",))
            found = re.search(r"Mã thông báo:\s+(\S+)", body.get_content() if body else "")
            file.write(f"{message['X-TCPL-Notice']}\t{found[1] if found else '?'}\n")
            return "250 OK"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Keeper(), hostname="127.0.0.1"), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())

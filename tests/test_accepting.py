"""Several processes at one socket: who is full leaves the next connection to another."""

import asyncio
import select
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from socket import create_server, socket

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.accepting import Loop
from dashboard.rooms import READING, in_room
from tests.waiting import eventually


class Process:
    """A server that works on what it was asked until it is let go; it listens where others might listen too."""

    def __init__(self, listening: socket) -> None:
        self.at_work, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        application = Starlette(routes=[Route("/", self._answer)])
        configuration = uvicorn.Config(application, loop="dashboard.accepting:Loop", log_level="warning")
        self.server = uvicorn.Server(configuration)
        self.address = listening.getsockname()
        self.thread = threading.Thread(target=self.server.run, args=([listening],))

    async def _answer(self, _: Request) -> PlainTextResponse:
        await in_room(READING, self._work)
        return PlainTextResponse("done")

    def _work(self) -> None:
        self.at_work.release()
        assert self.go_on.acquire(timeout=60)

    def ask(self) -> HTTPConnection:
        asking = HTTPConnection(*self.address, timeout=60)
        asking.request("GET", "/")
        return asking


@pytest.fixture
def listening() -> Iterator[socket]:
    with create_server(("127.0.0.1", 0)) as found:
        yield found


@pytest.fixture
def process(listening: socket) -> Iterator[Process]:
    found = Process(listening.dup())
    found.thread.start()
    eventually(lambda: found.server.started, what="a server")
    yield found
    for _ in range(20):
        found.go_on.release()
    found.server.should_exit = True
    found.thread.join(60)
    assert not found.thread.is_alive()


def read(asked: HTTPConnection) -> bytes:
    answer: HTTPResponse = asked.getresponse()
    return answer.read()


def test_a_full_process_leaves_a_connection_to_another_and_goes_on_when_it_has_a_place(
    process: Process, listening: socket
) -> None:
    asked = []
    for _ in range(READING.places):
        asked.append(process.ask())
        assert process.at_work.acquire(timeout=60)
    asked.append(process.ask())  # it waits inside, so that a place that falls free is never empty
    eventually(lambda: not _waits(listening), what="the one that waits inside")
    asked.append(process.ask())  # nobody takes it
    eventually(lambda: _waits(listening), what="the one that waits outside")
    threading.Event().wait(0.2)
    assert _waits(listening)
    listening.settimeout(10)
    of_another, _ = listening.accept()
    of_another.close()
    asked.pop().close()
    for _ in range(READING.places + 1):
        process.go_on.release()
    assert [read(one) for one in asked] == [b"done"] * (READING.places + 1)
    asked = [process.ask()]
    process.go_on.release()
    assert read(asked[0]) == b"done"


def _waits(listening: socket) -> bool:
    """Whether a connection waits at the socket for somebody to take it."""
    return bool(select.select([listening], [], [], 0)[0])


def test_what_is_no_socket_of_ours_is_served_as_ever() -> None:
    async def served() -> None:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
        assert server.sockets
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(served())

"""Which of several processes takes the next connection: one that has a place for it, never one that is full.

All of them listen at one socket. Left alone, the first to wake takes whatever waits there, and who is taken by the
busier process waits twice as long while the other has nothing to do. So a process that works on as much as it can
leaves the others' share where it is; it is taken in the order in which it came.
"""

import asyncio
import logging
from collections.abc import Callable
from socket import socket
from ssl import SSLContext
from typing import Any

from dashboard.rooms import READING, full

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.005
"""Seconds after which a process that was full looks whether it still is."""
ARRIVAL = 0.002
"""Seconds in which what was just taken says what it wants, and so takes its place."""
RECOVER = 1.0
"""Seconds after which a process that has no room for another connection (file descriptors) tries again."""


class Taking(asyncio.AbstractServer):
    """Stands for asyncio's own server at one listening socket."""

    def __init__(self, protocol: Callable[[], asyncio.BaseProtocol], listening: socket, tls: SSLContext | None) -> None:
        self.protocol, self.listening, self.tls = protocol, listening, tls
        self.sockets = (listening,)
        self.hands: set[asyncio.Task[Any]] = set()
        self.serving = asyncio.get_running_loop().create_task(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while full(READING):
                await asyncio.sleep(LOOK_AGAIN)
            try:
                taken, _ = await loop.sock_accept(self.listening)
            except ConnectionAbortedError:
                continue
            except OSError:
                log.exception("no connection could be taken")
                await asyncio.sleep(RECOVER)
                continue
            hand = loop.create_task(self._begin(taken))
            self.hands.add(hand)
            hand.add_done_callback(self.hands.discard)
            await asyncio.sleep(ARRIVAL)

    async def _begin(self, taken: socket) -> None:
        """Over TLS both sides greet each other first, which may take a minute: nobody waits for it."""
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self.protocol, taken, ssl=self.tls)
        except OSError:  # ssl.SSLError is one: the other side went away, or speaks no TLS
            taken.close()

    def close(self) -> None:
        self.serving.cancel()

    async def wait_closed(self) -> None:
        await asyncio.gather(self.serving, return_exceptions=True)


class Loop(asyncio.SelectorEventLoop):
    """asyncio's event loop, which takes connections from a socket that others listen at too in the above manner."""

    async def create_server(self, protocol_factory: Any, *given: Any, sock: socket | None = None, **more: Any) -> Any:
        if sock is None:
            return await super().create_server(protocol_factory, *given, **more)
        sock.setblocking(False)
        sock.listen(more.get("backlog", 100))
        return Taking(protocol_factory, sock, more.get("ssl"))

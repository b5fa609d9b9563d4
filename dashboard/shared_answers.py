"""Answers that are made once for all who ask the same: twenty who open the same board cost one.

An answer is given again only within the same minute, while not one row of the database has changed (`version_of`), and
only to somebody of the same territory, role and language. What is the viewer's own in a page (the name, the token of
its forms) is put in last, in place of marks that nobody can guess.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

from markupsafe import escape
from starlette.responses import Response

from dashboard.asked import Asked

MOST_BYTES, MOST_ANSWERS = 24 * 1024 * 1024, 1000
_NAME, _UNIT, _FORM = (f"own-{secrets.token_hex(12)}" for _ in range(3))


class Kept(NamedTuple):
    """An answer as it goes out, but for the marks."""

    status: int
    body: bytes
    media_type: str | None
    headers: dict[str, str]

    @classmethod
    def of(cls, found: Response) -> "Kept":
        headers = {
            name: value for name, value in found.headers.items() if name not in ("content-length", "content-type")
        }
        return cls(found.status_code, bytes(found.body), found.headers.get("content-type"), headers)

    def response(self, asked: Asked) -> Response:
        body = self.body
        if asked.viewer.how == "session":
            own = {_NAME: asked.viewer.name, _UNIT: asked.viewer.unit or "", _FORM: asked.form_token}
            for mark, said in own.items():
                body = body.replace(mark.encode(), str(escape(said)).encode())
        return Response(body, self.status, self.headers, self.media_type)


def as_anybody(asked: Asked) -> Asked:
    """The same question without what is the viewer's own: marks stand for it."""
    viewer = replace(asked.viewer, name=_NAME, unit=_UNIT if asked.viewer.unit else None)
    return replace(asked, viewer=viewer, form_token=_FORM if asked.form_token else "", request=None)


def key_of(asked: Asked) -> Hashable:
    """All that an answer depends on, beside the database and the minute."""
    viewer = asked.viewer
    whose = (viewer.territory, viewer.role, viewer.how, viewer.unit is None)
    return asked.path, tuple(sorted(asked.parameters.items())), asked.language, str(asked.now.tzinfo), whose


class Shelf:
    """The answers of the present minute and version, as many as the limits allow; of more, the oldest goes."""

    def __init__(self) -> None:
        self._door = Lock()
        self._stamp: Hashable = None
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._bytes = 0

    def answer(self, stamp: Hashable, key: Hashable, make: Callable[[], Response]) -> Kept:
        """The answer that is there, else the one that is made now; who asks meanwhile waits for it."""
        with self._door:
            if stamp != self._stamp:
                self._stamp, self._bytes = stamp, 0
                self._kept.clear()
                self._making.clear()
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
            making = self._making.setdefault(key, Lock())
        with making:
            with self._door:
                found = self._kept.get(key) if stamp == self._stamp else None
            if found is None:
                found = Kept.of(make())
                self._keep(stamp, key, found)
        return found

    def _keep(self, stamp: Hashable, key: Hashable, found: Kept) -> None:
        with self._door:
            self._making.pop(key, None)
            if stamp != self._stamp or found.status != 200 or key in self._kept:
                return
            self._kept[key] = found
            self._bytes += len(found.body)
            while self._bytes > MOST_BYTES or len(self._kept) > MOST_ANSWERS:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.body)

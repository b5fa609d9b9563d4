"""Waiting for what other processes bring about."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def eventually(look: Callable[[], Any], seconds: float = 240, what: str = "it") -> Any:
    """What `look` finds, as soon as it finds something; a server that does not answer has nothing to be found."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with suppress(OSError, ValueError):
            if found := look():
                return found
        time.sleep(0.3)
    raise AssertionError(f"{what} did not come about in {seconds:.0f} s")

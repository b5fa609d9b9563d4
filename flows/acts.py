"""An act as a flow: a form in words before it, and after it, where it was refused, three sentences and no traceback."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Flow, flow, get_run_logger
from prefect.states import Failed

from flows.run_forms import in_words
from models.errors import Stop
from tasks.settings import current

P = ParamSpec("P")
R = TypeVar("R")


def act(name: str, run: str) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Make an act's function a flow called `name`, each run of it called as `run` says from its parameters."""

    def made(function: Callable[P, R]) -> Flow[P, R]:
        @wraps(function)
        def said(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except Stop as stop:
                return cast("R", _stopped(stop))

        said.__signature__ = in_words(function)  # type: ignore[attr-defined]  # functions have it, their type does not say so
        return flow(name=name, flow_run_name=run)(said)

    return made


class _Said(logging.Filter):
    """Where a stop was raised says nothing to its reader: Prefect's engine would print it once more as it leaves."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], Stop))


logging.getLogger("prefect.flow_runs").addFilter(_Said())


def _stopped(stop: Stop) -> Any:
    """The run is failed, and says why in the words that the command line would print; called from code, it raises."""
    sentences = "\n".join(stop.sentences(current().lang))
    get_run_logger().error(sentences)
    return Failed(message=sentences, data=stop)

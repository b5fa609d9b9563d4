"""How a document is answered: as the JSON that the command line prints, without its line breaks."""

import json
from typing import Any

import orjson
from starlette.responses import Response

from models.json_values import json_value


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON; a "<" is written so that no browser can take the answer for a page."""
    return Response(_written(document).replace(b"<", rb"\u003c"), status, media_type="application/json")


def _written(document: Any) -> bytes:
    """A country's answers are long, and Python's own writer took a third of their time."""
    try:
        return orjson.dumps(document, default=_value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # half a sign of two, sent in an address and told again; a number longer than 64 bits
        return json.dumps(document, ensure_ascii=False, default=json_value).encode("utf-8", "replace")


def _value(value: object) -> object:
    return list(value) if isinstance(value, tuple) else json_value(value)

"""How a document becomes the JSON that the command line prints: days and moments as ISO, decimals as text."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON; a "<" is written so that no browser can take the answer for a page."""
    text = json.dumps(document, ensure_ascii=False, default=_plain).replace("<", "\\u003c")
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def _plain(value: object) -> object:
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case datetime() | date():
            return value.isoformat()
        case Decimal() | Path():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a JSON answer")

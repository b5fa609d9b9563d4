"""How a document is answered: as the JSON that the command line prints."""

import json
from typing import Any

from starlette.responses import Response

from models.json_values import json_value


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON; a "<" is written so that no browser can take the answer for a page."""
    text = json.dumps(document, ensure_ascii=False, default=json_value).replace("<", "\\u003c")
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")

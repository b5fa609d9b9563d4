"""The canonical text of a content, and the digest of a text: what the journal hashes, and what is compared by text."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson


def canonical(content: Mapping[str, Any]) -> str:
    """One text for one content: sorted keys, no spaces, Vietnamese as it is."""
    try:
        return orjson.dumps(content, _plain, _AS_WRITTEN).decode()
    except TypeError:  # a number of more than 64 bits, or half a character: the same text, or why there is none
        return _ENCODER.encode(content)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in the journal")


_AS_WRITTEN = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

"""What answers of the command line and the API hold, as JSON has it: days and moments ISO, decimals as text."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel


def json_value(value: object) -> object:
    """For `json.dumps(default=...)`. Raises TypeError for what has no place in an answer."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case datetime() | date():
            return value.isoformat()
        case Decimal() | Path():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a JSON answer")

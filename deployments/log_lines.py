"""A log as one JSON document a line, for whoever collects logs: one form for Prefect's processes and for ours."""

import json
import logging
import os
from datetime import UTC, datetime

PREFECT = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "deployments.log_lines.JsonLine",
    "PREFECT_LOGGING_COLORS": "false",
}
"""What makes Prefect's own logging write this form."""


class JsonLine(logging.Formatter):
    """{"at", "level", "logger", "message"} and, where something was raised, "error" with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def write_as(form: str) -> None:
    """For this process and those that it starts: `lines` changes nothing, `json` is one document a line."""
    if form != "json":
        return
    from uvicorn.config import LOGGING_CONFIG  # what every server of uvicorn takes where it is told nothing else

    os.environ.update(PREFECT)
    LOGGING_CONFIG["formatters"]["default"] = {"()": JsonLine}

"""The description of the API, made from the calls themselves: OpenAPI 3.1 at /api/openapi.json, a page at /api."""

import re
from collections.abc import Sequence
from typing import Any

from dashboard.api import Call
from dashboard.api_parameters import Parameter
from dashboard.viewer import Audience

TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string", "maxLength": 100},
    "integer": {"type": "integer", "minimum": 0, "maximum": 999_999},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
}
LANGUAGE = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "language of words and refusals",
    "schema": {"type": "string", "enum": ["vi", "en"]},
}
REFUSALS = {
    "400": "A parameter cannot be read.",
    "401": "No API token, or one that is not good.",
    "403": "Not for this role, or its unit has ended.",
    "404": "There is no such thing in the territory.",
    "503": "The database cannot be asked.",
}


def description(calls: Sequence[Call], server: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TCPL Cycle",
            "version": "1",
            "description": "The same JSON as the command `tcpl ... --json`. Every call is narrowed to the territory of "
            "the token: what lies outside is not there. Keys are stable; new ones may be added.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {plain_path(call): {"get": _operation(call)} for call in calls},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "made by `tcpl users token NAME`"}
            },
            "schemas": {"Refusal": _REFUSAL},
        },
    }


def plain_path(call: Call) -> str:
    return re.sub(r":\w+}", "}", call.path)


def _operation(call: Call) -> dict[str, Any]:
    names = re.findall(r"{(\w+)(?::(\w+))?}", call.path)
    of_path = [
        {"name": name, "in": "path", "required": True, "schema": TYPES["integer" if kind == "int" else "string"]}
        for name, kind in names
    ]
    same = f" The same as `{call.command} --json`." if call.command != "—" else ""
    for_whom = " For administrators." if call.audience is Audience.OPERATORS else ""
    ok = {"description": "The document.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {
        "summary": call.about,
        "description": f"{call.about}{same}{for_whom}",
        "operationId": re.sub(r"\W+", "_", call.path.removeprefix("/api/")).strip("_"),
        "parameters": [*of_path, *(_parameter(one) for one in call.parameters), LANGUAGE],
        "responses": {"200": ok, **{status: _refused(about) for status, about in REFUSALS.items()}},
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "required": one.needed,
        "description": one.about,
        "schema": TYPES[one.kind],
    }


def _refused(about: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Refusal"}
    return {"description": about, "content": {"application/json": {"schema": schema}}}


_SENTENCE = {"type": "string"}
_REFUSAL = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "what", "why", "do"],
            "properties": {"code": _SENTENCE, "what": _SENTENCE, "why": _SENTENCE, "do": _SENTENCE},
        }
    },
}

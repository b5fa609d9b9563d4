"""A workbook for a supplement: every sheet as it was handed in, and only what was returned may be filled in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from models.records.supplements import LEADERS, OpenRound
from models.words import Language
from tasks.workbook_content import Book
from tasks.workbook_layout import Column, Part
from tasks.workbook_styles import set_text


def said_of(book: Book, part: Part) -> Sequence[Mapping[str, Any]]:
    """The rows of a sheet as they were handed in; whether there was any case about a head is asked once."""
    rows = book.said.get(part.key, [])
    if part.key != LEADERS or not book.said:
        return rows
    return [*rows[:1], *({key: row[key] for key in row if key != "any"} for row in rows[1:])] or [{"any": "no"}]


def given_in(sheet: Worksheet, place: str, column: Column, value: object, language: Language) -> None:
    """A cell as it was handed in."""
    if value is None or column.kind in ("fixed", "formula"):
        return
    if column.kind == "day":
        sheet[place].value = date.fromisoformat(str(value))
    elif column.kind == "whole":
        sheet[place].value = value  # type: ignore[union-attr]
    elif column.kind == "choice" and column.choices:
        sheet[place].value = column.choices[str(value)].to(language)
    else:
        set_text(sheet[place], value)


def is_open(asked: OpenRound | None, part: Part, given: Mapping[str, object] | None = None) -> bool:
    """Whether a row may be filled in: its part or its indicator was returned, or it is empty and may become that."""
    if asked is None or asked.opens_part(part.key):
        return True
    if given and given.get("place"):
        return asked.opens_place(str(given["place"]))
    has_place = any(column.key == "place" for column in part.columns)
    return given == {} and has_place and asked.returns_places

"""The shape of a workbook: what a part and a column are, and where things stand. Who writes and who reads follow it.

Sheet names are the same in both languages: they are how a sheet is found again. Headings stand on `HEAD_ROW` of every
sheet, the first row to be filled follows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.words import Words

FORMAT = "tcpl-workbook/1"
IDENTITY_SHEET = "_tcpl"
GUIDE_SHEET = "Hướng dẫn"
HEAD_ROW = 5
FIRST_ROW = HEAD_ROW + 1
UNIT_CELL = (2, 1)
"""Row and column (from 0) of the commune's name and code on the guide sheet: it must agree with the identity."""

Kind = Literal["fixed", "formula", "text", "day", "whole", "points", "number", "choice", "place"]


@dataclass(frozen=True)
class Column:
    """One column: what is filled in it, and whether a row that is begun must have it."""

    key: str
    head: Words
    width: float
    kind: Kind
    choices: Mapping[str, Words] | None = None
    required: bool = False
    longest: int = 1000


@dataclass(frozen=True)
class Part:
    """A sheet of rows to be filled; `fields` instead of columns: a sheet of questions, one answer each."""

    key: str
    sheet: str
    title: Words
    note: Words
    columns: tuple[Column, ...]
    rows: int = 12
    fields: tuple[Column, ...] = ()

    def letter(self, key: str) -> str:
        """The letter of a column."""
        return chr(ord("A") + self.place(key))

    def place(self, key: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.key == key)

"""The sheets beside the scores: lists and questions, read row by row; what they lack or say against themselves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from models.words import Words
from tasks.workbook_cells import Unfit, value_of
from tasks.workbook_flaws import Flaw, Grid, cell_at, cell_name, formula_error, needed, text_at, unknown_place
from tasks.workbook_layout import FIRST_ROW, Column, Part
from tasks.workbook_opening import Opened

Row = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Where the answers of a sheet stand, worked out once for all files of a cycle.

    `emptied` says of a row whether nothing was filled in: most rows of most sheets.
    """

    part: Part
    places: tuple[tuple[Column, int], ...]
    letters: frozenset[str]
    emptied: Callable[[list[Any]], bool]


def plan_of(part: Part) -> Plan:
    """The columns of a sheet that are answers; of a sheet of questions none: its rows are."""
    places = tuple(
        (column, place) for place, column in enumerate(part.columns) if column.kind not in ("fixed", "formula")
    )
    if part.fields:
        return Plan(part, (), frozenset("B"), _Emptied([]))
    letters = frozenset(chr(ord("A") + place) for _, place in places)
    return Plan(part, places, letters, _Emptied([place for _, place in places]))


class _Emptied:
    """Whether the cells at these places of a row are all empty; rows may be shorter than the sheet."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places
        self._pick = itemgetter(*places, places[0]) if places else None
        self._nothing = ("",) * (len(places) + 1)

    def __call__(self, cells: list[Any]) -> bool:
        if self._pick is None:
            return True
        try:
            return self._pick(cells) == self._nothing
        except IndexError:
            return all(cells[place] == "" for place in self._places if place < len(cells))


class Lists:
    """Reads the sheets that are lists and questions, gathering what is wrong."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.flaws: list[Flaw] = []

    def part(self, plan: Plan) -> list[Row]:
        """The rows that were begun, each {"_row": number, key: value or null}; questions make one row."""
        part, grid = plan.part, self.opened.rows(plan.part.sheet)
        odd = self._odd(plan)
        if part.fields:
            row = {
                column.key: self._value(part, column, grid, (FIRST_ROW - 1 + number, 1), odd)
                for number, column in enumerate(part.fields)
            }
            return [row | {"_row": FIRST_ROW}] if any(value is not None for value in row.values()) else []
        odd_rows = {int(cell[1:]) - 1 for cell in odd}
        found = []
        for number in range(FIRST_ROW - 1, len(grid)):
            if plan.emptied(grid[number]) and number not in odd_rows:
                continue
            cells = grid[number]
            row = {
                column.key: self._value(part, column, grid, (number, place), odd)
                if odd or (place < len(cells) and cells[place] != "")
                else None
                for column, place in plan.places
            }
            if any(value is not None for value in row.values()):
                if part.key == "officers":
                    row["place"] = text_at(grid, number, 0)
                row["_row"] = number + 1
                found.append(row)
        return found

    def _odd(self, plan: Plan) -> frozenset[str]:
        """Cells that look empty to the reader and are not: an error or a formula stands where an answer belongs."""
        looked, sheet = self.opened.looked, plan.part.sheet
        cells = looked.errors(sheet) | looked.formulas(sheet)
        return frozenset(cell for cell in cells if cell[0] in plan.letters and cell[1:].isdigit())

    def _value(self, part: Part, column: Column, grid: Grid, at: tuple[int, int], odd: frozenset[str]) -> object:
        cell = cell_at(grid, *at)
        name = cell_name(*at) if odd else ""
        if name in odd and (cell in (None, "") or name in self.opened.looked.errors(part.sheet)):
            self.flaws.append(formula_error(part.sheet, name))
            return None
        if cell is None or cell == "":
            return None
        try:
            return value_of(cell, column)
        except Unfit as unfit:
            name = cell_name(*at)
            what = Words(
                f"Ô {name} trang “{part.sheet}” ({column.head.vi}) không đúng.",
                f"Cell {name} of '{part.sheet}' ({column.head.en}) is not right.",
            )
            self.flaws.append(Flaw(part.sheet, name, what, unfit.why, unfit.do))
            return None


def beside_flaws(parts: Sequence[Part], places: Collection[str], found: Mapping[str, list[Row]]) -> list[Flaw]:
    """What the sheets beside the scores lack, or say against themselves."""
    flaws: list[Flaw] = []
    for part in parts:
        for row in found.get(part.key, []):
            number = row["_row"]
            for column in part.fields or part.columns:
                if column.required and row.get(column.key) is None and column.kind != "fixed":
                    cell = (
                        f"B{FIRST_ROW + part.fields.index(column)}"
                        if part.fields
                        else f"{part.letter(column.key)}{number}"
                    )
                    flaws.append(needed(part, cell, column.head))
                elif column.kind == "place" and row.get(column.key) and row[column.key] not in places:
                    flaws.append(unknown_place(part, f"{part.letter(column.key)}{number}", str(row[column.key])))
    flaws += _outcome_flaws(parts, found)
    return [*flaws, *_posting_flaws(parts, found), *_leader_flaws(parts, found)]


def _outcome_flaws(parts: Sequence[Part], found: Mapping[str, list[Row]]) -> list[Flaw]:
    part = next(part for part in parts if part.key == "outcome")
    names = [column.key for column in part.fields]
    outcome = found["outcome"][0] if found["outcome"] else {}
    if not outcome:
        return [needed(part, f"B{FIRST_ROW}", part.fields[0].head)]
    if outcome.get("outcome") == "not_met" and not outcome.get("explanation"):
        return [
            Flaw(
                part.sheet,
                f"B{FIRST_ROW + names.index('explanation')}",
                Words("Tự nhận chưa đạt nhưng chưa giải trình.", "Declared not met without an explanation."),
                Words(
                    "Đơn vị tự nhận chưa đạt nêu tồn tại, hạn chế và hướng khắc phục.",
                    "A commune that declares itself not met says what falls short and how it will be mended.",
                ),
                Words("Điền ô “Tồn tại, hạn chế và hướng khắc phục”.", "Fill in the shortfalls."),
            )
        ]
    return []


def _posting_flaws(parts: Sequence[Part], found: Mapping[str, list[Row]]) -> list[Flaw]:
    part = next(part for part in parts if part.key == "posting")
    return [
        Flaw(
            part.sheet,
            f"{part.letter('ended')}{row['_row']}",
            Words("Niêm yết kết thúc trước khi bắt đầu.", "The posting ends before it begins."),
            Words(f"Từ {row['began']:%d/%m/%Y} đến {row['ended']:%d/%m/%Y}.", f"{row['began']} to {row['ended']}."),
            Words("Sửa một trong hai ngày.", "Correct one of the days."),
        )
        for row in found.get("posting", [])
        if row.get("began") and row.get("ended") and row["ended"] < row["began"]
    ]


def _leader_flaws(parts: Sequence[Part], found: Mapping[str, list[Row]]) -> list[Flaw]:
    """Either "none", or each case in full."""
    part = next((part for part in parts if part.key == "leaders"), None)
    if part is None:
        return []
    rows = found.get("leaders", [])
    cases = [row for row in rows if any(row.get(key) is not None for key in ("person", "role", "act", "measure"))]
    said = rows[0].get("any") if rows else None
    cell = f"{part.letter('any')}{FIRST_ROW}"
    if said is None and not cases:
        return [needed(part, cell, part.columns[1].head)]
    if (said == "no") == bool(cases) or (said == "yes" and not cases):
        return [
            Flaw(
                part.sheet,
                cell,
                Words("Câu trả lời và danh sách trường hợp không khớp.", "The answer and the list do not agree."),
                Words(f"Chọn “{said or '…'}”, ghi {len(cases)} trường hợp.", f"'{said}' with {len(cases)} cases."),
                Words("Không có thì để trống danh sách; có thì ghi đủ từng trường hợp.", "Make them agree."),
            )
        ]
    asked = ("person", "role", "act", "on", "measure", "document")
    heads = {column.key: column.head for column in part.columns}
    flaws = [
        needed(part, f"{part.letter(key)}{row['_row']}", heads[key])
        for row in cases
        for key in asked
        if row.get(key) is None
    ]
    return flaws + [
        needed(part, f"{part.letter('duty')}{row['_row']}", heads["duty"])
        for row in cases
        if row.get("measure") == "disciplined" and row.get("duty") is None
    ]

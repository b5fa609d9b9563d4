"""Reads one self-assessment workbook with calamine, strictly: all that is wrong with it is listed, cell by cell."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from models.errors import Refusal
from models.law.leaders import LeaderFinding, Measure, Role
from models.law.posting import Channel, Posted
from models.law.regulation import Regulation
from models.records.filing import Filing
from models.records.intake import Paper
from models.records.journal import canonical, digest_of
from models.words import Language, Words
from tasks.workbook_cells import Unfit, harmless, value_of
from tasks.workbook_layout import FIRST_ROW, FORMAT, GUIDE_SHEET, HEAD_ROW, IDENTITY_SHEET, UNIT_CELL, Part, parts_of
from tasks.workbook_rows import ScoreRow
from tasks.workbook_safety import Looked

Row = dict[str, Any]


@dataclass(frozen=True)
class Flaw:
    """One thing wrong in a file: where, what, why, what to do. An empty sheet: the file as a whole."""

    sheet: str
    cell: str
    what: Words
    why: Words
    do: Words

    def document(self, language: Language) -> dict[str, str]:
        """The JSON of one error: {"sheet", "cell", "what", "why", "do"}."""
        said = {name: getattr(self, name).to(language) for name in ("what", "why", "do")}
        return {"sheet": self.sheet, "cell": self.cell, **said}


@dataclass(frozen=True)
class Identity:
    """Whose workbook it is, as its hidden sheet says."""

    province: str
    commune: str
    year: int
    trial: bool
    regulation: str
    criteria: str
    supplement: str


@dataclass(frozen=True)
class Expected:
    """What a workbook of a cycle has to be: its regulation, its rows, the names of its communes."""

    cycle_id: int
    regulation: Regulation
    criteria: str
    rows: Sequence[ScoreRow]
    names: Mapping[str, str]
    parts: Sequence[Part]
    by_id: Mapping[str, ScoreRow] = field(default_factory=dict)


class Flawed(Exception):
    """The file cannot be read further; `flaws` say why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = list(flaws)
        super().__init__("; ".join(flaw.what.en for flaw in flaws))


class Opened:
    """An opened workbook: its sheets as rows of plain values, each read once."""

    def __init__(self, content: bytes, looked: Looked) -> None:
        self.looked = looked
        self._sheets: dict[str, CalamineSheet] = {}
        self._rows: dict[str, list[list[Any]]] = {}
        try:
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            self.names = list(self._workbook.sheet_names)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:  # calamine's panics are not Exceptions
            raise Flawed([flaw_of(_BROKEN)]) from error

    def rows(self, name: str) -> list[list[Any]]:
        """The sheet from its first cell on; a sheet that is not there has no rows."""
        if name not in self.names:
            return []
        if name not in self._rows:
            try:
                self._rows[name] = self._sheet(name).to_python(skip_empty_area=False)
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:
                raise Flawed([flaw_of(_BROKEN)]) from error
        return self._rows[name]

    def merged(self, name: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged ranges as ((row, column), (row, column)), counted from 0; after `rows` of the same sheet."""
        return list(self._sheet(name).merged_cell_ranges or [])

    def _sheet(self, name: str) -> CalamineSheet:
        if name not in self._sheets:
            self._sheets[name] = self._workbook.get_sheet_by_name(name)
        return self._sheets[name]

    def identity(self) -> Identity:
        """Raises Flawed for a workbook that was not given out by this software."""
        said = {str(row[0]): str(row[1]) for row in self.rows(IDENTITY_SHEET) if len(row) > 1}
        if said.get("format") != FORMAT:
            raise Flawed([flaw_of(_NOT_OURS)])
        try:
            year = int(said["year"])
            names = (said["province"], said["commune"], year, said["trial"] == "1", said["regulation"])
            return Identity(*names, said["criteria"], said.get("supplement", ""))
        except (KeyError, ValueError) as error:
            raise Flawed([flaw_of(_NOT_OURS)]) from error


def read(opened: Opened, expected: Expected, identity: Identity, *, sha256: str, name: str, size: int) -> Paper:
    """The paper that the workbook is. Raises Flawed with everything that is wrong."""
    flaws = _layout_flaws(opened, expected, identity)
    if flaws:
        raise Flawed(flaws)
    reader = _Reader(opened)
    found = {part.key: reader.part(part) for part in expected.parts if part.key != "scores"}
    from tasks.workbook_answers import read_scores  # it needs what is defined here

    scores = next(part for part in expected.parts if part.key == "scores")
    submission, reasons, score_flaws = read_scores(opened, scores, expected, found)
    flaws = [*reader.flaws, *score_flaws, *_beside_flaws(expected, found)]
    if flaws:
        raise Flawed(_once(flaws))
    return _paper(identity, submission, reasons, found, sha256=sha256, name=name, size=size)


def _once(flaws: Sequence[Flaw]) -> list[Flaw]:
    """The first thing that is wrong with a cell: what cannot be read is not said to be missing as well."""
    first: dict[tuple[str, str], Flaw] = {}
    for number, flaw in enumerate(flaws):
        first.setdefault((flaw.sheet, flaw.cell or str(number)), flaw)
    return list(first.values())


def _paper(
    identity: Identity, submission: Any, reasons: Mapping[str, str], found: Mapping[str, list[Row]], **file: Any
) -> Paper:
    outcome = found["outcome"][0] if found["outcome"] else {}
    beside = {key: tuple(_plain(row) for row in rows) for key, rows in found.items() if rows}
    explanation = outcome.get("explanation") or ""
    filing = Filing(
        identity.commune,
        submission,
        outcome.get("outcome") == "not_met",
        outcome.get("document") or "",
        reasons,
        digest_of(canonical(beside))[:16],
    )
    parts = {key: rows for key, rows in beside.items() if key not in ("posting", "leaders")}
    return Paper(
        filing,
        explanation=explanation,
        postings=tuple(posted_in(row) for row in found.get("posting", [])),
        findings=tuple(_finding(row) for row in found.get("leaders", []) if row.get("person")),
        parts=parts,
        **file,
    )


def posted_in(row: Row) -> Posted:
    """A row of the posting sheet."""
    return Posted(
        Channel(row["channel"]),
        row["began"],
        row.get("ended"),
        row.get("times"),
        row.get("place_of") or "",
        row.get("proof") or "",
    )


def _finding(row: Row) -> LeaderFinding:
    return LeaderFinding(
        row["person"],
        Role(row["role"]),
        row["act"],
        row["on"],
        row["document"],
        Measure(row["measure"]),
        row.get("duty") == "yes",
    )


def _plain(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.items() if value is not None and not key.startswith("_")}


class _Reader:
    """Reads the sheets that are lists and questions, gathering what is wrong."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.flaws: list[Flaw] = []

    def part(self, part: Part) -> list[Row]:
        """The rows that were begun, each {"_row": number, key: value or null}; questions make one row."""
        grid = self.opened.rows(part.sheet)
        if part.fields:
            places = {column.key: (FIRST_ROW - 1 + number, 1) for number, column in enumerate(part.fields)}
            row = self._row(part, part.fields, grid, places)
            return [row | {"_row": FIRST_ROW}] if any(value is not None for value in row.values()) else []
        columns = {
            column.key: (place, column)
            for place, column in enumerate(part.columns)
            if column.kind not in ("fixed", "formula")
        }
        open_ = [place for place, _ in columns.values()]
        odd = self._odd_rows(part, open_)
        found = []
        for number in range(FIRST_ROW - 1, len(grid)):
            cells = grid[number]
            if number not in odd and all(cells[place] == "" for place in open_ if place < len(cells)):
                continue
            places = {key: (number, place) for key, (place, _) in columns.items()}
            row = self._row(part, [column for _, column in columns.values()], grid, places)
            if any(value is not None for value in row.values()):
                extra = {"place": _text(grid, number, 0)} if part.key == "officers" else {}
                found.append({**row, **extra, "_row": number + 1})
        return found

    def _odd_rows(self, part: Part, open_: Sequence[int]) -> set[int]:
        """Rows that look empty to the reader and are not: an error or a formula stands where an answer belongs."""
        looked, letters = self.opened.looked, {chr(ord("A") + place) for place in open_}
        cells = looked.errors.get(part.sheet, frozenset()) | looked.formulas(part.sheet)
        return {int(cell[1:]) - 1 for cell in cells if cell[0] in letters and cell[1:].isdigit()}

    def _row(
        self,
        part: Part,
        columns: Sequence[Any],
        grid: list[list[Any]],
        places: Mapping[str, tuple[int, int]],
    ) -> Row:
        row: Row = {}
        errors = self.opened.looked.errors.get(part.sheet, frozenset())
        formulas = self.opened.looked.formulas(part.sheet)
        for column in columns:
            at = places[column.key]
            name = cell_name(*at)
            if name in errors or (name in formulas and cell_at(grid, *at) in (None, "")):
                self.flaws.append(formula_error(part.sheet, name))
                row[column.key] = None
                continue
            try:
                row[column.key] = value_of(cell_at(grid, *at), column)
            except Unfit as unfit:
                what = Words(
                    f"Ô {cell_name(*at)} trang “{part.sheet}” ({column.head.vi}) không đúng.",
                    f"Cell {cell_name(*at)} of '{part.sheet}' ({column.head.en}) is not right.",
                )
                self.flaws.append(Flaw(part.sheet, cell_name(*at), what, unfit.why, unfit.do))
                row[column.key] = None
        return row


def _layout_flaws(opened: Opened, expected: Expected, identity: Identity) -> list[Flaw]:
    """Sheets that are missing or renamed, headings that moved, merged answers, another commune's name."""
    flaws = [
        _missing_sheet(name, opened.names, expected)
        for name in (GUIDE_SHEET, *(part.sheet for part in expected.parts))
        if name not in opened.names
    ]
    if flaws:
        return flaws
    shown = _text(opened.rows(GUIDE_SHEET), *UNIT_CELL)
    named = f"{expected.names.get(identity.commune, '')} ({identity.commune})"
    if shown != named:
        flaws.append(_other_commune(shown, named))
    for part in expected.parts:
        grid = opened.rows(part.sheet)
        for place, column in enumerate(part.columns):
            said = _text(grid, HEAD_ROW - 1, place).removesuffix(" *")
            if said not in column.head:
                flaws.append(_moved(part, cell_name(HEAD_ROW - 1, place), column.head, said))
        flaws += [
            _merged(part, cell_name(*start))
            for start, end in opened.merged(part.sheet)
            if end[0] >= HEAD_ROW and start[1] < len(part.columns)
        ]
    return flaws


def _beside_flaws(expected: Expected, found: Mapping[str, list[Row]]) -> list[Flaw]:
    """What the sheets beside the scores lack, or say against themselves."""
    flaws: list[Flaw] = []
    places = set(expected.by_id)
    for part in expected.parts:
        for row in found.get(part.key, []):
            number = row["_row"]
            for column in part.fields or part.columns:
                if column.required and row.get(column.key) is None and column.kind != "fixed":
                    cell = (
                        f"B{FIRST_ROW + part.fields.index(column)}"
                        if part.fields
                        else f"{part.letter(column.key)}{number}"
                    )
                    flaws.append(_needed(part, cell, column.head))
                elif column.kind == "place" and row.get(column.key) and row[column.key] not in places:
                    flaws.append(_unknown_place(part, f"{part.letter(column.key)}{number}", str(row[column.key])))
    flaws += _outcome_flaws(expected, found)
    return [*flaws, *_posting_flaws(expected, found), *_leader_flaws(expected, found)]


def _outcome_flaws(expected: Expected, found: Mapping[str, list[Row]]) -> list[Flaw]:
    part = next(part for part in expected.parts if part.key == "outcome")
    names = [column.key for column in part.fields]
    outcome = found["outcome"][0] if found["outcome"] else {}
    if not outcome:
        return [_needed(part, f"B{FIRST_ROW}", part.fields[0].head)]
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


def _posting_flaws(expected: Expected, found: Mapping[str, list[Row]]) -> list[Flaw]:
    part = next(part for part in expected.parts if part.key == "posting")
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


def _leader_flaws(expected: Expected, found: Mapping[str, list[Row]]) -> list[Flaw]:
    """Either "none", or each case in full."""
    part = next((part for part in expected.parts if part.key == "leaders"), None)
    if part is None:
        return []
    rows = found.get("leaders", [])
    cases = [row for row in rows if any(row.get(key) is not None for key in ("person", "role", "act", "measure"))]
    said = rows[0].get("any") if rows else None
    cell = f"{part.letter('any')}{FIRST_ROW}"
    if said is None and not cases:
        return [_needed(part, cell, part.columns[1].head)]
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
    needed = ("person", "role", "act", "on", "measure", "document")
    heads = {column.key: column.head for column in part.columns}
    flaws = [
        _needed(part, f"{part.letter(key)}{row['_row']}", heads[key])
        for row in cases
        for key in needed
        if row.get(key) is None
    ]
    return flaws + [
        _needed(part, f"{part.letter('duty')}{row['_row']}", heads["duty"])
        for row in cases
        if row.get("measure") == "disciplined" and row.get("duty") is None
    ]


def cell_at(grid: list[list[Any]], row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def _text(grid: list[list[Any]], row: int, column: int) -> str:
    cell = cell_at(grid, row, column)
    return "" if cell is None else str(cell).strip()


def cell_name(row: int, column: int) -> str:
    """ "B7" for row 6 and column 1, counted from 0."""
    return f"{chr(ord('A') + column)}{row + 1}"


def flaw_of(refusal: Refusal) -> Flaw:
    """A refusal of the whole file as a flaw without a place."""
    return Flaw("", "", refusal.what, refusal.why, refusal.do)


def formula_error(sheet: str, cell: str) -> Flaw:
    return Flaw(
        sheet,
        cell,
        Words(
            f"Ô {cell} trang “{sheet}” có công thức không ra giá trị.",
            f"The formula in {cell} of '{sheet}' has no value.",
        ),
        Words("Ô báo lỗi (#DIV/0!, #REF! …) hoặc chưa được tính.", "It shows an error, or was never computed."),
        Words("Xóa công thức và nhập giá trị.", "Delete the formula and enter the value."),
    )


def _missing_sheet(name: str, names: Sequence[str], expected: Expected) -> Flaw:
    known = {GUIDE_SHEET, IDENTITY_SHEET, *(part.sheet for part in expected.parts)}
    strange = ", ".join(harmless(other[:40]) for other in names if other not in known) or "–"
    return Flaw(
        name,
        "",
        Words(f"Thiếu trang “{name}”.", f"The sheet '{name}' is missing."),
        Words(
            f"Trang bị đổi tên hoặc bị xóa; tên lạ trong tệp: {strange}.", f"Renamed or deleted; strange: {strange}."
        ),
        Words(f"Đặt lại tên trang là “{name}”.", f"Name it '{name}' again."),
    )


def _other_commune(shown: str, named: str) -> Flaw:
    return Flaw(
        GUIDE_SHEET,
        cell_name(*UNIT_CELL),
        Words("Tên đơn vị trong tệp không khớp mã của tệp.", "The commune's name does not fit the file's code."),
        Words(f"Tệp ghi “{shown[:80]}”, mã là của “{named}”.", f"It says '{shown[:80]}'; the code is of '{named}'."),
        Words("Dùng đúng tệp đã phát cho đơn vị mình.", "Use the workbook that was given to your commune."),
    )


def _moved(part: Part, cell: str, head: Words, said: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Đầu cột ở ô {cell} không còn là “{head.vi}”.", f"The heading in {cell} is no longer '{head.en}'."),
        Words(f"Ô đang ghi “{said[:60]}”: cột đã bị chèn, xóa hoặc sửa.", f"It says '{said[:60]}': the columns moved."),
        Words("Khôi phục bố cục, hoặc chép câu trả lời sang tệp đã phát.", "Restore the columns, or use a fresh file."),
    )


def _merged(part: Part, cell: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Ô {cell} trang “{part.sheet}” bị gộp.", f"Cell {cell} of '{part.sheet}' is merged."),
        Words("Ô gộp che mất câu trả lời của các ô khác.", "A merged cell hides the answers of the others."),
        Words("Bỏ gộp ô và điền từng ô.", "Unmerge it and fill in each cell."),
    )


def _needed(part: Part, cell: str, head: Words) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Chưa điền “{head.vi}” (ô {cell}).", f"'{head.en}' is not filled in ({cell})."),
        Words("Thông tin này bắt buộc.", "It is needed."),
        Words("Điền ô này.", "Fill in the cell."),
    )


def _unknown_place(part: Part, cell: str, said: str) -> Flaw:
    return Flaw(
        part.sheet,
        cell,
        Words(f"Không có chỉ tiêu “{said[:20]}” (ô {cell}).", f"There is no indicator '{said[:20]}' ({cell})."),
        Words("Mã phải là một chỉ tiêu hoặc nội dung của văn bản.", "It must be an indicator or content."),
        Words("Chọn mã trong danh sách.", "Choose it from the list."),
    )


def expectation(
    cycle_id: int, regulation: Regulation, criteria: str, rows: Sequence[ScoreRow], names: Mapping[str, str]
) -> Expected:
    """What workbooks of a cycle have to be."""
    by_id = {row.id: row for row in rows if row.level != "criterion"}
    return Expected(cycle_id, regulation, criteria, rows, names, parts_of(regulation), by_id)


_BROKEN = Refusal(
    "broken_file",
    Words("Tệp hỏng, không đọc được.", "The file is broken and cannot be read."),
    Words("Nội dung bên trong không đúng dạng bảng tính.", "What is inside is not in the form of a workbook."),
    Words("Mở tệp, lưu lại dạng .xlsx rồi gửi.", "Open it, save it as .xlsx again and send it."),
)
_NOT_OURS = Refusal(
    "not_our_workbook",
    Words("Đây không phải bản tự đánh giá đã phát.", "This is not a workbook that was given out."),
    Words(
        "Tệp không còn thông tin nhận dạng (đơn vị, năm, văn bản) ở trang ẩn của bản đã phát.",
        "It lacks the identity (commune, year, regulation) that every given workbook has on a hidden sheet.",
    ),
    Words("Điền vào đúng tệp đã nhận; xin lại nếu thất lạc.", "Fill in the file that you were given, or ask for it."),
)

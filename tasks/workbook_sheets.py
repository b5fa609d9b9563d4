"""One workbook, sheet by sheet, from what it says (`workbook_content.Book`) and its plan (`workbook_parts`)."""

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.law.posting import spoken_posting
from models.records.last_file import OWN
from models.words import Language, Words
from tasks.workbook_content import Book
from tasks.workbook_guide import write_guide
from tasks.workbook_layout import FIRST_ROW, FORMAT, HEAD_ROW, IDENTITY_SHEET, Column, Part
from tasks.workbook_parts import MEETING, OUTCOME, parts_of
from tasks.workbook_rows import ScoreRow
from tasks.workbook_scores import write_scores
from tasks.workbook_styles import (
    ALARM,
    BOLD,
    CENTER,
    HEAD,
    LEFT,
    MIDDLE,
    PLAIN,
    SMALL,
    TITLE,
    boxed,
    for_paper,
    lines_in,
    put,
)
from tasks.workbook_supplement import given_in, is_open, said_of

TRIAL = Words("THỬ NGHIỆM – không có giá trị chính thức", "TRIAL – not official")
DAY_FORMAT = "DD/MM/YYYY"


def build(book: Book, language: Language) -> Workbook:
    """The whole workbook of one commune, protected, ready to be saved."""
    workbook = Workbook()
    guide = workbook.active
    assert isinstance(guide, Worksheet)
    write_guide(guide, book, language)
    for part in parts_of(book.regulation):
        sheet = workbook.create_sheet(part.sheet)
        _write(sheet, part, book, language)
    _write_identity(workbook.create_sheet(IDENTITY_SHEET), book, language)
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.properties.title = f"{book.name} ({book.code}) {book.year}"
    workbook.properties.creator = "TCPL Cycle"
    return workbook


def _write(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    for place, column in enumerate(part.columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = column.width
    _head(sheet, part, book, language)
    if part.key == "scores":
        write_scores(sheet, part, book, language)
    elif part.fields:
        _fields(sheet, part, book, language)
    elif part.key == "officers":
        _officers(sheet, part, book, language)
    else:
        _rows(sheet, part, book, language)
    footer = f"{book.name} ({book.code}) – {part.sheet} – {book.year}"
    for_paper(sheet, f"{footer} – {TRIAL.to(language)}" if book.trial else footer, HEAD_ROW)


def _head(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    last = chr(ord("A") + len(part.columns) - 1)
    width = sum(column.width for column in part.columns)
    note = _note(part, book).to(language)
    lines = [
        (part.title.to(language), TITLE, 1),
        (f"{book.name} ({book.code}), {book.district_name or book.province_name} – {book.year}", BOLD, 1),
        (TRIAL.to(language) if book.trial else "", ALARM, 1),
        (note, SMALL, max(1, -(-len(note) // int(width * 1.25)))),
    ]
    for row, (text, font, tall) in enumerate(lines, start=1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        put(sheet, f"A{row}", text, font, Alignment(horizontal="left", vertical="center", wrap_text=True))
        sheet.row_dimensions[row].height = (20 if font is TITLE else 15 if font is not SMALL else 13) * tall + 2
    for place, column in enumerate(part.columns):
        star = " *" if column.required else ""
        boxed(
            put(sheet, f"{chr(ord('A') + place)}{HEAD_ROW}", column.head.to(language) + star, BOLD, MIDDLE), fill=HEAD
        )
    tall = max(lines_in(f"{column.head.to(language)} *", column.width * 0.75) for column in part.columns)
    sheet.row_dimensions[HEAD_ROW].height = 15 * tall + 3


def _note(part: Part, book: Book) -> Words:
    if part.key != "posting":
        return part.note
    step = book.regulation.step("post-drafts")
    if step is None or step.posting is None:
        return Words(
            "Quy định về niêm yết của văn bản này chưa đọc được; ghi lại nơi, thời gian và minh chứng.",
            "Nobody has read this regulation's rule on posting; record where, when, and the proof.",
        )
    rule, article = spoken_posting(step.posting), step.posting.citation
    cited = f" ({article.article} {article.text})" if article else ""
    return Words(
        f"Niêm yết {rule.vi}{cited}. Số ngày không tính ngày bắt đầu.",
        f"To be posted {rule.en}{cited}. The day on which it begins is not counted.",
    )


def _rows(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    """Rows to be filled; in a supplement those that were handed in, and room for more."""
    said = said_of(book, part)
    last = FIRST_ROW + max(part.rows, len(said) + 5 if said else 0) - 1
    for row in range(FIRST_ROW, last + 1):
        given = said[row - FIRST_ROW] if row - FIRST_ROW < len(said) else {}
        open_ = is_open(book.asked, part, given)
        for place, column in enumerate(part.columns):
            name = f"{chr(ord('A') + place)}{row}"
            _empty(sheet, name, column, row, open_)
            given_in(sheet, name, column, given.get(column.key), language)
        if part.key == "posting":
            began, ended = part.letter("began"), part.letter("ended")
            sheet[f"{part.letter('lasted')}{row}"] = (
                f'=IF(OR({began}{row}="",{ended}{row}=""),"",{ended}{row}-{began}{row})'
            )
        if part.key == "models":
            found, collected = part.letter("effective"), part.letter("collected")
            formula = f'=IF(N({collected}{row})=0,"",ROUND({found}{row}/{collected}{row}*100,2))'
            sheet[f"{part.letter('share')}{row}"] = formula
        tall = max(
            (lines_in(str(given.get(column.key) or ""), column.width) for column in part.columns if given), default=1
        )
        sheet.row_dimensions[row].height = max(30, 14.5 * tall + 3)
    for place, column in enumerate(part.columns):
        letter = chr(ord("A") + place)
        _validate(sheet, f"{letter}{FIRST_ROW}:{letter}{last}", column, book.rows, language)
    if part.key == "leaders":
        any_ = part.letter("any")
        for row in range(FIRST_ROW + 1, last + 1):
            boxed(sheet[f"{any_}{row}"], fill=HEAD)  # asked once, in the first row


def _empty(sheet: Worksheet, place: str, column: Column, row: int, open_: bool) -> None:
    cell = sheet[place]
    cell.font, cell.alignment = PLAIN, LEFT if column.kind == "text" else CENTER
    if column.key == "number":
        cell.value = row - HEAD_ROW
    if column.kind == "day":
        cell.number_format = DAY_FORMAT
    if column.kind == "formula":
        cell.number_format = "0.##"
    boxed(cell, open_=open_ and column.kind not in ("fixed", "formula"))


def _fields(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    given = (book.said.get(part.key) or [{}])[0]
    open_ = is_open(book.asked, part)
    for row, column in enumerate(part.fields, start=FIRST_ROW):
        star = " *" if column.required else ""
        boxed(put(sheet, f"A{row}", column.head.to(language) + star, BOLD), fill=HEAD)
        _empty(sheet, f"B{row}", column, row, open_ or column.key in OWN.get(part.key, ()))
        given_in(sheet, f"B{row}", column, given.get(column.key), language)
        sheet[f"B{row}"].alignment = LEFT
        boxed(put(sheet, f"C{row}", _HINTS.get((part.key, column.key), Words("", "")).to(language), SMALL))
        sheet.row_dimensions[row].height = 90 if column.longest > 1500 else 30
        _validate(sheet, f"B{row}", column, book.rows, language)


def _officers(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    said = {str(row.get("place")): row for row in book.said.get(part.key, [])}
    for row, indicator in enumerate((one for one in book.rows if one.level == "indicator"), start=FIRST_ROW):
        given = said.get(indicator.id, {})
        open_ = is_open(book.asked, part, {"place": indicator.id})
        boxed(put(sheet, f"A{row}", indicator.id, PLAIN, CENTER))
        boxed(put(sheet, f"B{row}", indicator.title))
        for letter, column in zip("CDE", part.columns[2:], strict=True):
            _empty(sheet, f"{letter}{row}", column, row, open_)
            given_in(sheet, f"{letter}{row}", column, given.get(column.key), language)
        sheet.row_dimensions[row].height = 14.5 * max(2, lines_in(indicator.title, part.columns[1].width)) + 3


def _validate(sheet: Worksheet, place: str, column: Column, rows: list[ScoreRow] | object, language: Language) -> None:
    """What a cell takes; a wrong entry is stopped with a sentence."""
    check: DataValidation | None = None
    match column.kind:
        case "choice" if column.choices:
            listed = ",".join(words.to(language) for words in column.choices.values())
            check = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
            said = Words("Chọn trong danh sách.", "Choose from the list.")
        case "place":
            ids = ",".join(row.id for row in rows if row.level != "criterion")  # type: ignore[union-attr]
            formula = f'"{ids}"' if len(ids) < 250 else f"'{IDENTITY_SHEET}'!$D$1:$D${ids.count(',') + 1}"
            check = DataValidation("list", formula1=formula, allow_blank=True)
            said = Words("Chọn mã chỉ tiêu trong danh sách.", "Choose an indicator from the list.")
        case "day":
            check = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
            said = Words("Nhập ngày dạng ngày/tháng/năm.", "Enter a date: day/month/year.")
        case "whole":
            check = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
            said = Words("Nhập số nguyên không âm.", "Enter a whole number, not negative.")
        case _:
            return
    stop(check, said, language)
    check.add(place)
    sheet.add_data_validation(check)


def stop(check: DataValidation, said: Words, language: Language) -> None:
    """A wrong entry is stopped with this sentence."""
    check.showErrorMessage, check.errorStyle = True, "stop"
    check.errorTitle, check.error = Words("Không nhận giá trị này", "Not taken").to(language), said.to(language)


def _write_identity(sheet: Worksheet, book: Book, language: Language) -> None:
    """Whose workbook it is, for the reader; and the long lists of drop-downs."""
    identity: Mapping[str, str] = {
        "format": FORMAT,
        "province": book.province,
        "commune": book.code,
        "year": str(book.year),
        "trial": "1" if book.trial else "0",
        "regulation": book.regulation.id,
        "criteria": book.fingerprint,
        "language": language,
        "supplement": str(book.asked.number) if book.asked else "",
    }
    for row, (key, value) in enumerate(identity.items(), start=1):
        put(sheet, f"A{row}", key)
        put(sheet, f"B{row}", value)
    for row, one in enumerate((one for one in book.rows if one.level != "criterion"), start=1):
        put(sheet, f"D{row}", one.id)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


_HINTS = {
    (OUTCOME.key, "outcome"): Words("Chọn một trong hai.", "Choose one."),
    (OUTCOME.key, "document"): Words("Ví dụ: 12/TTr-UBND.", "For instance: 12/TTr-UBND."),
    (OUTCOME.key, "explanation"): Words(
        "Bắt buộc khi tự nhận chưa đạt: nêu chỉ tiêu chưa đạt, lý do, việc sẽ làm, thời hạn.",
        "Needed when the standard is declared not met: which indicators, why, what will be done and by when.",
    ),
    (MEETING.key, "who"): Words(
        "Công chức theo dõi chỉ tiêu, công an, Mặt trận và các tổ chức, trưởng thôn, tổ trưởng tổ dân phố …",
        "Officers in charge, police, the Front and organisations, heads of villages …",
    ),
}

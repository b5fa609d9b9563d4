"""The first sheet: whose workbook it is, how to fill it in, which dates the commune has and why, what is left over."""

from openpyxl.worksheet.worksheet import Worksheet

from models.law.marks import MARK_WORDS, Mark
from models.words import Language, Words
from tasks.workbook_content import Book
from tasks.workbook_layout import GUIDE_SHEET, UNIT_CELL
from tasks.workbook_parts import parts_of
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

WIDTHS = (34, 13, 15, 15, 62)
_ALL = sum(WIDTHS)
TRIAL = Words(
    "THỬ NGHIỆM: bản này dùng để tập dượt, không có giá trị chính thức; một số giá trị chưa đối chiếu với văn bản.",
    "TRIAL: for practice only, not official; some values were not compared with the text.",
)


def write_guide(sheet: Worksheet, book: Book, language: Language) -> None:
    """Everything an officer needs to know before filling in; nothing is filled in here."""
    sheet.title = GUIDE_SHEET
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    row = _whose(sheet, book, language)
    row = _how(sheet, book, language, row)
    if book.asked:
        row = _returned(sheet, book, language, row)
    row = _dates(sheet, book, language, row)
    row = _left_over(sheet, book, language, row)
    _marks(sheet, book, language, row)
    footer = f"{book.name} ({book.code}) – {book.year}"
    for_paper(sheet, f"{footer} – THỬ NGHIỆM" if book.trial else footer, None)


def unit_line(book: Book) -> str:
    """The commune's name and code as they stand on the sheet: the reader holds them against the identity."""
    return f"{book.name} ({book.code})"


def _whose(sheet: Worksheet, book: Book, language: Language) -> int:
    title = Words(
        f"BẢN TỰ ĐÁNH GIÁ CHUẨN TIẾP CẬN PHÁP LUẬT NĂM {book.year}",
        f"SELF-ASSESSMENT AGAINST THE LEGAL ACCESS STANDARD, {book.year}",
    )
    _across(sheet, 1, title.to(language), TITLE, 22)
    _across(sheet, 2, TRIAL.to(language) if book.trial else "", ALARM)
    place = ", ".join(name for name in (book.district_name, book.province_name) if name)
    texts = "; ".join(text.number for text in book.regulation.texts)
    lines = (
        (Words("Đơn vị", "Commune"), unit_line(book)),
        (Words("Thuộc", "Of"), place),
        (Words("Văn bản quy định", "Regulation"), f"{texts} ({book.regulation.id})"),
        (Words("Kỳ số liệu", "Period"), f"01/01/{book.year} – 31/12/{book.year}"),
    )
    assert UNIT_CELL == (2, 1)
    for row, (label, text) in enumerate(lines, start=3):
        put(sheet, f"A{row}", label.to(language), BOLD)
        sheet.merge_cells(f"B{row}:E{row}")
        put(sheet, f"B{row}", text, BOLD if row == 3 else PLAIN)
    return 8


def _how(sheet: Worksheet, book: Book, language: Language, row: int) -> int:
    sheets = " → ".join(part.sheet for part in parts_of(book.regulation))
    steps = (
        Words(
            f"Điền lần lượt các trang: {sheets}. Chỉ điền ô nền vàng; cột có dấu * là bắt buộc.",
            f"Fill in the sheets in turn: {sheets}. Yellow cells only; columns with * are needed.",
        ),
        Words(
            "Không đổi tên trang; không chèn, xóa, gộp dòng, cột; không dán đè; dán thì “chỉ dán giá trị”.",
            "Do not rename sheets; do not insert, delete or merge rows or columns. Paste values only.",
        ),
        Words(
            "“Không phát sinh” chỉ đánh x ở ô cho phép; đó không phải là “đạt” do làm tốt.",
            "Mark 'not arisen' with x only where the cell takes it.",
        ),
        Words(
            "Chưa đạt vẫn nộp: chọn “Tự nhận chưa đạt chuẩn” ở trang Kết quả đề nghị và giải trình.",
            "Not met is handed in too: choose so on the sheet of the proposal, and explain.",
        ),
        Words(
            "Lưu đúng dạng .xlsx rồi gửi. Tệp có lỗi được trả lại kèm vị trí, cách sửa; nộp lại bản mới trước hạn thì "
            "bản mới thay bản cũ.",
            "Save as .xlsx and send. A file with faults is returned with each place and remedy; a newer version before "
            "the deadline replaces the older one.",
        ),
    )
    row = _heading(sheet, row, Words("CÁCH ĐIỀN", "HOW TO FILL IT IN").to(language))
    for number, step in enumerate(steps, start=1):
        _across(sheet, row, f"{number}. {step.to(language)}")
        row += 1
    return row + 1


def _returned(sheet: Worksheet, book: Book, language: Language, row: int) -> int:
    assert book.asked is not None
    title = Words(f"CẦN BỔ SUNG (LẦN {book.asked.number})", f"TO BE SUPPLEMENTED (ROUND {book.asked.number})")
    row = _heading(sheet, row, title.to(language))
    _across(sheet, row, book.asked.notes)
    row += 1
    for place, note in sorted(book.asked.items.items()):
        put(sheet, f"A{row}", place, BOLD)
        sheet.merge_cells(f"B{row}:E{row}")
        put(sheet, f"B{row}", note)
        row += 1
    return row + 1


def _dates(sheet: Worksheet, book: Book, language: Language, row: int) -> int:
    row = _heading(sheet, row, Words("CÁC MỐC THỜI GIAN CỦA ĐƠN VỊ", "THE COMMUNE'S OWN DATES").to(language))
    heads = (
        Words("Việc", "Step"),
        Words("Hạn cuối theo quy định", "Last day by the rule"),
        Words("Ngày làm việc cuối", "Last working day"),
        Words("Còn tiếp nhận đến", "Accepted until"),
        Words("Vì sao", "Why"),
    )
    for letter, head in zip("ABCDE", heads, strict=True):
        boxed(put(sheet, f"{letter}{row}", head.to(language), BOLD, MIDDLE), fill=HEAD)
    sheet.row_dimensions[row].height = 32
    for due in book.dues:
        row += 1
        days = (due.last_day, due.last_working_day, due.accepted_until)
        boxed(put(sheet, f"A{row}", due.title))
        for letter, day in zip("BCD", days, strict=True):
            boxed(put(sheet, f"{letter}{row}", f"{day:%d/%m/%Y}" if day else "–", PLAIN, CENTER))
        why = due.why.to(language)
        boxed(put(sheet, f"E{row}", why, SMALL))
        tall = max(lines_in(due.title, WIDTHS[0]), lines_in(why, WIDTHS[4], 9))
        sheet.row_dimensions[row].height = 14.5 * tall + 3
    return row + 2


def _left_over(sheet: Worksheet, book: Book, language: Language, row: int) -> int:
    """Last year's result and what was to be mended, where there is any."""
    if book.before:
        row = _heading(sheet, row, Words("KẾT QUẢ NĂM TRƯỚC", "LAST YEAR").to(language))
        total = (
            Words(f", tổng điểm {book.before.total}", f", total {book.before.total}")
            if book.before.total
            else Words("", "")
        )
        _across(sheet, row, f"{book.year - 1}: {book.before.outcome.to(language)}{total.to(language)}")
        row += 2
    if book.remedies:
        title = Words("VIỆC KHẮC PHỤC CHƯA HOÀN THÀNH", "REMEDIES STILL OPEN")
        row = _heading(sheet, row, title.to(language))
        for remedy in book.remedies:
            _across(sheet, row, f"– {remedy.subject}: {remedy.text}")
            row += 1
        row += 1
    return row


def _marks(sheet: Worksheet, book: Book, language: Language, row: int) -> None:
    """What the marks mean that stand in the score sheet and beside the dates."""
    used = sorted({mark for one in book.rows if (mark := one.mark)}, key=list(Mark).index)
    row = _heading(sheet, row, Words("ĐỘ TIN CẬY CỦA CÁC GIÁ TRỊ", "HOW SURE THE VALUES ARE").to(language))
    said = "; ".join(MARK_WORDS[mark].to(language) for mark in used)
    note = Words(
        f"Mỗi giá trị của văn bản có ghi mức tin cậy. Trong bản này: {said}. Giá trị chưa đối chiếu với văn bản có thể "
        "thay đổi khi có người đối chiếu.",
        f"Each value of the law says how sure it is. Here: {said}. What is not confirmed may change.",
    )
    _across(sheet, row, note.to(language), SMALL)


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    sheet.merge_cells(f"A{row}:E{row}")
    put(sheet, f"A{row}", text, BOLD).fill = HEAD
    sheet.row_dimensions[row].height = 17
    return row + 1


def _across(sheet: Worksheet, row: int, text: str, font=PLAIN, height: float | None = None) -> None:
    sheet.merge_cells(f"A{row}:E{row}")
    put(sheet, f"A{row}", text, font, LEFT)
    sheet.row_dimensions[row].height = height or 14.5 * lines_in(text, _ALL, font.sz or 11) + 2

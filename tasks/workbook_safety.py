"""What a file is before anything opens it: size, kind by content, how much it would unfold to, where its cells lie.

A workbook is a zip. Nothing is unfolded beyond its bound, whatever its own directory claims; a cell far outside would
make any reader ask for more memory than the machine has, so the places of cells are looked at in the text itself.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from models.errors import Refusal
from models.words import Words

MOST_BYTES = 8 * 1024 * 1024
MOST_UNFOLDED = 48 * 1024 * 1024
MOST_ENTRIES = 300
MOST_CELLS = 400_000
"""Rows times columns of the smallest box around a sheet's cells; ours have some four thousand."""
DEFLATE_AT_MOST = 1032
"""No deflated byte unfolds to more: a small file is bounded by its own size."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAR = re.compile(rb"""\br\s*=\s*["']\s*(?:[A-Za-z]{2,}\d|[A-Za-z]?\d{4,})""")
_NEAR = re.compile(rb'<c r="[A-Z]\d{1,3}"')
_USUAL_FAR = re.compile(rb'r="(?:[A-Za-z]{2,}\d|[A-Za-z]?\d{4,})')
_UNUSUAL = (b"='", b"= ", b" =", b"=\t", b"\t=", b"=\n", b"\n=", b"=\r", b"\r=")
"""Whoever writes attributes otherwise than every office program is looked at more slowly."""
_BEGINS = re.compile(rb"<f[\s>/]")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_C = rb"<(?:\w{1,20}:)?c"
_IN_TAG = rb"[^<>]{0,300}?"  # bounded, and never into the next tag: no text can make these slow
_CELL = re.compile(_C + rb"\b" + _IN_TAG + rb"""\br\s*=\s*["']\s*([A-Za-z]+)(\d+)\s*["']""" + _IN_TAG + rb"(/?)>")
_NO_PLACE = re.compile(_C + rb"(?:\s(?![^<>]{0,300}\br\s*=)[^<>]{0,300})?>")
_FORMULA = re.compile(
    _C + rb"\b" + _IN_TAG + rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""" + _IN_TAG + rb">\s{0,9}<(?:\w{1,20}:)?f[\s>/]"
)
_USUAL_FORMULA = re.compile(rb'<c r="([A-Z]\d{1,3})"[^<>]*><f')
_ERROR = re.compile(_C + rb"""\b(?=[^<>]{0,300}\bt=["']e["'])""" + _IN_TAG + rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet\b[^<>]{0,600}>")
_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\b[^<>]{0,900}>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


class Looked:
    """What was seen without opening the workbook: by sheet name, which cells hold formulas and which hold errors.

    Looked for when somebody asks.
    """

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._formulas: dict[str, frozenset[str]] = {}
        self._errors: dict[str, frozenset[str]] = {}

    def formulas(self, sheet: str) -> frozenset[str]:
        if sheet not in self._formulas:
            text = self._texts.get(sheet, b"")
            found = _formulas_in(text) if b"<f" in text or b":f" in text else ()
            self._formulas[sheet] = frozenset(found)
        return self._formulas[sheet]

    def errors(self, sheet: str) -> frozenset[str]:
        if sheet not in self._errors:
            text = self._texts.get(sheet, b"")
            has = b'"e"' in text or (b"'" in text and b"'e'" in text)
            self._errors[sheet] = frozenset(found.decode() for found in _ERROR.findall(text)) if has else frozenset()
        return self._errors[sheet]


def _formulas_in(text: bytes) -> list[str]:
    """The cells that hold formulas. Usually each follows its cell's tag: counting proves that all do."""
    begin, end = text.find(b"<sheetData"), text.rfind(b"</sheetData>")
    found = _USUAL_FORMULA.findall(text, max(begin, 0), max(end, 0))
    if b":f" not in text and len(found) == text.count(b"<f", max(begin, 0), max(end, 0)):
        return [place.decode() for place in found]
    return list(_searched_formulas(text))


def _searched_formulas(text: bytes) -> Iterator[str]:
    """Each formula's cell is the last one that began before it."""
    if b":f" in text or b":c" in text:
        yield from (found.decode() for found in _FORMULA.findall(text))
        return
    for formula in _BEGINS.finditer(text):  # not the formula1 of a validation
        if found := _PLACE.search(text, text.rfind(b"<c ", 0, formula.start()), formula.start()):
            yield found.group(1).decode()


def look_at(content: bytes) -> Looked:
    """Look a file over before it is opened. Raises Refusal for anything that is not a plain, sane xlsx workbook."""
    refuse_size(len(content))
    if content.startswith(_OLE):
        raise _refused("encrypted", *_ENCRYPTED)
    if not content.startswith(_ZIP):
        raise _refused("not_a_workbook", *_NOT_XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_kind({entry.filename for entry in entries}, content)
            _refuse_bomb(entries, content)
            return _sheets(entries, content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        KeyError,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise _refused("broken_file", *_BROKEN) from error


def refuse_size(size: int) -> None:
    """A file too large is refused before it is read."""
    if size > MOST_BYTES:
        megabytes = f"{size / 1048576:.1f}"
        raise _refused(
            "file_too_large",
            Words(f"Tệp nặng {megabytes.replace('.', ',')} MB.", f"The file has {megabytes} MB."),
            Words(
                f"Bản tự đánh giá không quá {MOST_BYTES // 1048576} MB; tài liệu minh chứng gửi riêng.",
                f"A self-assessment has at most {MOST_BYTES // 1048576} MB; evidence is sent by itself.",
            ),
            Words("Bỏ hình ảnh, tệp chèn trong bảng tính rồi gửi lại.", "Take pictures out of it and send it again."),
        )


def _refuse_kind(names: set[str], content: bytes) -> None:
    if "xl/workbook.bin" in names or "mimetype" in names or "[Content_Types].xml" not in names:
        raise _refused("not_a_workbook", *_NOT_XLSX)
    if any(name.endswith(("vbaProject.bin", "vbaData.xml")) or "/macrosheets/" in name for name in names):
        raise _refused("has_macros", *_MACROS)
    if "xl/workbook.xml" not in names or b"EncryptedPackage" in content[:4096]:
        raise _refused("not_a_workbook", *_NOT_XLSX)


def _refuse_bomb(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    packed, said = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or said > MOST_UNFOLDED or packed > len(content):
        raise _refused("unfolds_too_far", *_BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("encrypted", *_ENCRYPTED)
    if packed * DEFLATE_AT_MOST > MOST_UNFOLDED:
        left = MOST_UNFOLDED
        for entry in entries:
            left -= len(_unfold(entry, content, left))


def _unfold(entry: zipfile.ZipInfo, content: bytes, most: int) -> bytes:
    """An entry's bytes, stopped at `most` and refused where it holds more, whatever its directory claims."""
    head = content[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or not head.startswith(_ZIP):
        raise zipfile.BadZipFile("an entry has no header")
    start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("an entry is packed in a way that workbooks do not use")
    if len(packed) * DEFLATE_AT_MOST <= most:
        return zlib.decompress(packed, -15, min(max(entry.file_size, 1), most))
    machine = zlib.decompressobj(-15)
    found = machine.decompress(packed, max(most, 1) + 1)
    if len(found) > most or machine.unconsumed_tail:
        raise _refused("unfolds_too_far", *_BOMB)
    return found


def _sheets(entries: list[zipfile.ZipInfo], content: bytes) -> Looked:
    """Look through the text of every sheet for cells far outside, formulas, and errors."""
    by_name = {entry.filename: entry for entry in entries}
    names = _names(by_name, content)
    texts: dict[str, bytes] = {}
    for path, entry in by_name.items():
        if path.startswith("xl/worksheets/") and path.endswith(".xml"):
            text, name = _unfold(entry, content, MOST_UNFOLDED), names.get(path, path)
            if not _all_near(text) and _has_far(text):
                _refuse_far(text, name)
            texts[name] = text
    return Looked(texts)


def _all_near(text: bytes) -> bool:
    """Whether every cell, without exception, says in the usual form that it is near: so do all sheets that we gave out.

    Counting proves it: each cell's tag begins with `<c`, or with a prefix and `:c`.
    """
    begin, end = text.find(b"<sheetData"), text.rfind(b"</sheetData>")
    if begin < 0 or (text.find(b":", begin) >= 0 and text.find(b":c", begin) >= 0):
        return False
    return len(_NEAR.findall(text, begin, end)) == text.count(b"<c", begin, end)


def _has_far(text: bytes) -> bool:
    return bool(_USUAL_FAR.search(text) or (any(sign in text for sign in _UNUSUAL) and _FAR.search(text)))


def _names(by_name: dict[str, zipfile.ZipInfo], content: bytes) -> dict[str, str]:
    """Path of each sheet -> the name that people see."""
    relations = by_name.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        raise zipfile.BadZipFile("the workbook does not say where its sheets are")
    return _named_sheets(
        _unfold(relations, content, MOST_UNFOLDED), _unfold(by_name["xl/workbook.xml"], content, MOST_UNFOLDED)
    )


@lru_cache(maxsize=64)  # a few programs write the files of a whole province
def _named_sheets(relations: bytes, workbook: bytes) -> dict[str, str]:
    targets = {}
    for tag in _RELATION.findall(relations):
        said = dict(_ATTRIBUTE.findall(tag))
        target = said.get(b"Target", b"").decode("utf-8", "replace")
        targets[said.get(b"Id", b"")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return dict(_named(workbook, targets))


def _named(workbook: bytes, targets: dict[bytes, str]) -> Iterator[tuple[str, str]]:
    for tag in _SHEET.findall(workbook):
        said = dict(_ATTRIBUTE.findall(tag))
        path = next((targets[value] for key, value in said.items() if key.endswith(b":id") and value in targets), None)
        if path:
            yield path, said.get(b"name", b"").decode("utf-8", "replace")


def _refuse_far(text: bytes, sheet: str) -> None:
    """Cells with something in them lie in a box; one that is far too large is refused. Empty ones do not count.

    A cell that does not say where it is takes its place from its row, and there are rows far down: refused too.
    """
    right = bottom = 1
    for letters, digits, empty in _CELL.findall(text):
        if not empty:
            right, bottom = max(right, _column(letters)), max(bottom, int(digits[:12]))
    if right * bottom > MOST_CELLS or _NO_PLACE.search(text):
        raise _refused(
            "cell_far_outside",
            Words(f"Trang “{sheet}” có ô nằm rất xa bảng.", f"Sheet '{sheet}' has a cell far outside its table."),
            Words(
                f"Vùng có dữ liệu tới cột {right}, dòng {bottom}, lớn hơn nhiều lần bảng đã phát.",
                f"What is filled in reaches column {right}, row {bottom}: far more than the sheet that was given out.",
            ),
            Words("Xóa nội dung ngoài bảng rồi gửi lại.", "Delete what lies outside the table and send it again."),
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _refused(code: str, what: Words, why: Words, do: Words) -> Refusal:
    return Refusal(code, what, why, do)


_SAVE_AS = Words(
    "Mở bản đã được phát, điền, rồi lưu dạng “Excel Workbook (.xlsx)” không đặt mật khẩu.",
    "Fill in the workbook that was given out and save it as 'Excel Workbook (.xlsx)' without a password.",
)
_ENCRYPTED = (
    Words("Tệp có mật khẩu, hoặc ở dạng .xls cũ.", "The file has a password, or is an old .xls."),
    Words("Nội dung không đọc được nên không kiểm tra được.", "What cannot be read cannot be checked."),
    _SAVE_AS,
)
_NOT_XLSX = (
    Words("Tệp không phải bảng tính .xlsx.", "The file is not an .xlsx workbook."),
    Words(
        "Đuôi tệp có thể là .xlsx nhưng nội dung là loại khác (CSV, ODS, ảnh …).",
        "Its name may end in .xlsx, but its content is of another kind (CSV, ODS, a picture ...).",
    ),
    _SAVE_AS,
)
_MACROS = (
    Words("Tệp có macro.", "The file has macros."),
    Words("Tệp có macro không được nhận, dù macro làm gì.", "Files with macros are not taken, whatever they do."),
    _SAVE_AS,
)
_BOMB = (
    Words("Tệp nén bất thường.", "The file is packed abnormally."),
    Words(
        f"Giải nén sẽ quá {MOST_UNFOLDED // 1048576} MB hoặc có phần chồng lên nhau; tệp không được mở.",
        f"It would unfold beyond {MOST_UNFOLDED // 1048576} MB, or its parts overlap; it was not opened.",
    ),
    _SAVE_AS,
)
_BROKEN = (
    Words("Tệp hỏng, không mở được.", "The file is broken and cannot be opened."),
    Words("Tệp có thể bị cắt khi gửi hoặc khi chép.", "It may have been cut while it was sent or copied."),
    _SAVE_AS,
)

"""A workbook opened with calamine, each sheet read once; whose it is, as its hidden sheet says."""

import io
from dataclasses import dataclass

from python_calamine import CalamineSheet, CalamineWorkbook

from models.errors import Refusal
from models.words import Words
from tasks.workbook_flaws import Flawed, Grid, flaw_of
from tasks.workbook_layout import FORMAT, IDENTITY_SHEET
from tasks.workbook_safety import Looked


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


class Opened:
    """An opened workbook: its sheets as rows of plain values, each read once."""

    def __init__(self, content: bytes, looked: Looked) -> None:
        self.looked = looked
        self._sheets: dict[str, CalamineSheet] = {}
        self._rows: dict[str, Grid] = {}
        try:
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            self.names = list(self._workbook.sheet_names)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:  # calamine's panics are not Exceptions
            raise Flawed([flaw_of(_BROKEN)]) from error

    def rows(self, name: str) -> Grid:
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

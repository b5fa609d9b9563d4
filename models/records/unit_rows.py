"""The shapes in which units reach the tables: plain rows that name their parent by code, and the faults of a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from models.errors import Refusal
from models.words import Language, Words

Level = Literal["province", "district", "commune"]

LEVELS: tuple[Level, ...] = ("province", "district", "commune")
"""From the top down: a parent is always written before its children."""

CODE_DIGITS: dict[Level, int] = {"province": 2, "district": 3, "commune": 5}
"""The length of a code tells its level, so a parent's code needs no level beside it."""

LEVEL_WORDS: dict[Level, Words] = {
    "province": Words("cấp tỉnh", "province"),
    "district": Words("cấp huyện", "district"),
    "commune": Words("cấp xã", "commune"),
}

KINDS: dict[Level, tuple[str, ...]] = {
    "province": ("Tỉnh", "Thành phố"),
    "district": ("Huyện", "Quận", "Thị xã", "Thành phố"),
    "commune": ("Xã", "Phường", "Thị trấn", "Đặc khu"),
}

START_NOT_KNOWN = date(2004, 1, 1)
"""An open lower bound, no legal date: our source does not say when a unit began. Early enough for 2017 and before."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; `parent` is the code of a unit in force through all of this one's validity, null for a province.

    `into`: codes of the units that it went into on the day after its last, where the row says so.
    """

    code: str
    name: str
    level: Level
    kind: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    latitude: float | None = None
    longitude: float | None = None
    source: str = ""
    line: int | None = None
    into: tuple[str, ...] = ()

    def descents(self) -> "list[DescentRow]":
        """What the row says of where the unit went; divided where it names several."""
        if self.valid_to is None:
            return []
        on, whole = self.valid_to + timedelta(days=1), len(self.into) == 1
        return [DescentRow(self.level, self.code, code, on, whole, self.source) for code in self.into]


@dataclass(frozen=True, slots=True)
class DescentRow:
    """The unit `from_code`, in force until the day before `on`, went into `to_code`, in force on it.

    `level` is the newer one's: a special zone may have been a district. The length of a code tells its own level.
    """

    level: Level
    from_code: str
    to_code: str
    on: date
    whole: bool
    source: str


class RowFault(NamedTuple):
    """What is wrong on one line of a file of units; line 1 is the heading."""

    line: int
    what: Words
    why: Words
    do: Words


SHOWN_FAULTS = 5
"""How many faults fit into a sentence that is still read; the JSON answer carries them all."""


def bad_unit_file(file: str, faults: Sequence[RowFault]) -> Refusal:
    """The refusal of a file that is not as it must be: every fault with its line; nothing of the file was taken."""
    ordered = sorted(faults, key=lambda fault: fault.line)
    return Refusal(
        "bad_unit_file",
        Words(
            f"Không nhận tệp {file}: có {len(faults)} lỗi, chưa đơn vị nào của tệp được ghi.",
            f"The file {file} was not taken: {len(faults)} fault(s), none of its units was written.",
        ),
        Words(_told(ordered, "vi"), _told(ordered, "en")),
        Words("Sửa các dòng nêu trên rồi nạp lại cả tệp.", "Correct these lines, then import the whole file again."),
        errors=[fault._asdict() for fault in ordered],
    )


def _told(faults: Sequence[RowFault], language: Language) -> str:
    line = Words("Dòng", "Line").to(language)
    told = [f"{line} {fault.line}: {' '.join(part.to(language) for part in fault[1:])}" for fault in faults]
    rest = len(told) - SHOWN_FAULTS
    more = [Words(f"Còn {rest} lỗi nữa.", f"And {rest} more.").to(language)] if rest > 0 else []
    return "\n".join(told[:SHOWN_FAULTS] + more)

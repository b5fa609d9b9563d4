"""How sure we are of a legal value: its mark, its source, its citation. Every value of the law carries them."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.words import Words


class Frozen(BaseModel):
    """Data that is read once and never changed; an unknown key is an error, not a shrug."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(StrEnum):
    """The eight marks; what each means stands in regulations/README.md."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    INFERRED = "inferred"
    RECALLED = "recalled"
    PEER = "peer"
    ILLUSTRATIVE = "illustrative"
    LOCAL = "local"
    NOT_YET_READ = "not_yet_read"


MARK_WORDS = {
    Mark.CONFIRMED: Words("đã đối chiếu văn bản", "confirmed in the text"),
    Mark.SECONDARY: Words("theo nguồn thứ cấp", "from a report about it"),
    Mark.INFERRED: Words("suy ra từ giá trị đã đối chiếu", "computed from confirmed values"),
    Mark.RECALLED: Words("theo trí nhớ, chưa đối chiếu", "from memory, not seen"),
    Mark.PEER: Words("chỉ thấy ở ứng dụng khác", "seen only in another application"),
    Mark.ILLUSTRATIVE: Words("minh họa", "illustrative"),
    Mark.LOCAL: Words("quy định của địa phương", "local rule"),
    Mark.NOT_YET_READ: Words("chưa đọc được", "not yet read"),
}

OFFICIAL = frozenset({Mark.CONFIRMED, Mark.INFERRED, Mark.LOCAL})
"""What an official cycle may rest on. A trial may rest on anything but `not_yet_read`."""


class Citation(Frozen):
    """Where it stands: the text's number ("25/2021/QĐ-TTg") and the article, null where unknown."""

    text: str = Field(min_length=1)
    article: str | None = None


class Checked(Frozen):
    """Who compared a value with which document, and when."""

    by: str = Field(min_length=1)
    on: date
    document: str = Field(min_length=1)
    page: str | None = None


class LegalValue(Frozen):
    """What every legal value carries beside itself."""

    mark: Mark
    source: str = Field(min_length=1)
    citation: Citation | None = None
    note: str | None = None
    checked: Checked | None = None

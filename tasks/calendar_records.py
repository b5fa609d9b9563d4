"""Our own dated records of days off and compensatory working days: `regulations/calendar/*.yaml`."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from models.law.calendar import Day, spoken
from models.law.flaws import Flaw
from models.law.marks import MARK_WORDS, Frozen, LegalValue, Mark
from models.law.spoken_errors import spoken as spoken_errors
from models.words import Words
from tasks.yaml_refusals import refuse_files
from tasks.yaml_text import YamlText, read_yaml

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _iso_day(text: object) -> object:
    """Pydantic alone would take "20260102" for seconds since 1970."""
    if isinstance(text, str) and not _ISO.fullmatch(text):
        raise PydanticCustomError("date_form", "a day is written YYYY-MM-DD")
    return text


IsoDay = Annotated[date, BeforeValidator(_iso_day)]
Text = Annotated[str, Field(min_length=1)]


class BothLanguages(Frozen):
    """A reason in both languages."""

    vi: Text
    en: Text

    def words(self) -> Words:
        return Words(self.vi, self.en)


class DayRecord(LegalValue):
    """A run of days, `first` and `last` both inclusive, that `works` or rests, and why."""

    first: IsoDay = Field(alias="from")
    last: IsoDay = Field(alias="to")
    works: bool
    reason: BothLanguages
    document: Text | None = None

    def days(self) -> Iterator[Day]:
        sure = MARK_WORDS[self.mark]
        source = Words(f"{self.source} ({sure.vi})", f"{self.source} ({sure.en})")
        for n in range((self.last - self.first).days + 1):
            yield Day(self.first + timedelta(days=n), self.works, self.reason.words(), source, self.document)


class _File(Frozen):
    days: tuple[DayRecord, ...]


def recorded_days(folder: Path, first: date, last: date) -> dict[date, Day]:
    """Every day of every record in the folder. Raises LawRefusal, with file and line, for a record that is not as it
    must be, lies outside `first`..`last`, or names a day that another names too: neither could be known to win.
    """
    recorded: dict[date, Day] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path)
        for at, record in enumerate(_records(file)):
            flaw = _flaw(record, first, last) or _doubled(record, recorded)
            if flaw is not None:
                place, what, why = flaw
                mend = Words("Sửa lại bản ghi này.", "Correct this record.")
                raise _refused(file, [Flaw(("days", at, place), what, why, mend)])
            recorded |= {day.date: day for day in record.days()}
    return recorded


def _records(file: YamlText) -> tuple[DayRecord, ...]:
    try:
        return _File.model_validate(file.content).days
    except ValidationError as error:
        raise _refused(file, spoken_errors(error)) from error


def _refused(file: YamlText, flaws: list[Flaw]) -> Exception:
    return refuse_files([file.flaw(flaw) for flaw in flaws], "calendar-record")


_Wrong = tuple[str, Words, Words]


def _flaw(record: DayRecord, first: date, last: date) -> _Wrong | None:
    if record.first > record.last:
        what = Words("Ngày `from` sau ngày `to`.", "`from` is after `to`.")
        return "from", what, Words("Khoảng ngày phải đi từ trước đến sau.", "A run of days goes from earlier to later.")
    if record.first < first or record.last > last:
        bounds = spoken(first), spoken(last)
        what = Words("Ngày nằm ngoài lịch làm việc.", "The day is outside the calendar.")
        why = Words(f"Lịch có từ {bounds[0]} đến {bounds[1]}.", f"The calendar runs from {bounds[0]} to {bounds[1]}.")
        return "from" if record.first < first else "to", what, why
    if record.mark is Mark.NOT_YET_READ:
        what = Words("Bản ghi mang dấu `not_yet_read`.", "The record is marked `not_yet_read`.")
        return "mark", what, Words("Ngày chưa ai đọc được thì không ghi.", "A day nobody has read of is left out.")
    return None


def _doubled(record: DayRecord, recorded: dict[date, Day]) -> _Wrong | None:
    twice = next((day.date for day in record.days() if day.date in recorded), None)
    if twice is None:
        return None
    what = Words(f"Ngày {spoken(twice)} đã có bản ghi khác.", f"{spoken(twice)} has another record already.")
    return "from", what, Words("Không biết bản ghi nào đúng.", "There is no telling which of the two is right.")

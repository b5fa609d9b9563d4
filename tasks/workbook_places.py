"""Where in a workbook the things stand that a refusal by the records names: one flaw each, with sheet and cell."""

from collections.abc import Iterator

from models.errors import Refusal
from models.records.supplements import PART_WORDS
from models.words import Words
from tasks.workbook_flaws import Flaw, cell_name, flaw_of, text_at
from tasks.workbook_layout import FIRST_ROW
from tasks.workbook_opening import Opened
from tasks.workbook_safety import look_at
from tasks.workbook_score_parts import LEVELS, POINTS


def placed(refusal: Refusal, content: bytes) -> Iterator[Flaw]:
    """One flaw for each item that was changed though it was not returned; any other refusal is of the whole file."""
    places = refusal.details.get("places")
    if not isinstance(places, list) or not places:
        yield flaw_of(refusal)
        return
    at = _score_cells(Opened(content, look_at(content)))
    for place in places:
        name = PART_WORDS.get(place, Words(place, place))
        sheet, cell = (name.vi, "") if place in PART_WORDS else at.get(place, ("", ""))
        what = Words(
            f"“{name.vi}” không được yêu cầu bổ sung nhưng đã bị sửa.",
            f"'{name.en}' was not returned, and yet it was changed.",
        )
        yield Flaw(sheet, cell, what, refusal.why, refusal.do)


def _score_cells(opened: Opened) -> dict[str, tuple[str, str]]:
    part = POINTS if POINTS.sheet in opened.names else LEVELS
    grid = opened.rows(part.sheet)
    found: dict[str, tuple[str, str]] = {}
    for number in range(FIRST_ROW - 1, len(grid)):
        found.setdefault(text_at(grid, number, 0), (part.sheet, cell_name(number, part.place("answer"))))
    return found

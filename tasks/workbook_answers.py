"""The score sheet as answers: each row in the one form that the regulation takes, each fault at its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.errors import AnswerRefusal
from models.law.allowed import refuse_what_the_law_does_not_take
from models.law.answers import (
    Answer,
    ContentsGiven,
    CountGiven,
    MetGiven,
    NotArisenGiven,
    PointsGiven,
    RatioGiven,
    SimpleAnswer,
    Submission,
)
from models.law.regulation import Regulation
from models.words import Words
from tasks.workbook_cells import Unfit, choice_in, number_in, text_in, whole_in
from tasks.workbook_flaws import Flaw, cell_at, cell_name, formula_error
from tasks.workbook_layout import FIRST_ROW, Part
from tasks.workbook_opening import Opened
from tasks.workbook_rows import ScoreRow

_BEFORE_WORDS = {"figures": "Số liệu: ", "share": "Tỷ lệ: "}
_CROSS = ("x", "X", "✓", "v", "V")


@dataclass(frozen=True)
class ScorePlan:
    """The score sheet of a cycle: its rows and columns, worked out once for all files."""

    part: Part
    regulation: Regulation
    rows: Sequence[ScoreRow]
    by_id: Mapping[str, ScoreRow]
    below: Mapping[str, Sequence[ScoreRow]]
    columns: Mapping[str, int]


def score_plan(regulation: Regulation, part: Part, rows: Sequence[ScoreRow]) -> ScorePlan:
    below: dict[str, list[ScoreRow]] = {}
    for row in rows:
        if row.level == "content":
            below.setdefault(row.indicator, []).append(row)
    by_id = {row.id: row for row in rows if row.level != "criterion"}
    return ScorePlan(
        part, regulation, rows, by_id, below, {column.key: place for place, column in enumerate(part.columns)}
    )


def read_scores(
    opened: Opened, plan: ScorePlan, found: Mapping[str, list[dict[str, Any]]]
) -> tuple[Submission, dict[str, str], list[Flaw]]:
    """The submission, the words beside answers by place, and what is wrong."""
    sheet = _Scores(opened, plan)
    answers = sheet.answers()
    leaders = found.get("leaders", [])
    disciplined = None if not leaders or leaders[0].get("any") is None else False
    submission = Submission(answers, disciplined)  # whether a case counts follows from the findings themselves
    if not sheet.flaws:
        sheet.hold_against_the_law(answers)
    return submission, sheet.reasons, sheet.flaws


class _Scores:
    """One score sheet while it is read: rows found by their id, wherever they stand."""

    def __init__(self, opened: Opened, plan: ScorePlan) -> None:
        self.part, self.plan = plan.part, plan
        self.grid = opened.rows(plan.part.sheet)
        self.errors = opened.looked.errors(plan.part.sheet)
        self._looked = opened.looked
        self.flaws: list[Flaw] = []
        self.reasons: dict[str, str] = {}
        self.columns = plan.columns
        self.at = self._find_rows()

    def answers(self) -> dict[str, Answer]:
        """Every indicator's answer; what is missing becomes a flaw."""
        if self.flaws:
            return {}
        answers: dict[str, Answer] = {}
        for row in self.plan.rows:
            if row.level == "criterion":
                continue
            self._read_words(row)
            if row.level == "indicator":
                answer = self._indicator(row, self.plan.below.get(row.id, ()))
                if answer is not None:
                    answers[row.id] = answer
        return answers

    def hold_against_the_law(self, answers: Mapping[str, Answer]) -> None:
        """The regulation's own check; where it refuses, one by one, so that every place is named."""
        try:
            refuse_what_the_law_does_not_take(self.plan.regulation, answers)
            return
        except AnswerRefusal as refusal:
            first = refusal
        for name, answer in answers.items():
            try:
                refuse_what_the_law_does_not_take(self.plan.regulation, {name: answer})
            except AnswerRefusal as refusal:
                self._refused(refusal)
        if not self.flaws:
            self._refused(first)

    def _refused(self, refusal: AnswerRefusal) -> None:
        subject = str(refusal.details.get("subject", ""))
        cell = cell_name(self.at[subject], self.columns["answer"]) if subject in self.at else ""
        self.flaws.append(Flaw(self.part.sheet, cell, refusal.what, refusal.why, refusal.do))

    def _find_rows(self) -> dict[str, int]:
        """Row number (from 0) of each id. Rows that are missing, doubled or strange are flaws."""
        at: dict[str, int] = {}
        ids = {row.id for row in self.plan.rows}
        for number in range(FIRST_ROW - 1, len(self.grid)):
            said = str(cell_at(self.grid, number, 0) or "").strip()
            if not said:
                continue
            if said not in ids or said in at:
                self.flaws.append(self._strange(number, said, said in at))
            at.setdefault(said, number)
        missing = [row.id for row in self.plan.rows if row.id not in at]
        if missing:
            self.flaws.append(self._missing_rows(missing))
        return at

    def _indicator(self, row: ScoreRow, contents: Sequence[ScoreRow]) -> Answer | None:
        if row.not_arisen and self._crossed(row):
            for one in (row, *contents):
                self._refuse_both(one)
            return NotArisenGiven()
        if not contents:
            return self._simple(row)
        given = {one.id: answer for one in contents if (answer := self._content(one)) is not None}
        return ContentsGiven(given) if given else None

    def _content(self, row: ScoreRow) -> SimpleAnswer | None:
        if row.not_arisen and self._crossed(row):
            self._refuse_both(row)
            return NotArisenGiven()
        return self._simple(row)

    def _simple(self, row: ScoreRow) -> SimpleAnswer | None:
        match row.form:
            case "points":
                points = self._number(row, "answer")
                return None if points is None else PointsGiven(points)
            case "judged":
                return self._judged(row)
            case "count":
                count = self._read(row, "part", whole_in)
                return None if count is None else CountGiven(count)
            case _:
                return self._ratio(row)

    def _judged(self, row: ScoreRow) -> SimpleAnswer | None:
        column = self.part.columns[self.columns["answer"]]
        said = self._read(row, "answer", lambda cell: choice_in(cell, column.choices or {}))
        return None if said is None else MetGiven(said == "yes")

    def _ratio(self, row: ScoreRow) -> SimpleAnswer | None:
        part, whole = self._number(row, "part"), self._number(row, "whole")
        if part is None or whole is None:
            return None
        if whole == 0 or part > whole:
            why = (
                Words("Mẫu số bằng 0: không có gì để tính tỷ lệ.", "The whole is 0: there is no ratio.")
                if whole == 0
                else Words(
                    f"Số thực hiện {part} lớn hơn tổng số {whole}.", f"The part {part} is above the whole {whole}."
                )
            )
            do = Words(
                "Không phát sinh thì đánh x ở cột “Không phát sinh” (nếu được); có thì nhập đúng hai số.",
                "If nothing arose, mark 'not arisen' where it is taken; otherwise correct the numbers.",
            )
            self._flaw(row, "whole" if whole == 0 else "part", why, do)
            return None
        return RatioGiven(part, whole)

    def _number(self, row: ScoreRow, key: str) -> Decimal | None:
        return self._read(row, key, number_in)

    def _read(self, row: ScoreRow, key: str, read: Any) -> Any:
        """What is needed in a cell; null after a flaw was noted."""
        cell, name = self._cell(row, key), self._name(row, key)
        if name in self.errors:
            self.flaws.append(formula_error(self.part.sheet, name))
            return None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            self._missing(row, key, name)
            return None
        try:
            return read(cell)
        except Unfit as unfit:
            self._flaw(row, key, unfit.why, unfit.do)
            return None

    def _crossed(self, row: ScoreRow) -> bool:
        """Whether "not arisen" is marked; anything but a cross there is a flaw."""
        cell = self._cell(row, "not_arisen")
        said = "" if cell is None else str(cell).strip()
        if said and said not in _CROSS:
            self._flaw(
                row,
                "not_arisen",
                Words(f"“{said[:30]}” không phải dấu x.", f"'{said[:30]}' is not a cross."),
                Words("Đánh x, hoặc để trống.", "Mark it with x, or leave it empty."),
            )
        return said in _CROSS

    def _refuse_both(self, row: ScoreRow) -> None:
        """Nothing arose, and yet something was counted: one of the two is wrong."""
        keys = {"points": ("answer",), "judged": ("answer",), "ratio": ("part", "whole"), "count": ("part",), "sum": ()}
        for key in keys[row.form]:
            cell = self._cell(row, key)
            if cell not in (None, "", 0, 0.0) and self._name(row, key) not in self._looked.formulas(self.part.sheet):
                self._flaw(
                    row,
                    key,
                    Words("Đã đánh “Không phát sinh” mà vẫn có kết quả.", "Marked 'not arisen', and yet answered."),
                    Words("Bỏ dấu x, hoặc xóa kết quả.", "Take the cross away, or the answer."),
                )

    def _read_words(self, row: ScoreRow) -> None:
        said = []
        for key in ("figures", "share", "reason"):
            if key not in self.columns or (key == "share" and self.part.columns[self.columns[key]].kind != "text"):
                continue
            if self._name(row, key) in self.errors:
                self.flaws.append(formula_error(self.part.sheet, self._name(row, key)))
                continue
            try:
                text = text_in(self._cell(row, key) or "", 1000 if key == "reason" else 300)
            except Unfit as unfit:
                self._flaw(row, key, unfit.why, unfit.do)
                continue
            if text:
                said.append(f"{_BEFORE_WORDS.get(key, '')}{text}")
        if said:
            self.reasons[row.id] = ". ".join(said)[:1000]

    def _missing(self, row: ScoreRow, key: str, name: str) -> None:
        computed = name in self._looked.formulas(self.part.sheet)
        why = (
            Words("Ô có công thức nhưng không có giá trị.", "The cell has a formula without a value.")
            if computed
            else Words("Chỉ tiêu, nội dung này chưa có câu trả lời.", "This indicator or content is not answered.")
        )
        crossed = Words(
            ", hoặc đánh x ở “Không phát sinh” nếu đúng như vậy" if row.not_arisen else "",
            ", or mark 'not arisen' if nothing arose" if row.not_arisen else "",
        )
        do = Words(f"Nhập giá trị vào ô {name}{crossed.vi}.", f"Enter a value in {name}{crossed.en}.")
        self._flaw(row, key, why, do)

    def _flaw(self, row: ScoreRow, key: str, why: Words, do: Words) -> None:
        name, head = self._name(row, key), self.part.columns[self.columns[key]].head
        what = Words(
            f"Mục {row.id}, “{head.vi}” (ô {name}) không nhận được.", f"{row.id}, '{head.en}' ({name}): not taken."
        )
        self.flaws.append(Flaw(self.part.sheet, name, what, why, do))

    def _cell(self, row: ScoreRow, key: str) -> Any:
        return cell_at(self.grid, self.at[row.id], self.columns[key])

    def _name(self, row: ScoreRow, key: str) -> str:
        return cell_name(self.at[row.id], self.columns[key])

    def _strange(self, number: int, said: str, doubled: bool) -> Flaw:
        name, shown = cell_name(number, 0), said[:20]
        what = (
            Words(f"Mục “{shown}” có hai dòng.", f"'{shown}' has two rows.")
            if doubled
            else Words(f"Văn bản không có mục “{shown}”.", f"The regulation has no '{shown}'.")
        )
        return Flaw(
            self.part.sheet,
            name,
            what,
            Words("Các dòng của bảng đã phát không được thêm hay sửa mã.", "Rows may not be added or renamed."),
            Words("Xóa dòng này, hoặc dùng lại tệp đã phát.", "Delete the row, or use the file that was given out."),
        )

    def _missing_rows(self, missing: Sequence[str]) -> Flaw:
        listed = ", ".join(missing[:10])
        return Flaw(
            self.part.sheet,
            "",
            Words(f"Thiếu dòng của mục {listed}.", f"The rows of {listed} are missing."),
            Words("Các dòng của bảng đã phát không được xóa.", "Rows may not be deleted."),
            Words("Khôi phục các dòng này, hoặc dùng lại tệp đã phát.", "Restore them, or use the file given out."),
        )

"""The score sheet: fixed rows from the regulation, yellow cells for answers, locked sums and checks."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.law.measures import CountAtLeast, RatioAtLeast
from models.law.regulation import Content, Indicator, MinimumShare, MinimumTotal, whole
from models.words import Language, Words
from tasks.workbook_content import Book
from tasks.workbook_layout import FIRST_ROW, Part
from tasks.workbook_rows import ScoreRow, mark_words
from tasks.workbook_score_parts import MET, NOT_MET
from tasks.workbook_styles import BOLD, CENTER, GROUP, LEFT, PLAIN, SMALL, boxed, lines_in, put

UNDETERMINED = Words("Chưa xác định", "Undetermined")
NOT_FILLED = Words("Chưa điền", "Not filled in")
ABOVE = Words("Vượt tối đa", "Above maximum")
UNDER = Words("Dưới mức tối thiểu", "Under the minimum")
ENOUGH = Words("Đạt mức tối thiểu", "Reaches the minimum")
TOTAL = Words("TỔNG ĐIỂM", "TOTAL")


def write_scores(sheet: Worksheet, part: Part, book: Book, language: Language) -> None:
    """All rows, then (under points) the total."""
    at = {row.id: number for number, row in enumerate(book.rows, start=FIRST_ROW)}
    writer = _Writer(sheet, part, book, language, at)
    if book.before or book.remedies:
        sheet.column_dimensions[part.letter("before")].width = 22
    for row in book.rows:
        writer.row(row)
    if book.regulation.scoring == "points":
        writer.total(FIRST_ROW + len(book.rows))


class _Writer:
    """Where each column and row of one sheet stands, while it is being written."""

    def __init__(self, sheet: Worksheet, part: Part, book: Book, language: Language, at: dict[str, int]) -> None:
        self.sheet, self.part, self.book, self.at = sheet, part, book, at
        self.language: Language = language
        self.points = book.regulation.scoring == "points"
        self.subjects = {one.id: one for one in _subjects(book)}
        self.columns = {column.key: part.letter(column.key) for column in part.columns}

    def row(self, row: ScoreRow) -> None:
        number, font = self.at[row.id], PLAIN if row.level == "content" else BOLD
        fill = GROUP if row.level == "criterion" else None
        self._fixed("id", number, row.id, font, fill=fill)
        self._fixed("title", number, _title(row), font if row.level != "indicator" else PLAIN, fill=fill, left=True)
        limit = "maximum" if self.points else "required"
        amount = float(row.maximum) if self.points and row.maximum is not None else row.required.to(self.language)
        self._fixed(limit, number, amount if row.form != "sum" or self.points else "", fill=fill, left=not self.points)
        self._fixed("mark", number, mark_words(row.mark).to(self.language), SMALL, fill=fill)
        self._fixed("before", number, self._left_over(row), SMALL, fill=fill, left=True)
        for key in ("figures", "part", "whole", "share", "not_arisen", "answer", "reason", "check"):
            if key in self.columns:
                boxed(self._cell(key, number), fill=fill)
                self._cell(key, number).font = PLAIN
                self._cell(key, number).alignment = LEFT if key in ("reason", "figures") else CENTER
        self._height(row, number)
        self._answer(row, number)
        self._check(row, number)
        self._prefill(row, number)

    def _left_over(self, row: ScoreRow) -> str:
        """Last year's answer, and what was to be mended and nobody has closed."""
        before = self.book.before.answers.get(row.id, "") if self.book.before else ""
        remedies = [f"Chưa khắc phục: {one.text}" for one in self.book.remedies if one.subject == row.id]
        return "\n".join(part for part in (before, *remedies) if part)

    def _height(self, row: ScoreRow, number: int) -> None:
        """LibreOffice gives a row the height that the file says: as tall as the longest of its fixed texts."""
        said = {
            "title": (_title(row), 11),
            "before": (self._left_over(row), 9),
            "mark": (mark_words(row.mark).to(self.language), 9),
        }
        if not self.points and row.form != "sum":
            said["required"] = (row.required.to(self.language), 11)
        widths = {column.key: column.width * 0.93 for column in self.part.columns}
        tall = max(
            lines_in(text, widths[key], size) * (14.5 if size > 10 else 12) for key, (text, size) in said.items()
        )
        self.sheet.row_dimensions[number].height = tall + 4

    def total(self, number: int) -> None:
        criteria = [self._place("answer", row.id) for row in self.book.rows if row.level == "criterion"]
        regulation = self.book.regulation
        for column in self.part.columns:
            boxed(self._cell(column.key, number), fill=GROUP)
        self._fixed("title", number, TOTAL.to(self.language), BOLD, fill=GROUP, left=True)
        maximum = regulation.total.points if regulation.total else None
        self._fixed("maximum", number, None if maximum is None else float(maximum), BOLD, fill=GROUP)
        self._formula("answer", number, f'=IF(COUNT({",".join(criteria)})=0,"",SUM({",".join(criteria)}))')
        self._cell("answer", number).font = BOLD
        rule = next((rule for rule in regulation.pass_rules if isinstance(rule, MinimumTotal)), None)
        if rule:
            self._compare(number, _number(rule.points))
            self._fixed("reason", number, f"{rule.title} (≥ {whole(rule.points)})", SMALL, fill=GROUP, left=True)

    def _answer(self, row: ScoreRow, number: int) -> None:
        open_ = self._is_open(row)
        if row.form == "sum":
            self._sum(row, number)
        elif row.form == "points":
            self._open("answer", number, open_)
            self._limit_points(row, number)
        elif row.form == "judged":
            self._open("answer", number, open_)
            self._list("answer", number, [MET.to(self.language), NOT_MET.to(self.language)])
        else:
            self._level(row, number, open_)
        if row.not_arisen:
            self._open("not_arisen", number, open_)
            self._list("not_arisen", number, ["x"])
        if row.level != "criterion":
            for key in ("reason", "figures", *(("share",) if self.points else ())):
                if key in self.columns:
                    self._open(key, number, open_)

    def _level(self, row: ScoreRow, number: int, open_: bool) -> None:
        """A ratio or a count: numbers are given, the result is computed for whoever fills it in."""
        measure = self.subjects[row.id].measure
        part, of, crossed = (self._place(key, row.id) for key in ("part", "whole", "not_arisen"))
        self._open("part", number, open_)
        met, not_met, unknown = (words.to(self.language) for words in (MET, NOT_MET, UNDETERMINED))
        if isinstance(measure, RatioAtLeast):
            self._open("whole", number, open_)
            self._formula("share", number, f'=IF(N({of})=0,"",ROUND({part}/{of}*100,4))')
            level = "" if measure.at_least is None else _number(measure.at_least)
            judged = f'IF({part}*100>={level}*{of},"{met}","{not_met}")' if level else f'"{unknown}"'
            blank = f'OR({part}="",N({of})=0)'
        else:
            assert isinstance(measure, CountAtLeast)
            judged = f'IF({part}>={measure.at_least},"{met}","{not_met}")'
            judged = judged if measure.at_least is not None else f'"{unknown}"'
            blank = f'{part}=""'
        self._formula("answer", number, f'=IF({crossed}="x","{met}",IF({blank},"",{judged}))')
        self._numbers("part", number)
        self._numbers("whole", number)

    def _sum(self, row: ScoreRow, number: int) -> None:
        below = [one for one in self.book.rows if _is_below(row, one)]
        places = [self._place("answer", one.id) for one in below]
        if self.points:
            added = f'IF(COUNT({",".join(places)})=0,"",SUM({",".join(places)}))'
            crossed = f'IF({self._place("not_arisen", row.id)}="x",{self._place("maximum", row.id)},{added})'
            self._formula("answer", number, f"={crossed if row.not_arisen else added}")
        else:
            met, not_met = MET.to(self.language), NOT_MET.to(self.language)
            any_not = "+".join(f'({place}="{not_met}")' for place in places)
            all_met = "*".join(f'({place}="{met}")' for place in places)
            judged = f'IF({any_not}>0,"{not_met}",IF({all_met}=1,"{met}",""))'
            crossed = f'IF({self._place("not_arisen", row.id)}="x","{met}",{judged})'
            self._formula("answer", number, f"={crossed if row.not_arisen else judged}")
        self._cell("answer", number).font = BOLD

    def _check(self, row: ScoreRow, number: int) -> None:
        """A word beside a row that wants something: nothing filled in, too many points, under the minimum share."""
        answer, missing = self._place("answer", row.id), NOT_FILLED.to(self.language)
        if row.level == "criterion":
            rule = next((rule for rule in self.book.regulation.pass_rules if isinstance(rule, MinimumShare)), None)
            if rule and self.points:
                self._compare(number, f"{self._place('maximum', row.id)}*{_number(rule.percent)}/100")
            return
        parent = self.at.get(row.indicator, number)
        blank = f'AND({answer}="",{self.columns["not_arisen"]}{number}="",{self.columns["not_arisen"]}{parent}="")'
        above = ""
        if self.points and row.maximum is not None:
            above = f'IF(N({answer})>{self._place("maximum", row.id)},"{ABOVE.to(self.language)}","")'
        self._formula("check", number, f'=IF({blank},"{missing}",{above or chr(34) * 2})')
        self._cell("check", number).font = SMALL

    def _compare(self, number: int, least: str) -> None:
        answer = f"{self.columns['answer']}{number}"
        enough, under = ENOUGH.to(self.language), UNDER.to(self.language)
        self._formula("check", number, f'=IF({answer}="","",IF({answer}>={least},"{enough}","{under}"))')
        self._cell("check", number).font = SMALL

    def _prefill(self, row: ScoreRow, number: int) -> None:
        """A supplement begins from what was handed in."""
        given = self.book.answers.get(row.id)
        if not given:
            return
        if given["not_arisen"]:
            self._cell("not_arisen", number).value = "x"
        if given["points"] is not None and row.form == "points":
            self._cell("answer", number).value = float(str(given["points"]))
        if given["met"] is not None and row.form == "judged":
            self._cell("answer", number).value = (MET if given["met"] else NOT_MET).to(self.language)
        for key, name in (("part", "part"), ("whole", "whole"), ("part", "count")):
            if given.get(name) is not None and key in self.columns and row.form in ("ratio", "count"):
                self._cell(key, number).value = float(str(given[name]))
        if given.get("reason"):
            put(self.sheet, f"{self.columns['reason']}{number}", given["reason"])

    def _is_open(self, row: ScoreRow) -> bool:
        asked = self.book.asked
        return asked is None or asked.opens(row.indicator, row.content)

    def _limit_points(self, row: ScoreRow, number: int) -> None:
        self._cell("answer", number).number_format = "0.00##"
        if row.steps:
            self._list("answer", number, [_number(step) for step in row.steps])
            return
        most = "9999" if row.maximum is None else _number(row.maximum)
        check = DataValidation("decimal", operator="between", formula1="0", formula2=most, allow_blank=True)
        said = Words(f"Nhập điểm từ 0 đến {most}.", f"Enter points from 0 to {most}.")
        self._stop(check, said, "answer", number)

    def _numbers(self, key: str, number: int) -> None:
        check = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        self._stop(check, Words("Nhập số không âm.", "Enter a number, not negative."), key, number)

    def _list(self, key: str, number: int, choices: Sequence[str]) -> None:
        check = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        self._stop(check, Words("Chọn trong danh sách.", "Choose from the list."), key, number)

    def _stop(self, check: DataValidation, said: Words, key: str, number: int) -> None:
        check.showErrorMessage, check.errorStyle = True, "stop"
        check.errorTitle, check.error = "TCPL", said.to(self.language)
        check.add(f"{self.columns[key]}{number}")
        self.sheet.add_data_validation(check)

    def _open(self, key: str, number: int, open_: bool) -> None:
        if open_:
            boxed(self._cell(key, number), open_=True)

    def _fixed(self, key: str, number: int, value: object, font=PLAIN, *, fill=None, left: bool = False) -> None:
        boxed(put(self.sheet, f"{self.columns[key]}{number}", value, font, LEFT if left else CENTER), fill=fill)

    def _formula(self, key: str, number: int, formula: str) -> None:
        cell = self._cell(key, number)
        cell.value, cell.alignment = formula, CENTER
        cell.number_format = "0.00##"

    def _cell(self, key: str, number: int):
        return self.sheet[f"{self.columns[key]}{number}"]

    def _place(self, key: str, row_id: str) -> str:
        return f"{self.columns[key]}{self.at[row_id]}"


def _title(row: ScoreRow) -> str:
    return f"{row.title}\n(Cách chấm: {row.how})" if row.how else row.title


def _subjects(book: Book) -> list[Indicator | Content]:
    indicators = book.regulation.indicators()
    return [*indicators, *(content for indicator in indicators for content in indicator.contents)]


def _is_below(row: ScoreRow, other: ScoreRow) -> bool:
    if row.level == "criterion":
        return other.level == "indicator" and other.id.startswith(f"{row.id}.")
    return other.level == "content" and other.indicator == row.id


def _number(value: Decimal) -> str:
    """A number for a formula: always with a point, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

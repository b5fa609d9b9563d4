"""Reads one self-assessment workbook strictly: all that is wrong with it is listed, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.law.leaders import LeaderFinding, Measure, Role
from models.law.posting import Channel, Posted
from models.law.regulation import Regulation
from models.records.canonical import canonical
from models.records.filing import Filing
from models.records.handed_in import Line, Paper
from models.words import Language
from tasks.workbook_answers import ScorePlan, read_scores, score_plan
from tasks.workbook_flaws import Flaw, Flawed, Grid, cell_name, merged, missing_sheet, moved, other_commune, text_at
from tasks.workbook_layout import GUIDE_SHEET, HEAD_ROW, IDENTITY_SHEET, UNIT_CELL, Part
from tasks.workbook_lists import Lists, Plan, Row, beside_flaws, plan_of
from tasks.workbook_opening import Identity, Opened
from tasks.workbook_parts import parts_of
from tasks.workbook_rows import ScoreRow


@dataclass(frozen=True)
class Expected:
    """What a workbook of a cycle has to be: its regulation, its sheets, the names of its communes."""

    cycle_id: int
    regulation: Regulation
    criteria: str
    names: Mapping[str, str]
    parts: Sequence[Part]
    heads: Mapping[str, tuple[list[str], ...]]
    plans: Sequence[Plan]
    scores: ScorePlan

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)


def read(opened: Opened, expected: Expected, identity: Identity, *, sha256: str, name: str, size: int) -> Paper:
    """The paper that the workbook is. Raises Flawed with everything that is wrong."""
    flaws = _layout_flaws(opened, expected, identity)
    if flaws:
        raise Flawed(flaws)
    lists = Lists(opened)
    found = {plan.part.key: lists.part(plan) for plan in expected.plans}
    submission, reasons, score_flaws = read_scores(opened, expected.scores, found)
    flaws = [*lists.flaws, *score_flaws, *beside_flaws(expected.parts, expected.scores.by_id.keys(), found)]
    if flaws:
        raise Flawed(_once(flaws))
    return _paper(identity, submission, reasons, found, sha256=sha256, name=name, size=size)


def _once(flaws: Sequence[Flaw]) -> list[Flaw]:
    """The first thing that is wrong with a cell: what cannot be read is not said to be missing as well."""
    first: dict[tuple[str, str], Flaw] = {}
    for number, flaw in enumerate(flaws):
        first.setdefault((flaw.sheet, flaw.cell or str(number)), flaw)
    return list(first.values())


def _paper(
    identity: Identity, submission: Any, reasons: Mapping[str, str], found: Mapping[str, list[Row]], **file: Any
) -> Paper:
    outcome = found["outcome"][0] if found["outcome"] else {}
    lines = [
        Line(part, number, str(row.get("place", "")), canonical(_plain(row)))
        for part, rows in found.items()
        for number, row in enumerate(rows, start=1)
    ]
    filing = Filing(
        identity.commune,
        submission,
        outcome.get("outcome") == "not_met",
        outcome.get("document") or "",
        reasons,
        file["sha256"],  # each file is an act of its own: one that says again what an earlier one said supersedes too
    )
    return Paper(
        filing,
        explanation=outcome.get("explanation") or "",
        postings=tuple(posted_in(row) for row in found.get("posting", [])),
        findings=tuple(_finding(row) for row in found.get("leaders", []) if row.get("person")),
        lines=tuple(line for line in lines if line.part not in ("posting", "leaders")),
        **file,
    )


def posted_in(row: Row) -> Posted:
    """A row of the posting sheet."""
    return Posted(
        Channel(row["channel"]),
        row["began"],
        row.get("ended"),
        row.get("times"),
        row.get("place_of") or "",
        row.get("proof") or "",
    )


def _finding(row: Row) -> LeaderFinding:
    return LeaderFinding(
        row["person"],
        Role(row["role"]),
        row["act"],
        row["on"],
        row["document"],
        Measure(row["measure"]),
        row.get("duty") == "yes",
    )


def _plain(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.items() if value is not None and not key.startswith("_")}


def _layout_flaws(opened: Opened, expected: Expected, identity: Identity) -> list[Flaw]:
    """Sheets that are missing or renamed, headings that moved, merged answers, another commune's name."""
    names = (GUIDE_SHEET, *(part.sheet for part in expected.parts))
    flaws = [missing_sheet(name, opened.names, {*names, IDENTITY_SHEET}) for name in names if name not in opened.names]
    if flaws:
        return flaws
    shown = text_at(opened.rows(GUIDE_SHEET), *UNIT_CELL)
    named = f"{expected.names.get(identity.commune, '')} ({identity.commune})"
    if shown != named:
        flaws.append(other_commune(shown, named))
    for part in expected.parts:
        grid = opened.rows(part.sheet)
        if len(grid) < HEAD_ROW or grid[HEAD_ROW - 1][: len(part.columns)] not in expected.heads[part.key]:
            flaws += _moved_heads(part, grid)
        flaws += [
            merged(part, cell_name(*start))
            for start, end in opened.merged(part.sheet)
            if end[0] >= HEAD_ROW and start[1] < len(part.columns)
        ]
    return flaws


def _moved_heads(part: Part, grid: Grid) -> Iterator[Flaw]:
    for place, column in enumerate(part.columns):
        said = text_at(grid, HEAD_ROW - 1, place).removesuffix(" *")
        if said not in column.head:
            yield moved(part, cell_name(HEAD_ROW - 1, place), column.head, said)


def _heads(part: Part) -> tuple[list[str], ...]:
    """The row of headings as it was written, in either language."""
    languages: tuple[Language, ...] = ("vi", "en")
    return tuple(
        [column.head.to(language) + (" *" if column.required else "") for column in part.columns]
        for language in languages
    )


def expectation(
    cycle_id: int, regulation: Regulation, criteria: str, rows: Sequence[ScoreRow], names: Mapping[str, str]
) -> Expected:
    """What workbooks of a cycle have to be."""
    parts = parts_of(regulation)
    scores = next(part for part in parts if part.key == "scores")
    heads = {part.key: _heads(part) for part in parts}
    plans = [plan_of(part) for part in parts if part is not scores]
    return Expected(cycle_id, regulation, criteria, names, parts, heads, plans, score_plan(regulation, scores, rows))

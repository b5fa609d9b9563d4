"""Which regulation, or which pause, governs an evaluation year; never "the latest"."""

from collections.abc import Sequence
from itertools import pairwise

from pydantic import ConfigDict

from models.law.flaws import Flaw
from models.law.marks import Frozen, Mark
from models.law.regulation import Pause, Regulation
from models.words import Words


class NotEvaluated(Frozen):
    """No regulation governs the year: why, who says so, and how sure that is."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    year: int
    reason: Words
    sources: tuple[str, ...]
    mark: Mark
    note: str | None = None


def regulation_for_year(
    regulations: Sequence[Regulation], pauses: Sequence[Pause], year: int
) -> Regulation | NotEvaluated:
    """The one regulation that governs the evaluation year, or why there is none.

    The regulations are those of `tasks.law_files.load_regulations`, which has made sure that no two overlap.
    """
    for regulation in regulations:
        if regulation.governs(year):
            return regulation
    for pause in pauses:
        if pause.year == year:
            reason = Words(pause.reason, pause.reason_en or pause.reason)
            return NotEvaluated(year=year, reason=reason, sources=pause.sources, mark=pause.mark, note=pause.note)
    return NotEvaluated(year=year, reason=_ungoverned(year), sources=(), mark=Mark.NOT_YET_READ)


def _ungoverned(year: int) -> Words:
    return Words(
        f"Chưa có văn bản nào trong thư mục regulations/ điều chỉnh năm đánh giá {year}.",
        f"No text in regulations/ governs the evaluation year {year}.",
    )


def year_flaws(regulations: Sequence[Regulation], pauses: Sequence[Pause]) -> list[tuple[str | None, Flaw]]:
    """Years governed twice, or by nobody between the first regulation and the last; each with the id it concerns."""
    ordered = sorted(regulations, key=lambda regulation: regulation.evaluation_years.first)
    found: list[tuple[str | None, Flaw]] = []
    paused = {pause.year for pause in pauses}
    for earlier, later in pairwise(ordered):
        found += [(later.id, flaw) for flaw in _between(earlier, later, paused)]
    for i, pause in enumerate(pauses):
        found += [(None, _paused_yet_governed(i, pause, each)) for each in ordered if each.governs(pause.year)]
    return found


def _between(earlier: Regulation, later: Regulation, paused: set[int]) -> list[Flaw]:
    last, first = earlier.evaluation_years.to, later.evaluation_years.first
    path = ("evaluation_years", "first")
    if last is None or last >= first:
        return [
            Flaw(
                path,
                Words(
                    f"Năm đánh giá {first} thuộc cả {earlier.id} và {later.id}.",
                    f"The evaluation year {first} belongs to both {earlier.id} and {later.id}.",
                ),
                Words("Mỗi năm chỉ do một văn bản điều chỉnh.", "One regulation governs a year."),
                Words(
                    f"Ghi năm cuối (`to`) của {earlier.id}, hoặc sửa `first` của {later.id}.",
                    f"Write the last year (`to`) of {earlier.id}, or mend `first` of {later.id}.",
                ),
                str(first),
            )
        ]
    missing = [year for year in range(last + 1, first) if year not in paused]
    if not missing:
        return []
    listed = ", ".join(map(str, missing))
    return [
        Flaw(
            path,
            Words(f"Không văn bản nào điều chỉnh năm {listed}.", f"No regulation governs {listed}."),
            Words(
                f"{earlier.id} hết ở năm {last}, {later.id} bắt đầu từ năm {first}.",
                f"{earlier.id} ends with {last}, {later.id} begins with {first}.",
            ),
            Words(
                "Sửa khoảng năm, hoặc ghi năm không đánh giá vào pauses.yaml kèm nguồn.",
                "Mend the years, or write the pause into pauses.yaml with its source.",
            ),
            str(first),
        )
    ]


def _paused_yet_governed(i: int, pause: Pause, regulation: Regulation) -> Flaw:
    return Flaw(
        ("pauses", i, "year"),
        Words(
            f"Năm {pause.year} được ghi là tạm dừng nhưng {regulation.id} vẫn điều chỉnh năm này.",
            f"The year {pause.year} is paused, yet {regulation.id} governs it.",
        ),
        Words("Một năm hoặc được đánh giá, hoặc tạm dừng.", "A year is either evaluated or paused."),
        Words("Sửa pauses.yaml hoặc `evaluation_years`.", "Mend pauses.yaml or `evaluation_years`."),
        str(pause.year),
    )

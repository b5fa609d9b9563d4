"""Ids across one regulation: each once, and each inside the one that it belongs to."""

from collections import Counter
from collections.abc import Iterator

from models.law.addresses import Path
from models.law.flaws import Flaw
from models.law.regulation import Regulation
from models.words import Words


def check_ids(regulation: Regulation) -> Iterator[Flaw]:
    """Doubled ids, and codes that do not belong where they stand."""
    yield from _doubled(regulation)
    yield from _nesting(regulation)


def _doubled(regulation: Regulation) -> Iterator[Flaw]:
    yield from _unique("texts", [((("texts", i, "number")), text.number) for i, text in enumerate(regulation.texts)])
    yield from _unique("criteria", _codes(regulation))
    yield from _unique("pass_rules", [(("pass_rules", i, "id"), r.id) for i, r in enumerate(regulation.pass_rules)])
    yield from _unique("stages", [(("stages", i, "stage"), s.stage.value) for i, s in enumerate(regulation.stages)])
    steps = [
        (("stages", i, "steps", j, "id"), step.id)
        for i, spec in enumerate(regulation.stages)
        for j, step in enumerate(spec.steps)
    ]
    yield from _unique("steps", steps)


def _codes(regulation: Regulation) -> list[tuple[Path, str]]:
    codes: list[tuple[Path, str]] = []
    for i, criterion in enumerate(regulation.criteria):
        codes.append((("criteria", i, "id"), criterion.id))
        for j, indicator in enumerate(criterion.indicators):
            at: Path = ("criteria", i, "indicators", j)
            codes.append(((*at, "id"), indicator.id))
            codes.extend(((*at, "contents", k, "id"), content.id) for k, content in enumerate(indicator.contents))
    return codes


def _unique(among: str, named: list[tuple[Path, str]]) -> Iterator[Flaw]:
    counts = Counter(name for _, name in named)
    seen: set[str] = set()
    for path, name in named:
        if counts[name] > 1 and name in seen:
            yield Flaw(
                path,
                Words(f"Mã “{name}” bị trùng trong `{among}`.", f"The id '{name}' occurs twice in `{among}`."),
                Words(
                    "Kết quả, thông báo và xác nhận đều trỏ đến mã này.",
                    "Results, notices and confirmations point to it.",
                ),
                Words("Đặt cho mỗi mục một mã riêng.", "Give each item an id of its own."),
                name,
            )
        seen.add(name)


def _nesting(regulation: Regulation) -> Iterator[Flaw]:
    for i, criterion in enumerate(regulation.criteria):
        if "." in criterion.id:
            yield _misplaced(("criteria", i, "id"), criterion.id, "1")
        for j, indicator in enumerate(criterion.indicators):
            at: Path = ("criteria", i, "indicators", j)
            if indicator.id.rpartition(".")[0] != criterion.id:
                yield _misplaced((*at, "id"), indicator.id, f"{criterion.id}.{j + 1}")
            for k, content in enumerate(indicator.contents):
                if content.id.rpartition(".")[0] != indicator.id:
                    yield _misplaced((*at, "contents", k, "id"), content.id, f"{indicator.id}.{k + 1}")


def _misplaced(path: Path, name: str, example: str) -> Flaw:
    return Flaw(
        path,
        Words(f"Mã “{name}” không thuộc mục chứa nó.", f"The id '{name}' does not belong where it stands."),
        Words(
            "Mã của chỉ tiêu bắt đầu bằng mã tiêu chí, mã của nội dung bắt đầu bằng mã chỉ tiêu.",
            "An indicator's id begins with its criterion's, a content's with its indicator's.",
        ),
        Words(f"Dùng mã dạng “{example}”.", f"Use an id such as '{example}'."),
        name,
    )

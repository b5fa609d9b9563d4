"""How indicators are answered: contents or a measure, of a kind that the regulation's scoring knows."""

from collections.abc import Iterator

from models.law.addresses import Path
from models.law.flaws import Flaw
from models.law.measures import Maximum, NotArisen
from models.law.regulation import Content, Indicator, Regulation
from models.words import Words

POINT_KINDS = frozenset({"points", "all_or_nothing", "bands", "unread"})
LEVEL_KINDS = frozenset({"judged", "ratio", "count", "unread"})


def check_answers(regulation: Regulation) -> Iterator[Flaw]:
    """Faults of measures, of not-arisen rules, and of maxima that are missing or out of place."""
    for i, criterion in enumerate(regulation.criteria):
        for j, indicator in enumerate(criterion.indicators):
            at: Path = ("criteria", i, "indicators", j)
            yield from _measured_once(at, indicator)
            for path, item in _items(at, indicator):
                yield from _measure(path, item, regulation)
                if item.not_arisen:
                    yield from _not_arisen(path, item.id, item.not_arisen, regulation)
    for path, name, maximum in _maxima(regulation):
        if (maximum is None) == (regulation.scoring == "points"):
            yield _wrong_maximum(path, name, maximum)


def _items(at: Path, indicator: Indicator) -> Iterator[tuple[Path, Indicator | Content]]:
    yield at, indicator
    for k, content in enumerate(indicator.contents):
        yield (*at, "contents", k), content


def _measured_once(at: Path, indicator: Indicator) -> Iterator[Flaw]:
    if bool(indicator.contents) == (indicator.measure is not None):
        yield Flaw(
            (*at, "measure") if indicator.contents else at,
            Words(
                f"Chỉ tiêu {indicator.id} phải có nội dung hoặc có cách đo, không được có cả hai hay thiếu cả hai.",
                f"Indicator {indicator.id} has either contents or a measure, not both and not neither.",
            ),
            Words("Chỉ tiêu đã có nội dung thì được đo qua nội dung.", "Contents measure their indicator."),
            Words("Bỏ `measure`, hoặc thêm `measure` nếu thiếu.", "Remove `measure`, or add it if it is missing."),
            indicator.id,
        )


def _measure(path: Path, item: Indicator | Content, regulation: Regulation) -> Iterator[Flaw]:
    kinds = POINT_KINDS if regulation.scoring == "points" else LEVEL_KINDS
    if item.measure is not None and item.measure.kind not in kinds:
        kind, allowed = item.measure.kind, ", ".join(sorted(kinds))
        yield Flaw(
            (*path, "measure", "kind"),
            Words(
                f"Cách đo `{kind}` của {item.id} không dùng được khi `scoring: {regulation.scoring}`.",
                f"The measure `{kind}` of {item.id} has no use under `scoring: {regulation.scoring}`.",
            ),
            Words(f"Ở đây chỉ dùng được: {allowed}.", f"Only these have: {allowed}."),
            Words("Chọn một trong các cách đo đó, hoặc sửa `scoring`.", "Choose one of them, or mend `scoring`."),
            kind,
        )


def _not_arisen(path: Path, name: str, rule: NotArisen, regulation: Regulation) -> Iterator[Flaw]:
    gives = "full_points" if regulation.scoring == "points" else "met"
    if rule.gives != gives:
        yield Flaw(
            (*path, "not_arisen", "gives"),
            Words(
                f"“Không phát sinh” ở {name} cho `{rule.gives}`, trong khi văn bản này chỉ có `{gives}`.",
                f"Not arisen at {name} gives `{rule.gives}`; this regulation knows only `{gives}`.",
            ),
            Words("Chấm điểm thì cho đủ điểm, xét mức thì coi là đạt.", "Points give full points, levels give met."),
            Words(f"Ghi `gives: {gives}`.", f"Write `gives: {gives}`."),
            rule.gives,
        )


def _maxima(regulation: Regulation) -> Iterator[tuple[Path, Words, Maximum | None]]:
    yield ("total",), Words("toàn văn bản", "the whole"), regulation.total
    for i, criterion in enumerate(regulation.criteria):
        name = Words(f"tiêu chí {criterion.id}", f"criterion {criterion.id}")
        yield ("criteria", i, "maximum"), name, criterion.maximum
        for j, indicator in enumerate(criterion.indicators):
            name = Words(f"chỉ tiêu {indicator.id}", f"indicator {indicator.id}")
            yield ("criteria", i, "indicators", j, "maximum"), name, indicator.maximum


def _wrong_maximum(path: Path, name: Words, maximum: Maximum | None) -> Flaw:
    if maximum is None:
        return Flaw(
            path,
            Words(f"Thiếu điểm tối đa của {name.vi}.", f"The maximum of {name.en} is missing."),
            Words("Văn bản chấm điểm phải có điểm tối đa ở mọi cấp.", "A regulation of points has maxima throughout."),
            Words(
                "Ghi điểm tối đa; nếu chưa đọc được thì ghi `points: null` với dấu `not_yet_read`.",
                "Write the maximum; where nobody has read it, `points: null` with the mark `not_yet_read`.",
            ),
        )
    return Flaw(
        path,
        Words(f"Không được có điểm tối đa ở {name.vi}.", f"There is no maximum for {name.en}."),
        Words("`scoring: levels`: mỗi chỉ tiêu chỉ đạt hoặc không đạt.", "`scoring: levels`: only met or not met."),
        Words("Bỏ điểm tối đa, hoặc sửa `scoring`.", "Remove the maximum, or mend `scoring`."),
    )

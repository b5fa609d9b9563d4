"""What must agree across one regulation: frame, marks, rules, steps; ids, answers and sums in files beside it.

Pure: it reads no file. Each fault names its path, so that `tasks.law_files` finds the line. What a single value must
be by itself stands in the models.
"""

from collections.abc import Iterator, Sequence

from models.law.addresses import Path, near, places
from models.law.check_answers import check_answers
from models.law.check_ids import check_ids
from models.law.check_sums import check_sums
from models.law.deadline_rules import Ahead, DeadlineRule, Lasting, Within
from models.law.events import EVENT_WORDS
from models.law.flaws import Flaw
from models.law.marks import LegalValue, Mark
from models.law.measures import CountAtLeast, Judged, Maximum, RatioAtLeast
from models.law.regulation import PassRule, Regulation, Stage, StageSpec, UnreadCondition
from models.words import Words


def flaws(regulation: Regulation) -> list[Flaw]:
    """Every fault of the regulation; empty when it holds together."""
    return [
        *_frame(regulation),
        *_marks(regulation),
        *check_ids(regulation),
        *check_answers(regulation),
        *check_sums(regulation),
        *(flaw for i, rule in enumerate(regulation.pass_rules) for flaw in _rule(i, rule, regulation)),
        *(flaw for i, spec in enumerate(regulation.stages) for flaw in _stage(i, spec, regulation)),
    ]


def unknown_name(path: Path, name: str, known: Sequence[str], kind: Words) -> Flaw:
    """A name that is not among the known ones, with the near ones."""
    close = ", ".join(near(name, list(known)) or known)
    listed = ", ".join(known) or "—"
    return Flaw(
        path,
        Words(f"“{name}” không phải là {kind.vi}.", f"'{name}' is not {kind.en}."),
        Words(f"Hiện chỉ có: {listed}.", f"There are only: {listed}."),
        Words(f"Dùng đúng một tên đã có (gần giống: {close}).", f"Use one that exists (near: {close})."),
        name,
    )


def check_event(path: Path, rule: DeadlineRule) -> Iterator[Flaw]:
    """A deadline may wait only for an event that an act records."""
    if isinstance(rule, Within | Ahead | Lasting) and rule.event not in EVENT_WORDS:
        kind = Words("sự kiện mà phần mềm ghi nhận", "an event that an act records")
        yield unknown_name((*path, "event"), rule.event, sorted(EVENT_WORDS), kind)


def _frame(regulation: Regulation) -> Iterator[Flaw]:
    years = regulation.evaluation_years
    if years.to is not None and years.to < years.first:
        yield Flaw(
            ("evaluation_years", "to"),
            Words(
                f"Năm đánh giá cuối ({years.to}) đứng trước năm đầu ({years.first}).",
                f"The last evaluation year ({years.to}) is before the first ({years.first}).",
            ),
            Words("Khoảng năm phải đi từ năm đầu đến năm cuối.", "The range runs from the first year to the last."),
            Words("Sửa `first` hoặc `to`.", "Mend `first` or `to`."),
            str(years.to),
        )
    if regulation.opens_cycles == (regulation.why_not is not None):
        yield Flaw(
            ("why_not",) if regulation.opens_cycles else ("opens_cycles",),
            Words(
                "`why_not` chỉ có, và phải có, khi văn bản không mở được kỳ đánh giá.",
                "`why_not` stands exactly where the regulation opens no cycles.",
            ),
            Words("Người dùng phải được biết vì sao không mở được kỳ.", "People must be told why no cycle opens."),
            Words("Thêm hoặc bỏ `why_not`.", "Add or remove `why_not`."),
        )
    for name in ("criteria", "pass_rules", "stages"):
        if regulation.opens_cycles and not getattr(regulation, name):
            yield Flaw(
                (name,),
                Words(f"Danh sách `{name}` trống.", f"The list `{name}` is empty."),
                Words("Văn bản mở kỳ đánh giá phải có đủ các phần.", "A regulation that opens cycles has all parts."),
                Words("Bổ sung, hoặc ghi `opens_cycles: false`.", "Add them, or say `opens_cycles: false`."),
            )
    yield from _tier(("authority", "decides"), regulation.authority.decides.level, regulation)
    if regulation.opens_cycles and (regulation.council is not None) != regulation.has_step("hold-council"):
        yield Flaw(
            ("council",) if regulation.council else ("stages",),
            Words(
                "`council` chỉ có, và phải có, khi một giai đoạn có bước `hold-council`.",
                "`council` stands exactly where a stage has the step `hold-council`.",
            ),
            Words(
                "Số thành viên và điều kiện họp hợp lệ là quy định của văn bản, không nằm trong phần mềm.",
                "How many members, and when a meeting is valid, is the text's to say and not the software's.",
            ),
            Words("Thêm hoặc bỏ `council`, hoặc bước `hold-council`.", "Add or remove `council`, or the step."),
        )


def _marks(regulation: Regulation) -> Iterator[Flaw]:
    for place in places(regulation):
        value, mark = place.value, place.value.mark
        if (mark is Mark.NOT_YET_READ) != _must_be_unread(value):
            yield Flaw(
                (*place.path, "mark"),
                Words(
                    f"Dấu `{mark.value}` không khớp với giá trị tại {place.address}.",
                    f"The mark `{mark.value}` does not fit the value at {place.address}.",
                ),
                Words(
                    "`not_yet_read` nghĩa là chưa ai đọc được: đã có giá trị thì không dùng, chưa có thì phải dùng.",
                    "`not_yet_read` means that nobody has read it: never with a value, always without one.",
                ),
                Words(
                    "Ghi dấu đúng của giá trị, hoặc dùng kind `unread` (điều kiện, cách đo) hay `not_yet_read` (hạn).",
                    "Give the value its own mark, or use the kind `unread` (rule, measure), `not_yet_read` (deadline).",
                ),
                mark.value,
            )
        if value.checked and mark is not Mark.CONFIRMED:
            yield Flaw(
                (*place.path, "checked"),
                Words(
                    f"Giá trị tại {place.address} đã có người đối chiếu nhưng mang dấu `{mark.value}`.",
                    f"The value at {place.address} was checked, yet its mark is `{mark.value}`.",
                ),
                Words("Đã đối chiếu với văn bản thì dấu là `confirmed`.", "What was read in the text is `confirmed`."),
                Words("Đổi dấu hoặc bỏ `checked`.", "Change the mark or remove `checked`."),
                mark.value,
            )


def _must_be_unread(value: LegalValue) -> bool:
    """A bare fact (a wording, a step's existence, a judgement without requirement) may or may not have been read."""
    match value:
        case Maximum():
            return value.points is None
        case RatioAtLeast() | CountAtLeast():
            return value.at_least is None
        case UnreadCondition():
            return True
        case Judged(requirement=None):
            return value.mark is Mark.NOT_YET_READ
        case _ if type(value) is LegalValue:
            return value.mark is Mark.NOT_YET_READ
        case _:
            return getattr(value, "kind", None) in ("unread", "not_yet_read")


def _rule(i: int, rule: PassRule, regulation: Regulation) -> Iterator[Flaw]:
    scoring, of_points = regulation.scoring, rule.kind in ("minimum_total", "minimum_share")
    if (of_points and scoring == "levels") or (rule.kind == "all_met" and scoring == "points"):
        yield Flaw(
            ("pass_rules", i, "kind"),
            Words(
                f"Điều kiện `{rule.kind}` không dùng được khi `scoring: {scoring}`.",
                f"The condition `{rule.kind}` has no use under `scoring: {scoring}`.",
            ),
            Words("Chấm điểm và xét mức đạt là hai cách khác nhau.", "Points and levels are two different ways."),
            Words("Sửa `kind` hoặc `scoring`.", "Mend `kind` or `scoring`."),
            rule.kind,
        )
    total = regulation.total.points if regulation.total else None
    if rule.kind == "minimum_total" and total is not None and rule.points > total:
        yield Flaw(
            ("pass_rules", i, "points"),
            Words(
                f"Tổng điểm tối thiểu {rule.points} lớn hơn tổng điểm tối đa {total}.",
                f"The minimum total {rule.points} is more than the whole total {total}.",
            ),
            Words("Không xã nào có thể đạt điều kiện này.", "No commune could ever meet it."),
            Words("Đối chiếu với văn bản rồi sửa một trong hai.", "Compare with the text and mend one of them."),
            str(rule.points),
        )


def _stage(i: int, spec: StageSpec, regulation: Regulation) -> Iterator[Flaw]:
    if spec.stage is Stage.DISTRICT_REVIEW:
        yield from _tier(("stages", i, "stage"), "district", regulation)
    names = [step.id for step in spec.steps]
    if spec.measured_by not in names:
        kind = Words("bước của giai đoạn này", "a step of its stage")
        yield unknown_name(("stages", i, "measured_by"), spec.measured_by, names, kind)
    for j, step in enumerate(spec.steps):
        at: Path = ("stages", i, "steps", j)
        yield from _tier((*at, "actor"), step.actor.level, regulation)
        if step.per != "dossier":
            yield from _tier((*at, "per"), step.per, regulation)
        yield from check_event((*at, "deadline"), step.deadline)


def _tier(path: Path, level: str, regulation: Regulation) -> Iterator[Flaw]:
    if level not in regulation.tiers:
        tiers = ", ".join(regulation.tiers)
        yield Flaw(
            path,
            Words(f"Văn bản này không có cấp `{level}`.", f"This regulation has no tier `{level}`."),
            Words(f"Các cấp ghi trong `tiers`: {tiers}.", f"The tiers named in `tiers`: {tiers}."),
            Words("Sửa tại đây, hoặc sửa `tiers`.", "Mend it here, or mend `tiers`."),
            level,
        )

"""What may not stand in a plan's work programme: days that cannot be, offices that are not, money that does not add up.

Faults of a programme by itself, and those that show beside the regulation (its tiers, its stages, its indicators).
"""

from collections.abc import Iterator
from datetime import date

from models.law.calendar import spoken
from models.law.checks import unknown_name
from models.law.flaws import Flaw
from models.law.plan import Plan
from models.law.programme import Estimate, FixedDay, Monthly, PlanTask, Quarterly, Yearly
from models.law.programme_days import MOST_YEARS, occasions, span_of
from models.law.regulation import Actor, Regulation
from models.words import Words

LEVELS = ("province", "district", "commune")


def programme_flaws(plan: Plan) -> Iterator[Flaw]:
    """Faults that a programme has by itself."""
    yield from _doubled(plan)
    for i, task in enumerate(plan.programme):
        yield from _cooperating(i, task, plan)
        yield from _rhythm(i, task, plan)
        yield from _fan_out(i, task)
        if task.estimate:
            yield from money_flaws(("programme", i, "estimate", "total"), task.id, task.estimate)


def programme_beside(plan: Plan, regulation: Regulation) -> Iterator[Flaw]:
    """Faults against the regulation with the plan's own deadlines in it."""
    indicators = [indicator.id for indicator in regulation.indicators()]
    for i, task in enumerate(plan.programme):
        yield from _tiers(i, task, regulation)
        yield from _stages(i, task, plan, regulation)
        if task.indicator and task.indicator not in indicators:
            kind = Words(f"chỉ tiêu của {regulation.id}", f"an indicator of {regulation.id}")
            yield unknown_name(("programme", i, "indicator"), task.indicator, indicators, kind)


def money_flaws(path: tuple[str | int, ...], task: str, estimate: Estimate) -> Iterator[Flaw]:
    """The sources of an estimate come to its total."""
    found = estimate.regular_budget + estimate.support + estimate.contribution
    if found != estimate.total:
        yield Flaw(
            path,
            Words(
                f"Dự toán của việc `{task}` ghi tổng {estimate.total} đồng, các nguồn cộng lại là {found} đồng.",
                f"The estimate of `{task}` says {estimate.total} đồng; its sources come to {found}.",
            ),
            Words(
                "Tổng dự toán phải bằng ngân sách thường xuyên cộng hỗ trợ cộng đóng góp.",
                "The total is regular budget, support and contributions together.",
            ),
            Words(f"Sửa tổng thành {found}, hoặc sửa các nguồn.", f"Write {found}, or mend the sources."),
            str(estimate.total),
        )


def _doubled(plan: Plan) -> Iterator[Flaw]:
    for name, items in (("programme", plan.programme), ("partners", plan.partners)):
        ids = [item.id for item in items]
        for i, known in enumerate(ids):
            if known in ids[:i]:
                yield Flaw(
                    (name, i, "id"),
                    Words(f"Mã `{known}` đã dùng ở mục trước.", f"The id `{known}` is used by an earlier item."),
                    Words("Mỗi mục được gọi bằng mã của nó.", "Each item is called by its id."),
                    Words("Đặt mã khác.", "Give it another one."),
                    known,
                )


def _cooperating(i: int, task: PlanTask, plan: Plan) -> Iterator[Flaw]:
    known = [partner.id for partner in plan.partners] + [actor.value for actor in Actor]
    for place, name in enumerate(task.cooperating):
        if name not in known:
            kind = Words(
                "cơ quan phối hợp: không phải cơ quan trong kỳ đánh giá, cũng không có ở `partners`",
                "a co-operating agency: no actor of the assessment, and not among `partners`",
            )
            yield unknown_name(("programme", i, "cooperating", place), name, known, kind)


def _rhythm(i: int, task: PlanTask, plan: Plan) -> Iterator[Flaw]:
    match task.due:
        case Monthly() | Quarterly() | Yearly() as due if due.until is None:
            yield Flaw(
                ("programme", i, "due"),
                Words(
                    f"Việc định kỳ `{task.id}` không có ngày kết thúc.", f"The recurring task `{task.id}` has no end."
                ),
                Words(
                    "Việc lặp lại không có `until` sẽ sinh hạn mãi mãi.",
                    "Without `until` it would go on falling due for ever.",
                ),
                Words("Thêm `until`, chậm nhất là ngày đóng kỳ.", "Add `until`, at the latest the cycle's closing."),
                due.kind,
            )
        case Monthly() | Quarterly() | Yearly() as due if due.until and due.until.year > task.begins.year + MOST_YEARS:
            yield _too_long(i, task, due.until)
        case Monthly() | Quarterly() | Yearly() as due:
            yield from _closing(i, task, due.until, ("due", "until"), plan)
        case FixedDay() as due:
            yield from _begins_after(i, task, due.date)
            yield from _closing(i, task, due.date, ("due", "date"), plan)
        case _:
            pass


def _fan_out(i: int, task: PlanTask) -> Iterator[Flaw]:
    if LEVELS.index(task.owed_per) < LEVELS.index(task.lead.level):
        yield Flaw(
            ("programme", i, "per"),
            Words(
                f"Việc `{task.id}` do `{task.lead.value}` chủ trì không giao được theo cấp `{task.owed_per}`.",
                f"`{task.id}`, led by `{task.lead.value}`, cannot be owed per `{task.owed_per}`.",
            ),
            Words(
                "Ở cấp cao hơn có nhiều cơ quan chủ trì, không biết cơ quan nào.",
                "A higher unit has many such lead agencies, and there is no telling which.",
            ),
            Words("Chọn cấp của cơ quan chủ trì hoặc cấp dưới.", "Choose the lead's own level or a lower one."),
            task.owed_per,
        )


def _tiers(i: int, task: PlanTask, regulation: Regulation) -> Iterator[Flaw]:
    named = [(("lead",), task.lead.value), *((("cooperating", k), name) for k, name in enumerate(task.cooperating))]
    known = [actor.value for actor in Actor if actor.level in regulation.tiers]
    kind = Words(f"cơ quan có theo {regulation.id}", f"an office under {regulation.id}")
    for path, name in named:
        if name in {actor.value for actor in Actor} and name not in known:
            yield unknown_name(("programme", i, *path), name, known, kind)
    if task.per and task.per not in regulation.tiers:
        kind = Words(f"cấp có theo {regulation.id}", f"a tier of {regulation.id}")
        yield unknown_name(("programme", i, "per"), task.per, list(regulation.tiers), kind)


def _stages(i: int, task: PlanTask, plan: Plan, regulation: Regulation) -> Iterator[Flaw]:
    known = [spec.stage for spec in regulation.stages]
    tied = getattr(task.due, "stage", None)
    for path, stage in ((("stage",), task.stage), (("due", "stage"), tied)):
        if stage and stage not in known:
            kind = Words(f"giai đoạn của {regulation.id}", f"a stage of {regulation.id}")
            yield unknown_name(("programme", i, *path), stage.value, [each.value for each in known], kind)
            return
    found = occasions(task, plan, regulation)
    if tied:
        yield from _tied(i, task, found[0].last_day if found else None, plan)
    if task.stage and found:
        yield from _after_its_stage(i, task, found[-1].last_day, span_of(plan, regulation, task.stage).ends)


def _tied(i: int, task: PlanTask, last: date | None, plan: Plan) -> Iterator[Flaw]:
    if last is None:
        yield Flaw(
            ("programme", i, "due", "anchor"),
            Words(
                f"Việc `{task.id}` tính theo ngày kết thúc của một giai đoạn chưa có ngày kết thúc.",
                f"`{task.id}` counts from the end of a stage that has no known end.",
            ),
            Words("Không bước nào của giai đoạn đó có hạn theo ngày.", "No step of that stage has a day."),
            Words("Ghi ngày cố định, hoặc đặt hạn cho bước.", "Name a fixed day, or date a step of the stage."),
        )
        return
    yield from _begins_after(i, task, last)
    yield from _closing(i, task, last, ("due", "days"), plan)


def _begins_after(i: int, task: PlanTask, last: date) -> Iterator[Flaw]:
    if task.begins > last:
        yield Flaw(
            ("programme", i, "begins"),
            Words(
                f"Việc `{task.id}` bắt đầu {spoken(task.begins)}, sau ngày cuối {spoken(last)}.",
                f"`{task.id}` begins on {spoken(task.begins)}, after its last day {spoken(last)}.",
            ),
            Words("Một việc bắt đầu rồi mới đến hạn.", "A task begins before it falls due."),
            Words("Sửa một trong hai ngày.", "Mend one of the two days."),
            task.begins.isoformat(),
        )


def _closing(i: int, task: PlanTask, last: date | None, path: tuple[str, ...], plan: Plan) -> Iterator[Flaw]:
    if last and plan.closing and last > plan.closing.on:
        yield _late(("programme", i, *path), task, last, plan.closing.on, Words("ngày đóng kỳ", "the cycle's closing"))


def _after_its_stage(i: int, task: PlanTask, last: date, ends: date | None) -> Iterator[Flaw]:
    if ends and last > ends:
        name = Words(f"ngày kết thúc giai đoạn `{task.stage}`", f"the end of its stage `{task.stage}`")
        yield _late(("programme", i, "due"), task, last, ends, name)


def _late(path: tuple[str | int, ...], task: PlanTask, last: date, end: date, name: Words) -> Flaw:
    return Flaw(
        path,
        Words(
            f"Việc `{task.id}` đến hạn {spoken(last)}, sau {name.vi} ({spoken(end)}).",
            f"`{task.id}` falls due on {spoken(last)}, after {name.en} ({spoken(end)}).",
        ),
        Words(
            "Việc phục vụ một giai đoạn phải xong trong giai đoạn ấy; sau khi đóng kỳ không còn ai theo dõi.",
            "A task serves its stage by being done within it; after the closing nobody watches.",
        ),
        Words(f"Chọn ngày không muộn hơn {spoken(end)}.", f"Choose a day not later than {spoken(end)}."),
        last.isoformat(),
    )


def _too_long(i: int, task: PlanTask, until: date) -> Flaw:
    return Flaw(
        ("programme", i, "due", "until"),
        Words(
            f"Việc `{task.id}` lặp lại đến {spoken(until)}, quá {MOST_YEARS} năm.",
            f"`{task.id}` recurs until {spoken(until)}, for more than {MOST_YEARS} years.",
        ),
        Words("Kế hoạch này là của một năm đánh giá.", "This is the plan of one evaluation year."),
        Words("Chọn ngày kết thúc gần hơn.", "Choose a nearer end."),
        until.isoformat(),
    )

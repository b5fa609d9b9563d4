"""What a plan may say about its regulation: its own order of days, its steps, and no day looser than the law's."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.law.checks import check_event, unknown_name
from models.law.deadline_rules import Before, DeadlineRule, NoDate, NotYetRead, OnOrBefore
from models.law.flaws import Flaw
from models.law.plan import LocalDay, Plan
from models.law.programme_checks import programme_beside, programme_flaws
from models.law.regulation import Regulation
from models.words import Words


def plan_flaws(plan: Plan) -> list[Flaw]:
    """Faults that a plan has by itself, whatever the regulation."""
    return [*_order_of_days(plan), *_escalation(plan), *_commendation(plan), *programme_flaws(plan)]


def step_flaws(plan: Plan, regulation: Regulation) -> list[Flaw]:
    """Faults of a plan's stages and steps against the regulation as the law has it (before the plan is applied)."""
    return [*_stages(plan, regulation), *_steps(plan, regulation)]


def day_flaws(plan: Plan, resolved: Regulation) -> list[Flaw]:
    """Local days that contradict the last day in effect; `resolved` carries the plan's own deadlines already."""
    return [*_local_days(plan, resolved), *programme_beside(plan, resolved)]


def fixed_day(rule: DeadlineRule, year: int) -> date | None:
    """The last day of a rule that names one for the evaluation year; None where it waits for something."""
    match rule:
        case Before():
            return date(year + rule.year_offset, rule.month, rule.day) - timedelta(days=1)
        case OnOrBefore():
            return rule.date
        case _:
            return None


def _order_of_days(plan: Plan) -> Iterator[Flaw]:
    opening, closing = plan.opening.on, plan.closing.on if plan.closing else None
    if closing and closing < opening:
        yield _out_of_order(("closing", "on"), closing, Words("ngày mở kỳ", "the opening"), opening)
    for stage, day in plan.stages.items():
        if day.on < opening:
            yield _out_of_order(("stages", stage.value, "on"), day.on, Words("ngày mở kỳ", "the opening"), opening)
        if closing and day.on > closing:
            yield _out_of_order(("closing", "on"), closing, Words(f"ngày mở {stage.value}", stage.value), day.on)


def _out_of_order(path: tuple[str | int, ...], day: date, name: Words, other: date) -> Flaw:
    return Flaw(
        path,
        Words(f"Ngày {day} đứng trước {name.vi} ({other}).", f"{day} is before {name.en} ({other})."),
        Words("Kỳ mở trước, rồi đến các giai đoạn, sau cùng là đóng kỳ.", "A cycle opens, its stages open, it closes."),
        Words("Sửa một trong hai ngày.", "Mend one of the two days."),
        day.isoformat(),
    )


def _escalation(plan: Plan) -> Iterator[Flaw]:
    holders = [rule.holder for rule in plan.escalation]
    for i, holder in enumerate(holders):
        if holder in holders[:i]:
            yield Flaw(
                ("escalation", i, "holder"),
                Words(f"Tuyến báo lên của `{holder.value}` được ghi hai lần.", f"`{holder.value}` escalates twice."),
                Words("Không biết phải báo theo tuyến nào.", "There is no telling whom to tell next."),
                Words("Gộp lại thành một.", "Make them one."),
                holder.value,
            )


def _commendation(plan: Plan) -> Iterator[Flaw]:
    for i, rule in enumerate(plan.commendation):
        if (rule.kind == "recognised_years_running") == (rule.years is None):
            yield Flaw(
                ("commendation", i, "years"),
                Words(
                    f"`years` không khớp với quy tắc `{rule.kind}`.",
                    f"`years` does not go with the rule `{rule.kind}`.",
                ),
                Words(
                    "Số năm liên tục chỉ có ở `recognised_years_running`, và ở đó là bắt buộc.",
                    "Years running belong to `recognised_years_running` only, and there they are required.",
                ),
                Words("Thêm hoặc bỏ `years`.", "Add or remove `years`."),
            )


def _stages(plan: Plan, regulation: Regulation) -> Iterator[Flaw]:
    known = [spec.stage.value for spec in regulation.stages]
    kind = Words(f"giai đoạn của {regulation.id}", f"a stage of {regulation.id}")
    for where, stages in (("stages", plan.stages), ("reminders", plan.reminders.stages)):
        for stage in stages:
            if stage.value not in known:
                path = (where, stage.value) if where == "stages" else (where, "stages", stage.value)
                yield unknown_name(path, stage.value, known, kind)
    for i, rule in enumerate(plan.commendation):
        if rule.kind in ("highest_total", "largest_improvement") and regulation.scoring == "levels":
            rules = ["first_on_time", "recognised_years_running", "best_district"]
            kind = Words(f"quy tắc dùng được với {regulation.id}, vốn không chấm điểm", "a rule for levels")
            yield unknown_name(("commendation", i, "kind"), rule.kind, rules, kind)


def _steps(plan: Plan, regulation: Regulation) -> Iterator[Flaw]:
    known = [step.id for _, step in regulation.steps()]
    kind = Words(f"bước của {regulation.id}", f"a step of {regulation.id}")
    tasks = [task.id for task in plan.programme]
    for name in plan.reminders.steps:
        if name not in (*known, *tasks):
            yield unknown_name(("reminders", "steps", name), name, known, kind)
    for name, said in plan.steps.items():
        step = regulation.step(name)
        if step is None:
            yield unknown_name(("steps", name), name, known, kind)
        elif said.deadline is not None:
            yield from check_event(("steps", name, "deadline"), said.deadline)
            if isinstance(said.deadline, NoDate | NotYetRead):
                yield _sets_nothing(name)
            elif not isinstance(step.deadline, NoDate | NotYetRead):
                yield _law_sets_it(name, step.deadline)


def _sets_nothing(name: str) -> Flaw:
    return Flaw(
        ("steps", name, "deadline", "kind"),
        Words(
            f"Thời hạn mà kế hoạch đặt cho bước `{name}` không có ngày.", f"The plan's deadline of `{name}` sets none."
        ),
        Words("Kế hoạch chỉ ghi thời hạn khi ấn định được ngày.", "A plan writes a deadline in order to set a day."),
        Words("Ghi ngày (`on_or_before`) hoặc bỏ `deadline`.", "Write a day (`on_or_before`) or drop `deadline`."),
    )


def _law_sets_it(name: str, rule: DeadlineRule) -> Flaw:
    return Flaw(
        ("steps", name, "deadline"),
        Words(
            f"Kế hoạch đặt thời hạn mới cho bước `{name}`, trong khi văn bản đã đặt thời hạn (`{rule.kind}`).",
            f"The plan sets a new deadline for `{name}`, where the law itself sets one (`{rule.kind}`).",
        ),
        Words(
            "Kế hoạch của tỉnh được rút ngắn chứ không thay thời hạn luật định.",
            "A provincial plan may tighten a legal deadline; it does not replace one.",
        ),
        Words(
            "Dùng `tightened_to` để rút ngắn, `accepted_until` để ghi ngày cơ quan còn tiếp nhận kèm căn cứ.",
            "Use `tightened_to` for an earlier day, `accepted_until` for what the office accepts, with its ground.",
        ),
        rule.kind,
    )


def _local_days(plan: Plan, resolved: Regulation) -> Iterator[Flaw]:
    for name, said in plan.steps.items():
        step = resolved.step(name)
        if step is None:
            continue
        legal = fixed_day(step.deadline, plan.year)
        for key, local in (("tightened_to", said.tightened_to), ("accepted_until", said.accepted_until)):
            if local is not None:
                yield from _local_day(name, key, local, legal)


def _local_day(name: str, key: str, local: LocalDay, legal: date | None) -> Iterator[Flaw]:
    path = ("steps", name, key, "on")
    if legal is None:
        yield Flaw(
            path,
            Words(
                f"Bước `{name}` không có hạn theo ngày để so với `{key}`.",
                f"`{name}` has no day to hold `{key}` against.",
            ),
            Words(
                "Thời hạn của bước này chưa đặt ngày, hoặc tính từ một sự kiện.",
                "Its deadline sets no day, or counts from an event.",
            ),
            Words(
                "Dùng `deadline` nếu văn bản không đặt thời hạn, hoặc bỏ đi.", "Use `deadline` where the law sets none."
            ),
            local.on.isoformat(),
        )
    elif key == "tightened_to" and local.on > legal:
        yield Flaw(
            path,
            Words(
                f"Ngày rút ngắn {local.on} của bước `{name}` muộn hơn hạn cuối theo luật {legal}.",
                f"`{name}` is tightened to {local.on}, later than the legal last day {legal}.",
            ),
            Words("Kế hoạch không được nới thời hạn luật định.", "A plan never loosens a legal deadline."),
            Words(f"Chọn ngày không muộn hơn {legal}.", f"Choose a day not later than {legal}."),
            local.on.isoformat(),
        )
    elif key == "accepted_until" and local.on < legal:
        yield Flaw(
            path,
            Words(
                f"Ngày còn tiếp nhận {local.on} của bước `{name}` sớm hơn hạn cuối theo luật {legal}.",
                f"`{name}` is accepted until {local.on}, before the legal last day {legal}.",
            ),
            Words(
                "Cơ quan phải tiếp nhận đến hết hạn luật định; ngày này chỉ dành cho phần sau đó.",
                "The office has to accept until the legal last day; this day is for what comes after it.",
            ),
            Words(
                f"Chọn ngày từ {legal} trở đi, hoặc dùng `tightened_to`.",
                f"Choose {legal} or later, or use `tightened_to`.",
            ),
            local.on.isoformat(),
        )

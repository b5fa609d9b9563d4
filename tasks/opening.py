"""Opening and closing cycles and stages: the law is resolved, asked whether it may, and pinned."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from models.errors import LawRefusal, OpeningRefusal, Refusal
from models.law.cycle_law import CycleLaw
from models.law.plan import Plan
from models.law.regulation import Regulation
from models.law.resolve import Obstacle, marks_in_use, obstacles, resolve
from models.law.years import regulation_for_year
from models.records import opening, programme, programme_carried
from models.records.acting import Sitting
from models.records.cycles import Cycle, law_of, open_cycle_ids
from models.records.journal import Signed
from models.records.unit_queries import communes_of
from models.records.unit_search import unit_or_refusal
from models.words import Words
from tasks import clock
from tasks.anchors import anchor
from tasks.calendar_days import shipped_calendar
from tasks.database import reading, work
from tasks.law_files import find_plan, load_pauses, load_plan, load_regulations, plan_files
from tasks.opening_told import tell_opened, tell_refused, tell_unreadable
from tasks.settings import Settings, current

BY = "TCPL Cycle"


@dataclass(frozen=True)
class OpenedCycle:
    """The answer of `tcpl open`: plain values."""

    cycle: int
    province: str
    year: int
    regulation: str
    trial: bool
    law_version: int
    hash: str
    communes: int
    created: bool


def open_cycle(
    province: str,
    year: int,
    *,
    trial: bool,
    plan_file: Path | None = None,
    at: datetime | None = None,
    by: str = BY,
    most: int | None = None,
) -> OpenedCycle:
    """Open the cycle of a province and a year; repeating it changes nothing.

    No plan is picked by itself: the one named, else the one in TCPL_PLANS for that province and year. `most` keeps
    only so many communes (a rehearsal in small). Raises OpeningRefusal with what is missing and who can fill it.
    """
    plans = Settings().plans_folder
    path = plan_file or find_plan(plans, province, year)
    law = law_for(province, year, load_plan(path) if path else None)
    return open_under(law, trial=trial, at=at or clock.now(), by=by, most=most)


def open_under(law: CycleLaw, *, trial: bool, at: datetime, by: str = BY, most: int | None = None) -> OpenedCycle:
    """Open the cycle that the law is for, in its province; refused where the law may not open it."""
    _refuse_obstacles(law, trial)
    province, year = law.province, law.year
    calendar = shipped_calendar(Settings().regulations)
    signed = Signed(by, at, "kế hoạch của tỉnh" if law.plan else "theo văn bản quy định")
    with work() as session:
        unit = unit_or_refusal(session, province, date(year, 12, 31), "province")
        communes = communes_of(session, unit.id, date(year, 12, 31))[:most]
        opened = opening.open_cycle(session, law, calendar, unit, communes, trial=trial, signed=signed)
        if opened.created:
            sitting = Sitting.on(session, opened.cycle.id, signed)
            programme.open_programme(sitting)
            programme_carried.take_over(sitting)
        kept = law_of(session, opened.cycle)
        answer = OpenedCycle(
            opened.cycle.id,
            province,
            year,
            opened.cycle.regulation_id,
            trial,
            opened.cycle.law_version,
            kept.content_hash(),
            len(communes),
            opened.created,
        )
    anchor()
    return answer


def law_for(province: str, year: int, plan: Plan | None) -> CycleLaw:
    """The law of a year completed by the province's plan. Raises OpeningRefusal where the year has none."""
    folder = Settings().regulations
    found = regulation_for_year(load_regulations(folder), load_pauses(folder), year)
    if not isinstance(found, Regulation):
        raise OpeningRefusal(
            "year_not_evaluated",
            Words(f"Năm {year} không tổ chức đánh giá.", f"The year {year} is not evaluated."),
            found.reason,
            Words(
                "Chọn năm khác; chỉ mở khi có văn bản điều chỉnh năm này.",
                "Choose another year; it opens only when a text governs it.",
            ),
            sources=list(found.sources),
        )
    if not found.opens_cycles:
        raise OpeningRefusal(
            "regulation_opens_nothing",
            Words(f"Không mở kỳ đánh giá theo {found.id}.", f"No cycle opens under {found.id}."),
            Words(found.why_not or "", found.why_not or ""),
            Words("Nhập kết quả đã có tài liệu của năm đó.", "Import the documented results of that year."),
        )
    calendar = shipped_calendar(folder)
    return resolve(found, plan, province=province, year=year, calendar_hash=calendar.content_hash())


def plans_of(year: int, at: datetime) -> list[Plan]:
    """The plans of TCPL_PLANS for a year, by province; one that cannot be read is told to the operator."""
    found: list[Plan] = []
    for file in plan_files(current().plans_folder):
        try:
            found.append(load_plan(file))
        except LawRefusal as refusal:
            tell_unreadable(file, refusal, at)
    return sorted((plan for plan in found if plan.year == year), key=lambda plan: plan.province)


@dataclass(frozen=True)
class Planned:
    """What became of one province's plan on a morning: opened now, open already, or refused, why, for want of what."""

    province: str
    year: int
    created: bool
    refused: str | None = None
    wanting: int = 0
    told: bool = False
    """Whether this call queued the notice of the refusal; a repeat on the same day does not."""


def open_planned_cycles(year: int, at: datetime) -> list[Planned]:
    """Open the cycle of every plan whose opening day has come; a plan that says `trial` opens a trial only.

    A refusal is told to the province's justice office, once each day, with the list of what is missing.
    """
    return [_open_planned(plan, at) for plan in plans_of(year, at) if plan.opening.on <= at.date()]


def _open_planned(plan: Plan, at: datetime) -> Planned:
    try:
        opened = open_cycle(plan.province, plan.year, trial=plan.trial, at=at)
    except Refusal as refusal:
        told = tell_refused(plan.province, plan.year, refusal, at)
        wanting = len(refusal.details.get("missing", ()))
        return Planned(plan.province, plan.year, False, refusal.code, wanting, told)
    if opened.created:
        tell_opened(plan.province, plan.year)
    return Planned(plan.province, plan.year, opened.created)


def _refuse_obstacles(law: CycleLaw, trial: bool) -> None:
    found = obstacles(law, trial)
    if not found:
        return
    first = "; ".join(obstacle.what.vi for obstacle in found[:3])
    first_en = "; ".join(obstacle.what.en for obstacle in found[:3])
    kind = Words("thử nghiệm", "trial") if trial else Words("chính thức", "official")
    raise OpeningRefusal(
        "law_not_confirmed",
        Words(f"Chưa mở được kỳ {kind.vi} năm {law.year}.", f"The {kind.en} cycle of {law.year} cannot open."),
        Words(f"Còn {len(found)} giá trị chưa đủ căn cứ: {first} …", f"{len(found)} values are wanting: {first_en} …"),
        _what_now(law, trial),
        missing=[_missing(obstacle) for obstacle in found],
    )


def _what_now(law: CycleLaw, trial: bool) -> Words:
    """Nobody is sent to where they stand already: a trial that is refused wants a plan, or a fuller one."""
    if law.plan is None:
        vi, en = "Nêu kế hoạch của tỉnh bằng --plan TỆP", "Name the province's plan with --plan FILE"
        if trial:
            samples = "(kế hoạch mẫu để thử: regulations/plans/)", "(samples to try: regulations/plans/)"
            return Words(f"{vi} {samples[0]}; danh sách đầy đủ: --json.", f"{en} {samples[1]}; whole list: --json.")
    else:
        vi, en = "Bổ sung, xác nhận trong kế hoạch của tỉnh", "Fill or confirm them in the province's plan"
        if trial:
            return Words(f"{vi} (danh sách đầy đủ: --json).", f"{en} (whole list: --json).")
    return Words(
        f"{vi} (danh sách đầy đủ: --json), hoặc mở thử nghiệm bằng --trial.",
        f"{en} (whole list: --json), or open a trial with --trial.",
    )


def _missing(obstacle: Obstacle) -> dict[str, object]:
    return {
        "address": obstacle.address,
        "mark": str(obstacle.mark),
        "what": obstacle.what,
        "who_can_fill_it": obstacle.who,
    }


def cycles_open(year: int | None = None) -> list[int]:
    """The ids of the cycles not yet closed."""
    with reading() as session:
        return [*open_cycle_ids(session, year)]


def law_marks(cycle_id: int) -> dict[str, int]:
    """How many values of the cycle's law carry each mark."""
    with reading() as session:
        law = law_of(session, session.get_one(Cycle, cycle_id))
        return {str(mark): count for mark, count in marks_in_use(law).items()}


def cycle_span(cycle_id: int) -> tuple[date, date]:
    """From the opening of the cycle to the plan's closing day, or the end of June where no plan names one."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        plan = law_of(session, cycle).plan
        return cycle.opened_on, plan.closing.on if plan and plan.closing else date(cycle.year + 1, 6, 30)

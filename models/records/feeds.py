"""A cycle's deadlines as a calendar feed: events with stable ids, so that a moved deadline moves in the subscriber's.

Built here and not in `tasks`, so that the dashboard serves the same text as the command prints.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.law.calendar import spoken
from models.law.cycle_law import CycleLaw
from models.law.deadlines import rule_of
from models.law.marks import MARK_WORDS, Mark
from models.law.regulation import Step
from models.law.spoken_rules import spoken_rule
from models.records.cycles import Cycle, find_cycle, law_of
from models.records.deadlines import Deadline, DeadlineFact, Fact
from models.records.units import Unit
from models.words import Language, Words

ALARM_BEFORE = timedelta(days=3)
DOMAIN = "tcpl-cycle"


def feed(session: Session, province: str, year: int, unit: str | None, language: Language, address: str) -> str:
    """The .ics of a province's cycle, or of what one unit holds in it. `address`: of the dashboard, for links.

    Raises Refusal where there is no such cycle, or the unit holds nothing in it.
    """
    cycle = find_cycle(session, province, year, trial=False) or find_cycle(session, province, year, trial=True)
    if cycle is None:
        raise _no_cycle(province, year)
    law, moves = law_of(session, cycle), _moves(session, cycle)
    rows = _deadlines(session, cycle, unit)
    if not rows:
        raise _nothing_held(unit or province, year)
    calendar = Calendar()
    calendar.add("prodid", "-//TCPL Cycle//VN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _title(cycle, province, unit, language))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for deadline, code, name in rows:
        step = law.regulation.step(deadline.step)
        if step is not None and deadline.due_day is not None:
            moved = moves.get((deadline.unit_id, deadline.step, deadline.occasion), 0) + cycle.law_version - 1
            about = (deadline, code, name)
            calendar.add_component(_event(cycle, law, step, about, moved, language, address))
    return calendar.to_ical().decode()


def _deadlines(session: Session, cycle: Cycle, unit: str | None) -> Sequence[tuple[Deadline, str, str]]:
    query = (
        select(Deadline, Unit.code, Unit.name)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.cycle_id == cycle.id, Deadline.due_day.is_not(None))
        .order_by(Deadline.due_day, Unit.code, Deadline.step, Deadline.occasion)
    )
    if unit:
        held = select(Unit.id).where(Unit.code == unit)
        query = query.where(or_(Deadline.holder_id.in_(held), Deadline.unit_id.in_(held)))
    return session.execute(query).tuples().all()


def _moves(session: Session, cycle: Cycle) -> Mapping[tuple[int, str, str], int]:
    """How often each deadline was moved by the office: what calendars call the sequence."""
    columns = (DeadlineFact.unit_id, DeadlineFact.step, DeadlineFact.occasion)
    rows = session.execute(
        select(*columns, func.count())
        .where(
            DeadlineFact.cycle_id == cycle.id,
            DeadlineFact.kind.in_([str(Fact.EXTENDED), str(Fact.SUSPENDED), str(Fact.STARTED)]),
        )
        .group_by(*columns)
    )
    return {(unit, step, occasion): count for unit, step, occasion, count in rows.tuples()}


def _event(
    cycle: Cycle,
    law: CycleLaw,
    step: Step,
    about: tuple[Deadline, str, str],
    moved: int,
    language: Language,
    address: str,
) -> Event:
    deadline, code, name = about
    due = deadline.due_day or date.max
    trial = Words("[THỬ NGHIỆM] ", "[TRIAL] ").to(language) if cycle.trial else ""
    done = "✓ " if deadline.done_on else ""
    event = Event()
    event.add("uid", f"{cycle.id}-{quote(f'{code}-{deadline.step}-{deadline.occasion}', safe='-')}@{DOMAIN}")
    event.add("sequence", moved)
    event.add("dtstamp", deadline.known_at)
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("summary", f"{trial}{done}{step.title} — {name}")
    event.add("description", _reason(law, step, deadline, language))
    event.add("url", f"{address}/dossiers/{cycle.year}/{code}")
    event.add("transp", "TRANSPARENT")
    if deadline.done_on is None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM_BEFORE)
        alarm.add("description", f"{step.title} — {name}")
        event.add_component(alarm)
    return event


def _reason(law: CycleLaw, step: Step, deadline: Deadline, language: Language) -> str:
    """Why this day: the rule, its reading, the ground with its mark, and the other days of the same deadline."""
    rule = rule_of(step, law.plan.steps.get(step.id) if law.plan else None)
    citation = rule.citation
    ground = ", ".join(part for part in (citation.text, citation.article) if part) if citation else rule.source
    mark = "" if rule.mark is Mark.CONFIRMED else f" ({MARK_WORDS[rule.mark].to(language)})"
    days = [
        (Words("Ngày cuối theo quy định", "Last day of the rule"), deadline.last_day),
        (Words("Ngày làm việc cuối", "Last working day"), deadline.last_working_day),
        (Words("Cơ quan nhận đến", "The office accepts it until"), deadline.local_last_day),
        (Words("Đã làm ngày", "Done on"), deadline.done_on),
    ]
    lines = [f"{words.to(language)}: {spoken(day)}" for words, day in days if day]
    why = "; ".join(part for part in (spoken_rule(rule).to(language), rule.reading or "") if part)
    return "\n".join([*lines, why, f"{ground}{mark}"])


def _title(cycle: Cycle, province: str, unit: str | None, language: Language) -> str:
    return Words(f"TCPL {cycle.year} · {unit or province}", f"TCPL {cycle.year} · {unit or province}").to(language)


def _no_cycle(province: str, year: int) -> Refusal:
    return Refusal(
        "no_cycle",
        Words(f"Tỉnh {province} chưa có kỳ đánh giá năm {year}.", f"Province {province} has no cycle of {year}."),
        Words("Lịch chỉ có khi kỳ đã mở.", "A feed needs an open cycle."),
        Words("Mở kỳ bằng `tcpl open`.", "Open it with `tcpl open`."),
    )


def _nothing_held(unit: str, year: int) -> Refusal:
    return Refusal(
        "nothing_held",
        Words(f"Đơn vị {unit} không có hạn nào năm {year}.", f"Unit {unit} has no deadline in {year}."),
        Words("Đơn vị không tham gia kỳ này, hoặc chưa có hạn.", "It takes no part in the cycle, or no day is known."),
        Words("Xem mã bằng `tcpl units show`.", "See the codes with `tcpl units show`."),
    )

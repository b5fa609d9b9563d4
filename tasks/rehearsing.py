"""A year lived through by the cast: on each day the acts that its people do, by the same functions that people use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cycle.reminders import climbing_days
from models.law.cycle_law import CycleLaw
from models.law.deadlines import reckon
from models.law.plan import Reminders
from models.records import afterwards, board, deciding, filing, notices, reviewing
from models.records.acting import Sitting
from models.records.cycles import Cycle, calendar_version_of, law_of
from models.records.deadlines import Deadline, load_calendar
from models.records.dossiers import Dossier, latest_cards
from models.records.filing import Filing, StepDone
from models.records.journal import Signed
from models.records.units import Unit
from tasks import clock
from tasks.anchors import anchor
from tasks.cast import Commune, answers_of, cast, differences
from tasks.database import reading, work
from tasks.opening import cycle_span

OFFICE = time(14, 0)


@dataclass(frozen=True)
class Script:
    """Who plays, and the days on which the offices act."""

    cycle_id: int
    province: tuple[int, str]
    districts: tuple[tuple[int, str], ...]
    people: tuple[Commune, ...]
    district_of: dict[str, str]
    days: dict[str, date]
    year: int
    openings: frozenset[date]


def opens_something(script: Script, day: date) -> bool:
    """Whether the cycle or one of its stages opens on the day."""
    return day in script.openings


def write_script(cycle_id: int, seed: int) -> Script:
    """The whole year's script, from the cycle's law and units and the seed alone."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        calendar = load_calendar(session, calendar_version_of(session, cycle))
        steps = {
            step.id: reckon(stage, step, cycle.year, calendar, starts={}) for stage, step in law.regulation.steps()
        }
        days = {name: found.last_day for name, found in steps.items() if found.last_day}
        rows = session.execute(
            select(Unit.code, Dossier.district_id)
            .join(Unit, Unit.id == Dossier.unit_id)
            .where(Dossier.cycle_id == cycle_id)
        ).all()
        ids = sorted({district for _, district in rows if district})
        names = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids))).tuples().all())
        province = session.get_one(Unit, cycle.province_id)
        people = cast([code for code, _ in rows], seed, days["submit-dossier"], days["close-remedies"])
        return Script(
            cycle_id,
            (province.id, province.code),
            tuple(sorted(names.items(), key=lambda item: item[1])),
            tuple(people),
            {code: names.get(district, "") for code, district in rows},
            days,
            cycle.year,
            frozenset({cycle.opened_on, *(stage.on for stage in (law.plan.stages if law.plan else {}).values())}),
        )


def act_on(script: Script, day: date) -> None:
    """Everything that the cast does on a day; done already, it changes nothing."""
    at = clock.moment(day, OFFICE)
    with work() as session:
        law = law_of(session, session.get_one(Cycle, script.cycle_id))
    for play in (_file, _supplement, _answer, _complete, _review, _decide, _publish, _report, _province, _after):
        play(script, law, day, at)
    anchor()


def acting_days(script: Script) -> list[date]:
    """Every day on which somebody acts."""
    days = {person.files_on for person in script.people} | {_d(script, name) for name in script.days}
    days |= {_d(script, "submit-dossier", 3), _d(script, "submit-dossier", 6), _d(script, "decide", -5)}
    days |= {_d(script, "decide", -3), _d(script, "decide", 1), *(p.mends_on for p in script.people if p.mends_on)}
    return sorted(days)


def has_rungs(script: Script, day: date) -> bool:
    """Whether any deadline that is open as of the morning climbs a rung on the day: a quiet day costs nothing."""
    at = clock.moment(day)
    with reading() as session:
        cycle = session.get_one(Cycle, script.cycle_id)
        law = law_of(session, cycle)
        reminders = law.plan.reminders if law.plan else Reminders()
        stages = {step.id: stage for stage, step in law.regulation.steps()}
        rows = session.execute(
            select(Deadline.step, Deadline.due_day)
            .where(
                Deadline.cycle_id == cycle.id,
                Deadline.due_day.is_not(None),
                Deadline.known_at <= at,
                or_(Deadline.done_at.is_(None), Deadline.done_at > at),
            )
            .distinct()
        ).tuples()
        return any(day in climbing_days(reminders.ladder(stages[step], step), due) for step, due in rows if due)


def _d(script: Script, step: str, more: int = 0) -> date:
    return script.days[step] + timedelta(days=more)


def _sit(session: Session, script: Script, by: str, at: datetime) -> Sitting:
    return Sitting.on(session, script.cycle_id, Signed(by, at, "diễn tập", "số minh họa"))


def _filings(law: CycleLaw, people: Sequence[Commune]) -> list[Filing]:
    return [
        Filing(
            person.code,
            answers_of(person, law.regulation, appraised=False),
            declares_not_met=person.profile == "declares_not_met",
        )
        for person in people
    ]


def _file(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    people = [person for person in script.people if person.files_on == day]
    if people:
        with work() as session:
            sitting = _sit(session, script, "công chức minh họa", at)
            dossiers = sitting.dossiers([person.code for person in people])
            for name in ("score-indicators", "explain-opinions", "hold-meeting"):
                step = law.regulation.step(name)
                if step:
                    done = [StepDone(dossiers[p.code].unit_id, p.code, min(day, _d(script, name))) for p in people]
                    filing.record_steps_done(sitting, step, done)
            filing.take_in(sitting, _filings(law, people))


def _asked(script: Script) -> list[Commune]:
    return [person for person in script.people if person.supplemented]


def _supplement(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if day == _d(script, "submit-dossier", 3) and law.regulation.has_step("answer-supplement"):
        requests = [
            reviewing.SupplementRequest(person.code, 1, day, "bổ sung minh chứng (minh họa)")
            for person in _asked(script)
        ]
        with work() as session:
            reviewing.request_supplements(_sit(session, script, "cán bộ thẩm định minh họa", at), requests)


def _answer(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if day == _d(script, "submit-dossier", 6):
        answers = [reviewing.SupplementAnswer(1, one) for one in _filings(law, _asked(script))]
        with work() as session:
            reviewing.answer_supplements(_sit(session, script, "công chức minh họa", at), answers)


def _candidates(script: Script) -> list[Commune]:
    return [person for person in script.people if person.profile != "declares_not_met"]


def _complete(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    if day == max(_d(script, "check-completeness"), _d(script, "submit-dossier", 6)):
        with work() as session:
            reviewing.find_complete(
                _sit(session, script, "cán bộ thẩm định minh họa", at), [person.code for person in _candidates(script)]
            )


def _review(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    council = law.regulation.has_step("hold-council")
    if day != _d(script, "hold-council" if council else "appraise"):
        return
    with work() as session:
        sitting = _sit(session, script, "thành viên Hội đồng minh họa", at)
        if council:
            meetings = [
                reviewing.Meeting(unit, code, day, day - timedelta(days=7), 11, 9, "biên bản minh họa")
                for unit, code in script.districts
            ]
            reviewing.hold_council(sitting, meetings)
        appraisals = []
        for person in _candidates(script):
            own = answers_of(person, law.regulation, appraised=False)
            found = answers_of(person, law.regulation, appraised=True)
            appraisals.append(Filing(person.code, found, reasons=differences(own, found)))
        reviewing.appraise(sitting, appraisals)


def _units_deciding(script: Script) -> Sequence[tuple[int, str]]:
    return script.districts or (script.province,)


def _communes_under(script: Script, code: str) -> list[str]:
    return [p.code for p in script.people if not script.districts or script.district_of[p.code] == code]


def _decides_on(script: Script, place: int) -> date:
    """Most decide some days before the last; one signs a day late, as happens."""
    return _d(script, "decide", 1 if place == len(script.districts) - 1 and script.districts else -3)


def _decide(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    submit = law.regulation.step("submit-to-chair")
    if submit and day == _d(script, "submit-to-chair"):
        with work() as session:
            done = [StepDone(unit, code, day) for unit, code in script.districts]
            filing.record_steps_done(_sit(session, script, "Phòng Tư pháp (minh họa)", at), submit, done)
    for place, (unit, code) in enumerate(_units_deciding(script)):
        if day == _decides_on(script, place):
            with work() as session:
                sitting = _sit(session, script, "người ký minh họa", at)
                dossiers = sitting.dossiers(_communes_under(script, code))
                cards = latest_cards(session, [dossier.id for dossier in dossiers.values()], "appraised")
                lists = tuple(
                    deciding.Listed(name, bool(cards[dossier.id].meets) if dossier.id in cards else False)
                    for name, dossier in sorted(dossiers.items())
                )
                signature = deciding.Signature(unit, code, f"{code}/QĐ-minh họa", day, "người ký minh họa", lists)
                deciding.decide(sitting, signature)


def _publish(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    for place, (unit, code) in enumerate(_units_deciding(script)):
        if day == _decides_on(script, place):
            with work() as session:
                sitting = _sit(session, script, "văn thư minh họa", at)
                deciding.publish(sitting, unit, code, f"{code}/QĐ-minh họa", day, "cổng thông tin (diễn tập)")


def _report(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if law.regulation.has_step("report-to-province") and day == _d(script, "report-to-province"):
        with work() as session:
            sitting = _sit(session, script, "UBND cấp huyện (minh họa)", at)
            for unit, code in script.districts:
                deciding.send_report(sitting, "report-to-province", unit, code, f"{code}/BC-minh họa", day)


def _province(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    unit, code = script.province
    with work() as session:
        sitting = _sit(session, script, "Sở Tư pháp (minh họa)", at)
        if law.regulation.has_step("consolidate") and day == _d(script, "consolidate"):
            deciding.consolidate(sitting)
        publishing = law.regulation.step("publish-provincial-list")
        if publishing and day == _d(script, "publish-provincial-list"):
            filing.record_steps_done(sitting, publishing, [StepDone(unit, code, day)])
        if day == _d(script, "report-to-ministry"):
            deciding.send_report(sitting, "report-to-ministry", unit, code, "BC-minh họa", day)


def _after(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    with work() as session:
        sitting = _sit(session, script, "Sở Tư pháp (minh họa)", at)
        if day == _d(script, "open-remedies"):
            afterwards.open_remedies(sitting)
        if day > _d(script, "open-remedies"):
            mending = [p.code for p in script.people if p.mends_on == day]
            failing = {code for code, dossier in sitting.dossiers(mending).items() if dossier.state == "not_recognised"}
            mended = [afterwards.Mended(code, f"minh chứng {code} (minh họa)") for code in sorted(failing)]
            afterwards.close_remedies(sitting, mended)
        if day == _d(script, "propose-commendations"):
            afterwards.propose_commendations(sitting)
        if day == _d(script, "award-commendations"):
            afterwards.award_commendations(sitting, "QĐ khen thưởng (minh họa)")


def last_day(cycle_id: int) -> date:
    """The day on which the rehearsal ends."""
    return cycle_span(cycle_id)[1]


def summary(cycle_id: int, day: date) -> dict[str, object]:
    """The figures of a rehearsed year."""
    with reading() as session:
        cycle = session.get_one(Cycle, cycle_id)
        law = law_of(session, cycle)
        return {
            "regulation": cycle.regulation_id,
            "stages": [
                {
                    "stage": str(found.stage),
                    "opened_on": found.opened_on,
                    "last_day": found.last_day,
                    "on_time": found.all.done_on_time,
                    "late": found.all.done_late,
                    "outstanding": found.all.outstanding,
                }
                for found in board.figures(session, cycle, law, day)
            ],
            "outcomes": board.outcomes(session, cycle_id),
            "notices": notices.counts_by_kind(session, cycle_id),
        }

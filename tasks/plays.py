"""What each of the cast does on its day, by the same acts that people use. Nothing here is in the flows' way."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.law.cycle_law import CycleLaw
from models.records import afterwards, deciding, filing, reviewing
from models.records.acting import Sitting
from models.records.dossiers import latest_judged
from models.records.filing import Filing, StepDone
from models.records.journal import Signed
from tasks.cast import Commune, Script, answers_of, both_answers, differences
from tasks.database import work
from tasks.programme_plays import play_programme


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
        with work() as session, _sit(session, script, "công chức minh họa", at).together() as sitting:
            dossiers = sitting.dossiers([person.code for person in people])
            for name in ("score-indicators", "explain-opinions", "hold-meeting"):
                step = law.regulation.step(name)
                if step:
                    done = [StepDone(dossiers[p.code].unit_id, p.code, min(day, script.day(name))) for p in people]
                    filing.record_steps_done(sitting, step, done)
            filing.take_in(sitting, _filings(law, people))


def _asked(script: Script) -> list[Commune]:
    return [person for person in script.people if person.supplemented]


def _supplement(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if day == script.day("submit-dossier", 3) and law.regulation.has_step("answer-supplement"):
        requests = [
            reviewing.SupplementRequest(person.code, 1, day, "bổ sung minh chứng (minh họa)")
            for person in _asked(script)
        ]
        with work() as session:
            reviewing.request_supplements(_sit(session, script, "cán bộ thẩm định minh họa", at), requests)


def _answer(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if day == script.day("submit-dossier", 6):
        answers = [reviewing.SupplementAnswer(1, one) for one in _filings(law, _asked(script))]
        with work() as session:
            reviewing.answer_supplements(_sit(session, script, "công chức minh họa", at), answers)


def _candidates(script: Script) -> list[Commune]:
    return [person for person in script.people if person.profile != "declares_not_met"]


def _complete(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    if day == max(script.day("check-completeness"), script.day("submit-dossier", 6)):
        with work() as session:
            reviewing.find_complete(
                _sit(session, script, "cán bộ thẩm định minh họa", at), [person.code for person in _candidates(script)]
            )


def _review(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    council = law.regulation.has_step("hold-council")
    if day != script.day("hold-council" if council else "appraise"):
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
            own, found = both_answers(person, law.regulation)
            appraisals.append(Filing(person.code, found, reasons=differences(own, found)))
        reviewing.appraise(sitting, appraisals)


def _units_deciding(script: Script) -> Sequence[tuple[int, str]]:
    return script.districts or (script.province,)


def _communes_under(script: Script, code: str) -> list[str]:
    return script.communes_of.get(code, []) if script.districts else [person.code for person in script.people]


def _decides_on(script: Script, place: int) -> date:
    """Most decide some days before the last; one signs a day late, as happens."""
    return script.day("decide", 1 if place == len(script.districts) - 1 and script.districts else -3)


def _decide(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    submit = law.regulation.step("submit-to-chair")
    if submit and day == script.day("submit-to-chair"):
        with work() as session:
            done = [StepDone(unit, code, day) for unit, code in script.districts]
            filing.record_steps_done(_sit(session, script, "Phòng Tư pháp (minh họa)", at), submit, done)
    deciding_ = _deciding_on(script, day)
    if not deciding_:
        return
    with work() as session, _sit(session, script, "người ký minh họa", at).together() as sitting:
        dossiers = sitting.dossiers([name for _, code in deciding_ for name in _communes_under(script, code)])
        cards = latest_judged(session, [dossier.id for dossier in dossiers.values()], "appraised")
        meeting = {name for name, dossier in dossiers.items() if dossier.id in cards and cards[dossier.id].meets}
        for unit, code in deciding_:
            lists = tuple(deciding.Listed(name, name in meeting) for name in sorted(_communes_under(script, code)))
            signed = deciding.Signature(unit, code, f"{code}/QĐ-minh họa", day, "người ký minh họa", lists)
            deciding.decide(sitting, signed)


def _deciding_on(script: Script, day: date) -> list[tuple[int, str]]:
    units = enumerate(_units_deciding(script))
    return [(unit, code) for place, (unit, code) in units if day == _decides_on(script, place)]


def _publish(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    deciding_ = _deciding_on(script, day)
    if deciding_:
        with work() as session, _sit(session, script, "văn thư minh họa", at).together() as sitting:
            for unit, code in deciding_:
                deciding.publish(sitting, unit, code, f"{code}/QĐ-minh họa", day, "cổng thông tin (diễn tập)")


def _report(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    if law.regulation.has_step("report-to-province") and day == script.day("report-to-province"):
        with work() as session, _sit(session, script, "UBND cấp huyện (minh họa)", at).together() as sitting:
            for unit, code in script.districts:
                deciding.send_report(sitting, "report-to-province", unit, code, f"{code}/BC-minh họa", day)


def _province(script: Script, law: CycleLaw, day: date, at: datetime) -> None:
    unit, code = script.province
    steps = ("consolidate", "publish-provincial-list", "report-to-ministry")
    if day not in {script.day(step) for step in steps if law.regulation.has_step(step)}:
        return
    with work() as session:
        sitting = _sit(session, script, "Sở Tư pháp (minh họa)", at)
        if law.regulation.has_step("consolidate") and day == script.day("consolidate"):
            deciding.consolidate(sitting)
        publishing = law.regulation.step("publish-provincial-list")
        if publishing and day == script.day("publish-provincial-list"):
            filing.record_steps_done(sitting, publishing, [StepDone(unit, code, day)])
        if day == script.day("report-to-ministry"):
            deciding.send_report(sitting, "report-to-ministry", unit, code, "BC-minh họa", day)


def _after(script: Script, _law: CycleLaw, day: date, at: datetime) -> None:
    mending = [p.code for p in script.people if p.mends_on == day] if day > script.day("open-remedies") else []
    steps = ("open-remedies", "propose-commendations", "award-commendations")
    if not mending and day not in {script.day(step) for step in steps}:
        return
    with work() as session:
        sitting = _sit(session, script, "Sở Tư pháp (minh họa)", at)
        if day == script.day("open-remedies"):
            afterwards.open_remedies(sitting)
        if mending:
            failing = {code for code, dossier in sitting.dossiers(mending).items() if dossier.state == "not_recognised"}
            mended = [afterwards.Mended(code, f"minh chứng {code} (minh họa)") for code in sorted(failing)]
            afterwards.close_remedies(sitting, mended)
        if day == script.day("propose-commendations"):
            afterwards.propose_commendations(sitting)
        if day == script.day("award-commendations"):
            afterwards.confirm_all(sitting, "diễn tập")
            afterwards.award_commendations(sitting, "QĐ khen thưởng (minh họa)")


PLAYS: tuple[Callable[[Script, CycleLaw, date, datetime], None], ...] = (
    *(_file, _supplement, _answer, _complete, _review, _decide, _publish, _report, _province, _after),
    play_programme,
)
"""Everything that may happen on a day, in the order in which it would."""

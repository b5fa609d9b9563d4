"""A notice as it would be sent, without queueing it: so that its text is read before a whole province gets it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.law.regulation import Actor
from models.records.canonical import canonical
from models.records.cycles import Agency, Cycle
from models.records.deadlines import Deadline, deadlines_of
from models.records.dossiers import Dossier
from models.records.notices import LADDER_KINDS, Kind, Notice, NoticeState
from models.records.notices_refused import Refused, Wanting
from models.records.notices_said import SaidDeadline, SaidLetter, SaidNotice, Spoken, whom_to_ask
from models.records.units import Unit
from models.words import Words
from tasks.channels import office_channel
from tasks.composing import Composer
from tasks.database import reading
from tasks.settings import Settings
from tasks.wording import Composed

SAID = {
    Kind.SUPPLEMENT_REQUESTED: "1.1: bản chụp kế hoạch còn thiếu dấu (minh họa)",
    Kind.COMMENDATION: "QĐ khen thưởng (minh họa)",
    Kind.OPENING_REFUSED: Refused(
        "law_not_confirmed",
        "còn giá trị chưa đủ căn cứ (minh họa).",
        "values are wanting (an example).",
        [Wanting("plan/opening", "Ngày mở kỳ (minh họa)", "The opening day (an example)", "UBND tỉnh", "the province")],
    ).text(),
    Kind.RESULT: canonical({"recognised": True, "number": "01/QĐ-minh họa", "on": None}),
    Kind.CORRECTION: canonical(
        {
            "recognised": True,
            "number": "07/QĐ-minh họa",
            "on": None,
            "replaces": "01/QĐ-minh họa",
            "reason": "ghi nhầm (minh họa)",
        }
    ),
}


def preview(
    kind: Kind, code: str | None, year: int | None, step: str | None, at: datetime, language: str | None
) -> Composed:
    """The letter to the holder of a dossier's step (null: the first of the newest cycle, its nearest step)."""
    settings = Settings()
    day = at.astimezone(settings.zone).date()
    with reading(settings) as session:
        cycle, unit = _dossier(session, code, year)
        deadline = _deadline(session, cycle, unit, step, day, kind)
        agency = _above(session, cycle, unit) if kind is Kind.ESCALATION else _agency(session, deadline, unit)
        notice = _notice(kind, cycle, unit, deadline, agency, at)
        to = (f"agency:{agency.id}", "", office_channel(settings), "", language or settings.lang)
        letter = SaidLetter(0, *to, made_at=at)
        asked = whom_to_ask(session, {agency.id}, day)
        composer = Composer.on(session, settings, (notice.due_day or day) if kind is Kind.DUE_TODAY else day)
        speaks = SaidDeadline.of(deadline) if deadline and notice.due_day else None
        about = session.get_one(Unit, cycle.province_id) if kind is Kind.OPENING_REFUSED else unit
        spoken = Spoken(SaidNotice.of(notice), agency.name, about.name, cycle, speaks)
        return composer.letter(session, letter, [spoken], asked, {})


def _dossier(session: Session, code: str | None, year: int | None) -> tuple[Cycle, Unit]:
    query = select(Cycle, Unit).join(Dossier, Dossier.cycle_id == Cycle.id).join(Unit, Unit.id == Dossier.unit_id)
    if code:
        query = query.where(Unit.code == code)
    if year:
        query = query.where(Cycle.year == year)
    found = session.execute(query.order_by(Cycle.id.desc(), Unit.code).limit(1)).tuples().one_or_none()
    if found is None:
        raise Refusal(
            "no_dossier",
            Words("Không có hồ sơ như vậy.", "There is no such dossier."),
            Words(
                f"Chưa mở kỳ nào có đơn vị {code or '—'}, năm {year or '—'}.",
                f"No cycle is open with unit {code or '—'} and year {year or '—'}.",
            ),
            Words("Mở kỳ bằng `tcpl open`, hoặc xem mã bằng `tcpl units show`.", "Open one with `tcpl open`."),
        )
    return found


def _deadline(session: Session, cycle: Cycle, unit: Unit, step: str | None, day: date, kind: Kind) -> Deadline | None:
    """The nearest deadline of which such a notice could speak on that day, else the nearest one."""
    found = [one for one in deadlines_of(session, cycle.id, unit.id) if one.due_day and step in (None, one.step)]
    late = kind in (Kind.OVERDUE, Kind.ESCALATION)
    fitting = [one for one in found if one.due_day and (one.due_day < day if late else one.due_day > day)]
    return min(fitting or found, key=lambda one: abs(((one.due_day or day) - day).days), default=None)


def _agency(session: Session, deadline: Deadline | None, unit: Unit) -> Agency:
    holder, actor = (deadline.holder_id, deadline.actor) if deadline else (unit.id, "commune")
    return session.scalars(select(Agency).where(Agency.unit_id == holder, Agency.actor == actor)).one()


def _above(session: Session, cycle: Cycle, unit: Unit) -> Agency:
    """The justice office of the district, or where there is none of the province: to whom lateness is told."""
    district = select(Dossier.district_id).where(Dossier.cycle_id == cycle.id, Dossier.unit_id == unit.id)
    place = session.scalar(district) or cycle.province_id
    offices = [str(Actor.DISTRICT_JUSTICE), str(Actor.PROVINCE_JUSTICE)]
    return session.scalars(select(Agency).where(Agency.unit_id == place, Agency.actor.in_(offices))).one()


def _notice(kind: Kind, cycle: Cycle, unit: Unit, deadline: Deadline | None, agency: Agency, at: datetime) -> Notice:
    speaks = deadline if kind in (*LADDER_KINDS, Kind.STAGE_OPENED) else None
    return Notice(
        id=0,
        key=f"preview/{kind}/{unit.code}",
        cycle_id=cycle.id,
        unit_id=unit.id,
        agency_id=agency.id,
        kind=str(kind),
        stage=deadline.stage if deadline else None,
        step=deadline.step if speaks and deadline and kind is not Kind.STAGE_OPENED else None,
        occasion=deadline.occasion if deadline else "",
        due_day=deadline.due_day if speaks and deadline else None,
        said=SAID.get(kind),
        state=str(NoticeState.QUEUED),
        queued_at=at,
        not_before=at,
    )

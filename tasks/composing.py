"""What a notice says: composed when it is sent, from the facts as they stand, in Vietnamese."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.law.calendar import spoken
from models.law.programme import PROGRAMME
from models.law.regulation import STAGE_WORDS, Stage
from models.records.cycles import Agency, Cycle, law_of
from models.records.deadlines import Deadline
from models.records.dossiers import batched
from models.records.notices import Kind, Notice
from models.records.units import Unit


@dataclass(frozen=True)
class Letter:
    """One notice ready to be sent."""

    notice_id: int
    key: str
    queued_at: datetime
    to: str
    subject: str
    body: str


def compose(session: Session, ids: list[int], day: date) -> list[Letter]:
    """The letters of these notices, in their order; a set-based read, whatever their number."""
    letters: list[Letter] = []
    for chunk in batched(ids):
        rows = session.execute(
            select(Notice, Agency.name, Unit.name, Cycle, Deadline)
            .join(Agency, Agency.id == Notice.agency_id)
            .join(Unit, Unit.id == Notice.unit_id)
            .join(Cycle, Cycle.id == Notice.cycle_id)
            .outerjoin(
                Deadline,
                and_(
                    Deadline.cycle_id == Notice.cycle_id,
                    Deadline.unit_id == Notice.unit_id,
                    Deadline.step == Notice.step,
                    Deadline.occasion == Notice.occasion,
                ),
            )
            .where(Notice.id.in_(chunk))
            .order_by(Notice.id)
        )
        letters += [_letter(session, *row, day=day) for row in rows.tuples()]
    return letters


def _letter(
    session: Session, notice: Notice, agency: str, unit: str, cycle: Cycle, deadline: Deadline | None, *, day: date
) -> Letter:
    law = law_of(session, cycle)
    step = law.regulation.step(notice.step) if notice.step else None
    title = step.title if step else STAGE_WORDS[Stage(notice.stage)].vi if notice.stage in set(Stage) else ""
    ground = ""
    if notice.stage == PROGRAMME:
        title, _, item = (notice.said or "").partition("\n")
        ground = f"Căn cứ: {item}." if item else ""
    what = _what(notice, title, unit, day)
    why = _why(step.deadline.reading, step.deadline.source) if step else ground
    trial = "[THỬ NGHIỆM] " if cycle.trial else ""
    lines = [
        f"Kính gửi: {agency}",
        "",
        what,
        *([_days(deadline)] if deadline and deadline.last_day else []),
        *([why] if why else []),
        "",
        f"Kỳ đánh giá chuẩn tiếp cận pháp luật năm {cycle.year} · {law.regulation.title}",
        f"Mã thông báo: {notice.key}",
    ]
    subject = f"{trial}{_subject(notice, title, unit)}"
    return Letter(notice.id, notice.key, notice.queued_at, agency, subject, "\n".join(lines))


def _subject(notice: Notice, title: str, unit: str) -> str:
    match Kind(notice.kind):
        case Kind.STAGE_OPENED:
            return f"Mở giai đoạn {title}"
        case Kind.DOSSIER_RECEIVED:
            return f"Đã nhận hồ sơ của {unit}"
        case Kind.SUPPLEMENT_REQUESTED:
            return f"Đề nghị {unit} bổ sung hồ sơ"
        case Kind.RESULT:
            return f"Kết quả đánh giá của {unit}"
        case Kind.REMEDY_OPENED:
            return f"{unit}: khắc phục nội dung chưa đạt"
        case Kind.COMMENDATION:
            return f"Khen thưởng {unit}"
        case Kind.DUE_TODAY:
            return f"Hôm nay là hạn: {title} — {unit}"
        case Kind.OVERDUE | Kind.ESCALATION:
            return f"Quá hạn: {title} — {unit}"
        case Kind.REMINDER | Kind.OPENING_REFUSED:
            return f"Sắp đến hạn: {title} — {unit}"


def _what(notice: Notice, title: str, unit: str, day: date) -> str:
    match Kind(notice.kind):
        case Kind.STAGE_OPENED:
            due = f" Hạn gần nhất: {spoken(notice.due_day)}." if notice.due_day else ""
            return f"Giai đoạn “{title}” đã mở.{due}"
        case Kind.DOSSIER_RECEIVED:
            return f"Hồ sơ của {unit} đã được tiếp nhận."
        case Kind.SUPPLEMENT_REQUESTED:
            return f"Đề nghị {unit} bổ sung: {notice.said}"
        case Kind.RESULT:
            return _result(unit, notice.said or "{}")
        case Kind.REMEDY_OPENED:
            return f"{unit} có nội dung chưa đạt cần khắc phục; nộp minh chứng khi hoàn thành."
        case Kind.COMMENDATION:
            return f"{unit} được khen thưởng theo {notice.said}."
        case _:
            return _time_left(title, unit, notice.due_day, day)


def _result(unit: str, said: str) -> str:
    found = json.loads(said)
    verdict = "đạt chuẩn" if found.get("recognised") else "chưa đạt chuẩn"
    return f"{unit}: {verdict} tiếp cận pháp luật, theo quyết định số {found.get('number')}."


def _time_left(title: str, unit: str, due: date | None, day: date) -> str:
    """The true time left on the day of sending, not the rung's."""
    if due is None:
        return f"{title} — {unit}."
    left = (due - day).days
    if left > 0:
        return f"Việc “{title}” của {unit} còn {left} ngày (hạn {spoken(due)})."
    if left == 0:
        return f"Hôm nay, {spoken(due)}, là hạn của việc “{title}” của {unit}."
    return f"Việc “{title}” của {unit} đã quá hạn {-left} ngày (hạn {spoken(due)})."


def _days(deadline: Deadline) -> str:
    parts = [f"Ngày cuối: {spoken(deadline.last_day)}"] if deadline.last_day else []
    if deadline.last_working_day and deadline.last_working_day != deadline.last_day:
        parts.append(f"ngày làm việc cuối: {spoken(deadline.last_working_day)}")
    if deadline.local_last_day:
        parts.append(f"cơ quan nhận đến: {spoken(deadline.local_last_day)}")
    return "; ".join(parts) + "."


def _why(reading: str | None, source: str) -> str:
    return f"Vì sao ngày này: {reading or source} ({source})." if reading else f"Căn cứ: {source}."
